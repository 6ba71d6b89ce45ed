"""Returns that have come in when their listing is linked to something else: their units go over to what it delivers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from stockhub.catalog.inputs import ComponentInput as Part
from stockhub.catalog.inputs import SkuInput
from stockhub.catalog.models import Sku, Warehouse
from stockhub.catalog.skus import upsert_sku
from stockhub.channels.listing_links import ComponentInput, Linked, link_by_code, link_listing
from stockhub.channels.models import CustomerReturn, ExternalCode, Listing
from stockhub.channels.returns import move_returns
from stockhub.channels.services import ingest_orders, ingest_returns
from stockhub.core import clock
from stockhub.inventory.history.moments import Moment
from stockhub.inventory.lots.ageing import ages
from stockhub.inventory.lots.as_of import lots_as_of
from stockhub.inventory.lots.descent import lots_made_of
from stockhub.inventory.lots.settlement import settle_lots
from stockhub.inventory.lots.worth import value_as_of
from stockhub.inventory.models import CostKind, Lot, LotReceipt, Movement, MovementKind, StockDispute
from stockhub.inventory.proof.reconciliation import reconcile, reconcile_lots
from stockhub.inventory.selectors import balance_as_of
from stockhub.inventory.services import TransferInput, TransferLineInput, UnitCost, add_costs, adjust, upsert_transfer
from stockhub.outbox.models import Event
from stockhub.pluginapi.records import OrderRecord, ReturnRecord
from tests.channels.shop import LEDGER_START, Shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

BACK = datetime(2026, 3, 12, tzinfo=UTC)
NOW = datetime(2026, 3, 20, 4, tzinfo=UTC)
#: (units, of them not moved)
Receipts = list[tuple[int, int]]


def returned(**changes: object) -> ReturnRecord:
    return replace(ReturnRecord("R1", "a-1", 5, BACK, order_external_id="unknown"), **changes)  # type: ignore[arg-type]


def _come_back(shop: Shop, **changes: object) -> None:
    with clock.at(BACK + timedelta(hours=1)):
        assert ingest_returns(account=shop.account, returns=[returned(**changes)]).new == 1


def _link(shop: Shop, *, code: str = "a-1", at: datetime = NOW, **units: int) -> Linked:
    return link_to(shop, units, code=code, at=at)


def link_to(shop: Shop, units: dict[str, int], *, code: str = "a-1", at: datetime) -> Linked:
    parts = [ComponentInput(shop.skus[sku].pk, qty) for sku, qty in units.items()]
    with clock.at(at):
        return link_listing(listing=Listing.objects.get(code=code), components=parts)


def stock_of(shop: Shop, bucket: str = "available") -> tuple[int, ...]:
    return tuple(shop.balance(sku, bucket) for sku in "ABC")


def _receipts(sku: str) -> Receipts:
    """Of the SKU's lots, in the order in which they were recorded."""
    return list(LotReceipt.objects.filter(lot__sku__code=sku).order_by("id").values_list("qty", "unbacked_qty"))


def _lots() -> dict[str, tuple[int, int]]:
    """By SKU, what its one lot of the return has received on balance, and what is left of it."""
    settle_lots()
    return {sku: (received, left) for sku, received, left in Lot.objects.values_list("sku__code", "received_qty", "remaining_qty")}


def proved() -> bool:
    return [*reconcile(), *reconcile_lots()] == []


def _sell(shop: Shop, sku: str, qty: int) -> None:
    with clock.at(BACK + timedelta(days=1)):
        adjust(
            sku_id=shop.skus[sku].pk, warehouse_id=shop.warehouse.pk, bucket="available", delta_qty=-qty, reason="sold elsewhere",
            idempotency_key="sold",
        )  # fmt: skip


def test_d2_units_that_came_back_go_over_to_the_sku_of_the_new_link(shop: Shop) -> None:
    _come_back(shop)
    assert stock_of(shop) == (5, 0, 0)
    assert _link(shop, B=1) == Linked(lines=0, moved_returns=1)
    assert stock_of(shop) == (0, 5, 0)
    assert CustomerReturn.objects.get().sku == shop.skus["B"]
    assert (_receipts("A"), _receipts("B")) == ([(5, 0), (-5, 0)], [(5, 0)])
    assert _lots() == {"A": (0, 0), "B": (5, 5)}
    old, new = Lot.objects.order_by("id")
    assert (new.origin, new.received_on, new.grade, new.reference) == (old, old.received_on, "like_new", "return:dy-main:R1")
    moved = Movement.objects.filter(kind=MovementKind.CORRECT).order_by("sku__code")
    assert list(moved.values_list("sku__code", "from_bucket", "to_bucket", "qty", "occurred_at", "reference")) == [
        ("A", "available", None, 5, NOW, "return:dy-main:R1"),
        ("B", None, "available", 5, NOW, "return:dy-main:R1"),
    ]
    assert all(":v2:" in key for key in moved.values_list("key", flat=True))
    told = Event.objects.filter(kind="channels.listing_linked.v1").latest("id").payload
    assert (told["sku_ids"], told["moved_returns"]) == ([shop.skus["B"].pk], 1)
    assert StockDispute.objects.count() == 0
    assert proved()


