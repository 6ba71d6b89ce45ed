"""How the months of the year sell, of a SKU and of a category, from whole years of cleaned sales (H21)."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.catalog.models import Category, Product, Sku
from stockhub.demand.models import StockoutSeries
from stockhub.lifecycle import season_index
from stockhub.lifecycle.season_index import SeasonIndex, category_season, sku_season
from tests.worlds import NOW, World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
#: What a day of each month sells beside a mean day, January first; their mean is 1.
SHAPE = [0.6, 0.7, 0.8, 1.0, 1.2, 1.4, 1.5, 1.3, 1.1, 0.9, 0.8, 0.7]
#: The last day of the last month that is over at NOW.
LAST_ON = date(2026, 2, 28)
JUNE = 6


@pytest.fixture
def world() -> World:
    return make_world()


def by_month(world: World, sku: Sku, first_on: date, shape: list[float], *, rate: float = 20.0) -> None:
    """Sales from a day up to yesterday: each day as its month sells."""
    yesterday = date(2026, 3, 1)
    days = [first_on + timedelta(days=day) for day in range((yesterday - first_on).days + 1)]
    world.sold(sku, [rate * shape[day.month - 1] for day in days], last_on=yesterday)


def missing(found: SeasonIndex) -> str | None:
    """Why there is none; all twelve are missing then."""
    assert np.isnan(found.values).all()
    return found.reason


@pytest.mark.parametrize("first_on", [date(2023, 3, 1), date(2023, 11, 1), date(2024, 3, 1)])
def test_h21_a_sku_has_the_index_of_each_month_from_two_whole_years_on(world: World, first_on: date) -> None:
    sku = world.sku("FAN")
    by_month(world, sku, first_on, SHAPE)
    found = sku_season(sku.pk, NOW)
    assert found.values == pytest.approx(SHAPE, rel=0.01)
    assert found.values.mean() == pytest.approx(1.0)
    assert (found.reason, found.first_on, found.last_on, found.skus, found.of_skus) == (None, first_on, LAST_ON, 1, 1)


def test_h21_growth_is_no_season(world: World) -> None:
    sku = world.sku("UP")
    days = (LAST_ON - date(2023, 3, 1)).days + 1
    world.sold(sku, np.linspace(10.0, 40.0, days).tolist(), last_on=LAST_ON)
    assert sku_season(sku.pk, NOW).values == pytest.approx([1.0] * 12, abs=0.02)


def test_h21_what_is_not_known_has_a_reason_and_no_zeros(world: World) -> None:
    short, never, none, part = (world.sku(code) for code in ("SHORT", "NEVER", "NONE", "PART"))
    # One day less than two whole years.
    by_month(world, short, date(2024, 3, 2), SHAPE)
    by_month(world, never, date(2023, 3, 1), [0.0] * 12)
    by_month(world, part, date(2026, 2, 10), SHAPE)
    assert missing(sku_season(short.pk, NOW)) == "SHORT_HISTORY"
    assert missing(sku_season(never.pk, NOW)) == "NO_SALES"
    assert missing(sku_season(none.pk, NOW)) == "NO_SALES_DATA"
    assert missing(sku_season(part.pk, NOW)) == "NO_SALES_DATA"
    empty = category_season(Category.objects.create(code="toys", name="Toys").pk, NOW)
    assert (missing(empty), empty.first_on, empty.skus, empty.of_skus) == ("NO_SALES_DATA", None, 0, 0)


def out_of_stock(world: World, sku: Sku, months: list[date]) -> None:
    """No stock on any day of these months."""
    first_on = date(2023, 3, 1)
    days = [first_on + timedelta(days=day) for day in range((LAST_ON - first_on).days + 1)]
    there = [0 if day.replace(day=1) in months else 100 for day in days]
    StockoutSeries.objects.create(sku=sku, pool=world.pool, first_on=first_on, in_stock=np.array(there, np.uint8))


def test_h21_a_month_without_stock_counts_by_its_other_years_and_without_any_it_is_told(world: World) -> None:
    once, always = world.sku("ONCE"), world.sku("ALWAYS")
    by_month(world, once, date(2023, 3, 1), SHAPE)
    by_month(world, always, date(2023, 3, 1), [0.0 if month == JUNE else each for month, each in enumerate(SHAPE, 1)])
    out_of_stock(world, once, [date(2024, JUNE, 1)])
    out_of_stock(world, always, [date(year, JUNE, 1) for year in (2023, 2024, 2025)])
    assert sku_season(once.pk, NOW).values == pytest.approx(SHAPE, rel=0.06)
    assert missing(sku_season(always.pk, NOW)) == "HOLES_IN_HISTORY"


def test_h21_a_category_has_that_of_all_beneath_it(world: World) -> None:
    home = Category.objects.create(code="home", name="Home")
    fans = Category.objects.create(code="fans", name="Fans", parent=home)
    product = Product.objects.create(code="P", name="P", category=fans)
    own, of_product, heater, bundle = (world.sku(code) for code in ("OWN", "OF-PRODUCT", "HEATER", "BUNDLE"))
    Sku.objects.filter(pk=own.pk).update(category=fans)
    Sku.objects.filter(pk=of_product.pk).update(product=product)
    Sku.objects.filter(pk=heater.pk).update(category=home)
    Sku.objects.filter(pk=bundle.pk).update(category=home, is_bundle=True)
    # The two fans together sell as the heater does, half a year later.
    by_month(world, own, date(2023, 3, 1), SHAPE, rate=10.0)
    by_month(world, of_product, date(2023, 3, 1), SHAPE, rate=10.0)
    by_month(world, heater, date(2023, 3, 1), [2.0 - each for each in SHAPE], rate=20.0)
    of_fans, of_home = category_season(fans.pk, NOW), category_season(home.pk, NOW)
    assert of_fans.values == pytest.approx(SHAPE, rel=0.01)
    assert of_home.values == pytest.approx([1.0] * 12, rel=0.01)
    assert (of_fans.of_skus, of_home.skus, of_home.of_skus) == (2, 3, 3)


def test_h21_a_large_category_is_told_from_some_of_its_skus_in_as_many_queries(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    category = Category.objects.create(code="fans", name="Fans")
    for number in range(9):
        sku = world.sku(f"S{number}")
        Sku.objects.filter(pk=sku.pk).update(category=category)
        by_month(world, sku, date(2023, 3, 1), SHAPE)
    monkeypatch.setattr(season_index, "MOST_SKUS", 4)
    monkeypatch.setattr(season_index, "_AT_ONCE", 2)
    category_season(category.pk, NOW)
    with CaptureQueriesContext(connection) as of_nine:
        found = category_season(category.pk, NOW)
    assert (found.skus, found.of_skus) == (4, 9)
    assert found.values == pytest.approx(SHAPE, rel=0.01)
    Sku.objects.filter(code__in=["S5", "S6", "S7", "S8"]).delete()
    with CaptureQueriesContext(connection) as of_five:
        assert category_season(category.pk, NOW).of_skus == 5
    assert len(of_nine) == len(of_five)
