"""Answers in JSON whose rows are not as they should be: other names, numbers that are none, below zero or absurd, rows that come twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from stockhub.pluginapi.connectors import ConnectorError
from stockhub.pluginapi.testing.watched_platform import Fault

_ABSURD: Final = 10**40


def _changed(change: Callable[[Any], Any]) -> Callable[[bytes], bytes]:
    """`change` on the value of a JSON body; other bodies stay as they are."""

    def spoil(body: bytes) -> bytes:
        try:
            value = json.loads(body)
        except ValueError:
            return body
        return json.dumps(change(value), ensure_ascii=False).encode()

    return spoil


def renamed(value: Any, depth: int) -> Any:  # noqa: ANN401 - any JSON value
    """All names at one depth of objects have other names."""
    if isinstance(value, dict):
        if depth == 0:
            return {f"{key}_renamed": inner for key, inner in value.items()}
        return {key: renamed(inner, depth - 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [renamed(element, depth) for element in value]
    return value


def _numbers(value: Any, change: Callable[[int | float], Any], *, in_rows: bool = False) -> Any:  # noqa: ANN401 - any JSON value
    """All numbers of rows, which are what stands in lists, pass through `change`."""
    if isinstance(value, dict):
        return {key: _numbers(inner, change, in_rows=in_rows) for key, inner in value.items()}
    if isinstance(value, list):
        return [_numbers(element, change, in_rows=True) for element in value]
    if in_rows and isinstance(value, int | float) and not isinstance(value, bool):
        return change(value)
    return value


def _doubled(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Each row of the outermost lists comes twice."""
    if isinstance(value, dict):
        return {key: _doubled(inner) for key, inner in value.items()}
    return [*value, *value] if isinstance(value, list) else value


def _null_rows(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {key: _null_rows(inner) for key, inner in value.items()}
    return [None for _element in value] if isinstance(value, list) else value


_ANY: Final = (ConnectorError,)
#: Names at each depth; what is further inside is a row's own business.
RENAMED: Final = tuple(
    Fault(f"renamed names at depth {depth}", _ANY, change=_changed(partial(renamed, depth=depth)), from_then_on=True) for depth in range(4)
)
#: As a status or a kind they are one that nobody knows, which may be none of the feed's business.
MAY_BE_CODES: Final = ()
ABSURD: Final = (
    *MAY_BE_CODES,
    Fault("numbers that are NaN", _ANY, change=_changed(lambda v: _numbers(v, lambda _n: float("nan"))), from_then_on=True),
    Fault("numbers that are words", _ANY, change=_changed(lambda v: _numbers(v, lambda _n: "some")), from_then_on=True),
    Fault("rows that are null", _ANY, change=_changed(_null_rows), from_then_on=True),
)
DOUBLED: Final = Fault("rows that come twice", _ANY, change=_changed(_doubled), from_then_on=True)
