"""Generated replies to the judge: whatever a worker says, the judge has a value, or one of its own errors.

`python tests/guard/fuzz.py 100000 [seed]` tries so many replies, prints the seed, and ends with status 1 at the first that ends otherwise.
"""

from __future__ import annotations

import builtins
import json
import secrets
import sys
import time

import nbformat
import torch
from fake_worker import FakeSandbox, framed
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from autograder.student.endings import StudentError
from autograder.student.limits import Limits
from autograder.student.remote import Missing, Remote
from autograder.student.session import StudentSession
from llmkit.errors import GraderError

# A worker is rebuilt as often as it dies; each test has room for few bytes, so that this limit is met, too.
LIMITS = Limits(rebuilds=10**6, test_calls=60, test_bytes=200_000, test_parts=20_000)
TAGS = ("l", "t", "s", "d", "T", "N", "i", "f", "b", "slice", "...", "dtype", "device", "h", "p", "x")
KEYS = ("!", "v", "at", "shape", "dtype", "id", "kind", "ename", "mro", "text", "name", "output_type", "data")
PLAIN = (
    type(None),
    type(...),
    bool,
    int,
    float,
    str,
    bytes,
    list,
    tuple,
    set,
    dict,
    slice,
    torch.Tensor,
    torch.dtype,
    torch.device,
    Remote,
    Missing,
)

_numbers = st.integers(-3, 70) | st.sampled_from([2**53, -(2**63), 2**61 - 1, 10**30, -1])
_leaves = (
    st.none()
    | st.booleans()
    | _numbers
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(
        ["\ud800", "\x1b[2J", "nan", "0xff", "<f4", "O", "cpu", "float32", "int64", "bool", "stdout", "text/html"]
    )
)
_json = st.recursive(
    _leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=8,
)
_places = st.lists(st.integers(-1, 40) | _leaves, max_size=3)
_forms = st.recursive(
    _leaves | st.builds(lambda n: {"!": "h", "id": n, "kind": "f"}, _numbers | _leaves),
    lambda inner: st.one_of(
        st.builds(
            lambda tag, parts: {"!": tag, "v": parts}, st.sampled_from(TAGS), st.lists(inner, max_size=4) | inner
        ),
        st.builds(lambda pairs: {"!": "d", "v": pairs}, st.lists(st.lists(inner, min_size=1, max_size=3), max_size=3)),
        st.builds(
            lambda tag, kind, shape, at: {"!": tag, "dtype": kind, "shape": shape, "at": at},
            st.sampled_from("TNb"),
            st.sampled_from(["float32", "<f4", "uint8", "|u1", "bool", "<c16"]) | _leaves,
            _places,
            st.builds(lambda n: [0, n], st.integers(0, 40)) | _places,
        ),
        _json,
    ),
    max_leaves=10,
)
_errors = st.fixed_dictionaries(
    {
        "ename": st.text(max_size=5) | _leaves,
        "evalue": st.text(max_size=5) | _leaves,
        "mro": st.lists(
            st.sampled_from(["ValueError", "StopIteration", "ExceptionGroup", "OSError", "KeyError", "Exception", "X"])
        )
        | _leaves,
        "theirs": st.booleans() | _leaves,
        "line": st.none() | _numbers,
        "function": st.text(max_size=3) | _leaves,
        "at": st.none() | _numbers,
        "module": st.text(max_size=3),
        "traceback": st.lists(st.text(max_size=3), max_size=3) | _leaves,
    }
)
_outputs = st.fixed_dictionaries(
    {"output_type": st.sampled_from(["stream", "display_data", "execute_result", "error"])},
    optional={
        "name": st.sampled_from(["stdout", "stderr", "x"]),
        "text": st.text(max_size=5) | _leaves,
        "data": st.dictionaries(
            st.sampled_from(["text/plain", "text/html", "image/png", "application/javascript"]),
            st.text(max_size=4) | _json,
        ),
        "metadata": _json,
        "execution_count": st.none() | _numbers | _leaves,
        "ename": _leaves,
    },
)
_replies = st.fixed_dictionaries(
    {"ok": st.sampled_from([True, True, True, False, False, 1, None])},
    optional={
        "value": _forms,
        "changed": st.none()
        | _forms
        | st.builds(
            lambda a, k: {"!": "l", "v": [{"!": "l", "v": a}, {"!": "d", "v": k}]}, st.lists(_forms), st.just([])
        ),
        "kept": _forms,
        "error": st.none() | _errors | _json,
        "late": st.booleans() | _leaves,
        "outputs": st.lists(_outputs, max_size=3) | _json,
        "events": st.lists(st.lists(st.text(max_size=3), min_size=1, max_size=3), max_size=3) | _json,
        "cpu": st.floats() | _leaves,
        "sandbox": st.text(max_size=3),
        "ready": st.booleans(),
    },
)
# As ours are, but for one or two parts.
_right_error = {
    "ename": "E",
    "evalue": "x",
    "mro": ["E", "ValueError"],
    "theirs": True,
    "line": 1,
    "function": "f",
    "at": None,
    "module": "",
}
_right_forms = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.one_of(
        st.builds(lambda tag, parts: {"!": tag, "v": parts}, st.sampled_from("lt"), st.lists(inner, max_size=4)),
        st.builds(
            lambda keys, part: {"!": "d", "v": [[key, part] for key in keys]},
            st.lists(st.text(max_size=2), max_size=3),
            inner,
        ),
        st.builds(lambda n: {"!": "T", "dtype": "uint8", "shape": [n], "at": [0, n]}, st.integers(0, 8)),
        st.builds(lambda n: {"!": "h", "id": n, "kind": "f"}, st.integers(1, 9)),
    ),
    max_leaves=6,
)
_right_outputs = st.lists(
    st.builds(lambda text: {"output_type": "stream", "name": "stdout", "text": text}, st.text(max_size=4))
    | st.builds(
        lambda text: {"output_type": "display_data", "data": {"text/html": text}, "metadata": {}}, st.text(max_size=4)
    ),
    max_size=2,
)
_nearly = st.fixed_dictionaries(
    {
        "ok": st.just(True),
        "value": _right_forms | _right_forms | _forms,
        "outputs": _right_outputs | st.lists(_outputs, max_size=2),
        "events": st.just([]) | st.just([["input", "x"]]),
        "error": st.none()
        | st.builds(lambda lines: _right_error | {"traceback": lines}, st.lists(st.text(max_size=3), max_size=2))
        | _errors,
        "cpu": st.floats() | _leaves,
    },
    optional={
        "changed": st.none()
        | _forms
        | st.builds(lambda a: {"!": "l", "v": [{"!": "l", "v": a}, {"!": "d", "v": []}]}, st.lists(_right_forms)),
        "kept": st.builds(lambda n: {"!": "h", "id": n}, _numbers),
    },
)
_raising = st.builds(
    lambda mro, text: {"ok": False, "error": _right_error | {"mro": mro, "evalue": text, "traceback": []}},
    st.lists(
        st.sampled_from(
            [name for name in dir(builtins) if name.endswith(("Error", "Exception", "Group", "Iteration", "Exit"))]
        ),
        max_size=3,
    ),
    st.text(max_size=4),
)
_late = st.just({"ok": False, "late": True})
messages = st.one_of(
    *(st.builds(framed, _nearly, st.binary(min_size=8, max_size=40)) for _ in range(6)),
    st.builds(framed, _raising | _late),
    st.builds(framed, _replies, st.binary(max_size=40)),
    st.builds(framed, _json),
    st.builds(framed, st.binary(max_size=30)) | st.binary(max_size=30),
)


