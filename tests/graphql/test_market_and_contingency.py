"""Rivals told (H41) and contingency plans written (H3) through the API, each for the shops that the user sees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from stockhub.alerts.parameter_models import RuleParameter
from stockhub.catalog.benchmark_models import CategoryBenchmark
from stockhub.catalog.models import Category
from stockhub.channels.market_models import MarketObservation, MarketTrend
from stockhub.core import clock
from stockhub.demand.models import ContingencyPlan
from stockhub.outbox.models import Event
from tests.graphql.shop import NOW, Ask, World

pytestmark = [pytest.mark.django_db]

RIVALS = """mutation ($input: MarketObservationsRecordInput!) { marketObservationsRecord(input: $input) {
    results { index status errors { code path } } errors { code path } } }"""
BENCHMARKS = """mutation ($input: CategoryBenchmarksRecordInput!) { categoryBenchmarksRecord(input: $input) {
    results { index status errors { code path } } errors { code path } } }"""
PLAN = """mutation ($input: ContingencyPlanUpsertInput!) { contingencyPlanUpsert(input: $input) {
    contingencyPlan { code eventType daysBefore plan tasks version account { code } deletedAt } errors { code path } } }"""
SEEN = {"account": "mine-shop", "sku": "SKU-001", "rival": "B0X", "observedOn": "2025-06-01", "salesRank": 9}
TYPHOON = {
    "code": "typhoon", "eventType": "typhoon", "account": "mine-shop", "daysBefore": 5, "plan": "Ship early.",
    "tasks": ["Call the courier"],
}  # fmt: skip


def written(ask: Ask, world: World, document: str, given: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = next(iter(ask(world.me, document, {"input": given}).data.values()))
    return data


@pytest.fixture
def untold(world: World) -> None:
    """Nobody has told of rivals yet."""
    MarketObservation.objects.all().delete()
    MarketTrend.objects.all().delete()


@pytest.mark.usefixtures("untold")
def test_h41_rivals_are_told_once_and_a_bad_row_is_refused_alone(world: World, ask: Ask) -> None:
    rows = [SEEN, SEEN | {"salesRank": 10}, SEEN | {"rival": "B0Y", "salesRank": None, "monthlySales": "12.5"}, SEEN | {"sku": "NO"}]
    told = written(ask, world, RIVALS, {"rows": rows})
    assert [row["status"] for row in told["results"]] == ["CREATED", "UNCHANGED", "CREATED", "REFUSED"]
    assert told["results"][3]["errors"] == [{"code": "unknown_sku", "path": ["input", "rows", "3", "sku"]}]
    assert sorted(MarketObservation.objects.values_list("rival", "sales_rank", "monthly_sales")) == [("B0X", 9, None), ("B0Y", None, 12.5)]
    assert MarketTrend.objects.get().rivals == 2
    again = written(ask, world, RIVALS, {"rows": [SEEN]})
    assert [row["status"] for row in again["results"]] == ["UNCHANGED"]


@pytest.mark.usefixtures("untold")
def test_i4_rivals_of_another_shop_are_not_his_to_tell(world: World, ask: Ask) -> None:
    told = written(ask, world, RIVALS, {"rows": [SEEN, SEEN | {"account": "theirs-shop"}]})
    assert (told["results"], told["errors"]) == ([], [{"code": "not_found", "path": ["input", "rows", "1", "account"]}])
    assert MarketObservation.objects.count() == 0
    assert ask(world.powerless, RIVALS, {"input": {"rows": [SEEN]}}).codes == ["FORBIDDEN"]


def test_h3_a_plan_is_made_changed_called_off_and_made_anew(world: World, ask: Ask) -> None:
    made = written(ask, world, PLAN, TYPHOON)
    assert made["errors"] == []
    assert made["contingencyPlan"] == {
        "code": "typhoon", "eventType": "typhoon", "daysBefore": 5, "plan": "Ship early.", "tasks": ["Call the courier"], "version": 1,
        "account": {"code": "mine-shop"}, "deletedAt": None,
    }  # fmt: skip
    changed = written(ask, world, PLAN, {"code": "typhoon", "tasks": ["Call", "Raise stock"], "expectedVersion": 1})
    assert (changed["contingencyPlan"]["tasks"], changed["contingencyPlan"]["version"]) == (["Call", "Raise stock"], 2)
    stale = written(ask, world, PLAN, {"code": "typhoon", "daysBefore": 9, "expectedVersion": 1})
    assert [error["code"] for error in stale["errors"]] == ["stale_version"]
    cancel = 'mutation { contingencyPlanCancel(input: { code: "typhoon" }) { contingencyPlan { deletedAt } errors { code } } }'
    assert ask(world.me, cancel).data["contingencyPlanCancel"]["contingencyPlan"]["deletedAt"]
    assert ContingencyPlan.objects.get(code="typhoon").deleted_at is not None
    assert written(ask, world, PLAN, TYPHOON)["contingencyPlan"]["deletedAt"] is None
    assert Event.objects.filter(kind="demand.contingency_plan_changed.v1").count() == 4


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"tasks": ["Call", " "]}, "invalid_tasks"),
        ({"tasks": ["x"] * 51}, "invalid_tasks"),
        ({"tasks": ["x" * 501]}, "invalid_tasks"),
        ({"daysBefore": 181}, "invalid_value"),
        ({"daysBefore": -1}, "invalid_value"),
        ({"plan": ""}, "invalid_value"),
        ({"eventType": "no slug"}, "invalid_value"),
        ({"account": "theirs-shop"}, "not_found"),
    ],
)
def test_a_bad_plan_is_refused_and_nothing_is_written(world: World, ask: Ask, change: dict[str, Any], code: str) -> None:
    answer = written(ask, world, PLAN, TYPHOON | change)
    assert (answer["contingencyPlan"], [error["code"] for error in answer["errors"]]) == (None, [code])
    assert not ContingencyPlan.objects.filter(code="typhoon").exists()


def test_i4_a_plan_for_any_account_is_for_those_who_see_all(world: World, ask: Ask) -> None:
    everywhere = TYPHOON | {"account": None}
    assert ask(world.me, PLAN, {"input": everywhere}).codes == ["FORBIDDEN"]
    assert ask(world.root, PLAN, {"input": everywhere}).data["contingencyPlanUpsert"]["errors"] == []
    listed = "{ contingencyPlans { edges { node { code } } } }"
    codes = [edge["node"]["code"] for edge in ask(world.me, listed).data["contingencyPlans"]["edges"]]
    assert codes == ["mine-shop-typhoon", "typhoon"]
    assert ask(world.me, '{ contingencyPlanByCode(code: "theirs-shop-typhoon") { code } }').data["contingencyPlanByCode"] is None


def test_h29_benchmarks_are_told_by_category_and_day_and_a_bad_row_is_refused_alone(world: World, ask: Ask) -> None:
    """Told again they stay, corrected they take the place of the first; who may not tell changes nothing."""
    Category.objects.create(code="tea", name="Tea")
    row = {"category": "tea", "turnover": "8.0", "asOf": "2025-06-01", "source": "trade"}
    assert ask(world.powerless, BENCHMARKS, {"input": {"rows": [row]}}).codes == ["FORBIDDEN"]
    assert not CategoryBenchmark.objects.filter(category__code="tea").exists()

    def told(*rows: dict[str, Any]) -> list[dict[str, Any]]:
        data = ask(world.root, BENCHMARKS, {"input": {"rows": list(rows)}}).data["categoryBenchmarksRecord"]
        assert data["errors"] == []
        found: list[dict[str, Any]] = data["results"]
        return found

    first = told(row, row | {"category": "none"}, row | {"asOf": "2025-05-01", "turnover": "366.5"}, row | {"asOf": "2035-01-01"})
    assert [each["status"] for each in first] == ["CREATED", "REFUSED", "REFUSED", "REFUSED"]
    assert [each["errors"] for each in first[1:]] == [
        [{"code": "unknown_category", "path": ["input", "rows", "1", "category"]}],
        [{"code": "invalid_turnover", "path": ["input", "rows", "2", "turnover"]}],
        [{"code": "future_benchmark", "path": ["input", "rows", "3", "asOf"]}],
    ]
    assert [each["status"] for each in told(row)] == ["UNCHANGED"]
    assert [each["status"] for each in told(row | {"turnover": "7.5"})] == ["UPDATED"]
    assert list(CategoryBenchmark.objects.filter(category__code="tea").values_list("category__code", "turnover", "source")) == [
        ("tea", 7.5, "trade")
    ]


def _aged(days: int, category: Category) -> None:
    RuleParameter.objects.create(
        rule="turnover-below-norm", parameter="benchmark_max_age", value=days, starts_at=NOW, set_at=NOW, reason="x", set_by="x",
        scope="category", category=category,
    )  # fmt: skip


def test_h29_benchmarks_are_listed_with_their_age_and_what_is_out_of_date(world: World, ask: Ask) -> None:
    """The latest of each category, unless all are asked for; too old by the rule's own limit, or by what somebody set for all SKUs."""
    tea, cups = (Category.objects.create(code=code, name=code) for code in ("tea", "cups"))
    today = clock.business_day(NOW, "Asia/Shanghai")
    for category, turnover, age in ((tea, 7.5, 800), (tea, 8.25, 455), (cups, 3.0, 456)):
        CategoryBenchmark.objects.create(category=category, turnover=turnover, as_of=today - timedelta(days=age), source="trade")
    query = """query ($onlyLatest: Boolean!) { categoryBenchmarks(categories: ["tea", "cups"], onlyLatest: $onlyLatest) {
        totalCount edges { node { category { code } turnover ageDays isOutOfDate source } } } }"""

    def told(*, only_latest: bool = True) -> list[tuple[str, str, int, bool]]:
        found = ask(world.root, query, {"onlyLatest": only_latest}).data["categoryBenchmarks"]
        nodes = [edge["node"] for edge in found["edges"]]
        assert found["totalCount"] == len(nodes)
        return [(node["category"]["code"], node["turnover"], node["ageDays"], node["isOutOfDate"]) for node in nodes]

    assert told() == [("tea", "8.25", 455, False), ("cups", "3", 456, True)]
    assert told(only_latest=False) == [("tea", "8.25", 455, False), ("cups", "3", 456, True), ("tea", "7.5", 800, True)]
    RuleParameter.objects.create(
        rule="turnover-below-norm", parameter="benchmark_max_age", value=400, starts_at=NOW, set_at=NOW, reason="x", set_by="x"
    )
    assert [each[3] for each in told()] == [True, True]
    # What the category above says goes before what holds for all SKUs, and its own before that; another category's does not count.
    drinks = Category.objects.create(code="drinks", name="Drinks")
    Category.objects.filter(pk=tea.pk).update(parent=drinks)
    _aged(500, drinks)
    assert [each[3] for each in told()] == [False, True]
    _aged(454, tea)
    assert [each[3] for each in told()] == [True, True]
    _aged(456, cups)
    assert [each[3] for each in told()] == [True, False]
    assert ask(world.powerless, query, {"onlyLatest": True}).codes == ["FORBIDDEN"]
