"""New SKUs, forecast from the launches of SKUs like them."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from stockhub.catalog.models import Category, Sku
from stockhub.demand.launches.forecasts import band_levels
from stockhub.demand.launches.library import launch_of
from stockhub.demand.models import Forecast, ForecastBasis, ForecastSettings
from stockhub.demand.reason_texts import reason_lines
from stockhub.formulas.demand.analogues import expected_plateau, first_week_shares, weighted_quantile
from tests.worlds import DAY, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
YESTERDAY = DAY - timedelta(days=1)
#: A ramp: a quarter of the plateau in the first week, half in the second, three quarters in the third.
RAMP = [0.25, 0.5, 0.75]


@pytest.fixture
def world() -> World:
    ForecastSettings.objects.create(chain=["recent-average"], horizon_days=84, quantile_levels=[0.1, 0.5, 0.9])
    world = make_world()
    world.sold(world.sku("OLD"), [1.0] * 600, last_on=YESTERDAY)
    return world


def launched(world: World, code: str, plateau: float, days: int, category: Category) -> Sku:
    """A SKU on the ramp for so many days, at a plateau in units a day."""
    sku = world.sku(code)
    Sku.objects.filter(pk=sku.pk).update(category=category)
    ramp = [share for share in RAMP for _day in range(7)]
    world.sold(sku, [plateau * share for share in (ramp + [1.0] * days)[:days]], last_on=YESTERDAY)
    return sku


def test_d13_f7_the_first_week_of_a_launch_and_skus_like_it_predict_the_plateau_within_the_stated_band(world: World) -> None:
    shoes = Category.objects.create(code="shoes", name="Shoes")
    for number, plateau in enumerate((8.0, 12.0, 16.0, 20.0)):
        launched(world, f"LIKE{number}", plateau, 200, shoes)
    new = launched(world, "NEW", 12.0, 7, shoes)
    run_cycle("forecast")
    forecast = Forecast.objects.get(sku=new)
    basis = ForecastBasis.objects.get(forecast=forecast)
    assert (forecast.model_used, basis.is_new) == ("launch-analogues", True)
    [reason] = basis.reasons
    values = reason["values"]
    assert (reason["kind"], reason["samples"], reason["why"]) == ("analogues", 4, "LIKE0, LIKE1, LIKE2, LIKE3")
    # A week of 21 units at a quarter of the plateau: 84 a week.
    assert values["plateau_week"] == pytest.approx(84.0)
    assert values["plateau_week_low"] <= 84.0 <= values["plateau_week_high"]
    [line] = reason_lines(basis.reasons)
    assert "settles at 84 units a week, between 84 and 84" in line
    # The forecast climbs as theirs did, and is near twelve a day when it has settled.
    weekly = forecast.mean.reshape(12, 7).sum(axis=1)
    assert weekly[1] / weekly[0] == pytest.approx(0.75 / 0.5, rel=1e-4)
    assert weekly[-1] / weekly[0] == pytest.approx(1.0 / 0.5, rel=1e-4)
    assert 0.9 * 84 < weekly[-1] < 1.1 * 84
    quantiles = forecast.quantiles.reshape(3, 84)
    assert (np.diff(quantiles, axis=0) >= 0).all()
    assert quantiles[0, -1] < forecast.mean[-1] < quantiles[2, -1]


@pytest.mark.parametrize(("like", "held"), [(4, 3 / 5), (10, 9 / 11), (40, 33 / 41)])
def test_d13_the_band_holds_the_plateau_of_noisy_launches_as_often_as_it_says(like: int, held: float) -> None:
    """Four in five, as far as so few launches can tell: of four like it, the next one lies between them three times in five."""
    rng, shops = np.random.default_rng(13), 2000
    weights = np.ones(like)
    below, above = band_levels(weights)
    inside = 0
    for _shop in range(shops):
        shares = rng.beta(8.0, 24.0, like + 1)
        weekly = np.full((like, 12), 4000.0)
        weekly[:, 0] *= shares[:like]
        first, known = 900.0 * shares[like], first_week_shares(weekly)
        low, high = (float(expected_plateau(first, weighted_quantile(known, weights, level))) for level in (above, below))
        inside += low <= 900.0 <= high
    # Three standard errors of so many shops.
    assert inside / shops == pytest.approx(held, abs=3.0 * np.sqrt(held * (1 - held) / shops))


def test_a_launch_ahead_sells_nothing_before_its_day(world: World) -> None:
    shoes = Category.objects.create(code="shoes", name="Shoes")
    for number, plateau in enumerate((8.0, 12.0, 16.0)):
        launched(world, f"LIKE{number}", plateau, 200, shoes)
    new = world.sku("SOON")
    Sku.objects.filter(pk=new.pk).update(category=shoes, launched_on=DAY + timedelta(days=10))
    world.stock(new, 50)
    run_cycle("forecast")
    mean = Forecast.objects.get(sku=new).mean
    assert mean[:10].tolist() == [0.0] * 10
    assert mean[10] > 0


def test_without_three_launches_like_it_a_new_sku_is_left_to_the_models(world: World) -> None:
    shoes = Category.objects.create(code="shoes", name="Shoes")
    launched(world, "LIKE", 8.0, 200, shoes)
    new = launched(world, "NEW", 4.0, 7, shoes)
    run_cycle("forecast")
    assert Forecast.objects.get(sku=new).model_used == "recent-average"
    assert ForecastBasis.objects.get(forecast__sku=new).is_new


def test_a_sku_that_has_sold_thirty_units_is_no_longer_new(world: World) -> None:
    shoes = Category.objects.create(code="shoes", name="Shoes")
    new = launched(world, "FAST", 30.0, 7, shoes)
    run_cycle("forecast")
    assert not ForecastBasis.objects.filter(forecast__sku=new).exists()


def test_a_series_that_begins_where_all_data_begin_was_not_launched_then() -> None:
    begins = DAY - timedelta(days=40)
    assert launch_of(None, float((begins + timedelta(days=3)).toordinal()), begins) is None
    late = begins + timedelta(days=30)
    assert launch_of(None, float(late.toordinal()), begins) == late
    assert launch_of(begins, float("nan"), begins) == begins
