"""What a campaign teaches the next: realised views, conversion, units, cancellations and returns become the new priors (science.md 6.3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, expm1, log, sqrt

from stockhub.formulas.campaigns.conversion import RatePrior, rate_variation
from stockhub.formulas.errors import InvalidParameterError


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOutcome:
    """What really happened: counts. `planned_views` is what the plan assumed."""

    planned_views: float
    views: float
    orders: float
    units: float
    cancelled_orders: float
    returned_units: float

    def __post_init__(self) -> None:
        for name in ("planned_views", "views", "orders", "units", "cancelled_orders", "returned_units"):
            if not getattr(self, name) >= 0.0:
                raise InvalidParameterError(name, getattr(self, name), "a number of at least 0")


@dataclass(frozen=True, slots=True)
class ViewsPrior:
    """A normal-gamma belief about ln(views / planned): its mean, what the mean weighs in sessions, and a spread of `spread_sessions`."""

    mean: float = 0.0
    sessions: float = 1.0
    spread_sessions: float = 2.0
    squares: float = 0.5

    def updated(self, planned: float, seen: float) -> ViewsPrior:
        """The belief after a session; the same where it had no plan or no views, which says nothing of a ratio."""
        if planned <= 0.0 or seen <= 0.0:
            return self
        gap = log(seen / planned) - self.mean
        weight = self.sessions / (self.sessions + 1.0)
        return ViewsPrior(
            self.mean + gap / (self.sessions + 1.0), self.sessions + 1.0, self.spread_sessions + 1.0, self.squares + weight * gap * gap
        )

    @property
    def factor(self) -> float:
        """What planned views are multiplied with."""
        return exp(self.mean)

    @property
    def variation(self) -> float:
        """The coefficient of variation of views about the plan."""
        return sqrt(expm1(self.squares / self.spread_sessions))


@dataclass(frozen=True, slots=True)
class UnitsPrior:
    """A gamma belief about units an order: as if so many orders had had so many units."""

    units: float
    orders: float

    def __post_init__(self) -> None:
        if not (self.units > 0.0 and self.orders > 0.0):
            raise InvalidParameterError("units, orders", (self.units, self.orders), "numbers above 0")

    @property
    def mean(self) -> float:
        """Units an order."""
        return self.units / self.orders

    @property
    def variation(self) -> float:
        """The coefficient of variation of a gamma with that many units behind it."""
        return 1.0 / sqrt(self.units)


@dataclass(frozen=True, slots=True)
class CampaignPriors:
    """What is believed of one kind of campaign: of a host, a slot, a discount."""

    views: ViewsPrior
    conversion: RatePrior
    units_per_order: UnitsPrior
    cancellation: RatePrior
    returns: RatePrior

    @property
    def conversion_variation(self) -> float:
        """The coefficient of variation of the conversion, for `need_variance`."""
        return rate_variation(self.conversion.successes, self.conversion.failures)


def updated_priors(priors: CampaignPriors, outcome: SessionOutcome) -> CampaignPriors:
    """The priors after a session. What did not happen teaches nothing: without orders, units and cancellations stay as they are.

    InvalidParameterError where more happened than could: more orders than views, more cancellations than orders, more returns than units.
    """
    units = priors.units_per_order
    return replace(
        priors,
        views=priors.views.updated(outcome.planned_views, outcome.views),
        conversion=priors.conversion.updated(outcome.orders, outcome.views),
        units_per_order=UnitsPrior(units.units + outcome.units, units.orders + outcome.orders),
        cancellation=priors.cancellation.updated(outcome.cancelled_orders, outcome.orders),
        returns=priors.returns.updated(outcome.returned_units, outcome.units),
    )


def expected_views_and_kept_share(priors: CampaignPriors, planned_views: float) -> tuple[float, float]:
    """Expected views and the share of orders that stand, for `campaign_units` of the next campaign."""
    return planned_views * priors.views.factor, 1.0 - priors.cancellation.mean
