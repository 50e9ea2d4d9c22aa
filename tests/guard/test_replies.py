"""What a worker says is bounded and has one form; what has not costs its own question only."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from fake_worker import HONEST, FakeSandbox, framed
from fuzz import messages, one_session
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.grading.harmless import harmless_markdown, harmless_page
from autograder.student.endings import TimeIsUp, WorkerDied
from autograder.student.limits import Limits
from autograder.student.remote import Missing, Remote
from autograder.student.sandbox import Sandbox
from autograder.student.session import StudentSession
from autograder.student.worker import wire


@settings(max_examples=60)
@given(st.lists(messages, min_size=12, max_size=12))
def test_whatever_a_worker_says_is_a_value_or_an_error_of_ours(said: list[bytes]) -> None:
    one_session(said)


def ask(*said: Any, blob: bytes = b"", limits: Limits | None = None) -> StudentSession:
    session = StudentSession(FakeSandbox([framed(one, blob) for one in said]), limits or Limits())
    session.begin_test("x")
    return session


def value_of(session: StudentSession) -> Any:
    return session.request("call", target=Remote(session, 1, "f"), args=[], kwargs={})


def ok(value: Any) -> dict[str, Any]:
    return {"ok": True, "value": value}


def test_the_next_question_is_answered_as_if_nothing_had_been() -> None:
    session = ask(5, {"ok": "yes"}, b"\xff", ok({"!": "h"}), ok(7))
    for _ in range(4):
        with pytest.raises(WorkerDied, match="cannot be read"):
            value_of(session)
    assert value_of(session) == 7


def test_all_replies_to_a_test_together_are_bounded_and_smaller_ones_still_heard() -> None:
    session = ask(*[ok("x" * 400)] * 3, ok(7), *[ok("x" * 400)] * 2, limits=Limits(test_bytes=1000))
    assert [len(value_of(session)) for _ in range(2)] == [400, 400]
    with pytest.raises(WorkerDied, match="far more than this test asks for"):
        value_of(session)
    assert value_of(session) == 7
    session.begin_test("the next one")
    assert len(value_of(session)) == 400


def test_parts_are_counted_before_they_are_read() -> None:
    many = ok({"!": "l", "v": [[]] * 3000})
    with pytest.raises(WorkerDied, match="far more"):
        value_of(ask(many, limits=Limits(reply_parts=5000)))
    session = ask(*[ok({"!": "l", "v": [1] * 300})] * 9, limits=Limits(test_parts=1000))
    with pytest.raises(WorkerDied, match="far more"):
        [value_of(session) for _ in range(9)]


def test_questions_are_counted() -> None:
    session = ask(
        *[ok({"!": "h", "id": 2, "kind": "iterator"})], *[ok({"!": "l", "v": [1]})] * 50, limits=Limits(test_calls=20)
    )
    with pytest.raises(WorkerDied, match="after 20 questions"):
        for _part in Remote(session, 1, "f"):
            pass


@pytest.mark.parametrize("length", [-1, 10**12, "5", 2.0, True, None])
def test_a_length_is_a_number_of_things(length: Any) -> None:
    with pytest.raises((WorkerDied, TypeError)):
        len(Remote(ask(ok(length)), 1, "f"))


def test_a_test_has_half_of_the_time_that_is_left() -> None:
    session = StudentSession(FakeSandbox([framed(ok(1))] * 3), Limits(notebook_seconds=100))
    session.begin_test("x")
    assert 49 < session._allowance.ask() <= 50
    session._allowance.spend(60)
    with pytest.raises(TimeIsUp, match="used all of its 50 s"):
        value_of(session)
    session.begin_test("y")
    assert value_of(session) == 1


def test_outputs_of_all_cells_together_are_bounded() -> None:
    said = HONEST | {"outputs": [{"output_type": "stream", "name": "stdout", "text": "x" * 600}]}
    session = ask(said, said, limits=Limits(output_characters=1000))
    assert len(session.run_cell("1").outputs[0]["text"]) == 600
    assert "clipped" in session.run_cell("1").outputs[0]["text"]


@pytest.mark.parametrize(
    "outputs",
    [
        5,
        [{"output_type": "stream", "name": "stdout", "text": "x" * 30_000}],
        [{"output_type": "stream", "name": "stdout", "text": "x"}] * 300,
        [{"output_type": "display_data", "data": {"application/javascript": "1"}, "metadata": {}}],
        [{"output_type": "display_data", "data": {"text/html": "x" * (3 << 20)}, "metadata": {}}],
        [{"output_type": "error", "ename": "E", "evalue": "", "traceback": []}],
    ],
    ids=["a number", "long", "many", "a script", "a large page", "an error"],
)
def test_forged_outputs_are_no_outputs(outputs: Any) -> None:
    run = ask(HONEST | {"outputs": outputs}).run_cell("1")
    assert run.outputs == [] and "cannot be read" in (run.died or "")


def test_a_cell_of_the_students_is_no_failure_of_the_sandbox() -> None:
    run = ask({"ok": False, "sandbox": "no namespaces"}).run_cell("1")
    assert "cannot be read" in (run.died or "")


def test_a_name_that_cannot_be_asked_for_costs_what_uses_it() -> None:
    error = {
        "ename": "E",
        "evalue": "no",
        "mro": ["E", "ValueError"],
        "theirs": True,
        "line": None,
        "function": "",
        "at": None,
        "module": "",
    }
    session = ask({"ok": False, "error": error | {"traceback": []}}, ok(3))
    found = session.bind("double")
    assert isinstance(found, Missing)
    with pytest.raises(NameError, match="could not be reached: no"):
        found(2)
    assert session.bind("half") == 3


def test_a_name_is_found_again_in_a_rebuilt_worker(bubblewrap: Sandbox) -> None:
    code = "calls = []\ndef double(n):\n    if n == 0:\n        import os; os._exit(3)\n    return n + n"
    with StudentSession(bubblewrap, Limits()) as session:
        session.run_cell(code)
        session.begin_test("x")
        double = session.bind("double")
        with pytest.raises(WorkerDied):
            double(0)
        assert double(2) == 4


@pytest.mark.parametrize(
    "form",
    [
        {"!": "s", "v": [{"!": "i", "v": hex(n * (2**61 - 1))} for n in range(1, 200)]},
        {"!": "d", "v": [[{"!": "i", "v": hex(n * (2**61 - 1))}, 1] for n in range(1, 200)]},
        {"!": "l", "v": [{"!": "t", "v": [{"!": "i", "v": hex(n * (2**61 - 1))}, 1]} for n in range(1, 200)]},
        [2**61],
        {"!": "l", "v": [{"!": "b", "at": [0, 8]}, {"!": "b", "at": [0, 8]}]},
        {"!": "T", "dtype": "uint8", "shape": [1] * 100, "at": [0, 1]},
        {"!": "i", "v": "0x" + "f" * 2000},
        {"!": "slice", "v": [1, 2, 3, 4]},
        {"!": "t", "v": "ab"},
        {"!": "h", "id": True},
        {"!": "h", "id": 1.0},
    ],
)
def test_values_that_cost_more_than_their_bytes_are_refused(form: Any) -> None:
    with pytest.raises(wire.WireError):
        wire.Decoder(b"12345678", lambda handle: handle).decode(json.loads(json.dumps(form)))


def test_honest_sets_and_tuples_pass() -> None:
    encoder = wire.Encoder(lambda value: {})
    value = [{-1, -2, 2**60, 2**61 - 1, 0.5}, [(0, 1)] * 500, {(n, n + 1): n for n in range(500)}]
    assert wire.Decoder(encoder.blob, None).decode(encoder.encode(value)) == value


def test_a_worker_has_one_descriptor_and_shares_no_memory(bubblewrap: Sandbox) -> None:
    code = """