def test_d2_a_repeated_link_and_a_repeated_return_change_nothing(shop: Shop) -> None:
    _come_back(shop)
    _link(shop, B=1)
    before = (Movement.objects.count(), LotReceipt.objects.count(), Lot.objects.count(), Event.objects.count())
    for _ in range(2):
        assert _link(shop, B=1, at=NOW + timedelta(days=1)) == Linked()
        assert ingest_returns(account=shop.account, returns=[returned()]).unchanged == 1
        assert link_by_code() == 0
        with transaction.atomic():
            assert move_returns(shop.account, Listing.objects.get(code="a-1").pk, 2) == 0
    assert (Movement.objects.count(), LotReceipt.objects.count(), Lot.objects.count()) == before[:3]
    assert stock_of(shop) == (0, 5, 0)


def test_d2_linked_back_and_forth_the_units_are_where_the_last_link_says(shop: Shop) -> None:
    _come_back(shop)
    for number, (sku, stock) in enumerate([("B", (0, 5, 0)), ("A", (5, 0, 0)), ("C", (0, 0, 5)), ("B", (0, 5, 0)), ("A", (5, 0, 0))]):
        assert link_to(shop, {sku: 1}, at=NOW + timedelta(hours=number)) == Linked(moved_returns=1)
        assert stock_of(shop) == stock
        assert proved()
    assert _lots() == {"A": (5, 5), "B": (0, 0), "C": (0, 0)}
    assert _receipts("A") == [(5, 0), (-5, 0), (5, 0), (-5, 0), (5, 0)]
    assert CustomerReturn.objects.get().sku == shop.skus["A"]
    assert len(set(Movement.objects.values_list("key", flat=True))) == Movement.objects.count() == 11


def test_d2_units_that_were_sold_by_then_are_disputed_and_made_up_for_when_it_is_linked_back(shop: Shop) -> None:
    _come_back(shop)
    _sell(shop, "A", 2)
    assert _link(shop, B=1).moved_returns == 1
    assert stock_of(shop) == (0, 5, 0)
    assert (_receipts("A"), _receipts("B")) == ([(5, 0), (-5, -2)], [(5, 0)])
    assert _lots() == {"A": (0, 0), "B": (5, 5)}
    disputes = StockDispute.objects.order_by("sku__code")
    note = "return:dy-main:R1: 2 units were no longer free when its listing was linked to something else."
    assert list(disputes.values_list("sku__code", "cause", "buckets", "note")) == [
        ("A", "unbacked", ["available"], note),
        ("B", "unbacked", ["available"], note),
    ]
    assert proved()
    # What comes in of A later is not taken for it: not by another link either.
    with clock.at(NOW + timedelta(hours=1)):
        adjust(
            sku_id=shop.skus["A"].pk, warehouse_id=shop.warehouse.pk, bucket="available", delta_qty=10, reason="found",
            idempotency_key="found",
        )  # fmt: skip
    assert _link(shop, C=1, at=NOW + timedelta(hours=2)).moved_returns == 1
    assert stock_of(shop) == (10, 0, 5)
    assert _link(shop, A=1, at=NOW + timedelta(hours=3)).moved_returns == 1
    assert stock_of(shop) == (13, 0, 0), "ten that were found, and five less the two that were sold"
    assert _receipts("A") == [(5, 0), (-5, -2), (5, 2)]
    assert _lots()["A"] == (5, 5)
    assert proved()
    # Nothing is missing any more.
    assert _link(shop, B=1, at=NOW + timedelta(hours=4)).moved_returns == 1
    assert stock_of(shop) == (8, 5, 0)
    assert proved()


def test_d2_units_that_all_left_are_made_up_for_without_a_movement(shop: Shop) -> None:
    _come_back(shop)
    _sell(shop, "A", 5)
    _link(shop, B=1)
    assert (stock_of(shop), _receipts("A")) == ((0, 5, 0), [(5, 0), (-5, -5)])
    _link(shop, A=1, at=NOW + timedelta(hours=1))
    assert (stock_of(shop), _receipts("A")) == ((0, 0, 0), [(5, 0), (-5, -5), (5, 5)])
    assert _lots() == {"A": (5, 0), "B": (0, 0)}
    assert Movement.objects.filter(sku=shop.skus["A"], kind=MovementKind.CORRECT).count() == 0
    assert proved()


