"""One order of several SKUs with one supplier: what they share, and what each needs (science.md 3.6)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from stockhub.formulas.elementwise import ROUNDING_TOLERANCE
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.sourcing.domains import require_cases, require_within
from stockhub.formulas.sourcing.split_problem import MOST_UNITS

#: What can make a joint order impossible, in the order in which they are lifted to find out.
JOINT_LIMITS = ("min_value", "min_weight", "max_containers", "most", "min_order", "case_pack")


class PriceBreak(NamedTuple):
    """From so many units of a SKU on, all of them cost so much each."""

    from_units: int
    unit_price: float


@dataclass(frozen=True, slots=True, kw_only=True)
class JointLine:
    """A SKU that the supplier offers; base currency and base units. Raises InvalidParameterError where a number makes no sense."""

    sku: str
    #: What has to come with this order, and the most that is wanted with it: up to there the order may be filled ahead of need.
    need: float
    most: float
    #: The first from 0 or 1 units; all-units prices, so one price holds for the whole line.
    prices: Sequence[PriceBreak]
    #: What having a unit before it is needed costs: holding it until then.
    early_cost: float = 0.0
    #: For having the SKU in the order at all.
    line_cost: float = 0.0
    moq: float = 0.0
    case_pack: int = 1
    #: Of a unit, in any unit of weight and of volume.
    weight: float = 0.0
    volume: float = 0.0

    def __post_init__(self) -> None:
        require_within("need", self.need, least=0.0, most=MOST_UNITS)
        require_within("most", self.most, least=self.need, most=MOST_UNITS)
        for name in ("early_cost", "line_cost", "moq", "weight", "volume"):
            require_within(name, getattr(self, name), least=0.0)
        require_cases("case_pack", self.case_pack)
        starts = [each.from_units for each in self.prices]
        if not starts or starts[0] > 1 or starts != sorted(set(starts)):
            raise InvalidParameterError("prices", starts, "price breaks from 1 unit on, in rising order")
        for each in self.prices:
            require_within("unit_price", each.unit_price, least=0.0)

    @property
    def needed_units(self) -> int:
        return math.ceil(self.need - ROUNDING_TOLERANCE)

    def price_of(self, units: float) -> float:
        """The price of each unit of a line of so many."""
        return [each.unit_price for each in self.prices if each.from_units <= max(units, 1)][-1]

    @property
    def later_price(self) -> float:
        """What a unit ahead of need would cost when its time has come: the price that the need alone reaches."""
        return self.price_of(self.needed_units)


@dataclass(frozen=True, slots=True, kw_only=True)
class JointOrderProblem:
    """A supplier's lines and the terms of the order. Lines are taken in the order of their SKUs, whatever order they come in."""

    lines: Sequence[JointLine]
    #: For placing an order at all: what the SKUs share.
    fixed_cost: float = 0.0
    #: The supplier takes no order below.
    min_value: float = 0.0
    min_weight: float = 0.0
    #: What fits into one container, what one costs, and how many there are; without a volume nothing is counted.
    container_volume: float = math.inf
    container_cost: float = 0.0
    max_containers: int = 1000

    def __post_init__(self) -> None:
        for name in ("fixed_cost", "min_value", "min_weight", "container_cost", "max_containers"):
            require_within(name, getattr(self, name), least=0.0)
        if not self.container_volume > 0:
            raise InvalidParameterError("container_volume", self.container_volume, "a volume above 0")
        skus = [each.sku for each in self.lines]
        if len(set(skus)) < len(skus):
            raise InvalidParameterError("lines", skus, "each SKU once")
        object.__setattr__(self, "lines", tuple(sorted(self.lines, key=lambda each: each.sku)))
