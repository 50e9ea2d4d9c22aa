"""Probes: small functions that run beside the student's objects: here in a notebook, in the student's process when grading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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


@probe
def watched(function: Any, model: Any, *args: Any, backward: bool = False, **kwargs: Any) -> dict[str, Any]:
    """Calls `function(model, *args, **kwargs)` and tells how it used the model.

    Args:
        function: takes a module first.
        model: the module.
        *args: its other arguments.
        backward: whether the result is a loss whose gradients are wanted.
        **kwargs: by name.

    Returns:
        "result". "training" and "recording": whether the model was in training mode, and gradients were recorded, in each of its
        calls. "training_after": its mode afterwards. "gradients": by name, None where none arrived.
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
    return {
        "result": result,
        "training": training,
        "recording": recording,
        "training_after": model.training,
        "gradients": found,
    }


@probe
def trained(function: Any, model: Any, make_optimizer: Any, *rounds: tuple[Any, ...], **kwargs: Any) -> dict[str, Any]:
    """Calls `function(model, optimizer, *args, **kwargs)` once for each tuple of arguments, with one optimiser made here.

    Args:
        function: a training step.
        model: a module; it is changed.
        make_optimizer: gives the optimiser for some parameters, such as `functools.partial(torch.optim.SGD, lr=0.1)`.
        *rounds: arguments of each call.
        **kwargs: by name, the same in each call.

    Returns:
        "results": of each call. "parameters": their values afterwards, by name. "steps": how often the optimiser stepped.
        "held": how many tensors waited for a backward pass each time the model was called: what costs memory.
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


@probe
def with_gradients(
    function: Any, values: list[Any], gradients: list[Any], *args: Any, generator: bool = False
) -> dict[str, Any]:
    """Calls `function(parameters, *args)` on parameters that have given gradients.

    Args:
        function: takes parameters first.
        values: tensors that become parameters.
        gradients: one for each, or None.
        *args: its other arguments.
        generator: whether it gets a generator of the parameters, as `model.parameters()` is one, and not a list.

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


@probe
def generated(function: Any, model: Any, *args: Any, training: bool = True, **options: Any) -> dict[str, Any]:
    """Calls `function(model, *args, **options)`, and looks on at what it does with the model.

    Args:
        function: one that generates with a model.
        model: a module that takes token ids.
        args: what the function gets besides.
        training: the mode in which the model is handed over.
        options: what the function gets by name.

    Returns:
        "result": the function's. "seen": the ids that the model was given, call by call; "training" and "gradients": its
        mode and whether gradients were recorded, in each of these calls. "training_after": its mode in the end.
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
    return {
        "result": result,
        "seen": [ids for ids, _, _ in calls],
        "training": [mode for _, mode, _ in calls],
        "gradients": [recorded for _, _, recorded in calls],
        "training_after": module.training,
    }


@probe
def drawn(function: Any, *args: Any, seed: int, times: int = 1, **options: Any) -> list[Any]:
    """What `function(*args, generator=..., **options)` gives, `times` in a row with one and the same torch.Generator of this seed."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    return [function(*args, generator=generator, **options) for _ in range(times)]


class _Batches:
    """Batches that start elsewhere in each pass, as a loader that shuffles does."""

    def __init__(self, batches: Sequence[Any]) -> None:
        self._batches, self._passes = list(batches), 0

    def __len__(self) -> int:
        return len(self._batches)

    def __iter__(self) -> Iterator[Any]:
        first = self._passes % len(self._batches)
        self._passes += 1
        yield from self._batches[first:] + self._batches[:first]


class _Listener:
    """A callback that writes down what it is told, and asks to stop after a step."""

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
            are left out where they are not wanted.
        model: a module.
        batches: pairs of inputs and targets; the loader gives them in another order in each pass.
        steps: as many as the loop is asked for.
        lr: learning rate of stochastic gradient descent.
        decay: by what a scheduler multiplies the rate after each step; no scheduler without.
        measured: whether the loop gets a `measure`. It tells the sum of the weights and how often it was asked, and leaves the
            model in evaluation mode.
        listening: whether the loop gets a callback.
        stop_after: the step after which the callback asks to stop.
        options: passed on.

    Returns:
        "history": what came back. "told": what the callback heard. "rate": the learning rate at the end. "weights": the
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


@probe
def encoded(make: Any, rows: list[dict[str, str]], tokenizer: Any, *args: Any) -> dict[str, int]:
    """Calls `make(rows, tokenizer, *args)`, reads every item of the dataset twice, and counts texts given to the tokenizer.

    Args:
        make: a dataset's class.
        rows: its rows.
        tokenizer: has encode and other methods whose names begin so.
        args: its other arguments.

    Returns:
        "at_start": texts encoded while the dataset was made; "later": while its items were read.
    """
    count = 0

    class Counting:
        def __getattr__(self, name: str) -> Any:
            found = getattr(tokenizer, name)
            if not name.startswith("encode"):
                return found

            def encode(*texts: Any, **options: Any) -> Any:
                nonlocal count
                count += 1
                return found(*texts, **options)

            return encode

    dataset = make(rows, Counting(), *args)
    at_start = count
    for number in [*range(len(dataset)), *range(len(dataset))]:
        dataset[number]
    return {"at_start": at_start, "later": count - at_start}


