"""The stage of a category, from the sum of its SKUs and of all beneath it (H21)."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from stockhub.catalog.models import Category, Product, Sku
from stockhub.demand.models import StockoutSeries
from stockhub.lifecycle.categories import stage_shares
from stockhub.lifecycle.models import CategoryStage, CategorySum
from tests.lifecycle.lives import LAST_ON, LIVES, PLATEAU, RAMP, sold_by_week
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
WEEK = timedelta(days=7)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def tree() -> dict[str, Category]:
    """Home above kitchen and garden; toys beside them, without SKUs."""
    home = Category.objects.create(code="home", name="Home")
    kitchen, garden = (Category.objects.create(code=code, name=code, parent=home) for code in ("kitchen", "garden"))
    return {"home": home, "kitchen": kitchen, "garden": garden, "toys": Category.objects.create(code="toys", name="Toys")}


def stages() -> dict[str, str | None]:
    return dict(CategoryStage.objects.order_by("category__code").values_list("category__code", "stage__slug"))


def test_h21_a_category_has_the_stage_of_the_sum_of_its_skus_and_of_all_beneath(world: World, tree: dict[str, Category]) -> None:
    product = Product.objects.create(code="P", name="P", category=tree["kitchen"])
    sold_by_week(world, "POT", LIVES["OVER"], category=tree["kitchen"])
    sold_by_week(world, "PAN", LIVES["OVER"], product=product)
    sold_by_week(world, "SPADE", [800.0] * 44, category=tree["garden"])
    sold_by_week(world, "NOBODYS", LIVES["UP"])
    cycle = run_cycle("lifecycle")
    assert (cycle.counts["categories"], stages()) == (3, {"home": "maturity", "kitchen": "end_of_life", "garden": "maturity"})
    assert dict(CategoryStage.objects.values_list("category__code", "sku_count")) == {"home": 3, "kitchen": 2, "garden": 1}
    assert not CategorySum.objects.exists()
    assert CategoryStage.objects.get(category=tree["kitchen"]).evidence["share_of_peak_4"] == pytest.approx(
        np.mean([0.8**week for week in range(16, 20)]), rel=1e-5
    )


def test_h21_shares_of_skus_by_stage(world: World, tree: dict[str, Category]) -> None:
    for number, life in enumerate(("OVER", "OVER", "EVEN")):
        sold_by_week(world, f"S{number}", LIVES[life], category=tree["kitchen"])
    world.sku("NEVER")
    Sku.objects.filter(code="NEVER").update(category=tree["home"])
    run_cycle("lifecycle")
    shares = {
        pk: [(stage.slug if stage else None, count) for stage, count in its] for pk, its in stage_shares().items()
    }  # fmt: skip
    assert shares == {
        tree["kitchen"].pk: [("maturity", 1), ("end_of_life", 2)], tree["home"].pk: [("maturity", 1), ("end_of_life", 2), (None, 1)],
    }  # fmt: skip


def test_h21_a_stock_out_of_one_sku_is_no_decline_of_its_category(world: World, tree: dict[str, Category]) -> None:
    weeks = 10
    sku = sold_by_week(world, "OUT", RAMP + PLATEAU + [80.0] * 2 + [0.0] * weeks, category=tree["kitchen"])
    StockoutSeries.objects.create(
        sku=sku, pool=world.pool, first_on=LAST_ON - timedelta(days=7 * weeks - 1), in_stock=np.zeros(7 * weeks, np.uint8)
    )
    run_cycle("lifecycle")
    assert stages() == {"kitchen": "maturity", "home": "maturity"}


def test_h21_categories_have_the_same_hysteresis_and_are_looked_at_once_a_week(world: World, tree: dict[str, Category]) -> None:
    sold_by_week(world, "POT", RAMP + PLATEAU + [80.0] * 4 + [20.0] * 7, category=tree["kitchen"])
    told = []
    for back in reversed(range(6)):
        run_cycle("lifecycle", NOW - back * WEEK)
        told.append(stages()["kitchen"])
    change = told.index("decline")
    assert (told[:change], change > 0) == (["maturity"] * change, True)
    state = CategoryStage.objects.get(category=tree["kitchen"])
    assert (state.consecutive >= 2, state.week_on) == (True, LAST_ON)
    again = run_cycle("lifecycle", NOW + timedelta(hours=1))
    assert "categories" not in again.counts
    some = run_cycle("lifecycle", NOW + WEEK, ("POT",))
    assert "categories" not in some.counts
