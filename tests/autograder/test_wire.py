"""The wire: what crosses it arrives whole, and nothing else crosses."""

from __future__ import annotations

import json
import math
import pickle
import socket
import threading
import time
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.student.worker import wire


def refuse(value: Any) -> dict[str, Any]:
    raise wire.WireError(f"no {type(value).__name__}")


def round_trip(value: Any) -> Any:
    encoder = wire.Encoder(refuse)
    form = json.loads(json.dumps(encoder.encode(value)))
    return wire.Decoder(encoder.blob, None).decode(form)


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner)
        | st.lists(st.tuples(inner, inner))
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers(), inner)
    ),
    max_leaves=20,
)


@given(values)
def test_plain_values_arrive_as_they_were(value: Any) -> None:
    assert round_trip(value) == value


@pytest.mark.parametrize("dtype", wire._TORCH_DTYPES)
@pytest.mark.parametrize("shape", [(), (3,), (2, 0), (2, 3, 4)])
def test_tensors_of_every_type_and_shape(dtype: str, shape: tuple[int, ...]) -> None:
    tensor = (torch.arange(math.prod(shape)).reshape(shape) % 2).to(getattr(torch, dtype))
    back = round_trip(tensor)
    assert back.dtype == tensor.dtype and back.shape == tensor.shape and torch.equal(back, tensor)


@pytest.mark.parametrize("shape", [(), (1,), (1, 1), (3, 1), (1, 3), (2, 3), (0, 2)])
def test_the_real_part_of_complex_numbers_arrives_though_every_other_number_is_skipped(shape: tuple[int, ...]) -> None:
    value = torch.complex(
        torch.randn(shape), torch.randn(shape)
    ).real  # torch calls a single number contiguous, whatever its stride
    assert torch.equal(round_trip(value), value)


@pytest.mark.parametrize("shape", [(), (1,), (1, 1), (3,), (2, 0), (2, 3)])
def test_expanded_tensors_arrive_too(shape: tuple[int, ...]) -> None:
    assert torch.equal(round_trip(torch.tensor(2.5).expand(shape)), torch.full(shape, 2.5))


def test_tensors_come_back_plain_writable_and_without_gradient() -> None:
    class Liar(torch.Tensor):
        def __eq__(self, other: object) -> bool:  # type: ignore[override]
            return True

    tensor = torch.randn(3, 4, requires_grad=True).t().as_subclass(Liar)
    back = round_trip(tensor)
    assert type(back) is torch.Tensor and not back.requires_grad
    assert torch.equal(back, tensor.detach().as_subclass(torch.Tensor))
    back += 1


def test_subclasses_of_numbers_and_texts_become_plain() -> None:
    class Always(float):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = float.__hash__

    class Word(str):
        def __str__(self) -> str:
            return "something else"

    assert type(round_trip(Always(2.0))) is float and round_trip(Always(2.0)) != 3.0
    assert round_trip(Word("as written")) == "as written"


def test_not_a_number_and_infinities() -> None:
    back = round_trip([math.nan, math.inf, -math.inf])
    assert math.isnan(back[0]) and back[1:] == [math.inf, -math.inf]


def test_numpy_and_torch_types() -> None:
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    assert np.array_equal(round_trip(array), array)
    assert round_trip(np.float64(2.5)) == 2.5
    assert round_trip([torch.float16, torch.device("cpu"), slice(1, None, 2), ...]) == [
        torch.float16,
        torch.device("cpu"),
        slice(1, None, 2),
        ...,
    ]


