"""The probes of training loops, checkpoints and GPT-2's weights tell right code from wrong code."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from llmkit.models.gpt import config
from llmkit.testing import probes, randint

KEYS = ("model", "optimizer", "step", "torch_rng", "python_rng", "generator")


def model() -> nn.Sequential:
    return nn.Sequential(nn.Embedding(5, 4), nn.Dropout(0.3), nn.Linear(4, 5))


def batches() -> list[tuple[torch.Tensor, torch.Tensor]]:
    return [(randint(0, 5, (2, 3)), randint(0, 5, (2, 3))) for _number in range(3)]


def save(path: Any, net: nn.Module, optimizer: Any, step: Any, generator: Any = None) -> dict[str, Any]:
    order = None if generator is None else generator.get_state()
    values = (net.state_dict(), optimizer.state_dict(), step, torch.get_rng_state(), random.getstate(), order)
    found = dict(zip(KEYS, values, strict=True))
    torch.save(found, path)
    return found


def load(path: Any, net: nn.Module, optimizer: Any = None, generator: Any = None) -> Any:
    found = torch.load(path, map_location="cpu", weights_only=True)
    net.load_state_dict(found["model"])
    if optimizer is not None:
        optimizer.load_state_dict(found["optimizer"])
    if generator is not None:
        generator.set_state(found["generator"])
    torch.set_rng_state(found["torch_rng"])
    random.setstate(found["python_rng"])
    return found["step"]


def test_a_run_is_told_step_by_step_in_an_order_that_changes() -> None:
    seen: list[torch.Tensor] = []

    def train(net: nn.Module, loader: Any, optimizer: Any, steps: int, **options: Any) -> str:
        assert not net.training and len(loader) == 3
        for _pass in range(2):
            seen.extend(inputs for inputs, _targets in loader)
        options["callback"].on_eval(0, *options["measure"]())
        assert options["callback"].on_step(1, 0.5, 6) is False and options["callback"].on_step(2, 0.5, 6) is True
        options["scheduler"].step()
        return f"{steps} {options['eval_every']}"

    given, net = batches(), model()
    with pytest.warns(UserWarning, match="lr_scheduler"):
        run = probes.training_run(train, net, given, 7, decay=0.5, lr=0.2, stop_after=2, eval_every=4)
    assert run["history"] == "7 4" and run["rate"] == pytest.approx(0.1)
    assert [call[:2] for call in run["told"]] == [["eval", 0], ["step", 1], ["step", 2]]
    assert [next(i for i, pair in enumerate(given) if pair[0] is one) for one in seen] == [0, 1, 2, 1, 2, 0]
    assert torch.equal(run["weights"]["0.weight"], net[0].weight)


def test_saving_is_looked_at_from_all_sides() -> None:
    saved = probes.checkpoint_saved(save, model(), batches(), older=b"older")
    assert sorted(saved["file"]) == sorted(KEYS) and saved["files"] == ["run.pt"]
    assert saved["old"] != b"older"  # written in place
    # state_dict() hands out live tensors: what was returned has changed since.
    assert not torch.equal(saved["returned"]["model"]["0.weight"], saved["file"]["model"]["0.weight"])
    assert torch.equal(saved["returned"]["model"]["0.weight"], saved["weights"]["0.weight"])


def test_a_save_that_fails_is_noticed() -> None:
    ended = probes.checkpoint_cut_short(save, model(), b"older", "full: 3")
    assert "full: 3" in ended["raised"] and ended["content"] != b"older"
    silent = probes.checkpoint_cut_short(lambda *given: None, model(), b"older", "full")
    assert silent == {"raised": "", "content": b"older"}
    with pytest.raises(NotImplementedError):
        probes.checkpoint_cut_short(_empty, model(), b"older", "full")


@pytest.mark.parametrize("from_gpu", [False, True])
def test_a_resumed_run_goes_on_as_the_first_one(from_gpu: bool) -> None:
    given = batches()
    run = probes.checkpoint_saved(save, model(), given, as_text=True)
    back = probes.checkpoint_loaded(load, model(), given, run["file"], from_gpu=from_gpu, as_text=True)
    assert back["step"] == 3 and back["losses"] == run["losses"]
    assert all(torch.equal(back["trained"][name], value) for name, value in run["weights"].items())
    assert torch.equal(back["weights"]["0.weight"], run["file"]["model"]["0.weight"])


@pytest.mark.skipif(torch.cuda.is_available(), reason="on a computer with a GPU the file can be read")
def test_a_file_from_a_gpu_cannot_be_read_as_it_is() -> None:
    given = batches()
    run = probes.checkpoint_saved(save, model(), given)
    with pytest.raises(RuntimeError, match="CUDA"):
        probes.checkpoint_loaded(lambda path, *_a, **_o: torch.load(path), model(), given, run["file"], from_gpu=True)


@pytest.mark.parametrize("missing", ["optimizer", "torch_rng", "python_rng", "generator"])
def test_each_part_of_the_state_matters(missing: str) -> None:
    given = batches()
    run = probes.checkpoint_saved(save, model(), given)

    def forgetful(path: Path, net: nn.Module, optimizer: Any, generator: Any) -> None:
        states = torch.get_rng_state(), random.getstate()
        load(path, net, None if missing == "optimizer" else optimizer, None if missing == "generator" else generator)
        if missing == "torch_rng":
            torch.set_rng_state(states[0])
        if missing == "python_rng":
            random.setstate(states[1])

    back = probes.checkpoint_loaded(forgetful, model(), given, run["file"])
    assert not all(torch.equal(back["trained"][name], value) for name, value in run["weights"].items())


def test_files_that_are_refused_and_files_that_harm() -> None:
    run = probes.checkpoint_saved(save, model(), batches())
    damaged = probes.checkpoint_refused(load, net := model(), b"nothing", name="run-7.pt")
    assert damaged["error"] and "run-7.pt" not in damaged["text"] and not damaged["harmed"]
    assert torch.equal(damaged["weights"]["0.weight"], net[0].weight)
    assert "FileNotFoundError" in probes.checkpoint_refused(load, model(), None)["error"]
    fine = probes.checkpoint_refused(load, model(), run["file"])
    assert not fine["error"] and not fine["text"] and not fine["harmed"]
    assert torch.equal(fine["weights"]["0.weight"], run["file"]["model"]["0.weight"])
    assert not probes.checkpoint_refused(load, model(), run["file"], harmful=True)["harmed"]
    unsafe = probes.checkpoint_refused(
        lambda path, net: torch.load(path, weights_only=False), model(), run["file"], harmful=True
    )
    assert unsafe["harmed"]
    with pytest.raises(NotImplementedError):
        probes.checkpoint_refused(_empty, model(), None)


def test_random_numbers_are_put_back() -> None:
    torch.manual_seed(3)
    random.seed(3)
    before = torch.get_rng_state(), random.getstate()
    run = probes.checkpoint_saved(save, model(), batches())
    torch.manual_seed(3)
    probes.checkpoint_loaded(load, model(), batches(), run["file"])
    assert random.getstate() == before[1]


def test_what_a_filled_gpt_keeps_of_the_tensors_is_seen() -> None:
    cfg = config(vocab_size=5, context_length=4, emb_dim=4, n_heads=2, n_layers=1, qkv_bias=True, tie_weights=True)
    ids, table = torch.tensor([[1, 2]]), {"wte.weight": torch.ones(5, 4)}

    def keep(net: nn.Module, tensors: dict[str, torch.Tensor]) -> None:
        for parameter in net.parameters():
            parameter.data = parameter.data * 0 + 1
        net.tok_emb.weight.data = tensors["wte.weight"]  # type: ignore[union-attr]

    def copy(net: nn.Module, tensors: dict[str, torch.Tensor]) -> None:
        keep(net, {"wte.weight": tensors["wte.weight"].clone()})

    kept, copied = probes.gpt_filled(keep, dict(cfg), table, ids), probes.gpt_filled(copy, dict(cfg), table, ids)
    assert not torch.equal(kept["logits"], copied["logits"]) and copied["tied"] and copied["trained"]
    assert (
        copied["dtypes"] == ["torch.float32"] and copied["given"] and torch.equal(table["wte.weight"], torch.ones(5, 4))
    )


def _empty(*_given: Any) -> None:
    raise NotImplementedError
