"""Entry point inside the sandbox.

`python -m worker zygote FD isolated|plain [optimizers]` forks one worker per submission; `python -m worker single PORT TOKEN` is one worker.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import time
from typing import Any

from . import wire
from .huge_pages import collapse_memory
from .preload import preload


def warm_up(optimizers: bool = True) -> Any:
    """Imports what every notebook imports, single-threaded, and returns the shell that forks inherit.

    Args:
        optimizers: also what the first torch.optim.Optimizer imports, 1.3 s of processor time.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import numpy.random  # noqa: F401
    import torch
    import torch.nn.functional
    import torch.optim

    if optimizers:
        import torch._dynamo
    # Forks of a parent that has run a multi-threaded operation hang.
    torch.set_num_threads(1)
    preload()

    from .shell import StudentShell

    shell = StudentShell()
    shell.run("None")  # IPython imports half of itself at the first cell
    return shell


def single(port: int, token: str) -> None:
    """One worker without a fork, over loopback: for machines that cannot fork or hold a sandbox."""
    from .serve import start

    shell = warm_up()  # before any clock runs: importing torch must not count against the student
    channel = socket.create_connection(("127.0.0.1", port))
    channel.sendall(token.encode())
    start(channel, shell, seed=int(os.environ.get("LLMKIT_WORKER_SEED", "0")))


def zygote(control: socket.socket, isolated: bool, optimizers: bool) -> None:
    """The warm parent: forks a worker for each request, says when one has ended, ends when the last judge hangs up.

    Args:
        control: the line of the judge that started it; others join by a request on a line that is there.
        isolated: whether workers enter namespaces of their own; without, they are plain forks.
        optimizers: see `warm_up`.
    """
    from . import isolate  # not everywhere

    isolate.close_descriptors(control.fileno())
    gc.disable()
    shell = warm_up(optimizers)
    gc.enable()
    gc.collect()
    gc.freeze()
    if isolated:  # of the others there are few forks, which do not earn the third of a second back
        collapse_memory()
    control.send(b'{"ready": true}')
    lines, workers = [control], dict[int, tuple[socket.socket, int]]()
    wakeup_read, wakeup_write = socket.socketpair()
    wakeup_write.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakeup_write.fileno(), warn_on_full_buffer=False)

    while lines:
        ready, _, _ = select.select([*lines, wakeup_read], [], [])
        if wakeup_read in ready:
            wakeup_read.recv(4096)
            _reap(workers)
        for line in [line for line in lines if line in ready]:
            message, fds = _request(line)
            if message is None:
                lines.remove(line)
            elif message["op"] == "join":
                lines.append(socket.socket(fileno=fds[0]))
            elif message["op"] == "fork":
                pid = os.fork()
                if pid == 0:
                    signal.set_wakeup_fd(-1)
                    for inherited in (*lines, wakeup_read, wakeup_write):
                        inherited.close()
                    isolate.close_descriptors(fds[0])
                    (_watch if isolated else _plain)(shell, socket.socket(fileno=fds[0]), message)
                for number in fds:
                    os.close(number)
                workers[pid] = line, message["id"]
            elif message["op"] == "kill":
                for pid in [pid for pid, known in workers.items() if known == (line, message["id"])]:
                    _kill(pid, with_group=not isolated)


def _request(line: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """One request (a packet of JSON) with the descriptors that came with it; None at the end of the stream."""
    try:
        data, fds, _, _ = socket.recv_fds(line, 65536, 4)
    except ConnectionError:
        return None, []
    return (json.loads(data), fds) if data else (None, [])


def _reap(workers: dict[int, tuple[socket.socket, int]]) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        line, ident = workers.pop(pid)
        with contextlib.suppress(OSError):  # that judge has hung up
            line.send(json.dumps({"ended": ident, "status": _exit_code(status)}).encode())


def _kill(pid: int, with_group: bool) -> None:
    """Ends a worker. In a namespace its descendants end with it; a plain fork leads a process group."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    if with_group:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


def _plain(shell: Any, channel: socket.socket, message: dict[str, Any]) -> None:
    """Runs in a fork that nothing isolates. Never returns."""
    from . import isolate
    from .serve import start

    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        isolate.die_with_parent()
        os.setsid()
        start(channel, shell, message["seed"])
    finally:
        os._exit(0)


def _watch(shell: Any, channel: socket.socket, message: dict[str, Any]) -> None:
    """Runs in the first fork: enters new namespaces, forks their first process, reports how the worker ended. Never returns.

    The warm parent cannot do this for its forks: where it is no root, it could not come back from a new namespace of processes.
    """
    from . import isolate

    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        isolate.die_with_parent()
        isolate.unshare(isolate.NEW_NS | isolate.NEW_PID | isolate.NEW_IPC | isolate.NEW_NET | isolate.NEW_UTS)
        pid = os.fork()
        if pid == 0:
            _first_process(shell, channel, message)
        channel.close()
        os._exit(_exit_code(os.waitpid(pid, 0)[1]))
    except BaseException:
        _complain(channel)


def _first_process(shell: Any, channel: socket.socket, message: dict[str, Any]) -> None:
    """Process 1 of the worker's namespace: sets the stage, then waits and watches the memory; all descendants end with it. Never returns."""
    from . import isolate, memory

    try:
        isolate.die_with_parent()
        isolate.own_file_systems(message["limits"]["scratch"])
        pid = os.fork()
        if pid == 0:
            _work(shell, channel, message)
        channel.close()
        while True:
            ended, status = os.waitpid(-1, os.WNOHANG)
            if ended == pid:
                os._exit(_exit_code(status))
            if ended == 0:
                time.sleep(memory.EVERY)
                if memory.is_more_than(message["limits"]["memory"]):
                    os.kill(pid, signal.SIGKILL)
    except BaseException:
        _complain(channel)


def _work(shell: Any, channel: socket.socket, message: dict[str, Any]) -> None:
    from . import isolate
    from .serve import start

    try:
        isolate.die_with_parent()
        os.makedirs("/tmp/home", exist_ok=True)
        os.chmod("/tmp/home", 0o777)
        os.environ.update(HOME="/tmp/home", TMPDIR="/tmp", IPYTHONDIR="/tmp/home")
        os.chdir("/tmp/home")
        isolate.confine(message["limits"])
        os.setsid()
        start(channel, shell, message["seed"])
        os._exit(0)
    except BaseException:
        _complain(channel)


def _exit_code(status: int) -> int:
    """A child's exit code as a shell reports it: 128 + signal where one killed it."""
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _complain(channel: socket.socket) -> None:
    """Tells the judge why the sandbox could not be entered. Never returns."""
    import traceback

    try:
        wire.send(channel, {"ok": False, "sandbox": traceback.format_exc(limit=3)})
    finally:
        os._exit(70)


def main() -> None:
    """Runs what the command line asks for."""
    if sys.argv[1] == "zygote":
        control = socket.socket(fileno=int(sys.argv[2]))
        zygote(control, isolated=sys.argv[3] == "isolated", optimizers="optimizers" in sys.argv[4:])
        os._exit(0)  # whoever hung up waits for this; Python would first free all that torch is
    else:
        single(int(sys.argv[2]), sys.argv[3])


if __name__ == "__main__":
    main()
