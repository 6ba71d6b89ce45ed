"""The inbox in the graph: filter, facets, steps with many alerts and with incidents, what became of them."""

from __future__ import annotations

import datetime as dt
from base64 import b64encode
from typing import Any

import pytest

from stockhub.access.models import User
from stockhub.alerts.models import Alert, Incident
from stockhub.catalog.models import Category
from tests.graphql.shop import NOW, Ask, World

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LIST = "query($filter: AlertFilter, $by: AlertOrder!) { alerts(filter: $filter, orderBy: $by) { totalCount edges { node { id } } } }"
STEP = """mutation($input: AlertStepsSubmitInput!) { alertStepsSubmit(input: $input) {
  results { index isChanged alert { state version owner { username } } errors { code path } } errors { code path } } }"""
ON_INCIDENT = """mutation($input: IncidentStepSubmitInput!) { incidentStepSubmit(input: $input) {
  changedCount incident { status version owner { username } timeline { what count } } errors { code path } } }"""


def gid(kind: str, pk: int) -> str:
    return b64encode(f"{kind}:{pk}".encode()).decode()


def listed(ask: Ask, user: User, by: str = "MONEY", **given: Any) -> set[str]:  # noqa: ANN401 - fields of a filter
    data = ask(user, LIST, {"filter": given, "by": by}).data["alerts"]
    assert data["totalCount"] == len(data["edges"])
    return {edge["node"]["id"] for edge in data["edges"]}


def test_every_filter_of_the_inbox_narrows_it_to_what_it_says(world: World, ask: Ask) -> None:
    mine, theirs = world.mine.alert, world.theirs.alert
    both = {gid("Alert", mine.pk), gid("Alert", theirs.pk)}
    ana = User.objects.create(username="ana")
    hats = Category.objects.create(code="hats", name="Hats")
    Category.objects.filter(code="caps").update(parent=hats)
    Alert.objects.filter(pk=mine.pk).update(owner=ana, level=2, acknowledge_by_at=NOW, resolve_by_at=NOW + dt.timedelta(hours=2))
    Alert.objects.filter(pk=theirs.pk).update(money_amount=9_000, side="excess", opened_at=NOW + dt.timedelta(days=1))
    mine.refresh_from_db()
    one = {gid("Alert", mine.pk)}
    assert listed(ask, world.root) == both
    given: dict[str, Any]
    for by in ("MONEY", "LATEST", "LEVEL", "DUE"):
        assert listed(ask, world.root, by, category="hats", stage="growth", kinds=["shortage"]) == both
    for given in (
        {"owner": "ana"}, {"levels": [2]}, {"isOverdue": True}, {"side": "SHORTAGE"}, {"pool": "mine-pool"}, {"account": "mine-shop"},
        {"incident": gid("Incident", mine.incident_id or 0)}, {"openedBefore": (NOW + dt.timedelta(hours=1)).isoformat()},
        {"search": mine.subject},
    ):  # fmt: skip
        assert listed(ask, world.root, **given) == one, given
    for given in ({"owner": ""}, {"isOverdue": False}, {"minMoney": "5000"}, {"openedSince": (NOW + dt.timedelta(hours=1)).isoformat()}):
        assert listed(ask, world.root, **given) == both - one, given
    for given in ({"states": ["EXPIRED"]}, {"stage": "decline"}, {"category": "nothing"}, {"search": "zzz"}):
        assert listed(ask, world.root, **given) == set(), given
    assert listed(ask, world.me) == one


