"""How much work a function is, in numbers read and written: the same on every machine, unlike its time."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

PER_OPERATION = 5_000  # numbers that could be added up while torch begins one operation
AT_ONCE = 20_000_000  # numbers, 160 MB


class _Counting(TorchDispatchMode):  # type: ignore[no-untyped-call]  # its class has no annotations
    operations = 0
    numbers = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        self.operations += 1
        self.numbers += sum(x.numel() for x in (*args, result) if isinstance(x, torch.Tensor))
        return result


class Effort:
    """The work of what torch does in the block."""

    def __init__(self) -> None:
        self._counting: Any = _Counting()  # type: ignore[no-untyped-call]

    def __enter__(self) -> None:
        self._counting.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._counting.__exit__(kind, error, trace)

    def of(self, times: int) -> float:
        """The work of doing it that many times at once."""
        return float(PER_OPERATION * self._counting.operations + times * self._counting.numbers)

    def at_once(self, most: int) -> int:
        """How many times, up to `most`, it can be done at once within reasonable memory."""
        numbers: int = self._counting.numbers
        return max(1, min(most, AT_ONCE // max(1, numbers)))
