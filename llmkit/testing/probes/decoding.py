"""Decoding: what is generated and drawn."""

from __future__ import annotations

from typing import Any

from llmkit.testing.probes.register import probe


@probe
def generated(
    function: Any, model: Any, *args: Any, training: bool = True, look: tuple[Any, ...] | None = None, **options: Any
) -> dict[str, Any]:
    """Calls `function(model, *args, **options)`, and observes how it uses the model.

    Args:
        function: one that generates with a model.
        model: a module that takes token ids.
        args: further positional arguments.
        training: the model's mode before the call.
        look: what the model is called with afterwards, without gradients: a tuple of arguments; by default it is not called.
        options: keyword arguments.

    Returns:
        "result": the function's. "seen": the ids that the model was given, call by call; "training" and "gradients": its
        mode and whether gradients were recorded, in each of these calls. "training_after": its mode at the end. "after": its output
        on `look`.
    """
    import torch

    calls: list[tuple[Any, bool, bool]] = []

    class Watched(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: Any) -> Any:
            calls.append((ids.clone(), self.training, torch.is_grad_enabled()))
            return self.model(ids)

    module = Watched().train(training)
    result = function(module, *args, **options)
    told = list(calls)
    with torch.no_grad():
        after = None if look is None else module(*look)
    return {
        "result": result,
        "seen": [ids for ids, _, _ in told],
        "training": [mode for _, mode, _ in told],
        "gradients": [recorded for _, _, recorded in told],
        "training_after": module.training,
        "after": after,
    }


@probe
def drawn(function: Any, *args: Any, seed: int, times: int = 1, **options: Any) -> list[Any]:
    """Results of `function(*args, generator=..., **options)`, `times` in a row with the same torch.Generator of this seed."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    return [function(*args, generator=generator, **options) for _ in range(times)]
