"""Celery's tasks. A task carries a name or nothing: what is to be done, and who does it, is decided in the database."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from django_celery_beat.models import PeriodicTask

from stockhub.alerts.composing import compose_due, due_notices
from stockhub.channels import inbox
from stockhub.channels.feeds import claiming, engine
from stockhub.channels.feeds.ensuring import ensure_all_feeds
from stockhub.channels.services import tell_months
from stockhub.core import clock, partitions, retention
from stockhub.core.actor import Actor, acting_as
from stockhub.cycles import executor, finishing, registry, selectors
from stockhub.cycles.leases import worker_name
from stockhub.cycles.models import Cycle
from stockhub.cycles.planning import SCHEDULE
from stockhub.cycles.services import forget_old_runs, request_cycle
from stockhub.inventory.history.checkpoints import make_checkpoints
from stockhub.inventory.proof.proofs import prove_ledger
from stockhub.jobs import lifecycle, nudges, slots, stopping
from stockhub.outbox import deliveries
from stockhub.pluginhost.health import check_health

logger = logging.getLogger(__name__)
#: A task gives the pool back after this long; a chunk that takes longer is finished first.
BUDGET_SECONDS = 20.0
#: Of feeds that decisions wait for, on the queue that other quick work waits in, too.
_FAST_FEED_SECONDS = 5.0
_nudger = nudges.Nudger()

# `lifecycle` is imported for the signals that it binds.
__all__ = [
    "apply_received", "check_plugins", "deliver", "lifecycle", "read_feeds", "reconcile", "recover", "start_cycle", "start_slot", "tidy",
    "work",
]  # fmt: skip


@shared_task(name="jobs.work")
def work(queue: str) -> None:
    """Works on the cycles of a queue until there is nothing to do or the time is used up; asks to be called again then."""
    names = [name for name in registry.names() if registry.get(name).queue == queue]
    executor.advance(worker_name(), names=names, seconds=BUDGET_SECONDS, stopping=stopping.asked)
    if not stopping.asked() and selectors.claimable(names):
        _nudger.send("jobs.work", [queue], queue=queue)


@shared_task(name="jobs.apply_received")
def apply_received() -> None:
    """Applies what came in until nothing is due or the time is used up; asks to be called again then."""
    inbox.apply_due(seconds=BUDGET_SECONDS, stopping=stopping.asked)
    if not stopping.asked() and inbox.is_due():
        _nudger.send("jobs.apply_received", [], queue=nudges.FAST)


@shared_task(name="jobs.read_feeds")
def read_feeds(queue: str) -> None:
    """Reads the feeds of a queue until none is due or the time is used up; asks to be called again then."""
    seconds = _FAST_FEED_SECONDS if queue == nudges.FAST else BUDGET_SECONDS
    engine.read_due(worker_name(), queue=queue, seconds=seconds, stopping=stopping.asked)
    if not stopping.asked() and claiming.due(queue).exists():
        _nudger.send("jobs.read_feeds", [queue], queue=queue)


@shared_task(name="jobs.deliver")
def deliver() -> None:
    """Writes the messages that are due, and sends those that are to go."""
    compose_due(seconds=BUDGET_SECONDS, stopping=stopping.asked)
    deliveries.deliver_due(worker_name(), seconds=BUDGET_SECONDS, stopping=stopping.asked)


@shared_task(name="jobs.recover")
def recover() -> None:
    """Finds due work that nobody was told of, or whose worker died, and nudges. The dispatcher does the same; this stands in for it."""
    nudge_due_work(_nudger)


@shared_task(name="jobs.check_plugins")
def check_plugins() -> None:
    """Asks every active plugin how it is, and sees to it that each account has the feeds that its connector brings now."""
    check_health()
    ensure_all_feeds()


@shared_task(name="jobs.reconcile")
def reconcile() -> None:
    """Proves the ledger and records the proof; the next warning cycle makes an alert of what does not hold."""
    with acting_as(Actor("job:reconcile")):
        prove_ledger()


@shared_task(name="jobs.tidy")
def tidy() -> None:
    """Deletes what is old enough, makes the months of the tables that grow, and writes down what the months that are over add up to."""
    if number := forget_old_runs():
        logger.info(f"The records of {number} old runs were deleted.")
    if number := tell_months():
        logger.info(f"{number} order lines of an older release were given the month of their order.")
    now = clock.now()
    if made := partitions.ensure_partitions(now):
        logger.info(f"Partitions were made: {', '.join(made)}.")
    for at in make_checkpoints():
        logger.info(f"The balances at {at:%Y-%m-%d} were written down.")
    for each in retention.forget_expired(now):
        logger.info(f"{each.table}: {len(each.partitions)} partitions and {each.rows} rows were old enough to go.")


@shared_task(name="jobs.start_cycle", bind=True)
def start_cycle(self: Any, name: str) -> None:  # noqa: ANN401 - Celery's bound task
    """Asks for the run of the slot that the schedule is in now. Beat does this itself; the task serves *run now* in the admin."""
    start_slot(name, schedule_name=(self.request.headers or {}).get("periodic_task_name"))


def start_slot(name: str, *, schedule_name: str | None) -> Cycle:
    """The run of a cycle for the slot of that schedule; without a schedule, for this minute."""
    now = clock.now()
    schedule = PeriodicTask.objects.select_related("crontab", "interval").filter(name=schedule_name).first() if schedule_name else None
    slot = slots.slot_of(schedule, now) if schedule else slots.floored(now, slots.MINUTE)
    return request_cycle(name=name, slot_at=slot, requested_by=SCHEDULE)


def nudge_due_work(nudger: nudges.Nudger) -> None:
    """Parks what is hopeless, and sends as many nudges to each queue as it has use for."""
    finishing.give_up_hopeless()
    for queue in nudges.QUEUES:
        if units := selectors.claimable([name for name in registry.names() if registry.get(name).queue == queue]):
            nudger.send("jobs.work", [queue], queue=queue, times=min(len(units), nudges.AT_ONCE))
    if accounts := inbox.due_accounts():
        nudger.send("jobs.apply_received", [], queue=nudges.FAST, times=min(len(accounts), nudges.AT_ONCE))
    for queue in nudges.QUEUES:
        if feeds := claiming.units(queue):
            nudger.send("jobs.read_feeds", [queue], queue=queue, times=min(len(feeds), nudges.AT_ONCE))
    if deliveries.due().exists() or due_notices().exists():
        nudger.send("jobs.deliver", [], queue=nudges.BULK)
