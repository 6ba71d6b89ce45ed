"""Lines, overrides and adjustments over the API."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from stockhub.catalog.models import StockPolicy
from stockhub.catalog.override_models import StockOverride, ThresholdAdjustment
from stockhub.outbox.models import Event
from tests.graphql.shop import NOW, Ask, World
from tests.graphql.test_mutations import run

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
OVERRIDE = "stockOverride { id sku { code } pool { code } line qty factor untilAt reason setBy isActive endedBy endReason }"
LINES = """query ($sku: String!, $pool: String!) { stockLines(sku: $sku, pool: $pool) {
    line value { value reason unit } withoutOverride { value } source { slug label } untilAt setBy reason } }"""
LISTED = """query ($onlyActive: Boolean!) { stockOverrides(skus: ["SKU-001"], onlyActive: $onlyActive) {
    edges { node { pool { code } qty reason } } } }"""
UNTIL = (NOW + dt.timedelta(days=3)).isoformat()


def wanted(**more: object) -> dict[str, Any]:
    return {"sku": "SKU-001", "pool": "mine-pool", "qty": 80, "untilAt": UNTIL, "reason": "live show"} | more


def threshold(ask: Ask, world: World) -> dict[str, Any]:
    found: dict[str, Any] = ask(world.me, LINES, {"sku": "SKU-001", "pool": "mine-pool"}).data["stockLines"][0]
    return found


@pytest.fixture(autouse=True)
def line(world: World) -> None:
    """A warning line of 30, and nothing on it yet."""
    StockOverride.objects.all().delete()
    ThresholdAdjustment.objects.all().delete()
    StockPolicy.objects.create(sku=world.sku, pool=world.mine.pool, alert_threshold_qty=30)


def test_h64_an_override_is_set_seen_with_who_and_why_and_ended(world: World, ask: Ask) -> None:
    assert threshold(ask, world)["value"] == {"value": "30", "reason": None, "unit": "unit"}
    made = run(ask, world.me, "stockOverrideCreate", OVERRIDE, wanted())["stockOverride"]
    override_id = made.pop("id")
    assert made == {
        "sku": {"code": "SKU-001"}, "pool": {"code": "mine-pool"}, "line": "ALERT_THRESHOLD", "qty": 80, "factor": None,
        "untilAt": "2025-06-21T04:00:00Z", "reason": "live show", "setBy": "me", "isActive": True, "endedBy": "", "endReason": "",
    }  # fmt: skip
    shown = threshold(ask, world)
    assert shown.pop("value")["value"] == "80"
    assert shown == {
        "line": "ALERT_THRESHOLD", "withoutOverride": {"value": "30"}, "untilAt": "2025-06-21T04:00:00Z", "setBy": "me",
        "reason": "live show", "source": {"slug": "override", "label": "Override with a quantity"},
    }  # fmt: skip
    ended = run(ask, world.me, "stockOverrideCancel", OVERRIDE, {"id": override_id, "reason": "off"})["stockOverride"]
    assert (ended["isActive"], ended["endedBy"], ended["endReason"]) == (False, "me", "off")
    assert (threshold(ask, world)["value"]["value"], threshold(ask, world)["source"]["slug"]) == ("30", "policy")
    again = run(ask, world.me, "stockOverrideCancel", OVERRIDE, {"id": override_id, "reason": "off"})
    assert [error["code"] for error in again["errors"]] == ["override_ended"]
    for only_active, count in ((True, 0), (False, 1)):
        assert len(ask(world.me, LISTED, {"onlyActive": only_active}).data["stockOverrides"]["edges"]) == count


def test_d4_a_factor_on_the_safety_stock(world: World, ask: Ask) -> None:
    StockPolicy.objects.update(safety_stock_method="fixed", safety_stock_qty=300)
    given = wanted(qty=None, factor="1.5", line="SAFETY_STOCK")
    assert run(ask, world.me, "stockOverrideCreate", OVERRIDE, given)["stockOverride"]["factor"] == "1.5"
    found = ask(world.me, LINES, {"sku": "SKU-001", "pool": "mine-pool"}).data["stockLines"][1]
    assert (found["value"]["value"], found["withoutOverride"]["value"], found["source"]["slug"]) == ("450", "300", "factor")


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"qty": None}, "invalid_override", ["qty"]),
        ({"reason": " "}, "reason_required", ["reason"]),
        ({"untilAt": (NOW - dt.timedelta(days=1)).isoformat()}, "override_in_past", ["untilAt"]),
        ({"sku": "NONE"}, "not_found", ["sku"]),
        ({"pool": "theirs-pool"}, "not_found", ["pool"]),
        ({"pool": None}, "not_found", ["pool"]),
    ],
)
def test_i4_h64_what_is_wrong_or_not_ones_own_is_refused(world: World, ask: Ask, given: dict[str, Any], code: str, path: list[str]) -> None:
    told = run(ask, world.me, "stockOverrideCreate", OVERRIDE, wanted(**given))
    assert told["stockOverride"] is None
    assert [(error["code"], error["path"]) for error in told["errors"]] == [(code, ["input", *path])]
    assert not StockOverride.objects.exists()
    assert not Event.objects.filter(kind__startswith="catalog.override").exists()


def test_i4_overrides_and_lines_of_another_shop_are_not_there(world: World, ask: Ask) -> None:
    common = {"sku": world.sku, "qty": 1, "starts_at": NOW, "until_at": NOW + dt.timedelta(days=1), "set_by": "x"}
    theirs = StockOverride.objects.create(pool=world.theirs.pool, reason="theirs", **common)
    every = StockOverride.objects.create(pool=None, reason="all", **common)
    edges = ask(world.me, LISTED, {"onlyActive": True}).data["stockOverrides"]["edges"]
    assert [edge["node"]["reason"] for edge in edges] == ["all"]
    assert ask(world.me, LINES, {"sku": "SKU-001", "pool": "theirs-pool"}).data["stockLines"] == []
    for override in (theirs, every):
        global_id = ask(world.root, "{ stockOverrides(onlyActive: false) { edges { node { id reason } } } }").data["stockOverrides"][
            "edges"
        ]
        [its] = [edge["node"]["id"] for edge in global_id if edge["node"]["reason"] == override.reason]
        told = run(ask, world.me, "stockOverrideCancel", OVERRIDE, {"id": its, "reason": "x"})
        assert [error["code"] for error in told["errors"]] == ["not_found"]
    assert not StockOverride.objects.exclude(ended_at=None).exists()


def test_h64_adjustments_are_listed_with_what_they_were_set_from(world: World, ask: Ask) -> None:
    for pool in (world.mine.pool, world.theirs.pool):
        ThresholdAdjustment.objects.create(
            sku=world.sku, pool=pool, schedule="weekly", period_on=dt.date(2025, 6, 16), qty=300, previous_qty=200, cover_days=30.0,
            daily_mean=9.5,
        )  # fmt: skip
    query = "{ thresholdAdjustments { edges { node { pool { code } schedule periodOn qty previousQty coverDays dailyMean } } } }"
    [edge] = ask(world.me, query).data["thresholdAdjustments"]["edges"]
    assert edge["node"] == {
        "pool": {"code": "mine-pool"}, "schedule": "WEEKLY", "periodOn": "2025-06-16", "qty": 300, "previousQty": 200, "coverDays": "30",
        "dailyMean": "9.5",
    }  # fmt: skip


def test_h64_an_override_for_a_class_holds_until_one_for_the_pool_is_set(world: World, ask: Ask) -> None:
    world.sku.attributes = {"class": "a"}
    world.sku.save(update_fields=["attributes"])
    asked = OVERRIDE.replace("sku { code }", "scope skuClass sku { code }")

    def shown() -> tuple[str, str | None]:
        query = LINES.replace("withoutOverride", "scope withoutOverride")
        found = ask(world.root, query, {"sku": "SKU-001", "pool": "mine-pool"}).data["stockLines"][0]
        return found["value"]["value"], found["scope"]

    wide = wanted(sku=None, pool=None, skuClass="A")
    document = "mutation ($input: StockOverrideCreateInput!) { stockOverrideCreate(input: $input) { errors { code } } }"
    assert ask(world.me, document, {"input": wide}).codes == ["FORBIDDEN"]
    assert not StockOverride.objects.exists()
    made = run(ask, world.root, "stockOverrideCreate", asked, wide)["stockOverride"]
    assert (made["scope"], made["skuClass"], made["sku"], made["pool"]) == ("CLASS", "A", None, None)
    assert shown() == ("80", "CLASS")
    run(ask, world.me, "stockOverrideCreate", OVERRIDE, wanted(sku=None, qty=60))
    assert shown() == ("60", "POOL")
    both = run(ask, world.root, "stockOverrideCreate", OVERRIDE, wanted(skuClass="A"))
    assert [error["code"] for error in both["errors"]] == ["invalid_scope"]
    listed = ask(world.me, "{ stockOverrides(scope: CLASS) { edges { node { skuClass qty } } } }").data["stockOverrides"]["edges"]
    assert listed == [{"node": {"skuClass": "A", "qty": 80}}]
