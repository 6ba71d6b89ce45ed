"""Reading new events, although they become visible in another order than that of their ids."""

from __future__ import annotations

from django.db.models import QuerySet

from stockhub.outbox.models import Event

#: So many of the latest ids are read again each time.
_OVERLAP = 500


class RecentEvents:
    """Tells each event once, from now on.

    An id is given when a transaction writes and is seen when it commits, so a lower id can appear after a higher one. The latest ids are
    therefore read again, and those already told are left out.
    """

    def __init__(self) -> None:
        self._highest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self._told = set(self._latest().values_list("pk", flat=True))

    def new(self) -> dict[int, str]:
        """The kinds of the events that were not told before, by id."""
        new = {pk: kind for pk, kind in self._latest().values_list("pk", "kind") if pk not in self._told}
        if new:
            self._highest = max(self._highest, *new)
            self._told = {pk for pk in self._told | new.keys() if pk > self._highest - _OVERLAP}
        return new

    def _latest(self) -> QuerySet[Event]:
        return Event.objects.filter(pk__gt=self._highest - _OVERLAP)
