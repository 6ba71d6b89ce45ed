"""What a closed clearance teaches (H59, H60, H99)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.clearance import regular_price as rg
from stockhub.formulas.clearance import review as rv
from stockhub.formulas.errors import InvalidParameterError
from stockhub.values import Explanation


def test_h59_both_lists_are_produced_after_the_close() -> None:
    pay_ratio = np.array([0.3, 0.7, 0.5, 0.8, 0.5, 0.7])
    sell_through = np.array([0.2, 1.0, 0.49, 0.3, 0.8, np.nan])
    days = np.array([28.0, 9.0, 28.0, 28.0, 28.0, 28.0])
    outcomes = rv.review_outcome(pay_ratio, sell_through, days, np.full(6, 28.0))
    lists = rv.review_lists(["cold", "hot", "half", "shallow", "fair", "unknown"], outcomes)
    assert (lists.drop, lists.reprice, lists.unknown) == (("cold", "half"), ("hot",), ("unknown",))
    told = rv.review_outcome(*(Explanation.input(name, value) for name, value in zip("psdt", (0.3, 0.2, 28.0, 28.0), strict=True)))
    assert rv.REVIEW_OUTCOMES[int(told.evaluate() or 0)] == "drop"


def test_the_ends_of_deep_unsold_and_fast() -> None:
    assert rv.unsold_at_deep_discount(0.5, 0.499) == 1.0
    assert rv.unsold_at_deep_discount(0.51, 0.1) == 0.0
    assert rv.unsold_at_deep_discount(0.5, 0.5) == 0.0
    assert rv.sold_out_fast(0.95, 14.0, 28.0) == 1.0
    assert rv.sold_out_fast(0.94, 14.0, 28.0) == 0.0
    assert rv.sold_out_fast(1.0, 15.0, 28.0) == 0.0
    with pytest.raises(InvalidParameterError, match="one for each of 2 SKUs"):
        rv.review_lists(["a", "b"], np.zeros(1))
    assert rv.review_lists([], np.zeros(0)) == rv.ReviewLists((), (), ())


def test_h60_channels_are_ranked_by_net_cash_a_unit() -> None:
    net_cash, units = np.array([900.0, 0.0, 1000.0, -50.0, 450.0]), np.array([100.0, 0.0, 80.0, 10.0, 50.0])
    np.testing.assert_allclose(rv.net_cash_per_unit(net_cash, units), [9.0, np.nan, 12.5, -5.0, 9.0])
    assert rv.channel_ranking(net_cash, units).tolist() == [2, 0, 4, 3, 1]
    assert rv.channel_ranking(np.zeros(0), np.zeros(0)).tolist() == []


def test_h99_a_launch_takes_over_a_price_band_and_a_discount_floor() -> None:
    launch = rg.launch_pricing(100.0, 34.0, 0.15, -2.0, 0.25)
    best = 34.0 / 0.85 * 2.0  # 80: a step of 20 % down reaches it just so
    assert launch.price == pytest.approx(best)
    assert launch.lowest == pytest.approx(80.0)
    assert launch.highest == pytest.approx(34.0 / 0.85 * 1.75 / 0.75)
    assert launch.discount_floor == pytest.approx(1.0)
    wide = rg.launch_pricing(120.0, 34.0, 0.15, -2.0, 0.25)
    assert [wide.price, wide.discount_floor] == pytest.approx([96.0, 80.0 / 96.0])
    told = rg.launch_pricing(*(Explanation.input(n, v) for n, v in zip("pored", (120.0, 34.0, 0.15, -2.0, 0.25), strict=True)))
    assert told.discount_floor.evaluate() == pytest.approx(80.0 / 96.0)


def test_the_best_price_earns_more_than_its_neighbours() -> None:
    outlay, referral, elasticity = 20.0, 0.1, -2.4
    best = rg.profit_maximising_price(outlay, referral, elasticity)

    def profit(price: float) -> float:
        return float(price**elasticity * (price * (1.0 - referral) - outlay))

    assert profit(best) > max(profit(best * 1.001), profit(best * 0.999))


def test_inelastic_demand_has_no_best_price_and_no_discount() -> None:
    assert math.isnan(rg.profit_maximising_price(20.0, 0.1, -1.0))
    assert math.isnan(rg.break_even_outlay(20.0, 1.0))
    assert rg.regular_price(50.0, 20.0, 0.1, -0.8) == pytest.approx(60.0)
    assert rg.discount_floor(50.0, 20.0, 0.1, -0.8) == 1.0


@settings(max_examples=60, deadline=None)
@given(price=st.floats(5, 500), outlay=st.floats(1, 300), referral=st.floats(0, 0.4), elasticity=st.floats(-6, -0.3), error=st.floats(0, 2))
def test_the_band_holds_the_price_and_moves_at_most_a_step(
    price: float, outlay: float, referral: float, elasticity: float, error: float
) -> None:
    launch = rg.launch_pricing(price, outlay, referral, elasticity, error)
    assert 0.8 * price - 1e-9 <= launch.lowest <= launch.price + 1e-9
    assert launch.price <= launch.highest + 1e-9
    assert launch.highest <= 1.2 * price + 1e-9
    assert 0.0 < launch.discount_floor <= 1.0