def test_facets_count_what_the_filter_leaves(world: World, ask: Ask) -> None:
    Alert.objects.filter(pk=world.theirs.alert.pk).update(status="resolved", ending="expired")
    query = (
        "query($filter: AlertFilter) { alertFacets(names: [STATE, POOL, STAGE, OWNER], filter: $filter) { name values { value count } } }"
    )
    everything = {"states": ["OPEN", "EXPIRED"]}
    assert ask(world.root, query, {"filter": everything}).data["alertFacets"] == [
        {"name": "STATE", "values": [{"value": "expired", "count": 1}, {"value": "open", "count": 1}]},
        {"name": "POOL", "values": [{"value": "mine-pool", "count": 1}, {"value": "theirs-pool", "count": 1}]},
        {"name": "STAGE", "values": [{"value": "growth", "count": 2}]},
        {"name": "OWNER", "values": []},
    ]
    assert ask(world.me, query, {"filter": everything}).data["alertFacets"][1]["values"] == [{"value": "mine-pool", "count": 1}]
    assert ask(world.root, query).data["alertFacets"][0]["values"] == [{"value": "open", "count": 1}]


def test_h70_a_step_with_many_alerts_tells_each_row_and_sending_it_again_changes_nothing(world: World, ask: Ask) -> None:
    mine, theirs = world.mine.alert, world.theirs.alert
    rows = [{"id": gid("Alert", mine.pk), "expectedVersion": mine.version}, {"id": gid("Alert", theirs.pk)}]
    given = {"step": "ASSIGN", "owner": "root", "rows": rows}
    first, second = (ask(world.me, STEP, {"input": given}).data["alertStepsSubmit"] for _ in range(2))
    assert first["errors"] == []
    assert first["results"] == [
        {
            "index": 0,
            "isChanged": True,
            "alert": {"state": "OPEN", "version": mine.version + 1, "owner": {"username": "root"}},
            "errors": [],
        },
        {"index": 1, "isChanged": False, "alert": None, "errors": [{"code": "alert_not_found", "path": ["input", "rows", "1", "id"]}]},
    ]
    assert [row["isChanged"] for row in second["results"]] == [False, False]
    theirs.refresh_from_db()
    assert theirs.owner is None


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"step": "ASSIGN", "owner": "nobody"}, "unknown_owner", "owner"),
        ({"step": "SNOOZE", "reason": "x"}, "until_required", "untilAt"),
        ({"step": "SNOOZE", "untilAt": "2001-01-01T00:00:00Z", "reason": "x"}, "snooze_in_past", "untilAt"),
        ({"step": "RESOLVE"}, "resolution_required", "resolution"),
        ({"step": "FALSE_ALARM"}, "unknown_cause", "cause"),
    ],
)
def test_a_step_that_lacks_what_it_needs_is_refused_and_changes_nothing(
    world: World, ask: Ask, given: dict[str, str], code: str, path: str
) -> None:
    before = list(Alert.objects.values())
    answer = ask(world.me, STEP, {"input": given | {"rows": [{"id": gid("Alert", world.mine.alert.pk)}]}}).data["alertStepsSubmit"]
    assert answer == {"results": [], "errors": [{"code": code, "path": ["input", path]}]}
    assert list(Alert.objects.values()) == before


def test_n14_a_step_with_an_incident_is_taken_with_its_alerts_by_whoever_sees_them_all(world: World, ask: Ask) -> None:
    incident = Incident.objects.get(alerts=world.mine.alert)
    given = {"id": gid("Incident", incident.pk), "step": "ACKNOWLEDGE", "expectedVersion": incident.version}
    refused = ask(world.other, ON_INCIDENT, {"input": given}).data["incidentStepSubmit"]
    assert (refused["incident"], [error["code"] for error in refused["errors"]]) == (None, ["incident_not_found"])
    taken = ask(world.me, ON_INCIDENT, {"input": given}).data["incidentStepSubmit"]
    assert (taken["changedCount"], taken["errors"], taken["incident"]["status"]) == (1, [], "ACKNOWLEDGED")
    assert taken["incident"]["timeline"][-1] == {"what": "acknowledged", "count": 1}
    world.mine.alert.refresh_from_db()
    assert (world.mine.alert.status, world.mine.alert.acknowledged_by) == ("acknowledged", "me")
    stale = ask(world.me, ON_INCIDENT, {"input": given | {"step": "START"}}).data["incidentStepSubmit"]
    assert [error["code"] for error in stale["errors"]] == ["stale_version"]
    # The last alert that is resolved resolves it.
    done = {"id": given["id"], "step": "RESOLVE", "resolution": "arrived"}
    assert ask(world.me, ON_INCIDENT, {"input": done}).data["incidentStepSubmit"]["incident"]["status"] == "RESOLVED"


