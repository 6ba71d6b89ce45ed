"""A feed of what changed, as pages: how many rows there will be is asked once, at its beginning, for the progress of a long reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from stockhub.pluginapi.connectors import Page, ReadRequest, Rejected, RequestRefusedError
from stockhub_douyin.client import DouyinClient
from stockhub_douyin.fields import Facts
from stockhub_douyin.windows import SIZE, Slice, place_of, read_changes

R = TypeVar("R")
#: Asks for a page of a window: since, until, page, size.
Search = Callable[[int, int, int, int], Slice]
#: What rows become, and what of them cannot be read.
ToRecords = Callable[[Sequence[Facts]], tuple[list[R], list[Rejected]]]


def read_pages(
    client: DouyinClient, request: ReadRequest, search: Search, time_field: Callable[[Facts], int], to_records: ToRecords[R]
) -> Iterator[Page[R]]:
    """Pages of a hundred rows at most."""
    now = client.context.now()
    place = place_of(request, now, client.config)
    total = None if request.cursor else _expected(search, place.since, int(now.timestamp()))
    steps = read_changes(lambda since, until, page: search(since, until, page, SIZE), time_field, place, now, client.config)
    for step in steps:
        records, rejected = to_records(step.rows)
        until = datetime.fromtimestamp(step.told_until, UTC)
        yield Page(records, step.place.cursor(), data_until=until, rejected=rejected, is_last=step.is_last, total=total)
        total = None


def _expected(search: Search, since: int, until: int) -> int | None:
    """How many rows there are in all; None where the platform does not answer for so long a time."""
    try:
        return search(since, until, 0, 1).total
    except RequestRefusedError as error:
        if error.code in {"no_permission", "operation_gone"}:
            raise
        return None
