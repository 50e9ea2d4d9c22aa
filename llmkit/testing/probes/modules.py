"""A module, or a function of tensors: its gradients, weights and modes, and how it uses a model."""

from __future__ import annotations

from typing import Any

from llmkit.testing.probes.register import probe


@probe
def gradients(model: Any, *inputs: Any, weights: Any = None, seed: int = 0) -> dict[str, Any]:
    """Gradients of the loss `(model(*inputs) * weights).sum()`.

    Args:
        model: a module or a function of tensors.
        inputs: tensors; floating-point ones get a gradient.
        weights: tensor of the output's shape; ones when None.
        seed: of torch's global random state during the call, for dropout; the state is restored afterwards.

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
    """Whether each parameter of a module requires a gradient, by name."""
    return {name: parameter.requires_grad for name, parameter in model.named_parameters()}


@probe
def seeded(function: Any, *args: Any, seed: int) -> Any:
    """`function(*args)` with torch's global random state seeded, and restored afterwards."""
    return _seeded(function, *args, seed=seed)


def _seeded(function: Any, *args: Any, seed: int) -> Any:
    import torch

    from llmkit.runtime import seed_torch

    state = torch.get_rng_state()
    try:
        seed_torch(seed)
        return function(*args)
    finally:
        torch.set_rng_state(state)


@probe
def weights_of(value: Any, *, buffers: bool = False) -> list[tuple[str, Any, str]] | None:
    """Name, value and kind of each parameter of a module.

    Args:
        value: a module, or anything else.
        buffers: whether to tell the buffers, too, after the parameters.

    Returns:
        The kind is "linear" for the (out, in) matrix of an nn.Linear, "buffer" for a buffer, else "plain". None unless it is a module.
    """
    import torch

    if not isinstance(value, torch.nn.Module):
        return None
    # A class may say something else of its own parameters.
    linear = {id(part.weight) for part in torch.nn.Module.modules(value) if isinstance(part, torch.nn.Linear)}
    told = [
        (name, parameter.detach().clone(), "linear" if id(parameter) in linear else "plain")
        for name, parameter in torch.nn.Module.named_parameters(value)
    ]
    if buffers:
        told += [(name, held.detach().clone(), "buffer") for name, held in torch.nn.Module.named_buffers(value)]
    return told


@probe
def fill(module: Any, *, values: dict[str, Any]) -> None:
    """Writes values into the parameters, and the buffers, of a module that have these names; the others keep theirs."""
    import torch

    held = dict(torch.nn.Module.named_parameters(module)) | dict(torch.nn.Module.named_buffers(module))
    with torch.no_grad():
        for name, value in values.items():
            held[name].copy_(value)


@probe
def watched(
    function: Any, model: Any, *args: Any, backward: bool = False, look: tuple[Any, ...] | None = None, **kwargs: Any
) -> dict[str, Any]:
    """Calls `function(model, *args, **kwargs)` and reports how it used the model.

    Args:
        function: takes a module as its first argument.
        model: the module.
        *args: its other positional arguments.
        backward: whether the result is a loss to compute gradients of.
        look: what the model is called with afterwards, without gradients: a tuple of arguments; by default it is not called.
        **kwargs: its keyword arguments.

    Returns:
        "result". "training" and "recording": whether the model was in training mode, and gradients were recorded, in each of its
        calls. "training_after": its mode afterwards. "gradients": by name, None where there is none. "after": the model's output on
        `look`, which tells the mode of a `Telling` model.
    """
    import torch

    training: list[bool] = []
    recording: list[bool] = []

    def note(module: Any, _inputs: Any) -> None:
        training.append(all(part.training for part in module.modules()))
        recording.append(torch.is_grad_enabled())

    hook = model.register_forward_pre_hook(note)
    model.zero_grad()
    try:
        result = function(model, *args, **kwargs)
    finally:
        hook.remove()
    if backward:
        result.backward()
    found = {name: parameter.grad for name, parameter in model.named_parameters()}
    # The caller may compute gradients of its own afterwards, which would be added to these.
    model.zero_grad()
    with torch.no_grad():
        after = None if look is None else model(*look)
    return {
        "result": result,
        "training": training,
        "recording": recording,
        "training_after": model.training,
        "gradients": found,
        "after": after,
    }


@probe
def with_gradients(
    function: Any, values: list[Any], gradients: list[Any], *args: Any, generator: bool = False
) -> dict[str, Any]:
    """Calls `function(parameters, *args)` on parameters that have given gradients.

    Args:
        function: takes parameters as its first argument.
        values: tensors that become parameters.
        gradients: one for each, or None.
        *args: its other positional arguments.
        generator: whether it gets a generator of the parameters, as from `model.parameters()`, rather than a list.

    Returns:
        "result". "values" and "gradients" of the parameters afterwards.
    """
    import torch

    parameters = [torch.nn.Parameter(value.detach().clone()) for value in values]
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = None if gradient is None else gradient.detach().clone()
    result = function((one for one in parameters) if generator else parameters, *args)
    return {
        "result": result,
        "values": [parameter.detach() for parameter in parameters],
        "gradients": [parameter.grad for parameter in parameters],
    }
