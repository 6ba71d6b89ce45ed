"""Stock-out events, what became of alerts, and stock-outs that an action averted (science.md 10.2)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.evaluation.alert_labels import (
    ALERT_OUTCOMES,
    AVERTED,
    FALSE_POSITIVE,
    LATE,
    PENDING,
    TRUE_POSITIVE,
    Alerts,
    Events,
    alert_horizon,
    alert_outcome,
    detection_leads,
    foreseeable,
    label_alerts,
    overstock_realised,
    runs_out_without_action,
    stockout_days,
    stockout_events,
)

NAN = math.nan
NO_ROWS = np.zeros(0, dtype=np.int64)


def alerts(*days: int, row: int = 0) -> Alerts:
    return Alerts(np.full(len(days), row, dtype=np.int64), np.array(days, dtype=np.int64))


def events(*runs: tuple[int, int]) -> Events:
    onset, end = np.array(runs, dtype=np.int64).reshape(-1, 2).T
    return Events(np.zeros(len(runs), dtype=np.int64), onset, end)


def outcomes(raised: Alerts, happened: Events, horizon: int = 10, least_lead: int = 1, last_day: int = 99) -> list[str]:
    codes = label_alerts(raised, happened, horizon=horizon, least_lead=least_lead, last_day=last_day)
    return [ALERT_OUTCOMES[int(code)] for code in codes]


# --- events -----------------------------------------------------------------------------------------------------------------


def test_an_event_is_a_maximal_run_without_stock_while_somebody_would_buy() -> None:
    sellable = np.array([[0, 0, 5, 0, 0, 0, 0, 5, 0.0], [5, 5, 5, 5, 5, 5, 5, 5, 5.0]])
    active = np.ones((2, 9), dtype=np.bool_)
    active[0, 4] = False
    forecast = np.full((2, 9), 0.1)
    forecast[0, 8] = 0.09
    found = stockout_events(stockout_days(sellable, active, forecast))
    assert [column.tolist() for column in found] == [[0, 0, 0], [0, 3, 5], [1, 3, 6]]


def test_a_day_mostly_out_of_stock_counts_and_a_planned_or_unknown_one_does_not() -> None:
    sellable = np.array([[5.0, 5.0, 0.0, 0.0, NAN, NAN]])
    share = np.array([[0.49, 0.5, 0.9, NAN, NAN, 0.2]])
    planned = np.array([[False, False, True, False, False, False]])
    days = stockout_days(sellable, np.ones((1, 6), dtype=np.bool_), np.ones((1, 6)), in_stock_share=share, planned=planned)
    assert days.tolist() == [[True, False, False, True, False, True]]


def test_the_horizon_is_the_lead_time_and_a_fortnight() -> None:
    assert alert_horizon(21.0) == 35.0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.booleans(), min_size=6, max_size=6), min_size=1, max_size=4))
def test_events_cover_the_days_out_of_stock_and_no_two_touch(days: list[list[bool]]) -> None:
    out = np.array(days)
    found = stockout_events(out)
    covered = np.zeros_like(out)
    for row, onset, end in zip(*found, strict=True):
        assert onset == 0 or not out[row, onset - 1]
        assert end == out.shape[1] - 1 or not out[row, end + 1]
        covered[row, onset : end + 1] = True
    np.testing.assert_array_equal(covered, out)


# --- matching ---------------------------------------------------------------------------------------------------------------


def test_the_window_reaches_from_the_horizon_to_the_least_lead_before_the_onset() -> None:
    happened = events((50, 55))
    assert outcomes(alerts(39, 40, 47, 48, 49, 50, 55, 56), happened, least_lead=3) == [
        "false_positive",
        "true_positive",
        "true_positive",
        "late",
        "late",
        "late",
        "late",
        "false_positive",
    ]


def test_an_alert_raised_while_stock_is_out_does_not_foresee_the_next_time() -> None:
    happened = events((50, 55), (60, 61))
    assert outcomes(alerts(53, 56), happened) == ["late", "true_positive"]
    leads = detection_leads(alerts(53, 57), happened, horizon=10, least_lead=1, last_day=99)
    np.testing.assert_array_equal(leads, [NAN, 3.0])


def test_an_alert_is_pending_until_its_window_has_been_observed() -> None:
    assert outcomes(alerts(89, 90), events()) == ["false_positive", "pending"]
    assert outcomes(alerts(95), events((97, 99))) == ["true_positive"], "What has happened need not be waited for."


def test_skus_do_not_see_each_others_alerts_and_have_horizons_of_their_own() -> None:
    happened = Events(np.array([0, 2]), np.array([30, 0]), np.array([31, 2]))
    raised = Alerts(np.array([0, 1, 2, 1]), np.array([20, 20, 0, 39]))
    horizon = np.array([9, 20, 5])
    codes = label_alerts(raised, happened, horizon=horizon, least_lead=1, last_day=39)
    assert codes.tolist() == [FALSE_POSITIVE, PENDING, LATE, PENDING]
    assert label_alerts(raised, happened, horizon=horizon + 1, least_lead=1, last_day=39)[0] == TRUE_POSITIVE


def test_the_lead_counts_from_the_earliest_alert_in_the_window() -> None:
    happened = events((0, 1), (50, 55), (90, 90))
    leads = detection_leads(alerts(39, 42, 45, 60), happened, horizon=10, least_lead=1, last_day=99)
    np.testing.assert_array_equal(leads, [NAN, 8.0, NAN])
    assert foreseeable(happened, 1).tolist() == [False, True, True]


def test_what_is_foreseen_too_late_to_act_is_not_actionable() -> None:
    happened = events((50, 55), (80, 80))
    leads = detection_leads(alerts(46, 70), happened, horizon=14, least_lead=7, last_day=99)
    np.testing.assert_array_equal(leads, [NAN, 10.0])


def test_without_alerts_or_events_there_is_nothing_to_label() -> None:
    assert outcomes(alerts(), events((5, 6))) == []
    assert np.isnan(detection_leads(alerts(), events((5, 6)), horizon=10, least_lead=1, last_day=99)).all()
    assert detection_leads(alerts(3), events(), horizon=10, least_lead=1, last_day=99).shape == (0,)


@pytest.mark.parametrize(("day", "horizon", "least_lead"), [(-1, 10, 1), (100, 10, 1), (5, 10, 11), (5, 10, -1)])
def test_days_outside_of_what_was_observed_are_refused(day: int, horizon: int, least_lead: int) -> None:
    with pytest.raises(InvalidParameterError):
        label_alerts(alerts(day), events((5, 6)), horizon=horizon, least_lead=least_lead, last_day=99)


observed = st.lists(st.sampled_from([False, False, False, True]), min_size=25, max_size=25)


@settings(max_examples=60, deadline=None)
@given(
    days=st.lists(observed, min_size=2, max_size=2),
    raised=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 24)), max_size=8),
    horizon=st.integers(3, 12),
    least_lead=st.integers(0, 3),
)
def test_labels_part_the_alerts_as_a_plain_reading_of_the_rules_does(
    days: list[list[bool]], raised: list[tuple[int, int]], horizon: int, least_lead: int
) -> None:
    happened = stockout_events(np.array(days))
    row, day = np.array(raised, dtype=np.int64).reshape(-1, 2).T
    codes = label_alerts(Alerts(row, day), happened, horizon=horizon, least_lead=least_lead, last_day=24)
    leads = detection_leads(Alerts(row, day), happened, horizon=horizon, least_lead=least_lead, last_day=24)
    runs = list(zip(*(column.tolist() for column in happened), strict=True))
    expected = []
    for sku, a in raised:
        mine = [(onset, end) for owner, onset, end in runs if owner == sku]
        if any(onset - least_lead + 1 <= a <= end for onset, end in mine):
            expected.append(LATE)
        elif any(onset - horizon <= a <= onset - least_lead for onset, _ in mine):
            expected.append(TRUE_POSITIVE)
        else:
            expected.append(PENDING if a + horizon > 24 else FALSE_POSITIVE)
    assert codes.tolist() == expected
    for (sku, onset, _), lead in zip(runs, leads, strict=True):
        seen = [
            onset - a
            for (owner, a), code in zip(raised, expected, strict=True)
            if owner == sku and code != LATE and least_lead <= onset - a <= horizon
        ]
        assert lead == max(seen) if seen else math.isnan(lead)


# --- averted, and overstock -------------------------------------------------------------------------------------------------


def test_an_executed_action_without_which_stock_had_run_out_makes_an_alert_right() -> None:
    def label(ran_out: float, acted: float, **more: int) -> float:
        chosen = {"horizon": 10, "least_lead": 1, "last_day": 99} | more
        return float(label_alerts(alerts(20), events(), would_have_run_out=[ran_out], action_executed=[acted], **chosen)[0])

    assert label(1.0, 1.0) == AVERTED
    assert label(0.0, 1.0) == FALSE_POSITIVE
    assert label(1.0, 0.0) == FALSE_POSITIVE, "Nobody did anything, and stock came by itself."
    assert label(NAN, 0.0) == FALSE_POSITIVE
    assert math.isnan(label(NAN, 1.0)), "Neither right nor wrong while it cannot be told."
    assert label(NAN, 1.0, last_day=29) == PENDING
    assert alert_outcome(0.0, 1.0, 0.0, NAN, 1.0) == TRUE_POSITIVE


def test_the_projection_without_the_action_runs_out_inside_the_window_or_not() -> None:
    stock = np.array([10.0, 10.0, 10.0, 10.0, 0.0, 10.0])
    demand = np.full((6, 6), 5.0)
    receipts = np.zeros((6, 6))
    receipts[1, :] = 5.0
    receipts[2, 1] = 15.0
    receipts[4, 0] = 10.0
    demand[5, 1] = NAN
    ran_out = runs_out_without_action(
        stock, demand, receipts, horizon=np.array([5, 5, 3, 5, 5, 5]), least_lead=np.array([1, 1, 1, 3, 1, 1])
    )
    np.testing.assert_array_equal(ran_out, [1.0, 0.0, 0.0, 0.0, 1.0, NAN])


def test_stock_that_is_out_already_does_not_run_out_again_before_it_is_back() -> None:
    assert runs_out_without_action(np.zeros(1), np.ones((1, 4)), np.zeros((1, 4)), horizon=4, least_lead=1).tolist() == [0.0]
    with pytest.raises(InvalidParameterError, match="at least the horizon"):
        runs_out_without_action(np.zeros(1), np.ones((1, 4)), np.zeros((1, 4)), horizon=5, least_lead=1)
    assert runs_out_without_action(np.zeros(0), np.zeros((0, 4)), np.zeros((0, 4)), horizon=4, least_lead=1).shape == (0,)


def test_an_overstock_alert_is_right_where_too_much_of_the_stock_is_left() -> None:
    """1,000 units, 100 of safety stock, three times of which are accepted."""
    assert [overstock_realised(1000.0, issued, 100.0, 3.0, 50.0) for issued in (699.0, 700.0, 2000.0)] == [1.0, 0.0, 0.0]
    assert [overstock_realised(60.0, issued, 0.0, 3.0, 50.0) for issued in (9.0, 10.0)] == [1.0, 0.0]


def test_no_events_at_all() -> None:
    assert stockout_events(np.zeros((0, 5), dtype=np.bool_)).row.shape == (0,)
    assert stockout_events(np.zeros((3, 0), dtype=np.bool_)).row.shape == (0,)
    assert label_alerts(Alerts(NO_ROWS, NO_ROWS), events(), horizon=3, least_lead=1, last_day=0).shape == (0,)
