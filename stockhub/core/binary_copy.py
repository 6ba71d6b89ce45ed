"""Rows for COPY's binary format, made by numpy: rows of one shape are one structured array, and no cell is ever a Python object.

https://www.postgresql.org/docs/15/sql-copy.html, "Binary Format": a header, for each row the number of its fields, for each field its size
and its bytes with the greatest first, −1 as the size of a null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

HEADER: Final = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER: Final = b"\xff\xff"
_NULL: Final = -1


#: An array (count,) of numbers, or (count, m) of bytes for binary values of m bytes each; bytes that are the same in every row; None for
#: null in every row.
Column = NDArray[Any] | bytes | None


def binary_rows(columns: Mapping[str, Column], count: int, last: Sequence[bytes] | None = None) -> bytes:
    """`count` rows, as COPY takes them between `HEADER` and `TRAILER`; numbers go over with the greatest byte first.

    `last` are the values of one more column, after all others, each of its own length.
    """
    fields: list[tuple[Any, ...]] = [("fields", ">i2")]
    for name, column in columns.items():
        fields.append((f"{name}:size", ">i4"))
        if column is not None:
            fields.append((name, *_form(column)))
    if last is not None:
        fields.append(("last:size", ">i4"))
    rows = np.empty(count, np.dtype(fields))
    rows["fields"] = len(columns) + (last is not None)
    for name, column in columns.items():
        if column is None:
            rows[f"{name}:size"] = _NULL
            continue
        rows[f"{name}:size"] = rows.dtype[name].itemsize
        rows[name] = np.frombuffer(column, np.uint8) if isinstance(column, bytes) else column
    if last is None:
        return rows.tobytes()
    rows["last:size"] = [len(value) for value in last]
    raw, width = rows.tobytes(), rows.dtype.itemsize
    return b"".join(part for row, value in enumerate(last) for part in (raw[row * width : (row + 1) * width], value))


def _form(column: NDArray[Any] | bytes) -> tuple[Any, ...]:
    if isinstance(column, bytes):
        return ("u1", (len(column),))
    if column.ndim == 2:
        return (column.dtype, (column.shape[1],))
    return (column.dtype.newbyteorder(">"),)


def as_bytes(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Rows (n, …) of an array as the bytes (n, m) that a binary column holds, without a copy where they lie together."""
    together = np.ascontiguousarray(values)
    return together.view(np.uint8).reshape(len(values), -1) if together.size else np.zeros((len(values), 0), np.uint8)


def alike(*columns: Sequence[Any]) -> list[tuple[tuple[Any, ...], NDArray[np.int64]]]:
    """The rows by equal values of these columns: each combination, and the positions (k,) where it stands, ascending."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for row, key in enumerate(zip(*columns, strict=True)):
        found.setdefault(key, []).append(row)
    return [(key, np.array(rows, np.int64)) for key, rows in found.items()]
