"""What wrong alerts teach: promotions sell more, suppliers come later than was thought (H71; science.md 5.1, 10.4).

A missed alert after a promotion lifts the promotion factor, three false alarms that late deliveries caused lift the supplier's coefficient.
How far one lesson moves a factor is an engineering choice with bounds, not an estimate: the estimate is `calibration.factor_calibration`.
"""

from __future__ import annotations

from stockhub.formulas.elementwise import N, at_least, both, explained, greater, maximum, minimum, negation, power, ratio, round_down, where

#: What one missed alert adds to a promotion factor, the most that one tuning does to it, and the most that it can be.
PROMOTION_STEP, LARGEST_PROMOTION_RAISE, MOST_PROMOTION_FACTOR = 1.1, 1.5, 10.0
#: False alarms by late delivery that make one lesson, what it adds to κ, and the most that lessons add up to (κ is 1 to 2).
FALSE_ALARMS_A_LESSON, SUPPLIER_STEP, MOST_LEARNED_RISK = 3.0, 0.1, 1.0


@explained(unit="flag")
def missed_after_promotion(stocked_out: N, alerted_in_time: N, days_since_promotion: N, horizon_days: N) -> N:
    """Whether a stock-out followed a promotion within the horizon and no alert had foreseen it; below 0 days it is still to come."""
    after: N = both(at_least(days_since_promotion, 0.0), at_least(horizon_days, days_since_promotion))
    return both(both(stocked_out, negation(alerted_in_time)), after)


@explained(unit="flag")
def false_alarm_by_late_delivery(false_positive: N, late_delivery_days: N) -> N:
    """Whether a false alarm came of a delivery that was late: stock looked short, and what was missing came after all."""
    return both(false_positive, greater(late_delivery_days, 0.0))


@explained(unit="1")
def learned_promotion_factor(factor: N, missed_alerts: N, observed_lift: N) -> N:
    """The promotion factor after a tuning: 10 % more for each missed alert, or the observed lift if that is more; never less than before.

    A stock-out hides demand, so that the observed lift is a lower bound of the true one. At most half as much again in one tuning, and 10.
    """
    taught = maximum(factor * power(PROMOTION_STEP, missed_alerts), observed_lift)
    raised: N = minimum(minimum(taught, factor * LARGEST_PROMOTION_RAISE), MOST_PROMOTION_FACTOR)
    return where(greater(missed_alerts, 0.0), maximum(raised, factor), factor)


@explained(unit="1")
def learned_supplier_risk(learned: N, false_alarms: N) -> N:
    """What `sourcing.risk.supply_risk_coefficient` adds as `learned`: .1 more for each 3 false alarms by late delivery, 1 at most."""
    lessons = round_down(ratio(false_alarms, FALSE_ALARMS_A_LESSON))
    return minimum(learned + lessons * SUPPLIER_STEP, MOST_LEARNED_RISK)