@pytest.mark.parametrize(
    "form",
    [
        {"!": "T", "dtype": "float32", "shape": [4], "at": [0, 8]},
        {"!": "T", "dtype": "float32", "shape": [-1], "at": [0, 0]},
        {"!": "T", "dtype": "__class__", "shape": [1], "at": [0, 4]},
        {"!": "T", "dtype": "float32", "shape": [2], "at": [4, 8]},
        {"!": "N", "dtype": "O", "shape": [1], "at": [0, 8]},
        {"!": "b", "at": [0, 100]},
        {"!": "b", "at": [-4, 4]},
        {"!": "dtype", "v": "nn"},
        {"!": "d", "v": [[{"!": "l", "v": []}, 1]]},
        {"!": "p", "v": ""},
        {"!": "h", "id": 1},
        {"!": "unheard"},
        {"no": "tag"},
        [1],
        {"!": "l", "p": [1, [2]]},
        {"!": "s", "p": {"1": 2}},
        {"!": "t", "p": [{"!": "h", "id": 1}]},
        {"!": "l", "c": [[1, 2], [3]]},
        {"!": "l", "c": [[1, [2]], [3, 4]]},
        {"!": "d", "p": [[1, 2], [3]]},
        {"!": "d", "p": [[1], [None]]},
    ],
)
def test_malformed_values_are_refused(form: Any) -> None:
    with pytest.raises(wire.WireError):
        wire.Decoder(b"12345678", None).decode(form)


def test_a_pickle_from_the_worker_is_never_opened() -> None:
    encoder = wire.Encoder(pickle.dumps)
    form = encoder.encode(print)
    with pytest.raises(wire.WireError):
        wire.Decoder(encoder.blob, None).decode(form)
    assert wire.Decoder(encoder.blob, None, allow_pickle=True).decode(form) is print


def test_depth_is_bounded_both_ways() -> None:
    deep: list[Any] = []
    for _ in range(wire.MAX_DEPTH + 2):
        deep = [deep]
    with pytest.raises(wire.WireError):
        wire.Encoder(refuse).encode(deep)
    form: Any = None
    for _ in range(wire.MAX_DEPTH + 2):
        form = {"!": "l", "v": [form]}
    with pytest.raises(wire.WireError):
        wire.Decoder(b"", None).decode(form)


def test_messages_over_a_socket() -> None:
    ours, theirs = socket.socketpair()
    blob = bytes(range(256)) * 5000
    sender = threading.Thread(target=wire.send, args=(ours, {"ação": 1}, blob))
    sender.start()
    assert wire.receive(theirs, time.monotonic() + 5) == ({"ação": 1}, blob)
    sender.join()
    ours.close()
    with pytest.raises(wire.Closed):
        wire.receive(theirs)


@pytest.mark.parametrize(
    "raw", [b"\xff" * 8, b"\x00\x00\x00\x02\x00\x00\x00\x00[]", b"\x00\x00\x00\x02\x00\x00\x00\x00{x"]
)
def test_malformed_messages_are_refused(raw: bytes) -> None:
    ours, theirs = socket.socketpair()
    ours.sendall(raw)
    with pytest.raises(wire.WireError):
        wire.receive(theirs, time.monotonic() + 5)


def test_a_dripping_peer_meets_the_deadline() -> None:
    ours, theirs = socket.socketpair()
    ours.sendall(b"\x00\x00\x00\x0a\x00\x00\x00\x00{")
    with pytest.raises(TimeoutError):
        wire.receive(theirs, time.monotonic() + 0.2)


def test_a_snapshot_sees_every_change_in_place() -> None:
    words, array, tensor = [["a", 1], {"b": (2.0,)}], np.arange(4), torch.zeros(2)
    before = [wire.snapshot([one]) for one in (words, array, tensor)]
    words[0][1] = True  # equal, and another type
    array.shape = (2, 2)  # the same bytes
    tensor[0] = 1
    assert all(wire.snapshot([one]) != was for one, was in zip((words, array, tensor), before, strict=True))


def test_a_snapshot_of_what_holds_itself_or_grows_without_end_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    doubled: list[Any] = [1]
    for _ in range(60):
        doubled = [doubled, doubled]
    for value in (loop, doubled):
        with pytest.raises(wire.WireError):
            wire.snapshot(value)
