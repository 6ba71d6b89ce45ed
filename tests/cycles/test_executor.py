from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from stockhub.core import actor, clock
from stockhub.cycles.executor import advance, run_inline
from stockhub.cycles.models import Chunk, ChunkStatus, Cycle, CycleStatus
from stockhub.cycles.planning import ranges
from stockhub.cycles.registry import Work
from stockhub.cycles.services import request_cycle, retry_parked
from stockhub.outbox.models import Event
from stockhub.values import DomainError
from tests.cycles.conftest import Define

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SLOT = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)


def _steal(chunk: Chunk) -> None:
    """Another worker takes the chunk over, as after a lease that ran out."""
    Chunk.objects.filter(pk=chunk.pk).update(fence=chunk.fence + 1, leased_by="thief")


def _noted(notes: list[int], number: int) -> str:
    notes.append(number)
    return ""


def test_a_slot_asked_for_twice_is_one_run(define: Define) -> None:
    define()
    first = request_cycle(name="trial", slot_at=SLOT, requested_by="ana")
    again = request_cycle(name="trial", slot_at=SLOT, requested_by="schedule", sku_codes=["A"])
    assert (first.pk, again.sku_codes, again.requested_by) == (again.pk, [], "ana")
    assert Cycle.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "code"),
    [({"name": "nonsense"}, "unknown_cycle"), ({"name": "trial", "slot_at": datetime(2026, 3, 1)}, "instant_without_zone")],  # noqa: DTZ001
)
def test_a_wrong_request_is_refused_and_leaves_no_row(define: Define, options: dict[str, Any], code: str) -> None:
    define()
    with pytest.raises(DomainError) as caught:
        request_cycle(requested_by="ana", **options)
    assert (caught.value.code, Cycle.objects.count()) == (code, 0)


def test_a_run_is_planned_worked_and_finished_once_with_its_numbers_added_up(define: Define) -> None:
    seen: list[tuple[object, ...]] = []
    finished: list[int] = []

    def run_chunk(work: Work) -> None:
        with work.step("reading"):
            seen.append((work.chunk.first_sku_id, work.chunk.last_sku_id, actor.current().label, actor.correlation_id()))
        work.count("skus", work.chunk.last_sku_id - work.chunk.first_sku_id + 1)

    define(run_chunk, finish=lambda cycle: _noted(finished, cycle.pk) or "All is well.")
    cycle = run_inline(request_cycle(name="trial", slot_at=SLOT, requested_by="ana"))

    marks = ("cycle:trial", f"cycle-{cycle.pk}")
    assert seen == [(1, 4, *marks), (5, 8, *marks), (9, 10, *marks)]
    assert finished == [cycle.pk]
    assert (cycle.status, cycle.counts, cycle.message) == (CycleStatus.DONE, {"skus": 10}, "All is well.")
    assert sorted(cycle.seconds) == ["finish", "prepare", "reading"]
    assert list(cycle.chunks.values_list("status", "attempts", "leased_by").distinct()) == [("done", 1, "")]
    event = Event.objects.get(kind="cycles.cycle_finished.v1")
    assert (event.entity_id, event.actor) == (cycle.pk, "cycle:trial")
    assert event.payload == {"name": "trial", "slot_at": SLOT.isoformat(), "status": "done", "counts": {"skus": 10}}
    assert advance("late").total == 0


def test_a_run_without_skus_says_that_there_is_no_data(define: Define) -> None:
    define(sku_ids=lambda _cycle: [])
    cycle = run_inline(request_cycle(name="trial", requested_by="ana"))
    assert (cycle.status, cycle.message, cycle.chunks.count()) == (CycleStatus.DONE, "No data: there is no SKU that this run is for.", 0)


def test_f6_a_poison_chunk_is_tried_three_times_then_parked_and_shown_while_the_rest_is_done(define: Define) -> None:
    attempts: list[int] = []

    def run_chunk(work: Work) -> None:
        if work.chunk.ordinal == 2:
            attempts.append(work.chunk.attempts)
            raise ValueError("NaN in row 7")

    define(run_chunk)
    cycle = run_inline(request_cycle(name="trial", requested_by="ana"))
    assert attempts == [1, 2, 3]
    assert list(cycle.chunks.order_by("ordinal").values_list("status", flat=True)) == ["done", "parked", "done"]
    assert cycle.status == CycleStatus.PARTIAL
    assert cycle.message == "1 of 3 part was given up after three attempts. The first error: ValueError: NaN in row 7"


