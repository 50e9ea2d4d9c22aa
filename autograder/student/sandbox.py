"""Sandbox backends, in which workers run. `bubblewrap` is for other people's code, `none` for your own."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import llmkit
from autograder.errors import SandboxUnavailable
from autograder.student.limits import Limits
from autograder.student.worker import wire
from llmkit import data
from llmkit.data import download

WORKER_FOLDER = Path(__file__).parent / "worker"
COLABS_FOLDER = "/content"  # where Colab's notebooks run; workers have an empty one, because their cells name it
START_SECONDS = 120  # importing torch from a cold disk


class Connection(Protocol):
    """One live worker."""

    channel: socket.socket

    def kill(self) -> None:
        """Ends the worker and all its descendants."""

    def exit_code(self) -> int | None:
        """Waits a moment for the worker to end; its exit code as a shell reports it (128 + signal), None if unknown."""


class Sandbox(Protocol):
    """Starts workers."""

    name: str

    def spawn(self, seed: int, limits: Limits) -> Connection:
        """Starts a fresh worker that knows nothing of any other."""

    def close(self) -> None:
        """Ends every worker."""


def _await_worker(worker: Connection) -> None:
    """Waits until a worker is past its set-up: what it says before that is ours, and nothing that it says after can pass for it.

    Raises:
        SandboxUnavailable: it could not enter the sandbox.
    """
    try:
        said, _blob = wire.receive(worker.channel, time.monotonic() + START_SECONDS)
        reason = str(said.get("sandbox", "it said something else")).strip().splitlines()[-1]
    except (wire.Closed, wire.WireError, OSError) as error:
        said, reason = {}, f"it did not begin ({type(error).__name__}, exit code {worker.exit_code()})"
    if said.get("ready") is not True:
        worker.kill()
        raise SandboxUnavailable(
            f"a worker could not enter its sandbox: {reason}", "see the system requirements in docs/sandbox.md"
        )


class WarmParent:
    """One process that has imported what every notebook imports; every worker is its fork.

    Args:
        command: starts it; "{fd}" stands for the number of its control socket.
        environment: its environment.
        remedy: what to do when it cannot start, by its last words.
    """

    name = ""

    def __init__(self, command: list[str], environment: dict[str, str], remedy: Callable[[str], str]) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  (lives as long as the sandbox)
        self._process = subprocess.Popen(
            [part.format(fd=theirs.fileno()) for part in command],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._errors,
            env=environment,
            process_group=0,  # Ctrl-C in a terminal is for the process that grades, which ends this one
        )
        theirs.close()
        self._remedy = remedy
        self._begin(owner=True)

    def _begin(self, owner: bool) -> None:
        self._owner = owner
        self._lock = threading.Lock()
        self._ended: dict[int, int] = {}
        self._next = 0
        self._closed = False
        atexit.register(self.close)

    def await_ready(self) -> None:
        """Waits until it can fork workers.

        Raises:
            SandboxUnavailable: it cannot start here.
        """
        self._line.settimeout(START_SECONDS)
        try:
            if not self._line.recv(65536):
                raise ConnectionError
        except (OSError, ConnectionError):
            reason = self._last_words()
            self.close()
            raise SandboxUnavailable(f"the sandbox could not start: {reason}", self._remedy(reason)) from None
        self._listen_from_now_on()

    def _listen_from_now_on(self) -> None:
        self._line.settimeout(None)
        self._reader = threading.Thread(target=self._listen, daemon=True, name="sandbox-events")
        self._reader.start()

    def join(self) -> None:
        """In a fork of the process that opened this sandbox: a line of its own to the same warm parent."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        socket.send_fds(self._line, [b'{"op": "join"}'], [theirs.fileno()])
        theirs.close()
        self._line.close()
        self._line = ours
        self._begin(owner=False)
        self._listen_from_now_on()

    def spawn(self, seed: int, limits: Limits) -> Connection:
        ours, theirs = socket.socketpair()
        with self._lock:
            self._next += 1
            ident = self._next
            request = {"op": "fork", "id": ident, "seed": seed, "limits": limits.for_worker()}
            try:
                socket.send_fds(self._line, [json.dumps(request).encode()], [theirs.fileno()])
            except OSError:
                raise SandboxUnavailable(
                    f"the sandbox has ended: {self._last_words()}", "run the command again"
                ) from None
            finally:
                theirs.close()
        fork = _Fork(self, ident, ours)
        _await_worker(fork)
        return fork

    @property
    def ended(self) -> bool:
        """Whether it can start no more workers, where it was opened; a fork does not know."""
        return self._owner and self._process.poll() is not None

    def kill(self, ident: int) -> None:
        with self._lock, contextlib.suppress(OSError):
            self._line.send(json.dumps({"op": "kill", "id": ident}).encode())

    def status_of(self, ident: int, wait: float) -> int | None:
        deadline = time.monotonic() + wait
        while ident not in self._ended and time.monotonic() < deadline:
            time.sleep(0.005)
        return self._ended.get(ident)

    def _listen(self) -> None:
        while True:
            try:
                data = self._line.recv(65536)
            except OSError:
                return
            if not data:
                return
            event = json.loads(data)
            self._ended[event["ended"]] = event["status"]

    def _last_words(self) -> str:
        if not self._owner:
            return "see the process that started it"
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=2)
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "no reason was given"

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        atexit.unregister(self.close)
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._line.close()
        if not self._owner:
            return
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()


