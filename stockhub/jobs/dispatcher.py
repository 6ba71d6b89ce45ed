"""The dispatcher: a resident process that hears the doorbell and sees to it that work is taken up at once.

It is no part of the task pool, so a long cycle cannot hold it up, and it needs no broker to answer events. All that it knows is in the
database; where it is away, beat's sweeps do the same more slowly.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from django.db import DatabaseError, InterfaceError, connection

from stockhub.alerts.composing import due_notices
from stockhub.channels import inbox
from stockhub.channels.feeds import claiming
from stockhub.channels.pushes import automatic, sending
from stockhub.channels.webhooks import waiting
from stockhub.cycles import executor, finishing, registry, selectors
from stockhub.cycles.leases import worker_name
from stockhub.cycles.models import Cycle, CycleStatus, ProcessKind
from stockhub.cycles.services import request_cycle
from stockhub.jobs import nudges
from stockhub.jobs.answering import answering
from stockhub.jobs.ears import listen
from stockhub.jobs.evaluator import Evaluator
from stockhub.jobs.lifecycle import Heartbeat
from stockhub.outbox import deliveries
from stockhub.outbox.cursor import RecentEvents
from stockhub.outbox.models import Event

logger = logging.getLogger(__name__)
#: Work that nobody has taken is announced again after this long.
_NUDGE_AGAIN_SECONDS = 5.0
#: A cycle that reacts to events runs at most this often; what comes meanwhile is done together.
_REACT_AGAIN_SECONDS = 1.0
#: The dispatcher itself does this much of a reaction, and leaves the rest to the workers.
_OWN_CHUNKS, _OWN_SECONDS = 2, 2.0
#: It applies so much of what came in itself, at once and without a broker; workers do the rest.
_OWN_INBOX_SECONDS = 0.5
#: Work that has cost too many workers is looked for at most this often.
_SWEEP_SECONDS = 2.0
#: Who stops it waits this long for an evaluation that has begun; one that is cut off is done by the next start.
_LAST_EVALUATION_SECONDS = 10.0
#: Without a ring it looks this often, and for a feed that is due sooner, so often at most.
_LOOK_SECONDS = 1.0
_LEAST_PAUSE_SECONDS = 0.05
#: After a look for due work it rests for so many times as long as the look took, so that rings that never end take it a quarter of a core
#: at most; what rings meanwhile waits no longer than this.
_REST_TIMES, _LONGEST_REST_SECONDS = 3.0, 0.25


def _pause() -> float:
    """Seconds until it looks again without a ring: sooner where a feed is due sooner. One that is due already was announced."""
    seconds = claiming.next_due_in()
    return min(_LOOK_SECONDS, max(seconds, _LEAST_PAUSE_SECONDS)) if seconds else _LOOK_SECONDS


class Dispatcher:
    def __init__(self, stopping: Callable[[], bool]) -> None:
        self._stopping = stopping
        self._nudger = nudges.Nudger()
        self._heartbeat = Heartbeat(ProcessKind.DISPATCHER, "dispatcher")
        self._worker = worker_name()
        self._announced: dict[str, tuple[frozenset[tuple[str, int]], float]] = {}
        self._events = RecentEvents()
        self._wanted: set[str] = set()
        self._reacted: dict[str, float] = {}
        #: Correlation ids of the events that made it want a cycle.
        self._wanted_by: set[str] = set()
        self._swept = float("-inf")
        #: How long the last look for due work took, without what was done meanwhile.
        self._looked_seconds = 0.0

    def run(self) -> None:
        """Works until it is told to stop. A database that goes away is waited for."""
        evaluator = threading.Thread(target=Evaluator(self._worker, self._stopping).run, name="evaluator", daemon=True)
        evaluator.start()
        self._work()
        evaluator.join(timeout=_LAST_EVALUATION_SECONDS)

    def _work(self) -> None:
        while not self._stopping():
            try:
                # What happened while no dispatcher was there is found by running each reaction once.
                self._wanted = {name for name in registry.names() if registry.get(name).reacts_to}
                self._events = RecentEvents()
                self._serve()
            except (DatabaseError, InterfaceError):
                logger.exception("The database is away; looking again in a second.")
                connection.close()
                time.sleep(1)

    def _serve(self) -> None:
        with listen() as ear:
            while not self._stopping():
                self.turn()
                self.note_alive()
                time.sleep(self.rest())
                ear.wait(_pause())

    def rest(self) -> float:
        """Seconds after a look in which rings are left to be answered together: a burst of them would have it look without end."""
        return min(_REST_TIMES * self._looked_seconds, _LONGEST_REST_SECONDS)

    def note_alive(self) -> None:
        """Notes that it is at work, what hinders it, and how far it has seen: every ten seconds."""
        self._heartbeat.beat(self._nudger.problem, keep_connection=True, seen_event_id=self._events.highest)

    def turn(self) -> None:
        """Looks once: applies what came in, reacts to new events, and announces the work that is due."""
        inbox.apply_due(seconds=_OWN_INBOX_SECONDS, stopping=self._stopping)
        new = self._events.new()
        reactions = {name: prefixes for name in registry.names() if (prefixes := registry.get(name).reacts_to)}
        wanted = {name for name, prefixes in reactions.items() if any(kind.startswith(prefixes) for kind in new.values())}
        if wanted:
            self._wanted |= wanted
            self._wanted_by |= set(Event.objects.filter(pk__in=list(new)).values_list("correlation_id", flat=True).distinct())
        self._react()
        self._give_up_hopeless()
        self._announce_due()

    def _announce_due(self) -> None:
        """Nudges workers for whatever is due; notes how long that took."""
        started = time.monotonic()
        claimable = [(registry.get(name).queue, unit) for name, unit in selectors.named_claimable(registry.names())]
        for queue in nudges.QUEUES:
            self._announce("jobs.work", queue, [queue], [unit for its, unit in claimable if its == queue])
        self._announce("jobs.apply_received", nudges.FAST, [], [("inbox", pk) for pk in inbox.due_accounts()])
        for queue in nudges.QUEUES:
            self._announce("jobs.read_feeds", queue, [queue], claiming.units(queue))
        self._announce("jobs.work_webhooks", nudges.FAST, [], [("webhooks", pk) for pk in waiting.due_accounts()])
        self._announce("jobs.deliver", nudges.BULK, [], [("delivery", 0)] if deliveries.due().exists() or due_notices().exists() else [])
        self._announce("jobs.push", nudges.FAST, [], [("push", 0)] if sending.due().exists() or automatic.due().exists() else [])
        self._looked_seconds = time.monotonic() - started

    def _give_up_hopeless(self) -> None:
        """Ends what has cost three workers: no worker would take it, so none would end it."""
        if time.monotonic() - self._swept >= _SWEEP_SECONDS:
            self._swept = time.monotonic()
            finishing.give_up_hopeless()

    def _react(self) -> None:
        now = time.monotonic()
        ready = {name for name in self._wanted if now - self._reacted.get(name, float("-inf")) >= _REACT_AGAIN_SECONDS}
        if not ready:
            return
        for name in ready:
            self._wanted.discard(name)
            self._reacted[name] = now
            # One that nobody has begun sees the new facts as well.
            unbegun = Cycle.objects.filter(name=name, status=CycleStatus.DUE, lease_until=None, sku_codes=[]).first()
            cycle = unbegun or request_cycle(name=name, requested_by="dispatcher")
            with answering(self._wanted_by):
                logger.info(f"Events are answered by a run of {name!r}.", extra={"cycle": name, "cycle_id": cycle.pk})
        if not self._wanted:
            self._wanted_by = set()
        executor.advance(self._worker, names=ready, max_chunks=_OWN_CHUNKS, seconds=_OWN_SECONDS, stopping=self._stopping)

    def _announce(self, task: str, queue: str, arguments: list[str], units: Sequence[tuple[str, int]]) -> None:
        """Nudges when there is work that was not there at the last look, and again while nobody takes it."""
        if not units:
            self._announced.pop(task + queue, None)
            return
        known, at = self._announced.get(task + queue, (frozenset(), float("-inf")))
        if set(units) <= known and time.monotonic() - at < _NUDGE_AGAIN_SECONDS:
            return
        self._nudger.send(task, arguments, queue=queue, times=min(len(units), nudges.AT_ONCE))
        self._announced[task + queue] = (frozenset(units), time.monotonic())
