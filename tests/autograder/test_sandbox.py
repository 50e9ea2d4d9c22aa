"""What a worker inside bubblewrap cannot do, and that grading refuses to run without it."""

from __future__ import annotations

import contextlib
import os
import struct
import time
from pathlib import Path

import pytest

from autograder.errors import SandboxUnavailable
from autograder.student.limits import Limits
from autograder.student.sandbox import Sandbox, open_sandbox
from autograder.student.session import StudentSession
from autograder.student.worker import isolate


def run(sandbox: Sandbox, code: str, limits: Limits | None = None) -> tuple[str, str]:
    """Text that a cell printed, and the name of the error it ended with."""
    with StudentSession(sandbox, limits or Limits(), seed=1) as session:
        result = session.run_cell(code)
    text = "".join(output.get("text", "") for output in result.outputs)
    return text, result.error["ename"] if result.error else result.died or ""


def test_the_worker_is_no_root_and_has_no_capabilities(bubblewrap: Sandbox) -> None:
    text, error = run(
        bubblewrap,
        "import os\nprint(os.getuid())\nprint(*[l for l in open('/proc/self/status') if l.startswith(('CapEff', 'CapBnd', 'NoNewPrivs'))])",
    )
    assert not error
    lines = text.split()
    assert lines[0] != "0"
    assert dict(zip(lines[1::2], lines[2::2], strict=True)) == {
        "CapEff:": "0" * 16,
        "CapBnd:": "0" * 16,
        "NoNewPrivs:": "1",
    }


def test_course_and_home_are_out_of_sight(bubblewrap: Sandbox) -> None:
    root = Path(__file__).parents[2]
    code = f"""
import os
paths = {str(root / "source")!r}, {str(root / "autograder")!r}, {os.path.expanduser("~")!r} + "/.ssh", "/home", "/etc/passwd"
print([p for p in paths if os.path.exists(p)])
import importlib.util
print(importlib.util.find_spec("autograder"))
print(sorted(os.listdir("/course/lib")))
"""
    assert run(bubblewrap, code) == ("[]\nNone\n['data', 'llmkit', 'worker']\n", "")


def test_the_courses_data_is_there_and_a_download_fails_at_once(bubblewrap: Sandbox) -> None:
    code = """
from llmkit import data
print(len(data.load("short-story", lang="pt-BR")) > 1000)
try:
    data.load("tiny-shakespeare")
except data.DataError as error:
    print("LLMKIT_OFFLINE is set" in str(error))
"""
    assert run(bubblewrap, code) == ("True\nTrue\n", "")


@pytest.mark.parametrize(
    "path", ["/x", "/usr/x", "/course/lib/llmkit/x", "/course/lib/data/x", "/dev/x", "/proc/x", "/etc/x"]
)
def test_nothing_but_scratch_is_writable(bubblewrap: Sandbox, path: str) -> None:
    assert run(bubblewrap, f"open({path!r}, 'w')")[1] in ("OSError", "PermissionError", "FileNotFoundError")


def test_scratch_is_private_and_bounded(bubblewrap: Sandbox) -> None:
    assert run(bubblewrap, "open('/tmp/left', 'w').write('x')")[1] == ""
    assert run(bubblewrap, "import os; print(os.listdir('/tmp'))")[0] == "['home']\n"
    small = Limits(scratch_megabytes=1)
    assert run(bubblewrap, "open('/tmp/big', 'wb').write(b'x' * (2 << 20))", small)[1] == "OSError"
    assert run(bubblewrap, "open('/dev/shm/big', 'wb').write(b'x' * (2 << 20))", small)[1] == "OSError"


def test_no_network(bubblewrap: Sandbox) -> None:
    assert run(bubblewrap, "import socket; socket.create_connection(('127.0.0.1', 22), 1)")[1] in (
        "OSError",
        "ConnectionRefusedError",
    )


def test_other_processes_are_out_of_sight(bubblewrap: Sandbox) -> None:
    text, _ = run(bubblewrap, "import os; print(len([n for n in os.listdir('/proc') if n.isdigit()]))")
    assert int(text) <= 3


