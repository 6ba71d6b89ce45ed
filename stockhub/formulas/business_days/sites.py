"""The business day of an instant at a site, and the instants of a business day (science.md 11).

An instant is stored in UTC, and its business day is the date that a clock at the site shows. Days last 23 to 25 hours where clocks are
changed, and in a few places one day was left out altogether. Arrays of instants are `datetime64` in UTC, arrays of days `datetime64[D]`;
NaT stays NaT.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.errors import InvalidParameterError

Days = NDArray[np.datetime64]
Instants = NDArray[np.datetime64]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: No two changes of a zone's offset lie closer together: the IANA data's closest are 95 hours apart (Freetown, September 1939).
_PROBE: Final = timedelta(days=2)


# --- one instant, one day ---------------------------------------------------------------------------------------------------


def local_time(instant: datetime, zone: str) -> datetime:
    """The time that a clock at the site shows; its `fold` is 1 the second time that a clock shows the same."""
    return _aware(instant).astimezone(site_zone(zone))


def business_day(instant: datetime, zone: str) -> date:
    """The business day of an instant at a site; InvalidParameterError for an instant without a time zone or an unknown site's zone."""
    return local_time(instant, zone).date()


def day_start(day: date, zone: str) -> datetime:
    """The first instant of a site's business day, in UTC.

    Where midnight comes twice, the first; where it is skipped, the instant at which clocks jump over it. A day that a site left out
    altogether (30 December 2011 in Apia) starts when the next one does.
    """
    site = site_zone(zone)
    midnight = datetime(day.year, day.month, day.day, tzinfo=site)
    before, after = midnight.astimezone(UTC), midnight.replace(fold=1).astimezone(UTC)
    # Only in a gap does the later offset give the earlier instant; the jump itself lies between the two.
    return before if after >= before else _change_between(site, after, before)


def day_bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """The first instant of a site's business day and that of the next, in UTC."""
    return day_start(day, zone), day_start(day + timedelta(days=1), zone)


def day_hours(day: date, zone: str) -> float:
    """How long a business day lasts: 24 hours, 23 and 25 where clocks change by an hour, 0 where the day was left out."""
    start, end = day_bounds(day, zone)
    return (end - start) / timedelta(hours=1)


@lru_cache(maxsize=1024)
def site_zone(zone: str) -> ZoneInfo:
    """The IANA zone of a site; InvalidParameterError for a name that is none."""
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise InvalidParameterError("time zone", zone, "an IANA name such as Asia/Shanghai") from error


def _aware(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise InvalidParameterError("instant", instant.isoformat(), "an instant with a time zone")
    return instant


def _change_between(site: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first whole second above `low` from which on the offset of `high` holds."""
    later = high.astimezone(site).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if middle.astimezone(site).utcoffset() == later:
            high = middle
        else:
            low = middle
    return high


# --- many instants ----------------------------------------------------------------------------------------------------------


def business_days(instants: Instants, zone: str) -> Days:
    """The business days (…) at a site of instants (…) in UTC: a million in a fraction of a second."""
    seconds = instants.astype("datetime64[s]")
    return (seconds + utc_offsets(seconds, zone)).astype("datetime64[D]")


def utc_offsets(instants: Instants, zone: str) -> NDArray[np.timedelta64]:
    """How far (…) the site's clocks are ahead of UTC at instants (…), in seconds; NaT for NaT.

    InvalidParameterError for instants outside the years 2 to 9998, in which dates have no room for a zone.
    """
    seconds = instants.astype("datetime64[s]")
    known = ~np.isnat(seconds)
    offsets = np.full(seconds.shape, np.timedelta64("NaT", "s"))
    if known.any():
        numbers = seconds[known].astype(np.int64)
        first, last = (
            int(seconds[known][at].astype("datetime64[Y]").astype(np.int64)) + 1970 for at in (numbers.argmin(), numbers.argmax())
        )
        if first < 2 or last > 9998:
            raise InvalidParameterError("instants", f"in the years {first} to {last}", "instants in the years 2 to 9998")
        since, ahead = _offsets_over(zone, first, last)
        offsets[known] = ahead[np.searchsorted(since, numbers, side="right") - 1].astype("timedelta64[s]")
    return offsets


def day_starts(days: Days, zone: str) -> Instants:
    """The first instants (…) in UTC, to the second, of business days (…): `day_start` for each different day."""
    different, place = np.unique(days.astype("datetime64[D]"), return_inverse=True)
    starts = [None if np.isnat(day) else day_start(day.item(), zone).replace(tzinfo=None) for day in different]
    return np.array(starts, dtype="datetime64[s]")[place].reshape(days.shape)


def _offsets_over(zone: str, first_year: int, last_year: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Seconds since 1970 from which an offset holds, ascending, and the offset in seconds; the first holds from the first year's start."""
    pieces = [_offsets_in(zone, year) for year in range(first_year, last_year + 1)]
    since = np.array([at for piece in pieces for at, _ in piece], np.int64)
    return since, np.array([ahead for piece in pieces for _, ahead in piece], np.int64)


@lru_cache(maxsize=4096)
def _offsets_in(zone: str, year: int) -> tuple[tuple[int, int], ...]:
    """(second, offset) at the start of a year in UTC and at each change within it."""
    site = site_zone(zone)
    start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    found = [(_second(start), _offset(site, start))]
    probe = start
    while probe < end:
        after = min(probe + _PROBE, end)
        if _offset(site, after) != _offset(site, probe):
            change = _change_between(site, probe, after)
            found.append((_second(change), _offset(site, change)))
        probe = after
    return tuple(found)


def _offset(site: ZoneInfo, instant: datetime) -> int:
    ahead = instant.astimezone(site).utcoffset()
    return ahead // timedelta(seconds=1) if ahead is not None else 0


def _second(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(seconds=1)
