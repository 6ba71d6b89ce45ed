"""Pushes, their rules and differences of stock over the API."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.channels.models import Account, PriceFact
from stockhub.channels.pushes.models import Push, PushRow, ShownStock, StockDifference, StockRule
from stockhub.core import clock
from stockhub.graphql.nodes import NODE_TYPES
from stockhub.outbox.models import Event
from tests.channels.pushes.bench_connector import BenchConnector
from tests.channels.pushes.bench_platform import bench_platform
from tests.graphql.shop import NOW, Ask, World
from tests.graphql.test_mutations import run

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
PUSH = "push { id key kind status version createdBy approvedBy confirmedBy heldReasons { code } rows { code beforeQty afterQty status } }"
LISTED = """query { pushes { totalCount edges { node { key account { code } rows { code afterQty explain { value } } } } } }"""
RULE = "stockRule { listing { code } categoryCode percent plusQty version warehouses { code } buckets }"


@pytest.fixture
def bench(world: World, settings: Any) -> Any:  # noqa: ANN401 - the platform
    from stockhub.pluginhost import registry
    from stockhub.pluginhost.kinds import Kind

    settings.STOCKHUB_ALLOW_PRIVATE_URLS, settings.REDIS_URL = ["127.0.0.1"], ""
    registry.register_built_in(Kind.MARKETPLACE, BenchConnector())
    with bench_platform() as platform:
        Account.objects.filter(pk=world.mine.account.pk).update(marketplace="bench", config={"base_url": platform.url}, mode="write")
        ShownStock.objects.create(listing=world.mine.listing, qty=20, observed_at=clock.now())
        Push.objects.all().delete()
        yield platform
    registry._built_in.pop((Kind.MARKETPLACE, "bench"), None)
    registry.reset()


def row(world: World, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    return {"code": world.mine.listing.code, "codeKind": "sku_id"} | more


def test_a_push_is_previewed_made_approved_and_given_up(world: World, ask: Ask, bench: Any) -> None:  # noqa: ANN401
    asked = {"account": "mine-shop", "kind": "STOCK", "rows": [row(world)]}
    told = run(
        ask,
        world.me,
        "pushPreview",
        "rows { code beforeQty afterQty status explain { text } } skipped { code } heldReasons { code }",
        asked,
    )
    shown = told["rows"][0]
    assert (shown["beforeQty"], shown["afterQty"], shown["status"], told["heldReasons"]) == (
        20,
        40,
        "APPLIED",
        [{"code": "row_pct"}, {"code": "push_pct"}],
    )
    assert "Shown stock" in shown["explain"]["text"]
    assert (bench.keys, Push.objects.count()) == ([], 0)
    made = run(ask, world.me, "pushCreate", PUSH, asked | {"idempotencyKey": "K", "reason": "more"})["push"]
    assert (made["status"], made["createdBy"], made["rows"][0]["afterQty"]) == ("DRAFT", "me", 40)
    assert run(ask, world.me, "pushCreate", PUSH, asked | {"idempotencyKey": "K", "reason": "more"})["push"]["id"] == made["id"]
    reused = run(ask, world.me, "pushCreate", PUSH, asked | {"idempotencyKey": "K", "reason": "other"})
    assert [each["code"] for each in reused["errors"]] == ["idempotency_key_reused"]
    held = run(ask, world.me, "pushApprove", PUSH, {"id": made["id"]})
    assert [each["code"] for each in held["errors"]] == ["beyond_largest_change"]
    said = {"id": made["id"], "confirmLarge": True, "expectedVersion": made["version"], "idempotencyKey": "yes"}
    done = run(ask, world.me, "pushApprove", PUSH, said)["push"]
    assert (done["status"], done["approvedBy"], done["confirmedBy"]) == ("APPROVED", "me", "me")
    # H82: sent again with its key it is the same approval; with other values the key is refused, and a new one finds it decided.
    for _again in range(2):
        told = run(ask, world.me, "pushApprove", PUSH, said)
        assert (told["errors"], told["push"]["id"], told["push"]["status"]) == ([], made["id"], "APPROVED")
    assert Event.objects.filter(kind="channels.push_approved.v1").count() == 1
    reused = run(ask, world.me, "pushApprove", PUSH, said | {"confirmRemoval": True})
    assert [each["code"] for each in reused["errors"]] == ["idempotency_key_reused"]
    undone = run(ask, world.me, "pushRevert", PUSH, {"id": made["id"], "idempotencyKey": "back"})
    assert [each["code"] for each in undone["errors"]] == ["nothing_to_revert"]
    again = run(ask, world.me, "pushApprove", PUSH, {"id": made["id"], "confirmLarge": True})
    assert [each["code"] for each in again["errors"]] == ["push_not_draft"]
    gone = run(ask, world.me, "pushCancel", PUSH, {"id": made["id"], "reason": "no"})["push"]
    assert gone["status"] == "CANCELLED"
    retried = run(ask, world.me, "pushRetry", PUSH, {"id": made["id"]})
    assert [each["code"] for each in retried["errors"]] == ["push_not_retryable"]


def test_another_shops_user_finds_nothing_to_approve(world: World, ask: Ask, bench: Any) -> None:  # noqa: ANN401
    asked = {"account": "mine-shop", "kind": "STOCK", "rows": [row(world)], "idempotencyKey": "K"}
    made = run(ask, world.me, "pushCreate", PUSH, asked)["push"]
    told = run(ask, world.other, "pushApprove", PUSH, {"id": made["id"], "confirmLarge": True})
    assert [each["code"] for each in told["errors"]] == ["not_found"]
    hidden = run(ask, world.other, "pushCreate", PUSH, asked | {"idempotencyKey": "L"})
    assert [each["code"] for each in hidden["errors"]] == ["not_found"]
    assert Push.objects.get().status == "draft"


def test_a_rule_is_made_changed_and_taken_away(world: World, ask: Ask) -> None:
    StockRule.objects.all().delete()
    made = run(ask, world.me, "stockRuleUpsert", RULE, {"account": "mine-shop", "percent": "80.5", "warehouses": ["mine-wh"]})["stockRule"]
    assert made == {
        "listing": None, "categoryCode": None, "percent": "80.5", "plusQty": 0, "version": 1, "warehouses": [{"code": "mine-wh"}],
        "buckets": ["available"],
    }  # fmt: skip
    changed = run(ask, world.me, "stockRuleUpsert", RULE, {"account": "mine-shop", "plusQty": -3, "expectedVersion": 1})["stockRule"]
    assert (changed["percent"], changed["plusQty"], changed["version"]) == ("80.5", -3, 2)
    stale = run(ask, world.me, "stockRuleUpsert", RULE, {"account": "mine-shop", "plusQty": 1, "expectedVersion": 1})
    assert [each["code"] for each in stale["errors"]] == ["stale_version"]
    foreign = run(ask, world.me, "stockRuleUpsert", RULE, {"account": "mine-shop", "warehouses": ["theirs-wh"]})
    assert [each["code"] for each in foreign["errors"]] == ["not_found"]
    run(ask, world.me, "stockRuleUpsert", RULE, {"account": "mine-shop", "isDeleted": True})
    assert StockRule.objects.filter(deleted_at=None).count() == 0


def test_settings_say_what_is_allowed(world: World, ask: Ask) -> None:
    fields = "pushSettings { rowQty rowPct isStopped version }"
    told = run(ask, world.me, "pushSettingsUpsert", fields, {"account": "mine-shop", "rowQty": None, "isStopped": True})["pushSettings"]
    assert told == {"rowQty": None, "rowPct": "50", "isStopped": True, "version": 2}


def test_differences_are_those_of_ones_accounts_and_warehouses(world: World, ask: Ask) -> None:
    query = (
        "query { stockDifferences { edges { node { listing { account { code } } warehouse { code } ourQty platformQty warehouseQty } } } }"
    )
    found = [edge["node"] for edge in ask(world.me, query).data["stockDifferences"]["edges"]]
    assert sorted((n["listing"] or {"account": {"code": ""}})["account"]["code"] for n in found) == ["", "mine-shop"]
    assert [n["warehouse"]["code"] for n in found if n["warehouse"]] == ["mine-wh"]
    assert StockDifference.objects.count() == 4


def test_the_list_of_pushes_costs_the_same_number_of_queries_however_long(world: World, ask: Ask) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as taken:
            assert ask(world.me, LISTED).data["pushes"]["edges"]
        return len(taken)

    ask(world.me, LISTED)
    few = queries()
    for number in range(20):
        push = Push.objects.create(account=world.mine.account, kind="stock", key=f"more-{number}", created_by="x")
        for place in range(3):
            PushRow.objects.create(push=push, place=place, code=f"c{place}", after_qty=place)
    assert queries() == few
    assert {"Push", "StockRule", "StockDifference"} <= set(NODE_TYPES)


def test_d19_a_lever_makes_a_push_that_waits_and_one_that_nobody_takes_says_what_to_do(world: World, ask: Ask, bench: Any) -> None:  # noqa: ANN401
    asked = {"account": "mine-shop", "code": world.mine.listing.code, "codeKind": "sku_id", "idempotencyKey": "lever"}
    made = run(ask, world.me, "pushLeverCreate", PUSH, asked | {"lever": "PAUSE"})["push"]
    assert (made["status"], made["rows"][0]["afterQty"], bench.keys) == ("DRAFT", 0, [])
    assert run(ask, world.me, "pushLeverCreate", PUSH, asked | {"lever": "PAUSE"})["push"]["id"] == made["id"]
    for more, code in (({"lever": "DEMOTE"}, "by_hand"), ({"lever": "RAISE_PRICE"}, "burst_required")):
        told = run(ask, world.me, "pushLeverCreate", PUSH, asked | more | {"idempotencyKey": code})
        assert [each["code"] for each in told["errors"]] == [code]
    burst = {"stock": "500", "line": "100", "rate": "8", "minutesLeft": "60", "elasticity": "-1.5"}
    priced = asked | {"lever": "RAISE_PRICE", "burst": burst, "mostPrice": "499", "idempotencyKey": "price"}
    told = run(ask, world.me, "pushLeverCreate", PUSH, priced)
    assert [each["code"] for each in told["errors"]] == ["price_unknown"]
    PriceFact.objects.create(
        listing=world.mine.listing, kind="effective", amount=Decimal(399), currency=world.mine.account.currency, occurred_at=NOW
    )
    raised = run(ask, world.me, "pushLeverCreate", PUSH, priced)
    assert (raised["errors"], raised["push"]["status"]) == ([], "DRAFT")
    assert PushRow.objects.get(push__kind="price").after_amount == Decimal("450.56")
    hidden = run(ask, world.other, "pushLeverCreate", PUSH, asked | {"lever": "PAUSE", "idempotencyKey": "other"})
    assert [each["code"] for each in hidden["errors"]] == ["not_found"]
