"""What one cell can change for all code of its process, and how that is put back before the course's code and the tests run."""

from __future__ import annotations

import builtins
import contextlib
import operator
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from . import changes

# Name as students know it, how to read it, how to set it.
Setting = tuple[str, Callable[[], Any], Callable[[Any], Any]]

# Modules whose functions are worth putting back. Optimisers change their own classes, so only the names of torch.optim are watched.
_MODULES = (
    *("math", "random", "time", "copy", "json", "re", "collections", "itertools", "functools", "numpy"),
    *("torch", "torch.linalg", "torch.nn", "torch.nn.functional", "torch.nn.init", "torch.optim", "torch.utils.data"),
)
_NOT_WATCHED = {"__dict__", "__weakref__", "__doc__", "__module__", "__annotations__", "__abstractmethods__"}
_FOLLOWS = ("torch", "Storage")  # torch sets it itself, with the default type


class _Watched:
    """The functions of a module or class, as they were.

    Args:
        owner: the module or class.
        title: the name that students know.
        known: its own functions.
        inherited: names that a class does not define itself.
    """

    def __init__(self, owner: Any, title: str, known: dict[str, Any], inherited: frozenset[str]) -> None:
        self.title = title
        self._owner, self._known, self._inherited = owner, known, inherited
        self._version = changes.number(vars(owner))
        self._seen = self._version()

    def may_differ(self) -> bool:
        """Whether anything may have been changed since the last look."""
        return self._seen is None or self._version() != self._seen

    def mend(self) -> list[str]:
        """Puts everything back; returns the names of what had been changed."""
        mended = []
        now = vars(self._owner)
        if isinstance(self._owner, type):
            # What covers a method that the class inherits.
            for name in now.keys() & self._inherited:
                delattr(self._owner, name)
                mended.append(name)
        if not all(map(operator.is_, map(now.get, self._known), self._known.values())):
            for name, value in self._known.items():
                if now.get(name) is not value:
                    setattr(self._owner, name, value)
                    mended.append(name)
        self._seen = self._version()
        return mended


class Settings:
    """The settings of this process: the course's, and those that the student's cells have made.

    A student's cell finds torch as earlier cells of the student set it, as in one notebook; the course's cells and the tests
    find everything as the course left it. Made before the first cell runs.
    """

    def __init__(self) -> None:
        self._settings = {name: (read, put) for name, read, put in _settings()}
        self._ours = self._read()
        self._theirs: dict[str, Any] = {}
        self._path = list(sys.path)
        self._home = ""
        self._builtins = {name: value for name, value in vars(builtins).items() if name != "_"}
        self._watched = [
            _Watched(owner, title, dict(_callables(owner)), frozenset(dir(owner)).difference(vars(owner)))
            for owner, title in _owners()
        ]

    @contextlib.contextmanager
    def of_the_course(self) -> Iterator[None]:
        """For one of the course's cells: what it sets stays."""
        self._put(self._ours)
        try:
            yield
        finally:
            self._ours = self._read()

    @contextlib.contextmanager
    def of_the_student(self, tell: Callable[[str], None]) -> Iterator[None]:
        """For one of the student's cells: what it sets comes back only for the student's next.

        Args:
            tell: gets the name of each setting and function that the cell changed and that tests could notice.
        """
        before = self._ours | self._theirs
        self._put(before)
        self._home = self._home or os.getcwd()
        self._mend_places()
        alarm = signal.getsignal(signal.SIGALRM) if hasattr(signal, "SIGALRM") else None
        with warnings.catch_warnings():
            try:
                yield
            finally:
                # These first: without them nothing works.
                mended = self._mend_builtins() + self._mend_functions()
                now = self._read()
                self._theirs = {
                    name: value
                    for name, value in now.items()
                    if value != self._ours[name] and name.startswith("torch.")
                }
                self._put(self._ours)
                self._mend_places()
                if alarm is not None:
                    signal.signal(signal.SIGALRM, alarm)  # ours, which stops what takes too long
        told = [name for name, value in self._theirs.items() if value != before[name]]
        for name in [*told, *mended]:
            if name != "torch.set_printoptions":
                tell(name)

    def _read(self) -> dict[str, Any]:
        return {name: read() for name, (read, _put) in self._settings.items()}

    def _put(self, wanted: dict[str, Any]) -> None:
        for name, (read, put) in self._settings.items():
            if read() != wanted[name]:
                put(wanted[name])

    def _mend_builtins(self) -> list[str]:
        # A dictionary's methods only: any function may have been replaced.
        found = builtins.__dict__.copy()
        builtins.__dict__.update(self._builtins)
        return [name for name, value in self._builtins.items() if found.get(name) is not value]

    def _mend_functions(self) -> list[str]:
        return [
            f"{watched.title}.{name}" for watched in self._watched if watched.may_differ() for name in watched.mend()
        ]

    def _mend_places(self) -> None:
        """Where files and modules are found is the student's choice, as long as the course's modules are found, too."""
        sys.path += [entry for entry in self._path if entry not in sys.path]
        try:
            os.getcwd()
        except OSError:  # the cell has deleted it
            os.chdir(self._home)
        # As in a notebook, a file that a cell writes can be imported by the next.
        for entry in (self._home, ""):
            if entry not in sys.path:
                sys.path.insert(0, entry)
        for folder in (self._home, os.getcwd()):
            sys.path_importer_cache.pop(folder, None)  # what is in it may be newer than the clock can tell


