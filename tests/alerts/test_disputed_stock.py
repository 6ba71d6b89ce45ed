"""Stock in dispute is still warned of, but nothing may act on the warning by itself (H6)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stockhub.agenda.today import today
from stockhub.alerts.models import Alert
from stockhub.alerts.wording import headline
from stockhub.core import clock
from stockhub.inventory.models import Balance, LedgerProof, StockDispute
from stockhub.inventory.proof.proofs import prove_ledger
from stockhub.inventory.services import count_stock, resolve_dispute
from stockhub.snapshot.builder import build
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
QUARTER = timedelta(minutes=15)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def shortage() -> Alert:
    return Alert.objects.get(kind="shortage")


def test_h6_proposals_about_disputed_stock_are_held_until_it_is_settled(world: World) -> None:
    sku = world.selling("CAP", stock=100, rate=10)
    other = world.selling("HAT", stock=100, rate=10)
    run_cycle("warnings")
    assert set(Alert.objects.filter(sku__isnull=False).values_list("held_reason", flat=True)) == {None}
    before = Alert.objects.get(kind="shortage", sku=sku)
    with clock.at(NOW + timedelta(minutes=5)):
        count_stock(warehouse_id=world.warehouse.pk, counts={(sku.pk, "available"): 92}, idempotency_key="c")
    snapshot = build([sku.pk, other.pk], NOW)
    assert snapshot["in_dispute"].tolist() == [1.0, 0.0]
    run_cycle("warnings", NOW + QUARTER)
    held = Alert.objects.get(pk=before.pk)
    assert (held.status, held.held_reason) == ("open", "IN_DISPUTE")
    assert held.suggested_qty is not None
    assert "held: order" in headline(held)
    assert headline(held).count("its stock is in dispute: count it, or settle the dispute") == 1
    assert set(Alert.objects.filter(sku=other).values_list("held_reason", flat=True)) == {None}
    [dispute] = StockDispute.objects.all()
    with clock.at(NOW + timedelta(minutes=20)):
        resolve_dispute(dispute_id=dispute.pk, resolution="eight were stolen")
    run_cycle("warnings", NOW + 2 * QUARTER)
    freed = Alert.objects.get(pk=before.pk)
    assert (freed.held_reason, freed.version) == (None, held.version + 1), "only the hold changed, and that was written"
    assert "held" not in headline(freed)


def test_h6_the_dispute_is_a_line_of_today_that_says_what_to_do(world: World) -> None:
    sku = world.selling("CAP", stock=100, rate=1)
    with clock.at(NOW):
        count_stock(warehouse_id=world.warehouse.pk, counts={(sku.pk, "available"): 92}, idempotency_key="c")
    run_cycle("warnings", NOW + QUARTER)
    alert = Alert.objects.get(kind="stock-dispute")
    assert (alert.side, alert.level, alert.sku, alert.pool) == ("data", 2, sku, world.pool)
    said = "CAP in cn · Stock in dispute · 92 were counted in cn-main where the book said 100 (-8 %): count again, or settle the dispute."
    assert headline(alert) == said
    assert said in [line.headline for line in today().data.lines]
    run_cycle("warnings", NOW + 2 * QUARTER)
    assert Alert.objects.get(kind="stock-dispute").version == 1
    with clock.at(NOW + 3 * QUARTER):
        count_stock(warehouse_id=world.warehouse.pk, counts={(sku.pk, "available"): 92}, idempotency_key="d")
    run_cycle("warnings", NOW + 3 * QUARTER)
    assert (Alert.objects.get(kind="stock-dispute").status, StockDispute.objects.filter(resolved_at=None).count()) == ("resolved", 0)


def test_a_ledger_that_does_not_add_up_is_an_alert_until_a_proof_holds(world: World) -> None:
    sku = world.selling("CAP", stock=100, rate=1)
    with clock.at(NOW):
        assert prove_ledger() == []
    run_cycle("warnings")
    assert not Alert.objects.filter(kind="ledger-discrepancy").exists()
    Balance.objects.filter(sku=sku).update(qty=90)
    with clock.at(NOW + QUARTER):
        [first] = prove_ledger()
    assert first.text == "CAP in cn-main, available: the ledger adds up to 100, the balance says 90."
    last = LedgerProof.objects.latest("id")
    assert (last.discrepancy_count, last.discrepancies[0], last.actor) == (1, ["I1", first.text], "system")
    run_cycle("warnings", NOW + QUARTER)
    alert = Alert.objects.get(kind="ledger-discrepancy")
    assert (alert.level, alert.status, alert.side) == (3, "open", "data")
    assert headline(alert).startswith("Stock ledger · The ledger does not add up · 1 thing does not hold;")
    Balance.objects.filter(sku=sku).update(qty=100)
    with clock.at(NOW + 2 * QUARTER):
        assert prove_ledger() == []
    run_cycle("warnings", NOW + 2 * QUARTER)
    assert Alert.objects.get(kind="ledger-discrepancy").status == "resolved"