class Bubblewrap(WarmParent):
    """A warm parent inside bubblewrap, whose forks enter namespaces of their own (see worker/isolate.py).

    Raises:
        SandboxUnavailable: bubblewrap is missing; nothing is graded then.
    """

    name = "bubblewrap"

    def __init__(self) -> None:
        program = shutil.which("bwrap")
        if program is None:
            raise SandboxUnavailable(
                "bubblewrap is not installed",
                "install it (Debian, Ubuntu: sudo apt-get install bubblewrap), or grade on Linux or in the container image; "
                "for your own notebooks only: --sandbox none",
            )
        arguments, python = _bwrap_arguments()
        super().__init__(
            [program, *arguments, python, "-m", "worker", "zygote", "{fd}", "isolated", "optimizers"],
            _environment("/course/lib") | {"LLMKIT_CACHE": "/course/cache"},
            lambda reason: (
                "allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1, or "
                "kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu), or grade in the container image; "
                "for your own notebooks only: --sandbox none"
                if reason.startswith("bwrap")
                else 'install the course with its extras: pip install -e ".[instructor]" -c constraints.txt'
            ),
        )


class PlainForks(WarmParent):
    """A warm parent whose forks have this user's rights: only for code that you would run yourself anyway. On Linux."""

    name = "none"

    def __init__(self, optimizers: bool = True) -> None:
        for_optimizers = ["optimizers"] if optimizers else []
        super().__init__(
            [sys.executable, "-m", "autograder.student.worker", "zygote", "{fd}", "plain", *for_optimizers],
            os.environ | _environment(str(WORKER_FOLDER.parents[2])),
            lambda reason: f"try: {sys.executable} -c 'import torch, IPython, llmkit'",
        )


class _Fork:
    def __init__(self, sandbox: WarmParent, ident: int, channel: socket.socket) -> None:
        self.channel = channel
        self._sandbox, self._ident = sandbox, ident

    def kill(self) -> None:
        self._sandbox.kill(self._ident)
        self.channel.close()

    def exit_code(self) -> int | None:
        return self._sandbox.status_of(self._ident, wait=2.0)


