"""The life-cycle cycle: which stage each SKU is in, when it changes, and what is kept of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from stockhub.catalog.models import Season, Sku, Stage
from stockhub.catalog.services import SkuInput, upsert_sku
from stockhub.core import clock
from stockhub.cycles.models import CycleStatus
from stockhub.demand.models import SalesSeries, StockoutSeries
from stockhub.lifecycle.models import ChangeKind, StageChange, StageState
from stockhub.lifecycle.weeks import last_week_on, weekly_demand
from stockhub.outbox.models import Event
from tests.lifecycle.lives import LAST_ON, LIVES, PLATEAU, RAMP, STAGES, sold_by_week, stage_of
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
WEEK = timedelta(days=7)


@pytest.fixture
def world() -> World:
    return make_world()


def test_h9_h21_every_sku_gets_the_stage_that_its_sales_speak_for_with_evidence(world: World) -> None:
    for code, weekly in LIVES.items():
        sold_by_week(world, code, weekly)
    sold_by_week(world, "CLEARED", PLATEAU, is_clearance=True)
    cycle = run_cycle("lifecycle")
    assert (cycle.status, cycle.counts["skus"], cycle.counts["stages_changed"]) == (CycleStatus.DONE, 6, 6)
    assert {code: stage_of(code) for code in LIVES} == STAGES
    assert stage_of("CLEARED") == "liquidation"
    state = StageState.objects.select_related("formula").get(sku__code="DOWN")
    assert (state.stage and state.stage.slug, state.week_on, state.consecutive, state.reason) == ("decline", LAST_ON, 1, "")
    assert state.evidence["age_weeks"] == 44.0
    assert state.evidence["share_of_peak_8"] == pytest.approx(np.mean([0.9**week for week in range(4, 12)]), rel=1e-5)
    line = StageChange.objects.get(sku__code="DOWN")
    assert (line.kind, line.stage_from, line.stage_to and line.stage_to.slug, line.rule) == ("first", None, "decline", "sales-curve")
    assert (line.evidence, line.week_on) == (state.evidence, LAST_ON)
    event = Event.objects.get(kind="catalog.sku_changed.v1", entity_id=state.sku_id)
    decline = Stage.objects.get(slug="decline")
    assert event.payload == {"created": False, "version": 2, "changes": {"stage_id": [None, decline.pk]}}


def test_running_twice_changes_nothing(world: World) -> None:
    for code, weekly in LIVES.items():
        sold_by_week(world, code, weekly)
    world.sku("NEVER")
    run_cycle("lifecycle")

    def everything() -> list[Any]:
        skus = list(Sku.objects.order_by("pk").values_list("code", "stage_id", "version", "updated_at"))
        return [skus, list(StageState.objects.order_by("pk").values()), list(StageChange.objects.order_by("pk").values())]

    before = everything()
    again = run_cycle("lifecycle", NOW + timedelta(hours=5))
    assert (again.status, everything()) == (CycleStatus.DONE, before)
    assert "states" not in again.counts


def weekly_runs(world: World, code: str, weekly: list[float], *, weeks: int) -> list[str | None]:
    """The stages that a SKU has after each of the last `weeks` weeks' runs."""
    sku = sold_by_week(world, code, weekly)
    told = []
    for back in reversed(range(weeks)):
        run_cycle("lifecycle", NOW - back * WEEK, (code,))
        told.append(stage_of(sku.code))
    return told


def test_h9_a_change_forward_needs_two_evaluations_and_four_weeks_in_the_stage(world: World) -> None:
    falling = RAMP + PLATEAU + [80.0] * 4 + [20.0] * 12
    told = weekly_runs(world, "FALLS", falling, weeks=12)
    change = told.index("decline")
    assert told == ["maturity"] * change + ["decline"] * (12 - change)
    kinds = list(StageChange.objects.order_by("pk").values_list("kind", "consecutive", "needed"))
    assert kinds == [("first", 1, 0), ("pending", 1, 2), ("changed", 2, 2)]
    settled, pending = StageChange.objects.get(kind="changed"), StageChange.objects.get(kind="pending")
    assert settled.week_on - pending.week_on == WEEK


def test_h9_a_change_backward_needs_three_evaluations(world: World) -> None:
    # Falls to a third, then climbs steeply: decline is left for growth.
    recovering = RAMP + PLATEAU + [80.0] * 4 + [25.0] * 14 + [30.0 * 1.12**week for week in range(14)]
    told = weekly_runs(world, "BACK", recovering, weeks=20)
    back = StageChange.objects.get(kind="changed", stage_to__slug="growth")
    pending = StageChange.objects.filter(kind="pending", evaluated__slug="growth", week_on__lt=back.week_on).latest("week_on")
    assert (back.stage_from and back.stage_from.slug, back.consecutive, back.needed) == ("decline", 3, 3)
    assert back.week_on - pending.week_on == 2 * WEEK
    assert told[-1] == "growth"


