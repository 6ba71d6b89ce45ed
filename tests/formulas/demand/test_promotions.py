"""Promotions: their days, their lift, and a baseline without them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stockhub.formulas.demand.cold_start import is_new
from stockhub.formulas.demand.promotions import (
    DAY_LABELS,
    REGULAR,
    baseline_days,
    day_labels,
    group_lifts,
    pooled_lift,
    promotion_lift,
    promotion_tags,
    shrunk_lift,
)
from stockhub.values import Explanation

NAN = math.nan


def test_d12_a_promotion_lifts_the_baseline_and_is_kept_by_kind_of_event() -> None:
    assert promotion_lift(260.0, 100.0) == 2.6
    lifts = promotion_lift(np.array([260.0, 520.0, 90.0]), np.array([100.0, 50.0, 60.0]))
    kinds = group_lifts(np.array([0, 0, 2]), lifts, 3)
    np.testing.assert_allclose(kinds, [math.sqrt(2.6 * 10.4), NAN, 1.5])
    assert promotion_lift(Explanation.input("sold", 260.0), Explanation.input("baseline", 100.0)).evaluate() == 2.6
    assert math.isnan(promotion_lift(5.0, 0.0))


def test_few_units_make_no_lift() -> None:
    assert shrunk_lift(2.0, 0.0) == pytest.approx(1.2)
    assert shrunk_lift(26000.0, 10000.0) == pytest.approx(2.6, rel=1e-3)


def test_a_lift_is_pooled_by_how_many_events_a_sku_has_seen() -> None:
    assert pooled_lift(4.0, 2.0, 3.0) == pytest.approx(math.sqrt(8.0))
    assert pooled_lift(4.0, 2.0, 9.0) == pytest.approx(4.0**0.75 * 2.0**0.25)
    assert pooled_lift(NAN, 2.0, 0.0) == 2.0


def test_a_group_without_evidence_is_missing() -> None:
    np.testing.assert_array_equal(group_lifts(np.array([0, 1]), np.array([0.0, NAN]), 2), [NAN, NAN])


def test_h22_a_promotion_day_is_no_baseline_and_its_label_is_visible() -> None:
    demand = np.array([[10.0, 80.0, 3.0, 4.0, 5.0, 10.0]])
    tags = promotion_tags(np.array([0]), np.array([1]), np.array([1]), np.array([618]), (1, 6))
    assert tags.tolist() == [[REGULAR, 618, 618, 618, 618, REGULAR]]
    np.testing.assert_array_equal(baseline_days(demand, tags), [[10.0, NAN, NAN, NAN, NAN, 10.0]])
    labels = day_labels(tags, np.array([[False, True, False, False, False, True]]))
    assert [DAY_LABELS[int(code)] for code in labels[0]] == ["regular", *["promotion"] * 4, "censored"]
    assert (is_new(3.0, 12.0), is_new(8.0, 0.0), is_new(1.0, 30.0)) == (1.0, 0.0, 0.0)


def test_windows_reach_over_the_edges_and_the_last_listed_counts() -> None:
    tags = promotion_tags(
        np.array([0, 0, 1, 1]), np.array([-5, 3, 4, 9]), np.array([0, 4, 4, 12]), np.array([7, 8, 9, 10]), (2, 6), dip_days=1
    )
    assert tags.tolist() == [[7, 7, REGULAR, 8, 8, 8], [REGULAR] * 4 + [9, 9]]
    twice = promotion_tags(np.array([0, 0]), np.array([0, 1]), np.array([2, 1]), np.array([1, 2]), (1, 4), dip_days=0)
    assert twice.tolist() == [[1, 2, 1, REGULAR]]
    none = np.zeros(0, np.int64)
    assert promotion_tags(none, none, none, none, (1, 2)).tolist() == [[REGULAR, REGULAR]]