def test_n14_incidents_say_what_they_are_about_in_the_language_of_the_request(world: World, ask: Ask) -> None:
    query = "{ incidents { edges { node { cause headline money { value unit } alertCount openCount } } } }"
    [edge] = ask(world.me, query).data["incidents"]["edges"]
    assert edge["node"] == {
        "cause": "LATE_SUPPLIER", "headline": "Maker delivers late · 1 alert · 4,800.50 CNY at stake",
        "money": {"value": "4800.5", "unit": "CNY"}, "alertCount": 1, "openCount": 1,
    }  # fmt: skip
    assert len(ask(world.root, query).data["incidents"]["edges"]) == 2


def test_u4_an_alert_carries_what_there_is_and_what_there_will_be(world: World, ask: Ask) -> None:
    inputs = {"available": 50.0, "inbound_in_horizon": 20.0, "demand_in_horizon": 120.0}
    Alert.objects.filter(pk=world.mine.alert.pk).update(inputs=inputs)
    query = """query($id: ID!) { alert(id: $id) { actualStock { value unit reason }
      projectedStock { value reason explain { value nodes { op name value } } } } }"""
    alert = ask(world.me, query, {"id": gid("Alert", world.mine.alert.pk)}).data["alert"]
    assert alert["actualStock"] == {"value": "50", "unit": "unit", "reason": None}
    assert (alert["projectedStock"]["value"], alert["projectedStock"]["explain"]["value"]) == ("-50", "-50")
    assert [node["name"] for node in alert["projectedStock"]["explain"]["nodes"] if node["op"] == "input"] == [
        "available", "inbound_ahead", "demand_ahead",
    ]  # fmt: skip
    Alert.objects.filter(pk=world.mine.alert.pk).update(inputs={})
    alert = ask(world.me, query, {"id": gid("Alert", world.mine.alert.pk)}).data["alert"]
    assert (alert["actualStock"]["reason"], alert["projectedStock"]["reason"]) == ("NOT_ABOUT_STOCK", "NO_PROJECTION")


def test_outcomes_are_told_of_an_alert_and_counted_by_rule_and_by_stock_out(world: World, ask: Ask) -> None:
    query = """query($id: ID!) { alert(id: $id) { outcomes { outcome leadDays isActionable version reason } }
      ruleOutcomes { kind truePositive falsePositive precision { value } } stockoutCounts { detected actionable missed recall { value } }
      stockouts { edges { node { sku { code } outcome leadDays lostSales { value unit } } } } }"""
    data = ask(world.me, query, {"id": gid("Alert", world.mine.alert.pk)}).data
    assert data["alert"]["outcomes"] == [{"outcome": "TRUE_POSITIVE", "leadDays": 9, "isActionable": True, "version": 1, "reason": "KNOWN"}]
    assert data["ruleOutcomes"] == [{"kind": "shortage", "truePositive": 1, "falsePositive": 0, "precision": {"value": "1"}}]
    assert data["stockoutCounts"] == {"detected": 1, "actionable": 1, "missed": 0, "recall": {"value": "1"}}
    assert data["stockouts"]["edges"] == [
        {"node": {"sku": {"code": "SKU-001"}, "outcome": "DETECTED", "leadDays": 9, "lostSales": {"value": "300", "unit": "CNY"}}}
    ]
    assert ask(world.root, "{ stockoutCounts { detected } }").data["stockoutCounts"] == {"detected": 2}
