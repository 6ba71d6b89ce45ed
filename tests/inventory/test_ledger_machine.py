"""A model of the ledger and the ledger itself, driven side by side through receipts, orders, counts, replays and disorder."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import clock
from stockhub.inventory.allocations import AllocationTarget, set_targets
from stockhub.inventory.ledger import Posting, PostingStatus, post
from stockhub.inventory.models import Allocation, Balance, MovementKind
from stockhub.inventory.reconciliation import reconcile
from stockhub.inventory.services import Receipt, adjust, count_stock, receive_lot
from stockhub.values.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

START = datetime(2025, 1, 1, tzinfo=UTC)
LINES = st.integers(0, 4)
QTY = st.integers(1, 12)


class LedgerMachine(RuleBasedStateMachine):
    """The model holds what is on hand, and per order line what is wanted, reserved, shipped and unbacked; stock is short by design."""

    def __init__(self) -> None:
        super().__init__()
        self.resources = ExitStack()
        self.resources.enter_context(transaction.atomic())
        self.sku = Sku.objects.create(code="TEA")
        self.warehouse = Warehouse.objects.create(code="SH", name="Shanghai", ledger_starts_at=START)
        self.available = 0
        self.lines: dict[int, dict[str, int]] = {}
        self.keys = 0
        self.sent: list[Posting] = []
        self.at = START
        self._now()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.resources.close()

    def _key(self) -> str:
        self.keys += 1
        return f"key-{self.keys}"

    def _now(self) -> datetime:
        """A minute later, and so for everything that asks the clock."""
        self.at += timedelta(minutes=1)
        self.resources.enter_context(clock.at(self.at))
        return self.at

    @rule(qty=QTY)
    def receive(self, qty: int) -> None:
        receive_lot(
            Receipt(sku_id=self.sku.pk, warehouse_id=self.warehouse.pk, qty=qty, idempotency_key=self._key(), occurred_at=self._now())
        )
        self.available += qty
        self._serve()

    @rule(line=LINES, wanted=st.integers(0, 12), shipped=st.integers(0, 12))
    def order(self, line: int, wanted: int, shipped: int) -> None:
        shipped = min(shipped, wanted)
        self._target(line, wanted, shipped)
        self._expect(line, wanted, shipped)

    @precondition(lambda self: self.lines)
    @rule(data=st.data())
    def deliver_an_order_again(self, data: st.DataObject) -> None:
        line = data.draw(st.sampled_from(sorted(self.lines)))
        before = dict(self.lines[line])
        self._target(line, before["wanted"], before["shipped"])
        self._expect(line, before["wanted"], before["shipped"])

    @rule(qty=QTY, more=st.booleans())
    def adjust(self, qty: int, more: bool) -> None:  # noqa: FBT001 - hypothesis passes by name
        def change() -> None:
            adjust(
                sku_id=self.sku.pk, warehouse_id=self.warehouse.pk, bucket="available", delta_qty=qty if more else -qty, reason="test",
                idempotency_key=self._key(), occurred_at=self._now(),
            )  # fmt: skip

        if not more and qty > self.available:
            with pytest.raises(DomainError, match="units are there"):
                change()
            return
        change()
        self.available += qty if more else -qty
        self._serve()

    @rule(qty=st.integers(0, 20))
    def count(self, qty: int) -> None:
        [row] = count_stock(
            warehouse_id=self.warehouse.pk, counts={(self.sku.pk, "available"): qty}, idempotency_key=self._key(), counted_at=self._now()
        )
        assert (row.book_qty, row.posted_qty) == (self.available, qty - self.available)
        self.available = qty
        self._serve()

    @rule(qty=QTY, partial=st.booleans())
    def write_off(self, qty: int, partial: bool) -> None:  # noqa: FBT001 - hypothesis passes by name
        posting = Posting(
            sku_id=self.sku.pk, warehouse_id=self.warehouse.pk, from_bucket="available", to_bucket="unsellable", qty=qty,
            kind=MovementKind.MOVE, key=self._key(), occurred_at=self._now(), partial=partial,
        )  # fmt: skip
        [result] = post([posting])
        expected = qty if qty <= self.available else self.available if partial else 0
        assert result.qty == expected
        self.available -= expected
        if expected:
            self.sent.append(posting)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def post_again(self, data: st.DataObject) -> None:
        posting = data.draw(st.sampled_from(self.sent))
        assert post([posting])[0].status == PostingStatus.DUPLICATE
        filler = Posting(
            sku_id=self.sku.pk, warehouse_id=self.warehouse.pk, from_bucket=None, to_bucket="researching", qty=1, kind=MovementKind.ADJUST,
            key=self._key(), occurred_at=self._now(),
        )  # fmt: skip
        assert [result.status for result in post([posting, filler])] == ["duplicate", "posted"]

    @invariant()
    def the_ledger_agrees(self) -> None:
        balances = dict(Balance.objects.values_list("bucket_id", "qty"))
        assert balances.get("available", 0) == self.available
        assert balances.get("reserved", 0) == sum(line["reserved"] for line in self.lines.values())
        for number, line in self.lines.items():
            columns = ("wanted_qty", "reserved_qty", "shipped_qty", "unbacked_qty")
            row = Allocation.objects.filter(reference=f"line:{number}").values_list(*columns).first()
            assert (row or (0, 0, 0, 0)) == (line["wanted"], line["reserved"], line["shipped"], line["unbacked"])

    @invariant()
    def i1_to_i3_hold(self) -> None:
        assert reconcile() == []

    def _target(self, line: int, wanted: int, shipped: int) -> None:
        set_targets(
            [
                AllocationTarget(
                    reference=f"line:{line}", sku_id=self.sku.pk, warehouse_id=self.warehouse.pk, account_id=None, wanted_qty=wanted,
                    ship_qty=shipped, ordered_at=START + timedelta(seconds=line), occurred_at=self._now(),
                )
            ]
        )  # fmt: skip

    def _expect(self, number: int, wanted: int, shipped: int) -> None:
        line = self.lines.setdefault(number, {"wanted": 0, "reserved": 0, "shipped": 0, "unbacked": 0})
        to_ship, undone = max(shipped - line["shipped"], 0), max(line["shipped"] - shipped, 0)
        freed = undone > 0
        from_reserved = min(to_ship, line["reserved"])
        line["reserved"] -= from_reserved
        forgiven = min(undone, line["unbacked"])
        self.available += undone - forgiven
        excess = max(line["reserved"] - (wanted - shipped), 0)
        line["reserved"] -= excess
        self.available += excess
        from_available = min(to_ship - from_reserved, self.available)
        self.available -= from_available
        line["unbacked"] += to_ship - from_reserved - from_available - forgiven
        line["wanted"], line["shipped"] = wanted, shipped
        more = min(wanted - shipped - line["reserved"], self.available)
        line["reserved"] += more
        self.available -= more
        if freed or excess:
            self._serve()

    def _serve(self) -> None:
        for number in sorted(self.lines):
            line = self.lines[number]
            qty = min(line["wanted"] - line["shipped"] - line["reserved"], self.available)
            line["reserved"] += qty
            self.available -= qty


def test_the_ledger_keeps_its_promises_whatever_happens() -> None:
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)),
    )
