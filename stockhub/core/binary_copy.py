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


def binary_rows(columns: Mapping[str, NDArray[Any] | bytes | None], count: int) -> bytes:
    """`count` rows, as COPY takes them between `HEADER` and `TRAILER`.

    A column is an array (count,) of numbers, which go over with the greatest byte first, or (count, m) of bytes for binary values of m
    bytes each; plain bytes are the same in every row, and None is null in every row.
    """
    fields: list[tuple[Any, ...]] = [("fields", ">i2")]
    for name, column in columns.items():
        fields.append((f"{name}:size", ">i4"))
        if column is not None:
            fields.append((name, *_form(column)))
    rows = np.empty(count, np.dtype(fields))
    rows["fields"] = len(columns)
    for name, column in columns.items():
        if column is None:
            rows[f"{name}:size"] = _NULL
            continue
        rows[f"{name}:size"] = rows.dtype[name].itemsize
        rows[name] = np.frombuffer(column, np.uint8) if isinstance(column, bytes) else column
    return rows.tobytes()


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
