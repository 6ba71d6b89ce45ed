"""`python ledger_machine.py EXAMPLES STEPS fixed|random`: the ledger against its model, by two writers on connections of their own.

Runs on the database of the environment, which it fills: each example has a SKU and warehouses of its own.
"""

from __future__ import annotations

import copy
import itertools
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockhub.config.settings")
django.setup()

from django.db import connections  # noqa: E402
from hypothesis import HealthCheck, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test  # noqa: E402

from stockhub.inventory.history.moments import Moment  # noqa: E402
from stockhub.inventory.lots.worth import value_as_of  # noqa: E402
from stockhub.inventory.models import Allocation, Balance, Lot  # noqa: E402
from stockhub.inventory.proof.reconciliation import reconcile, reconcile_lots  # noqa: E402
from stockhub.inventory.selectors import balance_as_of  # noqa: E402
from stockhub.values import Money  # noqa: E402
from tests.inventory.ledger_model import Model, Outcome  # noqa: E402
from tests.inventory.ledger_more_operations import Invoice, Observe, Promise, Serve, TakeOut  # noqa: E402
from tests.inventory.ledger_operations import (  # noqa: E402
    GRADES,
    RANKS,
    START,
    Adjust,
    Count,
    Keyed,
    Move,
    Operation,
    Receive,
    Return,
    Send,
    Target,
    Tell,
    World,
    run_at,
)

BUCKETS: Final = ("available", "inspecting", "unsellable")
PLACES: Final = (*BUCKETS, "reserved", "observed:available", "far:available", "far:in_transit")
QTY = st.integers(1, 12)
ANY = st.integers(0, 12)
BUCKET = st.sampled_from(BUCKETS)
OPERATIONS: st.SearchStrategy[Operation] = st.one_of(
    st.builds(Receive, qty=QTY),
    st.builds(Return, qty=QTY, grade=st.sampled_from(sorted(GRADES)), is_set=st.booleans()),
    st.builds(Adjust, qty=QTY, bucket=BUCKET, is_more=st.booleans()),
    st.tuples(QTY, BUCKET, BUCKET, st.booleans())
    .filter(lambda drawn: drawn[1] != drawn[2] and not (drawn[3] and drawn[2] == "available"))
    .map(lambda drawn: Move(qty=drawn[0], source=drawn[1], target=drawn[2], is_partial=drawn[3])),
    st.builds(Count, qty=st.integers(0, 20), bucket=BUCKET | st.none()),
    st.builds(Target, line=st.integers(0, 2), wanted=ANY, shipped=ANY),
    st.builds(Tell, order=st.integers(0, 4), version=st.integers(0, 4), status=st.sampled_from(sorted(RANKS)), qty=QTY),
    st.builds(Send, number=st.integers(0, 2), status=st.sampled_from(("in_transit", "received")), shipped=QTY, received=ANY),
    st.builds(Observe, bucket=BUCKET, qty=ANY),
    st.builds(TakeOut, qty=QTY, bucket=BUCKET, is_destroyed=st.booleans()),
    st.builds(Promise, allows=st.booleans()),
    st.builds(Serve),
    # Which receipt's lot it is for is said where it is placed.
    st.builds(Invoice, qty=QTY, lot=st.sampled_from("0123"), is_credit=st.booleans()),
)
#: Minutes before now at which something happened; mostly now.
AGO = st.sampled_from((0, 0, 0, 1, 3, 10, 60))
_numbers = itertools.count()


