"""How good alerts are: by event, by label, by probability and by money (science.md 10.3).

Labels are 1, the event came, or 0; probabilities 0 to 1. Rows whose label or probability is missing take no part. What is undefined is NaN:
no precision without an alert, no recall without an event.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stockhub.formulas.elementwise import FloatArray, N, explained, ratio
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.evaluation.alert_labels import AVERTED, FALSE_POSITIVE, TRUE_POSITIVE

#: Recall counts twice as much as precision: an alert too many is cheaper than a stock-out.
BETA = 2.0
#: Probabilities 0 and 1 are brought this far inside before a logarithm, as is usual: a wrong certainty costs 36, not infinity.
_LEAST_PROBABILITY = float(np.finfo(np.float64).eps)
_DAYS_A_MONTH = 365.25 / 12.0


# --- from counts ------------------------------------------------------------------------------------------------------------


@explained(unit="1")
def precision(true_positives: N, false_positives: N) -> N:
    """The share of alerts that were right; missing where there were none."""
    return ratio(true_positives, true_positives + false_positives)


@explained(unit="1")
def recall(detected: N, missed: N) -> N:
    """The share of events that were foreseen; missing where there were none."""
    return ratio(detected, detected + missed)


@explained(unit="1")
def f_beta(true_positives: N, false_positives: N, false_negatives: N, beta: N | float = BETA) -> N:
    """Precision and recall in one, recall weighted β: (1 + β²)·TP over (1 + β²)·TP + β²·FN + FP (van Rijsbergen 1979)."""
    weight = beta * beta
    right = true_positives * (weight + 1.0)
    return ratio(right, right + false_negatives * weight + false_positives)


@explained(unit="1")
def f_beta_of(precision: N, recall: N, beta: N | float = BETA) -> N:
    """F-beta where precision counts alerts and recall counts events, of which several alerts may foresee one; missing where both are 0."""
    weight = beta * beta
    return ratio(precision * recall * (weight + 1.0), precision * weight + recall)


@explained(unit="1/month")
def alerts_per_sku_month(alerts: N, sku_days: N) -> N:
    """Alerts for each SKU and month that was observed."""
    return ratio(alerts * _DAYS_A_MONTH, sku_days)


@explained(unit="base currency")
def alert_cost(
    false_negatives: N, false_positives: N, cost_of_miss: N | float, cost_of_false_alarm: N | float, capital_cost: N | float = 0.0
) -> N:
    """What being wrong has cost: stock-outs missed, false alarms looked into, and the capital of orders placed on false alarms."""
    return false_negatives * cost_of_miss + false_positives * cost_of_false_alarm + capital_cost


# --- from labels of alerts and events ---------------------------------------------------------------------------------------


def outcome_counts(outcomes: FloatArray) -> tuple[float, float]:
    """Right and wrong among alerts' outcomes (a,): averted ones are right, late, pending and unknown ones are neither."""
    right = np.count_nonzero((outcomes == TRUE_POSITIVE) | (outcomes == AVERTED))
    return float(right), float(np.count_nonzero(outcomes == FALSE_POSITIVE))


def event_recall(leads: FloatArray, foreseeable: NDArray[np.bool_]) -> float:
    """The share of events (e,) that an alert foresaw, among those that one could have foreseen; NaN where there are none.

    With leads that count from the fastest arrival's days on, it is the actionable recall.
    """
    counted = leads[foreseeable]
    detected = float(np.count_nonzero(np.isfinite(counted)))
    return recall(detected, len(counted) - detected)


def median_lead(leads: FloatArray) -> float:
    """The median days from the first alert to the onset, over the events foreseen; NaN where none was."""
    known = leads[np.isfinite(leads)]
    return float(np.median(known)) if len(known) else float("nan")


# --- from probabilities -----------------------------------------------------------------------------------------------------


def labelled(probability: FloatArray, label: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The probabilities and labels of the rows that have both; InvalidParameterError for one that cannot be a probability or a label."""
    known = np.isfinite(probability) & np.isfinite(label)
    p, y = np.asarray(probability, dtype=np.float64)[known], np.asarray(label, dtype=np.float64)[known]
    if ((p < 0.0) | (p > 1.0)).any():
        raise InvalidParameterError("probability", p[(p < 0.0) | (p > 1.0)][0], "probabilities from 0 to 1")
    if not np.isin(y, (0.0, 1.0)).all():
        raise InvalidParameterError("label", y[~np.isin(y, (0.0, 1.0))][0], "1 where the event came and 0 where not")
    return p, y


def confusion(probability: FloatArray, label: FloatArray, threshold: float) -> tuple[float, float, float]:
    """True positives, false positives and false negatives of alerting from a probability on (p ≥ threshold)."""
    p, y = labelled(probability, label)
    alerted = p >= threshold
    return float(y[alerted].sum()), float(np.count_nonzero(alerted) - y[alerted].sum()), float(y[~alerted].sum())


def brier_score(probability: FloatArray, label: FloatArray) -> float:
    """Mean squared difference of probability and label (Brier 1950): 0 is perfect; NaN without a row."""
    p, y = labelled(probability, label)
    return float(np.mean((p - y) ** 2)) if len(p) else float("nan")


def log_loss(probability: FloatArray, label: FloatArray) -> float:
    """Mean negative log-likelihood of the labels, natural logarithm: 0 is perfect; NaN without a row."""
    p, y = labelled(probability, label)
    if not len(p):
        return float("nan")
    inside = np.clip(p, _LEAST_PROBABILITY, 1.0 - _LEAST_PROBABILITY)
    return float(-np.mean(y * np.log(inside) + (1.0 - y) * np.log1p(-inside)))


def average_precision(probability: FloatArray, label: FloatArray) -> float:
    """Precision averaged over the steps of recall, Σ(R_k − R_{k−1})·P_k from the highest probability down; NaN without an event.

    Rows of equal probability are one step, so that their order does not matter.
    """
    p, y = labelled(probability, label)
    if not y.any():
        return float("nan")
    order = np.argsort(-p, kind="stable")
    last_of_step = np.append(np.flatnonzero(np.diff(p[order])), len(p) - 1)
    found = np.cumsum(y[order])[last_of_step]
    return float(np.sum(np.diff(found, prepend=0.0) * found / (last_of_step + 1.0)) / found[-1])