import os
names = []
for number in sorted(map(int, os.listdir("/proc/self/fd"))):
    try:
        names.append(os.readlink(f"/proc/self/fd/{number}").split(":")[0])
    except OSError:
        pass
print(names, [line for line in open("/proc/self/maps") if " rw-s" in line])
"""
    with StudentSession(bubblewrap, Limits()) as session:
        run = session.run_cell(code)
    assert run.outputs[0]["text"] == "['/dev/null', '/dev/null', '/dev/null', 'socket'] []\n"


@pytest.mark.parametrize(
    "code",
    [
        "import mmap\nm = mmap.mmap(-1, 900 << 20)\nfor n in range(0, len(m), 4096): m[n] = 1",
        "import os\nfor _ in range(3):\n    if os.fork() == 0:\n        a = bytearray(b'x') * (300 << 20)\n        time.sleep(9)",
    ],
    ids=["shared", "of several processes"],
)
def test_memory_that_one_process_limit_does_not_see_is_counted(bubblewrap: Sandbox, code: str) -> None:
    limits = Limits(memory_bytes=700 << 20)
    with StudentSession(bubblewrap, limits) as session:
        run = session.run_cell(f"import time\n{code}\ntime.sleep(9)")
        assert "too much memory" in (run.died or "")
        assert session.run_cell("print('again')").outputs[0]["text"] == "again\n"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)",
        "[x](javascript:alert(1))",
        "[x](java&#115;cript:alert(1))",
        "\\[x\\](javascript:alert(1))",
        "[x][y]\n\n[y]: javascript:alert(1)",
        "[x](data:text/html,<script>alert(1)</script>)",
        "`a\n<script>alert(1)</script>`",
        "$\\href{javascript:alert(1)}{x}$",
        "``` \n<script>``` <b onclick=alert(1)>",
        "<!-- --><svg onload=alert(1)>",
    ],
)
def test_markdown_is_text_however_often_it_is_rendered(text: str) -> None:
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    made = harmless_markdown(text)
    assert harmless_markdown(made) == made
    html = markdown2html_mistune(made)
    page = harmless_page(f"<head></head><body>{html}{markdown2html_mistune(html)}</body>")
    for shown in (html, page):
        assert not any(f"<{tag}" in shown for tag in ("script", "img", "svg", "b "))
        assert 'href="javascript' not in shown and 'href="data' not in shown


def test_tokens_code_and_formulas_stay_readable() -> None:
    text = "`<unk>` and $a<b$\n\n```python\nif a<b: pass\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    assert harmless_markdown(text) == text
    assert harmless_markdown("<unk> <https://example.org>") == "&lt;unk> <https://example.org>"


@pytest.mark.parametrize(
    "told",
    [
        5,
        {"!": "l", "v": [1]},
        {"!": "l", "v": [{"!": "t", "v": ["w", 2, "plain"]}]},
        {"!": "h", "id": 3, "kind": "list"},
    ],
)
def test_parameters_that_are_none_are_not_compared(told: Any) -> None:
    from autograder.diagnosis.replay import read
    from autograder.student.transcript import Question, Reply, Transcript

    asked = Question(
        "call",
        {"target": {"!": "h", "id": 1}, "args": {"!": "l", "v": []}, "kwargs": {"!": "d", "v": []}},
        b"",
        1,
        (1,),
    )
    written = Transcript("x", calls=[(asked, Reply({"!": "h", "id": 2}, None, b"", kept=2))], checks=[""])
    with pytest.raises(wire.WireError):
        read(ask(ok(told)), written)


def test_the_page_is_sanitised_as_a_whole() -> None:
    evil = '<a href="javascript:1">x</a><a href="data:text/html,1">y</a><script>1</script><img onerror=1 src=x>$\\href{javascript:1}{z}$'
    page = harmless_page(f"<head><script>ours</script></head><body>{evil}</body></html>")
    assert page.startswith("<head><script>ours</script></head><body>")
    assert not any(part in page.partition("<body>")[2] for part in ("<script", "onerror", 'href="', "\\href"))


def test_descriptors_are_closed_but_those_that_are_kept() -> None:
    code = (
        "import os; from autograder.student.worker import isolate; made = [os.dup(1) for _ in range(5)]; isolate.close_descriptors(made[2]);"
        "print([n for n in made if os.path.exists(f'/proc/self/fd/{n}')] == [made[2]])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "True\n", done.stderr
