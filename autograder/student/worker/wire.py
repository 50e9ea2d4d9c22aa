"""The wire between judge and worker: whitelisted values as JSON plus raw tensor bytes, handles for everything else, never pickle from the worker."""

from __future__ import annotations

import json
import math
import pickle
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

MAX_HEADER = 16 << 20  # bytes of JSON in one message
MAX_BLOB = 256 << 20  # bytes of tensors in one message
MAX_DEPTH = 40
MAX_NODES = 500_000

MOST_AT_ONCE = 1 << 16
_PREFIX = struct.Struct(">II")
_TORCH_DTYPES = (
    "float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool", "complex64", "complex128",
)  # fmt: skip
_NUMPY_KINDS = "biufc"
_PLAIN = {bool, int, float, str}  # types of which a list is its own JSON form


class WireError(Exception):
    """The peer sent something that the wire does not allow."""


class Closed(Exception):
    """The peer has gone."""


class Encoder:
    """Turns values into a JSON tree and one block of bytes.

    Args:
        on_other: what to do with a value outside the whitelist: returns its JSON form, or a pickle of it.

    Attributes:
        handles: numbers of the objects that `on_other` has named, in order.
    """

    def __init__(self, on_other: Callable[[Any], dict[str, Any] | bytes]) -> None:
        self._on_other = on_other
        self.handles: list[int] = []
        self._chunks: list[bytes] = []
        self._size = 0
        self._nodes = 0

    @property
    def blob(self) -> bytes:
        return b"".join(self._chunks)

    def _put(self, data: bytes) -> list[int]:
        start = self._size
        self._size += len(data)
        if self._size > MAX_BLOB:
            raise WireError(f"a message would have more than {MAX_BLOB >> 20} MiB of data")
        self._chunks.append(data)
        return [start, len(data)]

    def encode(self, value: Any, depth: int = 0) -> Any:
        """Returns the JSON form of `value`; bytes go to `blob`."""
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise WireError("a value is nested too deeply or has too many parts")
        plain = self._scalar(value)
        if plain is not NotImplemented:
            return plain
        if isinstance(value, (list, tuple, set, frozenset)):
            tag = "l" if isinstance(value, list) else "t" if isinstance(value, tuple) else "s"
            items = list(value)
            if self._is_plain(items):
                return {"!": tag, "p": items}
            columns = self._columns(items)
            if columns:
                return {"!": tag, "c": columns}
            return {"!": tag, "v": [self.encode(item, depth + 1) for item in items]}
        if isinstance(value, dict):
            keys, values = list(value), list(value.values())
            if self._is_plain(keys) and self._is_plain(values):
                return {"!": "d", "p": [keys, values]}
            pairs = zip(keys, values, strict=True)
            return {"!": "d", "v": [[self.encode(k, depth + 1), self.encode(v, depth + 1)] for k, v in pairs]}
        array = self._array(value)
        return array if array is not None else self._other(value)

    def _is_plain(self, items: list[Any]) -> bool:
        """Whether JSON has these items as they are; counts them if so. Lists of thousands of token ids are common."""
        kinds = set(map(type, items))
        if len(kinds) != 1 or not kinds <= _PLAIN:
            return False
        if kinds == {int} and not (min(items) > -(2**53) and max(items) < 2**53):
            return False
        if kinds == {float} and not all(map(math.isfinite, items)):
            return False
        self._nodes += len(items)
        if self._nodes > MAX_NODES:
            raise WireError("a value is nested too deeply or has too many parts")
        return True

    def _columns(self, items: list[Any]) -> list[list[Any]]:
        """The columns of a table, a list of tuples of one length, if JSON has them as they are; empty for anything else."""
        if set(map(type, items)) != {tuple} or len(set(map(len, items))) != 1:
            return []
        columns = list(map(list, zip(*items, strict=True)))
        return columns if all(map(self._is_plain, columns)) else []

    def _other(self, value: Any) -> dict[str, Any]:
        form = self._on_other(value)
        if isinstance(form, bytes):
            return {"!": "p", "at": self._put(form)}
        if form.get("!") == "h":
            self.handles.append(form["id"])
        return form

    def _scalar(self, value: Any) -> Any:
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, int):
            number = int.__index__(value)
            return number if abs(number) < 2**53 else {"!": "i", "v": hex(number)}
        if isinstance(value, float):
            real = float.__float__(value)
            return real if math.isfinite(real) else {"!": "f", "v": repr(real)}
        if isinstance(value, (bytes, bytearray)):
            return {"!": "b", "at": self._put(bytes(value))}
        if isinstance(value, slice):
            return {"!": "slice", "v": [self.encode(part) for part in (value.start, value.stop, value.step)]}
        if value is Ellipsis:
            return {"!": "..."}
        return NotImplemented

    def _array(self, value: Any) -> dict[str, Any] | None:
        import torch

        if isinstance(value, torch.Tensor):
            name = str(value.dtype).removeprefix("torch.")
            if value.layout != torch.strided or name not in _TORCH_DTYPES or value.device.type == "meta":
                return None
            plain = value.detach().as_subclass(torch.Tensor).cpu().resolve_conj().resolve_neg().contiguous()
            data = plain.reshape(-1).view(torch.uint8).numpy().tobytes()
            return {"!": "T", "dtype": name, "shape": list(plain.shape), "at": self._put(data)}
        if isinstance(value, torch.dtype):
            return {"!": "dtype", "v": str(value).removeprefix("torch.")}
        if isinstance(value, torch.device):
            return {"!": "device", "v": str(value)}
        import numpy as np

        if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in _NUMPY_KINDS:
            array = np.ascontiguousarray(np.asarray(value))
            form = {
                "!": "N",
                "dtype": array.dtype.str,
                "shape": list(np.shape(value)),
                "at": self._put(array.tobytes()),
            }
            return form
        return None


