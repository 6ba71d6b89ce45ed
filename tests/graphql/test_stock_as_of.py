"""Past stock, lots, values by age, and late invoices, asked for and told through the API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from stockhub.catalog.exchange_rates import record_rates
from stockhub.core import clock
from stockhub.inventory.models import CostKind, Lot, LotCost, MovementKind
from stockhub.inventory.posting.ledger import Posting, post
from stockhub.inventory.services import Receipt, UnitCost, receive_lot
from tests.graphql.shop import NOW, Answer, Ask, World

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def before(days: float) -> dt.datetime:
    return NOW - dt.timedelta(days=days)


def text(instant: dt.datetime) -> str:
    return instant.isoformat()


@pytest.fixture
def cups(world: World) -> World:
    """Cups in the own warehouse: 40 at 8 CNY a hundred days ago, 10 at 2 USD ten days ago, 15 sold since; and the others' cups."""
    record_rates([(dt.date(2025, 1, 1), "USD", "CNY", "7.25")])
    cup = type(world.sku).objects.create(code="CUP", name="Cup")
    for shop, old in ((world.mine, 40), (world.theirs, 4000)):
        shop.warehouse.ledger_starts_at = before(200)
        shop.warehouse.save()
        for code, qty, days, amount, currency in (("L1", old, 100, "8", "CNY"), ("L2", 10, 10, "2", "USD")):
            cost = UnitCost(kind=CostKind.PURCHASE, unit_amount=Decimal(amount), currency=currency)
            with clock.at(before(days)):
                key = f"{shop.warehouse.code}-{code}"
                receive_lot(
                    Receipt(
                        sku_id=cup.pk, warehouse_id=shop.warehouse.pk, qty=qty, idempotency_key=key, lot_code=code,
                        occurred_at=before(days), costs=(cost,),
                    )
                )  # fmt: skip
    with clock.at(before(5)):
        sale = Posting(
            sku_id=cup.pk, warehouse_id=world.mine.warehouse.pk, from_bucket="available", to_bucket=None, qty=15, kind=MovementKind.SHIP,
            key="sale", occurred_at=before(7),
        )  # fmt: skip
        post([sale])
    return world


STOCK = """query ($skus: [String!]!, $warehouse: String, $at: DateTime, $recordedAt: DateTime) {
    stockAsOf(skus: $skus, warehouse: $warehouse, at: $at, recordedAt: $recordedAt) {
        at recordedAt levels { sku warehouse bucket qty } } }"""
LOTS = """query ($at: DateTime, $currency: String) { lotsAsOf(skus: ["CUP"], at: $at, currency: $currency) {
    lots { sku warehouse code receivedOn ageDays qty unitCost { amount currency } valueAmount { amount } }
    withoutLot { sku qty } totalAmount { amount currency } } }"""
BY_AGE = """query ($at: DateTime) { stockValueByAge(skus: ["CUP", "SKU-001"], at: $at) {
    buckets { days valueAmount { amount } valuedQty uncostedQty }
    skus { sku totalAmount { amount } withoutLotQty buckets { days valuedQty uncostedQty } }
    totalAmount { amount currency } withoutLotQty } }"""
LATE = """mutation ($input: LotCostsRecordInput!) { lotCostsRecord(input: $input) { wasRecordedBefore errors { code path }
    lot { code costs { kind unitAmount { amount currency } rateOn } landedUnitCost { amount currency } } } }"""


def late(**changed: object) -> dict[str, Any]:
    cost = {"kind": "FREIGHT", "unitAmount": "0.10", "currency": "USD", "rateOn": "2025-06-01"}
    given = {"sku": "CUP", "warehouse": "mine-wh", "lot": "L1", "costs": [cost], "idempotencyKey": "invoice"}
    return {"input": given | changed}


def refused(answer: Answer) -> tuple[str, str, list[str]]:
    """The code of the one error, and by name what is wrong with which argument."""
    (error,) = answer.body["errors"]
    assert answer.body["data"] is None
    told = error["extensions"]
    return told["code"], told["reason"], told["argument"]


ASKED = [
    "stockAsOf(skus: $skus, warehouse: $warehouse) { at }",
    "lotsAsOf(skus: $skus, warehouse: $warehouse) { at }",
    "stockValueByAge(skus: $skus, warehouse: $warehouse) { at }",
    "movements(skus: $skus, warehouse: $warehouse) { totalCount }",
    "balances(skus: $skus, warehouse: $warehouse) { totalCount }",
    "lots(skus: $skus, warehouse: $warehouse) { totalCount }",
    "presalePositions(skus: $skus, warehouse: $warehouse) { sku }",
]


