"""How much one submission may use."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_SECONDS = 0.5  # for a cell, however much time the others have taken


@dataclass(frozen=True)
class Limits:
    """Limits of one submission's worker.

    Attributes:
        cell_seconds: wall time of one notebook cell.
        call_seconds: wall time of one call from a test into the student's code.
        patience_seconds: wall time of a call after another one in the same test has timed out.
        notebook_seconds: wall time of the course's cells, the answers and all calls of one notebook.
        extra_seconds: wall time, apart from that, of the cells that the student added; see `for_extra`.
        cpu_seconds: processor time of the worker.
        memory_bytes: data segment (heap and private mappings) of the worker.
        scratch_megabytes: size of the private /tmp, /dev/shm and /content.
        file_bytes: largest file that the worker may write.
        processes: processes and threads of the worker's user.
        rebuilds: how many times a worker that died is rebuilt, for each test cell and the cells before it.
        test_calls: questions that one test cell asks, each step of a loop over the student's object being one.
        reply_parts: lists, objects and entries in the JSON of one reply.
        test_parts: of all replies to one test cell.
        test_bytes: of all replies to one test cell.
        notebook_parts, notebook_bytes: of all replies of one notebook, outputs of cells included.
        output_characters: of the outputs of all cells, pictures included; a right notebook has a hundredth of each of these.
    """

    cell_seconds: float = 30.0
    call_seconds: float = 10.0
    patience_seconds: float = 2.0
    notebook_seconds: float = 300.0
    extra_seconds: float = 120.0
    cpu_seconds: int = 420
    memory_bytes: int = 3 << 30
    scratch_megabytes: int = 256
    file_bytes: int = 256 << 20
    processes: int = 64
    rebuilds: int = 12
    test_calls: int = 10_000
    reply_parts: int = 400_000
    test_parts: int = 1_000_000
    test_bytes: int = 64 << 20
    notebook_parts: int = 10_000_000
    notebook_bytes: int = 1 << 30
    output_characters: int = 32 << 20

    def for_extra(self, left: float) -> float:
        """Seconds for the next cell that the student added.

        At most half of what is left, so that there is always something for a later one, which may define what an answer needs.

        Args:
            left: what is left of `extra_seconds`.
        """
        return min(self.cell_seconds, max(round(left / 2, 1), LEAST_SECONDS))

    def for_worker(self) -> dict[str, int]:
        """The part that the worker itself must set, as plain numbers."""
        return {
            "memory": self.memory_bytes,
            "cpu": self.cpu_seconds,
            "processes": self.processes,
            "file": self.file_bytes,
            "scratch": self.scratch_megabytes,
        }
