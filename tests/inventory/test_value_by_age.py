"""What stock has cost, at any moment and by its age (U16): to the cent, and unknown where it is unknown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockhub.catalog.exchange_rates import exact_rates_on, rate_on, record_rates
from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import actor, clock
from stockhub.formulas.health.ageing import AGE_BUCKETS
from stockhub.inventory.history.moments import Moment
from stockhub.inventory.lots.worth import LotWorth, by_age, unit_costs, value_as_of
from stockhub.inventory.models import CostKind, Lot, LotCost, MovementKey, MovementKind
from stockhub.inventory.posting.ledger import Posting, post
from stockhub.inventory.services import Receipt, UnitCost, add_costs, receive_lot
from stockhub.outbox.models import Event
from stockhub.values import Money
from stockhub.values.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

T = datetime(2025, 1, 1, tzinfo=UTC)


def day(number: float) -> datetime:
    return T + timedelta(days=number)


def cny(amount: str) -> Money:
    return Money(Decimal(amount), "CNY")


def price(amount: str, currency: str = "CNY", *, kind: CostKind = CostKind.PURCHASE, on: date | None = None) -> UnitCost:
    return UnitCost(kind=kind, unit_amount=Decimal(amount), currency=currency, rate_on=on)


def received(sku: Sku, warehouse: Warehouse, code: str, qty: int, at: float, *costs: UnitCost) -> Lot:
    with clock.at(day(at)):
        receive_lot(Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=qty, idempotency_key=code, occurred_at=day(at), costs=costs))
    return Lot.objects.get(code=code)


def sold(sku: Sku, warehouse: Warehouse, qty: int, at: float) -> None:
    with clock.at(day(at)):
        post(
            [
                Posting(
                    sku_id=sku.pk, warehouse_id=warehouse.pk, from_bucket="available", to_bucket=None, qty=qty, kind=MovementKind.SHIP,
                    key=f"s{at}", occurred_at=day(at),
                )
            ]
        )  # fmt: skip


def test_each_part_of_a_cost_is_converted_at_its_own_day(sku: Sku, warehouse: Warehouse) -> None:
    record_rates([(date(2025, 1, 1), "USD", "CNY", "7.1"), (date(2025, 2, 1), "USD", "CNY", "7.3"), (date(2025, 1, 1), "CNY", "JPY", "20")])
    freight = price("0.1", "USD", kind=CostKind.FREIGHT, on=date(2025, 2, 1))
    lot = received(sku, warehouse, "A", 3, 5, price("2.50", "USD", on=date(2025, 1, 31)), freight, price("10", "JPY", kind=CostKind.DUTY))
    assert unit_costs([lot.pk], "CNY") == {lot.pk: cny("18.98")}  # 17.75 + 0.73 + 0.50
    worth = value_as_of(Moment(day(6)))
    assert [(row.lot_id, row.age_days, row.qty, row.unit_cost, row.value) for row in worth.lots] == [
        (lot.pk, 1, 3, cny("18.98"), cny("56.94"))
    ]
    assert (worth.total, worth.valued_qty, worth.uncosted_qty, worth.without_lot_qty) == (cny("56.94"), 3, 0, 0)
    # Dollars: what is in dollars as it is, the yen by no known rate.
    assert unit_costs([lot.pk], "USD") == {}


def test_a_late_invoice_counts_for_the_past_but_was_not_known_then(sku: Sku, warehouse: Warehouse) -> None:
    lot = received(sku, warehouse, "A", 10, 1, price("8"))
    with clock.at(day(40)):
        [row] = add_costs(lot_id=lot.pk, costs=[price("0.333333", kind=CostKind.FREIGHT)], idempotency_key="invoice-1")
    assert (row.rate_on, row.recorded_at) == (date(2025, 1, 2), day(40))
    told = {known: value_as_of(Moment(day(2), known)).total for known in (None, day(2), day(39), day(40))}
    assert told == {None: cny("83.33"), day(2): cny("80.00"), day(39): cny("80.00"), day(40): cny("83.33")}


def test_stock_without_lot_or_cost_is_unknown_never_0(sku: Sku, warehouse: Warehouse) -> None:
    priced = received(sku, warehouse, "A", 10, 1, price("8"))
    received(sku, warehouse, "B", 4, 2)
    received(sku, warehouse, "C", 3, 3, price("2", kind=CostKind.FREIGHT))
    received(sku, warehouse, "D", 2, 4, price("2", "EUR"))
    gift = received(sku, warehouse, "E", 1, 5, price("0"))
    with clock.at(day(6)):
        post(
            [
                Posting(
                    sku_id=sku.pk, warehouse_id=warehouse.pk, from_bucket=None, to_bucket="available", qty=5, kind=MovementKind.ADJUST,
                    key="found", occurred_at=day(6),
                )
            ]
        )  # fmt: skip
    worth = value_as_of(Moment(day(7)))
    assert {row.lot_id: row.value for row in worth.lots if row.value is not None} == {priced.pk: cny("80.00"), gift.pk: cny("0.00")}
    assert (worth.total, worth.valued_qty, worth.uncosted_qty) == (cny("80.00"), 11, 9)
    assert worth.without_lot == ((sku.pk, warehouse.pk, 5),)
    buckets = by_age(worth.lots, worth.currency)
    assert [(bucket.name, bucket.value, bucket.valued_qty, bucket.uncosted_qty) for bucket in buckets if bucket.valued_qty] == [
        ("0-30", cny("80.00"), 11, 9)
    ]


def test_u16_stock_age_is_told_in_value(sku: Sku, warehouse: Warehouse) -> None:
    received(sku, warehouse, "old", 50, 1, price("3.333333"))
    received(sku, warehouse, "middle", 30, 120, price("4"))
    received(sku, warehouse, "new", 20, 200, price("5.005"))
    sold(sku, warehouse, 45, 205)
    worth = value_as_of(Moment(day(210)))
    assert {bucket.name: bucket.value for bucket in by_age(worth.lots, "CNY") if bucket.valued_qty} == {
        "0-30": cny("100.10"), "61-90": cny("120.00"), "181-270": cny("16.67"),
    }  # fmt: skip
    assert worth.total == cny("236.77")
    # A day before the last lot came and before anything was sold.
    before = value_as_of(Moment(day(199)))
    assert {bucket.name: bucket.value for bucket in by_age(before.lots, "CNY") if bucket.valued_qty} == {
        "61-90": cny("120.00"), "181-270": cny("166.67"),
    }  # fmt: skip


@given(
    st.lists(st.tuples(st.integers(0, 500), st.integers(1, 1000), st.one_of(st.none(), st.decimals("0", "9999", places=6))), max_size=20)
)
def test_the_buckets_add_up_to_the_lots_to_the_cent(rows: list[tuple[int, int, Decimal | None]]) -> None:
    from stockhub.formulas.health.lot_values import lot_values

    values = iter(lot_values([qty for _a, qty, cost in rows if cost is not None], [Money(c, "CNY") for _a, _q, c in rows if c is not None]))
    lots = [
        LotWorth(place, 1, 1, age, qty, None if cost is None else Money(cost, "CNY"), None if cost is None else next(values))
        for place, (age, qty, cost) in enumerate(rows)
    ]
    buckets = by_age(lots, "CNY")
    assert [bucket.name for bucket in buckets] == list(AGE_BUCKETS)
    exact = sum((cost * qty for _age, qty, cost in rows if cost is not None), Decimal(0))
    assert Money.total([bucket.value for bucket in buckets], "CNY") == Money(exact, "CNY").rounded()
    assert sum(bucket.valued_qty + bucket.uncosted_qty for bucket in buckets) == sum(qty for _age, qty, _cost in rows)


def test_exact_rates_are_those_of_one_day_each() -> None:
    record_rates(
        [(date(2025, 1, 1), "USD", "CNY", "7.1"), (date(2025, 1, 3), "CNY", "USD", "0.125"), (date(2025, 1, 3), "USD", "CNY", "7.2")]
    )
    days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 1, 2), date(2025, 1, 3), date(2025, 6, 1)]
    for source, target in (("USD", "CNY"), ("CNY", "USD"), ("CNY", "CNY"), ("EUR", "CNY"), ("", "CNY")):
        each = {(day, source): rate for day in days if (rate := rate_on(day, source, target)) is not None}
        assert exact_rates_on([(day, source) for day in days], target) == each


def refused(lot: Lot, *costs: UnitCost, key: str = "k") -> str:
    before = (LotCost.objects.count(), MovementKey.objects.count(), Event.objects.count())
    with pytest.raises(DomainError) as error:
        add_costs(lot_id=lot.pk, costs=costs, idempotency_key=key)
    assert (LotCost.objects.count(), MovementKey.objects.count(), Event.objects.count()) == before
    return error.value.code


def test_h82_a_late_invoice_twice_is_one(sku: Sku, warehouse: Warehouse) -> None:
    lot = received(sku, warehouse, "A", 10, 1, price("8"))
    late = price("1.50", kind=CostKind.DUTY)
    assert len(add_costs(lot_id=lot.pk, costs=[late], idempotency_key="k")) == 1
    assert add_costs(lot_id=lot.pk, costs=[price("1.5", kind=CostKind.DUTY)], idempotency_key="k") == []
    assert refused(lot, price("1.6", kind=CostKind.DUTY)) == "idempotency_key_reused"
    assert list(LotCost.objects.order_by("id").values_list("kind", "unit_amount")) == [("purchase", Decimal(8)), ("duty", Decimal("1.5"))]
    [event] = Event.objects.filter(kind="inventory.lot_costs_added.v1")
    assert (event.entity_id, event.payload["costs"]) == (lot.pk, [["duty", "1.50", "CNY", "2025-01-02"]])


def test_a_credit_note_is_a_cost_below_zero(sku: Sku, warehouse: Warehouse) -> None:
    lot = received(sku, warehouse, "A", 10, 1, price("8"))
    add_costs(lot_id=lot.pk, costs=[price("-0.5")], idempotency_key="credit")
    assert value_as_of(Moment(day(2))).total == cny("75.00")


def test_a_credit_takes_back_no_more_than_was_charged_in_its_currency(sku: Sku, warehouse: Warehouse) -> None:
    lot = received(sku, warehouse, "A", 10, 1, price("8"), price("1", "USD", kind=CostKind.FREIGHT))
    assert refused(lot, price("-8.000001")) == "negative_cost"
    assert refused(lot, price("-1.5", "USD")) == "negative_cost"
    assert refused(lot, price("-0.5", "EUR")) == "negative_cost"
    assert refused(lot, price("2"), price("-9"), price("-1.1")) == "negative_cost"
    add_costs(lot_id=lot.pk, costs=[price("2"), price("-10")], idempotency_key="whole")
    assert sum(LotCost.objects.filter(currency="CNY").values_list("unit_amount", flat=True)) == 0
    with pytest.raises(DomainError) as error:
        add_costs(lot_id=lot.pk, costs=[price("1", "USD"), price("-0.01")], idempotency_key="more")
    assert (error.value.path, error.value.params) == (("costs", "1", "unit_amount"), {"currency": "CNY", "amount": "-0.01"})


@pytest.mark.parametrize("amount", ["0", "NaN", "Infinity", "0.0000001", "1e13"])
def test_an_amount_that_is_none_is_refused(sku: Sku, warehouse: Warehouse, amount: str) -> None:
    assert refused(received(sku, warehouse, "A", 10, 1), price(amount)) == "invalid_amount"


def test_a_cost_needs_a_currency_a_lot_and_a_permission(sku: Sku, warehouse: Warehouse) -> None:
    lot = received(sku, warehouse, "A", 10, 1)
    assert refused(lot, price("1", "yuan")) == "invalid_currency"
    assert refused(lot) == "required"
    assert refused(Lot(pk=lot.pk + 999), price("1")) == "not_found"
    with actor.acting_as(actor.Actor("anonymous")):
        assert refused(lot, price("1")) == "not_allowed"
