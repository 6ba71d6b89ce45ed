"""Warning lines that follow the forecast: at once, by the week or by the month, whoever starts the run and however often."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from stockhub.alerts.adjusting import period_of
from stockhub.alerts.models import Alert
from stockhub.catalog.models import Sku, StockPolicy
from stockhub.catalog.override_models import Line, LineSchedule, ThresholdAdjustment
from stockhub.demand.models import Forecast
from stockhub.outbox.models import Event
from stockhub.snapshot.effective_lines import effective_lines
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DAY = timedelta(days=1)


@pytest.fixture
def world() -> World:
    return make_world()


def followed(world: World, code: str = "TEA", *, schedule: str | None = None, rate: float = 10.0, days: float = 30.0) -> Sku:
    """A SKU whose line is so many days of its forecast."""
    sku = world.selling(code, stock=5000, rate=rate)
    StockPolicy.objects.create(sku=sku, pool=world.pool, alert_cover_days=days, alert_schedule=schedule)
    return sku


def forecast(world: World, sku: Sku, rate: float, at: datetime) -> None:
    """A new forecast, as the nightly cycle leaves it."""
    world.forecast(sku, rate, made_at=at)
    Forecast.objects.filter(sku=sku).update(first_on=at.date())


def line(world: World, sku: Sku, at: datetime = NOW, which: Line = Line.ALERT_THRESHOLD) -> tuple[float | None, str]:
    [found] = [each for each in effective_lines(sku_id=sku.pk, pool_id=world.pool.pk, as_of=at) if each.line == which]
    return found.value, found.source


def adjustments() -> list[tuple[date, int, int | None, bool]]:
    rows = ThresholdAdjustment.objects.order_by("period_on", "id")
    return list(rows.values_list("period_on", "qty", "previous_qty", "is_current"))


def test_h25_the_forecast_doubles_and_the_line_doubles_without_an_edit(world: World) -> None:
    sku = followed(world)
    before = StockPolicy.objects.values().get()
    assert line(world, sku) == (300.0, "forecast")
    forecast(world, sku, 20.0, NOW)
    assert line(world, sku) == (600.0, "forecast")
    assert StockPolicy.objects.values().get() == before


def test_h25_stock_that_was_enough_falls_below_a_line_that_has_doubled(world: World) -> None:
    sku = world.selling("TEA", stock=400, rate=10.0)
    StockPolicy.objects.create(sku=sku, alert_cover_days=30.0)
    run_cycle("warnings")
    assert not Alert.objects.filter(kind="below-threshold").exists()
    forecast(world, sku, 20.0, NOW)
    run_cycle("warnings", NOW + timedelta(minutes=15))
    alert = Alert.objects.get(kind="below-threshold")
    assert (alert.value, alert.inputs["alert_threshold"]) == (200.0, 600.0)


@pytest.mark.one_database
def test_h25_a_line_never_lies_below_the_quantity_that_a_policy_states_and_one_without_forecast_is_that(world: World) -> None:
    sku = followed(world)
    StockPolicy.objects.update(alert_threshold_qty=350)
    assert line(world, sku) == (350.0, "policy")
    forecast(world, sku, 20.0, NOW)
    assert line(world, sku) == (600.0, "forecast")
    Forecast.objects.all().delete()
    assert line(world, sku) == (350.0, "policy")
    StockPolicy.objects.update(alert_threshold_qty=None)
    assert line(world, sku) == (None, "none")


@pytest.mark.one_database
def test_h25_a_policy_for_a_pool_goes_before_one_for_all(world: World) -> None:
    sku = followed(world, days=30.0)
    StockPolicy.objects.create(sku=sku, alert_cover_days=5.0)
    other = world.selling("CUP", stock=10, rate=10.0)
    StockPolicy.objects.create(sku=other, alert_cover_days=5.0)
    assert [line(world, each)[0] for each in (sku, other)] == [300.0, 50.0]


def test_h64_a_weekly_line_is_set_once_a_week_and_holds_until_the_next(world: World) -> None:
    """NOW is a Monday."""
    sku = followed(world, schedule=LineSchedule.WEEKLY)
    run_cycle("thresholds", NOW)
    assert line(world, sku) == (300.0, "adjustment")
    for days in range(1, 7):
        forecast(world, sku, 10.0 + days, NOW + days * DAY)
        assert run_cycle("thresholds", NOW + days * DAY).counts.get("adjusted", 0) == 0
        assert line(world, sku, NOW + days * DAY) == (300.0, "adjustment")
    run_cycle("thresholds", NOW + 7 * DAY)
    assert line(world, sku, NOW + 7 * DAY) == (480.0, "adjustment")
    assert adjustments() == [(date(2026, 3, 2), 300, None, False), (date(2026, 3, 9), 480, 300, True)]
    told = Event.objects.filter(kind="catalog.thresholds_adjusted.v1").order_by("id").values_list("payload", flat=True)
    assert list(told) == [{"sku_ids": [sku.pk], "lines": 1}] * 2


@pytest.mark.one_database
def test_h64_a_monthly_line_is_set_once_a_natural_month(world: World) -> None:
    sku = followed(world, schedule=LineSchedule.MONTHLY)
    for at in (NOW, NOW + 29 * DAY, NOW + 30 * DAY):
        forecast(world, sku, 10.0 + (at - NOW).days, at)
        run_cycle("thresholds", at)
    assert adjustments() == [(date(2026, 3, 1), 300, None, False), (date(2026, 4, 1), 1200, 300, True)]


@pytest.mark.one_database
def test_h64_a_schedule_that_is_changed_sets_the_line_anew_and_back_finds_its_own(world: World) -> None:
    sku = followed(world, schedule=LineSchedule.WEEKLY)
    run_cycle("thresholds", NOW)
    StockPolicy.objects.update(alert_schedule=LineSchedule.MONTHLY)
    forecast(world, sku, 20.0, NOW)
    # Until the schedule has set one, the line follows at once.
    assert line(world, sku) == (600.0, "forecast")
    run_cycle("thresholds", NOW + timedelta(hours=1))
    assert line(world, sku) == (600.0, "adjustment")
    StockPolicy.objects.update(alert_schedule=LineSchedule.WEEKLY)
    run_cycle("thresholds", NOW + timedelta(hours=2))
    assert line(world, sku) == (300.0, "adjustment")
    assert ThresholdAdjustment.objects.filter(is_current=True).count() == 1


@pytest.mark.one_database
def test_h64_without_a_forecast_the_line_stays_and_is_set_later_in_its_week(world: World) -> None:
    sku = followed(world, schedule=LineSchedule.WEEKLY)
    run_cycle("thresholds", NOW)
    Forecast.objects.all().delete()
    cycle = run_cycle("thresholds", NOW + 7 * DAY)
    assert (cycle.counts["missing.NO_FORECAST"], line(world, sku, NOW + 7 * DAY)) == (1, (300.0, "adjustment"))
    forecast(world, sku, 20.0, NOW + 8 * DAY)
    run_cycle("thresholds", NOW + 8 * DAY)
    assert line(world, sku, NOW + 8 * DAY) == (600.0, "adjustment")


def test_h64_a_run_for_a_day_that_is_past_replaces_nothing_newer(world: World) -> None:
    sku = followed(world, schedule=LineSchedule.WEEKLY)
    forecast(world, sku, 20.0, NOW + 7 * DAY)
    run_cycle("thresholds", NOW + 7 * DAY)
    run_cycle("thresholds", NOW + 6 * DAY)
    assert adjustments() == [(date(2026, 3, 9), 600, None, True)]


def test_h64_an_absurd_forecast_is_the_largest_line_there_is_and_stops_nothing(world: World) -> None:
    followed(world, schedule=LineSchedule.WEEKLY)
    absurd = followed(world, "ABSURD", schedule=LineSchedule.WEEKLY)
    forecast(world, absurd, 1e12, NOW)
    assert run_cycle("thresholds", NOW).counts["adjusted"] == 2
    assert [qty for _day, qty, *_rest in adjustments()] == [300, 2**31 - 1]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("first", "day", "begins"),
    [(1, date(2026, 3, 8), date(2026, 3, 2)), (7, date(2026, 3, 8), date(2026, 3, 8)), (7, date(2026, 3, 7), date(2026, 3, 1))],
)
def test_h64_the_weeks_first_day_is_a_setting(settings: Settings, first: int, day: date, begins: date) -> None:
    settings.STOCKHUB_WEEK_STARTS_ON = first
    assert (period_of("weekly", day), period_of("monthly", day)) == (begins, date(2026, 3, 1))
