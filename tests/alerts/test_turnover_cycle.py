"""From facts in the database over the nightly cycle to alerts: turnover, category, season, cliff, generation and market."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command

from stockhub.access.models import User
from stockhub.alerts.explanations import explanations_of
from stockhub.alerts.models import Alert, EscalationStep
from stockhub.alerts.parameter_models import RuleParameter
from stockhub.alerts.wording import headline
from stockhub.catalog.benchmarks import BenchmarkInput, record_benchmarks
from stockhub.catalog.models import Category, Season, Sku, SkuRelation
from stockhub.channels.market import MarketRecord, record_market
from stockhub.core import clock
from stockhub.demand.turnover_models import CategoryTurnover, DemandCliff, TurnoverHistory
from stockhub.inventory.models import StockHistory
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
#: March 2025 to February 2026, the twelve complete months before 2 March 2026.
FIRST = date(2025, 3, 1)
MONTH_DAYS = (31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28)


@pytest.fixture
def world() -> World:
    return make_world()


def year(world: World, code: str, turnover: Sequence[float], *, units: int = 365, stock: int = 2000, category: str = "") -> Sku:
    """A SKU that held `units` for a year and turned so often in each month, and holds `stock` now; it sells on as in the last month."""
    sku = world.sku(code)
    if category:
        sku.category = Category.objects.get_or_create(code=category, defaults={"name": category})[0]
        sku.save()
    daily = [rate * units / 365 for rate, days in zip(turnover, MONTH_DAYS, strict=True) for _day in range(days)]
    world.sold(sku, [*daily, daily[-1], daily[-1]])
    keep_stock(world, sku, [float(units)] * (sum(MONTH_DAYS) + 1))
    world.stock(sku, stock, at=NOW - timedelta(hours=1))
    return sku


def keep_stock(world: World, sku: Sku, per_day: Sequence[float], *, last_on: date = DAY - timedelta(days=1)) -> None:
    first = last_on - timedelta(days=len(per_day) - 1)
    StockHistory.objects.create(sku=sku, warehouse=world.warehouse, first_on=first, qty=np.array(per_day, np.float32))


def evaluated() -> None:
    assert run_cycle("forecast").status == "done"
    assert run_cycle("warnings", NOW + timedelta(minutes=5)).status == "done"


def found(kind: str) -> dict[str, int]:
    return dict(Alert.objects.filter(kind=kind).exclude(status="resolved").values_list("sku__code", "level"))


def alert_of(kind: str, code: str) -> Alert:
    return Alert.objects.select_related("sku", "pool", "template").get(kind=kind, sku__code=code)


def test_h29_three_months_below_the_own_year_put_clearance_on_the_agenda(world: World) -> None:
    year(world, "SLOW", [6.4] * 9 + [4.8] * 3)
    year(world, "STEADY", [6.0] * 12)
    year(world, "LAST", [6.0] * 10 + [6.2, 4.8])
    evaluated()
    kept = TurnoverHistory.objects.get(sku__code="SLOW")
    assert kept.last_month == date(2026, 2, 1)
    assert kept.held.tolist() == [365.0] * 12
    np.testing.assert_allclose(kept.sold, [6.4 * days for days in MONTH_DAYS[:9]] + [4.8 * days for days in MONTH_DAYS[9:]], rtol=1e-6)
    assert found("turnover-below-norm") == {"SLOW": 1}
    alert = alert_of("turnover-below-norm", "SLOW")
    assert alert.value == pytest.approx(0.2, rel=1e-5)
    assert (alert.unit, alert.side) == ("share", "excess")
    assert float(alert.money_amount or 0) == pytest.approx(2000 * 0.2 * 40, rel=1e-5)
    assert explanations_of(alert)["value"].evaluate() == pytest.approx(alert.value, rel=1e-12)
    assert headline(alert).startswith("SLOW in cn · Turnover below the norm: 20 % · 16,000.00 CNY at stake")


def test_h29_the_benchmark_of_a_category_holds_for_all_beneath_it_and_not_for_ever(world: World) -> None:
    home = Category.objects.create(code="home", name="home")
    sku = year(world, "POT", [5.5] * 12, category="kitchen")
    Category.objects.filter(code="kitchen").update(parent=home)
    with clock.at(NOW):
        [made] = record_benchmarks([BenchmarkInput("home", 8.0, DAY - timedelta(days=100), "trade journal")])
    assert made.status == "created"
    evaluated()
    assert found("turnover-below-norm") == {"POT": 1}
    assert alert_of("turnover-below-norm", "POT").value == pytest.approx(1 - 5.5 / 8, rel=1e-5)
    # The same figure of another year is out of date: the own year is the norm then, and nothing is below it.
    sku.category.benchmarks.all().delete()  # type: ignore[union-attr]
    home.benchmarks.update(as_of=DAY - timedelta(days=456))
    for minutes in (20, 35):
        run_cycle("warnings", NOW + timedelta(minutes=minutes))
    assert found("turnover-below-norm") == {}
    told = Alert.objects.get(kind="old-benchmarks")
    assert headline(told).endswith("The benchmark of 1 category is too old to be used: import a new one, or let it be.")
    home.benchmarks.update(as_of=DAY - timedelta(days=455))
    run_cycle("warnings", NOW + timedelta(minutes=50))
    assert Alert.objects.get(pk=told.pk).status == "resolved"
    # The age is the one that the rule's parameters say for the category.
    RuleParameter.objects.create(
        rule="turnover-below-norm", parameter="benchmark_max_age", value=400, scope="category", category=home, starts_at=NOW, set_at=NOW,
        reason="x", set_by="x",
    )  # fmt: skip
    run_cycle("warnings", NOW + timedelta(minutes=65))
    assert Alert.objects.exclude(status="resolved").filter(kind="old-benchmarks").count() == 1


def test_a_gap_in_the_history_of_stock_is_named_and_never_zero(world: World) -> None:
    sku = year(world, "GAP", [6.4] * 9 + [4.8] * 3)
    history = StockHistory.objects.get(sku=sku)
    qty = history.qty.copy()
    qty[-29:-14] = np.nan
    StockHistory.objects.filter(pk=history.pk).update(qty=qty)
    assert run_cycle("forecast").status == "done"
    cycle = run_cycle("warnings", NOW + timedelta(minutes=5))
    assert found("turnover-below-norm") == {}
    assert cycle.counts["turnover-below-norm.HOLES_IN_HISTORY"] == 1
    assert np.isnan(TurnoverHistory.objects.get(sku=sku).held).tolist() == [False] * 11 + [True]


def test_h30_a_streak_of_three_months_with_too_much_stock_is_evaluated_for_clearance(world: World) -> None:
    # 3 units a day and some 22 days are safe: 2,000 units are far more, 20 are not.
    year(world, "FALL", [10.0] * 9 + [8.0, 6.4, 5.12])
    year(world, "FEW", [10.0] * 9 + [8.0, 6.4, 5.12], stock=20)
    year(world, "PAUSE", [10.0] * 9 + [8.0, 8.1, 5.12])
    evaluated()
    assert found("turnover-streak") == {"FALL": 1}
    assert alert_of("turnover-streak", "FALL").value == pytest.approx(0.488, rel=1e-5)


def test_h31_the_pool_is_normal_and_only_category_b_is_proposed(world: World) -> None:
    for number in range(3):
        year(world, f"A{number}", [6.0] * 12, units=3650, category="A")
    # Category B turned at 10 for nine months and at 3 since: 3 of a mean of 8.25 is 36 %.
    year(world, "B0", [10.0] * 9 + [3.0] * 3, category="B")
    year(world, "B1", [10.0] * 9 + [3.0] * 3, category="B", stock=10)
    evaluated()
    assert found("category-structure") == {"B0": 1}
    sums = {row.category.code if row.category else "*": row for row in CategoryTurnover.objects.select_related("category")}
    assert sorted(sums) == ["*", "A", "B"]
    assert [sums[name].skus for name in "*AB"] == [5, 3, 2]
    # At a cost of 40 each.
    np.testing.assert_allclose(sums["B"].inventory, [2 * 365 * 40.0] * 12)
    np.testing.assert_allclose(sums["B"].cogs[-1], 2 * 3.0 * 28 * 40, rtol=1e-6)
    assert sums["A"].median == pytest.approx(6.0, rel=1e-5)
    value = alert_of("category-structure", "B0").value
    days = np.array(MONTH_DAYS)
    norm = (np.array([10.0] * 9 + [3.0] * 3) * days).sum() / 365
    assert value == pytest.approx(1 - 3.0 / norm, rel=1e-5)


def test_h31_a_touched_sku_alone_sees_its_whole_category(world: World) -> None:
    """An incremental evaluation of one SKU finds what the full cycle finds."""
    for number in range(3):
        year(world, f"A{number}", [6.0] * 12, units=3650, category="A")
    year(world, "B0", [10.0] * 9 + [3.0] * 3, category="B")
    assert run_cycle("forecast").status == "done"
    run_cycle("incremental", NOW + timedelta(minutes=5), skus=("B0",))
    assert found("category-structure") == {"B0": 1}


@pytest.mark.one_database
def test_h32_slow_and_deep_is_cleared_and_fast_and_short_goes_to_replenishment(world: World) -> None:
    year(world, "LH", [3.0] * 12, category="C")
    year(world, "LL", [3.0] * 12, category="C", stock=60)
    year(world, "MID", [6.0] * 12, category="C", stock=150)
    year(world, "HL", [12.0] * 12, category="C", stock=100)
    year(world, "HH", [12.0] * 12, category="C", stock=3000)
    evaluated()
    assert found("turnover-quadrant") == {"LH": 2, "HH": 1}
    # E6: 12 a day and 100 units are short, so the shortage rule has it, and nothing says that it is well.
    assert found("shortage")["HL"] >= 1
    assert headline(alert_of("turnover-quadrant", "LH")).startswith("LH in cn · Turnover against stock: clear now")


@pytest.mark.one_database
def test_h33_a_winter_coat_falls_by_42_percent_before_the_end_of_march(world: World) -> None:
    winter = Season.objects.create(code="winter", name="Winter", starts_month=11, starts_day=1, ends_month=3, ends_day=31)
    for code, last in (("COAT", 0.58), ("SCARF", 0.60), ("SUMMER", 0.58)):
        sku = world.sku(code)
        if code != "SUMMER":
            Sku.objects.filter(pk=sku.pk).update(season=winter)
        # Of a hundred units in stock, 10 a day and then 5.8 or exactly 6: whole numbers in tenths of a day's ten.
        world.sold(sku, [100.0] * 60 + [100.0] * 30 + [100.0 * last] * 30 + [0.0])
        keep_stock(world, sku, [1000.0] * 120)
        world.stock(sku, 900, at=NOW - timedelta(hours=1))
    evaluated()
    assert found("season-end") == {"COAT": 1}
    alert = alert_of("season-end", "COAT")
    assert alert.value == pytest.approx(0.42, abs=1e-6)
    assert alert.due_on == date(2026, 3, 31)


def test_h34_a_cliff_is_planned_for_within_24_hours_of_being_seen(world: World) -> None:
    EscalationStep.objects.create(position=1, user=User.objects.create_user("boss"))
    # What a shop brings along has no clock.
    type(world.account).objects.update(baseline_at=NOW - timedelta(days=9))
    for code, per_day in (("CLIFF", [10.0] * 80 + [3.0] * 10), ("BURST", [10.0] * 60 + [60.0] * 20 + [10.0] * 10), ("FLAT", [10.0] * 90)):
        sku = world.sku(code)
        world.sold(sku, per_day, last_on=DAY - timedelta(days=1))
        keep_stock(world, sku, [500.0] * 90)
        world.stock(sku, 500, at=NOW - timedelta(hours=1))
    evaluated()
    assert found("demand-cliff") == {"CLIFF": 2}
    cliff = DemandCliff.objects.get(sku__code="CLIFF")
    assert (cliff.broke_on, cliff.rate_before, cliff.rate_after) == (DAY - timedelta(days=10), 10.0, 3.0)
    assert cliff.detected_at == NOW
    alert = alert_of("demand-cliff", "CLIFF")
    assert alert.value == pytest.approx(0.7)
    assert alert.due_on == DAY + timedelta(days=1)
    run_cycle("escalation", NOW + timedelta(minutes=10))
    alert = alert_of("demand-cliff", "CLIFF")
    assert alert.resolve_by_at == alert.opened_at + timedelta(hours=24)
    # The next night sees the same cliff: it is due when it was.
    later = NOW + timedelta(days=1)
    assert run_cycle("forecast", later).status == "done"
    assert run_cycle("warnings", later + timedelta(minutes=5)).status == "done"
    assert DemandCliff.objects.get(sku__code="CLIFF").detected_at == NOW
    alert = alert_of("demand-cliff", "CLIFF")
    assert (alert.due_on, alert.resolve_by_at) == (DAY + timedelta(days=1), alert.opened_at + timedelta(hours=24))
    # Nobody has planned anything by then: the next person hears of it, once.
    for minutes in (15, 20):
        run_cycle("escalation", later + timedelta(minutes=minutes))
    assert alert.events.filter(what="escalated").count() == 1


@pytest.mark.one_database
def test_h34_a_cliff_two_weeks_before_the_successor_is_a_change_of_generation(world: World) -> None:
    old, new = world.sku("OLD"), world.sku("NEW")
    world.sold(old, [10.0] * 80 + [3.0] * 10, last_on=DAY - timedelta(days=1))
    keep_stock(world, old, [500.0] * 90)
    world.stock(old, 500, at=NOW - timedelta(hours=1))
    SkuRelation.objects.create(sku=new, other=old, kind="supersedes", valid_from=DAY + timedelta(days=14))
    evaluated()
    assert found("demand-cliff") == {"OLD": 3}
    assert found("generation-change") == {"OLD": 1}
    assert alert_of("generation-change", "OLD").due_on == DAY + timedelta(days=14)


@pytest.mark.one_database
def test_h34_a_successor_that_is_a_month_away_is_no_news(world: World) -> None:
    old, new = world.selling("OLD", stock=500, rate=3.0), world.sku("NEW")
    SkuRelation.objects.create(sku=new, other=old, kind="supersedes", valid_from=DAY + timedelta(days=30))
    run_cycle("warnings")
    assert found("generation-change") == {}


def rivals(sku: Sku, world: World, *, rank: float, sales: float, reviews: float, last: date = DAY) -> list[MarketRecord]:
    """Two rivals, told of every ten days: their figures of the last 30 days are such multiples of those of the 30 before."""
    rows = []
    for rival in ("R1", "R2"):
        total = 1000.0
        for back in range(50, -1, -10):
            recent = back < 30
            # Ten reviews a day, and the multiple since the last sight of the older thirty days.
            total += 0 if back == 50 else 100.0 * (reviews if back <= 20 else 1.0)
            rows.append(
                MarketRecord(
                    account=world.account.code, sku=sku.code, rival=rival, observed_on=last - timedelta(days=back),
                    sales_rank=round(100 * (rank if recent else 1.0)), monthly_sales=300.0 * (sales if recent else 1.0),
                    reviews=round(total), source="tool",
                )
            )  # fmt: skip
    return rows


def test_h41_the_market_shrinks_or_it_is_our_listing(world: World) -> None:
    falling = [10.0] * 60 + [6.0] * 30
    shrinking, alone, unwatched = (world.sku(code) for code in ("SHRINK", "ALONE", "UNWATCHED"))
    for sku in (shrinking, alone, unwatched):
        world.sold(sku, falling)
        world.stock(sku, 200)
        world.forecast(sku, 6.0)
    with clock.at(NOW):
        told = record_market(
            [*rivals(shrinking, world, rank=1.5, sales=0.7, reviews=0.5), *rivals(alone, world, rank=1.0, sales=1.0, reviews=1.0)]
        )
        assert {each.status for each in told} == {"created"}
        again = record_market(rivals(alone, world, rank=1.0, sales=1.0, reviews=1.0))
        assert {each.status for each in again} == {"unchanged"}
    trend = shrinking.market_trends.get()
    assert (trend.rank_change, trend.review_change) == (0.5, -0.5)
    assert trend.sales_change == pytest.approx(-0.3)
    assert (trend.rivals, trend.observed_on) == (2, DAY)
    cycle = run_cycle("warnings")
    assert found("market-fall") == {"SHRINK": 1, "ALONE": 2}
    assert cycle.counts["market-fall.NO_MARKET_DATA"] == 1
    assert headline(alert_of("market-fall", "SHRINK")).startswith("SHRINK in cn · Market shrinks, or listing and price: the market shrinks")
    assert headline(alert_of("market-fall", "ALONE")).startswith("ALONE in cn · Market shrinks, or listing and price: listing or price")


@pytest.mark.one_database
def test_h41_facts_about_rivals_that_are_too_old_are_named_and_not_used(world: World) -> None:
    sku = world.sku("OLD")
    world.sold(sku, [10.0] * 60 + [6.0] * 30)
    world.stock(sku, 200)
    world.forecast(sku, 6.0)
    with clock.at(NOW):
        record_market(rivals(sku, world, rank=1.5, sales=0.7, reviews=0.5, last=DAY - timedelta(days=22)))
    cycle = run_cycle("warnings")
    assert found("market-fall") == {}
    assert cycle.counts["market-fall.MARKET_DATA_OUT_OF_DATE"] == 1


def test_h29_h41_benchmarks_and_rivals_come_from_files(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = Category.objects.create(code="Home", name="Home")
    kitchen = Category.objects.create(code="Home/Kitchen", name="Kitchen", parent=home)
    sku = world.sku("POT")
    benchmarks, market = tmp_path / "benchmarks.csv", tmp_path / "market.csv"
    benchmarks.write_text(
        "类目,行业周转率,数据日期,来源\nHome / Kitchen,8.0,2025-12-31,journal\nGarden,4,2025-12-31,journal\nHome,400,2025-12-31,x\n",
        encoding="utf-8",
    )
    market.write_text(
        "sku,account,rival,date,bsr,est_monthly_sales,review_count\nPOT,dy,B01,2026-03-01,120,300,45\nPOT,dy,B01,2026-03-02,,,\n",
        encoding="utf-8",
    )
    with clock.at(NOW):
        for name, file in (("import_benchmarks", benchmarks), ("import_market", market), ("import_market", market)):
            call_command(name, str(file))
    assert [(b.category, b.turnover, b.as_of, b.source) for b in kitchen.benchmarks.all()] == [
        (kitchen, 8.0, date(2025, 12, 31), "journal")
    ]  # fmt: skip
    assert not home.benchmarks.exists()
    observed = sku.market_observations.get()
    assert (observed.rival, observed.sales_rank, observed.monthly_sales, observed.reviews) == ("B01", 120, 300.0, 45)
    report = capsys.readouterr().out
    assert "unknown_category" in report or "There is no such code" in report
