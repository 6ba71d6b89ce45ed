"""Keeps to a receiver's messages a minute without ever waiting: says when the next one may go. Pure.

A leaky bucket: a few may go at once, then one every few seconds, such that no minute, wherever it begins, sees more than allowed.
"""

from __future__ import annotations

from datetime import datetime, timedelta


def paced(now: datetime, paced_until: datetime | None, per_minute: int) -> tuple[datetime, datetime]:
    """When a message may go that wants to go now, and the new mark once it has.

    `paced_until` is the mark: how far ahead of time the receiver has been used. Of `per_minute` a quarter may go at once.
    """
    burst = max(1, per_minute // 4)
    step = timedelta(minutes=1) / (per_minute - burst + 1)
    mark = max(now, paced_until or now)
    may_go = max(now, mark - (burst - 1) * step)
    return may_go, mark + step