def hear(session: StudentSession, number: int) -> None:
    """One question of each kind in turn.

    Raises:
        AssertionError: the answer is nothing that a test can be given.
        Exception: of a kind that no check expects.
    """
    kind = number % 5
    try:
        if kind == 0:
            run = session.run_cell("pass", ("course", "gap", "student")[number % 3])
            for output in run.outputs:
                nbformat.validate(output, ref="output", version=4)
            json.dumps([run.outputs, run.error and run.error["evalue"], run.events], ensure_ascii=False).encode()
            return
        if kind == 1:
            session.begin_test(str(number))
            value = session.bind("double")
        elif kind == 2:
            value = session.request(
                "call", target=Remote(session, 1, "function"), args=[torch.zeros(2), [1, {2: 3}]], kwargs={"k": (1,)}
            )
        elif kind == 3:
            value = session.request("getattr", target=Remote(session, 1, "module"), name="weight")
        else:
            value = [part for part, _ in zip(Remote(session, 1, "iterator"), range(3), strict=False)]
    except (GraderError, StudentError):
        return
    except Exception as error:
        if not hasattr(error, "raised") and "StopIteration" not in str(error):
            raise
        return
    assert isinstance(value, PLAIN) or type(value).__module__ == "numpy", type(value)


def one_session(said: list[bytes]) -> None:
    """Puts a question for each reply."""
    with StudentSession(FakeSandbox(said), LIMITS) as session:
        for number in range(len(said)):
            hear(session, number)


def main(count: int, start: int) -> None:
    """Tries replies, twenty in a session."""
    print(f"{count} replies, seed {start}", flush=True)
    tried, longest, began = 0, 0.0, time.monotonic()

    @seed(start)
    @settings(
        max_examples=-(-count // 20),
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(messages, min_size=20, max_size=20))
    def run(said: list[bytes]) -> None:
        nonlocal tried, longest
        at = time.monotonic()
        one_session(said)
        tried, longest = tried + len(said), max(longest, time.monotonic() - at)

    run()
    print(
        f"{tried} replies in {time.monotonic() - began:.0f} s, the longest session of 20 took {longest:.2f} s; none ended otherwise"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else secrets.randbelow(10**6))
