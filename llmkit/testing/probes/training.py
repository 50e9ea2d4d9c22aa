"""Training: steps with an optimiser, whole runs, and the callbacks on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from llmkit.testing.probes.register import probe


@probe
def trained(function: Any, model: Any, make_optimizer: Any, *rounds: tuple[Any, ...], **kwargs: Any) -> dict[str, Any]:
    """Calls `function(model, optimizer, *args, **kwargs)` once for each tuple of arguments, with one optimiser made here.

    Args:
        function: a training step.
        model: a module; it is changed.
        make_optimizer: returns an optimiser for some parameters, such as `functools.partial(torch.optim.SGD, lr=0.1)`.
        *rounds: arguments of each call.
        **kwargs: keyword arguments, the same in each call.

    Returns:
        "results": of each call. "parameters": their values afterwards, by name. "steps": how often the optimiser stepped.
        "held": how many tensors waited for a backward pass at each call of the model, which costs memory.
    """
    import weakref

    import torch

    class Saved:
        def __init__(self, tensor: torch.Tensor) -> None:
            self.tensor = tensor

    waiting: weakref.WeakSet[Saved] = weakref.WeakSet()
    held: list[int] = []
    steps: list[None] = []

    def keep(tensor: torch.Tensor) -> Saved:
        saved = Saved(tensor)
        waiting.add(saved)
        return saved

    optimizer = make_optimizer(model.parameters())
    optimizer.register_step_post_hook(lambda *_about: steps.append(None))
    model.register_forward_pre_hook(lambda *_about: held.append(len(waiting)))
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda saved: saved.tensor):
        results = [function(model, optimizer, *args, **kwargs) for args in rounds]
    parameters = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
    return {"results": results, "parameters": parameters, "steps": len(steps), "held": held}


class _Batches:
    """Batches that start elsewhere in each pass, like a shuffling loader."""

    def __init__(self, batches: Sequence[Any]) -> None:
        self._batches, self._passes = list(batches), 0

    def __len__(self) -> int:
        return len(self._batches)

    def __iter__(self) -> Iterator[Any]:
        first = self._passes % len(self._batches)
        self._passes += 1
        yield from self._batches[first:] + self._batches[:first]


class _Listener:
    """A callback that records its calls, and asks to stop after a given step."""

    def __init__(self, stop_after: int | None) -> None:
        self.told: list[list[Any]] = []
        self._stop_after = stop_after

    def on_step(self, step: int, loss: float, tokens: int) -> bool:
        self.told.append(["step", step, loss, tokens])
        return step == self._stop_after

    def on_eval(self, step: int, train_loss: float, validation_loss: float) -> None:
        self.told.append(["eval", step, train_loss, validation_loss])


@probe
def training_run(
    train: Any,
    model: Any,
    batches: Sequence[Any],
    steps: int,
    *,
    lr: float = 0.1,
    decay: float | None = None,
    measured: bool = True,
    listening: bool = True,
    stop_after: int | None = None,
    **options: Any,
) -> dict[str, Any]:
    """Trains a copy of a model with the student's loop.

    Args:
        train: called as `train(model, loader, optimizer, steps, measure=, scheduler=, callback=, **options)`; the last three
            are left out if not requested.
        model: a module.
        batches: pairs of inputs and targets; the loader yields them in another order in each pass.
        steps: number of steps that the loop is asked for.
        lr: learning rate of stochastic gradient descent.
        decay: factor by which a scheduler multiplies the rate after each step; by default no scheduler.
        measured: whether the loop gets a `measure`. It returns the sum of the weights and how often it was called, and leaves the
            model in evaluation mode.
        listening: whether the loop gets a callback.
        stop_after: the step after which the callback asks to stop.
        options: passed on to the loop.

    Returns:
        "history": the return value. "told": what the callback received. "rate": the learning rate at the end. "weights": the
        model's values at the end.
    """
    import copy

    import torch

    model = copy.deepcopy(model).eval()
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.5)
    asked: list[None] = []

    def measure() -> tuple[float, float]:
        asked.append(None)
        model.eval()
        return sum(float(value.detach().double().sum()) for value in model.parameters()), float(len(asked))

    listener = _Listener(stop_after)
    if measured:
        options["measure"] = measure
    if decay is not None:
        options["scheduler"] = torch.optim.lr_scheduler.ExponentialLR(optimizer, decay)
    if listening:
        options["callback"] = listener
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        history = train(model, _Batches(batches), optimizer, steps, **options)
    return {
        "history": history,
        "told": listener.told,
        "rate": optimizer.param_groups[0]["lr"],
        "weights": {name: value.clone() for name, value in model.state_dict().items()},
    }
