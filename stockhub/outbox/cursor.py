"""Reading new events, although they become visible in another order than that of their ids."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from stockhub.core.columns import INT, TEXT
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.outbox.models import Event

#: Among so many of the latest ids, those that were not there yet are asked for again each time.
_OVERLAP = 500


def waiting_since(event_id: int) -> datetime | None:
    """When the oldest event was recorded that is newer than that one; None where there is none."""
    return Event.objects.filter(pk__gt=event_id).order_by("pk").values_list("recorded_at", flat=True).first()


@kept({"pk": INT, "kind": TEXT})
def _later(after: Place, missing: KeptIds) -> QuerySet[Event]:
    return Event.objects.filter(Q(pk__gt=after) | Q(pk__any_of=missing.every))


class RecentEvents:
    """Tells each event once, from now on.

    An id is given when a transaction writes and is seen when it commits, so a lower id can appear after a higher one. Latest ids that were
    missing at the last look are therefore asked for again; those of transactions that failed stay missing until they are old.
    """

    def __init__(self) -> None:
        self._highest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        there = Event.objects.filter(pk__gt=self._highest - _OVERLAP, pk__lte=self._highest)
        self._missing = self._recent(0) - set(there.values_list("pk", flat=True))

    @property
    def highest(self) -> int:
        """The newest event that there was at the last look; 0 where there was none."""
        return self._highest

    def new(self) -> dict[int, str]:
        """The kinds of the events that were not told before, by id."""
        before = self._highest
        new = dict(_later.tuples(after=before, missing=self._missing))
        if new:
            self._highest = max(before, *new)
            self._missing = ((self._missing & self._recent(0)) | self._recent(before)) - new.keys()
        return new

    def _recent(self, after: int) -> set[int]:
        """The latest ids, those above `after`."""
        return set(range(max(after, self._highest - _OVERLAP, 0) + 1, self._highest + 1))
