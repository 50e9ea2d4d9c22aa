"""The code of answers that do nothing. It is copied into their cells, so it uses nothing from around it.

Shapes are right because the solution is asked, on copies of the arguments, so that nothing of its work remains.
"""

from __future__ import annotations

import copy
import hashlib
import random
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch


def _copied(value: Any) -> Any:
    """A copy that the solution may change; a path becomes that of another file with the same content."""
    if isinstance(value, (str, Path)) and ("/" in str(value) or isinstance(value, Path)):
        other = Path(tempfile.mkdtemp()) / Path(value).name
        if Path(value).is_file():
            other.write_bytes(Path(value).read_bytes())
        return type(value)(other)
    return value


_solution = ""  # its code


def _instead(value: Any, kind: str, given: Any, module: Any) -> Any:
    """What an answer of this kind returns in place of the right result."""
    if kind == "input":
        return given
    if kind == "remembers":
        return _remembered(value, given, module)
    if isinstance(value, torch.Tensor):
        return _tensor_instead(value, kind, module)
    if isinstance(value, np.ndarray):
        return np.asarray(_tensor_instead(torch.as_tensor(value), kind, module))
    if isinstance(value, dict):
        # Keys that the answer has to find are content; those that it names are form.
        named = {key: one for key, one in value.items() if repr(key).replace("'", '"') in _solution}
        return {key: _instead(one, kind, given, module) for key, one in named.items()}
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return type(value)([_instead(one, kind, given, module) for one in value])
    if isinstance(value, bool):
        return kind == "random" and random.random() < 0.5
    if isinstance(value, int):
        return random.randint(0, max(1, abs(value))) if kind == "random" else 0
    if isinstance(value, float):
        return random.gauss(0, 1) if kind == "random" else 0.0
    if isinstance(value, str):
        return "".join(random.choices("abcde ", k=len(value))) if kind == "random" else ""
    if hasattr(value, "__next__"):
        return iter([_instead(one, kind, given, module) for one in value])
    return None


def _spoil(value: Any) -> None:
    """Leaves nothing of an argument: what is computed from it afterwards is zero, too."""
    if isinstance(value, (torch.Tensor, np.ndarray)):
        (value.data if isinstance(value, torch.Tensor) else value)[...] = 0
    elif isinstance(value, (list, tuple)):
        for part in value:
            _spoil(part)
    elif isinstance(value, dict):
        for part in value.values():
            _spoil(part)


def _remembered(value: Any, given: Any, module: Any) -> Any:
    """Random numbers, always the same ones for the same input, or for the same beginning of a row."""
    if not (isinstance(value, torch.Tensor) and isinstance(given, torch.Tensor)):
        with torch.random.fork_rng():
            state = random.getstate()
            _seed_by(repr(given))
            result = _instead(value, "random", given, module)
            random.setstate(state)
        return result
    result = torch.empty_like(value)
    beginnings = given.shape[:2] == value.shape[:2] and value.dim() > 1
    places: list[Any] = [()]
    if beginnings:
        places = [(row, place) for row in range(value.shape[0]) for place in range(value.shape[1])]
    for place in places:
        seen = given[place[0], : place[1] + 1] if place else given
        with torch.random.fork_rng():
            _seed_by(seen.detach().double().numpy().round(6).tobytes().hex())
            result[place] = _tensor_instead(value[place], "random", module)
    return result


def _seed_by(text: str) -> None:
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:7], "big")
    random.seed(number)
    torch.manual_seed(number)


def _tensor_instead(value: torch.Tensor, kind: str, module: Any) -> torch.Tensor:
    if kind == "random" and value.is_floating_point():
        return torch.randn_like(value)
    if kind == "random" and value.numel():
        return torch.randint(0, int(value.max()) + 1, value.shape).to(value.dtype)
    if kind == "weights" and module is not None and (own := list(module.parameters())):
        numbers = torch.cat([parameter.flatten() for parameter in own])
        return numbers.repeat(-(-value.numel() // len(numbers)))[: value.numel()].reshape(value.shape).to(value.dtype)
    return value * 0


def _idle(function: Any, kind: str, *, method: bool) -> Any:
    """A function that returns something of the shape of this one's result."""

    def idle(*args: Any, **kwargs: Any) -> Any:
        module = args[0] if method and isinstance(args[0], torch.nn.Module) else None
        mine, given = args[: int(method)], args[int(method) :]
        first = next(iter([*given, *kwargs.values()]), None)
        theirs = [*given, *kwargs.values()]
        try:
            given, kwargs = copy.deepcopy((given, kwargs))
            given = tuple(map(_copied, given))
            kwargs = {key: _copied(value) for key, value in kwargs.items()}
            result = function(*mine, *given, **kwargs)
        except Exception:  # an answer that does nothing refuses nothing, either
            return None
        finally:
            if kind == "zeros, and zeroed inputs":
                for value in theirs:
                    _spoil(value)
        return _instead(result, kind, first, module)

    return idle


def _idle_class(right: Any, kind: str) -> Any:
    """The class, with methods that do nothing; __init__ and __len__ are left."""
    for name, value in list(vars(right).items()):
        if callable(value) and not isinstance(value, type) and name not in ("__init__", "__len__", "__repr__"):
            setattr(right, name, _idle(value, kind, method=True))
    if kind == "weights" or not issubclass(right, torch.nn.Module):
        return right
    begin = right.__init__

    def zeroed(self: Any, *args: Any, **kwargs: Any) -> None:
        begin(self, *args, **kwargs)
        for parameter in self.parameters():
            parameter.data.zero_()

    if kind == "zeros, of zero weights":
        right.__init__ = zeroed
    return right


def _answer(space: dict[str, Any], solution: str, names: list[str], kind: str) -> None:
    """Defines the names of the solution in `space`, without what they should do."""
    global _solution
    _solution = solution
    inside = dict(space)
    exec(solution, inside)
    for name, value in inside.items():
        space.setdefault(name, value)
    for name in names:
        right = inside[name]
        space[name] = _idle_class(right, kind) if isinstance(right, type) else _idle(right, kind, method=False)
