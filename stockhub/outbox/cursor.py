"""Reading new events, although they become visible in another order than that of their ids."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from stockhub.outbox.models import Event

#: So many of the latest ids are read again each time.
_OVERLAP = 500


def waiting_since(event_id: int) -> datetime | None:
    """When the oldest event was recorded that is newer than that one; None where there is none."""
    return Event.objects.filter(pk__gt=event_id).order_by("pk").values_list("recorded_at", flat=True).first()


class RecentEvents:
    """Tells each event once, from now on.

    An id is given when a transaction writes and is seen when it commits, so a lower id can appear after a higher one. The latest ids are
    therefore read again, and those already told are left out.
    """

    def __init__(self) -> None:
        self._highest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self._told = set(self._latest().values_list("pk", flat=True))

    @property
    def highest(self) -> int:
        """The newest event that there was at the last look; 0 where there was none."""
        return self._highest

    def new(self) -> dict[int, str]:
        """The kinds of the events that were not told before, by id."""
        new = {pk: kind for pk, kind in self._latest().values_list("pk", "kind") if pk not in self._told}
        if new:
            self._highest = max(self._highest, *new)
            self._told = {pk for pk in self._told | new.keys() if pk > self._highest - _OVERLAP}
        return new

    def _latest(self) -> QuerySet[Event]:
        return Event.objects.filter(pk__gt=self._highest - _OVERLAP)
