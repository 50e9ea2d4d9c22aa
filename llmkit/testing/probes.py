"""Probes: small functions that run beside the student's objects: here in a notebook, in the student's process when grading."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

PROBES: dict[str, Callable[..., Any]] = {}


def probe(function: Callable[P, R]) -> Callable[P, R]:
    """Makes a function a probe: given a stand-in for a student's object, it runs where that object lives."""
    PROBES[function.__name__] = function

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for arg in args:
            send = getattr(type(arg), "__llmkit_probe__", None)
            if send is not None:
                return send(arg, function.__name__, args, kwargs)  # type: ignore[no-any-return]
        return function(*args, **kwargs)

    return run


@probe
def gradients(model: Any, *inputs: Any, weights: Any = None, seed: int = 0) -> dict[str, Any]:
    """Gradients of the loss `(model(*inputs) * weights).sum()`.

    Args:
        model: a module or a function of tensors.
        inputs: tensors; floating-point ones get a gradient.
        weights: tensor of the output's shape; ones when None.
        seed: of torch's global random state during the call, for dropout; the state is put back afterwards.

    Returns:
        "inputs": a gradient or None for each input. "parameters": the same by name, empty for a function.
    """
    import torch

    leaves = [
        x.detach().clone().requires_grad_(x.is_floating_point()) if isinstance(x, torch.Tensor) else x for x in inputs
    ]
    named = dict(model.named_parameters()) if isinstance(model, torch.nn.Module) else {}
    for parameter in named.values():
        parameter.grad = None
    output = _seeded(model, *leaves, seed=seed)
    (output if weights is None else output * weights).sum().backward()
    return {
        "inputs": [leaf.grad if isinstance(leaf, torch.Tensor) else None for leaf in leaves],
        "parameters": {name: parameter.grad for name, parameter in named.items()},
    }


@probe
def is_module(value: Any) -> bool:
    """Whether a value is a torch.nn.Module."""
    import torch

    return isinstance(value, torch.nn.Module)


@probe
def requires_grad(model: Any) -> dict[str, bool]:
    """Whether each parameter of a module is to be trained, by name."""
    return {name: parameter.requires_grad for name, parameter in model.named_parameters()}


@probe
def seeded(function: Any, *args: Any, seed: int) -> Any:
    """`function(*args)` with torch's global random state set, and put back afterwards."""
    return _seeded(function, *args, seed=seed)


def _seeded(function: Any, *args: Any, seed: int) -> Any:
    import torch

    state = torch.get_rng_state()
    try:
        torch.manual_seed(seed)
        return function(*args)
    finally:
        torch.set_rng_state(state)


@probe
def weights_of(value: Any) -> list[tuple[str, Any, str]] | None:
    """Name, value and kind of each parameter of a module: "linear" for the (out, in) matrix of an nn.Linear, else "plain"; None for no module."""
    import torch

    if not isinstance(value, torch.nn.Module):
        return None
    linear = {id(part.weight) for part in value.modules() if isinstance(part, torch.nn.Linear)}
    return [
        (name, parameter.detach().clone(), "linear" if id(parameter) in linear else "plain")
        for name, parameter in value.named_parameters()
    ]


@probe
def fill(module: Any, *, values: dict[str, Any]) -> None:
    """Writes values into the parameters of a module."""
    import torch

    with torch.no_grad():
        for name, parameter in module.named_parameters():
            parameter.copy_(values[name])