@pytest.mark.parametrize(
    "call", ["unshare(0x10000000)", "ptrace(0, 0, 0, 0)", "mount(b'none', b'/tmp', b'tmpfs', 0, None)", "setns(0, 0)"]
)
def test_dangerous_system_calls_are_refused(bubblewrap: Sandbox, call: str) -> None:
    assert (
        run(bubblewrap, f"import ctypes; c = ctypes.CDLL(None, use_errno=True); print(c.{call}, ctypes.get_errno())")[0]
        == "-1 1\n"
    )


def test_memory_processes_and_files_are_bounded(bubblewrap: Sandbox) -> None:
    assert run(bubblewrap, "a = bytearray(5 << 30)")[1] == "MemoryError"
    forks = "import os, time\nfor _ in range(100):\n    if os.fork() == 0: time.sleep(3); os._exit(0)"
    assert run(bubblewrap, forks)[1] == "BlockingIOError"
    few = Limits(file_bytes=1 << 20)
    assert run(bubblewrap, "open('/tmp/f', 'wb').write(b'x' * (4 << 20))", few)[1] != ""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give each worker a user of its own")
def test_a_worker_that_uses_up_its_processes_takes_none_from_another(bubblewrap: Sandbox) -> None:
    forks = "import os, time\nfor _ in range(100):\n    if os.fork() == 0: time.sleep(60); os._exit(0)"
    with StudentSession(bubblewrap, Limits()) as greedy:
        error = greedy.run_cell(forks).error
        assert error is not None and error["ename"] == "BlockingIOError"
        assert run(bubblewrap, "import os\nif os.fork() == 0: os._exit(0)\nprint('fine')") == ("fine\n", "")


def test_descendants_end_with_the_worker(bubblewrap: Sandbox) -> None:
    marker = f"{os.getpid()}8765"
    run(bubblewrap, f"import subprocess; subprocess.Popen(['sleep', '{marker}'], start_new_session=True)")

    def alive() -> bool:
        found = False
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                found = found or marker.encode() in path.read_bytes()
        return found

    deadline = time.monotonic() + 5
    while alive() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive()


def test_random_numbers_differ_by_seed_and_repeat(bubblewrap: Sandbox) -> None:
    code = "import random, numpy, torch; print(random.random(), numpy.random.rand(), torch.rand(1).item())"

    def draw(seed: int) -> str:
        with StudentSession(bubblewrap, Limits(), seed=seed) as session:
            return str(session.run_cell(code).outputs)

    assert draw(1) == draw(1) != draw(2)


def test_a_student_cannot_stop_the_grading_of_others(bubblewrap: Sandbox) -> None:
    forged = """
import json, os, struct
data = json.dumps({"ok": False, "sandbox": "forged"}).encode()
for fd in range(3, 256):
    try: os.write(fd, struct.pack(">II", len(data), 0) + data)
    except OSError: pass
"""
    with StudentSession(bubblewrap, Limits(), seed=1) as session:
        session.run_cell("1")
        session.run_cell(forged)
        session.run_cell("2")
    assert run(bubblewrap, "print('next')") == ("next\n", "")


def test_grading_fails_closed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxUnavailable, match="bubblewrap is not installed"):
        open_sandbox("bubblewrap")
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'bwrap: No permissions to create a new namespace' >&2\nexit 1\n")
    broken.chmod(0o755)
    with pytest.raises(SandboxUnavailable, match=r"No permissions.*Remedy: allow unprivileged"):
        open_sandbox("bubblewrap")
    with pytest.raises(SandboxUnavailable, match="no sandbox called"):
        open_sandbox("strong")


@pytest.mark.parametrize("machine", sorted(isolate._ARCHES))
def test_the_filter_jumps_inside_itself(machine: str) -> None:
    raw = isolate.filter_program(machine)
    lines = [struct.unpack("HBBI", raw[i : i + 8]) for i in range(0, len(raw), 8)]
    assert lines[-1][0] == 0x06 and lines[-1][3] == 0x7FFF0000
    for index, (code, yes, no, _) in enumerate(lines):
        if code & 7 == 5:
            assert index + 1 + max(yes, no) < len(lines)
