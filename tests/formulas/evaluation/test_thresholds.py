"""Thresholds, their calibration, and what wrong alerts and policies teach (science.md 10.4; H71)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.evaluation.alert_metrics import alert_cost, brier_score, confusion
from stockhub.formulas.evaluation.calibration import (
    CALIBRATION_METHODS,
    IsotonicCalibration,
    PlattCalibration,
    calibrated,
    calibration_method,
    factor_calibration,
    isotonic_calibration,
    logit,
    platt_calibration,
)
from stockhub.formulas.evaluation.effect_comparison import EFFECT_CLAIMS, difference_in_differences, effect_claim, matched_effect
from stockhub.formulas.evaluation.learned_factors import (
    false_alarm_by_late_delivery,
    learned_promotion_factor,
    learned_supplier_risk,
    missed_after_promotion,
)
from stockhub.formulas.evaluation.logistic import logistic, penalised_logistic
from stockhub.formulas.evaluation.thresholds import (
    cheapest_threshold,
    cost_ratio_threshold,
    may_deploy,
    stepped_threshold,
    time_ordered_split,
)
from stockhub.formulas.sourcing.risk import supply_risk_coefficient
from stockhub.formulas.stock.shortage import shortage_index
from stockhub.values import Explanation

NAN = math.nan
rows = st.lists(st.tuples(st.integers(0, 20).map(lambda p: p / 20), st.sampled_from([0.0, 1.0])), min_size=1, max_size=30)


def columns(pairs: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    p, y = np.array(pairs).T
    return p, y


def sample(n: int, *, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that are too sure of themselves: the truth is half as far from ½ on the logit scale, and lower."""
    generator = np.random.default_rng(seed)
    p = generator.uniform(0.02, 0.98, n)
    return p, (generator.uniform(size=n) < logistic(0.5 * logit(p) - 0.4)).astype(float)


# --- thresholds -------------------------------------------------------------------------------------------------------------


def test_the_threshold_of_calibrated_probabilities_is_the_ratio_of_costs() -> None:
    assert cost_ratio_threshold(1.0, 4.0) == 0.2
    assert cost_ratio_threshold(0.0, 4.0) == 0.0
    assert math.isnan(cost_ratio_threshold(0.0, 0.0))


def test_of_equal_thresholds_the_highest_is_taken() -> None:
    p, y = np.array([0.9, 0.6, 0.3]), np.array([1.0, 0.0, 1.0])
    assert cheapest_threshold(p, y, false_alarm=1.0, miss=1.0) == (0.9, 1.0)
    assert cheapest_threshold(p, y, false_alarm=1.0, miss=1.5) == (0.3, 1.0)


def test_never_to_alert_may_be_cheapest_and_without_labels_nothing_is_known() -> None:
    p, y = np.array([0.9, 0.6]), np.array([0.0, 1.0])
    never = cheapest_threshold(p, y, false_alarm=5.0, miss=1.0)
    assert math.isnan(never.threshold)
    assert never.cost == 1.0
    assert all(map(math.isnan, cheapest_threshold(p, np.array([NAN, NAN]), false_alarm=5.0, miss=1.0)))


def test_a_false_alarm_may_carry_the_capital_of_its_own_order() -> None:
    p, y = np.array([0.9, 0.8, 0.7]), np.array([0.0, 0.0, 1.0])
    assert cheapest_threshold(p, y, false_alarm=np.array([1.0, 1.0, 99.0]), miss=3.0) == (0.7, 2.0)
    assert cheapest_threshold(p, y, false_alarm=np.array([1.0, 9.0, 99.0]), miss=3.0).cost == 3.0


@pytest.mark.parametrize(("false_alarm", "miss"), [(-1.0, 1.0), (1.0, -1.0), (NAN, 1.0), (1.0, math.inf)])
def test_costs_are_known_and_not_negative(false_alarm: float, miss: float) -> None:
    with pytest.raises(InvalidParameterError):
        cheapest_threshold(np.array([0.5]), np.array([1.0]), false_alarm=false_alarm, miss=miss)


