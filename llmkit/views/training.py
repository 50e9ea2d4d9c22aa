"""A monitor of training: progress with loss and tokens per second, curves drawn while it runs, and a clean stop between two steps.

    with TrainingMonitor(steps=300, title="Pre-training") as monitor:
        history = train(model, loader, optimizer, 300, callback=monitor)

A training loop makes these calls:

- `on_start(steps)` before the first step, if nobody has told the monitor how many there are;
- `on_step(step, loss, tokens) -> bool` after each optimiser step, counted from 1; True asks the loop to stop now;
- `on_eval(step, train_loss, validation_loss)` after each measurement; step 0 is before the first step.

Inside the `with` block an interrupt of the kernel (the ■ button, or Ctrl-C) waits until the step is done, so that model,
optimiser and history are consistent. A second interrupt stops at once. Afterwards the same monitor can be used again: the
curves continue where they ended.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from math import ceil, isfinite
from typing import TYPE_CHECKING, Any

from llmkit import runtime
from llmkit.i18n import gettext as _
from llmkit.languages import localised
from llmkit.long_steps import Interrupt, progress_bar
from llmkit.views.figure import Figure
from llmkit.views.palette import DASHES, INCH, MARKERS, MIDDLE_GREY, RUNS, WIDE, tint
from llmkit.views.picture import legend, png, sheet

if TYPE_CHECKING:
    from types import TracebackType

    import plotly.graph_objects as go

MOST = 4  # most curves in one figure
POINTS = 500  # most points of the line of step losses; more are averaged
REDRAW_SECONDS = 2.0  # least time between two drawings
SHARE = 0.05  # largest share of the time that drawing may take
SMOOTH = 0.1  # weight of the newest loss in the one that the progress bar shows

Curve = Sequence[tuple[int, float]]


class TrainingMonitor:
    """Shows training while it runs; see the module for how a loop calls it.

    Args:
        steps: number of steps to come, for the progress bar; by default unknown.
        title: above the curves.
        show: False shows nothing, but still records and can stop.

    Attributes:
        losses: step and loss of each step, in nats per token.
        train_losses: step and training loss of each measurement.
        validation_losses: step and validation loss of each measurement.
        tokens: tokens trained on so far.
        seconds: time spent in training steps, measurements left out.
        stopped: whether the last run was interrupted.
    """

    def __init__(self, steps: int | None = None, *, title: str | None = None, show: bool = True) -> None:
        self.losses: list[tuple[int, float]] = []
        self.train_losses: list[tuple[int, float]] = []
        self.validation_losses: list[tuple[int, float]] = []
        self.tokens = 0
        self.seconds = 0.0
        self.stopped = False
        self._steps, self._title, self._show = steps, title, show
        self._rich = show and runtime.environment() in ("jupyter", "colab")
        self._raw = self._offset = 0
        self._smooth: float | None = None
        self._mark: float | None = None
        self._timed_tokens = 0
        self._told = False
        self._interrupt = Interrupt()
        self._bar: Any = None
        self._canvas: Any = None
        self._drawn, self._drawing = 0.0, 0.0

    # --- what a training loop calls ---------------------------------------------------------------------------------

    def on_start(self, steps: int) -> None:
        """Before the first step of a loop that knows the number of its steps: from it the bar tells the time left."""
        self._steps = steps
        if self._bar is not None:
            self._bar.reset(total=steps)

    def on_step(self, step: int, loss: float, tokens: int) -> bool:
        """After an optimiser step.

        Args:
            step: steps taken so far in this run, from 1.
            loss: mean loss of this step's batch, in nats per token; a plain number.
            tokens: targets in this step's batch.

        Returns:
            Whether the loop should stop now, with everything consistent.

        Raises:
            KeyboardInterrupt: the loop was asked to stop after the previous step, and went on.
        """
        now = time.perf_counter()
        if step <= self._raw:  # another run with the same monitor
            self._offset = self.losses[-1][0] if self.losses else 0
        self._raw = step
        if self._mark is not None:
            self.seconds += now - self._mark
            self._timed_tokens += tokens
        self.tokens += tokens
        self.losses.append((self._offset + step, float(loss)))
        self._smooth = loss if self._smooth is None else (1 - SMOOTH) * self._smooth + SMOOTH * loss
        self._progress()
        self._draw(now)
        if self._told:
            raise KeyboardInterrupt
        self._told = self._interrupt.asked
        self._mark = time.perf_counter()
        return self._interrupt.asked

    def on_eval(self, step: int, train_loss: float, validation_loss: float) -> None:
        """After a measurement.

        Args:
            step: steps taken so far in this run; 0 before the first.
            train_loss: mean loss on training text, in nats per token.
            validation_loss: mean loss on held-out text.
        """
        if step < self._raw:
            self._offset, self._raw = (self.losses[-1][0] if self.losses else 0), step
        place = self._offset + step
        self.train_losses.append((place, float(train_loss)))
        self.validation_losses.append((place, float(validation_loss)))
        if self._show and not self._rich:
            told = _("step {step}: training loss {train}, validation loss {validation}")
            print(
                told.format(
                    step=place, train=localised(train_loss, ".3f"), validation=localised(validation_loss, ".3f")
                )
            )
        self._draw(time.perf_counter())
        self._mark = time.perf_counter()

    # --- the block --------------------------------------------------------------------------------------------------

    def __enter__(self) -> TrainingMonitor:
        self._told = self.stopped = False
        self._interrupt.__enter__()
        if self._show:
            self._open()
        self._mark = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._interrupt.__exit__(kind, error, trace)
        self._mark = None
        self.stopped = self._interrupt.asked
        if self._bar is not None:
            self._bar.leave = bool(
                self.losses
            )  # of a training that has not begun nothing stays, above "fill the gap", say
            self._bar.close()
            self._bar = None
        if not self._show:
            return
        if self._canvas is not None and (self.losses or self.train_losses):
            self._canvas.update(self.figure())
        self._canvas = None
        if self.losses:
            print(self.summary())
        if self.stopped:
            print(_("Stopped between two steps: the model and the optimiser are intact. Run again to continue."))

    # --- what is shown ----------------------------------------------------------------------------------------------

    def tokens_per_second(self) -> float:
        """Speed of the training steps, measurements left out; NaN before the first."""
        return self._timed_tokens / self.seconds if self.seconds > 0 else float("nan")

    def summary(self) -> str:
        """One line: steps, tokens, time and speed."""
        told = _("{steps} steps, {tokens} tokens, {seconds} s in training steps ({speed} tokens per second)")
        return told.format(
            steps=self.losses[-1][0] if self.losses else 0,
            tokens=localised(self.tokens, ","),
            seconds=localised(self.seconds, ".1f"),
            speed=localised(self.tokens_per_second(), ",.0f"),
        )

    def figure(self) -> Figure:
        """The curves: the loss of each step, and both measured losses."""
        measured = {_("training"): self.train_losses, _("validation"): self.validation_losses}
        return loss_chart({k: v for k, v in measured.items() if v}, title=self._title, faint=self.losses)

    def _open(self) -> None:
        self._bar = progress_bar(total=self._steps)
        if self._rich:
            from IPython.display import HTML, display

            self._canvas = display(HTML(""), display_id=True)  # type: ignore[no-untyped-call]
            self._drawn = time.perf_counter()

    def _progress(self) -> None:
        if self._bar is not None:
            text = _("loss {loss}, {speed} tokens per second")
            shown = text.format(
                loss=localised(self._smooth or 0.0, ".3f"), speed=localised(self.tokens_per_second(), ",.0f")
            )
            self._bar.set_postfix_str(shown, refresh=False)
            self._bar.update()

    def _draw(self, now: float) -> None:
        """Redraws if the last drawing is long enough ago and drawing has not taken too much of the time."""
        if self._canvas is None or now - self._drawn < max(REDRAW_SECONDS, self._drawing / SHARE):
            return
        from IPython.display import Image

        measured = {_("training"): self.train_losses, _("validation"): self.validation_losses}
        self._canvas.update(Image(data=_static(measured, self._title, _thinned(self.losses))))  # type: ignore[no-untyped-call]
        self._drawn = time.perf_counter()
        self._drawing = self._drawn - now


def loss_chart(curves: Mapping[str, Curve], *, title: str | None = None, faint: Curve = ()) -> Figure:
    """Losses by step, one line per run or per kind of text.

    Args:
        curves: for each name, its points (step, loss in nats per token); four at most. A loss that is not finite leaves a gap.
        title: above the figure.
        faint: points of a thin grey line behind them, such as the loss of every step; averaged if there are many.

    Raises:
        ValueError: nothing to draw, or more than four curves.
    """
    import plotly.graph_objects as go

    if (not curves and not faint) or len(curves) > MOST:
        raise ValueError(f"there should be 1 to {MOST} curves, not {len(curves)}")
    behind = _thinned(faint)
    figure = go.Figure()
    if behind:
        line = {"color": tint(MIDDLE_GREY, 0.5), "width": 1}
        figure.add_trace(_trace(_("each step"), behind, mode="lines", line=line, hoverinfo="skip"))
    for (name, curve), colour, marker, dash in zip(curves.items(), RUNS, MARKERS, DASHES, strict=False):
        figure.add_trace(
            _trace(
                name,
                curve,
                mode="lines+markers",
                line={"color": colour, "dash": dash[0]},
                marker={"symbol": marker[0], "size": 7},
                hovertemplate=_("step %{x}: %{y:.3f}") + "<extra></extra>",
            )
        )
    figure.update_xaxes(title_text=_("step"))
    figure.update_yaxes(title_text=_("loss (nats per token)"))
    figure.update_layout(title=title)
    return Figure(figure, _static(curves, title, behind))


def _trace(name: str, curve: Curve, **options: Any) -> go.Scatter:
    import plotly.graph_objects as go

    heights = [loss if isfinite(loss) else None for _step, loss in curve]
    return go.Scatter(name=name, x=[step for step, _loss in curve], y=heights, **options)


def _thinned(curve: Curve) -> list[tuple[int, float]]:
    """At most POINTS points: the mean of each stretch, at its last step."""
    stride = ceil(len(curve) / POINTS) or 1
    parts = [curve[start : start + stride] for start in range(0, len(curve), stride)]
    return [(part[-1][0], sum(loss for _step, loss in part) / len(part)) for part in parts]


def _static(curves: Mapping[str, Curve], title: str | None, faint: Curve) -> bytes:
    page, axis = sheet(WIDE / INCH, 4.3, title)
    if faint:
        axis.plot(
            [step for step, _loss in faint],
            [loss for _step, loss in faint],
            color=MIDDLE_GREY,
            alpha=0.5,
            lw=1,
            label=_("each step"),
        )
    for (name, curve), colour, marker, dash in zip(curves.items(), RUNS, MARKERS, DASHES, strict=False):
        axis.plot(
            [step for step, _loss in curve],
            [loss if isfinite(loss) else float("nan") for _step, loss in curve],
            color=colour,
            marker=marker[1],
            linestyle=dash[1],
            label=name,
        )
    axis.set_xlabel(_("step"))
    axis.set_ylabel(_("loss (nats per token)"))
    axis.grid(alpha=0.3)
    legend(page, axis)
    return png(page)