class LedgerMachine(RuleBasedStateMachine):
    """Stock is short by design, so that most operations compete for it."""

    @initialize(allows_backorder=st.booleans(), allows_presale=st.booleans())
    def begin(self, allows_backorder: bool, allows_presale: bool) -> None:  # noqa: FBT001 - hypothesis passes by name
        self.world = World.make(next(_numbers), allows_backorder=allows_backorder, allows_presale=allows_presale)
        self.model = Model(allows_backorder, allows_presale)
        self.writers = [ThreadPoolExecutor(max_workers=1) for _ in range(2)]
        self.now = START + timedelta(hours=2)
        self.done: list[Operation] = []
        self.keys = itertools.count()

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        for writer in self.writers:
            writer.submit(connections.close_all).result()
            writer.shutdown()
        # Proofs over everything: I1 to I3, and that no lot holds more than lies there.
        assert reconcile() == []
        assert reconcile_lots() == []

    def _placed(self, operation: Operation, ago: int) -> Operation:
        placed = replace(operation, at=max(START + timedelta(minutes=1), self.now - timedelta(minutes=ago)))
        if isinstance(placed, Invoice):
            lots = sorted(self.model.costs)
            placed = replace(placed, lot=lots[int(placed.lot) % len(lots)] if lots else "")
        return replace(placed, key=f"{self.world.sku.pk}-{next(self.keys)}") if isinstance(placed, Keyed) else placed

    def _run(self, writer: int, operation: Operation) -> Outcome:
        return self.writers[writer].submit(run_at, operation, self.world, self.now).result(timeout=60)

    @rule(writer=st.integers(0, 1), operation=OPERATIONS, ago=AGO)
    def one(self, writer: int, operation: Operation, ago: int) -> None:
        self.now += timedelta(minutes=1)
        self._one(writer, self._placed(operation, ago))

    def _one(self, writer: int, operation: Operation) -> None:
        assert self._run(writer, operation) == operation.apply(self.model, self.now)
        self.done.append(operation)

    @precondition(lambda self: self.done)
    @rule(writer=st.integers(0, 1), data=st.data(), otherwise=st.booleans())
    def again(self, writer: int, data: st.DataObject, otherwise: bool) -> None:  # noqa: FBT001 - hypothesis passes by name
        """An earlier request comes again, as it was or under the same key with another quantity."""
        operation = data.draw(st.sampled_from(self.done))
        self.now += timedelta(minutes=1)
        if otherwise and isinstance(operation, Keyed):
            operation = replace(operation, qty=operation.qty + 1)
        self._one(writer, operation)

    @rule(left=OPERATIONS, right=OPERATIONS, same=st.booleans())
    def together(self, left: Operation, right: Operation, same: bool) -> None:  # noqa: FBT001 - hypothesis passes by name
        """Two at the same moment, sometimes twice the same: the ledger is as after one of the two orders."""
        self.now += timedelta(minutes=1)
        left = self._placed(left, 0)
        right = left if same else self._placed(right, 0)
        running = [
            writer.submit(run_at, operation, self.world, self.now)
            for writer, operation in zip(self.writers, (left, right), strict=True)
        ]  # fmt: skip
        told = tuple(each.result(timeout=60) for each in running)
        possible = []
        for first, second in ((0, 1), (1, 0)):
            model, operations = copy.deepcopy(self.model), (left, right)
            answers = {place: operations[place].apply(model, self.now) for place in (first, second)}
            possible.append((model, (answers[0], answers[1])))
        self.model = self._chosen(possible, told)
        self.done += [left, right]

    def _chosen(self, possible: list[tuple[Model, tuple[Outcome, Outcome]]], told: tuple[Outcome, ...]) -> Model:
        """The model of the order in which the database did them."""
        state = self._state()
        fitting = [model for model, answers in possible if answers == told and model.state() == state]
        assert fitting, f"Neither order: {told} and {state}, but {[(answers, model.state()) for model, answers in possible]}"
        # An order that is reserved when it comes and one that waits for a return of the same moment end alike, on different ways.
        moments = fitting[0].told_apart(fitting[-1])
        found = {moment: self._as_of(*moment) for moment in moments}
        remembered = [model for model in fitting if all(model.as_of(*moment) == qty for moment, qty in found.items())]
        assert remembered, f"Neither order's way: {found}, but {[{each: model.as_of(*each) for each in moments} for model in fitting]}"
        return remembered[0]

    @rule(where=st.sampled_from(PLACES), minutes=st.integers(0, 150))
    def as_of(self, where: str, minutes: int) -> None:
        """Stock at a past moment is what the model's history says."""
        at = self.now - timedelta(minutes=minutes)
        assert self._as_of(where, at) == self.model.as_of(where, at)

    def _as_of(self, where: str, at: datetime) -> int:
        place, _, bucket = where.rpartition(":")
        warehouse = {"": self.world.warehouse, "observed": self.world.observed, "far": self.world.far}[place]
        return balance_as_of(sku_id=self.world.sku.pk, warehouse_id=warehouse.pk, at=at, bucket=bucket)

    @invariant()
    def the_ledger_agrees(self) -> None:
        if hasattr(self, "world"):
            assert self._state() == self.model.state()

    @invariant()
    def nobody_waits_for_what_is_there(self) -> None:
        if hasattr(self, "world") and self.model.cells.get("available", 0) > 0:
            assert [line.owed for line in self.model.lines.values() if line.owed and not line.is_presale] == []

    @rule()
    def worth(self) -> None:
        """Lots hold what lies there, and each is worth what its receipt and all its invoices say, in whatever warehouse its units are."""
        found = value_as_of(Moment(self.now, None), sku_ids=[self.world.sku.pk])
        origins: dict[int, tuple[str, int | None]] = {
            pk: (code, origin) for pk, code, origin in Lot.objects.filter(sku=self.world.sku).values_list("pk", "code", "origin_id")
        }
        for lot in found.lots:
            code, origin = origins[lot.lot_id]
            while origin is not None:
                code, origin = origins[origin]
            cost = self.model.costs.get(code)
            assert lot.unit_cost == (None if cost is None else Money(Decimal(cost), "CNY")), code
            assert lot.value == (None if cost is None else Money(Decimal(cost * lot.qty), "CNY")), code
        lying: dict[int, int] = {}
        physical = Balance.objects.filter(sku=self.world.sku, bucket__is_physical=True)
        for warehouse_id, qty in physical.values_list("warehouse_id", "qty"):
            lying[warehouse_id] = lying.get(warehouse_id, 0) + qty
        told = dict.fromkeys(lying, 0)
        for warehouse_id, qty in [(lot.warehouse_id, lot.qty) for lot in found.lots] + [row[1:] for row in found.without_lot]:
            told[warehouse_id] += qty
        assert told == {warehouse_id: max(qty, 0) for warehouse_id, qty in lying.items()}

    def _state(self) -> tuple[dict[str, int], dict[str, tuple[int, int, int, int]]]:
        cells, prefix = {}, {self.world.warehouse.pk: "", self.world.observed.pk: "observed:", self.world.far.pk: "far:"}
        for warehouse_id, bucket, qty in Balance.objects.filter(sku=self.world.sku).values_list("warehouse_id", "bucket_id", "qty"):
            if qty:
                cells[prefix[warehouse_id] + bucket] = qty
        rows = Allocation.objects.filter(sku=self.world.sku).values_list(
            "ordered_at", "wanted_qty", "shipped_qty", "reserved_qty", "unbacked_qty"
        )  # fmt: skip
        lines: dict[datetime, tuple[int, int, int, int]] = {row[0]: row[1:] for row in rows}
        return cells, {at.isoformat(): numbers for at, numbers in lines.items() if any(numbers)}


if __name__ == "__main__":
    examples, steps = map(int, sys.argv[1:3])
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None, suppress_health_check=list(HealthCheck),
            derandomize=sys.argv[3] == "fixed",
            print_blob=True,
        ),
    )  # fmt: skip
