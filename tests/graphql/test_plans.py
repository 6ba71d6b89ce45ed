"""Plans through the API: written by code, refused with a reason, seen by whom they concern; and the reasons of a forecast."""

from __future__ import annotations

from typing import Any

import pytest

from stockhub.access.models import Grant
from stockhub.demand.models import ForecastAdjustment, MarketSignal, PlannedEvent
from stockhub.outbox.models import Event
from tests.graphql.shop import Ask, World

pytestmark = [pytest.mark.django_db]

EVENT = """mutation ($input: PlannedEventUpsertInput!) { plannedEventUpsert(input: $input) {
    plannedEvent { code kind eventType startsOn endsOn endsTime expectedLift safetyStockFactor madeBy account { code } version }
    errors { code path } } }"""
ADJUSTMENT = """mutation ($input: ForecastAdjustmentUpsertInput!) { forecastAdjustmentUpsert(input: $input) {
    forecastAdjustment { factor lockedUnits reason endsOn madeBy sku { code } } errors { code path } } }"""
SIGNAL = """mutation ($input: MarketSignalUpsertInput!) { marketSignalUpsert(input: $input) {
    marketSignal { kind factor valueBefore valueAfter mustBeFollowed expiredOn } errors { code path } } }"""
WINDOW = {"startsOn": "2025-07-01", "endsOn": "2025-07-03", "reason": "Agreed"}
SALE = {"code": "sale", "kind": "PROMOTION", "eventType": "flash-sale", "name": "Sale", "account": "mine-shop", **WINDOW}


def written(ask: Ask, world: World, document: str, given: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = next(iter(ask(world.me, document, {"input": given}).data.values()))
    return data


def test_a_planned_event_is_made_changed_and_called_off_by_its_code(world: World, ask: Ask) -> None:
    made = written(ask, world, EVENT, SALE | {"expectedLift": "2.6", "safetyStockFactor": "1.5", "endsTime": "22:00"})
    assert made["errors"] == []
    assert made["plannedEvent"] == {
        "code": "sale", "kind": "PROMOTION", "eventType": "flash-sale", "startsOn": "2025-07-01", "endsOn": "2025-07-03",
        "endsTime": "22:00:00", "expectedLift": "2.6", "safetyStockFactor": "1.5",
        "madeBy": "me", "account": {"code": "mine-shop"}, "version": 1,
    }  # fmt: skip
    changed = written(ask, world, EVENT, {"code": "sale", "endsOn": "2025-07-05", "endsTime": None, "expectedLift": None})
    assert (changed["plannedEvent"]["endsOn"], changed["plannedEvent"]["expectedLift"]) == ("2025-07-05", None)
    assert (changed["plannedEvent"]["endsTime"], changed["plannedEvent"]["version"]) == (None, 2)
    cancel = 'mutation { plannedEventCancel(input: { code: "sale" }) { plannedEvent { deletedAt } errors { code } } }'
    assert ask(world.me, cancel).data["plannedEventCancel"]["plannedEvent"]["deletedAt"]
    events = Event.objects.filter(kind="demand.planned_event_changed.v1").order_by("id")
    assert [event.payload["version"] for event in events] == [1, 2, 3]


def test_f6_a_delay_of_supply_says_of_whom_and_by_how_many_days(world: World, ask: Ask) -> None:
    document = """mutation ($input: PlannedEventUpsertInput!) { plannedEventUpsert(input: $input) {
        plannedEvent { kind supplier { code } supplierCountry extraLeadTimeDays } errors { code path } } }"""
    delay = SALE | {"code": "cny", "kind": "DELAY", "eventType": "spring-festival", "extraLeadTimeDays": "14", "supplierCountry": "CN"}
    made = written(ask, world, document, delay | {"supplier": "S1"})
    assert made["errors"] == []
    assert made["plannedEvent"] == {
        "kind": "DELAY", "supplier": {"code": "S1"}, "supplierCountry": "CN", "extraLeadTimeDays": "14",
    }  # fmt: skip
    changed = written(ask, world, document, {"code": "cny", "supplier": None, "supplierCountry": None, "extraLeadTimeDays": "10"})
    assert changed["plannedEvent"] == {"kind": "DELAY", "supplier": None, "supplierCountry": "", "extraLeadTimeDays": "10"}
    half = written(ask, world, document, {"code": "cny", "extraLeadTimeDays": None})
    assert (half["plannedEvent"], half["errors"]) == (None, [{"code": "days_of_a_delay", "path": ["input", "extraLeadTimeDays"]}])


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"endsOn": "2025-06-30"}, "ends_before_start", ["input", "endsOn"]),
        ({"expectedLift": "-1"}, "invalid_value", ["input", "expectedLift"]),
        ({"expectedLift": "101"}, "invalid_value", ["input", "expectedLift"]),
        ({"expectedUnits": "30"}, "units_of_a_sku", ["input", "expectedUnits"]),
        ({"extraLeadTimeDays": "3"}, "days_of_a_delay", ["input", "extraLeadTimeDays"]),
        ({"supplier": "NO-SUCH"}, "unknown_supplier", ["input", "supplier"]),
        ({"reason": ""}, "invalid_value", ["input", "reason"]),
        ({"eventType": "no slug"}, "invalid_value", ["input", "eventType"]),
        ({"sku": "NO-SUCH"}, "unknown_sku", ["input", "sku"]),
        ({"account": "theirs-shop"}, "not_found", ["input", "account"]),
    ],
)
def test_a_bad_plan_is_refused_with_its_reason_and_nothing_is_written(
    world: World, ask: Ask, change: dict[str, Any], code: str, path: list[str]
) -> None:
    before = PlannedEvent.objects.count()
    answer = written(ask, world, EVENT, SALE | change)
    assert answer["plannedEvent"] is None
    assert [error["code"] for error in answer["errors"]] == [code]
    assert answer["errors"][0]["path"] == path
    assert PlannedEvent.objects.count() == before


