"""How each stage is bought for (H9, H100; science.md 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from stockhub.formulas.elementwise import N, at_least, explained, greater, minimum, where
from stockhub.formulas.lifecycle.stage import DECLINE, END_OF_LIFE, GROWTH, LIQUIDATION, STAGES

#: The service level of an introduction, whatever class the SKU will have.
INTRODUCTION_SERVICE_LEVEL = 0.90
#: The most that a trend may lift the forecast of a growing SKU above its level.
MAX_GROWTH_UPLIFT = 0.5


@dataclass(frozen=True, slots=True)
class StagePolicy:
    """What a stage's forecast follows, how its lots are sized, and whether orders may be placed without a person."""

    forecast: str
    lot: str
    orders_automatically: bool


#: By stage: small batches; a trend, its uplift capped; the economic lot; decay, and need without the minimum order's surplus; one last buy;
#: nothing.
STAGE_POLICIES: Final[Mapping[str, StagePolicy]] = MappingProxyType(
    dict(
        zip(
            STAGES,
            (
                StagePolicy("analogue", "small_batch", orders_automatically=True),
                StagePolicy("trend", "order_up_to", orders_automatically=True),
                StagePolicy("level", "economic", orders_automatically=True),
                StagePolicy("decay", "need_only", orders_automatically=True),
                StagePolicy("decay", "last_buy", orders_automatically=False),
                StagePolicy("none", "none", orders_automatically=False),
            ),
            strict=True,
        )
    )
)


@explained(unit="1")
def stage_service_level(stage: N, class_service_level: N) -> N:
    """The service level to aim at: 90 % in the introduction, else that of the SKU's class."""
    return where(greater(GROWTH, stage), INTRODUCTION_SERVICE_LEVEL, class_service_level)


@explained(unit="unit/day")
def capped_growth_forecast(level: N, trend_forecast: N, most: N | float = MAX_GROWTH_UPLIFT) -> N:
    """The forecast of a growing SKU: its trend, at most 50 % above its level."""
    return minimum(trend_forecast, level * (1.0 + most))


@explained(unit="unit")
def stage_order_quantity(stage: N, order: N, *, small_batch: N, sellable: N, last_buy: N) -> N:
    """What a stage lets one order: `order` is the quantity that the policy wants, minimum order and cases included.

    Introduction: at most a small batch. Growth and maturity: the order. Decline: the order where all of it is still sold (`sellable`, of
    `end_of_life.remaining_life_units`), nothing where the minimum order would leave a rest. End of life: the last buy, for a person to
    release. Liquidation: nothing.
    """
    batch: N = minimum(order, small_batch)
    sold_out: N = where(at_least(sellable, order), order, 0.0)
    ending = where(greater(END_OF_LIFE, stage), sold_out, where(greater(LIQUIDATION, stage), last_buy, 0.0))
    return where(greater(GROWTH, stage), batch, where(greater(DECLINE, stage), order, ending))