class PlainProcesses:
    """A process per notebook with this user's rights: where a process that has imported torch should not fork (macOS, Windows)."""

    name = "none"
    ended = False

    def spawn(self, seed: int, limits: Limits) -> Connection:
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(START_SECONDS)
            token = secrets.token_hex(16)
            process = subprocess.Popen(
                [sys.executable, "-m", "autograder.student.worker", "single", str(server.getsockname()[1]), token],
                env=os.environ | _environment(str(WORKER_FOLDER.parents[2])) | {"LLMKIT_WORKER_SEED": str(seed)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            while True:
                try:
                    channel, _ = server.accept()
                except TimeoutError:
                    process.kill()
                    raise SandboxUnavailable(
                        "the worker process did not start", f"try: {sys.executable} -c 'import torch, IPython, llmkit'"
                    ) from None
                channel.settimeout(5)
                # Another local process may knock first: only the worker knows the token.
                if channel.recv(len(token), socket.MSG_WAITALL) == token.encode():
                    worker = _Process(process, channel)
                    _await_worker(worker)
                    return worker
                channel.close()

    def close(self) -> None:
        pass


class _Process:
    def __init__(self, process: subprocess.Popen[bytes], channel: socket.socket) -> None:
        self.channel = channel
        self._process = process

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self.channel.close()

    def exit_code(self) -> int | None:
        try:
            code = self._process.wait(timeout=2.0)
        except subprocess.TimeoutExpired:
            return None
        return code if code >= 0 else 128 - code


def open_sandbox(name: str) -> WarmParent | PlainProcesses:
    """The backend of that name, ready to start workers; fails closed.

    Raises:
        SandboxUnavailable: it cannot start here, or there is none of that name.
    """
    if name == "none" and sys.platform != "linux":
        return PlainProcesses()
    box = start_sandbox(name)
    box.await_ready()
    return box


def start_sandbox(name: str, optimizers: bool = True) -> WarmParent:
    """As `open_sandbox` on Linux, but still importing: `await_ready` waits for it.

    Args:
        name: of the backend.
        optimizers: whether notebooks will make optimisers; what they need takes as long to import as torch itself.

    Raises:
        SandboxUnavailable: there is none of that name, or bubblewrap is missing.
    """
    if name == "bubblewrap":
        return Bubblewrap()
    if name == "none":
        return PlainForks(optimizers)
    raise SandboxUnavailable(f"there is no sandbox called {name!r}", "choose bubblewrap or none")


def _environment(python_path: str) -> dict[str, str]:
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": "/tmp",
        "TMPDIR": "/tmp",
        "PYTHONPATH": python_path,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "MPLBACKEND": "agg",
        "LLMKIT_GRADING": "1",
        # There is no network, so no time is lost waiting for one.
        "LLMKIT_OFFLINE": "1",
        "HF_HUB_OFFLINE": "1",
    }


def _bwrap_arguments() -> tuple[list[str], str]:
    """What the warm parent sees, and its interpreter: the system and Python read-only, llmkit and its data, the worker's own folder.

    No source notebook, gradebook or submission is there. The virtual environment and the packages stand under /course, so that
    a checkout under /tmp or in a private home is reachable for a worker that has its own /tmp and is not its owner.
    """
    arguments = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if os.getuid() != 0:
        arguments += ["--unshare-user", "--cap-add", "ALL"]
    arguments += ["--die-with-parent", "--new-session", "--tmpfs", "/tmp"]
    for name in ("lib", "lib64", "lib32", "bin", "sbin"):
        path = Path("/", name)
        if path.is_symlink():
            arguments += ["--symlink", os.readlink(path), str(path)]
        elif path.exists():
            arguments += ["--ro-bind", str(path), str(path)]
    for name in ("/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types", "/etc/alternatives"):
        arguments += ["--ro-bind-try", name, name]
    base = Path(sys.base_prefix).resolve()
    # bubblewrap creates missing parents for its own user only.
    for folder in (*reversed(base.parents[:-1]), Path("/course"), Path("/course/lib"), Path(COLABS_FOLDER)):
        arguments += ["--perms", "0755", "--dir", str(folder)]
    for path in (Path("/usr"), *([] if base.is_relative_to("/usr") else [base])):
        arguments += ["--ro-bind", str(path), str(path)]
    python = sys.executable
    if sys.prefix != sys.base_prefix:
        arguments += ["--ro-bind", sys.prefix, "/course/venv"]
        python = str(Path("/course/venv") / Path(sys.executable).relative_to(sys.prefix))
    arguments += ["--ro-bind", str(WORKER_FOLDER), "/course/lib/worker"]
    arguments += ["--ro-bind", str(Path(llmkit.__file__).parent.resolve()), "/course/lib/llmkit"]
    package = Path(llmkit.__file__).parent
    if not data.SHIPPED.is_relative_to(package):
        arguments += ["--ro-bind-try", str(data.SHIPPED.resolve()), f"/course/lib/{data.SHIPPED.name}"]
    # What the instructor has fetched (`llmkit data fetch`).
    arguments += ["--ro-bind-try", str(download.cache().resolve()), "/course/cache"]
    arguments += ["--proc", "/proc", "--dev", "/dev", "--chdir", "/tmp", "--remount-ro", "/"]
    return arguments, python
