"""Writes that set a value, one call a row: what is done is remembered, so that a push that had to wait goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from stockhub.pluginapi.connectors import ConnectorContext, PushResult, PushStatus, RequestRefusedError

_MEMORY: Final = "done_rows"
T = TypeVar("T")


def one_by_one(
    rows: Sequence[T], key: str, context: ConnectorContext, *, name_of: Callable[[T], str], push: Callable[[int, T], PushResult]
) -> list[PushResult]:
    """A result a row. An error that is not the row's ends the call; called again with the same key, rows that are done are left alone."""
    kept = context.memory.get(_MEMORY)
    done: dict[str, str] = kept["rows"] if isinstance(kept, dict) and kept.get("key") == key else {}
    results: list[PushResult] = []
    for index, row in enumerate(rows):
        name = name_of(row)
        if name in done:
            results.append(PushResult(index, PushStatus(done[name])))
            continue
        try:
            result = push(index, row)
        except RequestRefusedError as error:
            result = PushResult(index, PushStatus.REFUSED, error.code, error.message)
        results.append(result)
        if result.status in (PushStatus.APPLIED, PushStatus.UNCHANGED):
            done[name] = result.status.value
            context.memory.set(_MEMORY, {"key": key, "rows": done})
    return results
