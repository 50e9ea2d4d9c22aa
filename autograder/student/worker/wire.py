"""The wire between judge and worker: whitelisted values as JSON plus raw tensor bytes, handles for everything else, never pickle from the worker."""

from __future__ import annotations

import base64
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
# A worker may say less than the judge, which keeps what many workers have said.
MAX_REPLY_TEXT = 4 << 20
MAX_REPLY_BLOB = 32 << 20
MAX_DEPTH = 40
MAX_NODES = 300_000
MAX_DIMENSIONS = 32
MAX_DIGITS = 1000  # hexadecimal, of a whole number
MAX_CROWD = 64

MOST_AT_ONCE = 1 << 16
_PREFIX = struct.Struct(">II")
_TORCH_DTYPES = (
    "float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool", "complex64", "complex128",
)  # fmt: skip
_NUMPY_KINDS = "biufc"


class WireError(Exception):
    """The peer sent something that the wire does not allow."""


class Closed(Exception):
    """The peer has gone."""


class Encoder:
    """Turns values into a JSON tree and one block of bytes.

    Args:
        on_other: what to do with a value outside the whitelist: returns its JSON form.
        most: bytes that go to `blob`.
    """

    def __init__(self, on_other: Callable[[Any], dict[str, Any]], most: int = MAX_BLOB) -> None:
        self._on_other = on_other
        self._most = most
        self._chunks: list[bytes] = []
        self._size = 0
        self._nodes = 0

    @property
    def blob(self) -> bytes:
        return b"".join(self._chunks)

    def _put(self, data: bytes) -> list[int]:
        start = self._size
        self._size += len(data)
        if self._size > self._most:
            raise WireError(f"a message would have more than {self._most >> 20} MiB of data")
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
            return {"!": tag, "v": [self.encode(item, depth + 1) for item in list(value)]}
        if isinstance(value, dict):
            pairs = [[self.encode(k, depth + 1), self.encode(v, depth + 1)] for k, v in list(value.items())]
            return {"!": "d", "v": pairs}
        array = self._array(value)
        return array if array is not None else self._on_other(value)

    def _scalar(self, value: Any) -> Any:
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, int):
            number = int.__index__(value)
            if number.bit_length() > 4 * MAX_DIGITS:
                raise WireError("a whole number has too many digits")
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


class Crowd:
    """Refuses different values that share a hash: a set or a dict of n of them takes n² comparisons.

    Texts have a secret in their hashes, and other numbers than large whole ones hardly ever share one; what can be made to is a tuple,
    a large whole number and a complex one.
    """

    def __init__(self) -> None:
        self._known: dict[int, list[Any]] = {}

    def admit(self, value: Any) -> Any:
        """Returns the value; raises WireError if too many others have its hash."""
        try:
            known = self._known.setdefault(hash(value), [])
        except TypeError:  # it cannot be in a set
            return value
        if not any(value is other or value == other for other in known):
            if len(known) >= MAX_CROWD:
                raise WireError("too many values share a hash")
            known.append(value)
        return value


class Decoder:
    """Rebuilds values from a JSON tree and a block of bytes, believing neither.

    Args:
        blob: the bytes that came with the tree; each belongs to one value at most.
        on_handle: turns a handle's JSON form into an object; without it handles are refused.
        allow_pickle: True only in the worker, for what the trusted judge sends.
        crowd: what other messages have held that will meet this one's values in sets and dicts.
    """

    def __init__(
        self,
        blob: bytes,
        on_handle: Callable[[dict[str, Any]], Any] | None,
        allow_pickle: bool = False,
        crowd: Crowd | None = None,
    ) -> None:
        self._blob = memoryview(blob)
        self._on_handle = on_handle
        self._allow_pickle = allow_pickle
        self._crowd = crowd or Crowd()
        self._nodes = self._taken = 0

    def _bytes(self, form: dict[str, Any]) -> memoryview:
        start, length = form["at"]
        if type(start) is not int or type(length) is not int or start < 0 or length < 0:
            raise WireError("bad offset")
        data = self._blob[start : start + length]
        if len(data) != length:
            raise WireError("a message is shorter than it says")
        self._taken += length
        if self._taken > len(self._blob):
            raise WireError("a message's bytes are used twice")
        return data

    def decode(self, form: Any, depth: int = 0) -> Any:
        """Returns the value of a JSON form; raises WireError on anything outside the whitelist."""
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise WireError("a value is nested too deeply or has too many parts")
        if form is None or isinstance(form, (bool, float, str)):
            return form
        if isinstance(form, int):
            if not -(2**53) < form < 2**53:
                raise WireError("a large whole number has its own form")
            return form
        if not isinstance(form, dict):
            raise WireError("not a wire value")
        try:
            return self._tagged(form, depth)
        except WireError:
            raise
        except Exception as error:
            raise WireError(f"malformed value: {str(error)[:100]!a}") from None

    def _tagged(self, form: dict[str, Any], depth: int) -> Any:
        tag = form["!"]
        if tag in ("l", "t", "s"):
            items = [self.decode(item, depth + 1) for item in _listed(form["v"])]
            return items if tag == "l" else self._crowd.admit(tuple(items)) if tag == "t" else set(items)
        if tag == "d":
            pairs = (_listed(pair, 2) for pair in _listed(form["v"]))
            return {self.decode(k, depth + 1): self.decode(v, depth + 1) for k, v in pairs}
        if tag == "T":
            return self._tensor(form)
        if tag == "N":
            return self._numpy(form)
        if tag == "i":
            if len(form["v"]) > MAX_DIGITS + 3:
                raise WireError("a whole number has too many digits")
            return self._crowd.admit(int(form["v"], 16))
        if tag == "f":
            return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[form["v"]]
        if tag == "b":
            return bytes(self._bytes(form))
        if tag == "slice":
            return slice(*(self.decode(part, depth + 1) for part in _listed(form["v"], 3)))
        if tag == "...":
            return Ellipsis
        if tag in ("dtype", "device"):
            import torch

            return getattr(torch, _known(form["v"], _TORCH_DTYPES)) if tag == "dtype" else torch.device(str(form["v"]))
        if tag == "h" and self._on_handle is not None:
            handle_number(form)
            return self._on_handle(form)
        if tag == "p" and self._allow_pickle:
            return pickle.loads(base64.b64decode(form["v"]))
        raise WireError(f"unknown tag {str(tag)[:20]!a}")

    def _tensor(self, form: dict[str, Any]) -> Any:
        import torch

        dtype = getattr(torch, _known(form["dtype"], _TORCH_DTYPES))
        shape, data = _shape(form), self._bytes(form)
        if math.prod(shape) * dtype.itemsize != len(data):
            raise WireError("a tensor's bytes do not fit its shape")
        if not data:
            return torch.empty(shape, dtype=dtype)
        return torch.frombuffer(bytearray(data), dtype=torch.uint8).view(dtype).reshape(shape)

    def _numpy(self, form: dict[str, Any]) -> Any:
        import numpy as np

        dtype = np.dtype(str(form["dtype"]))
        if dtype.kind not in _NUMPY_KINDS:
            raise WireError("numpy type not allowed")
        array = np.frombuffer(bytearray(self._bytes(form)), dtype=dtype).reshape(_shape(form))
        return array if array.shape else self._crowd.admit(array[()])


