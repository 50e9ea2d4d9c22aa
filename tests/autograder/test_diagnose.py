"""The diagnosis names the mistake that answers like the student's code, and nothing in doubt."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from autograder.answers import Answers, answers_to
from autograder.course.course import Course
from autograder.course.filled import only_exercise
from autograder.diagnosis import replay
from autograder.diagnosis.diagnose import Diagnosis
from autograder.grading.card import card
from autograder.grading.notebook import grade_notebook
from autograder.judge.marks import CellMark
from autograder.student.endings import Lost, TimeIsUp, WorkerDied
from autograder.student.limits import Limits
from autograder.student.prepared import Prepared
from autograder.student.sandbox import Connection, Sandbox
from autograder.student.session import StudentSession
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


POST_NORM = """class SplitAttention(nn.Module):
    def __init__(self, d, h, p, bias):
        super().__init__()
        self.h, self.p = h, p
        self.v, self.q, self.k = (nn.Linear(d, d, bias=bias) for _ in range(3))
        self.mix = nn.Linear(d, d)

    def forward(self, x):
        q, k, v = (f(x).unflatten(2, (self.h, -1)).transpose(1, 2) for f in (self.q, self.k, self.v))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True, dropout_p=self.p if self.training else 0.0)
        return self.mix(y.transpose(1, 2).flatten(2))