@settings(max_examples=60, deadline=None)
@given(pairs=rows, false_alarm=st.integers(0, 9).map(lambda cost: cost / 3), miss=st.integers(0, 40).map(float))
def test_no_other_threshold_costs_less_and_no_higher_one_as_little(
    pairs: list[tuple[float, float]], false_alarm: float, miss: float
) -> None:
    p, y = columns(pairs)
    best = cheapest_threshold(p, y, false_alarm=false_alarm, miss=miss)

    def cost(threshold: float) -> float:
        _, wrong, missed = confusion(p, y, threshold)
        return alert_cost(missed, wrong, miss, false_alarm)

    assert best.cost == pytest.approx(cost(best.threshold), abs=1e-9)
    for other in (*p.tolist(), 2.0):
        assert cost(other) >= best.cost - 1e-9
        assert other <= best.threshold or cost(other) > best.cost + 1e-9 or math.isnan(best.threshold)


def test_the_cost_of_a_threshold_explains_itself() -> None:
    p, y = sample(300)
    best = cheapest_threshold(p, y, false_alarm=2.0, miss=9.0)
    _, wrong, missed = confusion(p, y, best.threshold)
    inputs = {"missed": missed, "false_alarms": wrong, "cost_of_miss": 9.0, "cost_of_false_alarm": 2.0}
    tree = alert_cost(*[Explanation.input(name, value) for name, value in inputs.items()])
    assert tree.evaluate() == best.cost
    assert (tree.name, tree.unit) == ("alert_cost", "base currency")


def test_h71_a_threshold_moves_in_bounded_steps() -> None:
    assert stepped_threshold(0.5, 0.2) == 0.4
    assert stepped_threshold(0.5, 0.9) == 0.6
    assert stepped_threshold(0.5, 0.45) == 0.45
    assert stepped_threshold(0.05, -1.0) == 0.0
    assert stepped_threshold(0.95, 2.0) == 1.0


def test_only_what_improves_both_cost_and_brier_score_goes_live() -> None:
    assert may_deploy(100.0, 99.0, 0.2, 0.19) == 1.0
    assert may_deploy(100.0, 100.0, 0.2, 0.19) == 0.0
    assert may_deploy(100.0, 99.0, 0.2, 0.2) == 0.0
    assert math.isnan(may_deploy(100.0, NAN, 0.2, 0.1))


def test_labels_that_look_into_the_test_period_are_purged() -> None:
    day = np.arange(12)
    split = time_ordered_split(day, testing_from=8, horizon=3)
    assert day[split.learning].tolist() == [0, 1, 2, 3, 4]
    assert day[split.testing].tolist() == [8, 9, 10, 11]
    own = time_ordered_split(np.array([4, 4]), testing_from=8, horizon=np.array([3, 4]))
    assert own.learning.tolist() == [True, False]
    with pytest.raises(InvalidParameterError):
        time_ordered_split(day, testing_from=8, horizon=-1)


# --- calibration ------------------------------------------------------------------------------------------------------------


def test_which_calibration_the_labels_allow() -> None:
    given_counts = [(0.0, 0.0), (1.0, 0.0), (999.0, 500.0), (1000.0, 99.0), (1000.0, 100.0)]
    assert [CALIBRATION_METHODS[int(calibration_method(*counts))] for counts in given_counts] == [
        "none",
        "platt",
        "platt",
        "platt",
        "isotonic",
    ]
    assert isinstance(calibrated(*sample(2000)), IsotonicCalibration)
    assert isinstance(calibrated(*sample(999)), PlattCalibration)
    assert calibrated(np.zeros(0), np.zeros(0)) == PlattCalibration(0.0, 1.0)


def test_isotonic_by_hand() -> None:
    curve = isotonic_calibration(np.array([0.1, 0.2, 0.2, 0.3, 0.4, NAN]), np.array([0.0, 1.0, 1.0, 0.0, 1.0, 1.0]))
    assert curve.points.tolist() == [0.1, 0.2, 0.3, 0.4]
    assert curve.values.tolist() == pytest.approx([0.0, 2 / 3, 2 / 3, 1.0])
    at = curve.probability(np.array([0.0, 0.15, 0.25, 0.35, 0.9, NAN]))
    np.testing.assert_allclose(at, [0.0, 1 / 3, 2 / 3, 5 / 6, 1.0, NAN])


@settings(max_examples=60, deadline=None)
@given(pairs=rows, at=st.lists(st.floats(0, 1), min_size=2, max_size=10))
def test_isotonic_is_monotone_and_keeps_the_mean(pairs: list[tuple[float, float]], at: list[float]) -> None:
    p, y = columns(pairs)
    curve = isotonic_calibration(p, y)
    assert (np.diff(curve.probability(np.sort(at))) >= -1e-12).all()
    assert curve.probability(p).mean() == pytest.approx(y.mean())
    assert brier_score(curve.probability(p).clip(0, 1), y) <= brier_score(p, y) + 1e-12


