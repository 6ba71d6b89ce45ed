"""Reading what changed, in order of its change: each request begins where the last row ended, so that nothing is skipped when rows move on.

Paging by number skips a row whenever one before it changes in between, because all that follow move up by one, and platforms end such
paging at some depth. Here the page's number counts within one second only; what is not in order is read on by number, in halved windows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from itertools import pairwise
from typing import Final

from stockhub.pluginapi.connectors import ReadRequest, UnreadableAnswerError
from stockhub_douyin.account import DouyinAccountConfig
from stockhub_douyin.fields import Facts, FieldError, whole

SIZE: Final = 100


class _Mode(IntEnum):
    FRESH = 0
    #: Begins with the second of the last row, which comes again.
    ANCHORED = 1
    #: Rows do not come in order.
    BY_PAGE = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where to go on: a window of update times in seconds, a page of it, and how it is read. Without `until` the window is not cut yet."""

    since: int
    until: int = 0
    page: int = 0
    mode: int = _Mode.FRESH

    def cursor(self) -> str:
        return json.dumps([self.since, self.until, self.page, int(self.mode)])


@dataclass(frozen=True, slots=True)
class Slice:
    """One answer. `total` is how many rows the window has, as the platform says."""

    rows: Sequence[Facts]
    total: int


@dataclass(frozen=True, slots=True)
class Step:
    """Rows, where to go on after them, and until when (in seconds) all changes are told."""

    rows: Sequence[Facts]
    place: Place
    told_until: int
    is_last: bool


#: Asks for a page of a window: since, until, page.
Fetch = Callable[[int, int, int], Slice]


def place_of(request: ReadRequest, now: datetime, config: DouyinAccountConfig) -> Place:
    """The place of a cursor; without one, `since`, or a window back."""
    if not request.cursor:
        since = int(request.since.timestamp()) if request.since else int(now.timestamp()) - config.window_hours * 3_600
        return Place(since)
    try:
        since, until, page, mode = json.loads(request.cursor)
        return Place(int(since), int(until), int(page), _Mode(mode))
    except (ValueError, TypeError) as error:
        raise UnreadableAnswerError(f"The stored cursor {request.cursor[:60]!r} cannot be read.", code="cursor") from error


def read_changes(
    fetch: Fetch, time_field: Callable[[Facts], int], place: Place, now: datetime, config: DouyinAccountConfig
) -> Iterator[Step]:
    """All steps from a place until now. The last one's place reaches back by the account's overlap."""
    end = int(now.timestamp())
    while True:
        until = max(place.until or min(place.since + config.window_hours * 3_600, end), place.since)
        place = replace(place, until=until)
        found = _ask(fetch, time_field, place)
        step = _step(found, [_time(time_field, row) for row in found.rows], place, config)
        if step.place.since >= end and not step.place.until:
            yield replace(step, place=Place(end - config.overlap_minutes * 60), is_last=True)
            return
        yield step
        place = step.place


def _ask(fetch: Fetch, time_field: Callable[[Facts], int], place: Place) -> Slice:
    found = fetch(place.since, place.until, place.page)
    if place.mode is not _Mode.ANCHORED or place.page or any(_time(time_field, row) == place.since for row in found.rows):
        return found
    # The row that was last does not come again: it has changed since, or the window's first second does not count as in it.
    return fetch(place.since - 1, place.until, 0)


def _step(found: Slice, times: list[int], place: Place, config: DouyinAccountConfig) -> Step:
    seen = place.page * SIZE + len(found.rows)
    if seen >= found.total:
        return Step(found.rows, Place(place.until), place.until, is_last=False)
    if not found.rows:
        raise UnreadableAnswerError(f"Douyin tells of {found.total} rows and gives none.", code="empty_page")
    in_order = all(earlier <= later for earlier, later in pairwise(times))
    if in_order and place.mode is not _Mode.BY_PAGE and times[-1] > place.since:
        return Step(found.rows, Place(times[-1], place.until, 0, _Mode.ANCHORED), times[-1] - 1, is_last=False)
    if len(found.rows) < SIZE:
        raise UnreadableAnswerError(f"Douyin gives {len(found.rows)} rows of a page of {SIZE} that is not the last.", code="short_page")
    if in_order and place.mode is not _Mode.BY_PAGE:
        following = replace(place, page=place.page + 1)
    elif found.total > config.deepest_row and place.until - place.since > 1 and not place.page:
        following = Place(place.since, place.since + (place.until - place.since) // 2, 0, _Mode.BY_PAGE)
    else:
        following = replace(place, page=place.page + 1, mode=_Mode.BY_PAGE)
    if following.page * SIZE >= config.deepest_row:
        raise UnreadableAnswerError(
            f"More than {config.deepest_row} rows changed in one second: Douyin cannot be paged so far.", code="too_deep"
        )
    return Step(found.rows, following, place.since - 1, is_last=False)


def _time(time_field: Callable[[Facts], int], row: Facts) -> int:
    try:
        return time_field(row)
    except FieldError as error:
        raise UnreadableAnswerError(f"A row cannot be dated: {error.message}", code="renamed_field") from error


def update_time(row: Facts) -> int:
    """Of an order."""
    return whole(row, "update_time")