@pytest.mark.parametrize("field", ASKED)
def test_i4_what_nobody_has_or_not_for_this_user_is_refused_by_name_and_never_no_stock(cups: World, ask: Ask, field: str) -> None:
    query = f"query ($skus: [String!]!, $warehouse: String) {{ {field} }}"
    assert "errors" not in ask(cups.me, query, {"skus": ["CUP", "SKU-001"], "warehouse": "mine-wh"}).body
    unknown = ask(cups.me, query, {"skus": ["CUP", "none"]})
    assert refused(unknown) == ("BAD_USER_INPUT", "unknown_sku", ["skus"])
    assert unknown.body["errors"][0]["message"] == "There is no SKU with the code none. Check its spelling."
    for code in ("theirs-wh", "none"):
        answer = ask(cups.me, query, {"skus": ["CUP"], "warehouse": code})
        assert refused(answer) == ("BAD_USER_INPUT", "unknown_warehouse", ["warehouse"])
        assert answer.body["errors"][0]["message"] == f"There is no warehouse with the code {code}, or you may not see it."


def test_d1_stock_of_any_moment_as_it_was_and_as_it_was_known(cups: World, ask: Ask) -> None:
    def qty(at: dt.datetime, recorded_at: dt.datetime | None = None) -> int:
        known = None if recorded_at is None else text(recorded_at)
        data = ask(cups.me, STOCK, {"skus": ["CUP"], "at": text(at), "recordedAt": known}).data["stockAsOf"]
        levels = data["levels"]
        assert {(level["warehouse"], level["bucket"]) for level in levels} <= {("mine-wh", "available")}
        return sum(level["qty"] for level in levels)

    assert [qty(before(days)) for days in (101, 100, 50, 10, 7, 0)] == [0, 40, 40, 50, 35, 35]
    assert qty(before(6), before(6)) == 50


def test_stock_of_now_in_all_warehouses_that_the_user_sees(cups: World, ask: Ask) -> None:
    asked = {"skus": ["CUP", "SKU-001"]}
    mine = [level["warehouse"] for level in ask(cups.me, STOCK, asked).data["stockAsOf"]["levels"]]
    assert set(mine) == {"mine-wh"}
    root = ask(cups.root, STOCK, asked | {"warehouse": "theirs-wh"}).data["stockAsOf"]["levels"]
    assert {(level["sku"], level["warehouse"]) for level in root} == {("CUP", "theirs-wh"), ("SKU-001", "theirs-wh")}
    assert ask(cups.me, STOCK, {"skus": ["x"] * 1001}).codes == ["BAD_USER_INPUT"]


def test_lots_of_a_moment_with_age_cost_and_value(cups: World, ask: Ask) -> None:
    now = ask(cups.me, LOTS).data["lotsAsOf"]
    assert now["lots"] == [
        {
            "sku": "CUP", "warehouse": "mine-wh", "code": "L1", "receivedOn": "2025-03-10", "ageDays": 100, "qty": 25,
            "unitCost": {"amount": "8", "currency": "CNY"}, "valueAmount": {"amount": "200"},
        },
        {
            "sku": "CUP", "warehouse": "mine-wh", "code": "L2", "receivedOn": "2025-06-08", "ageDays": 10, "qty": 10,
            "unitCost": {"amount": "14.5", "currency": "CNY"}, "valueAmount": {"amount": "145"},
        },
    ]  # fmt: skip
    assert (now["withoutLot"], now["totalAmount"]) == ([], {"amount": "345", "currency": "CNY"})
    then = ask(cups.me, LOTS, {"at": text(before(20)), "currency": "USD"}).data["lotsAsOf"]
    assert [(lot["code"], lot["ageDays"], lot["qty"], lot["valueAmount"]) for lot in then["lots"]] == [("L1", 80, 40, {"amount": "44.14"})]
    for currency in ("yuan", "XXQ"):
        assert refused(ask(cups.me, LOTS, {"currency": currency})) == ("BAD_USER_INPUT", "unknown_currency", ["currency"])