def test_platt_finds_the_parameters_that_made_the_labels() -> None:
    fitted = platt_calibration(*sample(40_000))
    assert fitted.intercept == pytest.approx(-0.4, abs=0.05)
    assert fitted.slope == pytest.approx(0.5, abs=0.05)


def test_platt_takes_few_labels_of_one_kind_for_no_certainty() -> None:
    p = np.array([0.2, 0.4, 0.9])
    none_came = platt_calibration(p, np.zeros(3)).probability(p)
    assert none_came == pytest.approx(np.full(3, 0.2), abs=1e-4), "1 of 3 + 2."
    separable = platt_calibration(p, np.array([0.0, 0.0, 1.0])).probability(p)
    assert ((separable > 0.05) & (separable < 0.95)).all()
    same = platt_calibration(np.full(8, 0.3), np.array([1.0] * 4 + [0.0] * 4))
    assert float(same.probability(np.array(0.3))) == pytest.approx(0.5)


def test_without_labels_there_is_no_curve() -> None:
    for fit in (isotonic_calibration, platt_calibration):
        with pytest.raises(InvalidParameterError):
            fit(np.array([0.5]), np.array([NAN]))
    with pytest.raises(InvalidParameterError):
        factor_calibration(np.array([0.5]), np.array([1.0]), np.array([[NAN]]))
    with pytest.raises(InvalidParameterError):
        factor_calibration(np.array([0.5]), np.array([1.0]), np.array([[1.0]]), penalty=0.0)


def test_a_penalised_fit_is_where_its_gradient_vanishes() -> None:
    generator = np.random.default_rng(2)
    design = np.column_stack([np.ones(200), generator.normal(size=(200, 2))])
    target = (generator.uniform(size=200) < logistic(design @ [0.5, 2.0, -1.0])).astype(float)
    penalty, prior = np.array([0.0, 3.0, 0.5]), np.array([0.0, 1.0, 0.0])
    b = penalised_logistic(design, target, penalty, prior)
    gradient = design.T @ (logistic(design @ b) - target) + penalty * (b - prior)
    assert gradient == pytest.approx(np.zeros(3), abs=1e-8)
    with pytest.raises(InvalidParameterError):
        penalised_logistic(design, target, -penalty, prior)


def test_a_separable_fit_stays_finite_under_a_penalty() -> None:
    design = np.column_stack([np.ones(6), [-300.0, -200.0, -100.0, 100.0, 200.0, 300.0]])
    b = penalised_logistic(design, np.array([0.0, 0, 0, 1, 1, 1]), np.array([0.0, 1.0]), np.zeros(2))
    assert np.isfinite(b).all()
    assert b[1] > 0


def test_the_logistic_function_does_not_overflow() -> None:
    assert logistic(np.array([-1e4, 0.0, 1e4])).tolist() == [0.0, 0.5, 1.0]
    assert np.isfinite(logit(np.array([0.0, 1.0]))).all()


# --- what wrong alerts teach ------------------------------------------------------------------------------------------------


def test_h71_a_stock_out_after_a_promotion_without_an_alert_lifts_the_promotion_factor() -> None:
    missed = missed_after_promotion(1.0, 0.0, 2.0, 35.0)
    assert missed == 1.0
    factor = learned_promotion_factor(2.0, missed, 1.8)
    assert factor == pytest.approx(2.2)
    assert shortage_index(100.0 * 2.0, 10.0, 215.0) < 0 < shortage_index(100.0 * factor, 10.0, 215.0), "Next time there is an alert."


def test_h71_what_was_foreseen_or_had_no_promotion_teaches_nothing() -> None:
    assert missed_after_promotion(1.0, 1.0, 2.0, 35.0) == 0.0
    assert missed_after_promotion(0.0, 0.0, 2.0, 35.0) == 0.0
    assert [missed_after_promotion(1.0, 0.0, day, 35.0) for day in (-0.5, 0.0, 35.0, 35.5)] == [0.0, 1.0, 1.0, 0.0]
    assert learned_promotion_factor(2.0, 0.0, NAN) == 2.0


