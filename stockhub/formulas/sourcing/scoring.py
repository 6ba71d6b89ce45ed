"""Which supplier is best, when price is not all (D6): four scores from 0 to 1 and their weights."""

from collections.abc import Mapping
from math import isnan
from typing import NamedTuple

from stockhub.formulas.elementwise import N, explained, minimum, positive_part, ratio
from stockhub.formulas.errors import InvalidParameterError


class ScoreWeights(NamedTuple):
    """What each score counts for; only their proportions matter."""

    price: float = 0.3
    capacity: float = 0.2
    stability: float = 0.3
    response: float = 0.2


@explained(unit="1")
def price_score(price: N, cheapest: N) -> N:
    """1 for the cheapest offer, ½ for one of twice its price."""
    return minimum(ratio(cheapest, price), 1.0)


@explained(unit="1")
def capacity_score(capacity: N, needed: N) -> N:
    """The share of what may be needed that the supplier can deliver in the same time, at most 1."""
    return minimum(ratio(capacity, needed), 1.0)


@explained(unit="1")
def stability_score(on_time_rate: N, lead_time_variation: N) -> N:
    """The on-time rate, less as much as the lead time varies."""
    return on_time_rate * positive_part(1.0 - lead_time_variation)


@explained(unit="1")
def response_score(emergency_hours: N, hours_wanted: N | float = 24.0) -> N:
    """1 for an emergency delivery within the hours wanted, ½ at twice as many."""
    return minimum(ratio(hours_wanted, emergency_hours), 1.0)


@explained(unit="1")
def supplier_score(price: N, capacity: N, stability: N, response: N, weights: ScoreWeights | None = None) -> N:
    """The weighted mean of the four scores; InvalidParameterError for weights that are negative or all 0."""
    each = ScoreWeights() if weights is None else weights
    if min(each) < 0 or not sum(each) > 0:
        raise InvalidParameterError("weights", tuple(each), "four weights of at least 0, one of them above")
    weighted = price * each.price + capacity * each.capacity + stability * each.stability + response * each.response
    return ratio(weighted, sum(each))


def ranked_suppliers(scores: Mapping[str, float]) -> list[str]:
    """The suppliers' codes, best first; equal scores by code, those without a score last."""
    return sorted(scores, key=lambda code: (isnan(scores[code]), 0.0 if isnan(scores[code]) else -scores[code], code))
