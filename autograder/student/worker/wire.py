"""The wire between judge and worker: whitelisted values as JSON plus raw tensor bytes, handles for everything else, never pickle from the worker."""

from __future__ import annotations

import contextlib
import functools
import json
import marshal
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
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_TORCH_DTYPES = (
    "float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool", "complex64", "complex128",
)  # fmt: skip
_NUMPY_KINDS = "biufc"
_OWN = {type(None), bool, int, float, str, bytes}
_PLAIN = {bool, int, float, str}  # types of which a list is its own JSON form


class WireError(Exception):
    """The peer sent something that the wire does not allow."""


class Closed(Exception):
    """The peer has gone."""


class Encoder:
    """Turns values into a JSON tree and one block of bytes.

    Args:
        on_other: what to do with a value outside the whitelist: returns its JSON form, or a pickle of it.
        most: bytes that go to `blob`.

    Attributes:
        handles: numbers of the objects that `on_other` has named, in order.
    """

    def __init__(self, on_other: Callable[[Any], dict[str, Any] | bytes], most: int = MAX_BLOB) -> None:
        self._on_other = on_other
        self._most = most
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
        if self._size > self._most:
            raise WireError(f"a message would have more than {self._most >> 20} MiB of data")
        self._chunks.append(data)
        return [start, len(data)]

    def encode(self, value: Any, depth: int = 0) -> Any:
        """Returns the JSON form of `value`; bytes go to `blob`."""
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise WireError("a value is nested too deeply or has too many parts")
        # Most of what takes long to look at is a tensor.
        plain = NotImplemented if isinstance(value, _tensor()) else self._scalar(value)
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
            name = _name(value.dtype)
            if value.layout != torch.strided or name not in _TORCH_DTYPES or value.device.type == "meta":
                return None
            plain = value.detach().as_subclass(torch.Tensor).cpu().resolve_conj().resolve_neg()
            if name == "bfloat16":
                plain = plain.view(torch.int16)  # numpy has no such numbers
            data = plain.numpy().tobytes()
            return {"!": "T", "dtype": name, "shape": list(plain.shape), "at": self._put(data)}
        if isinstance(value, torch.dtype):
            return {"!": "dtype", "v": _name(value)}
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


@functools.cache
def _tensor() -> type:
    import torch

    return torch.Tensor


@functools.cache
def _name(dtype: Any) -> str:
    return str(dtype).removeprefix("torch.")


def snapshot(value: Any) -> tuple[bytes, bytes]:
    """What a value is now, to be compared later; of an object that does not cross the wire, which one it is."""
    # Format 2: later ones depend on who else refers to an object.
    if _is_pythons_own(value):
        with contextlib.suppress(ValueError):  # too deep
            return marshal.dumps(value, 2), b""
    encoder = Encoder(lambda other: {"!": "h", "id": id(other)})
    return marshal.dumps(encoder.encode(value), 2), encoder.blob


def _is_pythons_own(value: Any) -> bool:
    """Whether a value and all that it holds is of Python's own types: marshal takes an array, too, but loses its shape."""
    todo = [value]
    for _part in range(MAX_NODES):
        if not todo:
            return True
        one = todo.pop()
        kind = type(one)
        if kind is dict:
            todo += one.keys()
            todo += one.values()
        elif kind in (list, tuple, set, frozenset):
            if not set(map(type, one)) <= _OWN:
                todo += one
        elif kind not in _OWN:
            return False
    return False


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

    Attributes:
        handles: numbers of the objects that the values held, in order.
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
        self.handles: list[int] = []

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
            if "p" in form:
                items = self._plain(form["p"])
            elif "c" in form:
                columns = map(self._plain, _listed(form["c"]))
                items = [self._crowd.admit(row) for row in zip(*columns, strict=True)]
            else:
                items = [self.decode(item, depth + 1) for item in _listed(form["v"])]
            return items if tag == "l" else self._crowd.admit(tuple(items)) if tag == "t" else set(items)
        if tag == "d" and "p" in form:
            keys, values = _listed(form["p"], 2)
            return dict(zip(self._plain(keys), self._plain(values), strict=True))
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
            self.handles.append(handle_number(form))
            return self._on_handle(form)
        if tag == "p" and self._allow_pickle:
            return pickle.loads(self._bytes(form))
        raise WireError(f"unknown tag {str(tag)[:20]!a}")

    def _plain(self, items: Any) -> list[Any]:
        """A list of numbers or texts that the encoder left as it was."""
        kinds = set(map(type, _listed(items)))
        self._nodes += len(items)
        if len(kinds) > 1 or not kinds <= _PLAIN or self._nodes > MAX_NODES:
            raise WireError("not a plain list, or one with too many parts")
        if kinds == {int} and not (min(items) > -(2**53) and max(items) < 2**53):
            raise WireError("a large whole number has its own form")
        plain: list[Any] = items
        return plain

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
    text = _JSON.encode(header).encode("utf-8", "surrogatepass")
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
