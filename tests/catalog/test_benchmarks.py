"""Benchmarks of categories: which counts on a day, corrections, and what is refused (H29)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from stockhub.catalog.benchmarks import BenchmarkInput, benchmarks_on, record_benchmarks
from stockhub.catalog.models import Category
from stockhub.core import clock
from tests.worlds import DAY, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def tree() -> dict[str, Category]:
    home = Category.objects.create(code="home", name="Home")
    kitchen = Category.objects.create(code="kitchen", name="Kitchen", parent=home)
    pots = Category.objects.create(code="pots", name="Pots", parent=kitchen)
    return {"home": home, "kitchen": kitchen, "pots": pots, "garden": Category.objects.create(code="garden", name="Garden")}


def told(*rows: BenchmarkInput) -> list[str]:
    with clock.at(NOW):
        return [result.error.code if result.error else str(result.status) for result in record_benchmarks(rows)]


def counts(tree: dict[str, Category], day: date) -> dict[str, tuple[float, int]]:
    found = benchmarks_on(day)
    return {
        code: (found[category.pk].turnover, day.toordinal() - int(found[category.pk].as_of))
        for code, category in tree.items()
        if category.pk in found
    }


def test_the_nearest_category_above_counts_and_of_its_figures_the_last(tree: dict[str, Category]) -> None:
    year, month = DAY - timedelta(days=365), DAY - timedelta(days=30)
    assert (
        told(BenchmarkInput("home", 5.0, month), BenchmarkInput("pots", 8.0, year), BenchmarkInput("pots", 9.0, month)) == ["created"] * 3
    )
    assert counts(tree, DAY) == {"home": (5.0, 30), "kitchen": (5.0, 30), "pots": (9.0, 30)}
    assert counts(tree, month - timedelta(days=1)) == {"pots": (8.0, 334)}
    assert counts(tree, year - timedelta(days=1)) == {}


def test_a_figure_that_is_told_again_is_the_same_and_another_corrects_it(tree: dict[str, Category]) -> None:
    row = BenchmarkInput("home", 5.0, DAY, "journal")
    assert told(row) == ["created"]
    assert told(row, row) == ["unchanged", "unchanged"]
    assert told(BenchmarkInput("home", 6.0, DAY, "journal")) == ["updated"]
    assert counts(tree, DAY)["home"] == (6.0, 0)
    assert tree["home"].benchmarks.count() == 1


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (BenchmarkInput("attic", 5.0, DAY), "unknown_category"),
        (BenchmarkInput("home", -0.1, DAY), "invalid_turnover"),
        (BenchmarkInput("home", 366.1, DAY), "invalid_turnover"),
        (BenchmarkInput("home", float("nan"), DAY), "invalid_turnover"),
        (BenchmarkInput("home", 5.0, DAY + timedelta(days=1)), "future_benchmark"),
    ],
)
def test_what_cannot_be_is_refused_and_the_others_are_taken(tree: dict[str, Category], row: BenchmarkInput, code: str) -> None:
    assert told(row, BenchmarkInput("garden", 2.0, DAY)) == [code, "created"]
    assert counts(tree, DAY) == {"garden": (2.0, 0)}


def test_a_tree_that_bites_its_tail_ends(tree: dict[str, Category]) -> None:
    Category.objects.filter(code="home").update(parent=tree["pots"])
    assert counts(tree, DAY) == {}
    assert told(BenchmarkInput("garden", 2.0, DAY)) == ["created"]
    assert counts(tree, DAY) == {"garden": (2.0, 0)}
