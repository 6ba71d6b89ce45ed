"""Of a category with many SKUs those are looked at that can have moved a key figure most, and the others' days are not read (H84)."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.catalog.models import Category, Product, Sku
from stockhub.core import clock
from stockhub.demand.turnover_models import MONTHS, TurnoverHistory
from stockhub.review.kpi_changes import skus as by_sku
from tests.worlds import NOW, World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def home() -> Category:
    return Category.objects.create(code="home", name="Home")


def put(world: World, code: str, home: Category, *, sold: float, held: float, cost: str = "1") -> Sku:
    sku = world.sku(code, cost=cost)
    Sku.objects.filter(pk=sku.pk).update(category=home)
    world.stock(sku, 1)
    TurnoverHistory.objects.create(
        sku=sku, pool=world.pool, last_month=date(2026, 1, 1), sold=np.full(MONTHS, sold, "<f4"), held=np.full(MONTHS, held, "<f4")
    )
    return sku


def looked_at(world: World, category: int) -> list[str]:
    with clock.at(NOW):
        ids = [int(pk) for rows in by_sku.rows_in((world.pool.pk, category)) for pk in rows.sku_ids]
    return list(Sku.objects.filter(pk__in=ids).order_by("code").values_list("code", flat=True))


def many(world: World, home: Category) -> None:
    for number in range(4):
        put(world, f"SMALL{number}", home, sold=1, held=2)
    put(world, "BEST", home, sold=500, held=300)
    put(world, "DEAR", home, sold=5, held=5, cost="900")
    put(world, "STILL", home, sold=0, held=40)


def test_h84_the_largest_in_units_at_cost_and_of_what_stood_still_are_looked_at(
    world: World, home: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(world, home)
    assert len(looked_at(world, home.pk)) == 7
    monkeypatch.setattr(by_sku, "LARGEST", 1)
    assert looked_at(world, home.pk) == ["BEST", "DEAR", "STILL"]


def test_h84_what_stood_still_in_either_quarter_and_a_new_one_by_its_forecast_are_among_them(
    world: World, home: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(world, home)
    woken = put(world, "WOKEN", home, sold=30, held=90)
    TurnoverHistory.objects.filter(sku=woken).update(sold=np.array([0.0] * 9 + [30.0] * 3, "<f4"))
    new = world.sku("NEW", cost="1")
    Sku.objects.filter(pk=new.pk).update(category=home)
    world.stock(new, 10)
    world.forecast(new, 40.0)
    monkeypatch.setattr(by_sku, "LARGEST", 1)
    assert looked_at(world, home.pk) == ["DEAR", "NEW", "WOKEN"]


def test_h84_a_category_of_the_product_counts_and_so_do_skus_of_none(world: World, home: Category, monkeypatch: pytest.MonkeyPatch) -> None:
    many(world, home)
    product = Product.objects.create(code="P", name="P", category=home)
    Sku.objects.filter(code="BEST").update(category=None, product=product)
    Sku.objects.filter(code__startswith="SMALL").update(category=None)
    monkeypatch.setattr(by_sku, "LARGEST", 1)
    assert looked_at(world, home.pk) == ["BEST", "DEAR", "STILL"]
    # Equal ones go by their ids.
    assert looked_at(world, 0) == ["SMALL0"]


def test_h84_the_days_of_the_others_are_not_read(world: World, home: Category, monkeypatch: pytest.MonkeyPatch) -> None:
    many(world, home)
    monkeypatch.setattr(by_sku, "LARGEST", 1)
    looked_at(world, home.pk)
    with CaptureQueriesContext(connection) as few, clock.at(NOW):
        list(by_sku.rows_in((world.pool.pk, home.pk)))
    for number in range(20):
        put(world, f"MORE{number}", home, sold=1, held=2)
    with CaptureQueriesContext(connection) as more, clock.at(NOW):
        list(by_sku.rows_in((world.pool.pk, home.pk)))
    assert len(few) == len(more)
