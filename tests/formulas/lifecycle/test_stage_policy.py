"""How each stage is bought for (H9; science.md 4)."""

from __future__ import annotations

import math

from stockhub.formulas.lifecycle.stage import STAGES
from stockhub.formulas.lifecycle.stage_policy import (
    STAGE_POLICIES,
    capped_growth_forecast,
    stage_order_quantity,
    stage_service_level,
)


def orders(**changed: float) -> dict[str, float]:
    usual = {"order": 240.0, "small_batch": 60.0, "sellable": 300.0, "last_buy": 90.0} | changed
    return {
        stage: stage_order_quantity(
            float(code), usual["order"], small_batch=usual["small_batch"], sellable=usual["sellable"], last_buy=usual["last_buy"]
        )
        for code, stage in enumerate(STAGES)
    }


def test_each_stage_lets_one_order_what_it_can_still_sell() -> None:
    assert orders() == {"introduction": 60, "growth": 240, "maturity": 240, "decline": 240, "end_of_life": 90, "liquidation": 0}


def test_a_minimum_order_beyond_what_still_sells_is_not_bought_in_decline() -> None:
    assert [orders(sellable=units)["decline"] for units in (239.0, 240.0)] == [0.0, 240.0]
    assert orders(sellable=0.0)["maturity"] == 240.0
    assert orders(small_batch=500.0)["introduction"] == 240.0


def test_only_a_person_releases_a_last_buy_and_nobody_buys_for_a_liquidation() -> None:
    assert tuple(STAGE_POLICIES) == STAGES
    assert [stage for stage, policy in STAGE_POLICIES.items() if not policy.orders_automatically] == ["end_of_life", "liquidation"]


def test_an_introduction_has_a_service_level_of_its_own() -> None:
    assert [stage_service_level(float(code), 0.98) for code in range(len(STAGES))] == [0.9] + [0.98] * 5
    assert math.isnan(stage_service_level(math.nan, 0.98))


def test_a_trend_lifts_a_forecast_by_half_at_the_most() -> None:
    assert [capped_growth_forecast(10.0, trend) for trend in (12.0, 15.0, 40.0)] == [12.0, 15.0, 15.0]
