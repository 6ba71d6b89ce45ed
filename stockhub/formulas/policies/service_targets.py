"""What service to aim at: by class of article, or by what a unit short costs against a unit left over (science.md 3.1)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from stockhub.formulas.elementwise import N, at_least, both, explained, greater, maximum, minimum, ratio, where

#: The classes in the order of their codes 0, 1, 2.
VALUE_CLASSES: Final = ("A", "B", "C")
VARIABILITY_CLASSES: Final = ("X", "Y", "Z")

#: Cycle service levels by value and variability class: an engineering choice, for a seller to change.
CYCLE_SERVICE_TARGETS: Final[Mapping[str, float]] = MappingProxyType(
    {"AX": 0.98, "AY": 0.97, "AZ": 0.95, "BX": 0.96, "BY": 0.95, "BZ": 0.92, "CX": 0.93, "CY": 0.90, "CZ": 0.85}
)

#: No cost ratio makes a service level lower or higher than these.
LEAST_SERVICE_LEVEL = 0.5
MOST_SERVICE_LEVEL = 0.995


@explained(unit="probability")
def cycle_service_target(value_class: N, variability_class: N, targets: Mapping[str, float] = CYCLE_SERVICE_TARGETS) -> N:
    """The target of an article's two classes, codes 0 to 2 of `VALUE_CLASSES` and `VARIABILITY_CLASSES`; missing for any other code.

    A new article has no class yet (science.md 3.8): give it the classes of the articles it is compared with.
    """
    rows: list[N] = [_of_class(variability_class, *(targets[value + each] for each in VARIABILITY_CLASSES)) for value in VALUE_CLASSES]
    return _of_class(value_class, *rows)


def _of_class(code: N, first: N | float, second: N | float, third: N | float) -> N:
    """The entry of a code 0, 1 or 2; missing where it is none of them."""
    later: N = where(greater(code, 1.0), third, second)
    chosen: N = where(greater(code, 0.0), later, first)
    return where(both(at_least(code, 0.0), at_least(2.0, code)), chosen, float("nan"))


@explained(unit="base currency/unit")
def underage_cost(unit_margin: N, stockout_penalty: N | float = 0.0) -> N:
    """What a unit short costs, Cu: the margin it would have brought, plus fines for late shipping and the listing's loss of rank."""
    return unit_margin + stockout_penalty


@explained(unit="base currency/unit")
def overage_cost(holding_cost: N, markdown_loss: N | float = 0.0) -> N:
    """What a unit left over costs, Co: holding it for a cycle, plus what it loses when it is marked down."""
    return holding_cost + markdown_loss


@explained(unit="probability")
def critical_ratio(underage: N, overage: N) -> N:
    """Cu / (Cu + Co), the probability of being enough at which the next unit is worth as much as it costs; missing where both are 0."""
    return ratio(underage, underage + overage)


@explained(unit="probability")
def economic_service_level(underage: N, overage: N, least: N | float = LEAST_SERVICE_LEVEL, most: N | float = MOST_SERVICE_LEVEL) -> N:
    """The critical ratio, kept within ½ and 0.995: costs are estimates, and none of them says to be out of stock most of the time."""
    return minimum(maximum(critical_ratio(underage, overage), least), most)
