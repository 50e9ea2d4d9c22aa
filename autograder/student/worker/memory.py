"""How much memory the processes of one worker hold together. The kernel's own limit is for each process, and leaves out what they share."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

EVERY = 0.1  # seconds between two looks
_PAGE = os.sysconf("SC_PAGE_SIZE")


def is_more_than(limit: int) -> bool:
    """Whether all processes in sight, but process 1, hold more than a number of bytes; False where /proc does not show them."""
    others = [name for name in os.listdir("/proc") if name.isdigit() and name != "1"]
    # Pages that several processes use are in it more than once, so this is the most that it can be; reading it costs nothing.
    return sum(map(_resident, others)) > limit and sum(map(_held, others)) > limit


def _resident(process: str) -> int:
    """Bytes that a process has in memory, files and shared pages included."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path("/proc", process, "statm").read_text().split()[1]) * _PAGE
    return 0  # it has ended


def _held(process: str) -> int:
    """A process's share of memory that belongs to no file on a disk, in bytes: pages used by n processes count 1/n each."""
    with contextlib.suppress(OSError, ValueError):
        lines = (line.split() for line in Path("/proc", process, "smaps_rollup").read_text().splitlines()[1:])
        sizes = {line[0]: int(line[1]) << 10 for line in lines}
        return sizes["Pss_Anon:"] + sizes["Pss_Shmem:"] if "Pss_Anon:" in sizes else sizes.get("Pss:", 0)
    return _resident(process)
