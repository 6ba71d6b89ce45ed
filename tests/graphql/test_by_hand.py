"""Marked days (F4) and named like SKUs (F7) through the API: written by code, audited, refused with a reason, seen by whom they concern."""

from __future__ import annotations

from typing import Any

import pytest

from stockhub.access.models import Grant
from stockhub.demand.models import DayMark, LaunchAnalogue
from stockhub.outbox.models import Event
from tests.graphql.shop import Ask, World

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MARK = """mutation ($input: DayMarkUpsertInput!) { dayMarkUpsert(input: $input) {
    dayMark { code treatment units startsOn endsOn reason madeBy version sku { code } account { code } } errors { code path } } }"""
NAMED = """mutation ($input: LaunchAnalogueUpsertInput!) { launchAnalogueUpsert(input: $input) {
    launchAnalogue { scale endsOn reason madeBy version sku { code } likeSku { code } deletedAt } errors { code path } } }"""
DAY = {
    "code": "fair", "treatment": "KEPT", "sku": "SKU-001", "account": "mine-shop", "startsOn": "2025-06-10", "endsOn": "2025-06-10",
    "reason": "A fair, and it comes again",
}  # fmt: skip


def written(ask: Ask, world: World, document: str, given: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = next(iter(ask(world.me, document, {"input": given}).data.values()))
    return data


def test_f4_a_day_is_marked_changed_and_the_mark_is_taken_back_each_with_who_and_why(world: World, ask: Ask) -> None:
    made = written(ask, world, MARK, DAY)
    assert made["errors"] == []
    assert made["dayMark"] == {
        "code": "fair", "treatment": "KEPT", "units": None, "startsOn": "2025-06-10", "endsOn": "2025-06-10",
        "reason": "A fair, and it comes again", "madeBy": "me", "version": 1, "sku": {"code": "SKU-001"}, "account": {"code": "mine-shop"},
    }  # fmt: skip
    changed = written(ask, world, MARK, {"code": "fair", "treatment": "STATED", "units": "3.5"})["dayMark"]
    assert (changed["treatment"], changed["units"], changed["version"]) == ("STATED", "3.5", 2)
    cancel = 'mutation { dayMarkCancel(input: { code: "fair" }) { dayMark { deletedAt } errors { code } } }'
    assert ask(world.me, cancel).data["dayMarkCancel"]["dayMark"]["deletedAt"]
    events = Event.objects.filter(kind="demand.day_mark_changed.v1").order_by("id")
    assert [event.payload["version"] for event in events] == [1, 2, 3]
    assert events[1].payload["changes"]["treatment"] == ["kept", "stated"]


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"endsOn": "2025-06-09"}, "ends_before_start", ["input", "endsOn"]),
        ({"treatment": None}, "required", ["input", "treatment"]),
        ({"treatment": "STATED"}, "units_where_stated", ["input", "units"]),
        ({"units": "3"}, "units_where_stated", ["input", "units"]),
        ({"treatment": "STATED", "units": "-1"}, "invalid_value", ["input", "units"]),
        ({"sku": "NO-SUCH"}, "unknown_sku", ["input", "sku"]),
        ({"account": "theirs-shop"}, "not_found", ["input", "account"]),
    ],
)
def test_f4_a_bad_mark_is_refused_and_nothing_is_written(
    world: World, ask: Ask, change: dict[str, Any], code: str, path: list[str]
) -> None:
    before = DayMark.objects.count()
    answer = written(ask, world, MARK, DAY | change)
    assert (answer["dayMark"], answer["errors"][0]["code"], answer["errors"][0]["path"]) == (None, code, path)
    assert DayMark.objects.count() == before


def test_f4_many_days_are_marked_at_once_and_a_bad_one_is_refused_alone(world: World, ask: Ask) -> None:
    document = """mutation ($input: DayMarksUpsertInput!) { dayMarksUpsert(input: $input) {
        results { status errors { code } dayMark { code } } errors { code } } }"""
    rows = [DAY, DAY | {"code": "bad", "units": "2"}]
    results = ask(world.me, document, {"input": {"rows": rows}}).data["dayMarksUpsert"]["results"]
    assert [each["dayMark"] for each in results] == [{"code": "fair"}, None]
    assert [error["code"] for error in results[1]["errors"]] == ["units_where_stated"]


