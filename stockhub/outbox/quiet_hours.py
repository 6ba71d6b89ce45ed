"""Quiet hours and digests: from an endpoint's wall clock to instants, on days of 23 and 25 hours as well.

A time that a spring day skips is counted on from before the gap, as RFC 5545 does: 02:30 is 03:30 then. Of a time that an autumn day has
twice, quiet hours begin at the first and end at the second: they are never shorter than they look.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from stockhub.outbox.endpoint_models import Digest, Endpoint


def quiet_end(endpoint: Endpoint, now: datetime, level: int) -> datetime | None:
    """When the quiet hours end in which `now` lies; None where it lies in none, or the message is urgent."""
    begin, end = endpoint.quiet_from, endpoint.quiet_until
    if begin is None or end is None or begin == end or level >= endpoint.urgent_level:
        return None
    zone = ZoneInfo(endpoint.time_zone)
    today = now.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        last = day if end > begin else day + timedelta(days=1)
        until = _instant(last, end, zone, latest=True)
        if _instant(day, begin, zone, latest=False) <= now < until:
            return until
    return None


def next_digest(endpoint: Endpoint, now: datetime) -> datetime:
    """When what is found now is told: at once, at the next full hour, or at the next hour of the daily digest."""
    zone = ZoneInfo(endpoint.time_zone)
    if endpoint.digest == Digest.HOURLY:
        # Hours of the clock on the wall, which in some zones are not those of UTC.
        past = timedelta(minutes=now.astimezone(zone).minute, seconds=now.second, microseconds=now.microsecond)
        return now - past + timedelta(hours=1)
    if endpoint.digest == Digest.DAILY:
        today = now.astimezone(zone).date()
        at = time(endpoint.digest_hour)
        days = (today + timedelta(days=ahead) for ahead in range(3))
        return next(instant for day in days if (instant := _instant(day, at, zone, latest=False)) > now)
    return now


def due_at(endpoint: Endpoint, now: datetime, level: int) -> datetime:
    """When a message that is known now may go: urgent ones at once, others with the digest and after the quiet hours."""
    if level >= endpoint.urgent_level:
        return now
    planned = next_digest(endpoint, now)
    return quiet_end(endpoint, planned, level) or planned


def _instant(day: date, at: time, zone: ZoneInfo, *, latest: bool) -> datetime:
    """The instant at which the wall clock shows that time; the later or the earlier of two."""
    both = [datetime.combine(day, at, zone).replace(fold=fold).astimezone(UTC) for fold in (0, 1)]
    if both[0].astimezone(zone).replace(tzinfo=None) != datetime.combine(day, at):
        return both[0]  # it is skipped: counted on from before the gap
    return max(both) if latest else min(both)
