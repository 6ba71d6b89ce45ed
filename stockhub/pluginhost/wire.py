"""Messages between host and runner: a JSON header and raw little-endian arrays. No pickle: an answer can only be data.

A message is the magic, the header's length, the header, then the bytes of each array in the order in which the header lists them. The
reader refuses a header or an array before it allocates what that asks for.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginhost.errors import InvalidAnswerError

MAGIC: Final = b"SHP1"
MAX_HEADER_BYTES: Final = 16 * 2**20
#: More arrays than any message has reason for.
MAX_ARRAYS: Final = 1000
_PREFIX: Final = struct.Struct("<4sI")
#: numpy types that travel. Object arrays, strings and dates do not.
DTYPES: Final = frozenset({"|b1", "|i1", "|u1", "<i2", "<i4", "<i8", "<u2", "<u4", "<u8", "<f4", "<f8"})


@dataclass(frozen=True, slots=True)
class Declared:
    """An array as its message's header announces it."""

    name: str
    dtype: str
    shape: tuple[int, ...]

    @property
    def nbytes(self) -> int:
        return int(np.dtype(self.dtype).itemsize * np.prod(self.shape, dtype=object))


@dataclass(frozen=True, slots=True)
class Message:
    """`header` is JSON; `arrays` are read-only."""

    header: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]


Read = Callable[[int], bytearray]
Admit = Callable[[Mapping[str, Any], tuple[Declared, ...]], None]


def encode(header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]] | None = None) -> Iterator[bytes | memoryview]:
    """The pieces of a message, to be written one after the other. Arrays are copied only where they are not contiguous."""
    ready = {name: _portable(name, array) for name, array in (arrays or {}).items()}
    listed = [[name, array.dtype.str, list(array.shape)] for name, array in ready.items()]
    text = json.dumps({"header": header, "arrays": listed}, allow_nan=False, ensure_ascii=False).encode()
    if len(text) > MAX_HEADER_BYTES:
        raise InvalidAnswerError("too_large", f"The header of a message has {len(text)} bytes; {MAX_HEADER_BYTES} are allowed.")
    yield _PREFIX.pack(MAGIC, len(text)) + text
    for array in ready.values():
        if array.nbytes:
            yield array.reshape(-1).view(np.uint8).data


def _portable(name: str, array: NDArray[Any]) -> NDArray[Any]:
    portable = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(array.shape)
    if portable.dtype.str not in DTYPES:
        raise InvalidAnswerError("wrong_type", f"{name} holds {array.dtype}, which is not a plain number.")
    return portable


def decode(read: Read, admit: Admit) -> Message:
    """Reads one message. `read(n)` gives exactly n bytes; `admit` raises where the announced arrays are not those expected.

    InvalidAnswerError `protocol_broken` where what comes is no message; `admit` is called before memory for an array is taken.
    """
    magic, length = _PREFIX.unpack(read(_PREFIX.size))
    if magic != MAGIC or length > MAX_HEADER_BYTES:
        raise InvalidAnswerError("protocol_broken", "What came is not a message of the runner.")
    try:
        content = json.loads(bytes(read(length)))
        header = content["header"]
        declared = tuple(Declared(str(name), str(dtype), tuple(int(d) for d in shape)) for name, dtype, shape in content["arrays"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InvalidAnswerError("protocol_broken", "The header of a message cannot be read.") from error
    if (
        not isinstance(header, dict)
        or len(declared) > MAX_ARRAYS
        or any(d.dtype not in DTYPES or min(d.shape, default=0) < 0 for d in declared)
    ):
        raise InvalidAnswerError("protocol_broken", "The header of a message is not well formed.")
    admit(header, declared)
    return Message(header, {d.name: _array(read, d) for d in declared})


def _array(read: Read, declared: Declared) -> NDArray[Any]:
    # Over a read-only view numpy refuses to make the array writeable again.
    raw = memoryview(read(declared.nbytes)).toreadonly() if declared.nbytes else b""
    return np.frombuffer(raw, declared.dtype).reshape(declared.shape)
