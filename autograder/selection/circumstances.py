"""What decides how a slow check ends, and is in no file of the project: versions, settings, what Python would find first."""

from __future__ import annotations

import json
import os
import re
import sys
import sysconfig
from collections.abc import Iterable
from importlib import metadata

from autograder.selection.imports import ROOTS

# What passed in one environment says little of another.
ENVIRONMENT = f"{sys.implementation.cache_tag}/{sysconfig.get_platform()}"
# Where files are kept, not what is done with them.
_PLACES = ("LLMKIT_CACHE", "LLMKIT_MIRROR")


def circumstances(files: Iterable[str], constraints: bytes) -> dict[str, str]:
    """The circumstances of this call, by name.

    Args:
        files: the project's files, from its folder.
        constraints: content of `constraints.txt`.
    """
    names = re.findall(r"^([\w.-]+)==", constraints.decode("utf-8", "replace"), flags=re.M)
    settings = {key: value for key, value in os.environ.items() if key.startswith("LLMKIT_") and key not in _PLACES}
    # At the top level, the project's folder comes before the installed packages.
    first = [
        file
        for file in files
        if re.fullmatch(r"[^/]+\.py|[^/]+/__init__\.py", file) and file.split("/")[0] not in ROOTS
    ]
    return {
        "packages": " ".join(f"{name}=={_version(name)}" for name in names),
        "settings": json.dumps(settings, sort_keys=True),
        "top level": " ".join(sorted(first)),
    }


def _version(name: str) -> str:
    """Without the local part: a build of torch for the processor alone computes the same there."""
    try:
        return metadata.version(name).partition("+")[0]
    except metadata.PackageNotFoundError:
        return "absent"