def test_d2_where_back_orders_are_allowed_nothing_is_missing(shop: Shop) -> None:
    Warehouse.objects.update(allows_backorder=True)
    _come_back(shop)
    _sell(shop, "A", 2)
    _link(shop, B=1)
    assert (stock_of(shop), _receipts("A"), StockDispute.objects.count()) == ((-2, 5, 0), [(5, 0), (-5, 0)], 0)
    assert _lots() == {"A": (0, 0), "B": (5, 5)}
    assert proved()


def test_d2_damaged_units_stay_damaged(shop: Shop) -> None:
    _come_back(shop, grade="damaged")
    _link(shop, B=1)
    assert (stock_of(shop), stock_of(shop, "unsellable")) == ((0, 0, 0), (0, 5, 0))
    assert list(Lot.objects.order_by("id").values_list("grade", "received_qty")) == [("damaged", 0), ("damaged", 5)]
    assert proved()


def test_d2_a_set_moves_part_by_part(shop: Shop) -> None:
    """Parts that it shares with what was delivered before stay where they are."""
    _link(shop, A=2, B=1)
    _come_back(shop)
    assert stock_of(shop) == (10, 5, 0)
    assert _link(shop, A=2, C=1, at=NOW).moved_returns == 1
    assert (stock_of(shop), _receipts("A")) == ((10, 0, 5), [(10, 0)])
    assert Lot.objects.get(sku=shop.skus["C"]).origin == Lot.objects.get(sku=shop.skus["B"])
    assert _link(shop, A=1, C=3, at=NOW + timedelta(hours=1)).moved_returns == 1
    assert (stock_of(shop), _receipts("A"), _receipts("C")) == ((5, 0, 15), [(10, 0), (-5, 0)], [(5, 0), (10, 0)])
    # A set by its own SKU, and back to one part.
    shop.skus["SET"] = upsert_sku(SkuInput(code="SET", components=[Part(sku="B", qty=4), Part(sku="C", qty=1)]))
    assert _link(shop, SET=2, at=NOW + timedelta(hours=2)).moved_returns == 1
    assert (stock_of(shop), CustomerReturn.objects.get().sku) == ((0, 40, 10), shop.skus["SET"])
    assert _link(shop, A=1, at=NOW + timedelta(hours=3)).moved_returns == 1
    assert stock_of(shop) == (5, 0, 0)
    assert _lots() == {"A": (5, 5), "B": (0, 0), "C": (0, 0)}
    assert proved()


def test_d2_a_return_of_a_known_order_goes_over_with_its_order(shop: Shop, order: Callable[..., OrderRecord]) -> None:
    shop.stock("A", 10)
    shop.stock("B", 10)
    shipped = order(status="shipped", shipped_at=datetime(2026, 3, 11, tzinfo=UTC))
    with clock.at(BACK):
        ingest_orders(account=shop.account, orders=[shipped], source="api")
    _come_back(shop, order_external_id="1001", qty=2)
    assert stock_of(shop) == (9, 10, 0)
    assert _link(shop, B=1) == Linked(lines=1, moved_returns=1)
    assert stock_of(shop) == (10, 9, 0)
    assert _link(shop, A=1, at=NOW + timedelta(hours=1)) == Linked(lines=1, moved_returns=1)
    assert stock_of(shop) == (9, 10, 0)
    assert proved()


def test_d2_links_by_dates_move_what_was_ordered_on_their_days(shop: Shop) -> None:
    _come_back(shop)
    _come_back(shop, external_id="R2", returned_at=BACK - timedelta(days=2), qty=3)
    parts = [
        ComponentInput(shop.skus["A"].pk, valid_to=date(2026, 3, 11)),
        ComponentInput(shop.skus["B"].pk, valid_from=date(2026, 3, 12)),
    ]
    with clock.at(NOW):
        assert link_listing(listing=Listing.objects.get(code="a-1"), components=parts).moved_returns == 1
    assert stock_of(shop) == (3, 5, 0)
    assert proved()


