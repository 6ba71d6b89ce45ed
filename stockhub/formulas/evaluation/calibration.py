"""Probabilities that mean what they say: isotonic and Platt calibration, and factors that a forecast has missed (science.md 10.4, H71).

Rows whose label or probability is missing take no part in a fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from stockhub.formulas.elementwise import FloatArray, N, at_least, both, explained, where
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.evaluation.alert_metrics import labelled
from stockhub.formulas.evaluation.logistic import logistic, penalised_logistic

#: Labels, and events among them, from which a calibration may have any monotone form.
LEAST_LABELS, LEAST_EVENTS = 1000.0, 100.0
CALIBRATION_METHODS: Final = ("none", "platt", "isotonic")
NONE, PLATT, ISOTONIC = 0.0, 1.0, 2.0

#: Probabilities 0 and 1 have no logit: they are taken as these, which no forecast of stock can tell from certainty.
_EDGE: Final = 1e-6
#: So weak a pull of Platt's slope to 1 that it only decides where the probabilities are all the same.
_SLIGHT: Final = 1e-6


@explained(unit="code")
def calibration_method(labels: N, events: N) -> N:
    """One of CALIBRATION_METHODS: isotonic from 1,000 labels with 100 events on, Platt's two parameters below, none without labels."""
    enough = both(at_least(labels, LEAST_LABELS), at_least(events, LEAST_EVENTS))
    return where(enough, ISOTONIC, where(at_least(labels, 1.0), PLATT, NONE))


def logit(p: FloatArray) -> FloatArray:
    """ln(p/(1 − p)), of probabilities kept off 0 and 1."""
    inside = np.clip(p, _EDGE, 1.0 - _EDGE)
    return np.asarray(np.log(inside) - np.log1p(-inside))


@dataclass(frozen=True, slots=True)
class IsotonicCalibration:
    """A monotone curve through points (k,), straight between them and level beyond."""

    points: FloatArray
    values: FloatArray

    def probability(self, p: FloatArray) -> FloatArray:
        """The calibrated probabilities, of the shape of p; missing where p is."""
        return np.asarray(np.interp(p, self.points, self.values))


@dataclass(frozen=True, slots=True)
class PlattCalibration:
    """logit p' = intercept + slope·logit p; 0 and 1 leave probabilities as they are."""

    intercept: float
    slope: float

    def probability(self, p: FloatArray) -> FloatArray:
        """The calibrated probabilities, of the shape of p; missing where p is."""
        return logistic(self.intercept + self.slope * logit(p))


@dataclass(frozen=True, slots=True)
class FactorCalibration:
    """logit p' = intercept + slope·logit p + Σ effect·factor."""

    intercept: float
    slope: float
    effects: FloatArray

    def probability(self, p: FloatArray, factors: FloatArray) -> FloatArray:
        """The calibrated probabilities (n,) of p (n,) and factors (n, k); missing where one of them is."""
        return logistic(self.intercept + self.slope * logit(p) + factors @ self.effects)


def isotonic_calibration(probability: FloatArray, label: FloatArray) -> IsotonicCalibration:
    """The monotone curve nearest to the labels in least squares (pool adjacent violators; Zadrozny and Elkan 2002).

    Rows of equal probability count as their mean. InvalidParameterError without a row.
    """
    from scipy.optimize import isotonic_regression

    p, y = labelled(probability, label)
    if not len(p):
        raise InvalidParameterError("labels", 0, "at least one row with a probability and a label")
    points, of_point, count = np.unique(p, return_inverse=True, return_counts=True)
    mean = np.bincount(of_point, y) / count
    return IsotonicCalibration(points, np.asarray(isotonic_regression(mean, weights=count).x))


def platt_calibration(probability: FloatArray, label: FloatArray) -> PlattCalibration:
    """Two parameters on the logit scale, fitted to Platt's softened targets (Platt 1999; Lin, Lin and Weng 2007).

    An event counts as (n₊ + 1)/(n₊ + 2) and its absence as 1/(n₋ + 2): few labels never make a certainty. InvalidParameterError without
    a row.
    """
    p, y = labelled(probability, label)
    if not len(p):
        raise InvalidParameterError("labels", 0, "at least one row with a probability and a label")
    events = float(y.sum())
    target = np.where(y == 1.0, (events + 1.0) / (events + 2.0), 1.0 / (len(y) - events + 2.0))
    design = np.column_stack([np.ones(len(p)), logit(p)])
    intercept, slope = penalised_logistic(design, target, np.array([0.0, _SLIGHT]), np.array([0.0, 1.0]))
    return PlattCalibration(float(intercept), float(slope))


def factor_calibration(probability: FloatArray, label: FloatArray, factors: FloatArray, *, penalty: float = 1.0) -> FactorCalibration:
    """How much a promotion, a supplier's delay κ or a stage shift the probability beyond what the forecast knew: factors (n, k).

    An L2 penalty pulls the slope to 1 and the effects to 0, so that without evidence probabilities stay as they are, but for their mean.
    InvalidParameterError without a row, or for a penalty that is not above 0.
    """
    if not penalty > 0.0:
        raise InvalidParameterError("penalty", penalty, "a penalty above 0")
    known = np.isfinite(factors).all(axis=-1)
    usable = known & np.isfinite(probability) & np.isfinite(label)
    p, y = labelled(np.where(known, probability, np.nan), label)
    if not len(p):
        raise InvalidParameterError("labels", 0, "at least one row with a probability, its factors and a label")
    design = np.column_stack([np.ones(len(p)), logit(p), factors[usable]])
    count = design.shape[1]
    weights, prior = np.full(count, penalty), np.zeros(count)
    weights[0], prior[1] = _SLIGHT, 1.0
    fitted = penalised_logistic(design, y, weights, prior)
    return FactorCalibration(float(fitted[0]), float(fitted[1]), fitted[2:])


def calibrated(probability: FloatArray, label: FloatArray) -> IsotonicCalibration | PlattCalibration:
    """The calibration that the number of labels allows; without any, one that changes nothing."""
    p, y = labelled(probability, label)
    method = calibration_method(float(len(p)), float(y.sum()))
    if method == ISOTONIC:
        return isotonic_calibration(p, y)
    return platt_calibration(p, y) if method == PLATT else PlattCalibration(0.0, 1.0)
