"""The unified view and the imbalances on the wire."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.alerts.models import Alert, Side
from stockhub.catalog.models import Sku
from stockhub.inventory.models import Allocation, Balance
from tests.graphql.shop import NOW, Ask, Shop, World, stock_and_sell

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
OVERVIEW = """query($skus: [String!], $first: Int! = 50, $after: String) { stockOverview(skus: $skus, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor }
  edges { node { sku { code } isWhole asOf
    warehouses { warehouse pools buckets { bucket qty } availableQty reservedQty unsellableQty owedQty isObserved observedAt
      incoming { expectedOn qty source reference } oldestAge { value reason } dailyDemand { value reason } cover { value reason } }
    pools { pool warehouses accounts available { value } dailyDemand { value reason } cover { value reason } }
    accounts { account pools availableQty dailySales { value } sold30Qty { value reason } dataUntilAt }
    totals { availableQty reservedQty onHandQty incomingQty owedQty dailySales { value } cover { value reason }
      cover60 { value reason } cover90 { value reason } } } } } }"""
IMBALANCES = """query($skus: [String!], $minLevel: Int! = 1) { imbalances(skus: $skus, minLevel: $minLevel) { totalCount
  edges { node { sku pool donorPool level unitsToMove { value unit } available { value } dueOn donorCover { value reason }
    donorSpare { value } alert { kind { slug } } } } } }"""


def imbalance(world: World, shop: Shop, donor: Shop, *, cover: float | None = 300.0) -> Alert:
    return Alert.objects.create(
        kind="imbalance", subject=f"{world.sku.pk}:{shop.pool.pk}", sku=world.sku, pool=shop.pool, side=Side.SHORTAGE, level=2, value=210.0,
        unit="unit", suggested_qty=210, due_on=NOW.date(), opened_at=NOW, evaluated_at=NOW,
        inputs={
            "available": 20.0, "donor_pool": float(donor.pool.pk), "donor": donor.pool.code, "donor_spare": 2770.0,
            "donor_cover_days": cover,
        },
    )  # fmt: skip


def test_h4_one_sku_over_all_warehouses_pools_and_accounts(world: World, ask: Ask) -> None:
    Allocation.objects.create(
        reference="line:1", sku=world.sku, warehouse=world.mine.warehouse, wanted_qty=4, reserved_qty=3, ordered_at=NOW
    )
    [node] = [edge["node"] for edge in ask(world.me, OVERVIEW, {"skus": ["SKU-001"]}).data["stockOverview"]["edges"]]
    assert (node["sku"]["code"], node["isWhole"]) == ("SKU-001", False)
    [warehouse] = node["warehouses"]
    assert warehouse == {
        "warehouse": "mine-wh", "pools": ["mine-pool"], "availableQty": 50, "reservedQty": 3, "unsellableQty": 0, "owedQty": 3,
        "buckets": [{"bucket": "available", "qty": 50}, {"bucket": "reserved", "qty": 3}], "isObserved": False, "observedAt": None,
        "incoming": [], "oldestAge": {"value": "0", "reason": None}, "dailyDemand": warehouse["dailyDemand"], "cover": warehouse["cover"],
    }  # fmt: skip
    [pool] = node["pools"]
    assert (pool["pool"], pool["warehouses"], pool["accounts"], pool["available"]["value"]) == (
        "mine-pool",
        ["mine-wh"],
        ["mine-shop"],
        "50",
    )
    # One warehouse in one pool: the warehouse's cover is the pool's.
    assert (pool["dailyDemand"], pool["cover"]) == (warehouse["dailyDemand"], warehouse["cover"])
    [account] = node["accounts"]
    assert account == {
        "account": "mine-shop", "pools": ["mine-pool"], "availableQty": 50, "sold30Qty": {"value": "1", "reason": None},
        "dailySales": account["dailySales"], "dataUntilAt": "2025-06-18T04:00:00Z",
    }  # fmt: skip
    totals = node["totals"]
    assert (totals["availableQty"], totals["reservedQty"], totals["onHandQty"], totals["owedQty"]) == (50, 3, 53, 3)
    # The sales of days to come are not sales of the last thirty.
    assert totals["cover"] == {"value": "1500", "reason": None}
    assert totals["cover60"] == {"value": "3000", "reason": None}
    assert totals["cover90"] == {"value": None, "reason": "BEYOND_TEN_YEARS"}


def test_i4_each_user_sees_his_own_places_and_the_totals_of_those(world: World, ask: Ask) -> None:
    def places(user: object) -> tuple[list[str], list[str], int, bool]:
        [node] = [edge["node"] for edge in ask(user, OVERVIEW, {"skus": ["SKU-001"]}).data["stockOverview"]["edges"]]
        names = [each["warehouse"] for each in node["warehouses"]], [each["account"] for each in node["accounts"]]
        return *names, node["totals"]["availableQty"], node["isWhole"]

    assert places(world.me) == (["mine-wh"], ["mine-shop"], 50, False)
    assert places(world.other) == (["theirs-wh"], ["theirs-shop"], 50, False)
    assert places(world.root) == (["mine-wh", "theirs-wh"], ["mine-shop", "theirs-shop"], 100, True)


def test_a_page_takes_as_many_queries_for_twenty_skus_as_for_one(world: World, ask: Ask) -> None:
    def queries(first: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(ask(world.root, OVERVIEW, {"first": first}).data["stockOverview"]["edges"]) == first
        return len(captured)

    for number in range(20):
        sku = Sku.objects.create(code=f"T-{number:02}")
        stock_and_sell(sku, world.mine.account, world.mine.warehouse, world.mine.pool)
    queries(1)
    assert queries(1) == queries(20)


def test_pages_go_on_by_cursor_in_the_order_of_codes(world: World, ask: Ask) -> None:
    for code in ("B", "A", "C"):
        Sku.objects.create(code=code)
    first = ask(world.me, OVERVIEW, {"first": 2}).data["stockOverview"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (4, True)
    rest = ask(world.me, OVERVIEW, {"first": 5, "after": first["pageInfo"]["endCursor"]}).data["stockOverview"]
    codes = [edge["node"]["sku"]["code"] for page in (first, rest) for edge in page["edges"]]
    assert codes == ["A", "B", "C", "SKU-001"]
    assert ask(world.me, OVERVIEW, {"skus": []}).data["stockOverview"]["edges"] == []


def test_h4_imbalances_name_both_pools_and_what_could_move(world: World, ask: Ask) -> None:
    imbalance(world, world.mine, world.theirs)
    [node] = [edge["node"] for edge in ask(world.root, IMBALANCES).data["imbalances"]["edges"]]
    assert node == {
        "sku": "SKU-001", "pool": "mine-pool", "donorPool": "theirs-pool", "level": 2, "unitsToMove": {"value": "210", "unit": "unit"},
        "available": {"value": "20"}, "dueOn": "2025-06-18", "donorCover": {"value": "300", "reason": None},
        "donorSpare": {"value": "2770"},
        "alert": {"kind": {"slug": "imbalance"}},
    }  # fmt: skip
    assert ask(world.root, IMBALANCES, {"minLevel": 3}).data["imbalances"]["edges"] == []
    assert ask(world.root, IMBALANCES, {"skus": ["SET"]}).data["imbalances"]["totalCount"] == 0


def test_e13_stock_that_nobody_asks_for_has_no_number_of_days(world: World, ask: Ask) -> None:
    imbalance(world, world.mine, world.theirs, cover=None)
    [edge] = ask(world.root, IMBALANCES).data["imbalances"]["edges"]
    assert edge["node"]["donorCover"] == {"value": None, "reason": "NO_DEMAND"}


def test_e13_stock_that_hardly_anybody_asks_for_has_no_huge_number_of_days(world: World, ask: Ask) -> None:
    imbalance(world, world.mine, world.theirs, cover=2667239.9745)
    [edge] = ask(world.root, IMBALANCES).data["imbalances"]["edges"]
    assert edge["node"]["donorCover"] == {"value": None, "reason": "BEYOND_TEN_YEARS"}


def test_i4_an_imbalance_is_nobodys_who_does_not_see_both_pools(world: World, ask: Ask) -> None:
    alert = imbalance(world, world.mine, world.theirs)
    for user in (world.me, world.other):
        assert ask(user, IMBALANCES).data["imbalances"]["edges"] == []
    alert.inputs["donor_pool"] = float(world.mine.pool.pk)
    alert.save()
    assert ask(world.me, IMBALANCES).data["imbalances"]["totalCount"] == 1


def test_a_platforms_figures_are_dated_and_never_zeroed(world: World, ask: Ask) -> None:
    seen = NOW - dt.timedelta(days=9)
    type(world.mine.warehouse).objects.filter(pk=world.mine.warehouse.pk).update(authority="snapshot")
    Balance.objects.filter(pk=world.mine.balance.pk).update(observed_at=seen)
    [edge] = ask(world.me, OVERVIEW, {"skus": ["SKU-001"]}).data["stockOverview"]["edges"]
    [warehouse] = edge["node"]["warehouses"]
    assert (warehouse["availableQty"], warehouse["isObserved"], warehouse["observedAt"]) == (50, True, "2025-06-09T04:00:00Z")