class TransformerBlock(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        d = cfg["emb_dim"]
        self.after_thinking, self.after_listening = nn.LayerNorm(d), nn.LayerNorm(d)
        self.think = nn.Sequential(nn.Linear(d, 4 * d), nn.GELU(), nn.Linear(4 * d, d))
        self.listen = SplitAttention(d, cfg["n_heads"], cfg["drop_rate"], cfg["qkv_bias"])
        self.die = nn.Dropout(cfg["drop_rate"])

    def forward(self, x):
        x = self.after_listening(x + self.die(self.listen(x)))
        return self.after_thinking(x + self.die(self.think(x)))
"""


def test_a_whole_module_of_parts_of_ones_own(course: Course, bubblewrap: Sandbox) -> None:
    """The test writes values by the student's names: they reach the catalogue's module, whose queries, keys and values are fused."""
    assert named(course, bubblewrap, "ch04/transformer-block", POST_NORM) == ["post-norm"]


UNBIASED = """class MultiHeadAttention(nn.Module):
    def __init__(self, d_in, d_out, context_length, dropout, num_heads, qkv_bias=False):
        super().__init__()
        if d_out % num_heads:
            raise ValueError
        self.h, self.p = num_heads, dropout
        self.c_attn = nn.Linear(d_in, 3 * d_out, bias=qkv_bias)
        self.c_proj = nn.Linear(d_out, d_out, bias=False)

    def forward(self, x):
        q, k, v = (y.unflatten(2, (self.h, -1)).transpose(1, 2) for y in self.c_attn(x).chunk(3, dim=2))
        scores = q @ k.mT
        future = torch.ones_like(scores, dtype=torch.bool).triu(1)
        weights = F.dropout(scores.masked_fill(future, -1e9).softmax(-1), self.p, self.training)
        return self.c_proj((weights @ v).transpose(1, 2).flatten(2))
"""


def test_a_layer_may_have_no_bias(course: Course, bubblewrap: Sandbox) -> None:
    assert named(course, bubblewrap, "ch03/multi-head-attention", UNBIASED) == ["scores-not-scaled"]


def test_types_that_no_check_asks_for_do_not_count(course: Course, bubblewrap: Sandbox) -> None:
    code = "def causal_mask(length):\n    return torch.ones(length, length).triu()\n"
    assert named(course, bubblewrap, "ch03/causal-mask", code) == ["diagonal-hidden"]


def test_three_mistakes_at_once(course: Course, bubblewrap: Sandbox) -> None:
    code = UNBIASED.replace(", bias=False)", ")").replace("            raise ValueError\n", "            pass\n")
    code = code.replace(
        "F.dropout(scores.masked_fill(future, -1e9).softmax(-1), self.p, self.training)",
        "scores.masked_fill(future, -1e9).softmax(-1)",
    )
    found = named(course, bubblewrap, "ch03/multi-head-attention", code)
    assert set(found) == {"scores-not-scaled", "width-not-checked", "dropout-missing"}


def _forward_inside_init(code: str) -> str:
    head, body = code.split("    def forward", 1)
    return head + "\n".join("    " + line for line in ("    def forward" + body).splitlines())


@pytest.mark.parametrize(
    ("exercise", "change", "mistake"),
    [
        ("ch03/self-attention", _forward_inside_init, "methods-inside-init"),
        (
            "ch03/causal-attention",
            lambda code: code.replace("nn.Dropout(dropout)", "nn.Dropout(0.4)"),
            "constant-for-a-setting",
        ),
        ("ch07/format-prompt", lambda code: code.replace('"Response")', '"Reponse")'), "text-slip"),
    ],
)
def test_mistakes_that_any_answer_can_have(
    course: Course, bubblewrap: Sandbox, exercise: str, change: Callable[[str], str], mistake: str
) -> None:
    right = course.exercise(exercise).solution
    code = change(right)
    assert code != right
    assert named(course, bubblewrap, exercise, code) == [mistake]


def test_errors_alone_name_nothing_that_several_raise(course: Course, bubblewrap: Sandbox) -> None:
    found = course.exercise("ch03/multi-head-attention").solution.replace(
        "length = x.shape[1]", "length = x.shape[1] + 1"
    )
    code = found.replace(
        "def forward(self, x: torch.Tensor) -> torch.Tensor:",
        "def forward(self, x):\n        x = x.reshape(7, -1, 11)",
        1,
    )
    assert named(course, bubblewrap, "ch03/multi-head-attention", code) == []


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

    monkeypatch.setattr("autograder.diagnosis.replay.fill", ends)
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
    monkeypatch.setattr("autograder.diagnosis.diagnose.answers_to", lambda exercise, values: Answers(exercise))
    assert named(course, bubblewrap, "ch03/self-attention", FUSED) == []


def test_a_largest_value_by_max_is_one_mistake_whatever_is_drawn(course: Course, bubblewrap: Sandbox) -> None:
    """Ties in a check of something else cost some students points by chance, and ties of two only are settled alike by two mistakes."""
    found = course.exercise("ch01/most-likely-next")
    source = course.notebook(found)
    code = "def most_likely_next(probs, word):\n    row = probs.get(word, {})\n    return max(row, key=row.get, default=None)"
    answers = only_exercise(source, found, code)
    diagnosis = Diagnosis(source, bubblewrap)
    marks = [
        grade_notebook(answers, bubblewrap, name="x", attempt=str(attempt), diagnosis=diagnosis).cells[0]
        for attempt in range(6)
    ]
    assert {mark.earned for mark in marks} == {1.4}
    assert [[mistake["name"] for mistake in mark.mistakes] for mark in marks] == [["first-seen-wins"]] * 6


def test_one_worker_serves_many_answers_until_it_ends(
    course: Course, bubblewrap: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = course.exercise("ch03/self-attention")
    source = course.notebook(found)
    started: list[int] = []
    spawn, fill = Prepared.spawn, replay.fill

    def counted(prepared: Prepared, seed: int, limits: Limits) -> Connection:
        started.append(seed)
        return spawn(prepared, seed, limits)

    def ends(session: StudentSession, *anything: object) -> None:
        session.close()
        session.generation, session._rebuilds = (
            session.generation + 1,
            50,
        )  # as when the code that it runs ends it, time and again
        raise WorkerDied("your code ended the Python process")

    monkeypatch.setattr(Prepared, "spawn", counted)

    def names() -> list[str]:
        notebook = only_exercise(source, found, FUSED)
        mark = grade_notebook(notebook, bubblewrap, name="x", attempt="0", diagnosis=diagnosis).cells[0]
        return [mistake["name"] for mistake in mark.mistakes]

    with Diagnosis(source, bubblewrap, one_worker=True) as diagnosis:
        assert [names(), names()] == [["scores-not-scaled"]] * 2
        assert len(started) == 1
        monkeypatch.setattr(replay, "fill", ends)
        assert names() == []
        monkeypatch.setattr(replay, "fill", fill)
        started.clear()
        assert names() == ["scores-not-scaled"]
        assert len(started) == 1
