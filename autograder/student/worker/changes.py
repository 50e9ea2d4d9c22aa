"""Has a dictionary been changed? Asked of thousands of functions after each cell, where looking at each one is slow.

Whoever holds an object for a moment writes its reference count, and in a fork the first write to a page copies the page.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable, Mapping
from typing import Any

# Up to 3.12, CPython numbers the changes of all dictionaries (PEP 509). The number stands behind the reference count, the type and the length.
_NUMBERED = sys.implementation.name == "cpython" and sys.version_info < (3, 13) and sys.maxsize > 2**32
_PLACE = 24


def number(names: Mapping[str, Any]) -> Callable[[], int | None]:
    """What tells the number of the last change.

    Args:
        names: a module's or a class's, as `vars` has it; must not die before what is returned.

    Returns:
        A function that returns the number; always None where this Python has none.
    """
    if not _NUMBERED:
        return lambda: None
    behind = names if isinstance(names, dict) else gc.get_referents(names)[0]
    field = ctypes.c_uint64.from_address(id(behind) + _PLACE)
    return lambda: field.value
