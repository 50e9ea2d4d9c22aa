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
def streamed(function: Any, table: Any, *args: Any, most: int | None = None, **options: Any) -> dict[str, Any]:
    """Iterates over `function(model, *args, **options)`, where `model(ids, caches)` is a toy that remembers in its caches.

    Args:
        function: one that generates tokens with a model and a list of caches, one for each of `model.layers`.
        table: (V, V) logits; the toy's row for a token is its own id, and those before it, weighted with their places, modulo V.
        args: further positional arguments.
        most: how many tokens are taken; by default all.
        options: keyword arguments.

    Returns:
        "result": the tokens, as a list. "seen": the ids that the model was given, call by call, as lists.
    """
    from itertools import islice

    import torch

    calls: list[list[int]] = []

    class Toy(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table = torch.nn.Parameter(table)
            self.layers = torch.nn.ModuleList(torch.nn.Identity() for _layer in range(2))

        def forward(self, ids: Any, caches: Any = None) -> Any:
            calls.append(ids[0].tolist())
            logits: Any = 0
            for number in range(len(self.layers)):
                cache = {} if caches is None else caches[number]
                past = cache["keys"] if cache else ids[:, :0]
                cache["keys"] = cache["values"] = seen = torch.cat([past, ids], dim=1)
                places = torch.arange(1, seen.shape[1] + 1, device=ids.device)
                rows = (seen * places).cumsum(dim=1) % len(self.table)
                logits = logits + self.table[rows[:, past.shape[1] :]]
            return logits

    result = list(islice(function(Toy(), *args, **options), most))
    return {"result": result, "seen": calls}


@probe
def in_pieces(module: Any, whole: Any, lengths: list[int], caches: Any) -> dict[str, Any]:
    """Calls `module(piece, caches)` for one piece of `whole` after the other.

    Args:
        module: a module that keeps what it has read in its second argument.
        whole: (B, T, ...), cut along its second axis.
        lengths: of the pieces.
        caches: a dictionary, or a list of dictionaries.

    Returns:
        "result": the outputs, joined along the second axis. "values": the caches afterwards.
    """
    import torch

    with torch.no_grad():
        result = torch.cat([module(piece, caches) for piece in whole.split(lengths, dim=1)], dim=1)
    return {"result": result, "values": caches}


@probe
def drawn(function: Any, *args: Any, seed: int, times: int = 1, **options: Any) -> list[Any]:
    """Results of `function(*args, generator=..., **options)`, `times` in a row with the same torch.Generator of this seed."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    return [function(*args, generator=generator, **options) for _ in range(times)]
