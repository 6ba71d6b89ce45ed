"""Suppliers: their record, their risk, their score, their promises."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.sourcing.contracts import breach_hours, duty_breached, duty_record, hours_between, hours_over_promise
from stockhub.formulas.sourcing.record import (
    fill_rate_of_orders,
    late_rate,
    lead_time_deviation,
    lead_time_records,
    lead_time_variation,
    on_time_rate,
    reject_rate,
)
from stockhub.formulas.sourcing.risk import (
    CONCENTRATED,
    DIVERSIFIED,
    NO_SOURCE,
    SINGLE_SOURCE,
    SOURCING_RISKS,
    delay_risk_cost,
    risk_adjusted_lead_time_sd,
    sourcing_risk_of,
    supply_risk_coefficient,
)
from stockhub.formulas.sourcing.scoring import (
    ScoreWeights,
    capacity_score,
    price_score,
    ranked_suppliers,
    response_score,
    stability_score,
    supplier_score,
)

NAN = math.nan


def test_a_supplier_without_a_record_is_on_time_in_nine_of_ten() -> None:
    assert on_time_rate(0.0, 0.0) == 0.9
    assert on_time_rate(10.0, 20.0) == pytest.approx(19.0 / 30.0)
    assert late_rate(0.0, 0.0) == pytest.approx(0.1)


def test_rates_of_nothing_are_missing() -> None:
    assert math.isnan(fill_rate_of_orders(0.0, 0.0))
    assert math.isnan(reject_rate(0.0, 0.0))
    assert math.isnan(lead_time_variation(1.0, 0.0))
    assert (fill_rate_of_orders(95.0, 100.0), reject_rate(3.0, 60.0), lead_time_variation(2.0, 8.0)) == (0.95, 0.05, 0.25)


def test_the_deviation_is_the_records_from_five_receipts_on() -> None:
    assert lead_time_deviation(4.0, 9.0, 20.0) == 5.0
    assert lead_time_deviation(5.0, 9.0, 20.0) == 9.0
    assert lead_time_deviation(1.0, NAN, 20.0) == 5.0


def test_receipts_of_one_age_give_the_textbook_statistics() -> None:
    actual, quoted = np.array([10.0, 12.0, 20.0, 11.0, 13.0]), np.full(5, 10.0)
    record = lead_time_records(np.zeros(5, dtype=np.int64), actual, quoted, np.full(5, 30.0), 2)
    assert record.receipts.tolist() == [5.0, 0.0]
    assert record.mean[0] == pytest.approx(actual.mean())
    assert record.sd[0] == pytest.approx(np.std(actual - quoted, ddof=1))
    assert record.p95[0] == 20.0
    assert np.isnan([record.mean[1], record.sd[1], record.p95[1]]).all()


def test_a_recent_receipt_counts_more_and_a_quoted_delay_surprises_nobody() -> None:
    row = np.zeros(2, dtype=np.int64)
    record = lead_time_records(row, np.array([10.0, 30.0]), np.array([10.0, 30.0]), np.array([180.0, 0.0]), 1)
    assert record.mean[0] == pytest.approx((10.0 * 0.5 + 30.0) / 1.5)
    assert record.sd[0] == 0.0
    alone = lead_time_records(row[:1], np.array([7.0]), np.array([6.0]), np.array([0.0]), 1)
    assert (alone.mean[0], alone.p95[0]) == (7.0, 7.0)
    assert math.isnan(alone.sd[0])
    with pytest.raises(InvalidParameterError, match="half_life_days"):
        lead_time_records(row, np.zeros(2), np.zeros(2), np.zeros(2), 1, half_life_days=0.0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 90), st.floats(0, 90), st.floats(0, 700)), max_size=25))
def test_many_rows_are_as_each_alone(receipts: list[tuple[int, float, float, float]]) -> None:
    row = np.array([each[0] for each in receipts], dtype=np.int64)
    actual, quoted, age = (np.array([each[at] for each in receipts], dtype=np.float64) for at in (1, 2, 3))
    together = lead_time_records(row, actual, quoted, age, 4)
    for one in range(4):
        mine = row == one
        alone = lead_time_records(np.zeros(int(mine.sum()), dtype=np.int64), actual[mine], quoted[mine], age[mine], 1)
        for all_rows, single in zip(together, alone, strict=True):
            np.testing.assert_allclose(all_rows[one], single[0], rtol=1e-6, atol=1e-6)
        if mine.any():
            weight = np.exp2(-age[mine] / 180.0)
            assert weight[actual[mine] <= together.p95[one]].sum() >= 0.95 * weight.sum() * (1 - 1e-9)
            assert together.p95[one] in actual[mine]


def test_kappa_adds_up_and_stays_from_1_to_2() -> None:
    assert supply_risk_coefficient(0.1, 0.4, 0.05) == pytest.approx(1.35)
    assert supply_risk_coefficient(0.0, 0.0, 0.0) == 1.0
    assert supply_risk_coefficient(0.9, 2.0, 0.5) == 2.0
    assert supply_risk_coefficient(0.1, 0.4, 0.05, 0.2) == pytest.approx(1.55)
    assert math.isnan(supply_risk_coefficient(NAN, 0.4, 0.05))
    assert risk_adjusted_lead_time_sd(4.0, 1.5) == 6.0
    assert delay_risk_cost(8.0, 30.0, 120.0) == 2.0
    assert math.isnan(delay_risk_cost(8.0, 30.0, 0.0))


def test_d5_one_active_source_is_single_and_95_to_5_is_concentrated() -> None:
    units = np.array([[100.0, 0.0, NAN], [95.0, 5.0, 0.0], [60.0, 40.0, 0.0], [0.0, 0.0, NAN], [80.0, 20.0, 0.0]])
    assert sourcing_risk_of(units).tolist() == [SINGLE_SOURCE, CONCENTRATED, DIVERSIFIED, NO_SOURCE, DIVERSIFIED]
    assert [SOURCING_RISKS[int(code)] for code in sourcing_risk_of(units)[:2]] == ["single_source", "concentrated"]
    assert sourcing_risk_of(units, limit=0.55).tolist()[2] == CONCENTRATED
    assert sourcing_risk_of(np.zeros((0, 3))).shape == (0,)
    with pytest.raises(InvalidParameterError, match="limit"):
        sourcing_risk_of(units, limit=0.0)


def test_d6_the_better_supplier_is_first_although_dearer() -> None:
    scores = {"A": supplier_score(0.9, 0.6, 0.5, 0.4), "B": supplier_score(0.7, 0.8, 0.9, 0.8)}
    assert scores == {"A": pytest.approx(0.62), "B": pytest.approx(0.80)}
    assert ranked_suppliers(scores) == ["B", "A"]


def test_equal_scores_rank_by_code_and_the_unknown_last() -> None:
    assert ranked_suppliers({"C": 0.5, "A": NAN, "B": 0.5, "D": 0.9}) == ["D", "B", "C", "A"]
    assert supplier_score(0.9, 0.6, 0.5, 0.4, ScoreWeights(3.0, 2.0, 3.0, 2.0)) == pytest.approx(0.62)
    assert math.isnan(supplier_score(NAN, 0.6, 0.5, 0.4))
    with pytest.raises(InvalidParameterError, match="weights"):
        supplier_score(0.9, 0.6, 0.5, 0.4, ScoreWeights(0.0, 0.0, 0.0, 0.0))


def test_the_four_scores() -> None:
    assert [price_score(price, 10.0) for price in (10.0, 20.0)] == [1.0, 0.5]
    assert [capacity_score(capacity, 200.0) for capacity in (100.0, 400.0)] == [0.5, 1.0]
    assert stability_score(0.9, 0.25) == pytest.approx(0.675)
    assert stability_score(0.9, 3.0) == 0.0
    assert [response_score(hours) for hours in (12.0, 24.0, 48.0)] == [1.0, 1.0, 0.5]
    assert math.isnan(price_score(0.0, 10.0))


def test_d10_promised_24_hours_received_after_31_is_a_breach_of_7() -> None:
    called = datetime(2026, 3, 1, 9, tzinfo=UTC)
    taken = hours_between(called, called + timedelta(hours=31))
    assert breach_hours(24.0, taken) == 7.0
    assert (hours_over_promise(24.0, 20.0), breach_hours(24.0, 20.0)) == (-4.0, 0.0)
    assert (duty_breached(24.0, 24.0), duty_breached(24.0, taken)) == (0.0, 1.0)
    with pytest.raises(InvalidParameterError, match="received_at"):
        hours_between(called, called - timedelta(seconds=1))


def test_d10_breaches_are_in_the_scorecard() -> None:
    record = duty_record(np.array([24.0, 24.0, 48.0, 24.0]), np.array([31.0, 20.0, 51.0, NAN]))
    assert list(record) == pytest.approx([3, 2, 1 / 3, 5.0, 7.0])
    assert list(duty_record(np.array([24.0]), np.array([20.0]))) == [1, 0, 1.0, 0.0, 0.0]
    empty = duty_record(np.zeros(0), np.zeros(0))
    assert (empty.deliveries, empty.breaches) == (0, 0)
    assert np.isnan(empty[2:]).all()
