"""Longer ways and dearer materials (H8), and lead times as received."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.policies.disruption import (
    disrupted_lead_time,
    disrupted_reorder_point,
    disrupted_safety_stock,
    material_cost_effect,
    offer_needs_review,
)
from stockhub.formulas.policies.receipts import lead_time_sd, lead_time_statistics, receipt_weights
from stockhub.formulas.policies.safety_stock import reorder_point, service_factor, statistical_safety_stock
from stockhub.values import Explanation

NAN = math.nan
Z = service_factor(0.95)


def test_h8_ten_more_days_recompute_safety_stock_and_reorder_point() -> None:
    stock = disrupted_safety_stock(Z, 20.0, 7.0, 100.0, 30.0, 2.0, 10.0)
    assert stock == pytest.approx(Z * math.sqrt(37 * 900 + 10_000 * 4), rel=1e-14)
    assert stock > statistical_safety_stock(Z, 20.0, 7.0, 100.0, 30.0, 2.0)
    point = disrupted_reorder_point(Z, 20.0, 7.0, 100.0, 30.0, 2.0, 10.0)
    assert point == pytest.approx(3700.0 + stock, rel=1e-14)
    without = disrupted_reorder_point(Z, 20.0, 7.0, 100.0, 30.0, 2.0, 0.0)
    assert without == reorder_point(100.0, 20.0, 7.0, statistical_safety_stock(Z, 20.0, 7.0, 100.0, 30.0, 2.0))
    assert disrupted_lead_time(20.0, 10.0) == 30.0


def test_h8_a_dearer_material_marks_the_offer_with_its_effect() -> None:
    assert offer_needs_review(0.15) == 1.0
    assert material_cost_effect(10.0, 0.4, 0.15) == pytest.approx(0.6)
    assert [offer_needs_review(change) for change in (0.0, 0.09, 0.1, -0.15)] == [0.0, 0.0, 1.0, 1.0]
    assert math.isnan(offer_needs_review(NAN))


@settings(max_examples=40, deadline=None)
@given(numbers=st.lists(st.one_of(st.just(NAN), st.floats(0, 100)), min_size=7, max_size=7))
def test_h8_a_number_an_array_and_an_explanation_agree(numbers: list[float]) -> None:
    point = disrupted_reorder_point(*numbers)
    tree = disrupted_reorder_point(*(Explanation.input(str(i), value) for i, value in enumerate(numbers)))
    array = disrupted_reorder_point(*(np.array([value]) for value in numbers))
    assert tree.value == tree.evaluate()
    np.testing.assert_allclose([NAN if tree.value is None else tree.value, array[0]], [point, point], rtol=1e-12)


def test_receipts_weigh_by_their_part_of_the_line_and_by_age() -> None:
    weight = receipt_weights(np.array([0.0, 180.0, 360.0, 0.0]), np.array([50.0, 50.0, 100.0, 5.0]), np.array([100.0, 100.0, 100.0, 0.0]))
    assert weight[:3].tolist() == [0.5, 0.25, 0.25]
    assert math.isnan(weight[3])


def test_equal_weights_are_the_usual_sample_deviation() -> None:
    late = np.array([1.0, 4.0, -2.0, 7.0, 3.0, 3.0, 9.0])
    row = np.array([0, 0, 0, 0, 1, 1, 3])
    count, mean, sd = lead_time_statistics(row, late, np.full(7, 0.5), 4)
    assert count.tolist() == [4.0, 2.0, 0.0, 1.0]
    np.testing.assert_allclose(mean, [2.5, 3.0, NAN, 9.0])
    np.testing.assert_allclose(sd, [np.std(late[:4], ddof=1), 0.0, NAN, NAN])


def test_recent_receipts_move_the_mean_and_missing_ones_do_not_count() -> None:
    late, weight = np.array([0.0, 10.0, NAN, 5.0, 5.0]), np.array([1.0, 3.0, 1.0, NAN, 0.0])
    count, mean, sd = lead_time_statistics(np.zeros(5, dtype=np.int64), late, weight, 1)
    assert (count[0], mean[0]) == (2.0, 7.5)
    assert sd[0] == pytest.approx(math.sqrt((1 * 7.5**2 + 3 * 2.5**2) / (4 - 10 / 4)))
    nothing = lead_time_statistics(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0), 2)
    assert [statistic.tolist()[0] for statistic in nothing[:1]] == [0.0]
    assert np.isnan(nothing[2]).all()


@pytest.mark.parametrize(
    ("receipts", "supplier_receipts", "expected"), [(5.0, 9.0, 1.5), (4.0, 5.0, 3.0), (4.0, 4.0, 6.0), (0.0, 0.0, 6.0), (NAN, 9.0, NAN)]
)
def test_five_receipts_of_its_own_or_of_the_supplier_or_a_quarter_of_the_lead_time(
    receipts: float, supplier_receipts: float, expected: float
) -> None:
    inputs = [24.0, receipts, 1.5, supplier_receipts, 3.0]
    tree = lead_time_sd(*(Explanation.input(str(i), value) for i, value in enumerate(inputs)))
    array = lead_time_sd(*(np.array([value]) for value in inputs))
    assert tree.value == tree.evaluate()
    np.testing.assert_equal([lead_time_sd(*inputs), array[0], NAN if tree.value is None else tree.value], [expected] * 3)
