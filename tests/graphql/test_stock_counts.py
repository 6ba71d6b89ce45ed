"""Stock counts and disputes over the API."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from stockhub.catalog.models import Sku
from stockhub.core import clock
from stockhub.graphql.errors import ERROR_TYPES
from stockhub.inventory.models import Balance, Movement, StockDispute
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.inventory.services import Receipt, receive_lot, set_targets
from tests.graphql.shop import NOW, Ask, World
from tests.graphql.test_mutations import run
from tests.inventory.damage import target

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

COUNTED = """results { sku { code } bucket bookQty countedQty postedQty unpostedQty deviationPct }
    disputes { id sku { code } warehouse { code } cause buckets bookQty countedQty deviationPct countedAt }"""
DISPUTE = "stockDispute { id sku { code } cause note openedBy resolvedBy resolution }"
LISTED = """query ($skus: [String!], $onlyOpen: Boolean!) { stockDisputes(skus: $skus, onlyOpen: $onlyOpen) {
    edges { node { sku { code } warehouse { code } cause resolution } } } }"""


@pytest.fixture
def tea(world: World) -> Sku:
    """100 units of a SKU of its own in my warehouse, with 30 more that came in an hour later."""
    sku = Sku.objects.create(code="TEA")
    warehouse = world.mine.warehouse
    warehouse.ledger_starts_at = NOW - dt.timedelta(days=1)
    warehouse.save()
    for key, qty, hours in (("first", 100, -3), ("second", 30, -1)):
        receive_lot(
            Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=qty, idempotency_key=key, occurred_at=NOW + dt.timedelta(hours=hours))
        )
    return sku


def counting(qty: int, key: str, **more: object) -> dict[str, Any]:
    at = (NOW - dt.timedelta(hours=2)).isoformat()
    return {
        "warehouse": "mine-wh",
        "rows": [{"sku": "TEA", "bucket": "available", "qty": qty}],
        "countedAt": at,
        "reason": "march",
        "idempotencyKey": key,
        **more,
    }


def test_h6_a_count_of_the_past_is_taken_over_once_and_disputed(world: World, ask: Ask, tea: Sku) -> None:
    for _attempt in range(2):
        told = run(ask, world.me, "stockCountRecord", COUNTED, counting(92, "c"))
        assert told["errors"] == []
        assert told["results"] == [
            {
                "sku": {"code": "TEA"},
                "bucket": "available",
                "bookQty": 100,
                "countedQty": 92,
                "postedQty": -8,
                "unpostedQty": 0,
                "deviationPct": "-8",
            },
        ]
        [dispute] = told["disputes"]
        assert dispute.pop("id")
        assert dispute == {
            "sku": {"code": "TEA"}, "warehouse": {"code": "mine-wh"}, "cause": "COUNT", "buckets": ["available"], "bookQty": 100,
            "countedQty": 92, "deviationPct": "-8", "countedAt": "2025-06-18T02:00:00Z",
        }  # fmt: skip
    assert Balance.objects.get(sku=tea).qty == 122
    assert list(Movement.objects.filter(sku=tea, kind="count").values_list("qty", "reason", "actor")) == [(8, "march", "me")]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"rows": []}, "invalid_rows", ["input", "rows"]),
        ({"rows": [{"sku": "TEA", "qty": 1}, {"sku": "TEA", "qty": 2}]}, "invalid_rows", ["input", "rows", "1"]),
        ({"rows": [{"sku": "NONE", "qty": 1}]}, "not_found", ["input", "rows", "0"]),
        ({"rows": [{"sku": "TEA", "qty": -1}]}, "invalid_quantity", ["input", "rows", "0", "qty"]),
        ({"rows": [{"sku": "TEA", "bucket": "in_transit", "qty": 1}]}, "bucket_not_countable", ["input", "rows", "0", "bucket"]),
        ({"rows": [{"sku": "TEA", "bucket": "reserved", "qty": 1}]}, "bucket_not_countable", ["input", "rows", "0", "bucket"]),
        (
            {"rows": [{"sku": "TEA", "qty": 1}, {"sku": "TEA", "bucket": "available", "qty": 1}]},
            "counted_twice",
            ["input", "rows", "1"],
        ),
        ({"warehouse": "theirs-wh"}, "not_found", ["input", "warehouse"]),
        ({"countedAt": "2025-01-01T00:00:00Z"}, "before_ledger", ["input", "countedAt"]),
    ],
)
def test_a_count_that_cannot_be_is_refused_whole(
    world: World, ask: Ask, tea: Sku, change: dict[str, Any], code: str, path: list[str] | None
) -> None:
    told = run(ask, world.me, "stockCountRecord", COUNTED, counting(92, "c", **change))
    assert (told["results"], told["disputes"]) == ([], [])
    [error] = told["errors"]
    assert error["code"] == code
    assert path is None or error["path"] == path
    assert error["__typename"] in {kind.__name__ for kind in ERROR_TYPES}
    assert Balance.objects.get(sku=tea).qty == 130
    assert not StockDispute.objects.filter(sku=tea).exists()


def test_h6_a_shelf_is_counted_with_the_units_that_orders_hold(world: World, ask: Ask, tea: Sku) -> None:
    warehouse = world.mine.warehouse
    at = NOW - dt.timedelta(hours=3)
    with clock.at(NOW):
        [held] = set_targets([replace(target(tea, warehouse, "line:tea", wanted=95, ship=0), ordered_at=at, occurred_at=at)])
    assert held.reserved_qty == 95
    rows = [{"sku": "TEA", "qty": 98}]
    told = run(ask, world.me, "stockCountRecord", COUNTED, counting(0, "c", rows=rows))
    assert (told["errors"], told["disputes"]) == ([], [])
    assert told["results"] == [
        {"sku": {"code": "TEA"}, "bucket": None, "bookQty": 100, "countedQty": 98, "postedQty": -2, "unpostedQty": 0, "deviationPct": "-2"}
    ]
    balances = dict(Balance.objects.filter(sku=tea).values_list("bucket_id", "qty"))
    assert balances == {"available": 33, "reserved": 95}


def test_where_the_platform_counts_the_warehouse_is_named_as_it_was_given(world: World, ask: Ask, tea: Sku) -> None:
    world.mine.warehouse.authority = "snapshot"
    world.mine.warehouse.save()
    told = run(ask, world.me, "stockCountRecord", COUNTED, counting(92, "c"))
    assert [(error["code"], error["path"]) for error in told["errors"]] == [("warehouse_is_observed", ["input", "warehouse"])]


def test_h6_a_dispute_is_opened_seen_and_settled(world: World, ask: Ask, tea: Sku) -> None:
    given = {"sku": "TEA", "warehouse": "mine-wh", "note": "shelf is empty", "idempotencyKey": "d"}
    opened = run(ask, world.me, "stockDisputeOpen", DISPUTE, given)["stockDispute"]
    dispute_id = opened.pop("id")
    assert opened == {
        "sku": {"code": "TEA"},
        "cause": "OPERATOR",
        "note": "shelf is empty",
        "openedBy": "me",
        "resolvedBy": "",
        "resolution": "",
    }
    assert run(ask, world.me, "stockDisputeOpen", DISPUTE, given)["stockDispute"]["id"] == dispute_id

    def listed(only_open: bool) -> list[str]:  # noqa: FBT001
        edges = ask(world.me, LISTED, {"skus": ["TEA"], "onlyOpen": only_open}).data["stockDisputes"]["edges"]
        return [edge["node"]["resolution"] for edge in edges]

    found = ask(world.me, '{ stockDispute(sku: "TEA", warehouse: "mine-wh") { note } }').data["stockDispute"]
    assert (found, listed(only_open=True)) == ({"note": "shelf is empty"}, [""])
    refused = run(ask, world.other, "stockDisputeResolve", DISPUTE, {"id": dispute_id, "resolution": "x"})
    assert (refused["stockDispute"], [error["code"] for error in refused["errors"]]) == (None, ["not_found"])
    settled = run(ask, world.me, "stockDisputeResolve", DISPUTE, {"id": dispute_id, "resolution": "found"})["stockDispute"]
    assert (settled["resolution"], settled["resolvedBy"]) == ("found", "me")
    assert (listed(only_open=True), listed(only_open=False)) == ([], ["found"])
    again = run(ask, world.me, "stockDisputeResolve", DISPUTE, {"id": dispute_id, "resolution": "found"})
    assert [error["code"] for error in again["errors"]] == ["dispute_resolved"]


def test_i4_disputes_of_another_shop_are_not_there(world: World, ask: Ask, tea: Sku) -> None:
    shown = ask(world.me, LISTED, {"skus": None, "onlyOpen": True}).data["stockDisputes"]["edges"]
    assert {edge["node"]["warehouse"]["code"] for edge in shown} == {"mine-wh"}
    for name, given in (
        ("stockDisputeOpen", {"sku": "TEA", "warehouse": "theirs-wh", "note": "x", "idempotencyKey": "d"}),
        ("stockCountRecord", counting(1, "c", warehouse="theirs-wh")),
    ):
        told = run(ask, world.me, name, "__typename", given)
        assert [error["code"] for error in told["errors"]] == ["not_found"]
    assert StockDispute.objects.count() == 2
    with clock.at(NOW):
        assert [found.text for found in reconcile() if "TEA" in found.text] == []