class Decoder:
    """Rebuilds values from a JSON tree and a block of bytes, believing neither.

    Args:
        blob: the bytes that came with the tree.
        on_handle: turns a handle's JSON form into an object; without it handles are refused.
        allow_pickle: True only in the worker, for what the trusted judge sends.

    Attributes:
        handles: numbers of the objects that the values held, in order.
    """

    def __init__(
        self, blob: bytes, on_handle: Callable[[dict[str, Any]], Any] | None, allow_pickle: bool = False
    ) -> None:
        self._blob = blob
        self._on_handle = on_handle
        self._allow_pickle = allow_pickle
        self.handles: list[int] = []

    def _bytes(self, form: dict[str, Any]) -> bytes:
        start, length = form["at"]
        if not (isinstance(start, int) and isinstance(length, int)) or start < 0 or length < 0:
            raise WireError("bad offset")
        data = self._blob[start : start + length]
        if len(data) != length:
            raise WireError("a message is shorter than it says")
        return data

    def decode(self, form: Any, depth: int = 0) -> Any:
        """Returns the value of a JSON form; raises WireError on anything outside the whitelist."""
        if depth > MAX_DEPTH:
            raise WireError("a value is nested too deeply")
        if form is None or isinstance(form, (bool, int, float, str)):
            return form
        if not isinstance(form, dict):
            raise WireError("not a wire value")
        try:
            return self._tagged(form, depth)
        except WireError:
            raise
        except Exception as error:
            raise WireError(f"malformed value: {error}") from None

    def _tagged(self, form: dict[str, Any], depth: int) -> Any:
        tag = form["!"]
        if tag in ("l", "t", "s"):
            if "p" in form:
                items = _plain(form["p"])
            elif "c" in form:
                items = list(zip(*map(_plain, form["c"]), strict=True))
            else:
                items = [self.decode(item, depth + 1) for item in form["v"]]
            return items if tag == "l" else tuple(items) if tag == "t" else set(items)
        if tag == "d" and "p" in form:
            keys, values = form["p"]
            return dict(zip(_plain(keys), _plain(values), strict=True))
        if tag == "d":
            return {self.decode(k, depth + 1): self.decode(v, depth + 1) for k, v in form["v"]}
        if tag == "T":
            return self._tensor(form)
        if tag == "N":
            return self._numpy(form)
        if tag == "i":
            return int(form["v"], 16)
        if tag == "f":
            return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[form["v"]]
        if tag == "b":
            return self._bytes(form)
        if tag == "slice":
            return slice(*(self.decode(part, depth + 1) for part in form["v"]))
        if tag == "...":
            return Ellipsis
        if tag in ("dtype", "device"):
            import torch

            return getattr(torch, _known(form["v"], _TORCH_DTYPES)) if tag == "dtype" else torch.device(str(form["v"]))
        if tag == "h" and self._on_handle is not None:
            self.handles.append(int(form["id"]))
            return self._on_handle(form)
        if tag == "p" and self._allow_pickle:
            return pickle.loads(self._bytes(form))
        raise WireError(f"unknown tag {tag!r}")

    def _tensor(self, form: dict[str, Any]) -> Any:
        import torch

        dtype = getattr(torch, _known(form["dtype"], _TORCH_DTYPES))
        shape = [int(n) for n in form["shape"]]
        data = self._bytes(form)
        if any(n < 0 for n in shape) or math.prod(shape) * dtype.itemsize != len(data):
            raise WireError("a tensor's bytes do not fit its shape")
        if not data:
            return torch.empty(shape, dtype=dtype)
        return torch.frombuffer(bytearray(data), dtype=torch.uint8).view(dtype).reshape(shape)

    def _numpy(self, form: dict[str, Any]) -> Any:
        import numpy as np

        dtype = np.dtype(str(form["dtype"]))
        if dtype.kind not in _NUMPY_KINDS:
            raise WireError("numpy type not allowed")
        array = np.frombuffer(bytearray(self._bytes(form)), dtype=dtype).reshape([int(n) for n in form["shape"]])
        return array if array.shape else array[()]


