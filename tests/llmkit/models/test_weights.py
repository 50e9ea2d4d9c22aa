"""GPT-2's weights against `transformers`, from files as it saves them and from a mirror of the hub on this machine."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections import namedtuple
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import loopback
import pytest
import torch
from safetensors.torch import load_file as read_file
from safetensors.torch import save_file

from llmkit.errors import WeightsError
from llmkit.models import weights
from llmkit.models.gpt import SIZES, GPTModel, config
from llmkit.models.weights import load_file, load_gpt2, load_mini, save_mini

SMALL = {"vocab_size": 67, "context_length": 16}
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def published(folder: Path, size: str = "124M", width: int = 2) -> tuple[Path, Any, dict[str, Any]]:
    """A random GPT-2 with a size's layers and heads and heads of a tiny width, as transformers saves it."""
    from transformers import GPT2Config, GPT2LMHeadModel

    cfg = config(size)
    changes = SMALL | {"emb_dim": width * cfg["n_heads"]}
    theirs = GPT2LMHeadModel(
        GPT2Config(
            vocab_size=67, n_positions=16, n_embd=changes["emb_dim"], n_layer=cfg["n_layers"], n_head=cfg["n_heads"],
            bos_token_id=0, eos_token_id=0, initializer_range=0.3 / width,
        )
    ).eval()  # fmt: skip
    for name, parameter in theirs.named_parameters():
        if name.endswith("bias") or ".ln_" in name:
            torch.nn.init.normal_(parameter, 1.0 if name.endswith("weight") else 0.0, 0.3)
    theirs.save_pretrained(folder)
    return folder / "model.safetensors", theirs, changes