def test_what_one_chunk_remembers_the_next_knows_but_no_other_run_and_no_second_attempt(define: Define) -> None:
    asked: list[tuple[int, int]] = []

    def run_chunk(work: Work) -> None:
        work.settings.answer("pools", lambda: asked.append((work.chunk.ordinal, work.chunk.attempts)))
        if (work.chunk.ordinal, work.chunk.attempts) == (2, 1):
            raise DomainError("no_calendar", "There is no calendar for this year; add one.")

    define(run_chunk)
    for name in ("first", "second"):
        asked.clear()
        assert run_inline(request_cycle(name="trial", requested_by=name)).status == CycleStatus.DONE
        assert asked == [(1, 1), (2, 2)]


def test_a_parked_chunk_can_be_tried_again_and_then_the_run_ends_well(define: Define) -> None:
    broken = [True]

    def run_chunk(work: Work) -> None:
        work.count("chunks", 1)
        if broken[0] and work.chunk.ordinal == 1:
            raise DomainError("no_calendar", "There is no calendar for this year; add one.")

    define(run_chunk)
    cycle = run_inline(request_cycle(name="trial", requested_by="ana"))
    assert "add one" in cycle.message
    broken[0] = False
    assert retry_parked(cycle_id=cycle.pk) == 1
    cycle = run_inline(cycle)
    assert (cycle.status, cycle.counts, cycle.message) == (CycleStatus.DONE, {"chunks": 3}, "")
    with pytest.raises(DomainError) as caught:
        retry_parked(cycle_id=cycle.pk)
    assert caught.value.code == "nothing_parked"


def test_f6_a_chunk_whose_worker_dies_three_times_is_parked_without_an_error_of_its_own(define: Define) -> None:
    define()
    cycle = request_cycle(name="trial", requested_by="ana")
    advance("a", max_chunks=0)
    Chunk.objects.filter(ordinal=1).update(
        status=ChunkStatus.LEASED, leased_by="dead", lease_until=Now() - timedelta(seconds=1), attempts=3, fence=3
    )
    cycle = run_inline(cycle)
    assert (cycle.status, cycle.chunks.get(ordinal=1).status) == (CycleStatus.PARTIAL, ChunkStatus.PARKED)
    assert "died" in cycle.message


def test_a_run_of_which_every_part_fails_has_failed_and_is_not_finished(define: Define) -> None:
    finished: list[int] = []

    def run_chunk(work: Work) -> None:
        raise ValueError("always")

    define(run_chunk, finish=lambda cycle: _noted(finished, cycle.pk))
    assert run_inline(request_cycle(name="trial", requested_by="ana")).status == CycleStatus.FAILED
    assert finished == []


def test_parts_of_a_chunk_that_failed_make_the_run_partial(define: Define) -> None:
    define(lambda work: work.errors.append("rule fba-fees: 503") if work.chunk.ordinal == 3 else None)
    cycle = run_inline(request_cycle(name="trial", requested_by="ana"))
    assert (cycle.status, cycle.message) == (CycleStatus.PARTIAL, "1 step failed: rule fba-fees: 503")


@pytest.mark.parametrize("step", ["prepare", "finish"])
def test_f6_a_step_of_the_run_itself_that_always_fails_ends_it_after_three_attempts(define: Define, step: str) -> None:
    calls: list[int] = []

    def fails(cycle: Cycle) -> str:
        calls.append(cycle.attempts)
        raise DomainError("no_rates", "There are no exchange rates; import them.")

    define(**{step: fails})
    cycle = run_inline(request_cycle(name="trial", requested_by="ana"))
    assert calls == [1, 2, 3]
    assert cycle.status == (CycleStatus.FAILED if step == "prepare" else CycleStatus.PARTIAL)
    assert "There are no exchange rates; import them." in cycle.message


def test_a_worker_that_lost_its_lease_writes_nothing_and_cannot_finish_the_chunk(define: Define) -> None:
    def run_chunk(work: Work) -> None:
        _steal(work.chunk)
        with work.guard():
            request_cycle(name="trial", slot_at=SLOT, requested_by="loser")

    define(run_chunk, sku_ids=lambda _cycle: [1, 2])
    cycle = request_cycle(name="trial", requested_by="ana")
    advance("loser", cycle_id=cycle.pk)
    chunk = cycle.chunks.get()
    assert (chunk.status, chunk.leased_by, chunk.error) == (ChunkStatus.LEASED, "thief", "")
    assert not Cycle.objects.filter(requested_by="loser").exists()


def test_a_worker_that_lost_its_lease_after_writing_leaves_the_chunk_to_the_other(define: Define) -> None:
    define(lambda work: _steal(work.chunk), sku_ids=lambda _cycle: [1, 2])
    cycle = request_cycle(name="trial", requested_by="ana")
    advance("loser", cycle_id=cycle.pk)
    assert cycle.chunks.get().leased_by == "thief"