@probe
def answered(save: Any, entries: list[dict[str, Any]], answers: list[Any], before: str | None = None) -> dict[str, Any]:
    """Calls `save(entries, respond, path)` and reads the file that it writes.

    Args:
        save: the function.
        entries: no two with the same "instruction" and "input".
        answers: what `respond` gives for each entry: a text, or {"raise": name of a built-in exception, "text": its text}.
        before: what stands in the file already; None for no file.

    Returns:
        "content": the file's bytes, None without a file. "returned": what came back. "raised": name of the exception that
        came out, or an empty text. "asked": inputs of the entries that respond was asked for, in order.
    """
    import builtins
    import tempfile
    from pathlib import Path

    keys = [(entry["instruction"], entry["input"]) for entry in entries]
    wanted = dict(zip(keys, answers, strict=True))
    asked: list[str] = []

    def respond(entry: dict[str, Any]) -> Any:
        asked.append(entry["input"])
        answer = wanted[entry["instruction"], entry["input"]]
        if isinstance(answer, dict):
            raise getattr(builtins, answer["raise"])(*([answer["text"]] if answer["text"] else []))
        return answer

    returned, raised = None, ""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "responses.json"
        if before is not None:
            path.write_text(before, encoding="utf-8")
        try:
            returned = save(entries, respond, str(path))
        except (KeyboardInterrupt, Exception) as error:
            if isinstance(error, NotImplementedError) and not str(error):
                raise  # the gap is empty
            raised = type(error).__name__
        content = path.read_bytes() if path.is_file() else None
    return {"content": content, "returned": returned, "raised": raised, "asked": asked}


def _practise(model: Any, optimizer: Any, batches: Sequence[Any], generator: Any, steps: int) -> list[float]:
    """Steps that depend on all random numbers there are: torch's (dropout), Python's, and the generator's."""
    import random

    import torch

    losses = []
    for _step in range(steps):
        inputs, targets = batches[int(torch.randint(len(batches), (1,), generator=generator))]
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(inputs).flatten(0, 1), targets.flatten())
        scaled = random.uniform(0.5, 1.5) * loss
        scaled.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(loss.item())
    return losses


@contextmanager
def _own_numbers(seed: int) -> Iterator[None]:
    """Python's and torch's random numbers seeded, and put back afterwards."""
    import random

    import torch

    python = random.getstate()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        random.seed(seed)
        try:
            yield
        finally:
            random.setstate(python)


@probe
def checkpoint_saved(
    save: Any, model: Any, batches: Sequence[Any], *, steps: int = 3, generator: bool = True, as_text: bool = False
) -> dict[str, Any]:
    """Trains a copy of a model, saves it with the student's function over an older file, and trains on.

    Args:
        save: called as `save(path, model, optimizer, steps)`, with `generator=` where one is wanted.
        model: a module with dropout.
        batches: pairs of inputs and targets.
        steps: taken before saving; two more follow.
        generator: whether the generator that chooses the batches is handed over.
        as_text: whether the path is a str.

    Returns:
        "returned": what came back, looked at after the further steps. "file": what stands in the file. "files": names in its
        folder. "old": whether a reader who had opened the older file still finds it whole. "losses" and "weights": of the
        further steps, and after them.
    """
    import copy
    import os
    import tempfile
    from pathlib import Path

    import torch

    model = copy.deepcopy(model).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.05)
    order = torch.Generator().manual_seed(5)
    with tempfile.TemporaryDirectory() as place, _own_numbers(1):
        folder, aside = Path(place, "runs"), Path(place, "aside.pt")
        folder.mkdir()
        path = folder / "run.pt"
        path.write_bytes(b"an older file")
        os.link(path, aside)
        _practise(model, optimizer, batches, order, steps)
        options = {"generator": order} if generator else {}
        returned = save(str(path) if as_text else path, model, optimizer, steps, **options)
        losses = _practise(model, optimizer, batches, order, 2)
        return {
            "returned": returned,
            "file": torch.load(path, weights_only=True),
            "files": sorted(os.listdir(folder)),
            "old": aside.read_bytes() == b"an older file",
            "losses": losses,
            "weights": {name: value.clone() for name, value in model.state_dict().items()},
        }


class _Unwritable:
    """Cannot be written: the disk is full when its turn comes."""

    def __reduce__(self) -> Any:
        raise OSError(28, "No space left on device")


@probe
def checkpoint_cut_short(save: Any, model: Any) -> dict[str, bool]:
    """Lets the student's function fail while it writes.

    Returns:
        "raised": whether it let the error through. "whole": whether the older file of that name is still there, unchanged.
    """
    import tempfile
    from pathlib import Path

    import torch

    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "run.pt")
        path.write_bytes(b"an older file")
        try:
            save(path, model, torch.optim.AdamW(model.parameters()), _Unwritable())
        except NotImplementedError:
            raise
        except Exception:
            raised = True
        else:
            raised = False
        return {"raised": raised, "whole": path.exists() and path.read_bytes() == b"an older file"}


