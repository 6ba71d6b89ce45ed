"""What somebody knows and history does not: a rival's launch, a rank, a wave of complaints (H1).

A signal multiplies the forecast by its factor from the day it starts on until the day it expires on. Days are numbers, such as ordinals.
"""

from __future__ import annotations

from collections.abc import Sequence

from stockhub.formulas.elementwise import N, at_least, both, explained, greater, positive_part, where


@explained(unit="flag")
def signal_in_force(day: N, starts_on: N, expires_on: N) -> N:
    """Whether a signal holds on a day: from its first day on, and no longer on the day that it expires on."""
    return both(at_least(day, starts_on), greater(expires_on, day))


@explained(unit="1")
def signal_factor(day: N, factor: N, starts_on: N, expires_on: N) -> N:
    """What a signal multiplies a day's forecast by: its factor while in force, else 1. Below 1 it lowers, above 1 it raises."""
    return where(signal_in_force(day, starts_on, expires_on), positive_part(factor), 1.0)


@explained(unit="unit/day")
def adjusted_forecast(forecast: N, factors: Sequence[N]) -> N:
    """A day's forecast times the factors of its signals: each is a step of the explanation, and so is listed as a reason."""
    adjusted = forecast
    for factor in factors:
        adjusted = adjusted * factor
    return adjusted


@explained(unit="unit/day")
def signal_effect(forecast: N, adjusted: N) -> N:
    """What the signals add to a day's forecast; below 0 where they lower it."""
    return adjusted - forecast