def test_h9_a_stage_that_is_found_no_longer_is_withdrawn(world: World) -> None:
    sku = sold_by_week(world, "BLIP", RAMP + PLATEAU)
    run_cycle("lifecycle", NOW - 2 * WEEK)
    state = StageState.objects.get()
    # As if the week before had found decline once.
    StageState.objects.update(evaluated=Stage.objects.get(slug="decline"), consecutive=1)
    run_cycle("lifecycle", NOW - WEEK)
    assert StageChange.objects.latest("pk").kind == ChangeKind.WITHDRAWN
    assert (stage_of(sku.code), state.stage and state.stage.slug) == ("maturity", "maturity")


def test_weeks_without_a_run_break_a_row_of_findings_and_count_for_the_time_in_the_stage(world: World) -> None:
    sold_by_week(world, "GAP", RAMP + PLATEAU + [80.0] * 4 + [20.0] * 14)
    for back in (12, 8):
        run_cycle("lifecycle", NOW - back * WEEK)
    state = StageState.objects.get()
    assert (stage_of("GAP"), state.evaluated and state.evaluated.slug, state.weeks_in_stage) == ("maturity", "decline", 4)
    run_cycle("lifecycle", NOW - 6 * WEEK)
    state.refresh_from_db()
    assert (stage_of("GAP"), state.consecutive) == ("maturity", 1)
    run_cycle("lifecycle", NOW - 5 * WEEK)
    assert stage_of("GAP") == "decline"


def test_property_nothing_after_the_cut_off_changes_a_stage(world: World) -> None:
    rng = np.random.default_rng(3)
    for number, weekly in enumerate(LIVES.values()):
        sold_by_week(world, f"S{number}", weekly)
    run_cycle("lifecycle")
    expected = {state.sku_id: (state.stage_id, state.evidence) for state in StageState.objects.all()}
    StageState.objects.all().delete()
    Sku.objects.update(stage=None)
    for series in SalesSeries.objects.all():
        after = rng.permutation(np.concatenate([rng.poisson(500, 3), [0.0]])).astype("<f4")
        series.daily = np.concatenate([series.daily, after])
        series.save()
    run_cycle("lifecycle", NOW + timedelta(days=3))
    assert {state.sku_id: (state.stage_id, state.evidence) for state in StageState.objects.all()} == expected


def out_of_stock(world: World, sku: Sku, weeks: int) -> None:
    """No stock in the last weeks, and nothing sold."""
    days = 7 * weeks
    StockoutSeries.objects.create(sku=sku, pool=world.pool, first_on=LAST_ON - timedelta(days=days - 1), in_stock=np.zeros(days, np.uint8))
    series = SalesSeries.objects.get(sku=sku)
    daily = series.daily.copy()
    daily[-days:] = 0.0
    series.daily = daily
    series.save()


def test_h9_weeks_out_of_stock_are_masked_and_are_no_decline(world: World) -> None:
    sku = sold_by_week(world, "OUT", RAMP + PLATEAU + [80.0] * 12)
    out_of_stock(world, sku, 10)
    run_cycle("lifecycle", NOW - 11 * WEEK)
    for back in reversed(range(10)):
        run_cycle("lifecycle", NOW - back * WEEK)
    state = StageState.objects.get()
    assert (stage_of("OUT"), state.evaluated, state.reason, state.consecutive) == ("maturity", None, "WEEK_NOT_OBSERVED", 0)
    assert not StageChange.objects.exclude(kind="first").exists()
    # The same sales with stock are the end.
    StockoutSeries.objects.all().delete()
    other = sold_by_week(world, "UNWANTED", RAMP + PLATEAU + [80.0] * 2 + [0.0] * 10)
    run_cycle("lifecycle", NOW + timedelta(hours=1), (other.code,))
    assert stage_of("UNWANTED") == "end_of_life"


def test_h9_the_season_of_two_years_is_taken_out_and_one_year_off_season_is_no_decline(world: World) -> None:
    week = np.arange(120)
    wave = (50.0 * (1.0 + 0.8 * np.cos(2 * np.pi * (week - 119 + 26) / 52))).tolist()
    sold_by_week(world, "TWO-YEARS", wave)
    winter = Season.objects.create(code="summer", name="Summer", starts_month=6, starts_day=1, ends_month=8, ends_day=31)
    sold_by_week(world, "ONE-YEAR", wave[-60:], season=winter)
    sold_by_week(world, "NOT-FLAGGED", wave[-60:])
    run_cycle("lifecycle")
    assert (stage_of("TWO-YEARS"), stage_of("ONE-YEAR"), stage_of("NOT-FLAGGED")) == ("maturity", None, "end_of_life")
    state = StageState.objects.get(sku__code="ONE-YEAR")
    assert (state.reason, state.evidence["off_season"]) == ("OFF_SEASON", 1.0)


