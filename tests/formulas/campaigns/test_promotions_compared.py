"""Kinds of promotion side by side (H53)."""

from __future__ import annotations

import math

import pytest

from stockhub.formulas.campaigns.promotions import (
    PromotionResult,
    best_promotion,
    compared,
    discounted_unit_profit,
    gift_unit_profit,
    promotion_profit,
    spend_reduction,
    threshold_unit_profit,
)
from stockhub.formulas.errors import InvalidParameterError


def test_h53_a_discount_earns_more_altogether_and_a_gift_more_a_unit() -> None:
    discount, gift = discounted_unit_profit(100.0, 40.0, 0.15, 0.20), gift_unit_profit(100.0, 40.0, 0.15, 12.0)
    assert (discount, gift) == pytest.approx((28.0, 33.0))
    assert promotion_profit(28.0, 300.0) == 8400.0
    assert promotion_profit(33.0, 240.0) == 7920.0
    shown = compared({"gift": 33.0, "direct_discount": 28.0}, {"gift": 240.0, "direct_discount": 300.0})
    assert shown == [PromotionResult("direct_discount", 28.0, 8400.0), PromotionResult("gift", 33.0, 7920.0)]
    assert best_promotion([7920.0, 8400.0, 8400.0]) == 1.0


def test_h53_money_off_from_a_spend_on() -> None:
    """满 200 减 30 on orders of two at 100; each 200 (每满) takes 30 again."""
    assert [spend_reduction(value, 200.0, 30.0) for value in (199.99, 200.0, 450.0)] == [0.0, 30.0, 30.0]
    assert spend_reduction(450.0, 200.0, 30.0, most_times=5.0) == 60.0
    assert math.isnan(spend_reduction(450.0, 0.0, 30.0))
    assert threshold_unit_profit(100.0, 40.0, 0.15, 2.0, 30.0) == pytest.approx(85.0 * 0.85 - 40.0)
    assert math.isnan(threshold_unit_profit(100.0, 40.0, 0.15, 0.0, 30.0))


def test_the_best_of_none_and_of_the_unknown() -> None:
    with pytest.raises(InvalidParameterError, match="profits"):
        best_promotion([])
    assert best_promotion([-5.0]) == 0.0
    assert math.isnan(best_promotion([1.0, math.nan]))
