"""One student's worker, seen from the judge: values, handles, exceptions, changes in place, loops and crashes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from autograder.student.endings import Lost, StudentError, TimeIsUp, WorkerDied
from autograder.student.limits import Limits
from autograder.student.remote import Missing, Remote, mirror
from autograder.student.sandbox import Sandbox
from autograder.student.session import StudentSession
from llmkit.testing import given
from llmkit.testing.raised import Raised

LIMITS = Limits(cell_seconds=4, call_seconds=2, patience_seconds=1.5)

CODE = """
import torch
from torch import nn


class Model(nn.Module):
    def __init__(self, d_in, d_out):
        super().__init__()
        self.linear = nn.Linear(d_in, d_out)
        self.drop = nn.Dropout(0.5)
        self.register_buffer("mask", torch.ones(2, 2))

    def forward(self, x):
        return self.drop(self.linear(x))


class Numbers(torch.utils.data.Dataset):
    def __len__(self):
        return 5

    def __getitem__(self, i):
        if i >= 5:
            raise IndexError(i)
        return torch.tensor(i), torch.tensor(i + 1)


def loader(batch):
    return torch.utils.data.DataLoader(Numbers(), batch_size=batch)


def change(x, items, table):
    x += 1
    items.append(3)
    table["new"] = items
    return x


def refuse(n):
    raise ValueError(f"{n} is not allowed")


class OwnError(Exception):
    pass


def own():
    raise OwnError("mine")


def leave():
    raise SystemExit(3)


def endless():
    while True:
        try:
            while True:
                pass
        except Exception:
            pass


def crash():
    import os

    os._exit(7)


def numbers():
    n = 0
    while True:
        yield n
        n += 1