@pytest.mark.parametrize(
    ("code", "daily", "reason"),
    [
        ("ZEROS", [0.0] * 300, "NO_SALES"),
        ("HOLES", [5.0] + [np.nan] * 299, "NOT_A_NUMBER"),
        ("MINUS", [5.0] * 7 + [-5.0] * 293, "NEGATIVE_SALES"),
        ("ABSURD", [5.0] * 7 + [1e12] * 293, "IMPLAUSIBLE_QUANTITY"),
    ],
)
def test_bad_figures_have_a_named_reason_and_leave_the_stage_as_it_is(world: World, code: str, daily: list[float], reason: str) -> None:
    growth = Stage.objects.get(slug="growth")
    sku = world.sku(code)
    Sku.objects.update(stage=growth)
    world.sold(sku, daily, last_on=LAST_ON)
    assert run_cycle("lifecycle").status == CycleStatus.DONE
    state = StageState.objects.get()
    assert (state.reason, state.evaluated, stage_of(code)) == (reason, None, "growth")
    assert not StageChange.objects.exists()


def test_one_week_of_an_old_sku_says_nothing_and_of_a_new_one_that_it_is_new(world: World) -> None:
    sold_by_week(world, "OLD", [70.0], launched_on=date(2024, 1, 1))
    sold_by_week(world, "NEW", [70.0])
    world.sku("NEVER-SOLD")
    run_cycle("lifecycle")
    reasons = dict(StageState.objects.values_list("sku__code", "reason"))
    assert reasons == {"OLD": "TOO_FEW_WEEKS", "NEW": "", "NEVER-SOLD": "NO_SALES"}
    assert [stage_of(code) for code in ("OLD", "NEW", "NEVER-SOLD")] == [None, "introduction", None]


def test_a_stage_that_somebody_stated_is_where_the_evaluations_begin(world: World) -> None:
    sold_by_week(world, "STATED", RAMP + PLATEAU, stage=Stage.objects.get(slug="growth"))
    run_cycle("lifecycle", NOW - WEEK)
    assert stage_of("STATED") == "growth"
    run_cycle("lifecycle")
    assert stage_of("STATED") == "maturity"
    with clock.at(NOW):
        upsert_sku(SkuInput(code="STATED", stage="decline"))
    run_cycle("lifecycle", NOW + WEEK)
    assert stage_of("STATED") == "decline"
    line = StageChange.objects.get(kind="stated")
    assert (line.stage_from and line.stage_from.slug, line.stage_to and line.stage_to.slug, line.rule) == ("maturity", "decline", "")
    assert StageState.objects.get().weeks_in_stage == 1


def test_a_stage_of_somebodys_own_is_left_alone(world: World) -> None:
    own = Stage.objects.create(slug="exclusive", name_en="Exclusive", name_zh="独家", position=9)
    sold_by_week(world, "OWN", LIVES["OVER"], stage=own)
    run_cycle("lifecycle")
    assert (stage_of("OWN"), StageState.objects.exists()) == ("exclusive", False)


def test_h9_a_clearance_is_liquidation_at_once_and_leaves_like_any_step_back(world: World) -> None:
    sku = sold_by_week(world, "CLEAR", RAMP + PLATEAU + [80.0] * 12)
    run_cycle("lifecycle", NOW - 8 * WEEK)
    Sku.objects.filter(pk=sku.pk).update(is_clearance=True)
    run_cycle("lifecycle", NOW - 7 * WEEK)
    assert stage_of("CLEAR") == "liquidation"
    Sku.objects.filter(pk=sku.pk).update(is_clearance=False)
    told = []
    for back in reversed(range(7)):
        run_cycle("lifecycle", NOW - back * WEEK)
        told.append(stage_of("CLEAR"))
    assert told == ["liquidation"] * 3 + ["maturity"] * 4


def test_weeks_begin_on_the_day_of_the_setting(world: World, settings: Any) -> None:  # noqa: ANN401 - a fixture
    sku = sold_by_week(world, "TEA", [7.0, 14.0, 21.0])
    demand = weekly_demand([sku.pk], LAST_ON, weeks=4)
    assert demand.weekly[0, 1:].tolist() == pytest.approx([7.0, 14.0, 21.0])
    assert np.isnan(demand.weekly[0, 0])
    assert last_week_on(NOW) == LAST_ON
    settings.STOCKHUB_WEEK_STARTS_ON = 7
    assert last_week_on(NOW) == DAY - timedelta(days=2)