def test_d2_a_link_that_is_taken_away_takes_the_units_back_until_there_is_another(shop: Shop) -> None:
    """In whatever way the other comes: by hand or by a code."""
    _come_back(shop)
    assert _link(shop).moved_returns == 1
    assert (stock_of(shop), CustomerReturn.objects.get().sku, _lots()) == ((0, 0, 0), None, {"A": (0, 0)})
    assert ingest_returns(account=shop.account, returns=[returned()]).unchanged == 1
    assert stock_of(shop) == (0, 0, 0)
    _link(shop, A=1, at=NOW + timedelta(hours=1))
    assert (stock_of(shop), _receipts("A")) == ((5, 0, 0), [(5, 0), (-5, 0), (5, 0)])
    _link(shop, at=NOW + timedelta(hours=2))
    ExternalCode.objects.create(account=shop.account, sku=shop.skus["C"], kind="sku", value="a-1")
    with clock.at(NOW + timedelta(hours=3)):
        assert (link_by_code(), link_by_code()) == (1, 0)
    assert (stock_of(shop), CustomerReturn.objects.get().sku) == ((0, 0, 5), shop.skus["C"])
    assert Lot.objects.get(sku=shop.skus["C"]).received_on == Lot.objects.get(sku=shop.skus["A"]).received_on
    assert proved()


def test_d2_a_return_from_before_the_ledger_brings_nothing_under_another_sku(shop: Shop) -> None:
    _come_back(shop, returned_at=LEDGER_START - timedelta(days=1), warehouse="CN1")
    assert _link(shop, B=1) == Linked()
    assert (stock_of(shop), Lot.objects.count(), CustomerReturn.objects.get().sku) == ((0, 0, 0), 0, shop.skus["B"])


def test_d2_returns_whose_names_begin_alike_are_not_taken_for_each_other(shop: Shop) -> None:
    """A reference holds 120 characters, a key 200."""
    shop.account.code = "s" * 60
    shop.account.save()
    long = "R" * 119
    _come_back(shop, external_id=f"{long}1", qty=1)
    _come_back(shop, external_id=f"{long}2", code="b-1", qty=3)
    assert stock_of(shop) == (1, 3, 0)
    assert _link(shop, C=1).moved_returns == 1
    assert stock_of(shop) == (0, 3, 1)
    assert proved()


def test_d2_where_the_platform_has_come_to_count_only_the_lots_move(shop: Shop) -> None:
    _come_back(shop)
    Warehouse.objects.update(authority="snapshot")
    movements = Movement.objects.count()
    assert _link(shop, B=1).moved_returns == 1
    assert (stock_of(shop), Movement.objects.count(), StockDispute.objects.count()) == ((5, 0, 0), movements, 0)
    assert dict(Lot.objects.values_list("sku__code", "received_qty")) == {"A": 0, "B": 5}


def test_d1_stock_and_lots_before_the_link_are_told_as_they_were(shop: Shop) -> None:
    _come_back(shop)
    _link(shop, B=1)
    _link(shop, A=1, at=NOW + timedelta(days=2))

    def held(at: datetime) -> tuple[tuple[int, ...], dict[str, tuple[int, int]]]:
        units = tuple(balance_as_of(sku_id=shop.skus[sku].pk, warehouse_id=shop.warehouse.pk, at=at) for sku in "AB")
        found = lots_as_of(Moment(at))
        names = dict(Sku.objects.values_list("pk", "code"))
        assert found.unknown_qty.tolist() == []
        rows = zip(found.sku_ids.tolist(), found.qty.tolist(), found.age_days.tolist(), strict=True)
        return units, {names[sku]: (qty, age) for sku, qty, age in rows}

    assert held(BACK - timedelta(hours=1)) == ((0, 0), {})
    assert held(NOW - timedelta(seconds=1)) == ((5, 0), {"A": (5, 8)})
    assert held(NOW) == ((0, 5), {"B": (5, 8)})
    assert held(NOW + timedelta(days=2)) == ((5, 0), {"A": (5, 10)})


def _cost(amount: str) -> list[UnitCost]:
    return [UnitCost(kind=CostKind.PURCHASE, unit_amount=Decimal(amount), currency="CNY", rate_on=date(2026, 3, 1))]


def test_u16_what_the_units_cost_goes_over_with_them(shop: Shop) -> None:
    """Also what becomes known later, on the way there and on the way back; never twice."""
    _come_back(shop)
    a = Lot.objects.get()
    add_costs(lot_id=a.pk, costs=_cost("10"), idempotency_key="price")
    _link(shop, B=1)
    b = Lot.objects.exclude(pk=a.pk).get()

    def worth() -> tuple[Decimal, int]:
        told = value_as_of(Moment(NOW + timedelta(days=30)), currency="CNY")
        return told.total.amount, told.valued_qty

    assert worth() == (Decimal(50), 5)
    add_costs(lot_id=a.pk, costs=_cost("1"), idempotency_key="late")
    add_costs(lot_id=b.pk, costs=_cost("2"), idempotency_key="of the new one")
    assert worth() == (Decimal(65), 5)
    _link(shop, A=1, at=NOW + timedelta(hours=1))
    assert worth() == (Decimal(65), 5)
    assert sorted(a.costs.values_list("unit_amount", flat=True)) == [1, 2, 10]
    _link(shop, B=1, at=NOW + timedelta(hours=2))
    assert worth() == (Decimal(65), 5)
    assert sorted(b.costs.values_list("unit_amount", flat=True)) == [1, 2, 10]


