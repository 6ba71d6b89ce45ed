"""The one source of time. Nothing else in StockHub asks the system for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("frozen_now", default=None)


def now() -> datetime:
    """This instant, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def wall() -> datetime:
    """This instant, even where a block runs as of another: for circuits and caches, which wait in real time."""
    return datetime.now(UTC)


def business_day(instant: datetime, zone: str) -> date:
    """The calendar day of an instant at a site."""
    return instant.astimezone(ZoneInfo(zone)).date()


def start_of_day(day: date, zone: str) -> datetime:
    """The first instant of a site's business day, in UTC. Days last 23 to 25 hours where clocks are changed."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@contextmanager
def at(instant: datetime | None) -> Iterator[None]:
    """Runs a block as of an instant: `run_cycle --at`, the demo's past, replays and tests. None leaves the time alone."""
    if instant is not None and instant.tzinfo is None:
        raise ValueError("An instant needs a time zone.")
    token = _frozen.set(instant.astimezone(UTC) if instant else _frozen.get())
    try:
        yield
    finally:
        _frozen.reset(token)
