"""The monitor of training: what it keeps, when it stops, what it shows; and the chart of losses."""

from __future__ import annotations

import signal
from typing import Any

import pytest

from llmkit.views import training as views


class Screen:
    """Stands in for a notebook's output that can be drawn anew."""

    def __init__(self) -> None:
        self.shown: list[Any] = []

    def update(self, picture: Any) -> None:
        self.shown.append(picture)


def test_it_keeps_what_it_is_told() -> None:
    monitor = views.TrainingMonitor(show=False)
    with monitor:
        monitor.on_eval(0, 3.0, 3.5)
        assert [monitor.on_step(step, 3.0 - step, 6) for step in (1, 2)] == [False, False]
        monitor.on_eval(2, 1.0, 2.0)
    assert monitor.losses == [(1, 2.0), (2, 1.0)]
    assert monitor.train_losses == [(0, 3.0), (2, 1.0)] and monitor.validation_losses == [(0, 3.5), (2, 2.0)]
    assert monitor.tokens == 12 and monitor.seconds > 0 and not monitor.stopped


def test_measurements_do_not_count_as_training_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 2.0, 2.0, 10.0, 10.0, 14.0, 14.0])
    monkeypatch.setattr(views.time, "perf_counter", lambda: next(clock))
    monitor = views.TrainingMonitor(show=False)
    with monitor:  # 0
        monitor.on_step(1, 1.0, 10)  # 0 to 2
        monitor.on_eval(1, 1.0, 1.0)  # 2 to 10
        monitor.on_step(2, 1.0, 20)  # 10 to 14
    assert monitor.seconds == 6.0 and monitor.tokens_per_second() == 5.0


def test_a_further_run_goes_on_where_the_last_one_ended() -> None:
    monitor = views.TrainingMonitor(show=False)
    for _run in range(2):
        with monitor:
            monitor.on_eval(0, 2.0, 2.0)
            monitor.on_step(1, 1.0, 1)
            monitor.on_step(2, 1.0, 1)
    with monitor:
        monitor.on_step(1, 1.0, 1)
    assert [step for step, _loss in monitor.losses] == [1, 2, 3, 4, 5]
    assert [step for step, _loss in monitor.train_losses] == [0, 2]


def test_an_interrupt_waits_for_the_end_of_the_step() -> None:
    before = signal.getsignal(signal.SIGINT)
    monitor, steps = views.TrainingMonitor(show=False), []
    with monitor:
        for step in range(1, 9):
            if step == 3:
                signal.raise_signal(signal.SIGINT)
            steps.append(step)  # the step itself, which is done to the end
            if monitor.on_step(step, 1.0, 1):
                break
    assert steps == [1, 2, 3] and monitor.stopped and len(monitor.losses) == 3
    assert signal.getsignal(signal.SIGINT) is before
    with monitor:
        assert monitor.on_step(1, 1.0, 1) is False
    assert not monitor.stopped and len(monitor.losses) == 4


def test_a_loop_that_does_not_listen_is_stopped_at_the_next_step() -> None:
    monitor = views.TrainingMonitor(show=False)

    def loop() -> None:
        for step in range(1, 9):
            if step == 3:
                signal.raise_signal(signal.SIGINT)
            monitor.on_step(step, 1.0, 1)

    with pytest.raises(KeyboardInterrupt), monitor:
        loop()
    assert [step for step, _loss in monitor.losses] == [1, 2, 3, 4] and monitor.stopped


def test_a_second_interrupt_stops_at_once() -> None:
    monitor = views.TrainingMonitor(show=False)

    def interrupt_twice() -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt), monitor:
        interrupt_twice()
    assert monitor.stopped


def test_an_error_of_the_loop_comes_through_and_the_handler_is_put_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(ZeroDivisionError), views.TrainingMonitor(show=False):
        raise ZeroDivisionError
    assert signal.getsignal(signal.SIGINT) is before


def test_outside_of_a_notebook_it_prints_measurements_and_a_summary(capsys: pytest.CaptureFixture[str]) -> None:
    with views.TrainingMonitor(2) as monitor:
        monitor.on_eval(0, 2.0, 2.5)
        monitor.on_step(1, 1.0, 1000)
        monitor.on_step(2, 1.0, 1000)
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "step 0: training loss 2.000, validation loss 2.500"
    assert out[1].startswith("2 steps, 2,000 tokens, ") and len(out) == 2


def test_a_stop_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with views.TrainingMonitor() as monitor:
        signal.raise_signal(signal.SIGINT)
        assert monitor.on_step(1, 1.0, 1) is True
    assert "Stopped between two steps" in capsys.readouterr().out


def test_in_a_notebook_it_draws_now_and_then_and_leaves_the_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    import IPython.display

    screen = Screen()
    monkeypatch.setattr(views.runtime, "environment", lambda: "jupyter")
    monkeypatch.setattr(IPython.display, "display", lambda *a, **k: screen if k.get("display_id") else None)
    monkeypatch.setattr(views, "REDRAW_SECONDS", 0.0)
    monkeypatch.setattr(views, "SHARE", 1e9)
    with views.TrainingMonitor(2, title="t") as monitor:
        monitor.on_step(1, 2.0, 1)
        monitor.on_step(2, 1.0, 1)
    pictures, figure = screen.shown[:-1], screen.shown[-1]
    assert len(pictures) == 2 and all(picture.data.startswith(b"\x89PNG") for picture in pictures)
    assert list(figure.plotly.data[0].y) == [2.0, 1.0] and figure.plotly.layout.title.text == "t"


def test_drawing_is_throttled(monkeypatch: pytest.MonkeyPatch) -> None:
    monitor = views.TrainingMonitor(show=False)
    screen = monitor._canvas = Screen()
    monitor.losses = [(1, 1.0)]
    monitor._draw(1.0)
    assert not screen.shown  # too early
    monitor._draw(3.0)
    assert len(screen.shown) == 1
    monitor._drawn, monitor._drawing = 3.0, 1.0  # drawing took a second: the next one waits for twenty
    monitor._draw(20.0)
    assert len(screen.shown) == 1
    monitor._draw(24.0)
    assert len(screen.shown) == 2


def test_the_chart_has_a_line_per_curve_and_a_picture() -> None:
    figure = views.loss_chart({"a": [(0, 3.0), (5, 2.0)], "b": [(0, 4.0)]}, title="t", faint=[(1, 3.0), (2, 2.5)])
    faint, first, second = figure.plotly.data
    assert list(first.x) == [0, 5] and list(first.y) == [3.0, 2.0] and list(second.y) == [4.0]
    assert list(faint.y) == [3.0, 2.5] and first.line.dash != second.line.dash
    assert figure.png.startswith(b"\x89PNG")


def test_losses_that_are_not_finite_leave_a_gap() -> None:
    figure = views.loss_chart({"a": [(0, float("nan")), (1, 2.0), (2, float("inf"))]})
    assert list(figure.plotly.data[0].y) == [None, 2.0, None]


def test_many_steps_are_averaged() -> None:
    curve = [(step, float(step % 2)) for step in range(1, 4001)]
    faint = views.loss_chart({}, faint=curve).plotly.data[0]
    assert len(faint.x) == views.POINTS and set(faint.y) == {0.5} and faint.x[-1] == 4000


@pytest.mark.parametrize("curves", [{}, {str(number): [(0, 1.0)] for number in range(5)}])
def test_charts_without_curves_and_with_too_many_are_refused(curves: dict[str, list[tuple[int, float]]]) -> None:
    with pytest.raises(ValueError, match="1 to 4 curves"):
        views.loss_chart(curves)
