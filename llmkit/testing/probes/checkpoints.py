"""Checkpoints: saved, interrupted, loaded, refused, and weights in another layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from llmkit.testing.probes.register import probe


def _practise(model: Any, optimizer: Any, batches: Sequence[Any], generator: Any, steps: int) -> list[float]:
    """Steps that depend on all random numbers: torch's (dropout), Python's, and the generator's."""
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
    """Seeds Python's and torch's random numbers, and restores them afterwards."""
    import random

    import torch

    from llmkit.runtime import seed_torch

    python = random.getstate()
    with torch.random.fork_rng(devices=[]):
        seed_torch(seed)
        random.seed(seed)
        try:
            yield
        finally:
            random.setstate(python)


@probe
def checkpoint_saved(
    save: Any,
    model: Any,
    batches: Sequence[Any],
    *,
    steps: int = 3,
    generator: bool = True,
    as_text: bool = False,
    older: bytes = b"an older file",
) -> dict[str, Any]:
    """Trains a copy of a model, saves it with the student's function over an older file, and trains on.

    Args:
        save: called as `save(path, model, optimizer, steps)`, with `generator=` if requested.
        model: a module with dropout.
        batches: pairs of inputs and targets.
        steps: taken before saving; two more follow.
        generator: whether to pass the generator that chooses the batches.
        as_text: whether the path is a str.
        older: content of the older file.

    Returns:
        "returned": the return value, read after the further steps. "file": the file's content. "files": names in its
        folder. "old": what a reader with the older file open finds in it. "losses" and "weights": of the
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
        path.write_bytes(older)
        os.link(path, aside)
        _practise(model, optimizer, batches, order, steps)
        options = {"generator": order} if generator else {}
        returned = save(str(path) if as_text else path, model, optimizer, steps, **options)
        losses = _practise(model, optimizer, batches, order, 2)
        return {
            "returned": returned,
            "file": torch.load(path, weights_only=True),
            "files": sorted(os.listdir(folder)),
            "old": aside.read_bytes(),
            "losses": losses,
            "weights": {name: value.clone() for name, value in model.state_dict().items()},
        }


class _Unwritable:
    """Cannot be written, as if the disk were full.

    Args:
        reason: text of the error.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __reduce__(self) -> Any:
        raise OSError(28, self.reason)


@probe
def checkpoint_cut_short(save: Any, model: Any, older: bytes, reason: str) -> dict[str, Any]:
    """Lets the student's function fail while it writes.

    Args:
        save: called as `save(path, model, optimizer, step)`.
        model: a module.
        older: content of the file that is there already.
        reason: text of the error.

    Returns:
        "raised": the text of the error that it let through; empty without one. "content": of the older file; None if it has gone.
    """
    import tempfile
    from pathlib import Path

    import torch

    raised = ""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "run.pt")
        path.write_bytes(older)
        try:
            save(path, model, torch.optim.AdamW(model.parameters()), _Unwritable(reason))
        except NotImplementedError:
            raise
        except Exception as error:
            raised = str(error) or type(error).__name__
        return {"raised": raised, "content": path.read_bytes() if path.exists() else None}


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
        load: called as `load(path, model)`, with `optimizer=` and `generator=` if requested.
        model: a module with dropout, with weights that differ from the checkpoint's.
        batches: pairs of inputs and targets.
        content: the file's content.
        optimizer: whether to pass the optimiser.
        generator: whether to pass the generator that chooses the batches.
        from_gpu: whether the file says that its tensors were on a GPU, as a file saved there does.
        as_text: whether the path is a str.

    Returns:
        "step": the return value. "weights": after loading. "losses" and "trained": of two further steps, and after them.
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
def checkpoint_refused(
    load: Any, model: Any, content: Any, *, name: str = "run.pt", harmful: bool = False
) -> dict[str, Any]:
    """Gives the student's function a file that is not a valid checkpoint.

    Args:
        load: called as `load(path, model)`.
        model: a module.
        content: the file's bytes, an object for torch.save, or None for no file at all.
        name: the file's.
        harmful: whether to add an object that makes a folder when an unsafe reader loads it.

    Returns:
        "error": names of the exception's classes, empty if there was none. "text": its text. "weights": the model's afterwards, by
        name. "harmed": whether the harm was done.
    """
    import copy
    import os
    import tempfile
    from pathlib import Path

    import torch

    model = copy.deepcopy(model)
    with tempfile.TemporaryDirectory() as place:
        path, trap = Path(place, name), os.path.join(place, "trap")

        class Harm:
            def __reduce__(self) -> Any:
                return os.mkdir, (trap,)

        if isinstance(content, bytes):
            path.write_bytes(content)
        elif content is not None:
            torch.save({**content, "extra": Harm()} if harmful else content, path)
        classes: list[str] = []
        text = ""
        try:
            load(path, model)
        except NotImplementedError:
            raise
        except Exception as error:
            classes, text = [cls.__name__ for cls in type(error).__mro__], str(error)
        weights = {key: value.clone() for key, value in model.state_dict().items()}
        return {"error": classes, "text": text, "weights": weights, "harmed": os.path.exists(trap)}