weights = torch.arange(3.0)
half = 0.5
"""


@pytest.fixture
def session(sandbox: Sandbox) -> Iterator[StudentSession]:
    with StudentSession(sandbox, LIMITS, seed=1) as session:
        assert session.run_cell(CODE).error is None
        yield session


def test_modules_cross_as_handles_and_tensors_as_values(session: StudentSession) -> None:
    model = session.bind("Model")(3, 2).eval()
    assert isinstance(model, Remote)
    x = torch.randn(4, 3)
    state = dict(model.state_dict())
    assert {name: tuple(value.shape) for name, value in state.items()} == {
        "linear.weight": (2, 3),
        "linear.bias": (2,),
        "mask": (2, 2),
    }
    torch.testing.assert_close(model(x), x @ state["linear.weight"].T + state["linear.bias"])
    assert [tuple(p.shape) for p in model.parameters()] == [(2, 3), (2,)]
    assert {name for name, _ in model.named_parameters()} == {"linear.weight", "linear.bias"}


def test_weights_go_in_and_modes_switch(session: StudentSession) -> None:
    model = session.bind("Model")(3, 2)
    model.load_state_dict({"linear.weight": torch.ones(2, 3), "linear.bias": torch.zeros(2), "mask": torch.ones(2, 2)})
    assert model.training is True
    model.eval()
    assert model.training is False
    assert model(torch.ones(1, 3)).tolist() == [[3.0, 3.0]]
    model.double()
    assert model(torch.ones(1, 3, dtype=torch.float64)).dtype == torch.float64


def test_loaders_and_datasets_are_iterated_and_indexed(session: StudentSession) -> None:
    batches = list(session.bind("loader")(2))
    assert [x.tolist() for x, _ in batches] == [[0, 1], [2, 3], [4]]
    data = session.bind("Numbers")()
    assert len(data) == 5 and data[2][1].item() == 3
    with pytest.raises(IndexError):
        data[9]


def test_a_generator_without_end_is_read_as_far_as_asked(session: StudentSession) -> None:
    numbers = iter(session.bind("numbers")())
    assert [next(numbers) for _ in range(3)] == [0, 1, 2]


def test_plain_values_are_values(session: StudentSession) -> None:
    assert session.bind("half") == 0.5
    assert session.bind("weights").tolist() == [0, 1, 2]


def test_arguments_changed_in_place_stay_here_and_are_noted(session: StudentSession) -> None:
    given.forget()
    x, items, table = torch.zeros(2), [1, 2], {"old": 1}
    session.bind("change")(x, items, table)
    assert x.tolist() == [0, 0] and items == [1, 2] and table == {"old": 1}
    with given.as_left():
        assert x.tolist() == [1, 1] and items == [1, 2, 3] and table == {"old": 1, "new": [1, 2, 3]}
    assert x.tolist() == [0, 0] and items == [1, 2] and table == {"old": 1}
    given.forget()


def test_exceptions_keep_class_text_and_line(session: StudentSession) -> None:
    with pytest.raises(ValueError, match="4 is not allowed") as caught:
        session.bind("refuse")(4)
    assert Raised.of(caught.value).function == "refuse" and Raised.of(caught.value).theirs
    with pytest.raises(StudentError, match="mine") as own:
        session.bind("own")()
    assert Raised.of(own.value).name == "OwnError"
    with pytest.raises(StudentError, match="3") as left:
        session.bind("leave")()
    assert Raised.of(left.value).name == "SystemExit"
    with pytest.raises(AttributeError):
        _ = session.bind("Model")(1, 1).nothing


def test_a_handle_is_never_a_value(session: StudentSession) -> None:
    model = session.bind("Model")(3, 2)
    for attempt in (
        lambda: bool(model),
        lambda: model == model,
        lambda: model + 1,
        lambda: float(model),
        lambda: 1 in model,
    ):
        with pytest.raises(TypeError, match="where a tensor or a plain value was expected"):
            attempt()


def test_a_missing_name_says_so_only_when_used(session: StudentSession) -> None:
    missing = session.bind("not_there")
    assert isinstance(missing, Missing)
    with pytest.raises(NameError, match="not_there"):
        missing(1)


def test_a_loop_ends_and_the_worker_lives(session: StudentSession) -> None:
    model = session.bind("Model")(3, 2)
    with pytest.raises(TimeIsUp, match="more than 2 s"):
        session.bind("endless")()
    with pytest.raises(TimeIsUp, match=r"more than 1\.5 s"):
        session.bind("endless")()
    assert model(torch.ones(1, 3)).shape == (1, 2)


def test_a_crash_is_told_and_the_worker_rebuilt(session: StudentSession) -> None:
    model = session.bind("Model")(3, 2)
    with pytest.raises(WorkerDied, match=r"ended the Python process \(exit code 7\)"):
        session.bind("crash")()
    assert session.bind("half") == 0.5
    with pytest.raises(Lost):
        model(torch.ones(1, 3))


def test_cells_that_fail_loop_or_die(session: StudentSession) -> None:
    broken = session.run_cell("kept = 1\n1 / 0")
    assert (
        broken.error is not None
        and broken.error["ename"] == "ZeroDivisionError"
        and broken.error["traceback"][0].startswith("line 2, in <module>")
    )
    assert session.bind("kept") == 1
    assert "never ends" in (session.run_cell("before = 2\nwhile True: pass").died or "")
    assert session.bind("before") == 2
    assert "exit code 3" in (session.run_cell("import os; os._exit(3)").died or "")
    assert session.bind("kept") == 1
    syntax = session.run_cell("def f(:\n    pass")
    assert syntax.error is not None and syntax.error["ename"] == "SyntaxError"


def test_output_is_clipped_as_it_arrives(session: StudentSession) -> None:
    run = session.run_cell("for _ in range(10**5): print('x' * 100)")
    assert sum(len(output["text"]) for output in run.outputs) < 25_000
    assert "clipped" in run.outputs[-1]["text"]


def test_the_notebook_has_one_budget_of_time(sandbox: Sandbox) -> None:
    with StudentSession(sandbox, Limits(cell_seconds=5, notebook_seconds=1.5), seed=1) as session:
        assert session.run_cell("import time; time.sleep(10)").died
        assert "all of its" in (session.run_cell("1").died or "")


def test_a_worker_that_always_dies_is_given_up(sandbox: Sandbox) -> None:
    with StudentSession(sandbox, Limits(rebuilds=2), seed=1) as session:
        deaths = [session.run_cell("import os; os._exit(1)").died for _ in range(5)]
    assert "more than 2 times" in (deaths[-1] or "")


def test_a_tensor_that_repeats_its_numbers_takes_what_became_of_it() -> None:
    """A mask that the test has expanded: its rows are one row in memory."""
    mask = torch.zeros(1, 3).expand(2, 3)
    left = torch.arange(6.0).reshape(2, 3)
    mirror(mask, left)
    assert torch.equal(mask, left)