def _settings() -> list[Setting]:
    import numpy as np
    import torch

    deterministic = torch.are_deterministic_algorithms_enabled
    only_warned = torch.is_deterministic_algorithms_warn_only_enabled
    found: list[Setting] = [
        ("torch.set_default_dtype", torch.get_default_dtype, torch.set_default_dtype),
        ("torch.set_default_device", _default_device, torch.set_default_device),
        ("torch.set_grad_enabled", torch.is_grad_enabled, torch.set_grad_enabled),
        (
            "torch.use_deterministic_algorithms",
            lambda: (deterministic(), only_warned()),
            lambda value: torch.use_deterministic_algorithms(value[0], warn_only=value[1]),
        ),
        (
            "torch.set_float32_matmul_precision",
            torch.get_float32_matmul_precision,
            torch.set_float32_matmul_precision,
        ),
        ("torch.autograd.set_detect_anomaly", torch.is_anomaly_enabled, torch.autograd.set_detect_anomaly),
        ("torch.set_num_threads", torch.get_num_threads, torch.set_num_threads),
        (
            "torch.set_printoptions",
            lambda: dict(vars(torch._tensor_str.PRINT_OPTS)),
            lambda value: torch.set_printoptions(**value),
        ),
        ("numpy.seterr", np.geterr, lambda value: np.seterr(**value)),
        ("numpy.set_printoptions", np.get_printoptions, lambda value: np.set_printoptions(**value)),
        ("sys.setrecursionlimit", sys.getrecursionlimit, sys.setrecursionlimit),
        ("sys.settrace", sys.gettrace, sys.settrace),
    ]
    return found


def _default_device() -> Any:
    """The default device; None where it is the processor, for which torch needs no setting."""
    import torch

    device = torch.get_default_device()
    return None if device.type == "cpu" else device


def _owners() -> Iterator[tuple[Any, str]]:
    """Modules and classes whose functions are watched, with the names that students know."""
    import torch

    for name in _MODULES:
        yield __import__(name, fromlist=["_"]), name
    yield torch.Tensor, "torch.Tensor"
    for name, value in vars(torch.nn).items():
        if isinstance(value, type):
            yield value, f"torch.nn.{name}"


def _callables(owner: Any) -> Iterator[tuple[str, Any]]:
    """Functions, classes and properties that an owner has, without a module's private ones."""
    methods = isinstance(owner, type)
    for name, value in vars(owner).items():
        skipped = name in _NOT_WATCHED if methods else name.startswith("_") or (owner.__name__, name) == _FOLLOWS
        if not skipped and (callable(value) or (methods and isinstance(value, (property, staticmethod, classmethod)))):
            yield name, value
