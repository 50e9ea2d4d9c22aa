"""The browser's side: what is downloaded lands in the folder STUB_DOWNLOADS."""

import os
import shutil


def download(filename: str) -> None:
    """As the browser's download."""
    if not os.path.exists(filename):
        raise FileNotFoundError(f"Cannot find file: {filename}")
    shutil.copy(filename, os.environ["STUB_DOWNLOADS"])


def upload() -> dict[str, bytes]:
    """Nobody chooses a file."""
    return {}