@probe
def checkpoint_loaded(
    load: Any,
    model: Any,
    batches: Sequence[Any],
    content: dict[str, Any],
    *,
    optimizer: bool = True,
    generator: bool = True,
    from_gpu: bool = False,
    as_text: bool = False,
) -> dict[str, Any]:
    """Writes a checkpoint, loads it with the student's function into a copy of a model, and trains on.

    Args:
        load: called as `load(path, model)`, with `optimizer=` and `generator=` where they are wanted.
        model: a module with dropout, and with other weights than the checkpoint's.
        batches: pairs of inputs and targets.
        content: what stands in the file.
        optimizer: whether the optimiser is handed over.
        generator: whether the generator that chooses the batches is handed over.
        from_gpu: whether the file says that its tensors lay on a GPU, as one does that was saved there.
        as_text: whether the path is a str.

    Returns:
        "step": what came back. "weights": after loading. "losses" and "trained": of two further steps, and after them.
    """
    import copy
    import tempfile
    from pathlib import Path
    from unittest import mock

    import torch

    model = copy.deepcopy(model).train()
    descent = torch.optim.AdamW(model.parameters(), lr=0.01)
    order = torch.Generator().manual_seed(6)
    options: dict[str, Any] = {"optimizer": descent} if optimizer else {}
    if generator:
        options["generator"] = order
    with tempfile.TemporaryDirectory() as place, _own_numbers(2):
        path = Path(place, "run.pt")
        with mock.patch("torch.serialization.location_tag", return_value="cuda:0" if from_gpu else "cpu"):
            torch.save(content, path)
        step = load(str(path) if as_text else path, model, **options)
        weights = {name: value.clone() for name, value in model.state_dict().items()}
        losses = _practise(model, descent, batches, order, 2)
        trained = {name: value.clone() for name, value in model.state_dict().items()}
    return {"step": step, "weights": weights, "losses": losses, "trained": trained}


@probe
def checkpoint_refused(load: Any, model: Any, content: Any, *, harmful: bool = False) -> dict[str, Any]:
    """Hands the student's function a file that is no good checkpoint.

    Args:
        load: called as `load(path, model)`.
        model: a module.
        content: bytes as they are to stand in the file, what torch.save is to write, or None for no file at all.
        harmful: whether something is added to the content that makes a folder when an unsafe reader meets it.

    Returns:
        "error": names of the exception's classes, empty when there was none. "named": whether its text names the file.
        "changed": whether the model was changed. "harmed": whether the harm was done.
    """
    import copy
    import os
    import tempfile
    from pathlib import Path

    import torch

    model = copy.deepcopy(model)
    before = copy.deepcopy(model.state_dict())
    with tempfile.TemporaryDirectory() as place:
        path, trap = Path(place, "run.pt"), os.path.join(place, "trap")

        class Harm:
            def __reduce__(self) -> Any:
                return os.mkdir, (trap,)

        if isinstance(content, bytes):
            path.write_bytes(content)
        elif content is not None:
            torch.save({**content, "extra": Harm()} if harmful else content, path)
        classes: list[str] = []
        named = False
        try:
            load(path, model)
        except NotImplementedError:
            raise
        except Exception as error:
            classes, named = [cls.__name__ for cls in type(error).__mro__], "run.pt" in str(error)
        changed = any(not torch.equal(value, before[name]) for name, value in model.state_dict().items())
        return {"error": classes, "named": named, "changed": changed, "harmed": os.path.exists(trap)}


@probe
def gpt_filled(load: Any, cfg: dict[str, Any], tensors: dict[str, Any], ids: Any) -> dict[str, Any]:
    """Fills a `llmkit.split_gpt.SplitGPT` with the student's function, then overwrites the tensors that it was given.

    Args:
        load: called as `load(model, tensors)`.
        cfg: the model's configuration.
        tensors: by GPT-2's names.
        ids: token ids, (batch, tokens).

    Returns:
        "logits" of the ids. "dtypes" of the parameters. "trained": whether all of them still want a gradient. "tied": whether
        token embedding and output head are one and the same tensor. "given": whether the given tensors were left as they were.
    """
    import torch

    from llmkit.split_gpt import SplitGPT

    model = SplitGPT(cfg).eval()
    tensors = {name: value.clone() for name, value in tensors.items()}
    copies = {name: value.clone() for name, value in tensors.items()}
    load(model, tensors)
    given = list(tensors) == list(copies) and all(torch.equal(tensors[name], copies[name]) for name in copies)
    for value in tensors.values():
        value.detach().zero_()
    with torch.no_grad():
        logits = model(ids)
    return {
        "logits": logits,
        "dtypes": sorted({str(value.dtype) for value in model.parameters()}),
        "trained": all(value.requires_grad for value in model.parameters()),
        "tied": model.out_head.weight is model.tok_emb.weight,
        "given": given,
    }
