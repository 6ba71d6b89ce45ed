"""An order to be split over suppliers: who offers it on which terms, and what is asked of the split (D5, science.md 5.2)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from stockhub.formulas.elementwise import ROUNDING_TOLERANCE, N, at_least, explained
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.sourcing.domains import require_cases, require_within

#: What can make a split impossible, in the order in which they are lifted to find out.
SPLIT_LIMITS = ("lead_time", "capacity", "max_share", "min_order", "case_pack", "min_suppliers")
#: More units than anybody orders: what a supplier without a stated capacity delivers at most.
MOST_UNITS = 10**9


@explained(unit="base currency/unit")
def expected_unit_cost(price: N, defect_rate: N, risk_cost: N) -> N:
    """What a good unit is expected to cost: the price, again for the defective share, and the risk of its delay."""
    return price * (defect_rate + 1.0) + risk_cost


@explained(unit="flag")
def arrives_in_time(lead_time_p95: N, days_to_stockout: N) -> N:
    """Whether a supplier may serve the urgent part: 19 of 20 deliveries are in before stock is gone."""
    return at_least(days_to_stockout, lead_time_p95)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierTerms:
    """One supplier's terms for the SKU, in the base currency and base units. Raises InvalidParameterError where they make no sense."""

    supplier: str
    price: float
    #: The share of units that are defective, and what its delay may cost on each unit (`delay_risk_cost`).
    defect_rate: float = 0.0
    risk_cost: float = 0.0
    #: For placing an order with this supplier at all.
    fixed_cost: float = 0.0
    #: The least that the supplier sells and the units in a case.
    moq: float = 0.0
    case_pack: int = 1
    #: The most that the supplier delivers.
    capacity: float = math.inf
    #: Whether it arrives before stock is gone (`arrives_in_time`).
    in_time: bool = True

    def __post_init__(self) -> None:
        for name in ("price", "risk_cost", "fixed_cost", "moq"):
            require_within(name, getattr(self, name), least=0.0)
        require_within("defect_rate", self.defect_rate, least=0.0, most=1.0)
        if not self.capacity >= 0:
            raise InvalidParameterError("capacity", self.capacity, "a number of at least 0")
        require_cases("case_pack", self.case_pack)

    @property
    def unit_cost(self) -> float:
        return expected_unit_cost(self.price, self.defect_rate, self.risk_cost)


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitProblem:
    """What to order, of which suppliers. Suppliers are taken in the order of their codes, whatever order they come in."""

    terms: Sequence[SupplierTerms]
    quantity: float
    #: The part that has to come from suppliers that are in time; the rest is the base part, which may come from any.
    urgent_quantity: float = 0.0
    min_suppliers: int = 0
    #: The most that one supplier gets, as a share of `quantity`.
    max_share: float = math.inf

    def __post_init__(self) -> None:
        require_within("quantity", self.quantity, least=0.0, most=MOST_UNITS)
        require_within("urgent_quantity", self.urgent_quantity, least=0.0, most=self.quantity)
        if not self.max_share > 0:
            raise InvalidParameterError("max_share", self.max_share, "a share above 0")
        if self.min_suppliers < 0:
            raise InvalidParameterError("min_suppliers", self.min_suppliers, "a number of at least 0")
        codes = [each.supplier for each in self.terms]
        if len(set(codes)) < len(codes):
            raise InvalidParameterError("terms", codes, "each supplier once")
        object.__setattr__(self, "terms", tuple(sorted(self.terms, key=lambda each: each.supplier)))

    @property
    def units(self) -> int:
        """The quantity in whole units."""
        return math.ceil(self.quantity - ROUNDING_TOLERANCE)

    @property
    def urgent_units(self) -> int:
        return math.ceil(self.urgent_quantity - ROUNDING_TOLERANCE)

    def cases(self, terms: SupplierTerms, lifted: frozenset[str] = frozenset()) -> tuple[int, int, int]:
        """Fewest and most cases of an order with a supplier, and the units in one, with some limits lifted; fewest > most: none at all."""
        pack = 1 if "case_pack" in lifted else int(terms.case_pack)
        moq = 0.0 if "min_order" in lifted else terms.moq
        fewest = max(math.ceil(moq / pack - ROUNDING_TOLERANCE), 1)
        capacity = math.inf if "capacity" in lifted else terms.capacity
        share = math.inf if "max_share" in lifted else self.max_share * self.quantity
        # Nobody needs more of one supplier than everything, or its least order.
        enough = max(-(-self.units // pack), fewest)
        most = min(capacity, share)
        return fewest, enough if most >= enough * pack else math.floor(most / pack + ROUNDING_TOLERANCE), pack