def test_h71_a_factor_follows_what_was_seen_within_bounds() -> None:
    assert learned_promotion_factor(2.0, 1.0, 2.6) == 2.6
    assert learned_promotion_factor(2.0, 1.0, 9.0) == 3.0
    assert learned_promotion_factor(2.0, 50.0, 1.0) == 3.0
    assert learned_promotion_factor(9.9, 1.0, 1.0) == 10.0
    assert learned_promotion_factor(12.0, 1.0, 1.0) == 12.0, "Set by hand, and never lowered here."


def test_h71_three_false_alarms_by_late_delivery_lift_the_supplier_coefficient() -> None:
    caused = sum(false_alarm_by_late_delivery(1.0, late) for late in (4.0, 1.0, 9.0, 0.0))
    assert caused == 3.0
    before, learned = supply_risk_coefficient(0.1, 0.2, 0.05, 0.0), learned_supplier_risk(0.0, caused)
    assert learned == 0.1
    assert supply_risk_coefficient(0.1, 0.2, 0.05, learned) == pytest.approx(before + 0.1)
    assert learned_supplier_risk(0.2, 2.0) == 0.2
    assert learned_supplier_risk(0.2, 7.0) == pytest.approx(0.4)
    assert learned_supplier_risk(0.95, 30.0) == 1.0
    assert false_alarm_by_late_delivery(0.0, 5.0) == 0.0


def test_h71_what_promotions_hid_from_the_forecast_raises_the_probability_after_one() -> None:
    """Labels made with an effect of 1.2: the fit finds it, the alert comes at a lower forecast, and what has no effect is given none."""
    generator = np.random.default_rng(7)
    p = generator.uniform(0.02, 0.9, 20_000)
    factors = generator.integers(0, 2, size=(20_000, 2)).astype(float)
    y = (generator.uniform(size=20_000) < logistic(logit(p) + 1.2 * factors[:, 0])).astype(float)
    fitted = factor_calibration(p, y, factors)
    assert fitted.effects == pytest.approx([1.2, 0.0], abs=0.1)
    assert (fitted.intercept, fitted.slope) == pytest.approx((0.0, 1.0), abs=0.08)
    after, without = fitted.probability(np.full(2, 0.3), np.array([[1.0, 0.0], [0.0, 0.0]]))
    assert after > 0.5 > without
    unchanged = factor_calibration(p, y, factors, penalty=1e9)
    assert unchanged.slope == pytest.approx(1.0, abs=1e-3)
    assert unchanged.effects == pytest.approx([0.0, 0.0], abs=1e-3)


# --- effects of a policy ----------------------------------------------------------------------------------------------------


def test_h72_what_changed_everywhere_is_no_effect() -> None:
    assert difference_in_differences(4.0, 6.0, 4.0, 5.5) == 0.5
    assert difference_in_differences(4.0, 6.0, 3.0, 5.0) == 0.0


def test_h72_below_30_skus_no_cause_is_claimed() -> None:
    assert [EFFECT_CLAIMS[int(effect_claim(n, 0.1, 0.5))] for n in (29.0, 30.0)] == ["too_few_to_tell", "effect_shown"]
    assert [EFFECT_CLAIMS[int(effect_claim(30.0, *ends))] for ends in ((-0.1, 0.5), (-0.5, -0.1), (0.0, 0.5))] == [
        "no_effect_shown",
        "effect_shown",
        "no_effect_shown",
    ]
    assert effect_claim(0.0, NAN, NAN) == 0.0


def test_h72_an_effect_over_pairs_with_its_interval() -> None:
    generator = np.random.default_rng(4)
    before, noise = generator.normal(4.0, 1.0, size=(2, 60)), generator.normal(0.0, 0.3, size=(2, 60))
    treated, untouched = before[0] + 1.5 + noise[0], before[1] + 1.0 + noise[1]
    treated[0] = NAN
    effect = matched_effect(before[0], treated, before[1], untouched, seed=1)
    assert effect.pairs == 59.0
    assert effect.interval.lower < effect.estimate < effect.interval.upper
    assert effect.estimate == pytest.approx(0.5, abs=0.15)
    assert EFFECT_CLAIMS[int(effect.claim)] == "effect_shown"
    few = matched_effect(before[0, :20], treated[:20], before[1, :20], untouched[:20], seed=1)
    assert EFFECT_CLAIMS[int(few.claim)] == "too_few_to_tell"


def test_h72_without_pairs_there_is_no_estimate() -> None:
    nothing = matched_effect(*[np.zeros(0)] * 4, seed=1)
    assert (nothing.pairs, nothing.claim) == (0.0, 0.0)
    assert math.isnan(nothing.estimate)
