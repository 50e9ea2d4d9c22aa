"""The one progress line of every long step: what is being done, how far it is, how much time is left; and a clean stop.

    for step in track(range(200)):
        ...

tqdm draws it: a widget in a notebook, a line in a terminal, nothing in a log file, where only trainings tell every ten seconds how far
they are. It is taken away when the step is done, and does not appear at all with LLMKIT_QUICK and while grading, so that stored outputs
stay the same.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from llmkit import runtime
from llmkit.errors import Stopped
from llmkit.i18n import gettext as _
from llmkit.languages import localised

if TYPE_CHECKING:
    from types import FrameType, TracebackType

Item = TypeVar("Item")

DELAY = 0.5  # seconds after which a step counts as long
LOG_SECONDS = 10.0  # between two lines of a training in a log file
SIZE = {"ncols": 80, "nrows": 24}  # of a terminal that does not know it, as in some containers
LEAST_UPDATES, LEAST_SECONDS = 3, 1.0  # after the first one, before they tell how long the rest will take


@contextmanager
def progress(
    doing: str, total: int | None = None, *, kept: str = "", delay: float | None = None, **options: Any
) -> Iterator[Any]:
    """Shows how a step goes on; an interrupt (Ctrl-C, or the kernel's ■ button) ends it with a word.

    Args:
        doing: what is being done, in a few words.
        total: number of updates to come; by default unknown.
        kept: told at an interrupt: what is kept, and how to go on; by default that nothing is.
        delay: seconds before the line appears, by default `DELAY`, so that short steps have none. It then appears with the next
            update; with 0 it is there at once.
        **options: more of tqdm's.

    Yields:
        The bar, with tqdm's `update(n)` and `set_postfix_str(text, refresh=False)`.

    Raises:
        Stopped: at an interrupt.
    """
    with progress_bar(doing, total, delay=DELAY if delay is None else delay, leave=False, **options) as bar:
        try:
            yield bar
        except Stopped:
            raise
        except KeyboardInterrupt:
            raise Stopped(kept or _("Stopped: nothing is kept. Run it again to start anew.")) from None


def track(items: Sequence[Item], doing: str = "") -> Iterator[Item]:
    """The items of a notebook's long loop, one by one, with its progress; an interrupt ends it between two of them.

    Args:
        items: what to loop over.
        doing: what is being done, in a few words.

    Raises:
        Stopped: at an interrupt. What the loop has made so far stays as it is.
    """
    with progress_bar(doing, len(items), delay=DELAY, leave=False) as bar, Interrupt() as interrupt:
        for done, item in enumerate(items):
            interrupt.check(done, len(items))
            yield item
            bar.update()


@contextmanager
def model_calls(model: Any, total: int, doing: str = "") -> Iterator[None]:
    """Shows how far the reader's own function is, by the number of times that it calls a model; an interrupt ends it between two.

    Args:
        model: a torch module.
        total: number of calls to come.
        doing: what is being done, in a few words.

    Raises:
        Stopped: at an interrupt.
    """
    done = 0
    with progress_bar(doing, total, delay=DELAY, leave=False) as bar, Interrupt() as interrupt:

        def called(*_given: object) -> None:
            nonlocal done
            interrupt.check(done, total)
            done += 1
            bar.update()

        hook = model.register_forward_pre_hook(called)
        try:
            yield
        finally:
            hook.remove()


class Interrupt:
    """Within the block, an interrupt of the kernel (the ■ button, or Ctrl-C) waits: the loop asks for it. A second one stops at once.

    Attributes:
        asked: whether there was one.
    """

    def __init__(self) -> None:
        self.asked = False
        self._old: Any = None

    def check(self, done: int, total: int) -> None:
        """Between two steps: raises Stopped if there was an interrupt.

        Args:
            done: steps so far.
            total: all steps.
        """
        if self.asked:
            told = _("Stopped after {done} of {total} steps. Run the cell again to start anew.")
            raise Stopped(told.format(done=done, total=total))

    def __enter__(self) -> Interrupt:
        self.asked = False
        try:
            self._old = signal.signal(signal.SIGINT, self._came)
        except ValueError:  # not in the main thread, where no interrupt arrives either
            self._old = None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Somebody else's handler stays: a loop that was left by an error ends when its traceback does.
        if self._old is not None and signal.getsignal(signal.SIGINT) == self._came:
            signal.signal(signal.SIGINT, self._old)

    def _came(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


def progress_bar(doing: str = "", total: int | None = None, **options: Any) -> Any:
    """The bar alone, to be updated and closed.

    Args:
        doing: what is being done.
        total: number of updates to come; by default unknown.
        **options: more of tqdm's.
    """
    counted = "{n_fmt}/{total_fmt}, " + _("about {left} left") + "{postfix}"
    return _bar_class()(
        desc=doing or None,
        total=total,
        bar_format="{l_bar}{bar}| " + counted,
        disable=_hidden(),
        **(SIZE if _unmeasured() else {}),
        **options,
    )


@cache
def _bar_class() -> Any:
    """A bar of tqdm with our own time left: tqdm's weighs a slow first step so much that a minute looks like hours."""
    from tqdm.auto import tqdm  # type: ignore[import-untyped]

    class Bar(tqdm):  # type: ignore[misc]
        def __init__(self, *given: Any, **options: Any) -> None:
            self._pace = Pace()
            super().__init__(*given, **options)

        def update(self, n: float = 1) -> bool | None:
            self._pace.mark(self.n + n, time.monotonic())
            shown: bool | None = super().update(n)
            return shown

        def reset(self, total: float | None = None) -> None:
            self._pace = Pace()
            super().reset(total)

        def close(self) -> None:
            if not self.leave:  # where there was less to do than expected, tqdm's widget would stay, in red
                self.total = self.n
            super().close()

        @property
        def format_dict(self) -> dict[str, Any]:
            seconds = self._pace.left(self.total)
            return {**super().format_dict, "left": "?" if seconds is None else self.format_interval(seconds)}

    return Bar


class Pace:
    """How long the rest of a step takes, judged by the latter half of what is done.

    The first update does not count: it has waited for what happens only once, such as imports, caches and a compiler. The latter
    half soon forgets a slow beginning, and still averages over steps that take different times.
    """

    def __init__(self) -> None:
        self._first: tuple[float, float] | None = None
        self._updates = 0
        self._marks: deque[tuple[float, float]] = deque()  # how much was done, and when, in seconds

    def mark(self, done: float, now: float) -> None:
        """After an update: so much is done, at that time in seconds."""
        self._first = self._first or (done, now)
        self._updates += 1
        self._marks.append((done, now))
        while len(self._marks) > 1 and self._marks[1][0] <= (self._first[0] + done) / 2:
            self._marks.popleft()

    def left(self, total: float | None) -> float | None:
        """Seconds for the rest up to the total; None where it is too early to tell."""
        if not total or self._first is None:
            return None
        (before, then), (done, now) = self._marks[0], self._marks[-1]
        if done >= total:
            return 0.0
        if self._updates <= LEAST_UPDATES or now - self._first[1] < LEAST_SECONDS or done <= before:
            return None
        return (total - done) * (now - then) / (done - before)


def _unmeasured() -> bool:
    """Whether this is a terminal that says it has no columns: tqdm would draw a line of that width."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns == 0
    except (OSError, ValueError, AttributeError):  # no terminal, closed, or not a file
        return False


def _hidden() -> bool | None:
    """Whether nothing is shown; None leaves it to tqdm, which shows a bar in a terminal and none in a log file."""
    if runtime.quick() or os.environ.get("LLMKIT_GRADING"):
        return True
    return False if runtime.environment() in ("jupyter", "colab") else None


@contextmanager
def training_progress(doing: str, steps: int) -> Iterator[TrainingBar]:
    """`progress` of a training without a `llmkit.views.TrainingMonitor`, from its first second.

    Args:
        doing: what is being trained.
        steps: number of optimiser steps.

    Raises:
        Stopped: at an interrupt; nothing is kept.
    """
    with progress(doing, steps, delay=0) as bar:
        yield TrainingBar(bar, doing, steps)


class TrainingBar:
    """What a training loop calls after each step.

    Args:
        bar: from `progress`.
        doing: what is being trained.
        steps: number of optimiser steps.
    """

    def __init__(self, bar: Any, doing: str, steps: int) -> None:
        self._bar, self._doing, self._steps = bar, doing, steps
        self._in_log = bar.disable and not _hidden()
        self._pace, self._told = Pace(), 0.0

    def on_step(self, step: int, loss: float, tokens: int) -> bool:
        """Shows the step's mean loss, in nats per token; returns False, for the loop to go on."""
        self._bar.set_postfix_str(_("loss {loss}").format(loss=localised(loss, ".2f")), refresh=False)
        self._bar.update()
        if self._in_log:
            self._log(step, time.monotonic())
        return False

    def _log(self, step: int, now: float) -> None:
        self._pace.mark(step, now)
        if self._told and now - self._told < LOG_SECONDS:
            return
        self._told = now
        seconds = self._pace.left(self._steps)
        left = _("about {left} left").format(left="?" if seconds is None else self._bar.format_interval(seconds))
        print(f"{self._doing}: {step}/{self._steps}, {left}", file=sys.stderr, flush=True)
