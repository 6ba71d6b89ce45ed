"""Days on which a SKU without recorded stock was probably out of it: left out, or marked where the operator wants them to count (F3)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.utils import translation

from stockhub.access.models import User
from stockhub.catalog.models import Sku
from stockhub.demand.basis import SHOWN_LABELS
from stockhub.demand.cleaning.cleaned import cleaned
from stockhub.demand.frames import rows_of
from stockhub.demand.models import DayMark, Forecast, ForecastBasis, ForecastSettings, StockoutSeries
from stockhub.demand.reason_texts import forecast_reason_lines
from stockhub.demand.track_models import ForecastTrack
from stockhub.demand.true_demand import true_demand_of
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
YESTERDAY = DAY - timedelta(days=1)
WEEK = [10.0, 12.0, 8.0, 0.0, 11.0, 9.0, 6.0]
#: Eleven weeks, a fortnight of nothing, two weeks.
SOLD = [*WEEK * 11, *[0.0] * 14, *WEEK * 2]
FIRST = YESTERDAY - timedelta(days=len(SOLD) - 1)
SILENT = slice(77, 91)


@pytest.fixture
def world() -> World:
    ForecastSettings.objects.create(chain=["recent-average"], horizon_days=28, quantile_levels=[0.5, 0.9], cut_outliers=False)
    return make_world()


def day(column: int) -> date:
    return FIRST + timedelta(days=column)


def silent(world: World, code: str = "A") -> Sku:
    sku = world.sku(code)
    world.sold(sku, SOLD, last_on=YESTERDAY)
    return sku


def mean_of(sku: Sku) -> float:
    return float(Forecast.objects.get(sku=sku).mean[:7].mean())


def reasons_of(sku: Sku) -> list[dict[str, Any]]:
    basis = ForecastBasis.objects.filter(forecast__sku=sku).first()
    return [] if basis is None else basis.reasons


def label_of(sku: Sku, on: date) -> str:
    basis = ForecastBasis.objects.get(forecast__sku=sku)
    return SHOWN_LABELS[basis.day_labels[(on - basis.labels_from).days]]


def test_f3_days_that_are_probably_stockouts_are_left_out_and_the_reason_says_which(world: World) -> None:
    sku = silent(world)
    run_cycle("forecast")
    assert mean_of(sku) == pytest.approx(8.0)
    [reason] = reasons_of(sku)
    assert (reason["kind"], reason["code"], reason["values"]) == ("data", "PROBABLE_STOCKOUT", {"days": 14})
    assert (reason["first_on"], reason["last_on"]) == (day(77).isoformat(), day(90).isoformat())
    assert [label_of(sku, day(n)) for n in (76, 77, 90, 91)] == ["regular", "probable_stockout", "probable_stockout", "regular"]
    with translation.override("en"):
        [line] = forecast_reason_lines(sku.pk, world.pool.pk)
    assert line == f"Probably out of stock, so left out: it sells on most days, and sold nothing · {day(77)} – {day(90)}"


def test_f3_an_operator_can_have_them_marked_and_counted(world: World) -> None:
    ForecastSettings.objects.update(infers_stockouts=False)
    sku = silent(world)
    run_cycle("forecast")
    # A fortnight of nothing and one of 8 a day.
    assert mean_of(sku) == pytest.approx(4.0)
    [reason] = reasons_of(sku)
    assert (reason["code"], reason["values"]) == ("PROBABLE_STOCKOUT_COUNTED", {"days": 14})
    assert label_of(sku, day(80)) == "probable_stockout"


def test_f3_a_day_that_a_person_keeps_and_days_of_known_stock_are_not_doubted(world: World) -> None:
    kept, stocked = silent(world, "KEPT"), silent(world, "STOCKED")
    DayMark.objects.create(
        code="M1", sku=kept, treatment="kept", starts_on=day(77), ends_on=day(90), reason="We were closed for repairs", made_by="ana"
    )
    StockoutSeries.objects.create(sku=stocked, pool=world.pool, first_on=FIRST, in_stock=np.full(len(SOLD), 100, np.uint8))
    run_cycle("forecast")
    assert [mean_of(sku) for sku in (kept, stocked)] == pytest.approx([4.0, 4.0])
    assert [reason["code"] for reason in reasons_of(kept)] == ["M1"]
    assert reasons_of(stocked) == []


def test_f3_what_came_after_a_cutoff_does_not_say_what_was_a_stockout_before_it(world: World) -> None:
    sku = silent(world)
    truth = true_demand_of(rows_of([sku.pk]), ForecastSettings.objects.get(), last_on=YESTERDAY, days=len(SOLD))
    assert not truth.panel().observed[0, SILENT].any()
    # On the last day of the silence nobody could know that it would end; a week later everybody could.
    assert truth.known_after(91).observed[0].all()
    assert not truth.known_after(98).observed[0, SILENT].any()


def test_f3_h2_a_forecast_is_not_held_against_days_that_are_probably_stockouts(world: World) -> None:
    silent(world)
    # A forecast a week before the silence, and one in it.
    for column in (70, 77):
        run_cycle("forecast", NOW - timedelta(days=len(SOLD) - column))
    run_cycle("forecast")
    compared = ForecastTrack.objects.get()
    assert compared.weeks == 1
    assert compared.error_sum == pytest.approx(0.0, abs=1.0)
    ForecastSettings.objects.update(infers_stockouts=False)
    run_cycle("forecast", NOW + timedelta(minutes=1))
    counted = ForecastTrack.objects.get()
    assert counted.weeks == 2
    assert counted.error_sum == pytest.approx(-56.0, rel=0.05)


def test_f3_without_the_setting_cleaning_marks_and_changes_nothing() -> None:
    values = np.array([SOLD], np.float32)
    unknown = np.full(values.shape, np.nan, np.float32)
    marked, left_out = cleaned(values, unknown), cleaned(values, unknown, infers_stockouts=True)
    assert marked.probably_out[0].nonzero()[0].tolist() == list(range(77, 91))
    assert marked.observed.all()
    np.testing.assert_array_equal(marked.probably_out, left_out.probably_out)
    assert np.isnan(left_out.demand[0, SILENT]).all()
    # Filled from the same weekday, never with what the silence would say.
    np.testing.assert_allclose(left_out.baseline[0, SILENT], WEEK * 2, rtol=0.15)


def test_f3_the_forecast_page_shows_days_that_are_probably_stockouts(world: World) -> None:
    sku = silent(world)
    run_cycle("forecast", NOW)
    browser = Client()
    browser.force_login(User.objects.create_superuser("root", password="correct horse", sees_all_accounts=True, sees_all_warehouses=True))
    page = browser.get(f"/admin/demand/forecast/{Forecast.objects.get(sku=sku).pk}/change/").content.decode()
    assert page.count('class="sh-perhaps-out"') == 1
    assert "14 days probably out of stock" in page
    assert 'class="sh-out"' not in page