def difference(ours: GPTModel, theirs: Any) -> float:
    """Largest absolute difference of the logits in float32."""
    ids = torch.randint(67, (2, 16), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        expected = theirs(ids).logits
        assert expected.std() > 0.05, "a test of something"
        return float((ours(ids) - expected).abs().max())


@pytest.mark.parametrize("size", SIZES)
def test_logits_are_those_of_transformers(tmp_path: Path, size: str) -> None:
    file, theirs, changes = published(tmp_path, size)
    ours = load_file(file, config(size, qkv_bias=True, tie_weights=True, drop_rate=0.0, **changes))
    assert difference(ours, theirs) < 1e-4 and not ours.training


def test_files_as_the_hub_has_them(tmp_path: Path) -> None:
    file, theirs, changes = published(tmp_path)
    named = {name.removeprefix("transformer."): tensor for name, tensor in read_file(file).items()}
    named |= {f"h.{layer}.attn.bias": torch.ones(1, 1, 16, 16).tril() for layer in range(12)}
    save_file(named, tmp_path / "hub.safetensors")
    for tied in (True, False):
        cfg = config("124M", qkv_bias=True, tie_weights=tied, drop_rate=0.0, **changes)
        assert difference(load_file(tmp_path / "hub.safetensors", cfg), theirs) < 1e-4


def test_wrong_files_are_told(tmp_path: Path) -> None:
    file, _, changes = published(tmp_path)
    cfg = config("124M", qkv_bias=True, tie_weights=True, **changes)
    (tmp_path / "cut.safetensors").write_bytes(file.read_bytes()[:-100])
    with pytest.raises(WeightsError, match=r"cut\.safetensors is damaged or cut off.*Remedy: delete it"):
        load_file(tmp_path / "cut.safetensors", cfg)
    with pytest.raises(WeightsError, match="is damaged"):
        load_file(tmp_path / "absent.safetensors", cfg)
    named = read_file(file)
    del named["transformer.h.3.mlp.c_fc.bias"]
    save_file(named, tmp_path / "less.safetensors")
    with pytest.raises(WeightsError, match=r"lacks 1 tensors, the first is trf_blocks\.3\.ff\.0\.bias"):
        load_file(tmp_path / "less.safetensors", cfg)
    with pytest.raises(WeightsError, match=r"tok_emb\.weight is \(67, 24\), and this model's is \(68, 24\)"):
        load_file(file, {**cfg, "vocab_size": 68})
    with pytest.raises(ValueError, match="124M, 355M, 774M, 1558M"):
        load_gpt2("medium")


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[loopback.Server]:
    """A mirror of the hub, and an empty cache."""
    from huggingface_hub import constants

    with loopback.serving() as server:
        monkeypatch.setattr(constants, "ENDPOINT", server.address)
        monkeypatch.setattr(
            constants,
            "HUGGINGFACE_CO_URL_TEMPLATE",
            constants.HUGGINGFACE_CO_URL_TEMPLATE.replace("https://huggingface.co", server.address),
        )
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        yield server


def answers(content: bytes, promised: bytes | None = None) -> list[loopback.Answer]:
    """A large file, as the hub sends it: named by its SHA-256."""
    digest = sha256(promised if promised is not None else content).hexdigest()
    headers = {
        "ETag": f'"{digest}"',
        "X-Repo-Commit": COMMIT,
        "X-Linked-Etag": f'"{digest}"',
        "X-Linked-Size": str(len(content)),
        "Accept-Ranges": "bytes",
    }
    return [loopback.file(content, **headers)]


PATH = "/openai-community/gpt2/resolve/main/model.safetensors"


def test_through_a_mirror_once_and_then_from_the_cache(tmp_path: Path, hub: loopback.Server) -> None:
    file, theirs, changes = published(tmp_path)
    hub.answers[PATH] = answers(file.read_bytes())
    assert difference(load_gpt2("124M", **changes), theirs) < 1e-4
    hub.answers.clear()
    assert difference(load_gpt2("124M", **changes), theirs) < 1e-4, "the second time from the cache"


def test_hf_endpoint_is_heard(tmp_path: Path) -> None:
    file, _, changes = published(tmp_path / "published")
    code = f"from llmkit.models.weights import load_gpt2; print(sum(p.numel() for p in load_gpt2(**{changes!r}).parameters()))"
    with loopback.serving() as server:
        server.answers[PATH] = answers(file.read_bytes())
        env = os.environ | {"HF_ENDPOINT": server.address, "HF_HOME": str(tmp_path / "home"), "HF_HUB_OFFLINE": "0"}
        done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    expected = sum(p.numel() for p in GPTModel(config(qkv_bias=True, tie_weights=True, **changes)).parameters())
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == expected


def test_a_file_that_is_not_what_the_hub_promised(
    tmp_path: Path, hub: loopback.Server, capsys: pytest.CaptureFixture[str]
) -> None:
    file, theirs, changes = published(tmp_path)
    good = file.read_bytes()
    bad = good[:-8] + bytes(8)
    hub.answers[PATH] = answers(bad, promised=good)
    with pytest.raises(WeightsError, match="what the hub sends is damaged"):
        load_gpt2("124M", **changes)
    hub.answers[PATH] = answers(good)
    assert difference(load_gpt2("124M", **changes), theirs) < 1e-4
    assert "downloaded again" in capsys.readouterr().err


def test_no_network_no_repository_no_room(hub: loopback.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.answers[PATH] = [loopback.status(404)]
    with pytest.raises(WeightsError, match="openai-community/gpt2"):
        load_gpt2("124M")
    usage = namedtuple("usage", "total used free")
    hub.answers[PATH] = answers(b"x" * 1000)
    with monkeypatch.context() as patch:
        patch.setattr(weights.shutil, "disk_usage", lambda _: usage(10, 9, 1))
        with pytest.raises(WeightsError, match=r"no room on the disk .*HF_HOME"):
            load_gpt2("124M")

    def full(*_: object, **__: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("huggingface_hub.hf_hub_download", full)
        with pytest.raises(WeightsError, match="no room on the disk"):
            load_gpt2("124M")
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(
        "huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE",
        "http://127.0.0.1:9/{repo_id}/resolve/{revision}/{filename}",
    )
    monkeypatch.setattr("time.sleep", lambda _: None)  # before each of its retries huggingface_hub waits, 23 s in all
    with pytest.raises(WeightsError, match=r"cannot be reached.*load_mini"):
        load_gpt2("124M")


def test_the_shipped_checkpoint_has_learnt_both_languages() -> None:
    from llmkit import data, tokenizer
    from llmkit.training.recipe import mean_loss

    model, encoding = load_mini(), tokenizer("llmkit-8k")
    assert model.cfg["vocab_size"] == encoding.n_vocab and model.tok_emb.weight.dtype == torch.float32
    for lang in ("en", "pt-BR"):
        tokens = torch.tensor(encoding.encode(data.text("story-world", lang)[:8000], allowed_special="all"))
        shuffled = tokens[torch.randperm(len(tokens), generator=torch.Generator().manual_seed(0))]
        assert mean_loss(model, tokens) < 2.5 < 6 < mean_loss(model, shuffled)


def test_a_checkpoint_is_what_was_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = GPTModel(config(n_layers=2, n_heads=2, emb_dim=8, tie_weights=True, **SMALL)).eval()
    save_mini(model, tmp_path / "m.safetensors", note="a test")
    monkeypatch.setattr(weights.data, "path", lambda _: tmp_path / "m.safetensors")
    ids = torch.randint(67, (1, 9))
    torch.testing.assert_close(load_mini()(ids), model(ids), atol=1e-3, rtol=1e-2)
    assert load_mini(drop_rate=0.3).cfg["drop_rate"] == 0.3
    (tmp_path / "m.safetensors").write_bytes(b"nothing")
    with pytest.raises(WeightsError, match="damaged"):
        load_mini()
