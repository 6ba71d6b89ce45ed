"""Metrics of alerts and their bootstrap intervals (science.md 10.3)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.evaluation.alert_metrics import (
    alert_cost,
    alerts_per_sku_month,
    average_precision,
    brier_score,
    confusion,
    event_recall,
    f_beta,
    f_beta_of,
    log_loss,
    median_lead,
    outcome_counts,
    precision,
    recall,
)
from stockhub.formulas.evaluation.cluster_bootstrap import interval_of_rows, interval_of_totals

NAN = math.nan
NOTHING = np.zeros(0)
rows = st.lists(st.tuples(st.integers(0, 20).map(lambda p: p / 20), st.sampled_from([0.0, 1.0])), min_size=1, max_size=30)


def columns(pairs: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    p, y = np.array(pairs).T
    return p, y


def test_what_is_undefined_is_missing() -> None:
    assert math.isnan(precision(0.0, 0.0))
    assert math.isnan(recall(0.0, 0.0))
    assert math.isnan(f_beta(0.0, 0.0, 0.0))
    assert math.isnan(f_beta_of(0.0, 0.0))
    assert math.isnan(alerts_per_sku_month(3.0, 0.0))
    assert math.isnan(average_precision(np.array([0.2, 0.8]), np.zeros(2)))
    assert math.isnan(median_lead(np.array([NAN])))
    assert math.isnan(event_recall(NOTHING, np.zeros(0, dtype=np.bool_)))
    assert all(math.isnan(metric(NOTHING, NOTHING)) for metric in (brier_score, log_loss, average_precision))


def test_counts_by_hand() -> None:
    assert precision(3.0, 1.0) == 0.75
    assert recall(3.0, 2.0) == 0.6
    assert f_beta(3.0, 1.0, 2.0) == 15.0 / (15.0 + 8.0 + 1.0)
    assert f_beta_of(0.75, 0.6) == pytest.approx(f_beta(3.0, 1.0, 2.0))
    assert f_beta(0.0, 2.0, 0.0) == 0.0
    assert alerts_per_sku_month(10.0, 3652.5) == pytest.approx(10 / 120)
    assert alert_cost(2.0, 3.0, 100.0, 5.0, 40.0) == 255.0


def test_averted_alerts_are_right_and_late_and_pending_ones_are_neither() -> None:
    assert outcome_counts(np.array([0.0, 1.0, 1.0, 2.0, 3.0, 4.0, NAN])) == (3.0, 1.0)


def test_recall_and_lead_are_of_events_that_could_be_foreseen() -> None:
    leads = np.array([NAN, 4.0, NAN, 9.0, 6.0])
    assert event_recall(leads, np.array([False, True, True, True, True])) == 0.75
    assert median_lead(leads) == 6.0


def test_probabilities_by_hand() -> None:
    p, y = np.array([0.9, 0.8, 0.8, 0.1, 0.5, NAN]), np.array([1.0, 0.0, 1.0, 0.0, NAN, 1.0])
    assert confusion(p, y, 0.8) == (2.0, 1.0, 0.0)
    assert confusion(p, y, 0.9) == (1.0, 0.0, 1.0)
    assert brier_score(p, y) == pytest.approx((0.01 + 0.64 + 0.04 + 0.01) / 4)
    assert log_loss(p, y) == pytest.approx(-(2 * math.log(0.9) + math.log(0.2) + math.log(0.8)) / 4)
    assert average_precision(p, y) == pytest.approx(0.5 * 1.0 + 0.5 * 2 / 3), "Equal probabilities are one step."


def test_a_wrong_certainty_is_dear_and_finite() -> None:
    assert log_loss(np.array([0.0, 1.0]), np.array([1.0, 0.0])) == pytest.approx(-math.log(np.finfo(float).eps))
    assert log_loss(np.array([0.0, 1.0]), np.array([0.0, 1.0])) == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize(("p", "y"), [(1.1, 1.0), (-0.1, 1.0), (0.5, 2.0), (0.5, 0.5)])
def test_what_is_no_probability_or_label_is_refused(p: float, y: float) -> None:
    with pytest.raises(InvalidParameterError):
        brier_score(np.array([p]), np.array([y]))


@settings(max_examples=60, deadline=None)
@given(pairs=rows, threshold=st.floats(0, 1))
def test_shares_are_shares_and_counts_add_up(pairs: list[tuple[float, float]], threshold: float) -> None:
    p, y = columns(pairs)
    right, wrong, missed = confusion(p, y, threshold)
    assert right + missed == y.sum()
    assert right + wrong == np.count_nonzero(p >= threshold)
    for share in (precision(right, wrong), recall(right, missed), f_beta(right, wrong, missed), average_precision(p, y), brier_score(p, y)):
        assert math.isnan(share) or 0.0 <= share <= 1.0 + 1e-12
    assert log_loss(p, y) >= 0.0


@settings(max_examples=60, deadline=None)
@given(pairs=rows)
def test_a_perfect_ranking_has_an_average_precision_of_1_and_order_is_no_matter(pairs: list[tuple[float, float]]) -> None:
    p, y = columns(pairs)
    if y.any():
        assert average_precision(0.25 + 0.5 * y, y) == pytest.approx(1.0)
        assert average_precision(p[::-1], y[::-1]) == pytest.approx(average_precision(p, y), rel=1e-12)
        assert average_precision(np.full(len(p), 0.5), y) == pytest.approx(y.mean())


# --- intervals --------------------------------------------------------------------------------------------------------------


def precisions(sums: np.ndarray) -> np.ndarray:
    return np.asarray(precision(sums[:, 0], sums[:, 1]))


def test_the_same_seed_gives_the_same_interval_and_it_holds_the_metric() -> None:
    totals = np.random.default_rng(5).poisson([3.0, 1.0], size=(200, 2)).astype(float)
    interval = interval_of_totals(totals, precisions, seed=1)
    assert interval == interval_of_totals(totals, precisions, seed=1)
    assert interval != interval_of_totals(totals, precisions, seed=2)
    point = precision(totals[:, 0].sum(), totals[:, 1].sum())
    assert interval.lower < point < interval.upper


def test_the_width_is_that_of_the_sampling_distribution_of_the_mean() -> None:
    x = np.random.default_rng(3).normal(10.0, 2.0, size=(400, 1))
    interval = interval_of_totals(x, lambda sums: sums[:, 0] / 400, seed=4, draws=4000, confidence=0.95)
    assert interval.upper - interval.lower == pytest.approx(2 * 1.96 * x.std() / 20, rel=0.05)


def test_whole_skus_are_drawn_so_that_like_alerts_tell_no_more_than_one() -> None:
    sku = np.repeat(np.arange(40), 25)
    value = np.repeat(np.random.default_rng(1).normal(size=40), 25)

    def width(cluster: np.ndarray) -> float:
        interval = interval_of_rows(cluster, lambda row: float(value[row].mean()), seed=2, draws=300)
        return interval.upper - interval.lower

    assert width(sku) > 3 * width(np.arange(1000)), "Twenty-five copies are one observation: five times as wide."


def test_rows_and_totals_agree_where_each_sku_is_drawn_alike() -> None:
    right = np.random.default_rng(8).integers(0, 5, size=(30, 2)).astype(float)
    by_row = interval_of_rows(
        np.arange(30), lambda row: precision(float(right[row, 0].sum()), float(right[row, 1].sum())), seed=6, draws=200
    )
    assert by_row == pytest.approx(interval_of_totals(right, precisions, seed=6, draws=200), rel=1e-12)


def test_one_sku_or_a_metric_that_is_mostly_undefined_has_no_interval() -> None:
    assert all(map(math.isnan, interval_of_totals(np.ones((1, 2)), precisions, seed=1)))
    assert all(map(math.isnan, interval_of_totals(np.zeros((9, 2)), precisions, seed=1)))
    assert all(map(math.isnan, interval_of_rows(np.zeros(5, dtype=np.int64), lambda _: 1.0, seed=1)))
    known = np.array([[1.0, 0.0], [NAN, 3.0], [2.0, 0.0]])
    assert interval_of_totals(known, precisions, seed=1) == (1.0, 1.0)


@pytest.mark.parametrize(("draws", "confidence"), [(0, 0.9), (10, 0.0), (10, 1.0)])
def test_draws_and_confidence_have_their_domains(draws: int, confidence: float) -> None:
    with pytest.raises(InvalidParameterError):
        interval_of_totals(np.ones((3, 2)), precisions, seed=1, draws=draws, confidence=confidence)
