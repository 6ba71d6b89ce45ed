"""A series' own quantiles: window sums, and the bootstrap with jitter without drawing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.distributions.windows import (
    QuantileMethod,
    empirical_quantile,
    jittered_quantile,
    jittered_tail,
    quantile_by_evidence,
    window_count,
    window_sums,
    windows_suffice,
)
from stockhub.formulas.errors import InvalidParameterError
from stockhub.values import Explanation

NAN = math.nan
sums = st.lists(st.integers(0, 60).map(float), min_size=1, max_size=40).map(np.array)


def test_window_sums_overlap_and_a_missing_day_is_missing() -> None:
    history = np.array([[1.0, 2.0, 3.0, 4.0], [1.0, NAN, 3.0, 4.0]])
    np.testing.assert_array_equal(window_sums(history, 2), [[3.0, 5.0, 7.0], [NAN, NAN, 7.0]])
    assert window_count(window_sums(history, 2)).tolist() == [3.0, 1.0]


def test_a_series_shorter_than_the_window_has_no_quantile() -> None:
    none = window_sums(np.ones((2, 3)), 4)
    assert none.shape == (2, 0)
    assert np.isnan(empirical_quantile(none, 0.9)).tolist() == [True, True]
    assert np.isnan(jittered_tail(none, np.array([1.0, 2.0]))).tolist() == [True, True]
    assert np.isnan(jittered_quantile(none, 0.9)).tolist() == [True, True]
    with pytest.raises(InvalidParameterError, match="at least 1"):
        window_sums(np.ones(3), 0)


@settings(max_examples=60, deadline=None)
@given(known=sums, probability=st.floats(0, 1), method=st.sampled_from(["linear", "higher"]), gaps=st.integers(0, 3))
def test_quantiles_are_numpys_and_gaps_do_not_count(known: np.ndarray, probability: float, method: QuantileMethod, gaps: int) -> None:
    place = probability * (len(known) - 1)
    if method == "higher" and 0 < place - math.floor(place) < 1e-6:
        return  # numpy takes 7.0000000000000001 for above 7
    with_gaps = np.concatenate([np.full(gaps, NAN), known])
    expected = np.quantile(known, probability, method=method)
    assert float(empirical_quantile(with_gaps, probability, method)) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(known=sums, levels=st.lists(st.floats(0.01, 0.99), min_size=2, max_size=5))
def test_own_quantiles_do_not_cross(known: np.ndarray, levels: list[float]) -> None:
    rows = np.tile(known, (len(levels), 1))
    ordered = np.array(sorted(levels))
    for quantiles in (empirical_quantile(rows, ordered), empirical_quantile(rows, ordered, "linear"), jittered_quantile(rows, ordered)):
        assert (np.diff(quantiles) >= -1e-9).all()


def test_probabilities_at_and_beyond_their_ends() -> None:
    known = np.array([3.0, 9.0, 1.0])
    assert (float(empirical_quantile(known, 0.0)), float(empirical_quantile(known, 1.0))) == (1.0, 9.0)
    assert [math.isnan(float(empirical_quantile(known, p))) for p in (-0.1, 1.1, NAN)] == [True] * 3
    assert [math.isnan(float(jittered_quantile(known, p))) for p in (0.0, 1.0, NAN)] == [True] * 3
    with pytest.raises(InvalidParameterError, match="'linear' or 'higher'"):
        empirical_quantile(known, 0.5, "nearest")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("windows", "level", "own"), [(20.0, 0.95, True), (19.0, 0.9, False), (20.0, 0.96, False), (100.0, 0.99, True), (40.0, 0.98, False)]
)
def test_the_series_own_quantile_needs_evidence(windows: float, level: float, *, own: bool) -> None:
    assert windows_suffice(windows, level) == float(own)
    assert quantile_by_evidence(30.0, windows, level, 25.0) == (30.0 if own else 25.0)
    inputs = {"own": 30.0, "windows": windows, "level": level, "family": 25.0}
    tree = quantile_by_evidence(*(Explanation.input(name, value) for name, value in inputs.items()))
    assert tree.evaluate() == tree.value == (30.0 if own else 25.0)


def test_without_windows_the_family_answers() -> None:
    assert quantile_by_evidence(NAN, 0.0, 0.9, 25.0) == 25.0


def test_jitter_without_drawing_is_the_limit_of_drawing() -> None:
    history = np.array([0.0, 0.0, 3.0, 12.0, 40.0, 1.0, 0.0, 7.0])
    rng = np.random.default_rng(11)
    drawn = rng.choice(history, 100_000)
    jittered = np.rint(drawn + rng.standard_normal(100_000) * np.sqrt(drawn))
    jittered = np.where(jittered > 0, jittered, drawn)
    for quantity in (0.0, 1.0, 3.0, 8.0, 15.0, 45.0):
        share = float((jittered >= quantity).mean())
        assert float(jittered_tail(history, quantity)) == pytest.approx(share, abs=4 * math.sqrt(0.25 / 100_000))
    assert float(jittered_quantile(history, 0.9)) == np.quantile(jittered, 0.9, method="higher")


@settings(max_examples=60, deadline=None)
@given(known=sums, probability=st.floats(0.01, 0.999))
def test_a_jittered_quantile_is_the_least_that_is_enough(known: np.ndarray, probability: float) -> None:
    quantile = float(jittered_quantile(known, probability))
    assert float(jittered_tail(known, quantile + 1)) <= 1 - probability
    assert quantile == 0 or float(jittered_tail(known, quantile)) > 1 - probability


def test_a_series_without_sales_needs_no_stock() -> None:
    assert float(jittered_quantile(np.zeros(30), 0.99)) == 0.0
    assert [float(jittered_tail(np.zeros(30), quantity)) for quantity in (-1.0, 0.0, 1.0)] == [1.0, 1.0, 0.0]