def test_u16_what_a_unit_cost_is_unknown_where_one_became_two(shop: Shop) -> None:
    _come_back(shop)
    add_costs(lot_id=Lot.objects.get().pk, costs=_cost("10"), idempotency_key="price")
    _link(shop, B=2)
    told = value_as_of(Moment(NOW + timedelta(days=1)), currency="CNY")
    assert (told.valued_qty, told.uncosted_qty) == (0, 10)
    assert Lot.objects.get(sku=shop.skus["B"]).origin is None


def test_u16_a_circle_of_lots_is_gone_round_once(shop: Shop) -> None:
    _come_back(shop)
    _link(shop, B=1)
    _link(shop, C=1, at=NOW + timedelta(hours=1))
    a, b, c = (Lot.objects.get(sku=shop.skus[sku]) for sku in "ABC")
    assert lots_made_of(a.pk) == [a.pk, b.pk, c.pk]
    Lot.objects.filter(pk=a.pk).update(origin=c)
    assert lots_made_of(b.pk) == [b.pk, c.pk, a.pk]


def test_u16_units_that_a_transfer_took_keep_their_age_and_what_is_taken_back_is_disputed(shop: Shop) -> None:
    Warehouse.objects.create(code="FAR", name="Far", ledger_starts_at=LEDGER_START)
    _come_back(shop)
    sent = TransferInput(
        code="TR-1", from_warehouse="CN1", to_warehouse="FAR", status="received", occurred_at=BACK + timedelta(days=1),
        lines=[TransferLineInput(sku="A", shipped_qty=3, received_qty=3)],
    )  # fmt: skip
    with clock.at(BACK + timedelta(days=1)):
        upsert_transfer(sent)
    assert _link(shop, B=1).moved_returns == 1
    assert (stock_of(shop), _receipts("A")) == ((0, 5, 0), [(5, 0), (3, 0), (-5, -3)])
    aged = ages(day=date(2026, 3, 20))
    assert (aged.qty.tolist(), aged.age_days.tolist(), aged.unknown_qty.tolist()) == ([0.0, 3.0, 5.0], [8.0, 8.0, 8.0], [])
    assert sorted(StockDispute.objects.values_list("sku__code", "warehouse__code")) == [("A", "CN1"), ("B", "CN1")]
    assert (Lot.objects.filter(remaining_qty__lt=0).count(), proved()) == (0, True)


def test_u16_units_are_taken_back_out_of_their_very_lot(shop: Shop) -> None:
    """Not out of what would leave first: the older return stays as old as it is."""
    _come_back(shop, external_id="OLD", code="other", returned_at=BACK - timedelta(days=5), qty=4)
    _link(shop, code="other", A=1, at=BACK)
    _come_back(shop)
    _come_back(shop, external_id="NEW", code="other", returned_at=BACK + timedelta(minutes=30), qty=2)
    _sell(shop, "A", 1)
    _link(shop, B=1)
    aged = ages([shop.skus["A"].pk], day=date(2026, 3, 20))
    by_code = dict(zip(aged.lot_ids.tolist(), aged.qty.tolist(), strict=True))
    held = {reference: by_code[pk] for pk, reference in Lot.objects.filter(sku=shop.skus["A"]).values_list("pk", "reference")}
    assert held == {"return:dy-main:OLD": 3, "return:dy-main:R1": 0, "return:dy-main:NEW": 2}
    assert (stock_of(shop), proved()) == ((5, 5, 0), True)


@pytest.mark.parametrize(("qty", "unbacked"), [(0, 0), (5, -1), (5, 6), (-5, 1), (-5, -6)])
def test_a_receipt_that_cannot_be_is_refused_by_the_database(shop: Shop, qty: int, unbacked: int) -> None:
    _come_back(shop)
    with pytest.raises(IntegrityError), transaction.atomic():
        LotReceipt.objects.create(lot=Lot.objects.get(), qty=qty, unbacked_qty=unbacked, occurred_at=NOW)
    assert _receipts("A") == [(5, 0)]