def _known(name: Any, allowed: tuple[str, ...]) -> str:
    if name not in allowed:
        raise WireError(f"type {name!r} is not allowed")
    return str(name)


def _plain(items: Any) -> list[Any]:
    """A list that the encoder left as it was."""
    if type(items) is not list or not set(map(type, items)) <= _PLAIN:
        raise WireError("not a plain list")
    return items


def send(sock: socket.socket, header: dict[str, Any], blob: bytes = b"", descriptor: int | None = None) -> None:
    """Sends one message, over a Unix socket with a file descriptor if one is given; raises Closed when the peer has gone."""
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    if len(text) > MAX_HEADER or len(blob) > MAX_BLOB:
        raise WireError("a message is too large")
    prefix = _PREFIX.pack(len(text), len(blob))
    try:
        if descriptor is not None:
            socket.send_fds(sock, [prefix], [descriptor])
            prefix = b""
        sock.sendall(prefix + text + blob)
    except (BrokenPipeError, ConnectionError) as error:
        raise Closed(str(error)) from None


def receive(
    sock: socket.socket, deadline: float | None = None, descriptors: list[int] | None = None
) -> tuple[dict[str, Any], bytes]:
    """Receives one message.

    Args:
        sock: a stream socket.
        deadline: `time.monotonic()` by which the whole message must have arrived; None waits forever.
        descriptors: gets the file descriptor that came with the message; without it none is accepted.

    Raises:
        Closed: the peer has gone.
        WireError: the message is malformed or too large.
        TimeoutError: the deadline has passed.
    """
    # Each side waits for the other, so that what is there belongs to this message.
    data = _some(sock, MOST_AT_ONCE, deadline, descriptors)
    while len(data) < _PREFIX.size:
        data += _some(sock, _PREFIX.size - len(data), deadline)
    header_size, blob_size = _PREFIX.unpack_from(data)
    if header_size > MAX_HEADER or blob_size > MAX_BLOB:
        raise WireError("a message is too large")
    size = _PREFIX.size + header_size + blob_size
    while len(data) < size:
        data += _some(sock, min(size - len(data), 1 << 20), deadline)
    if len(data) > size:
        raise WireError("a message is longer than it says")
    text, blob = data[_PREFIX.size : _PREFIX.size + header_size], bytes(data[_PREFIX.size + header_size :])
    try:
        header = json.loads(text.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON: {error}") from None
    if not isinstance(header, dict):
        raise WireError("not a message")
    return header, blob


def carries_descriptors(sock: socket.socket) -> bool:
    """Whether a socket can hand over file descriptors: Unix sockets can."""
    return sock.family == getattr(socket, "AF_UNIX", None)


def _some(sock: socket.socket, most: int, deadline: float | None, descriptors: list[int] | None = None) -> bytearray:
    """What has arrived, at least one byte."""
    if deadline is not None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        sock.settimeout(left)
    try:
        if descriptors is not None and carries_descriptors(sock):
            part, found, _flags, _address = socket.recv_fds(sock, most, 1)
            descriptors += found
        else:
            part = sock.recv(most)
    except ConnectionError as error:
        raise Closed(str(error)) from None
    if not part:
        raise Closed("end of stream")
    return bytearray(part)
