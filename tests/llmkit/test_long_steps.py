"""The progress line of long steps: where it shows, what it tells, and how a step is stopped."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace

import nbformat
import pytest
import torch
from nbclient import NotebookClient

import llmkit
from llmkit import i18n, runtime
from llmkit.errors import Stopped
from llmkit.long_steps import Interrupt, Pace, model_calls, progress, track, training_progress
from llmkit.models.gpt import GPTModel, config
from llmkit.tasks import assistant as instruct
from llmkit.tasks import classifier
from llmkit.views import TrainingMonitor

SOURCE = Path(llmkit.__file__).parent.parent / "source"
ROWS = [{"task": "a", "instruction": "Name a color.", "input": "", "output": "red", "split": "train"}] * 4
MESSAGES = [
    {"label": kind, "text": f"{kind} {number}", "split": "train"} for number in range(4) for kind in ("ham", "spam")
]


class Terminal:
    """What a terminal has been sent."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys, self._sent = capsys, ""

    def getvalue(self) -> str:
        self._sent += self._capsys.readouterr().err
        return self._sent


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    for name in ("LLMKIT_QUICK", "LLMKIT_GRADING"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("llmkit.long_steps.DELAY", 0.0)
    monkeypatch.setattr("_pytest.capture.CaptureIO.isatty", lambda _stream: True)  # of what stands for sys.stderr later
    return Terminal(capsys)


def small() -> GPTModel:
    return GPTModel(config("124M", vocab_size=8193, context_length=96, emb_dim=8, n_heads=2, n_layers=1, drop_rate=0.0))


def test_each_long_loop_of_a_notebook_shows_its_progress() -> None:
    found = {}
    for notebook in SOURCE.glob("*/*.ipynb"):
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            code = "".join(cell["source"])
            # What is cut short in quick runs is long.
            if cell["cell_type"] == "code" and re.search(r"runtime\.steps\(|from llmkit\.runtime import steps", code):
                found[notebook.stem, cell["id"]] = bool(re.search(r"\b(track|model_calls|TrainingMonitor)\(", code))
    assert len(found) >= 12 and all(found.values()), [where for where, shown in found.items() if not shown]


def test_a_line_tells_what_is_done_and_how_much_is_left_and_then_goes(terminal: Terminal) -> None:
    with progress("Counting", 4, delay=0) as bar:
        assert "Counting:   0%" in terminal.getvalue() and "0/4, about ? left" in terminal.getvalue()
        bar.set_postfix_str("loss 0.5", refresh=False)
        bar.update(4)
        bar.refresh()
    drawn = terminal.getvalue().split("\r")
    assert any("4/4, about 00:00 left, loss 0.5" in line for line in drawn)
    assert not drawn[-1].strip()


def told_left(seconds: Sequence[float], total: int) -> list[float | None]:
    """What is told of the time left after each of the updates that take so many seconds."""
    pace, now, told = Pace(), 0.0, []
    for done, took in enumerate(seconds, 1):
        now += took
        pace.mark(done, now)
        told.append(pace.left(total))
    return told


def test_the_time_left_is_not_told_before_it_means_something() -> None:
    assert Pace().left(10) is None
    assert told_left([60, 1, 1, 1], 200) == [None, None, None, 196]  # the first has waited for a compiler
    assert told_left([0.01] * 50, 1000) == [None] * 50  # half a second tells nothing yet
    assert told_left([1] * 5, 0) == [None] * 5  # nobody knows how many there will be
    assert told_left([1, 1], 2)[-1] == 0


def test_the_time_left_is_that_of_the_latter_half() -> None:
    # Ten times as slow at first: forgotten when as many steps have gone by.
    slow = told_left([10.0] * 10 + [1.0] * 90, 100)
    assert slow[9] == pytest.approx(900) and slow[20] == pytest.approx(79) and slow[59] == pytest.approx(40)
    # A measurement after every tenth step, which takes as long as ten: it is averaged over, from the second one on.
    measured = told_left([11.0 if step % 10 == 9 else 1.0 for step in range(100)], 100)
    for done in range(20, 100):
        truth = sum(11.0 if step % 10 == 9 else 1.0 for step in range(done, 100))
        told = measured[done - 1]
        assert told is not None and truth / 2 - 10 < told < 1.5 * truth + 10


def test_the_bar_tells_that_time(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("llmkit.long_steps.time", SimpleNamespace(monotonic=lambda: clock[0]))
    with progress("Counting", 100, delay=0) as bar:
        for took in (3600.0, 2.0, 2.0, 2.0):
            clock[0] += took
            bar.update()
        bar.refresh()
        assert "4/100, about 03:12 left" in terminal.getvalue()
        bar.reset(total=50)
        assert "0/50, about ? left" in terminal.getvalue()


def test_it_speaks_the_readers_language(terminal: Terminal) -> None:
    with i18n.using("pt-BR"), progress("Contando", 4, delay=0):
        pass
    assert "left" not in terminal.getvalue() and "falta" in terminal.getvalue()


@pytest.mark.parametrize("name", ["LLMKIT_QUICK", "LLMKIT_GRADING"])
def test_it_is_silent_where_outputs_should_stay_the_same(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "1")
    monkeypatch.setattr(runtime, "environment", lambda: "jupyter")
    assert list(track(range(3), "Counting")) == [0, 1, 2]
    with progress("Counting", 3, delay=0) as bar:
        bar.update()
    assert terminal.getvalue() == ""


def test_short_steps_and_log_files_get_none(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    with progress("Counting", 3, delay=60) as bar:
        bar.update(3)
    assert terminal.getvalue() == ""
    log = io.StringIO()
    monkeypatch.setattr(sys, "stderr", log)
    with progress("Counting", 3, delay=0) as bar:
        bar.update(3)
    assert log.getvalue() == ""


def test_a_training_tells_a_log_file_every_ten_seconds(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, log = [100.0], io.StringIO()
    monkeypatch.setattr("llmkit.long_steps.time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(sys, "stderr", log)
    with training_progress("Training", 30) as bar:
        for step in range(1, 31):
            clock[0] += 2
            assert not bar.on_step(step, 1.0, 10)
    told = [f"Training: {step}/30, about {left} left" for step, left in ((1, "?"), (6, "00:48"), (11, "00:38"))]
    assert log.getvalue().splitlines()[:3] == told and len(log.getvalue().splitlines()) == 6
    monkeypatch.setenv("LLMKIT_QUICK", "1")
    with training_progress("Training", 30) as bar:
        bar.on_step(1, 1.0, 10)
    assert len(log.getvalue().splitlines()) == 6


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_terminal_without_a_width_has_its_line() -> None:
    import pty

    ours, theirs = pty.openpty()  # it has 0 columns, as in some containers
    code = "import llmkit.long_steps as s\nwith s.progress('Counting', 4, delay=0) as bar: bar.update()"
    environment = {name: value for name, value in os.environ.items() if name not in ("LLMKIT_QUICK", "LLMKIT_GRADING")}
    subprocess.run([sys.executable, "-c", code], stderr=theirs, check=True, env=environment)
    os.set_blocking(ours, False)
    assert b"Counting:   0%" in os.read(ours, 1000)
    os.close(ours)
    os.close(theirs)


def test_a_loop_stops_between_two_steps(terminal: Terminal) -> None:
    before, done = signal.getsignal(signal.SIGINT), []

    def loop() -> None:
        for step in track(range(5), "Counting"):
            if step == 1:
                signal.raise_signal(signal.SIGINT)
            done.append(step)  # the step is done to its end

    with pytest.raises(Stopped, match="Stopped after 2 of 5 steps"):
        loop()
    assert done == [0, 1] and signal.getsignal(signal.SIGINT) is before
    assert not terminal.getvalue().split("\r")[-1].strip()
    assert list(track(range(2))) == [0, 1]


def test_the_readers_own_function_shows_how_often_it_called_its_model(terminal: Terminal) -> None:
    model = torch.nn.Linear(1, 1)

    def reads(count: int, stop_at: int = -1) -> int:
        for number in range(count):
            if number == stop_at:
                signal.raise_signal(signal.SIGINT)
            model(torch.zeros(1))
        return count

    with model_calls(model, 4, "Reading"):
        assert reads(4) == 4
    assert "Reading" in terminal.getvalue() and "/4, about" in terminal.getvalue()
    with pytest.raises(Stopped, match="Stopped after 2 of 4 steps"), model_calls(model, 4):
        reads(4, stop_at=2)
    assert not model._forward_pre_hooks and reads(3) == 3


def test_a_second_interrupt_does_not_wait_and_a_later_block_starts_anew() -> None:
    interrupt = Interrupt()
    with interrupt:
        signal.raise_signal(signal.SIGINT)
        assert interrupt.asked
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    with interrupt:
        assert not interrupt.asked


def test_a_loop_that_is_left_gives_the_handler_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    for _step in track(range(5)):
        break
    assert signal.getsignal(signal.SIGINT) is before
    with contextlib.suppress(ZeroDivisionError):
        for _step in track(range(5)):
            raise ZeroDivisionError
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interrupt_is_told_with_what_is_kept() -> None:
    with pytest.raises(Stopped, match=r"^Stopped: nothing is kept\. Run it again to start anew\.$"), progress("x"):
        raise KeyboardInterrupt
    with pytest.raises(Stopped, match=r"^half$"), progress("x", kept="outer"), progress("y", kept="half"):
        raise KeyboardInterrupt
    assert issubclass(Stopped, KeyboardInterrupt)  # code that lets stops through lets this one through


def test_a_notebook_shows_a_stop_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    from IPython.core.interactiveshell import InteractiveShell

    InteractiveShell().run_cell("from llmkit.errors import Stopped\nraise Stopped('Stopped: half is kept.')")
    assert capsys.readouterr().out.strip() == "Stopped: half is kept."


def test_tuning_and_training_show_their_steps_and_stop(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instruct, "load_mini", lambda device: small())
    instruct.train(ROWS, "en", epochs=3, batch_size=4)
    classifier.trained_from(small(), MESSAGES, passes=2, batch_size=4)
    for told in ("Tuning the assistant:   0%", "/3, about", "Training the classifier:   0%", "/4, about"):
        assert told in terminal.getvalue()

    def stop(*_any: object) -> torch.Tensor:
        raise KeyboardInterrupt

    monkeypatch.setattr(instruct, "answer_loss", stop)
    monkeypatch.setattr(classifier, "at", stop)
    with pytest.raises(Stopped, match="nothing is kept"):
        instruct.train(ROWS, "en", epochs=3, batch_size=4)
    with pytest.raises(Stopped, match="nothing is kept"):
        classifier.trained_from(small(), MESSAGES, passes=2, batch_size=4)


def test_marking_shows_how_many_answers_there_are(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    helper = instruct.Assistant(small(), "en")
    rows = [*ROWS, {**ROWS[0], "instruction": "Name a color that you like."}]
    monkeypatch.setattr("llmkit.long_steps.DELAY", 60.0)
    helper.answers(rows[:2], batch_size=2)
    assert terminal.getvalue() == ""
    assert len(helper.answers(rows, batch_size=2)) == 5
    assert "Answering:   0%" in terminal.getvalue() and "/5, about" in terminal.getvalue()

    def interrupted(*_any: object, **_named: object) -> torch.Tensor:
        raise KeyboardInterrupt

    monkeypatch.setattr(instruct, "generate", interrupted)
    with pytest.raises(Stopped):
        helper.answers(rows)


def test_classifying_shows_its_line_only_for_several_batches(terminal: Terminal) -> None:
    model = small()
    model.out_head = torch.nn.Linear(8, 2)
    spam = classifier.SpamClassifier(model)
    spam.probabilities(["one"] * 3)
    assert terminal.getvalue() == ""
    assert len(spam.probabilities(["one"] * (classifier.BATCH + 1))) == classifier.BATCH + 1
    assert "Classifying" in terminal.getvalue() and "/101, about" in terminal.getvalue()


def test_no_widget_stays_of_what_has_not_begun_or_ends_early() -> None:
    notebook = nbformat.v4.new_notebook()
    code = """
        import contextlib
        from llmkit.long_steps import progress, progress_bar
        from llmkit.views import TrainingMonitor

        boxes = []
        with progress("Reading", 5, delay=0) as bar:  # fewer updates than expected
            boxes.append(bar.container)
            bar.update()
        monitor = TrainingMonitor(5)
        with contextlib.suppress(NotImplementedError), monitor:
            boxes.append(monitor._bar.container)
            raise NotImplementedError
        with monitor:
            boxes.append(monitor._bar.container)
            monitor.on_step(1, 1.0, 10)
        print([box.comm is None for box in boxes])
    """
    notebook.cells = [nbformat.v4.new_code_cell(dedent(code))]
    with pytest.MonkeyPatch.context() as patch:
        for name in ("LLMKIT_QUICK", "LLMKIT_GRADING"):
            patch.delenv(name, raising=False)
        NotebookClient(notebook, kernel_name="python3").execute()
    told = "".join(one["text"] for one in notebook.cells[0].outputs if one["output_type"] == "stream")
    assert "[True, True, False]" in told  # closed, closed, and the one of a training that was stopped


def test_a_monitor_without_a_number_of_steps_hears_it_from_the_loop(terminal: Terminal) -> None:
    with TrainingMonitor(title="t") as monitor:
        assert "?" in terminal.getvalue()
        classifier.trained_from(small(), MESSAGES, passes=2, batch_size=4, monitor=monitor)
    assert "/4, about 00:00 left" in terminal.getvalue() and len(monitor.losses) == 4


def test_an_interrupted_save_leaves_the_file_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assistant, file = instruct.Assistant(small(), "en"), tmp_path / "a.safetensors"
    spam = classifier.SpamClassifier(small())

    def half(_tensors: object, place: Path, _about: object) -> None:
        Path(place).write_bytes(b"half")
        raise KeyboardInterrupt

    for model in (assistant, spam):
        file.write_bytes(b"before")
        with monkeypatch.context() as patch:
            patch.setattr("safetensors.torch.save_file", half)
            with pytest.raises(KeyboardInterrupt):
                model.save(file)
        assert [one.name for one in tmp_path.iterdir()] == ["a.safetensors"] and file.read_bytes() == b"before"
        model.save(file)
        assert file.read_bytes() != b"before"
