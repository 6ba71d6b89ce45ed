"""Stages over the API: which, why, what changed them, and what somebody set by hand (H9, H21)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from stockhub.catalog.models import Category, Sku, Stage, StockPolicy
from stockhub.core import clock
from stockhub.formulas.lifecycle.bass import bass_peak_time, bass_sales
from stockhub.lifecycle.models import CategoryStage, StageChange, StageOverride, StageState
from tests.graphql.shop import NOW, Ask, World
from tests.graphql.test_mutations import run
from tests.lifecycle.lives import LIVES
from tests.worlds import World as Seller
from tests.worlds import run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
OVERRIDE = "stageOverrides { id sku { code stage { slug } } stage { slug label } untilOn reason setBy isActive endedBy endReason }"
FOUND = "found { value unit reason explain { value text nodes { name } } }"
STATE = f"""query ($sku: String!) {{ skuStage(sku: $sku) {{ sku {{ code stage {{ slug }} }} stage {{ slug label }} evaluated {{ slug }}
    consecutive needed weekOn rule {FOUND} evidence {{ name label value {{ value reason }} }} }} }}"""
UNTIL = (NOW.date() + dt.timedelta(days=3)).isoformat()


@pytest.fixture(autouse=True)
def nothing_yet(world: World) -> None:
    for model in (StageOverride, StageChange, StageState, CategoryStage):
        model.objects.all().delete()


def evaluated(world: World, code: str, weekly: list[float], *, at: dt.datetime = NOW) -> Sku:
    """A SKU of the world's category, sold on the user's own account and evaluated."""
    sku = Sku.objects.create(code=code, category=world.sku.category)
    monday = at.date() - dt.timedelta(days=at.weekday())
    seller = Seller(world.mine.account, world.mine.pool, world.mine.warehouse, None)  # type: ignore[arg-type]  # nobody supplies it
    seller.sold(sku, [qty / 7 for qty in weekly for _day in range(7)], last_on=monday - dt.timedelta(days=1))
    run_cycle("lifecycle", at)
    return sku


def test_h9_a_stage_is_seen_with_its_evidence_and_its_formula(world: World, ask: Ask) -> None:
    evaluated(world, "DOWN", LIVES["DOWN"])
    found = ask(world.me, STATE, {"sku": "DOWN"}).data["skuStage"]
    assert found["sku"] == {"code": "DOWN", "stage": {"slug": "decline"}}
    assert (found["stage"], found["evaluated"], found["consecutive"], found["needed"], found["rule"]) == (
        {"slug": "decline", "label": "Decline"}, {"slug": "decline"}, 1, 0, "sales-curve",
    )  # fmt: skip
    assert (found["found"]["value"], found["found"]["unit"], found["found"]["explain"]["value"]) == ("3", "stage", "3")
    evidence = {each["name"]: (each["label"], each["value"]["value"]) for each in found["evidence"]}
    assert evidence["age_weeks"] == ("Weeks on sale", "44")
    assert evidence["seasonal"] == ("Follows the year", None)
    names = {node["name"] for node in found["found"]["explain"]["nodes"]}
    assert {"weeks_since_peak", "share_of_peak_8", "lifecycle_stage"} <= names
    history = ask(world.me, '{ stageChanges(skus: ["DOWN"]) { edges { node { kind stageFrom { slug } stageTo { slug } actor } } } }').data
    assert [edge["node"] for edge in history["stageChanges"]["edges"]] == [
        {"kind": "FIRST", "stageFrom": None, "stageTo": {"slug": "decline"}, "actor": "cycle:lifecycle"}
    ]


def test_a_sku_of_which_nothing_is_known_says_why(world: World, ask: Ask) -> None:
    run_cycle("lifecycle", NOW)
    found = ask(world.me, STATE, {"sku": "SKU-001"}).data["skuStage"]
    assert (found["found"]["value"], found["found"]["reason"], found["evaluated"]) == (None, "NO_SALES", None)
    assert found["stage"] is None or found["stage"]["slug"] == "growth"
    assert ask(world.me, STATE, {"sku": "NONE"}).data["skuStage"] is None


def test_h9_stages_of_many_skus_are_set_and_ended_by_hand(world: World, ask: Ask) -> None:
    Sku.objects.create(code="SKU-002", stage=Stage.objects.get(slug="growth"))
    given = {"skus": ["SKU-001", "SKU-002"], "stage": "decline", "untilOn": UNTIL, "reason": "out of fashion"}
    with clock.at(NOW):
        made = run(ask, world.me, "stageOverrideCreate", OVERRIDE, given)
    assert made["errors"] == []
    first = made["stageOverrides"][0]
    ids = [each["id"] for each in made["stageOverrides"]]
    assert {key: first[key] for key in first if key != "id"} == {
        "sku": {"code": "SKU-001", "stage": {"slug": "decline"}}, "stage": {"slug": "decline", "label": "Decline"}, "untilOn": UNTIL,
        "reason": "out of fashion", "setBy": "me", "isActive": True, "endedBy": "", "endReason": "",
    }  # fmt: skip
    listed = "{ stageOverrides { edges { node { sku { code } } } } }"
    assert len(ask(world.me, listed).data["stageOverrides"]["edges"]) == 2
    with clock.at(NOW):
        ended = run(ask, world.me, "stageOverrideCancel", OVERRIDE, {"ids": ids, "reason": "in fashion"})
    assert [(each["isActive"], each["endedBy"], each["sku"]["stage"]) for each in ended["stageOverrides"]] == [
        (False, "me", {"slug": "growth"})
    ] * 2
    assert ask(world.me, listed).data["stageOverrides"]["edges"] == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"skus": ["SKU-001", "NONE"]}, "not_found", ["skus", "1"]),
        ({"stage": "moon"}, "unknown_stage", ["stage"]),
        ({"reason": ""}, "reason_required", ["reason"]),
        ({"untilOn": "2020-01-01"}, "override_in_past", ["untilOn"]),
        ({"skus": ["SKU-001"] * 1001}, "too_many_rows", []),
    ],
)
def test_h9_what_is_wrong_is_refused_as_a_whole(world: World, ask: Ask, given: dict[str, Any], code: str, path: list[str]) -> None:
    wanted = {"skus": ["SKU-001"], "stage": "decline", "untilOn": UNTIL, "reason": "x"} | given
    with clock.at(NOW):
        told = run(ask, world.me, "stageOverrideCreate", OVERRIDE, wanted)
    assert told["stageOverrides"] == []
    assert [(error["code"], error["path"]) for error in told["errors"]] == [(code, ["input", *path])]
    assert not StageOverride.objects.exists()
    assert Sku.objects.get(code="SKU-001").stage == Stage.objects.get(slug="growth")


def test_h21_a_category_has_a_stage_and_shares(world: World, ask: Ask) -> None:
    evaluated(world, "OVER", LIVES["OVER"])
    category = world.sku.category
    assert category is not None
    query = """query ($category: String!) { categoryStage(category: $category) { category { code } stage { slug } skuCount
        shares { stage { slug } skus } } categoryStages { edges { node { shares { skus } } } } }"""
    found = ask(world.me, query, {"category": category.code}).data
    skus = Sku.objects.filter(category=category, is_bundle=False, deleted_at=None)
    assert found["categoryStage"]["stage"] == {"slug": "end_of_life"}
    assert found["categoryStage"]["skuCount"] == skus.count()
    assert found["categoryStage"]["shares"] == [
        {"stage": {"slug": "growth"}, "skus": skus.count() - 1}, {"stage": {"slug": "end_of_life"}, "skus": 1},
    ]  # fmt: skip


def test_h9_the_launch_s_curve_is_told_where_it_can_be_relied_on(world: World, ask: Ask) -> None:
    spread = [400.0 * bass_sales(0.02, 0.3, 10.0, float(week)) for week in range(1, 31)]
    evaluated(world, "TOLD", spread)
    evaluated(world, "SHORT", spread[:12], at=NOW + dt.timedelta(minutes=1))
    query = (
        """query ($sku: String!) { skuLifeCurve(sku: $sku) { from step values peakWeek { value reason } remainingQty { value reason } } }"""
    )
    with clock.at(NOW):
        told = ask(world.root, query, {"sku": "TOLD"}).data["skuLifeCurve"]
        short = ask(world.root, query, {"sku": "SHORT"}).data["skuLifeCurve"]
        assert ask(world.me, query, {"sku": "TOLD"}).data["skuLifeCurve"] is None
    assert (told["step"], len(told["values"]), told["peakWeek"]["reason"]) == ("P7D", 30, None)
    assert float(told["peakWeek"]["value"]) == pytest.approx(float(bass_peak_time(0.02, 0.3)), rel=0.05)
    assert (short["peakWeek"], short["remainingQty"]) == ({"value": None, "reason": "TOO_SHORT"},) * 2


def test_h21_the_season_index_of_a_sku_and_of_its_category_is_seen_by_who_sees_all_accounts(world: World, ask: Ask) -> None:
    category = Category.objects.create(code="fans", name="Fans")
    fan, new = (Sku.objects.create(code=code, category=category) for code in ("FAN", "NEW"))
    seller = Seller(world.mine.account, world.mine.pool, world.mine.warehouse, None)  # type: ignore[arg-type]  # nobody supplies it
    yesterday = NOW.date() - dt.timedelta(days=1)
    days = [yesterday - dt.timedelta(days=back) for back in range(1200, -1, -1)]
    seller.sold(fan, [30.0 if day.month in (6, 7, 8) else 10.0 for day in days], last_on=yesterday)
    seller.sold(new, [10.0] * 100, last_on=yesterday)
    index = "{ firstOn lastOn skus ofSkus months { month index { value unit reason } } }"
    query = f'query ($sku: String!) {{ skuSeasonIndex(sku: $sku) {index} categorySeasonIndex(category: "fans") {index} }}'
    with clock.at(NOW):
        told = ask(world.root, query, {"sku": "FAN"}).data
        short = ask(world.root, query, {"sku": "NEW"}).data["skuSeasonIndex"]
        nothing = ask(world.root, query, {"sku": "NONE"}).data["skuSeasonIndex"]
        narrow = ask(world.me, query, {"sku": "FAN"}).data
    summer, others = 2.0, 2.0 / 3.0
    of_fan = [float(each["index"]["value"]) for each in told["skuSeasonIndex"]["months"]]
    assert of_fan == pytest.approx([others] * 5 + [summer] * 3 + [others] * 4, rel=0.02)
    assert [each["month"] for each in told["skuSeasonIndex"]["months"]] == list(range(1, 13))
    assert {(each["index"]["unit"], each["index"]["reason"]) for each in told["skuSeasonIndex"]["months"]} == {("1", None)}
    of_category = told["categorySeasonIndex"]
    assert (of_category["skus"], of_category["ofSkus"]) == (2, 2)
    assert float(of_category["months"][6]["index"]["value"]) > 1.5
    first_on = dt.date(NOW.year - 3, NOW.month, 1)
    assert (told["skuSeasonIndex"]["firstOn"], told["skuSeasonIndex"]["lastOn"]) == (
        first_on.isoformat(), (NOW.date().replace(day=1) - dt.timedelta(days=1)).isoformat(),
    )  # fmt: skip
    assert [each["index"] for each in short["months"]] == [{"value": None, "unit": "1", "reason": "SHORT_HISTORY"}] * 12
    assert (nothing, narrow) == (None, {"skuSeasonIndex": None, "categorySeasonIndex": None})


def test_h9_the_terms_of_buying_say_where_they_come_from(world: World, ask: Ask) -> None:
    query = """query ($sku: String!, $pool: String!) { buyingTerms(sku: $sku, pool: $pool) {
        term { slug label } value { value unit } source { slug label } } }"""
    Sku.objects.filter(code="SKU-001").update(stage=Stage.objects.get(slug="end_of_life"))
    StockPolicy.objects.create(sku=world.sku, pool=world.mine.pool, service_level=0.97)
    terms = ask(world.me, query, {"sku": "SKU-001", "pool": "mine-pool"}).data["buyingTerms"]
    assert [(each["term"]["slug"], each["value"]["value"], each["source"]["slug"]) for each in terms] == [
        ("is_replenished", "0", "stage"), ("service_level", "0.97", "policy"), ("review_period", "7", "default"),
    ]  # fmt: skip
    assert terms[0]["source"]["label"] == "The SKU's stage"
    assert ask(world.me, query, {"sku": "SKU-001", "pool": "theirs-pool"}).data["buyingTerms"] == []