def test_guard_undoes_its_block_when_that_fails(define: Define) -> None:
    def run_chunk(work: Work) -> None:
        with work.guard():
            Cycle.objects.filter(pk=work.cycle.pk).update(message="half")
            raise ValueError("in the middle")

    define(run_chunk, sku_ids=lambda _cycle: [1])
    cycle = run_inline(request_cycle(name="trial", requested_by="ana"))
    assert "half" not in cycle.message


def test_an_abandoned_chunk_is_taken_up_when_its_lease_has_run_out_and_not_before(define: Define) -> None:
    define(sku_ids=lambda _cycle: [1])
    cycle = request_cycle(name="trial", requested_by="ana")
    advance("a", max_chunks=0)
    held = {"status": ChunkStatus.LEASED, "leased_by": "dead", "attempts": 1, "fence": 1}
    Chunk.objects.update(**held, lease_until=Now() + timedelta(seconds=30))
    assert advance("b").total == 0
    Chunk.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert advance("b").chunks == 1
    cycle.refresh_from_db()
    assert (cycle.status, cycle.chunks.get().fence) == (CycleStatus.DONE, 2)


def test_f2_a_worker_told_to_stop_stops_at_the_next_chunk_and_leaves_the_rest_due(define: Define) -> None:
    done: list[int] = []
    define(lambda work: done.append(work.chunk.ordinal))
    cycle = request_cycle(name="trial", requested_by="ana")
    advance("a", stopping=lambda: len(done) == 1)
    assert list(cycle.chunks.order_by("ordinal").values_list("status", flat=True)) == ["done", "due", "due"]
    advance("b")
    assert done == [1, 2, 3]


def test_f2_an_interrupted_chunk_goes_back_at_once_and_costs_no_attempt(define: Define) -> None:
    def run_chunk(work: Work) -> None:
        raise KeyboardInterrupt

    define(run_chunk, sku_ids=lambda _cycle: [1])
    cycle = request_cycle(name="trial", requested_by="ana")
    with pytest.raises(KeyboardInterrupt):
        advance("a")
    chunk = cycle.chunks.get()
    assert (chunk.status, chunk.attempts, chunk.leased_by, chunk.lease_until) == (ChunkStatus.DUE, 0, "", None)


def test_f3_of_scheduled_runs_that_wait_only_the_latest_does_the_work(define: Define) -> None:
    worked: list[datetime] = []
    define(lambda work: worked.append(work.cycle.slot_at), sku_ids=lambda _cycle: [1])
    for hours in range(3):
        request_cycle(name="trial", slot_at=SLOT + timedelta(hours=hours), requested_by="schedule")
    advance("a")
    assert worked == [SLOT + timedelta(hours=2)]
    assert list(Cycle.objects.order_by("slot_at").values_list("status", flat=True)) == ["done"] * 3
    overtaken = Cycle.objects.get(slot_at=SLOT)
    assert overtaken.message == "Overtaken by the run for 2026-03-01T04:30:00+00:00, which does the work of both."


def test_a_full_run_waits_for_an_earlier_one_but_one_for_named_skus_does_not(define: Define) -> None:
    define()
    first = request_cycle(name="trial", slot_at=SLOT, requested_by="ana")
    advance("a", max_chunks=0)
    full = request_cycle(name="trial", requested_by="ana")
    named = request_cycle(name="trial", requested_by="ana", sku_codes=["A"])
    assert advance("b", cycle_id=full.pk).total == 0
    assert advance("b", cycle_id=named.pk).finished == 1
    assert run_inline(full).status == CycleStatus.DONE
    first.refresh_from_db()
    assert first.status == CycleStatus.DONE


def test_leases_do_not_care_for_a_frozen_clock(define: Define) -> None:
    define()
    with clock.at(datetime(2031, 1, 1, tzinfo=UTC)):
        cycle = request_cycle(name="trial", requested_by="demo")
    assert cycle.as_of == datetime(2031, 1, 1, tzinfo=UTC)
    assert advance("a", cycle_id=cycle.pk).finished == 1


def test_a_run_as_of_another_moment_has_that_moment_for_now(define: Define) -> None:
    moments: list[datetime] = []
    define(lambda _work: moments.append(clock.now()), sku_ids=lambda _cycle: [1])
    run_inline(request_cycle(name="trial", as_of=SLOT, requested_by="ana"))
    assert moments == [SLOT]


def test_ranges_cover_each_id_once_and_refuse_ids_that_do_not_ascend() -> None:
    assert ranges([2, 3, 5, 8, 13], 2) == [(2, 3), (5, 8), (13, 13)]
    assert ranges([], 2) == []
    with pytest.raises(ValueError, match="ascend"):
        ranges([3, 3], 2)