def test_a_plan_for_all_shops_is_for_those_who_see_all_of_them(world: World, ask: Ask) -> None:
    everywhere = {name: value for name, value in SALE.items() if name != "account"}
    assert ask(world.me, EVENT, {"input": everywhere}).codes == ["FORBIDDEN"]
    assert not PlannedEvent.objects.filter(code="sale").exists()
    assert ask(world.root, EVENT, {"input": everywhere}).data["plannedEventUpsert"]["errors"] == []


def test_of_many_rows_a_bad_one_is_refused_alone(world: World, ask: Ask) -> None:
    document = """mutation ($input: PlannedEventsUpsertInput!) { plannedEventsUpsert(input: $input) {
        results { index status errors { code } } errors { code } changeSetId } }"""
    rows = [SALE, SALE | {"code": "bad", "endsOn": "2025-01-01"}]
    answer = ask(world.me, document, {"input": {"rows": rows}}).data["plannedEventsUpsert"]
    assert [(row["status"], [e["code"] for e in row["errors"]]) for row in answer["results"]] == [
        ("CREATED", []),
        ("REFUSED", ["ends_before_start"]),
    ]


def test_an_adjustment_is_a_factor_or_a_lock_with_who_why_and_until_when(world: World, ask: Ask) -> None:
    lock = {"code": "lock", "sku": "SKU-001", "pool": "mine-pool", "lockedUnits": "12.5", **WINDOW}
    made = written(ask, world, ADJUSTMENT, lock)
    assert made["forecastAdjustment"] == {
        "factor": None, "lockedUnits": "12.5", "reason": "Agreed", "endsOn": "2025-07-03", "madeBy": "me", "sku": {"code": "SKU-001"},
    }  # fmt: skip
    both = written(ask, world, ADJUSTMENT, lock | {"factor": "1.2"})
    assert (both["forecastAdjustment"], both["errors"][0]["code"]) == (None, "factor_or_lock")
    kept = ForecastAdjustment.objects.get(code="lock")
    assert (kept.factor, kept.locked_units) == (None, 12.5)


def test_h20_a_signal_keeps_what_was_observed(world: World, ask: Ask) -> None:
    rank = {"code": "rank", "kind": "KEYWORD_RANK", "factor": "1.5", "valueBefore": "40", "valueAfter": "8", "mustBeFollowed": True}
    made = written(ask, world, SIGNAL, rank | {"account": "mine-shop", "sku": "SKU-001"} | WINDOW)
    assert made["marketSignal"] == {
        "kind": "KEYWORD_RANK", "factor": "1.5", "valueBefore": "40", "valueAfter": "8", "mustBeFollowed": True, "expiredOn": None,
    }  # fmt: skip
    assert MarketSignal.objects.get(code="rank").made_by == "me"


def test_a_forecast_tells_its_base_and_its_reasons_in_the_readers_language(world: World, ask: Ask) -> None:
    query = """{ forecast(sku: "SKU-001", pool: "mine-pool") { mean { values } baseMean { values } isNew
        dayLabels { from step values }
        reasons { kind { slug label } code label firstOn lastOn factor origin samples values { name value } } } }"""
    forecast = ask(world.me, query, accept_language="zh-CN").data["forecast"]
    assert (forecast["mean"]["values"], forecast["baseMean"]["values"]) == (["0.1", "0.2"], ["0.1", "0.1"])
    assert forecast["dayLabels"] == {"from": "2025-06-18", "step": "P1D", "values": ["regular", "promotion", None]}
    [reason] = forecast["reasons"]
    assert reason == {
        "kind": {"slug": "event", "label": "活动"}, "code": "618", "label": "618大促", "firstOn": "2025-06-19", "lastOn": None,
        "factor": "2.5", "origin": "learned", "samples": 3, "values": [{"name": "before", "value": "40"}],
    }  # fmt: skip


def test_plans_for_everybody_are_seen_by_all_and_those_of_a_shop_by_its_own_people(world: World, ask: Ask) -> None:
    PlannedEvent.objects.create(
        code="holiday", kind="closure", event_type="holiday", name="Holiday", starts_on="2025-08-01", ends_on="2025-08-02", reason="x"
    )
    query = '{ plannedEvents(fromDay: "2025-06-01") { edges { node { code } } } }'
    seen = {edge["node"]["code"] for edge in ask(world.other, query).data["plannedEvents"]["edges"]}
    assert "holiday" in seen
    assert not [code for code in seen if code.startswith("mine-shop")]
    assert Grant.objects.exists()
