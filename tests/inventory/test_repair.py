"""Repairs: after each the ledger adds up, history is as it was, and what was touched is in dispute."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import F

from stockhub.access.models import User
from stockhub.core import clock
from stockhub.core.actor import Actor, acting_as
from stockhub.core.partitions import month_start
from stockhub.inventory.history.checkpoints import make_checkpoints
from stockhub.inventory.models import Allocation, Balance, BalanceCheckpoint, Movement, MovementKey, RepeatedMovement, StockDispute
from stockhub.inventory.proof.proofs import prove_ledger
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.inventory.proof.repair import Keep, repair
from stockhub.inventory.services import set_targets
from stockhub.outbox.models import Event
from stockhub.values.errors import DomainError
from tests.inventory.damage import Ledger, make_ledger, target
from tests.inventory.test_reconcile import DAMAGE

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def ledger(db: None) -> Ledger:
    return make_ledger()


def mended(keep: Keep = Keep.MOVEMENTS, key: str = "r") -> Any:  # noqa: ANN401 - Repaired
    with acting_as(Actor("ana")):
        return repair(keep=keep, reason="after the crash", idempotency_key=key)


def figures(ledger: Ledger) -> dict[str, int]:
    rows = Balance.objects.exclude(qty=0).values_list("sku__code", "bucket_id", "qty")
    return {f"{sku} {bucket}": qty for sku, bucket, qty in rows}


@pytest.mark.parametrize("keep", list(Keep))
@pytest.mark.parametrize("kind", [kind for kind, (_how, told) in DAMAGE.items() if not any("cannot be" in text for _i, text in told)])
def test_after_a_repair_the_ledger_adds_up_and_history_is_as_it_was(ledger: Ledger, kind: str, keep: Keep) -> None:
    ledger.damage(*DAMAGE[kind][0])
    history = list(Movement.objects.order_by("id").values_list())
    assert reconcile() != []
    told = mended(keep)
    assert told.left == []
    assert told.done != []
    assert reconcile() == []
    assert list(Movement.objects.order_by("id").values_list())[: len(history)] == history
    corrections = Movement.objects.order_by("id")[len(history) :]
    assert {(each.kind, each.reason, each.actor, each.reference) for each in corrections} <= {
        ("correct", "after the crash", "ana", "repair:r")
    }
    again = mended(keep, "s")
    assert (again.done, again.left) == ([], [])


@pytest.mark.parametrize("kind", ["negative units", "a movement from nowhere to nowhere"])
def test_rows_that_are_no_movements_are_left_to_a_person(ledger: Ledger, kind: str) -> None:
    ledger.damage(*DAMAGE[kind][0])
    left = mended().left
    assert left != []
    assert all(found.text.endswith("cannot be.") or found.invariant == "I2" for found in left)


def test_keeping_movements_works_a_changed_balance_out_anew(ledger: Ledger) -> None:
    before = figures(ledger)
    ledger.damage("UPDATE inventory_balance SET qty = 90 WHERE sku_id = {tea} AND bucket_id = 'available'")
    count = Movement.objects.count()
    assert mended().done == ["TEA in SH, available: balance worked out anew, 86 instead of 90."]
    assert figures(ledger) == before
    assert Movement.objects.count() == count
    event = Event.objects.get(kind="inventory.balance_rebuilt.v1")
    assert event.payload == {
        "sku_id": ledger.tea.pk, "warehouse_id": ledger.warehouse.pk, "bucket": "available", "old_qty": 90, "qty": 86,
        "reason": "after the crash", "repair": "r",
    }  # fmt: skip
    [dispute] = StockDispute.objects.all()
    assert (dispute.sku, dispute.cause, dispute.buckets, dispute.note, dispute.opened_by) == (
        ledger.tea, "reconcile", ["available"], "after the crash", "ana",
    )  # fmt: skip


def test_keeping_balances_posts_the_difference(ledger: Ledger) -> None:
    ledger.damage("UPDATE inventory_balance SET qty = 90 WHERE sku_id = {tea} AND bucket_id = 'available'")
    assert mended(Keep.FIGURES).done == ["TEA in SH, available: +4 posted, the ledger now adds up to 90."]
    assert figures(ledger)["TEA available"] == 90
    last = Movement.objects.latest("id")
    assert (last.from_bucket_id, last.to_bucket_id, last.qty, last.kind, last.key) == (None, "available", 4, "correct", "correct:r:1")


def test_a_doubled_reservation_is_reversed_for_its_line(ledger: Ledger) -> None:
    before = figures(ledger)
    ledger.damage(*DAMAGE["a movement doubled"][0])
    doubled = Movement.objects.latest("id")
    mended()
    repeated = RepeatedMovement.objects.get()
    assert (repeated.movement_id, repeated.key, repeated.qty) == (doubled.pk, doubled.key, 3)
    reversal = Movement.objects.get(key=repeated.reversed_by)
    assert (reversal.from_bucket_id, reversal.to_bucket_id, reversal.qty) == ("reserved", "available", 3)
    assert reversal.key == f"allocation:{ledger.first.pk}:correct:r:1"
    assert figures(ledger) == before
    assert Allocation.objects.get(pk=ledger.first.pk).reserved_qty == 3


@pytest.mark.parametrize("keep", list(Keep))
def test_reserved_units_that_no_line_holds_go_back_to_the_shelf(ledger: Ledger, keep: Keep) -> None:
    before = figures(ledger)
    ledger.damage(*DAMAGE["units reserved that no line holds"][0])
    assert figures(ledger) == {**before, "TEA available": 36, "TEA reserved": 56}
    assert mended(keep).done == ["TEA in SH: 6 units are reserved, as order lines hold; 50 were moved from reserved to available."]
    assert figures(ledger) == before
    last = Movement.objects.latest("id")
    assert (last.from_bucket_id, last.to_bucket_id, last.qty, last.key) == ("reserved", "available", 50, "correct:r:1")
    [dispute] = StockDispute.objects.all()
    assert (dispute.sku, dispute.cause, dispute.buckets) == (ledger.tea, "reconcile", ["available", "reserved"])


def test_units_that_lines_hold_are_reserved_for_them_again(ledger: Ledger) -> None:
    before = figures(ledger)
    ledger.damage(*DAMAGE["units taken from the lines that hold them"][0])
    mended()
    assert figures(ledger) == before
    assert Allocation.objects.get(sku=ledger.cup).reserved_qty == 50
    assert [(each.from_bucket_id, each.to_bucket_id, each.qty) for each in Movement.objects.order_by("-id")[:2]] == [
        ("available", "reserved", 50), (None, "available", 50),
    ]  # fmt: skip


def test_a_line_that_is_gone_is_made_again_and_goes_on(ledger: Ledger) -> None:
    ledger.damage("DELETE FROM inventory_allocation WHERE id = {first}")
    mended()
    line = Allocation.objects.get(pk=ledger.first.pk)
    assert (line.reference, line.reserved_qty, line.shipped_qty, line.wanted_qty, line.revision) == ("line:1", 3, 2, 5, 1)
    [result] = set_targets([target(ledger.tea, ledger.warehouse, "line:1", wanted=5, ship=5)])
    assert (result.status, result.reserved_qty, result.shipped_qty) == ("posted", 0, 5)
    assert reconcile() == []


def test_a_line_whose_reference_was_taken_again_gives_its_units_back(ledger: Ledger) -> None:
    ledger.damage("DELETE FROM inventory_allocation WHERE id = {first}")
    set_targets([target(ledger.tea, ledger.warehouse, "line:1", wanted=5, ship=2)])
    mended()
    line = Allocation.objects.get(pk=ledger.first.pk)
    assert (line.reference, line.reserved_qty, line.shipped_qty) == (f"allocation:{line.pk}", 0, 2)
    assert Allocation.objects.get(reference="line:1").reserved_qty == 3
    assert reconcile() == []


def test_a_lost_key_comes_back_and_refuses_to_post_again(ledger: Ledger) -> None:
    from stockhub.inventory.services import move_stock

    ledger.damage("DELETE FROM inventory_movementkey WHERE key = 'move:wet'")
    mended()
    again = move_stock(
        sku_id=ledger.tea.pk, warehouse_id=ledger.warehouse.pk, from_bucket="available", to_bucket="inspecting", qty=5, reason="wet",
        idempotency_key="wet",
    )  # fmt: skip
    assert (again.status, again.qty) == ("duplicate", 5)
    assert reconcile() == []


def test_a_key_whose_movement_is_gone_stays_used(ledger: Ledger) -> None:
    ledger.damage("DELETE FROM inventory_movement WHERE key = 'move:wet'")
    mended()
    assert MovementKey.objects.get(pk="move:wet").posted_qty == 0
    assert figures(ledger)["TEA available"] == 91


def test_the_same_repair_runs_once(ledger: Ledger) -> None:
    ledger.damage("UPDATE inventory_balance SET qty = 90 WHERE sku_id = {tea} AND bucket_id = 'available'")
    mended()
    ledger.damage("UPDATE inventory_balance SET qty = 91 WHERE sku_id = {tea} AND bucket_id = 'available'")
    told = mended()
    assert (told.done, [found.text for found in told.left]) == (
        [], ["TEA in SH, available: the ledger adds up to 86, the balance says 91."],
    )  # fmt: skip
    with pytest.raises(DomainError) as caught:
        mended(Keep.FIGURES)
    assert caught.value.code == "idempotency_key_reused"


@pytest.mark.parametrize(
    ("reason", "key", "code"), [(" ", "r", "reason_required"), ("x", "", "invalid_key"), ("x", "k" * 61, "invalid_key")]
)
def test_a_repair_without_a_reason_or_key_is_refused(ledger: Ledger, reason: str, key: str, code: str) -> None:
    ledger.damage("UPDATE inventory_balance SET qty = 90 WHERE sku_id = {tea} AND bucket_id = 'available'")
    with pytest.raises(DomainError) as caught:
        repair(reason=reason, idempotency_key=key)
    assert caught.value.code == code
    assert figures(ledger)["TEA available"] == 90


def test_i4_repairing_needs_its_own_permission(ledger: Ledger) -> None:
    ana = User.objects.create_user("ana")
    with pytest.raises(DomainError) as caught, acting_as(Actor("ana", ana.pk)):
        repair(reason="x", idempotency_key="r")
    assert caught.value.code == "not_allowed"


def test_the_command_repairs_and_says_what_it_did(ledger: Ledger) -> None:
    ledger.damage("UPDATE inventory_balance SET qty = 90 WHERE sku_id = {tea} AND bucket_id = 'available'")
    out = StringIO()
    call_command("reconcile", "--repair", "--reason", "after the crash", stdout=out)
    assert out.getvalue().splitlines() == [
        "TEA in SH, available: balance worked out anew, 86 instead of 90.",
        "The ledger adds up: I1, I2 and I3 hold, and lots hold no more than lies there.",
    ]
    assert StockDispute.objects.get().opened_by == "manage.py reconcile"


def test_a_checkpoint_that_its_movements_have_left_is_found_and_taken_away(ledger: Ledger) -> None:
    at = month_start(Movement.objects.earliest("recorded_at").recorded_at, 1)
    with clock.at(at + timedelta(days=2)):
        assert make_checkpoints() == [at]
        assert prove_ledger() == []
        BalanceCheckpoint.objects.filter(bucket_id="reserved").update(qty=F("qty") + 2)
        changed = BalanceCheckpoint.objects.filter(bucket_id="reserved").count()
        found = prove_ledger()
        assert ({each.invariant for each in found}, len(found)) == ({"checkpoints"}, changed)
        assert f"reserved: {at:%Y-%m-%d} lacks -2 units moved before." in found[0].text
        assert any("checkpoints" in line for line in mended().done)
        assert (prove_ledger(), BalanceCheckpoint.objects.count()) == ([], 0)
        assert make_checkpoints() == [at]
