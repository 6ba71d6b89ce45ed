"""Messages between host and runner: what is not one, or is too big, is refused before memory is taken."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from stockhub.pluginhost import wire
from stockhub.pluginhost.errors import InvalidAnswerError


def reader(raw: bytes) -> Callable[[int], bytearray]:
    place = 0

    def read(count: int) -> bytearray:
        nonlocal place
        assert place + count <= len(raw), f"{count} bytes were asked for after {place} of {len(raw)}"
        place += count
        return bytearray(raw[place - count : place])

    return read


def admit_all(_header: object, _declared: object) -> None:
    return None


def message(header: dict[str, Any], arrays: list[list[Any]]) -> bytes:
    text = json.dumps({"header": header, "arrays": arrays}).encode()
    return struct.pack("<4sI", b"SHP1", len(text)) + text


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6, dtype=np.float32).reshape(2, 3),
        np.arange(6, dtype=">f8").reshape(3, 2),
        np.arange(12, dtype=np.int64).reshape(3, 4)[:, ::2],
        np.broadcast_to(np.float64(2.5), (4,)),
        np.array([True, False]),
        np.zeros((0, 5), np.float32),
        np.zeros((3, 0), np.int8),
    ],
)
def test_arrays_arrive_as_they_left_and_cannot_be_written(array: NDArray[Any]) -> None:
    raw = b"".join(bytes(piece) for piece in wire.encode({"a": [1, "二"]}, {"x": array}))
    received = wire.decode(reader(raw), admit_all)
    assert received.header == {"a": [1, "二"]}
    np.testing.assert_array_equal(received.arrays["x"], array)
    assert received.arrays["x"].shape == array.shape
    assert received.arrays["x"].dtype.byteorder in "=|<"
    with pytest.raises(ValueError, match="WRITEABLE"):
        received.arrays["x"].flags.writeable = True


@pytest.mark.parametrize(
    "raw",
    [
        b"GET / HTTP/1.1\r\n",
        struct.pack("<4sI", b"SHP1", 2**31),
        struct.pack("<4sI", b"SHP1", 3) + b"{]}",
        struct.pack("<4sI", b"SHP1", 4) + b"null",
        struct.pack("<4sI", b"SHP1", 200_000) + b"[" * 200_000,
        message({}, [["x", "|O", [1]]]),
        message({}, [["x", "<f8", [-1]]]),
        message({}, [["x", "<f8"]]),
        message({}, [["x", "<f8", [1]]] * 1001),
    ],
)
def test_what_is_no_message_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidAnswerError) as refused:
        wire.decode(reader(raw), admit_all)
    assert refused.value.code == "protocol_broken"


def test_the_announcement_of_a_huge_array_is_refused_before_memory_is_taken() -> None:
    seen: list[int] = []

    def admit(_header: object, declared: tuple[wire.Declared, ...]) -> None:
        seen.extend(d.nbytes for d in declared)
        raise InvalidAnswerError("too_large", "no")

    with pytest.raises(InvalidAnswerError, match="no"):
        wire.decode(reader(message({}, [["x", "<f8", [2**40, 2**40]]])), admit)
    assert seen == [2**83]


def test_objects_do_not_travel() -> None:
    with pytest.raises(InvalidAnswerError) as refused:
        list(wire.encode({}, {"x": np.array([object()])}))
    assert refused.value.code == "wrong_type"
