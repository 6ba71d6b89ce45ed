"""Parameters of rules over the API: set, seen with where they come from, ended, and only one's own."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from stockhub.alerts.models import RuleParameter
from tests.graphql.shop import NOW, Ask, World
from tests.graphql.test_mutations import run

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
MADE = "ruleParameter { id kind { slug } parameter value scope sku { code } pool { code } reason setBy isActive untilAt version }"
EFFECTIVE = """query { effectiveRuleParameters(rule: "shortage", sku: "SKU-001", pool: "mine-pool") { parameter { slug label } unit value
    defaultValue source { slug label } setValue { reason setBy } lost { scope value } } }"""
LISTED = '{ ruleParameters(rule: "shortage", onlyActive: false) { edges { node { id scope value endReason } } } }'
UNTIL = (NOW + dt.timedelta(days=3)).isoformat()


@pytest.fixture(autouse=True)
def nothing_is_set(world: World) -> None:
    RuleParameter.objects.all().delete()


def wanted(**more: object) -> dict[str, Any]:
    return {
        "rule": "shortage",
        "parameter": "horizon_days",
        "value": 42,
        "scope": "POOL",
        "target": "mine-pool",
        "reason": "slow port",
    } | more


def horizon(ask: Ask, world: World) -> dict[str, Any]:
    found: list[dict[str, Any]] = ask(world.root, EFFECTIVE).data["effectiveRuleParameters"]
    [own] = [each for each in found if each["parameter"]["slug"] == "horizon_days"]
    return own


def test_a_value_is_set_seen_with_where_it_comes_from_and_ended(world: World, ask: Ask) -> None:
    assert horizon(ask, world) == {
        "parameter": {"slug": "horizon_days", "label": "Days ahead, at least"}, "unit": "day", "value": 28.0, "defaultValue": 28.0,
        "source": {"slug": "default", "label": "The rule's default"}, "setValue": None, "lost": [],
    }  # fmt: skip
    made = run(ask, world.root, "ruleParameterCreate", MADE, wanted())["ruleParameter"]
    pk = made.pop("id")
    assert made == {
        "kind": {"slug": "shortage"}, "parameter": "horizon_days", "value": 42.0, "scope": "POOL", "sku": None,
        "pool": {"code": "mine-pool"}, "reason": "slow port", "setBy": "root", "isActive": True, "untilAt": None, "version": 1,
    }  # fmt: skip
    run(ask, world.root, "ruleParameterCreate", MADE, wanted(scope="SKU", target="SKU-001", value="50", untilAt=UNTIL))
    run(ask, world.root, "ruleParameterCreate", MADE, wanted(scope="GLOBAL", target=None, value=35))
    shown = horizon(ask, world)
    assert (shown["value"], shown["source"]["slug"], shown["setValue"]) == (50.0, "sku", {"reason": "slow port", "setBy": "root"})
    assert shown["lost"] == [{"scope": "POOL", "value": 42.0}, {"scope": "GLOBAL", "value": 35.0}]
    cancelled = "ruleParameters { endReason isActive version }"
    given = {"ids": [pk], "reason": "port is open", "expectedVersion": 3}
    assert [e["code"] for e in run(ask, world.root, "ruleParametersCancel", cancelled, given)["errors"]] == ["stale_version"]
    ended = run(ask, world.root, "ruleParametersCancel", cancelled, given | {"expectedVersion": 1})["ruleParameters"]
    assert ended == [{"endReason": "port is open", "isActive": False, "version": 2}]
    assert horizon(ask, world)["lost"] == [{"scope": "GLOBAL", "value": 35.0}]


def test_many_rows_are_refused_one_by_one_and_a_key_sets_nothing_twice(world: World, ask: Ask) -> None:
    rows = [wanted(), wanted(target="moon"), wanted(value=-1), wanted(scope="CLASS", target="A")]
    results = "results { index status errors { code path } ruleParameter { value scope skuClass } }"
    given = {"rows": rows, "idempotencyKey": "k-1"}
    told = run(ask, world.root, "ruleParametersCreate", results, given)
    assert told["results"] == [
        {"index": 0, "status": "CREATED", "errors": [], "ruleParameter": {"value": 42.0, "scope": "POOL", "skuClass": ""}},
        {
            "index": 1, "status": "REFUSED", "errors": [{"code": "not_found", "path": ["input", "rows", "1", "target"]}],
            "ruleParameter": None,
        },
        {
            "index": 2, "status": "REFUSED", "errors": [{"code": "invalid_parameters", "path": ["input", "rows", "2", "value"]}],
            "ruleParameter": None,
        },
        {"index": 3, "status": "CREATED", "errors": [], "ruleParameter": {"value": 42.0, "scope": "CLASS", "skuClass": "A"}},
    ]  # fmt: skip
    again = run(ask, world.root, "ruleParametersCreate", results, given)
    assert [row["status"] for row in again["results"]] == ["UNCHANGED", "REFUSED", "REFUSED", "UNCHANGED"]
    assert RuleParameter.objects.count() == 2


def test_i4_values_for_other_pools_are_not_there_and_what_reaches_further_is_refused(world: World, ask: Ask) -> None:
    theirs = RuleParameter.objects.create(
        rule="shortage", parameter="horizon_days", value=9, scope="pool", pool=world.theirs.pool, starts_at=NOW, reason="x", set_by="x"
    )
    assert ask(world.me, LISTED).data["ruleParameters"]["edges"] == []
    given = {"input": wanted(scope="GLOBAL", target=None)}
    mutation = "mutation ($input: RuleParameterCreateInput!) { ruleParameterCreate(input: $input) { errors { code } } }"
    assert ask(world.me, mutation, given).body["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    told = run(ask, world.me, "ruleParameterCreate", MADE, wanted(target="their-pool"))
    assert [error["code"] for error in told["errors"]] == ["not_found"]
    [node] = ask(world.root, LISTED).data["ruleParameters"]["edges"]
    told = run(ask, world.me, "ruleParametersCancel", "ruleParameters { version }", {"ids": [node["node"]["id"]], "reason": "mine"})
    assert [error["code"] for error in told["errors"]] == ["not_found"]
    theirs.refresh_from_db()
    assert theirs.ended_at is None


@pytest.mark.parametrize(("name", "code"), [("rule", "unknown_rule"), ("sku", "unknown_sku"), ("pool", "unknown_pool")])
def test_a_name_that_is_none_is_refused_and_not_answered_with_nothing(world: World, ask: Ask, name: str, code: str) -> None:
    """Nor is the pool of another shop told from one that is not there."""
    query = """query ($rule: String!, $sku: String!, $pool: String!) {
        effectiveRuleParameters(rule: $rule, sku: $sku, pool: $pool) { value } }"""
    right = {"rule": "shortage", "sku": "SKU-001", "pool": "mine-pool"}
    assert ask(world.me, query, right).data["effectiveRuleParameters"]
    [error] = ask(world.me, query, right | {name: "theirs-pool" if name == "pool" else "no-such"}).body["errors"]
    assert (error["extensions"]["code"], error["extensions"]["reason"], error["extensions"]["argument"]) == ("BAD_USER_INPUT", code, [name])


def test_n17_the_badge_says_how_far_the_data_can_be_trusted_and_why_not(world: World, ask: Ask) -> None:
    query = """query ($pool: String!) { dataConfidence(sku: "SKU-001", pool: $pool) { level { slug label severity } value { value }
        signs { slug label } feedAge { unit } } }"""
    found = ask(world.me, query, {"pool": "mine-pool"}).data["dataConfidence"]
    assert (found["level"]["slug"], found["value"]["value"]) == ("low", "0.2")
    assert found["signs"] == [{"slug": "IN_DISPUTE", "label": "Its stock is in dispute"}]
    assert ask(world.me, query, {"pool": "theirs-pool"}).data["dataConfidence"] is None