def _listed(form: Any, length: int | None = None) -> list[Any]:
    if not isinstance(form, list) or (length is not None and len(form) != length):
        raise WireError("not a list of that length")
    return form


def _shape(form: dict[str, Any]) -> list[int]:
    shape = _listed(form["shape"])
    if len(shape) > MAX_DIMENSIONS or any(type(n) is not int or not 0 <= n < 2**53 for n in shape):
        raise WireError("not a shape")
    return shape


def _known(name: Any, allowed: tuple[str, ...]) -> str:
    if name not in allowed:
        raise WireError(f"type {str(name)[:20]!a} is not allowed")
    return str(name)


def handle_number(form: Any) -> int:
    """The number in a handle's JSON form; raises WireError where there is none."""
    number = form.get("id") if isinstance(form, dict) and form.get("!") == "h" else None
    if type(number) is not int or not 0 < number < 2**53:
        raise WireError("not a handle")
    return number


def pickled(value: Any) -> dict[str, Any]:
    """JSON form of what only the judge may send: an object by pickle."""
    return {"!": "p", "v": base64.b64encode(pickle.dumps(value)).decode("ascii")}


def send(
    sock: socket.socket,
    header: dict[str, Any],
    blob: bytes = b"",
    descriptor: int | None = None,
    *,
    most: tuple[int, int] = (MAX_HEADER, MAX_BLOB),
) -> None:
    """Sends one message, over a Unix socket with a file descriptor if one is given.

    Args:
        sock: a stream socket.
        header: becomes JSON.
        blob: bytes of tensors.
        descriptor: goes with the message.
        most: bytes of JSON and of tensors.

    Raises:
        Closed: the peer has gone.
        WireError: it is too large; nothing was sent.
    """
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    if len(text) > most[0] or len(blob) > most[1]:
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
    sock: socket.socket,
    deadline: float | None = None,
    descriptors: list[int] | None = None,
    *,
    most: tuple[int, int] = (MAX_HEADER, MAX_BLOB),
    on_size: Callable[[int, int], None] | None = None,
) -> tuple[dict[str, Any], bytes]:
    """Receives one message.

    Args:
        sock: a stream socket.
        deadline: `time.monotonic()` by which the whole message must have arrived; None waits forever.
        descriptors: gets the file descriptor that came with the message; without it none is accepted.
        most: bytes of JSON and of tensors.
        on_size: hears of a whole message, before it is read, how many bytes it has and at most how many parts its JSON has.

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
    if header_size > most[0] or blob_size > most[1]:
        raise WireError("a message is too large")
    size = _PREFIX.size + header_size + blob_size
    while len(data) < size:
        data += _some(sock, min(size - len(data), 1 << 20), deadline)
    if len(data) > size:
        raise WireError("a message is longer than it says")
    text, blob = data[_PREFIX.size : _PREFIX.size + header_size], bytes(memoryview(data)[_PREFIX.size + header_size :])
    del data
    if on_size is not None:
        on_size(size, sum(map(text.count, (b",", b"[", b"{"))))
    try:
        header = json.loads(text.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON: {str(error)[:100]!a}") from None
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
