"""Glut here and shortage there (H4): each step by number, bound and name."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.stock.cover import days_of_cover, days_of_cover_metric
from stockhub.formulas.transfers import imbalance
from stockhub.formulas.transfers.imbalance import has_glut, nearly_out, runs_short, spare_units, units_saved, units_to_rebalance
from stockhub.values import Explanation
from tests.formulas.agreement import assert_forms_agree

NAN = math.nan
numbers = st.one_of(st.just(0.0), st.just(NAN), st.integers(-50, 500).map(float), st.floats(-1e6, 1e6))
FORMULAS = {"has_glut": 3, "runs_short": 4, "nearly_out": 3, "spare_units": 5, "units_to_rebalance": 5, "units_saved": 4}


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_number_an_array_and_an_explanation_agree(name: str, data: st.DataObject) -> None:
    formula = getattr(imbalance, name)
    assert_forms_agree(formula, data.draw(st.lists(st.tuples(*[numbers] * FORMULAS[name]), min_size=2, max_size=3)))
    assert formula(*[Explanation.input(str(at)) for at in range(FORMULAS[name])]).name == name


def test_h4_300_days_here_and_2_days_there() -> None:
    assert (days_of_cover(3000.0, 10.0), days_of_cover(20.0, 10.0)) == (300.0, 2.0)
    assert (has_glut(3000.0, 10.0, 90.0), has_glut(20.0, 10.0, 90.0)) == (1.0, 0.0)
    assert (runs_short(20.0, 10.0, 15.0, 10.0), runs_short(3000.0, 10.0, 15.0, 10.0)) == (1.0, 0.0)
    spare = spare_units(3000.0, 0.0, 10.0, 22.0, 10.0)
    assert spare == 2770.0
    moved = units_to_rebalance(spare, 10.0, 22.0, 20.0, 10.0)
    assert moved == 210.0
    assert units_saved(moved, 10.0, 15.0, 20.0) == 130.0


@pytest.mark.parametrize(
    ("available", "rate", "expected"),
    [(900.0, 10.0, 1.0), (899.0, 10.0, 0.0), (1.0, 0.0, 1.0), (0.0, 0.0, 0.0), (-5.0, 0.0, 0.0), (NAN, 1.0, NAN), (9.0, NAN, NAN)],
)
def test_e13_a_glut_is_told_without_dividing(available: float, rate: float, expected: float) -> None:
    assert has_glut(available, rate, 90.0) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("position", "rate", "expected"), [(160.0, 10.0, 0.0), (159.9, 10.0, 1.0), (-5.0, 0.0, 0.0), (NAN, 10.0, NAN), (5.0, NAN, NAN)]
)
def test_a_want_is_strictly_below_lead_time_and_safety_stock(position: float, rate: float, expected: float) -> None:
    assert runs_short(position, rate, 15.0, 10.0) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(("position", "rate", "expected"), [(70.0, 10.0, 1.0), (70.1, 10.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.1, 1.0)])
def test_nearly_out_includes_its_last_day(position: float, rate: float, expected: float) -> None:
    assert nearly_out(position, rate, 7.0) == expected


def test_what_is_inbound_counts_as_stock_and_cannot_be_packed() -> None:
    assert spare_units(300.0, 0.0, 1.0, 30.0, 10.0) == 260.0
    assert spare_units(100.0, 200.0, 1.0, 30.0, 10.0) == 100.0
    assert spare_units(-5.0, 500.0, 1.0, 30.0, 10.0) == 0.0


def test_units_are_whole_and_never_more_than_either_side_has() -> None:
    assert spare_units(100.0, 0.0, 0.3, 10.0, 0.5) == 96.0
    assert units_to_rebalance(96.0, 0.3, 10.0, 0.0, 0.0) == 3.0
    assert units_to_rebalance(2.0, 0.3, 10.0, 0.0, 0.0) == 2.0
    assert units_to_rebalance(96.0, 0.3, 10.0, 500.0, 0.0) == 0.0


def test_e13_days_of_cover_at_the_boundary_have_a_reason_where_there_is_no_number() -> None:
    assert days_of_cover_metric(20.0, 10.0).value == 2.0
    reasons = [days_of_cover_metric(*case).reason for case in ((20.0, 0.0), (NAN, 1.0), (1.0, NAN), (NAN, NAN))]
    assert reasons == ["NO_DEMAND", "NO_STOCK_DATA", "NO_FORECAST", "NO_STOCK_DATA"]
    assert not math.isnan(days_of_cover_metric(0.0, 1.0).value or 0.0)
    # Ten years are a number, a day more is none: neither for what lies there, nor for what is owed.
    assert (days_of_cover_metric(3650.0, 1.0).value, days_of_cover_metric(3651.0, 1.0).value) == (3650.0, None)
    for position in (266.724, 3651.0 / 1e4, -266.724):
        assert (days_of_cover_metric(position, 1e-4).value, days_of_cover_metric(position, 1e-4).reason) == (None, "BEYOND_TEN_YEARS")
