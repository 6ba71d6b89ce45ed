"""A simple model of transfers and the ledger itself, driven side by side: shipping, receipts in parts, losses, replays and disorder."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from stockhub.catalog.models import Authority, Sku, Warehouse
from stockhub.core import clock
from stockhub.inventory.lots.ageing import ages
from stockhub.inventory.models import Balance, StockVariance, Transfer
from stockhub.inventory.proof.reconciliation import reconcile, reconcile_lots
from stockhub.inventory.services import (
    Receipt,
    TransferInput,
    TransferLineInput,
    adjust,
    receive_lot,
    resolve_variance,
    upsert_transfer,
)
from stockhub.inventory.transfers.lots import lots_under_way
from stockhub.inventory.transfers.selectors import transfer_arrivals
from stockhub.values.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

#: `make soak` asks for hundreds.
EXAMPLES = int(os.environ.get("STOCKHUB_MACHINE_EXAMPLES", "8"))
START = datetime(2025, 1, 1, tzinfo=UTC)
DEPARTED = ("in_transit", "receiving", "received")
NUMBERS = st.integers(0, 2)
PLACES = st.sampled_from(("A", "B"))
OTHER = {"A": "B", "B": "A"}


@dataclass(frozen=True)
class Told:
    """A transfer as its latest state says it is."""

    source: str
    status: str
    shipped: int
    received: int = 0
    damaged: int = 0
    lost: int = 0
    at: datetime = START

    @property
    def missing(self) -> int:
        return max(self.shipped - self.received, 0)


class TransferMachine(RuleBasedStateMachine):
    """The model: units at two warehouses that count, transfers by number, and how many units of each age there are in all."""

    def __init__(self) -> None:
        super().__init__()
        self.resources = ExitStack()
        self.resources.enter_context(transaction.atomic())
        self.sku = Sku.objects.create(code="TEA")
        self.places = {code: Warehouse.objects.create(code=code, name=code, ledger_starts_at=START) for code in OTHER}
        self.available = dict.fromkeys(OTHER, 0)
        self.unsellable = dict.fromkeys(OTHER, 0)
        self.told: dict[int, Told] = {}
        self.history: list[tuple[int, Told]] = []
        self.keys = 0
        self.came_in = 0
        self.at = START + timedelta(days=400)
        self._now()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.resources.close()

    def _key(self) -> str:
        self.keys += 1
        return f"key-{self.keys}"

    def _now(self) -> datetime:
        self.at += timedelta(hours=7)
        self.resources.enter_context(clock.at(self.at))
        return self.at

    @rule(place=PLACES, qty=st.integers(1, 12), age=st.integers(0, 300))
    def receive(self, place: str, qty: int, age: int) -> None:
        now = self._now()
        receive_lot(
            Receipt(sku_id=self.sku.pk, warehouse_id=self.places[place].pk, qty=qty, idempotency_key=self._key(), occurred_at=now)
        )  # fmt: skip
        self.available[place] += qty

    @rule(place=PLACES, qty=st.integers(1, 6))
    def write_off(self, place: str, qty: int) -> None:
        def change() -> None:
            adjust(
                sku_id=self.sku.pk, warehouse_id=self.places[place].pk, bucket="available", delta_qty=-qty, reason="test",
                idempotency_key=self._key(), occurred_at=self._now(),
            )  # fmt: skip

        if qty > self.available[place]:
            with pytest.raises(DomainError, match="units are there"):
                change()
            return
        change()
        self.available[place] -= qty

    @rule(
        number=NUMBERS, source=PLACES, shipped=st.integers(1, 10), status=st.sampled_from(("planned", *DEPARTED)), part=st.integers(0, 10)
    )
    def tell(self, number: int, source: str, shipped: int, status: str, part: int) -> None:
        """Ships, receives in parts, corrects: whatever state comes next."""
        before = self.told.get(number)
        told = Told(before.source if before else source, status, shipped, at=self._now())
        if status in ("receiving", "received"):
            told = replace(told, received=part, damaged=part // 4)
        if before:
            told = replace(told, lost=before.lost)
        self._tell(number, told)

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.told)))
        self._tell(number, replace(self.told[number], status="cancelled", at=self._now()))

    @precondition(lambda self: self.history)
    @rule(data=st.data())
    def tell_again(self, data: st.DataObject) -> None:
        """Any earlier message comes once more: the latest repeats itself, the others come too late."""
        number, told = data.draw(st.sampled_from(self.history))
        self._now()
        upsert_transfer(self._input(number, told))

    @precondition(lambda self: any(t.status == "received" and t.missing > t.lost for t in self.told.values()))
    @rule(data=st.data(), found=st.booleans())
    def resolve(self, data: st.DataObject, found: bool) -> None:  # noqa: FBT001 - hypothesis passes by name
        open_ones = [n for n, t in self.told.items() if t.status == "received" and t.missing > t.lost]
        number = data.draw(st.sampled_from(sorted(open_ones)))
        told, key = self.told[number], self._key()
        task = StockVariance.objects.get(reference=f"transfer:T{number}")
        assert (task.status, task.difference_qty) == ("open", -told.missing)
        self._now()
        for _again in range(2):
            resolve_variance(variance_id=task.pk, resolution="found" if found else "accepted", idempotency_key=key)
        after = replace(told, received=told.shipped) if found else replace(told, lost=told.missing)
        self._move(told, after)
        self.told[number] = after

    def _input(self, number: int, told: Told) -> TransferInput:
        line = TransferLineInput(
            sku="TEA", planned_qty=told.shipped, shipped_qty=told.shipped, received_qty=told.received, damaged_qty=told.damaged
        )
        return TransferInput(
            code=f"T{number}", from_warehouse=told.source, to_warehouse=OTHER[told.source], status=told.status, lines=[line],
            occurred_at=told.at,
        )  # fmt: skip

    def _tell(self, number: int, told: Told) -> None:
        before = self.told.get(number)
        refusal = self._refusal(before, told)
        if refusal:
            with pytest.raises(DomainError) as caught:
                upsert_transfer(self._input(number, told))
            assert caught.value.code == refusal
            return
        upsert_transfer(self._input(number, told))
        self._move(before, told)
        self.told[number] = told
        self.history.append((number, told))

    def _refusal(self, before: Told | None, after: Told) -> str:
        """What the service must refuse: what has arrived cannot be called back, and nothing can be moved that is not there."""
        arrived = before is not None and Transfer.objects.get(code=self._code_of(before)).lines.filter(lots__arrived_qty__gt=0).exists()
        if before and before.status in DEPARTED and after.status not in DEPARTED and (before.received or arrived):
            return "already_received"
        left, entered = _effects(before), _effects(after)
        change = {cell: entered[cell] - left[cell] for cell in set(left) | set(entered)}
        for (place, bucket), qty in change.items():
            held = {"available": self.available, "unsellable": self.unsellable}.get(bucket)
            if held is not None and held[place] + qty < 0:
                return "insufficient_stock"
        return ""

    def _code_of(self, told: Told) -> str:
        return next(f"T{number}" for number, known in self.told.items() if known is told)

    def _move(self, before: Told | None, after: Told) -> None:
        for (place, bucket), qty in _effects(after).items():
            self._add(place, bucket, qty)
        for (place, bucket), qty in _effects(before).items():
            self._add(place, bucket, -qty)

    def _add(self, place: str, bucket: str, qty: int) -> None:
        if bucket == "available":
            self.available[place] += qty
        elif bucket == "unsellable":
            self.unsellable[place] += qty

    @invariant()
    def the_ledger_agrees(self) -> None:
        wanted: Counter[tuple[str, str]] = Counter()
        for told in self.told.values():
            wanted.update({cell: qty for cell, qty in _effects(told).items() if cell[1] not in ("available", "unsellable")})
        for place in OTHER:
            wanted[place, "available"] = self.available[place]
            wanted[place, "unsellable"] = self.unsellable[place]
        held = {(place, bucket): qty for place, bucket, qty in Balance.objects.values_list("warehouse__code", "bucket_id", "qty") if qty}
        assert held == {cell: qty for cell, qty in wanted.items() if qty}

    @invariant()
    def documents_and_tasks_agree(self) -> None:
        for number, told in self.told.items():
            assert Transfer.objects.get(code=f"T{number}").status == told.status
            task = StockVariance.objects.filter(reference=f"transfer:T{number}").first()
            differs = told.status == "received" and told.received != told.shipped
            is_open = differs and (
                told.missing > told.lost or (told.received > told.shipped and (task is None or task.status != "accepted"))
            )
            assert (task is not None and task.status == "open") == is_open
        arriving: Counter[int] = Counter()
        for row in transfer_arrivals([self.sku.pk]):
            arriving[row.warehouse_id] += row.qty
        expected: Counter[int] = Counter()
        for told in self.told.values():
            if told.status in ("in_transit", "receiving"):
                expected[self.places[OTHER[told.source]].pk] += told.missing
        assert +arriving == +expected

    @invariant()
    def i1_to_i3_and_the_lots_hold(self) -> None:
        assert [*reconcile(), *reconcile_lots()] == []

    @invariant()
    def every_unit_of_known_age_is_somewhere(self) -> None:
        aged = ages([self.sku.pk], day=date(2026, 6, 1))
        on_hand = sum(Balance.objects.filter(bucket__is_physical=True).values_list("qty", flat=True))
        assert int(aged.qty.sum() + aged.unknown_qty.sum()) == on_hand
        under_way = sum(row.qty for row in lots_under_way([self.sku.pk]))
        in_transit = sum(Balance.objects.filter(bucket_id="in_transit").values_list("qty", flat=True))
        assert under_way <= in_transit or not in_transit


def _effects(told: Told | None) -> Counter[tuple[str, str]]:
    """What a transfer adds to each (place, bucket)."""
    cells: Counter[tuple[str, str]] = Counter()
    if told is None or told.status not in DEPARTED:
        return cells
    there = OTHER[told.source]
    cells[told.source, "available"] -= told.shipped
    if told.status == "in_transit":
        cells[there, "in_transit"] += told.missing
    elif told.status == "receiving":
        cells[there, "receiving"] += told.missing
    else:
        cells[there, "researching"] += max(told.missing - told.lost, 0)
    cells[there, "available"] += told.received - told.damaged
    cells[there, "unsellable"] += told.damaged
    return cells


def test_transfers_keep_their_promises_whatever_happens() -> None:
    run_state_machine_as_test(
        TransferMachine,
        settings=settings(max_examples=EXAMPLES, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)),
    )


MESSAGES = st.lists(
    st.tuples(st.sampled_from(DEPARTED), st.integers(0, 60), st.integers(0, 9)), min_size=1, max_size=5
)  # fmt: skip


@pytest.mark.parametrize("observed", ["none", "source", "destination"])
def test_states_told_in_any_order_any_number_of_times_converge(observed: str) -> None:
    """Whatever is told, the state of the latest moment is what the ledger follows; also where a platform counts one of the ends."""

    @settings(max_examples=EXAMPLES // 2, deadline=None, suppress_health_check=list(HealthCheck))
    @given(messages=MESSAGES, data=st.data())
    def converge(messages: list[tuple[str, int, int]], data: st.DataObject) -> None:
        told = [_message(n, *message) for n, message in enumerate(messages)]
        order = data.draw(st.lists(st.sampled_from(range(len(told))), max_size=6)) + data.draw(st.permutations(range(len(told))))
        assert _outcome(observed, [told[n] for n in order]) == _outcome(observed, [told[-1]])

    converge()


def _message(moment: int, status: str, received: int, damaged: int) -> TransferInput:
    received = 0 if status == "in_transit" else received
    line = TransferLineInput(sku="TEA", shipped_qty=50, received_qty=received, damaged_qty=min(damaged, received))
    at = START + timedelta(days=moment + 1)
    return TransferInput(code="T", from_warehouse="A", to_warehouse="B", status=status, lines=[line], occurred_at=at)


def _outcome(observed: str, messages: list[TransferInput]) -> tuple[dict[tuple[str, str], int], list[tuple[str, int]], str]:
    """Balances, open tasks and the transfer's status after these messages; everything is rolled back."""
    with transaction.atomic(), clock.at(START + timedelta(days=40)):
        sku = Sku.objects.create(code="TEA")
        for code, end in (("A", "source"), ("B", "destination")):
            authority = Authority.SNAPSHOT if observed == end else Authority.LEDGER
            Warehouse.objects.create(code=code, name=code, ledger_starts_at=START, authority=authority)
        source = Warehouse.objects.get(code="A")
        receive_lot(Receipt(sku_id=sku.pk, warehouse_id=source.pk, qty=200, idempotency_key="r", received_on=date(2024, 10, 1)))
        for message in messages:
            upsert_transfer(message)
        rows = Balance.objects.exclude(qty=0).values_list("warehouse__code", "bucket_id", "qty")
        held = {(place, bucket): qty for place, bucket, qty in rows}
        tasks = [(task.status, task.difference_qty) for task in StockVariance.objects.filter(status="open")]
        assert reconcile() == []
        outcome = (held, tasks, Transfer.objects.get().status)
        transaction.set_rollback(True)
    return outcome