def test_u16_value_by_age_in_all_and_by_sku(cups: World, ask: Ask) -> None:
    told = ask(cups.me, BY_AGE).data["stockValueByAge"]
    assert [bucket["days"] for bucket in told["buckets"]] == [
        "0-30", "31-60", "61-90", "91-180", "181-270", "271-365", "366-455", "456+",
    ]  # fmt: skip
    assert {b["days"]: b["valueAmount"]["amount"] for b in told["buckets"] if b["valuedQty"]} == {"0-30": "145", "91-180": "200"}
    assert (told["totalAmount"], told["withoutLotQty"]) == ({"amount": "345", "currency": "CNY"}, 0)
    assert [(sku["sku"], sku["totalAmount"]["amount"]) for sku in told["skus"]] == [("CUP", "345"), ("SKU-001", "0")]
    # What has a lot and no cost is told in units, beside the value.
    unknown = {b["days"]: b["uncostedQty"] for b in told["skus"][1]["buckets"] if b["uncostedQty"]}
    assert unknown == {"0-30": 53}


def test_h82_a_late_invoice_is_added_once(cups: World, ask: Ask) -> None:
    added = ask(cups.me, LATE, late()).data["lotCostsRecord"]
    assert added == {
        "wasRecordedBefore": False,
        "errors": [],
        "lot": {
            "code": "L1",
            "costs": [
                {"kind": "PURCHASE", "unitAmount": {"amount": "8", "currency": "CNY"}, "rateOn": "2025-03-10"},
                {"kind": "FREIGHT", "unitAmount": {"amount": "0.1", "currency": "USD"}, "rateOn": "2025-06-01"},
            ],
            "landedUnitCost": {"amount": "8.725", "currency": "CNY"},
        },
    }
    again = ask(cups.me, LATE, late()).data["lotCostsRecord"]
    assert (again["wasRecordedBefore"], again["errors"], again["lot"]) == (True, [], added["lot"])
    other = ask(cups.me, LATE, late(lot="L2")).data["lotCostsRecord"]
    assert (other["lot"], other["errors"]) == (None, [{"code": "idempotency_key_reused", "path": ["input", "idempotencyKey"]}])
    assert LotCost.objects.filter(lot__sku__code="CUP").count() == 5
    assert ask(cups.me, LOTS).data["lotsAsOf"]["totalAmount"]["amount"] == "363.13"  # 345 + 25 × 0.725


@pytest.mark.parametrize(
    ("changed", "code", "path"),
    [
        ({"lot": "none"}, "not_found", ["input", "lot"]),
        ({"warehouse": "theirs-wh"}, "not_found", ["input", "warehouse"]),
        ({"sku": "none"}, "not_found", ["input", "sku"]),
        ({"costs": []}, "required", ["input", "costs"]),
    ],
)
def test_a_late_invoice_that_cannot_be_is_refused(cups: World, ask: Ask, changed: dict[str, Any], code: str, path: list[str]) -> None:
    count = LotCost.objects.count()
    assert ask(cups.me, LATE, late(**changed)).data["lotCostsRecord"]["errors"] == [{"code": code, "path": path}]
    assert LotCost.objects.count() == count


def test_a_page_of_lots_reads_costs_and_rates_once(cups: World, ask: Ask, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    query = """{ lots(skus: ["CUP"]) { edges { node { code landedUnitCost { amount } costs { kind } warehouse { code } } } } }"""
    ask(cups.me, "{ me { username } }")
    Lot.objects.filter(sku__code="CUP").update(remaining_qty=1)
    with django_assert_max_num_queries(12) as queries:
        edges = ask(cups.me, query).data["lots"]["edges"]
    assert [(e["node"]["code"], e["node"]["landedUnitCost"]) for e in edges] == [("L1", {"amount": "8"}), ("L2", {"amount": "14.5"})]
    assert len([q for q in queries if "inventory_lotcost" in q["sql"]]) == 1
    assert len([q for q in queries if "catalog_exchangerate" in q["sql"]]) == 1


def test_movements_are_found_by_kind_bucket_and_time(cups: World, ask: Ask) -> None:
    query = """query ($matching: MovementFilter) { movements(skus: ["CUP"], matching: $matching) { edges { node { kind qty } } } }"""

    def found(**given: object) -> list[tuple[str, int]]:
        return [(e["node"]["kind"], e["node"]["qty"]) for e in ask(cups.me, query, {"matching": given}).data["movements"]["edges"]]

    everything = [("SHIP", 15), ("RECEIVE", 10), ("RECEIVE", 40)]
    assert found() == everything
    assert found(kinds=["SHIP"]) == everything[:1]
    assert found(kinds=["SHIP", "RECEIVE"], bucket="available") == everything
    assert found(bucket="reserved") == []
    assert refused(ask(cups.me, query, {"matching": {"bucket": "shelf"}})) == ("BAD_USER_INPUT", "unknown_bucket", ["bucket"])
    assert found(occurredFrom=text(before(10)), occurredBefore=text(before(7))) == everything[1:2]
    assert found(occurredFrom=text(before(7))) == everything[:1]
