"""A run can be cancelled: nothing of it is begun any more, nothing more of it is written, and what was written stays."""

from __future__ import annotations

import pytest

from stockhub.core.actor import Actor, acting_as
from stockhub.cycles.executor import advance, run_inline
from stockhub.cycles.models import Cycle, CycleStatus
from stockhub.cycles.registry import Work
from stockhub.cycles.services import cancel_cycle, request_cycle, retry_parked
from stockhub.outbox.models import Event
from stockhub.values import DomainError
from tests.cycles.conftest import Define

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def _noted(notes: list[int], number: int) -> str:
    notes.append(number)
    return ""


def statuses(cycle: Cycle) -> list[str]:
    return list(cycle.chunks.order_by("ordinal").values_list("status", flat=True))


def test_a_run_that_is_cancelled_between_two_parts_keeps_the_first_and_begins_no_other(define: Define) -> None:
    done: list[int] = []
    finished: list[int] = []
    define(lambda work: done.append(work.chunk.ordinal), finish=lambda cycle: _noted(finished, cycle.pk))
    cycle = request_cycle(name="trial", requested_by="ana")
    advance("a", max_chunks=1)
    with acting_as(Actor("ana")):
        ended = cancel_cycle(cycle_id=cycle.pk)
    assert advance("b").total == 0
    cycle.refresh_from_db()
    assert (done, finished, statuses(cycle)) == ([1], [], ["done", "cancelled", "cancelled"])
    assert (cycle.status, cycle.message) == (
        CycleStatus.CANCELLED, "Cancelled by ana when 1 of 3 parts were done. What these wrote stays.",
    )  # fmt: skip
    assert (ended.status, ended.finished_at) == (cycle.status, cycle.finished_at)
    event = Event.objects.get(kind="cycles.cycle_finished.v1")
    assert (event.entity_id, event.payload["status"]) == (cycle.pk, "cancelled")


def test_a_worker_in_the_middle_of_a_part_writes_nothing_more(define: Define) -> None:
    def run_chunk(work: Work) -> None:
        with work.guard():
            request_cycle(name="trial", sku_codes=["before"], requested_by="ana")
        cancel_cycle(cycle_id=work.cycle.pk)
        with work.guard():
            request_cycle(name="trial", sku_codes=["after"], requested_by="ana")

    define(run_chunk)
    cycle = request_cycle(name="trial", requested_by="ana")
    advance("a", cycle_id=cycle.pk)
    cycle.refresh_from_db()
    assert (cycle.status, statuses(cycle)) == (CycleStatus.CANCELLED, ["cancelled"] * 3)
    assert [row.sku_codes for row in Cycle.objects.exclude(pk=cycle.pk)] == [["before"]]


@pytest.mark.parametrize("step", ["prepare", "finish"])
def test_a_run_that_is_cancelled_while_it_is_planned_or_finished_stays_cancelled(define: Define, step: str) -> None:
    define(**{step: lambda cycle: str(cancel_cycle(cycle_id=cycle.pk))})
    cycle = request_cycle(name="trial", requested_by="ana")
    advance("a")
    cycle.refresh_from_db()
    assert (cycle.status, cycle.chunks.filter(status="due").count()) == (CycleStatus.CANCELLED, 0)
    assert Event.objects.filter(kind="cycles.cycle_finished.v1").count() == 1


def test_a_full_run_does_not_wait_for_a_cancelled_one(define: Define) -> None:
    define()
    first = request_cycle(name="trial", requested_by="ana")
    advance("a", max_chunks=1)
    second = request_cycle(name="trial", requested_by="ana")
    assert advance("b", cycle_id=second.pk, max_chunks=1).total == 0
    cancel_cycle(cycle_id=first.pk)
    assert run_inline(second).status == CycleStatus.DONE


def test_what_has_ended_cannot_be_cancelled_nor_a_cancelled_run_tried_again(define: Define) -> None:
    def run_chunk(work: Work) -> None:
        if work.chunk.ordinal == 1:
            raise ValueError("always")

    define(run_chunk)
    cycle = run_inline(request_cycle(name="trial", requested_by="ana"))
    with pytest.raises(DomainError) as ended:
        cancel_cycle(cycle_id=cycle.pk)
    assert (ended.value.code, statuses(cycle)) == ("cycle_ended", ["parked", "done", "done"])
    with pytest.raises(DomainError) as missing:
        cancel_cycle(cycle_id=0)
    assert missing.value.code == "not_found"
    retry_parked(cycle_id=cycle.pk)
    cycle.chunks.filter(ordinal=1).update(status="parked")
    cancel_cycle(cycle_id=cycle.pk)
    with pytest.raises(DomainError) as again:
        retry_parked(cycle_id=cycle.pk)
    cycle.refresh_from_db()
    assert (again.value.code, cycle.status) == ("nothing_parked", CycleStatus.CANCELLED)
