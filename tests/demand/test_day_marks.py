"""Days that people mark: kept as they are, left out, or with units of their own (F4); and which stock-out days are left out (F3)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from stockhub.catalog.models import StockPool
from stockhub.demand.cleaning.cleaned import cleaned
from stockhub.demand.frames import rows_of
from stockhub.demand.models import DayMark, Forecast, ForecastBasis, ForecastSettings, PlannedEvent, StockoutSeries
from stockhub.demand.reason_texts import reason_lines
from stockhub.demand.true_demand import TrueDemand, true_demand_of
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
YESTERDAY = DAY - timedelta(days=1)
#: Sixty ordinary days; a spread, so that a day of 400 is an outlier.
USUAL = [9.0, 10.0, 11.0, 10.0, 8.0, 12.0] * 10


@pytest.fixture
def world() -> World:
    ForecastSettings.objects.create(chain=["recent-average"], horizon_days=7, quantile_levels=[0.5, 0.9], history_days=60)
    return make_world()


def mark(day: date, treatment: str, code: str = "m", **given: Any) -> DayMark:  # noqa: ANN401 - columns of the model
    return DayMark.objects.create(
        code=code, treatment=treatment, **{"starts_on": day, "ends_on": day, "reason": "A fair", "made_by": "ana"} | given
    )


def truth(sku_id: int) -> TrueDemand:
    wanted = ForecastSettings.objects.get()
    wanted.quantile_levels = [0.5, 0.9]
    return true_demand_of(rows_of([sku_id]), wanted, last_on=YESTERDAY)


def day_of(place: int) -> date:
    """The date of one of the last sixty days."""
    return YESTERDAY - timedelta(days=59 - place)


def test_f4_an_outlier_is_put_back_by_hand_and_the_next_forecast_uses_it(world: World) -> None:
    sku = world.sku("A")
    world.sold(sku, [*USUAL[:50], 400.0, *USUAL[51:]], last_on=YESTERDAY)
    run_cycle("forecast")
    cut = float(Forecast.objects.get(sku=sku).mean[0])
    assert truth(sku.pk).demand.baseline[0, 50] < 20.0
    mark(day_of(50), "kept", sku=sku)
    assert (truth(sku.pk).demand.baseline[0, 50], bool(truth(sku.pk).demand.outliers.any())) == (400.0, False)
    run_cycle("forecast", NOW + timedelta(minutes=1))
    forecast = Forecast.objects.get(sku=sku)
    assert float(forecast.mean[0]) > cut + 3.0
    [reason] = ForecastBasis.objects.get(forecast=forecast).reasons
    assert (reason["kind"], reason["code"], reason["why"], reason["made_by"]) == ("day_mark", "m", "A fair", "ana")
    assert reason_lines([reason]) == [f"Day kept as it is, by hand · stated · {day_of(50)} – {day_of(50)} · A fair · ana"]
    # Taken back, it is cut again.
    DayMark.objects.update(deleted_at=NOW)
    run_cycle("forecast", NOW + timedelta(minutes=2))
    assert float(Forecast.objects.get(sku=sku).mean[0]) == pytest.approx(cut)


def test_f4_a_stock_out_day_and_a_day_of_a_promotion_are_put_back_by_hand(world: World) -> None:
    sku = world.sku("A")
    world.sold(sku, [*USUAL[:40], 0.0, *USUAL[41:45], 26.0, *USUAL[46:]], last_on=YESTERDAY)
    StockoutSeries.objects.create(sku=sku, pool=StockPool.objects.get(), first_on=day_of(40), in_stock=np.array([0] + [100] * 19, "|u1"))
    PlannedEvent.objects.create(
        code="sale", kind="promotion", event_type="flash", name="Sale", expected_lift=2.6, sku=sku, starts_on=day_of(45),
        ends_on=day_of(45), reason="x", made_by="ana",
    )  # fmt: skip
    assert truth(sku.pk).demand.observed[0, [40, 45]].tolist() == [False, False]
    assert truth(sku.pk).panel().drivers["promo"][0, 45] == 1.0
    mark(day_of(40), "kept", "out", sku=sku)
    mark(day_of(45), "kept", "promo", sku=sku)
    found = truth(sku.pk)
    assert found.demand.observed[0, [40, 45]].tolist() == [True, True]
    assert found.demand.baseline[0, [40, 45]].tolist() == [0.0, 26.0]
    assert found.panel().drivers["promo"][0, 45] == 0.0


def test_f4_an_ordinary_day_is_left_out_or_given_other_units_by_hand(world: World) -> None:
    sku, other = world.sku("A"), world.sku("B")
    for each in (sku, other):
        world.sold(each, USUAL, last_on=YESTERDAY)
    mark(day_of(30), "left_out", "out", sku=sku)
    mark(day_of(31), "stated", "units", sku=sku, units=3.0)
    found = truth(sku.pk).demand
    assert (bool(found.observed[0, 30]), bool(found.observed[0, 31]), found.baseline[0, 31]) == (False, True, 3.0)
    assert found.observed.sum() == 59
    assert truth(other.pk).demand.observed.all()
    # What was sold stays as it was.
    assert truth(sku.pk).frame.values[0, 30:32].tolist() == USUAL[30:32]
    marks = truth(sku.pk).marks
    assert marks is not None
    assert [(reason.code, rows.tolist()) for reason, rows in marks.reasons] == [("out", [0]), ("units", [0])]


def test_f4_of_two_marks_of_a_day_the_one_written_last_counts_and_one_of_another_pool_none(world: World) -> None:
    sku = world.sku("A")
    world.sold(sku, USUAL, last_on=YESTERDAY)
    elsewhere = StockPool.objects.create(code="elsewhere", name="Elsewhere")
    mark(day_of(20), "left_out", "there", sku=sku, pool=elsewhere)
    assert truth(sku.pk).demand.observed.all()
    mark(day_of(20), "left_out", "first", sku=sku)
    mark(day_of(20), "stated", "second", sku=sku, units=50.0)
    DayMark.objects.filter(code="first").update(updated_at=NOW)
    DayMark.objects.filter(code="second").update(updated_at=NOW + timedelta(hours=1))
    assert truth(sku.pk).demand.baseline[0, 20] == 50.0
    DayMark.objects.filter(code="first").update(updated_at=NOW + timedelta(hours=2))
    assert not truth(sku.pk).demand.observed[0, 20]


@pytest.mark.parametrize(("treatment", "units"), [("stated", None), ("kept", 4.0), ("left_out", 0.0)])
def test_f4_units_are_stated_with_stated_units_alone(world: World, treatment: str, units: float | None) -> None:
    bad = DayMark(code="bad", treatment=treatment, units=units, starts_on=DAY, ends_on=DAY, reason="x", made_by="ana", sku=world.sku("A"))
    with pytest.raises(ValidationError, match="State units with the treatment of stated units"):
        bad.full_clean(exclude=("made_by",))
    with pytest.raises(IntegrityError), transaction.atomic():
        bad.save()


def test_f4_marks_of_later_days_say_nothing_of_a_past_that_had_not_seen_them(world: World) -> None:
    sku = world.sku("A")
    world.sold(sku, USUAL, last_on=YESTERDAY)
    before = truth(sku.pk).known_after(40).values.copy()
    mark(day_of(50), "stated", sku=sku, units=900.0)
    np.testing.assert_array_equal(truth(sku.pk).known_after(40).values, before)


def test_f3_the_share_of_a_day_below_which_it_is_left_out_is_set_by_a_person(world: World) -> None:
    sku = world.sku("A")
    world.sold(sku, [*USUAL[:57], 3.0, 4.0, 10.0], last_on=YESTERDAY)
    StockoutSeries.objects.create(sku=sku, pool=StockPool.objects.get(), first_on=day_of(57), in_stock=np.array([30, 60, 100], "|u1"))

    def observed(percent: int) -> list[bool]:
        ForecastSettings.objects.update(least_in_stock_percent=percent)
        return [bool(day) for day in truth(sku.pk).demand.observed[0, 57:]]

    assert ForecastSettings.objects.get().least_in_stock_percent == 25
    assert observed(25) == [True, True, True]
    assert truth(sku.pk).demand.demand[0, 57] == pytest.approx(10.0)
    assert observed(50) == [False, True, True]
    assert observed(100) == [False, False, True]
    for percent in (0, 101):
        with pytest.raises(ValidationError):
            ForecastSettings(chain=["x"], quantile_levels=[0.5], least_in_stock_percent=percent).full_clean()


def test_cleaning_without_marks_is_as_it_was() -> None:
    values = np.array([USUAL], np.float32)
    stock = np.full(values.shape, np.nan, np.float32)
    np.testing.assert_array_equal(cleaned(values, stock).baseline, cleaned(values, stock, marks=None, least_share=0.25).baseline)
