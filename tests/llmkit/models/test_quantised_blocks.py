"""What the appendix's notebook on quantisation has students write: its parts fit together, and read files as llmkit does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from autograder.course.course import Course
from llmkit import data
from llmkit.errors import DataError
from llmkit.models import GGUFTensor, read_gguf

INPUTS = ("source/modern/04_quantisation.ipynb",)
COURSE = Course.discover(Path(__file__).parents[3])


@pytest.fixture(scope="module")
def solved() -> dict[str, Any]:
    """The solutions' functions by name."""
    names: dict[str, Any] = {"torch": torch}
    for exercise in ("blockwise-int8", "blockwise-4bit", "pack-nibbles", "gguf-blocks"):
        exec(COURSE.exercise(f"modern/{exercise}").solution, names)
    return names


def written(codes: torch.Tensor, *ends: torch.Tensor) -> torch.Tensor:
    """Rows of blocks: scale and minimum as float16, then the codes of each block."""
    blocks = codes.view(torch.uint8).unflatten(-1, (ends[0].shape[-1], -1))
    halves = [end.half().unsqueeze(-1).view(torch.uint8) for end in ends]
    return torch.cat([*halves, blocks], dim=-1).flatten(1)


@pytest.mark.parametrize("kind", ["Q8_0", "Q4_1"])
def test_what_the_exercises_write_is_read_again(kind: str, solved: dict[str, Any]) -> None:
    torch.manual_seed(4)
    x = torch.randn(5, 96)
    if kind == "Q8_0":
        codes, *ends = solved["blockwise_int8"](x)
        raw, bound = written(codes, *ends), 0.52
    else:
        codes, *ends = solved["blockwise_4bit"](x)
        raw, bound = written(solved["pack_nibbles"](codes.unflatten(-1, (-1, 32))).flatten(1), *ends), 0.52
    back = solved[f"read_{kind.lower()}"](raw)
    # Half a step, and what scale and minimum lose as float16.
    assert ((back - x).abs() <= bound * ends[0].repeat_interleave(32, dim=-1) + 2e-3).all()
    assert torch.equal(back, GGUFTensor("x", (5, 96), kind, raw).dequantised())


@pytest.mark.real_weights
def test_smollm2_is_read_as_llmkit_reads_it(solved: dict[str, Any]) -> None:
    try:
        tensors = read_gguf(data.path("smollm2")).tensors.values()
    except DataError as reason:
        pytest.skip(str(reason))
    for kind in ("Q8_0", "Q4_1"):
        of_kind = [tensor for tensor in tensors if tensor.kind == kind]
        assert of_kind
        for tensor in of_kind:
            assert torch.equal(solved[f"read_{kind.lower()}"](tensor.raw), tensor.dequantised()), tensor.name
