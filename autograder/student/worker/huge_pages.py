"""Makes a process cheap to fork: the kernel copies a table entry for each page, and a huge page is one where there were 512."""

from __future__ import annotations

import ctypes

_MADV_COLLAPSE = 25  # Linux 6.1
_HUGE = 2 << 20


def collapse_memory() -> int:
    """Moves this process's private memory into huge pages where the kernel can do that; elsewhere nothing happens.

    Returns:
        How many bytes were moved.
    """
    try:
        madvise = ctypes.CDLL(None, use_errno=True).madvise
        with open("/proc/self/maps") as lines:
            regions = [line.split() for line in lines]
    except (OSError, AttributeError):
        return 0
    moved = 0
    for place, rights, _offset, _device, inode, *_name in regions:
        if rights != "rw-p" or inode != "0":
            continue
        start, end = (int(number, 16) for number in place.split("-"))
        start, end = -(-start // _HUGE) * _HUGE, end // _HUGE * _HUGE
        if end > start and madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), _MADV_COLLAPSE) == 0:
            moved += end - start
    return moved
