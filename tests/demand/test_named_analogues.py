"""The like SKU of a new one, named by hand: it beats those found by attributes, until the new one's own sales tell more (F7)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from stockhub.catalog.models import Category, Sku
from stockhub.demand.models import Forecast, ForecastBasis, ForecastSettings, LaunchAnalogue
from stockhub.demand.reason_texts import reason_lines
from tests.demand.test_launches import launched
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
YESTERDAY = DAY - timedelta(days=1)


@pytest.fixture
def world() -> World:
    ForecastSettings.objects.create(chain=["recent-average"], horizon_days=84, quantile_levels=[0.1, 0.5, 0.9])
    world = make_world()
    world.sold(world.sku("OLD"), [6.0] * 600, last_on=YESTERDAY)
    return world


def name(new: Sku, like: Sku, scale: float = 1.0, **given: Any) -> LaunchAnalogue:  # noqa: ANN401 - columns of the model
    return LaunchAnalogue.objects.create(sku=new, like_sku=like, scale=scale, reason="The same shoe in red", made_by="ana", **given)


def weeks(sku: Sku) -> list[float]:
    return [float(week) for week in Forecast.objects.get(sku=sku).mean.reshape(12, 7).sum(axis=1)]


def test_f7_a_new_sku_without_sales_is_forecast_by_the_named_launch_times_its_scale(world: World) -> None:
    like = launched(world, "LIKE", 20.0, 200, Category.objects.create(code="shoes", name="Shoes"))
    new = world.sku("NEW")
    world.stock(new, 50)
    run_cycle("forecast")
    assert Forecast.objects.get(sku=new).model_used != "launch-analogues"
    name(new, like, 0.5)
    run_cycle("forecast", NOW + timedelta(minutes=1))
    forecast = Forecast.objects.get(sku=new)
    assert forecast.model_used == "launch-analogues"
    # The ramp of 5, 10 and 15 a day and then 20, half of it.
    assert weeks(new) == pytest.approx([17.5, 35.0, 52.5, *[70.0] * 9], rel=1e-4)
    [reason] = ForecastBasis.objects.get(forecast=forecast).reasons
    assert (reason["kind"], reason["origin"], reason["samples"], reason["made_by"]) == ("analogues", "stated", 1, "ana")
    assert reason["why"] == "LIKE: The same shoe in red"
    assert (reason["values"]["scale"], reason["values"]["named_plateau_week"]) == (0.5, 70.0)
    [line] = reason_lines([reason])
    assert line.startswith("Launch curve of the named SKU · 0.5 times what it sold · stated")


def test_f7_the_named_sku_beats_those_found_by_attributes_and_taken_back_they_count_again(world: World) -> None:
    shoes = Category.objects.create(code="shoes", name="Shoes")
    for number in range(4):
        launched(world, f"AUTO{number}", 4.0, 200, shoes)
    like = launched(world, "LIKE", 40.0, 200, Category.objects.create(code="boots", name="Boots"))
    new = launched(world, "NEW", 4.0, 3, shoes)
    run_cycle("forecast")
    automatic = weeks(new)
    mine = name(new, like)
    run_cycle("forecast", NOW + timedelta(minutes=1))
    assert weeks(new)[-1] > 2.0 * automatic[-1]
    LaunchAnalogue.objects.filter(pk=mine.pk).update(ends_on=YESTERDAY)
    run_cycle("forecast", NOW + timedelta(minutes=2))
    assert weeks(new) == pytest.approx(automatic)
    LaunchAnalogue.objects.filter(pk=mine.pk).update(ends_on=None, deleted_at=NOW)
    run_cycle("forecast", NOW + timedelta(minutes=3))
    assert weeks(new) == pytest.approx(automatic)


def test_f7_own_sales_take_over_from_the_named_launch(world: World) -> None:
    shoes = Category.objects.create(code="shoes", name="Shoes")
    like = launched(world, "LIKE", 8.0, 200, shoes)
    # On the same ramp, but a quarter of it.
    slow, unsold, done = launched(world, "SLOW", 2.0, 21, shoes), world.sku("UNSOLD"), launched(world, "DONE", 12.0, 21, shoes)
    world.stock(unsold, 10)
    for new in (slow, unsold, done):
        name(new, like)
    run_cycle("forecast")
    assert weeks(unsold)[-1] == pytest.approx(56.0, rel=1e-4)
    # Of 56 a week that were named and 14 that its own 21 days say, much nearer to its own.
    assert 14.0 < weeks(slow)[-1] < 35.0
    # Established: the models have it.
    assert Forecast.objects.get(sku=done).model_used == "recent-average"


def test_f7_a_named_sku_that_was_there_before_all_data_counts_by_its_last_twelve_weeks(world: World) -> None:
    new = world.sku("NEW")
    world.stock(new, 50)
    name(new, Sku.objects.get(code="OLD"), 2.0)
    run_cycle("forecast")
    assert weeks(new) == pytest.approx([84.0] * 12, rel=1e-4)


def test_f7_one_that_has_sold_nothing_leaves_the_choice_to_the_models(world: World) -> None:
    new, like = world.sku("NEW"), world.sku("NEVER")
    for each in (new, like):
        world.stock(each, 50)
    name(new, like)
    run_cycle("forecast")
    assert Forecast.objects.get(sku=new).model_used != "launch-analogues"


def test_f7_a_sku_is_not_its_own_like_sku(world: World) -> None:
    new = world.sku("NEW")
    with pytest.raises(ValidationError, match="not its own like SKU"):
        LaunchAnalogue(sku=new, like_sku=new, reason="x").full_clean(exclude=("made_by",))
