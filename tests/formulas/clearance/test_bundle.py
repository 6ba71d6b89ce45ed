"""A bundle is cheaper than its parts, better than a single markdown, and never runs the hero out."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.clearance import bundle as b
from stockhub.formulas.errors import InvalidParameterError

money = st.integers(0, 10_000).map(lambda cents: cents / 100)


def test_h49_a_bundle_costs_less_than_its_parts() -> None:
    ceiling = b.sum_of_parts([100.0, 60.0], [1.0, 1.0])
    assert ceiling == 160.0
    assert (b.cheaper_than_parts(136.0, ceiling), b.cheaper_than_parts(160.0, ceiling)) == (1.0, 0.0)
    b.check_bundle_price(136.0, ceiling)
    with pytest.raises(b.BundleNotCheaperError) as refused:
        b.check_bundle_price(160.0, ceiling)
    assert (refused.value.code, refused.value.params) == ("bundle_not_cheaper", {"price": 160.0, "parts": 160.0})
    assert b.sum_of_parts([30.0], [2.0]) == 60.0  # buy two
    assert b.multi_buy_floor(2.0, 10.0, 12.0, 4.0, 0.2) == pytest.approx((20.0 + 24.0 + 4.0) / 0.8)


def test_h50_the_bundle_beats_a_single_markdown() -> None:
    bundle = b.contribution(136.0, 80.0, 5.0, 0.15)
    hero, slow = b.contribution(100.0, 50.0, 5.0, 0.15), b.contribution(30.0, 30.0, 5.0, 0.15)
    assert [round(x, 9) for x in (bundle, hero, slow)] == [30.6, 30.0, -9.5]
    separate = b.separate_contribution(hero, slow, 1.0)
    assert separate == pytest.approx(20.5)
    assert b.bundle_beats_markdown(bundle, separate) == 1.0
    assert b.bundle_beats_markdown(20.4, separate) == 0.0


def _floor(**changes: float) -> float:
    inputs = {
        "hero_price": 100.0,
        "hero_cost": 50.0,
        "hero_fulfilment": 5.0,
        "slow_price": 60.0,
        "slow_cost": 30.0,
        "slow_fulfilment": 5.0,
        "bundle_fulfilment": 5.0,
        "referral": 0.15,
        "cannibalisation": 1.0,
        "slow_pay_ratio": 0.5,
    }
    return b.bundle_floor(**(inputs | changes))


def test_the_floor_earns_what_selling_apart_earns() -> None:
    floor = _floor()
    assert b.contribution(floor, 80.0, 5.0, 0.15) == pytest.approx(20.5)
    assert _floor(cannibalisation=0.5) < floor
    assert math.isnan(_floor(referral=1.0))
    assert math.isnan(_floor(referral=1.2))


@settings(max_examples=60, deadline=None)
@given(floor=st.floats(-50, 200), marked_down=money, ceiling=money)
def test_a_bundle_price_lies_between_floor_and_ceiling_with_a_visible_saving(floor: float, marked_down: float, ceiling: float) -> None:
    price = b.bundle_price(floor, marked_down, ceiling)
    if math.isnan(price):
        lowest, highest = math.ceil(floor * 100 - 1e-6) / 100, math.floor(ceiling * 95 - 1e-6) / 100
        # Nothing is no price either.
        assert lowest > highest or highest <= 0
    else:
        assert floor - 1e-9 <= price <= 0.95 * ceiling + 1e-9
        assert price * 100 == pytest.approx(round(price * 100), abs=1e-6)


def test_the_price_is_that_of_a_single_markdown_within_floor_and_saving() -> None:
    assert b.bundle_price(115.0, 130.0, 160.0) == 130.0
    assert b.bundle_price(135.001, 130.0, 160.0) == 135.01
    assert b.bundle_price(115.0, 158.0, 160.0) == 152.0
    assert b.bundle_price_metric(115.0, 130.0, 160.0).value == 130.0
    told = b.bundle_price_metric(115.0, 130.0, 160.0).explanation
    assert told is not None
    assert told.evaluate() == 130.0
    assert b.bundle_price_metric(153.0, 130.0, 160.0).reason == "NO_FEASIBLE_BUNDLE"
    assert b.bundle_price_metric(math.nan, 130.0, 160.0).reason == "NO_DATA"


def test_a_bundle_is_in_stock_as_its_scarcest_component() -> None:
    assert b.bundle_stock([10.0, 9.0], [1.0, 2.0]) == 4.0
    assert b.bundle_stock([10.0, -3.0], [1.0, 1.0]) == 0.0
    assert math.isnan(b.bundle_stock([10.0], [0.0]))
    wrong: list[tuple[list[Any], list[Any]]] = [([], []), ([1.0], [])]
    for available, quantities in wrong:
        with pytest.raises(InvalidParameterError):
            b.bundle_stock(available, quantities)


def test_the_hero_comes_first() -> None:
    assert b.bundles_to_offer(40.0, 100.0, 70.0, 1.0) == 30.0
    assert b.bundles_to_offer(40.0, 100.0, 70.0, 2.0) == 15.0
    assert b.bundles_to_offer(40.0, 60.0, 70.0, 1.0) == 0.0


def test_bundle_sales_become_demand_of_components() -> None:
    assert b.component_demand(5.0, [3.0, 2.0], [2.0, 1.0]) == 13.0
    assert b.component_demand(5.0, [], []) == 5.0
