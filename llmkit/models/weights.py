"""Pre-trained weights: GPT-2's from the Hugging Face hub, and the course's own small checkpoint."""

from __future__ import annotations

import errno
import json
import logging
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from llmkit import data
from llmkit.errors import Stopped, WeightsError
from llmkit.i18n import gettext as _
from llmkit.models.gpt import SIZES, GPTConfig, GPTModel, config

REPOSITORIES = {
    "124M": "openai-community/gpt2",
    "355M": "openai-community/gpt2-medium",
    "774M": "openai-community/gpt2-large",
    "1558M": "openai-community/gpt2-xl",
}
FILE = "model.safetensors"
# Our names for the published files' names; their projections are stored as (in, out), ours as (out, in).
_TOP = {
    "wte.weight": "tok_emb.weight",
    "wpe.weight": "pos_emb.weight",
    "ln_f.weight": "final_norm.weight",
    "ln_f.bias": "final_norm.bias",
    "lm_head.weight": "out_head.weight",
}
_BLOCK = {
    "ln_1": "norm1",
    "attn.c_attn": "att.qkv",
    "attn.c_proj": "att.out_proj",
    "ln_2": "norm2",
    "mlp.c_fc": "ff.0",
    "mlp.c_proj": "ff.2",
}
_TRANSPOSED = ("qkv.weight", "out_proj.weight", "ff.0.weight", "ff.2.weight")


def load_gpt2(
    size: str = "124M", *, device: torch.device | str = "cpu", repository: str | None = None, **changes: Any
) -> GPTModel:
    """GPT-2 with the weights that OpenAI published, from the Hugging Face hub or its cache.

    HF_ENDPOINT (a mirror), HF_HOME (the cache) and HF_HUB_OFFLINE work as usual; an interrupted download is resumed.

    Args:
        size: "124M" (548 MB to download), "355M" (1.5 GB), "774M" (3.2 GB) or "1558M" (6.4 GB).
        device: where to put the model.
        repository: another repository on the hub, with a model.safetensors under GPT-2's names.
        **changes: keys of the configuration to override: drop_rate for fine-tuning (0 by default), or what differs
            in another repository.

    Returns:
        The model in evaluation mode, with qkv bias and tied weights. It needs `llmkit.tokenizer("gpt2", strict=True)`.

    Raises:
        ValueError: unknown size.
        WeightsError: no network and not in the cache, no room on the disk, or a file that is damaged or of another model.
        Stopped: someone interrupted the download.
    """
    if size not in SIZES:
        raise ValueError(f"size should be one of {', '.join(SIZES)}, not {size!r}")
    file = _download(repository or REPOSITORIES[size])
    return load_file(
        file, config(size, **({"qkv_bias": True, "tie_weights": True, "drop_rate": 0.0} | changes)), device=device
    )


def load_mini(*, device: torch.device | str = "cpu", drop_rate: float = 0.0) -> GPTModel:
    """The course's small GPT, pre-trained on the shipped texts in both languages; needs no network.

    Args:
        device: where to put the model.
        drop_rate: dropout for fine-tuning.

    Returns:
        The model in evaluation mode, float32. It needs `llmkit.tokenizer("llmkit-8k")`.

    Raises:
        DataError: the file is missing.
        WeightsError: the file is damaged.
    """
    file = data.path("mini-gpt")
    cfg = json.loads(_metadata(file)["config"]) | {"drop_rate": drop_rate}
    return _filled(GPTModel(cfg), dict(tensors_of(file)), file).to(device).eval()


def save_mini(model: GPTModel, file: Path, **about: str) -> None:
    """Writes a checkpoint as `load_mini` reads it: float16, the configuration beside the tensors.

    Args:
        model: with tied weights, which are stored once.
        file: where to write it.
        **about: more metadata for the file.
    """
    from safetensors.torch import save_file

    stored = {name: value.half().contiguous().cpu() for name, value in model.state_dict().items()}
    if model.cfg.get("tie_weights"):
        del stored["out_head.weight"]
    about["config"] = json.dumps(model.cfg)
    save_whole(lambda place: save_file(stored, place, about), file)


def save_whole(save: Callable[[Path], None], file: Path) -> None:
    """Calls `save` with a temporary name beside `file`, then renames: whoever stops it, nobody finds half a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        save(unfinished)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def load_file(file: Path, cfg: GPTConfig, *, device: torch.device | str = "cpu") -> GPTModel:
    """A GPT from a safetensors file with GPT-2's names, from the hub or saved by `transformers`.

    Args:
        file: the safetensors file.
        cfg: the model's configuration.
        device: where to put the model.

    Raises:
        WeightsError: the file is damaged, lacks a tensor, or has one of another shape.
    """
    named = {}
    for name, tensor in tensors_of(file):
        ours = _our_name(name)
        if ours is not None:
            named[ours] = tensor.t() if ours.endswith(_TRANSPOSED) else tensor
    return _filled(GPTModel(cfg), named, file).to(device).eval()


def _our_name(name: str) -> str | None:
    """Our name for a tensor of GPT-2's, or None for what is not a weight (the mask, which old files contain)."""
    name = name.removeprefix("transformer.")
    if name in _TOP:
        return _TOP[name]
    match = re.fullmatch(r"h\.(\d+)\.(.+)\.(weight|bias)", name)
    if match is None or match[2] not in _BLOCK:
        return None
    return f"trf_blocks.{match[1]}.{_BLOCK[match[2]]}.{match[3]}"