def test_f4_marks_are_seen_by_the_people_of_their_shop(world: World, ask: Ask) -> None:
    written(ask, world, MARK, DAY)
    query = '{ dayMarks(fromDay: "2025-06-10", untilDay: "2025-06-10") { edges { node { code } } } dayMarkByCode(code: "fair") { code } }'
    mine, other = ask(world.me, query).data, ask(world.other, query).data
    assert ([edge["node"]["code"] for edge in mine["dayMarks"]["edges"]], mine["dayMarkByCode"]) == (["fair"], {"code": "fair"})
    assert ([edge["node"]["code"] for edge in other["dayMarks"]["edges"]], other["dayMarkByCode"]) == ([], None)


def test_f7_a_like_sku_is_named_changed_and_taken_back(world: World, ask: Ask) -> None:
    LaunchAnalogue.objects.all().delete()
    made = written(ask, world, NAMED, {"sku": "SKU-001", "likeSku": "SET", "scale": "0.8", "reason": "The same in red"})
    assert made["errors"] == []
    assert made["launchAnalogue"] == {
        "scale": "0.8", "endsOn": None, "reason": "The same in red", "madeBy": "me", "version": 1, "sku": {"code": "SKU-001"},
        "likeSku": {"code": "SET"}, "deletedAt": None,
    }  # fmt: skip
    changed = written(ask, world, NAMED, {"sku": "SKU-001", "endsOn": "2025-12-31"})["launchAnalogue"]
    assert (changed["endsOn"], changed["scale"], changed["version"]) == ("2025-12-31", "0.8", 2)
    cancel = 'mutation { launchAnalogueCancel(input: { sku: "SKU-001" }) { launchAnalogue { deletedAt } errors { code } } }'
    assert ask(world.me, cancel).data["launchAnalogueCancel"]["launchAnalogue"]["deletedAt"]
    # Named again, it holds again.
    again = written(ask, world, NAMED, {"sku": "SKU-001", "likeSku": "SET"})["launchAnalogue"]
    assert (again["deletedAt"], again["version"], again["endsOn"]) == (None, 4, "2025-12-31")
    assert Event.objects.filter(kind="demand.launch_analogue_changed.v1").count() == 4
    data = ask(world.me, '{ launchAnalogue(sku: "SKU-001") { scale } launchAnalogues { edges { node { likeSku { code } } } } }').data
    assert data == {"launchAnalogue": {"scale": "0.8"}, "launchAnalogues": {"edges": [{"node": {"likeSku": {"code": "SET"}}}]}}


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"likeSku": "SKU-001"}, "like_itself", ["input", "likeSku"]),
        ({"likeSku": "NO-SUCH"}, "unknown_like_sku", ["input", "likeSku"]),
        ({"sku": "NO-SUCH"}, "unknown_sku", ["input", "sku"]),
        ({"scale": "0"}, "invalid_value", ["input", "scale"]),
        ({"scale": "101"}, "invalid_value", ["input", "scale"]),
        ({"reason": ""}, "invalid_value", ["input", "reason"]),
    ],
)
def test_f7_a_bad_like_sku_is_refused_and_nothing_is_written(
    world: World, ask: Ask, change: dict[str, Any], code: str, path: list[str]
) -> None:
    LaunchAnalogue.objects.all().delete()
    answer = written(ask, world, NAMED, {"sku": "SKU-001", "likeSku": "SET", "scale": "1", "reason": "x"} | change)
    assert (answer["launchAnalogue"], answer["errors"][0]["code"], answer["errors"][0]["path"]) == (None, code, path)
    assert not LaunchAnalogue.objects.exists()


def test_f7_to_take_back_what_nobody_named_says_so_and_naming_needs_the_right(world: World, ask: Ask) -> None:
    LaunchAnalogue.objects.all().delete()
    cancel = 'mutation { launchAnalogueCancel(input: { sku: "SKU-001" }) { errors { code path } } }'
    assert ask(world.me, cancel).data["launchAnalogueCancel"]["errors"] == [{"code": "not_found", "path": ["input", "sku"]}]
    Grant.objects.filter(user=world.me).delete()
    world.me.groups.clear()
    world.me.user_permissions.clear()
    assert ask(world.me, NAMED, {"input": {"sku": "SKU-001", "likeSku": "SET", "reason": "x"}}).codes
    assert not LaunchAnalogue.objects.exists()
