"""Keeping what a bulk write does as a change set: whoever writes says so, and the writing itself need not know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from stockhub.core import actor
from stockhub.editing.models import ChangeSet, ChangeSetRow
from stockhub.outbox.models import Event


@dataclass(slots=True)
class Recorded:
    """What has been recorded so far. `change_set` is None while nothing was changed."""

    undoes: ChangeSet | None = None
    change_set: ChangeSet | None = None
    rows: int = 0

    def add(self, noun: str, events: Sequence[Event]) -> None:
        """Puts the events of one write into the change set, in the write's own transaction."""
        if not events:
            return
        if self.change_set is None:
            who = actor.current()
            self.change_set = ChangeSet.objects.create(
                noun=noun, actor=who.label, made_by_id=who.user_id, correlation_id=actor.correlation_id(), undoes=self.undoes
            )
        change_set = self.change_set
        ChangeSetRow.objects.bulk_create(
            ChangeSetRow(change_set=change_set, position=position, event=event) for position, event in enumerate(events, self.rows)
        )
        self.rows += len(events)


_recording: ContextVar[Recorded | None] = ContextVar("recording", default=None)


@contextmanager
def recording(*, undoes: ChangeSet | None = None) -> Iterator[Recorded]:
    """Everything that `upserts.write` changes meanwhile is one change set."""
    recorded = Recorded(undoes)
    token = _recording.set(recorded)
    try:
        yield recorded
    finally:
        _recording.reset(token)


def record(noun: str, events: Sequence[Event]) -> None:
    """Called by what writes: does nothing unless somebody is recording."""
    recorded = _recording.get()
    if recorded is not None:
        recorded.add(noun, events)