def _filled(model: GPTModel, tensors: Mapping[str, Tensor], file: Path) -> GPTModel:
    wanted = model.state_dict()
    if model.cfg.get("tie_weights"):
        del wanted["out_head.weight"]
    elif "out_head.weight" not in tensors:
        # GPT-2's files contain the tied matrix once.
        tensors = {**tensors, "out_head.weight": tensors["tok_emb.weight"]}
    missing = [name for name in wanted if name not in tensors]
    if missing:
        told = _("{file} lacks {count} tensors, the first is {name}: is it a GPT-2 of this size? Remedy: {remedy}")
        raise WeightsError(told.format(file=file, count=len(missing), name=missing[0], remedy=_remedy(file)))
    for name, parameter in wanted.items():
        if tensors[name].shape != parameter.shape:
            told = _("{file}: {name} is {found}, and this model's is {wanted}: choose the size that fits the file")
            shapes = {"found": tuple(tensors[name].shape), "wanted": tuple(parameter.shape)}
            raise WeightsError(told.format(file=file, name=name, **shapes))
        parameter.copy_(tensors[name])  # state_dict's tensors share the parameters' memory
    return model


def _metadata(file: Path) -> dict[str, str]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, framework="pt") as opened:
            return dict(opened.metadata() or {})
    except (SafetensorError, OSError) as error:
        raise _damaged(file, error) from error


def tensors_of(file: Path) -> Iterator[tuple[str, Tensor]]:
    """Name and tensor, one at a time, so that the file is never in memory as a whole."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, framework="pt") as opened:
            for name in opened.keys():  # noqa: SIM118, the file is not a dict
                yield name, opened.get_tensor(name)
    except (SafetensorError, OSError) as error:
        raise _damaged(file, error) from error


def _damaged(file: Path, error: Exception) -> WeightsError:
    told = _("{file} is damaged or cut off ({error}). Remedy: {remedy}")
    return WeightsError(told.format(file=file, error=error, remedy=_remedy(file)))


def _remedy(file: Path) -> str:
    if file.is_relative_to(data.SHIPPED):
        return _("install llmkit again, or in a checkout: git checkout -- data")
    return _("delete it and load again")


def _download(repository: str) -> Path:
    from huggingface_hub import constants, hf_hub_download
    from huggingface_hub.errors import (
        EntryNotFoundError,
        HfHubHTTPError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
    )

    about: dict[str, Any] = {"repository": repository, "cache": constants.HF_HUB_CACHE}
    hub = logging.getLogger("huggingface_hub")
    level = hub.level
    hub.setLevel(logging.ERROR)  # a warning for each attempt says less than the error at the end
    try:
        _check_room(repository)
        file = Path(hf_hub_download(repository, FILE))
        if not _is_whole(file):
            print(_("{file} differs from the hub's; it is being downloaded again.").format(file=file), file=sys.stderr)
            file = Path(hf_hub_download(repository, FILE, force_download=True))
            if not _is_whole(file):
                raise WeightsError(
                    _("{repository}: what the hub sends is damaged. Remedy: try again later").format(**about)
                )
    except KeyboardInterrupt:
        told = _(
            "Stopped: {repository} is not loaded. Load it again; what is downloaded already is not downloaded twice."
        )
        raise Stopped(told.format(**about)) from None
    except LocalEntryNotFoundError as error:
        told = _(
            "{repository} is not in the cache ({cache}) and the hub cannot be reached. Remedy: try again with a network, set "
            "HF_ENDPOINT to a mirror, or use llmkit.models.weights.load_mini(), which is always there"
        )
        raise WeightsError(told.format(**about)) from error
    except (RepositoryNotFoundError, EntryNotFoundError) as error:
        raise WeightsError(_("the hub has no {repository} with a safetensors file").format(**about)) from error
    except HfHubHTTPError as error:
        raise WeightsError(_("the hub refused {repository}: {error}").format(error=error, **about)) from error
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise WeightsError(
                _("{repository} could not be downloaded: {error}").format(error=error, **about)
            ) from error
        raise WeightsError(_no_room(repository)) from error
    finally:
        hub.setLevel(level)
    return file


def _check_room(repository: str) -> None:
    """Before the download starts: is there room for the file?"""
    from huggingface_hub import constants, get_hf_file_metadata, hf_hub_url, try_to_load_from_cache

    if constants.HF_HUB_OFFLINE or try_to_load_from_cache(repository, FILE) is not None:
        return
    try:
        size = get_hf_file_metadata(hf_hub_url(repository, FILE)).size or 0
    except Exception:  # whatever it is, the download itself will fail and report it
        return
    folder = Path(constants.HF_HUB_CACHE)
    while not folder.exists():
        folder = folder.parent
    if shutil.disk_usage(folder).free < size:
        raise WeightsError(_no_room(repository, size))


def _no_room(repository: str, size: int | None = None) -> str:
    from huggingface_hub import constants

    told = _(
        "no room on the disk for {repository}{size}. Remedy: make room, or set HF_HOME to a folder on another disk (now {cache})"
    )
    return told.format(
        repository=repository, size=f" ({size / 1e6:.0f} MB)" if size else "", cache=constants.HF_HUB_CACHE
    )


def _is_whole(file: Path) -> bool:
    """The hub's cache names a large file by its SHA-256, so it can be checked without a network."""
    name = file.resolve().name
    if not re.fullmatch(r"[0-9a-f]{64}", name):
        return True
    found = sha256()
    with file.open("rb") as opened:
        while block := opened.read(1 << 22):
            found.update(block)
    return found.hexdigest() == name
