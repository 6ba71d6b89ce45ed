"""ABC and XYZ (H89, E11; science.md 3.8)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.health.abc_xyz import (
    ABC_CLASSES,
    CLASS_C,
    CLASS_NEW,
    CONTROL_METHODS,
    XYZ_CLASSES,
    abc_class,
    class_shares,
    control_method,
    cumulative_share_before,
    demand_statistics,
    xyz_class,
)

NAN = math.nan


def classes(basis: FloatArray, age_days: float = 365.0) -> FloatArray:
    before = cumulative_share_before(basis, np.arange(len(basis)))
    return abc_class(basis, before, np.full(len(basis), age_days))


def letters(codes: FloatArray) -> str:
    return "".join(ABC_CLASSES[int(code)] for code in codes)


def test_h89_e11_the_default_cuts_are_75_and_95_per_cent() -> None:
    revenue = np.array([500.0, 250, 80, 60, 50, 25, 15, 10, 6, 4])
    abc = classes(revenue)
    assert letters(abc) == "AABBBBCCCC"
    assert class_shares(revenue, abc).tolist() == pytest.approx([0.75, 0.215, 0.035, 0.0])


def test_e11_the_basis_and_the_cuts_are_the_callers() -> None:
    """The same SKUs by revenue, units and margin, and with the usual 80 and 95 %."""
    revenue, units, margin = np.array([700.0, 200, 100]), np.array([10.0, 900, 90]), np.array([-5.0, 60, 40])
    assert [letters(classes(basis)) for basis in (revenue, units, margin)] == ["AAB", "CAB", "CAA"]
    before = cumulative_share_before(np.array([780.0, 100, 120]), np.arange(3))
    assert letters(abc_class(np.array([780.0, 100, 120]), before, np.full(3, 365.0), a_share=0.8)) == "ABA"


def test_h89_a_class_has_its_method_of_control() -> None:
    a, b, c = np.zeros(3), np.ones(3), np.full(3, 2.0)
    xyz = np.array([0.0, 1.0, 2.0])
    methods = [[CONTROL_METHODS[int(code)] for code in control_method(abc, xyz)] for abc in (a, b, c)]
    assert methods == [["fixed_quantity"] * 3, ["fixed_period"] * 3, ["fixed_period", "fixed_period", "on_demand"]]
    assert control_method(CLASS_NEW, 2.0) == 1.0


def test_new_skus_are_not_classed_and_those_without_value_are_c() -> None:
    basis = np.array([500.0, 0.0, -20.0, NAN])
    before = cumulative_share_before(basis, np.arange(4))
    assert np.isnan(before[1:]).all()
    assert abc_class(basis, before, np.array([89.0, 90.0, 90.0, 89.0])).tolist() == [CLASS_NEW, CLASS_C, CLASS_C, CLASS_NEW]
    assert math.isnan(abc_class(NAN, 0.0, 365.0)), "What is not known has no class."
    assert cumulative_share_before(np.zeros(0), np.zeros(0, dtype=np.int64)).shape == (0,)
    assert np.isnan(class_shares(np.zeros(2), np.zeros(2))).all()


def test_ties_go_by_code() -> None:
    before = cumulative_share_before(np.array([10.0, 10.0, 80.0]), np.array(["b", "a", "c"]))
    assert before.tolist() == pytest.approx([0.9, 0.8, 0.0])


def test_a_share_that_equals_a_cut_up_to_rounding_is_beyond_it() -> None:
    """Three fifths and three twentieths are three quarters, which these floats miss by the last digit."""
    basis = np.array([0.6, 0.15, 0.14, 0.11])
    before = cumulative_share_before(basis, np.arange(4))
    assert before[2] == pytest.approx(0.75)
    assert letters(classes(basis)) == "AABB"
    assert letters(classes(np.full(20, 0.1))) == "A" * 15 + "B" * 4 + "C"


@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.floats(-100, 1e5), min_size=1, max_size=40), seed=st.integers(0, 99))
def test_the_classes_partition_and_never_fall_as_revenue_rises(values: list[float], seed: int) -> None:
    basis = np.array(values)
    abc = classes(basis)
    assert set(abc.tolist()) <= {0.0, 1.0, 2.0}
    order = np.argsort(-basis, kind="stable")
    assert (np.diff(abc[order]) >= 0).all()
    assert not (basis > 0).any() or abc[basis.argmax()] == 0.0, "The best seller is A."
    shuffled = np.random.default_rng(seed).permutation(len(basis))
    before = cumulative_share_before(basis[shuffled], shuffled)
    np.testing.assert_array_equal(abc_class(basis[shuffled], before, np.full(len(basis), 365.0)), abc[shuffled])


def test_xyz_by_the_population_deviation() -> None:
    demand = np.array([[10.0, 10, 10, 10], [0, 20, 0, 20], [0, 0, 0, 40], [0, 0, 0, 0], [10, NAN, 10, NAN]])
    mean, variation = demand_statistics(demand)
    assert mean.tolist() == [10.0, 10.0, 10.0, 0.0, 10.0]
    assert variation.tolist()[:3] == pytest.approx([0.0, 1.0, math.sqrt(3.0)])
    assert math.isnan(variation[3])
    assert [XYZ_CLASSES[int(code)] for code in xyz_class(mean, variation)] == ["X", "Y", "Z", "Z", "X"]
    assert [xyz_class(1.0, cv) for cv in (0.5, 0.5001, 1.0, 1.0001)] == [0.0, 1.0, 1.0, 2.0]
    empty_mean, empty_variation = demand_statistics(np.zeros((2, 0)))
    assert np.isnan(empty_mean).all()
    assert np.isnan(empty_variation).all()
