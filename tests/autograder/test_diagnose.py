"""The diagnosis names the mistake that answers like the student's code, and nothing in doubt."""

from __future__ import annotations

import pytest

from autograder.answers import Answers, answers_to
from autograder.course.course import Course
from autograder.course.filled import only_exercise
from autograder.diagnosis.diagnose import Diagnosis
from autograder.grading.feedback import card
from autograder.grading.notebook import grade_notebook
from autograder.judge.marks import CellMark
from autograder.student.endings import Lost, TimeIsUp, WorkerDied
from autograder.student.limits import Limits
from autograder.student.sandbox import Sandbox
from llmkit.i18n import using


@pytest.fixture(scope="module")
def course() -> Course:
    return Course.discover()


def graded(course: Course, sandbox: Sandbox, exercise: str, code: str) -> CellMark:
    """The mark of an answer, with diagnosis."""
    found = course.exercise(exercise)
    source = course.notebook(found)
    mark = grade_notebook(
        only_exercise(source, found, code), sandbox, name="x", attempt="0", diagnosis=Diagnosis(source, sandbox)
    )
    return mark.cells[0]


def named(course: Course, sandbox: Sandbox, exercise: str, code: str) -> list[str]:
    return [mistake["name"] for mistake in graded(course, sandbox, exercise, code).mistakes]


FUSED = """class SelfAttention(nn.Module):
    def __init__(self, d_in, d_out, qkv_bias=False):
        super().__init__()
        self.width = d_out
        self.projection = nn.Parameter(torch.randn(d_in, 3 * d_out) / 5)
        self.offset = nn.Parameter(torch.randn(3 * d_out)) if qkv_bias else 0

    def forward(self, inputs):
        value, query, key = (inputs @ self.projection + self.offset).split(self.width, dim=-1)
        scores = torch.einsum("...id,...jd->...ij", query, key)
        return F.softmax(scores, dim=-1) @ value
"""


def test_a_mistake_is_known_in_another_style(course: Course, bubblewrap: Sandbox) -> None:
    """One fused matrix in an order of its own, other names, einsum: the weights are read into the catalogue's module."""
    assert named(course, bubblewrap, "ch03/self-attention", FUSED) == ["scores-not-scaled"]
    right = FUSED.replace("key)\n        return", "key) / self.width**0.5\n        return")
    mark = graded(course, bubblewrap, "ch03/self-attention", right)
    assert mark.passed and not mark.mistakes


def test_two_mistakes_at_once(course: Course, bubblewrap: Sandbox) -> None:
    known = {mistake.name: mistake for mistake in answers_to("ch03/attention-weights").mistakes}
    code = """def attention_weights(queries, keys):
    scores = queries @ keys.mT
    return torch.softmax(scores, dim=-2)
"""
    found = named(course, bubblewrap, "ch03/attention-weights", code)
    assert len(found) == 2 and set(found) <= set(known)
    for name in found:
        assert named(course, bubblewrap, "ch03/attention-weights", known[name].code) == [name]


def test_feedback_tells_it_in_the_students_language(course: Course, bubblewrap: Sandbox) -> None:
    mark = graded(course, bubblewrap, "ch03/self-attention", FUSED)
    assert "not divided by the square root" in card(mark) and "02_self_attention" in card(mark)
    with using("pt-BR"):
        assert "raiz quadrada" in card(mark)
    assert CellMark.from_dict(mark.as_dict()) == mark


CHANGES = [
    "{} * 1.7", "{} + 0.3", "{}.sin()", "{}.square() + 1", "{}.round() + 2", "{}.cumsum(-1)", "{} * torch.arange(1, {}.shape[-1] + 1)",
    "({}).flip(-1) + 0.01", "{}.clamp(max=0.05)", "{} + torch.rand(())",
]  # fmt: skip
FUNCTIONS = (
    "simple-attention-weights",
    "simple-context-vectors",
    "attention-weights",
    "masked-attention-weights",
    "merge-heads",
)


@pytest.mark.parametrize("exercise", FUNCTIONS)
def test_unrelated_errors_are_not_named(course: Course, bubblewrap: Sandbox, exercise: str) -> None:
    found = course.exercise(f"ch03/{exercise}")
    name = found.names[0]
    for change in CHANGES:
        inner = found.solution.replace(f"def {name}(", "def right(", 1)
        code = (
            f"{inner}\n\n\ndef {name}(*args):\n    found = right(*args)\n    return {change.replace('{}', 'found')}\n"
        )
        mark = graded(course, bubblewrap, found.id, code)
        assert mark.earned < mark.points and mark.mistakes == [], (change, mark.mistakes)


@pytest.mark.parametrize(
    "code",
    [
        "def split_heads(x, num_heads):\n    raise ValueError('no')",
        "def split_heads(x, num_heads):\n    while True:\n        pass",
        "def split_heads(",
        "import os\nos._exit(3)",
    ],
    ids=["raises", "loops", "syntax error", "exits"],
)
def test_what_cannot_be_compared_is_not_named(
    course: Course, no_sandbox: Sandbox, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "autograder.student.limits.Limits.__init__.__defaults__",
        (5.0, 1.0, 0.5, 20.0, 20.0, *(Limits.__init__.__defaults__ or ())[5:]),
    )
    assert named(course, no_sandbox, "ch03/split-heads", code) == []


@pytest.mark.parametrize("end", [TimeIsUp, WorkerDied, Lost])
def test_the_end_of_the_catalogues_worker_costs_no_mark(
    course: Course, bubblewrap: Sandbox, monkeypatch: pytest.MonkeyPatch, end: type[Exception]
) -> None:
    def ends(*_anything: object) -> None:
        raise end("the notebook used all of its 60 s")

    monkeypatch.setattr("autograder.diagnosis.replay._fill", ends)
    mark = graded(course, bubblewrap, "ch03/self-attention", FUSED)
    assert mark.mistakes == [] and 0 < mark.earned < mark.points


def test_nothing_is_named_when_the_time_is_up(course: Course, bubblewrap: Sandbox) -> None:
    found = course.exercise("ch03/self-attention")
    source = course.notebook(found)
    diagnosis = Diagnosis(source, bubblewrap, seconds=0.0)
    notebook = only_exercise(source, found, FUSED)
    assert grade_notebook(notebook, bubblewrap, name="x", attempt="0", diagnosis=diagnosis).cells[0].mistakes == []


def test_an_exercise_without_known_mistakes_is_left_alone(
    course: Course, bubblewrap: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autograder.diagnosis.diagnose.answers_to", Answers)
    assert named(course, bubblewrap, "ch03/self-attention", FUSED) == []