def _leaves_given(load: Any, *parts: Any, tensors: dict[str, Any]) -> bool:
    """Calls `load(*parts, tensors)` with copies of the tensors, then overwrites these; whether they were left as they were."""
    import torch

    given = {name: value.clone() for name, value in tensors.items()}
    load(*parts, given)
    left = list(given) == list(tensors) and all(torch.equal(given[name], tensors[name]) for name in tensors)
    for value in given.values():
        value.detach().zero_()
    return left


@probe
def gpt_filled(load: Any, cfg: dict[str, Any], tensors: dict[str, Any], ids: Any) -> dict[str, Any]:
    """Fills a `llmkit.models.split_gpt.SplitGPT` with the student's function, then overwrites the tensors it was given.

    Args:
        load: called as `load(model, tensors)`.
        cfg: the model's configuration.
        tensors: by GPT-2's names.
        ids: token ids, (batch, tokens).

    Returns:
        "logits" of the ids. "dtypes" of the parameters. "trained": whether all of them still require a gradient. "tied": whether
        token embedding and output head are one and the same tensor. "given": whether the given tensors were left as they were.
    """
    import torch

    from llmkit.models.split_gpt import SplitGPT

    model = SplitGPT(cfg).eval()
    given = _leaves_given(load, model, tensors=tensors)
    with torch.no_grad():
        logits = model(ids)
    return {
        "logits": logits,
        "dtypes": sorted({str(value.dtype) for value in model.parameters()}),
        "trained": all(value.requires_grad for value in model.parameters()),
        "tied": model.out_head.weight is model.tok_emb.weight,
        "given": given,
    }


@probe
def bert_filled(
    load: Any, cfg: dict[str, Any], tensors: dict[str, Any], ids: Any, segments: Any = None
) -> dict[str, Any]:
    """Fills the parts of a BERT with the student's function, then overwrites the tensors it was given.

    Args:
        load: called as `load(embedding, layers, tensors)`, with `llmkit.models.bert`'s BertEmbedding and a list of its EncoderLayer.
        cfg: the model's configuration.
        tensors: by the names of a BERT on the Hugging Face Hub.
        ids: token ids, (batch, tokens).
        segments: 0 or 1 for each token, (batch, tokens); None for zeros.

    Returns:
        "vectors" of the ids, (batch, tokens, width). "dtypes" of the parameters. "trained": whether all of them still require a
        gradient. "given": whether the given tensors were left as they were.
    """
    import torch

    from llmkit.models import bert

    embedding = bert.BertEmbedding(cfg).eval()  # type: ignore[arg-type]
    layers = [bert.EncoderLayer(cfg).eval() for _ in range(cfg["n_layers"])]  # type: ignore[arg-type]
    given = _leaves_given(load, embedding, layers, tensors=tensors)
    with torch.no_grad():
        vectors, padding = (
            embedding(ids, torch.zeros_like(ids) if segments is None else segments),
            bert.where_padding(ids),
        )
        for layer in layers:
            vectors = layer(vectors, padding)
    parameters = [value for part in (embedding, *layers) for value in part.parameters()]
    return {
        "vectors": vectors,
        "dtypes": sorted({str(value.dtype) for value in parameters}),
        "trained": all(value.requires_grad for value in parameters),
        "given": given,
    }
