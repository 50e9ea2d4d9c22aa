"""A download that goes on where an earlier one ended, for files that are too large to begin again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import requests

_BLOCK = 1 << 18


class ResumingDownloader:
    """What pooch calls to download; it keeps what has come in a file of its own until all of it is there.

    Args:
        part: the file of what has come so far; it need not exist.
        progressbar: a tqdm bar, which counts bytes.
        timeout: seconds without an answer.
        **options: more arguments of `requests.get`.
    """

    def __init__(self, part: Path, progressbar: Any, timeout: float, **options: Any) -> None:
        self._part, self._bar, self._timeout, self._options = part, progressbar, timeout, options

    def __call__(self, url: str, output_file: str, pooch: object = None) -> None:
        """Downloads url into output_file.

        Raises:
            requests.RequestException: it broke off; what has come is kept.
            OSError: it cannot be written.
        """
        before = self._part.stat().st_size if self._part.is_file() else 0
        asked = {"Range": f"bytes={before}-"} if before else {}
        # Compressed on the way, a part would end at another place than its bytes say.
        headers = {"Accept-Encoding": "identity", **asked}
        with requests.get(url, headers=headers, stream=True, timeout=self._timeout, **self._options) as response:
            if response.status_code == 416:  # there is no more than what we have: the checksum decides
                self._part.replace(output_file)
                return
            response.raise_for_status()
            resumed = response.status_code == 206
            self._bar.n = before if resumed else 0
            with self._part.open("ab" if resumed else "wb") as opened:
                for block in response.iter_content(_BLOCK):
                    opened.write(block)
                    self._bar.update(len(block))
        self._part.replace(output_file)
