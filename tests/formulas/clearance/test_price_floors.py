"""Price floors on the grid of cents (H52; science.md 7.4)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.clearance.net_proceeds import (
    PriceTariff,
    best_alternative,
    costs_of_a_sale,
    costs_to_forgo_an_exit,
    fees_by_price,
    fulfilment_with_fuel,
    kept_share,
    net_proceeds,
)
from stockhub.formulas.clearance.price_floors import (
    NO_DATA,
    NO_PRICE_COVERS_COSTS,
    first_ok_price,
    flat_break_even_price,
    price_floor,
    price_floors,
    price_outside_dips,
    safe_price,
)
from stockhub.formulas.clearance.social_commerce import costs_of_a_parcel, kept_share_with_commissions, net_after_commissions
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.fees.bands import EVERYWHERE, Band
from stockhub.formulas.fees.exact import exact
from stockhub.formulas.fees.referral import ReferralTerms
from stockhub.values import Explanation
from tests.formulas.agreement import assert_forms_agree

APPAREL = ReferralTerms(
    ((Band(None, Decimal(15)), 0.05), (Band(Decimal(15), Decimal(20)), 0.10), (Band(Decimal(20), None), 0.17)), least=0.30
)
JEWELLERY = ReferralTerms(((Band(None, Decimal(250)), 0.20), (Band(Decimal(250), None), 0.05)), by_portion=True, least=0.30)
FULFILMENT = (
    (Band(None, Decimal(10), "neither"), 2.51505),
    (Band(Decimal(10), Decimal(50), "both"), 3.4362),
    (Band(Decimal(50), None, "neither"), 3.7053),
)
TARIFF = PriceTariff(APPAREL, FULFILMENT, 60.0)


def told(name: str, value: float | None) -> Explanation:
    return Explanation.input(name, value)


@cache
def net_by_cent(terms: PriceTariff, kept: Decimal) -> list[Decimal]:
    """Net proceeds before costs of each price, lowest first, in plain decimals: another way than the one that is tested."""
    nets = []
    for cents in range(1, round(terms.highest_price * 100) + 1):
        price, fee, below = Decimal(cents) / 100, Decimal(0), Decimal(0)
        for band, rate in terms.referral.bands:
            if terms.referral.by_portion:
                fee += max(min(price, band.upper or price) - below, Decimal(0)) * Decimal(str(rate))
                below = band.upper or below
            elif price in band:
                fee = price * Decimal(str(rate))
        billed = max(fee, Decimal(str(terms.referral.least))).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
        fulfilment = next(Decimal(str(of)) for band, of in terms.fulfilment if price in band)
        nets.append(price * kept - billed - fulfilment)
    return nets


def test_h52_a_thousand_break_even_prices_in_one_call() -> None:
    price = flat_break_even_price(10.0 + 2.0 + 4.0, 0.15)
    assert round(price, 2) == 18.82
    costs = np.linspace(1.0, 1000.0, 1000)
    prices = flat_break_even_price(costs, 0.15)
    assert prices.shape == (1000,)
    assert (prices * 0.85).tolist() == pytest.approx(costs.tolist())
    tree = flat_break_even_price(told("landed", 10.0) + told("freight", 2.0) + told("fulfilment", 4.0), 0.15)
    assert tree.evaluate() == tree.value == pytest.approx(18.8235, abs=1e-4)
    assert [math.isnan(flat_break_even_price(16.0, rate)) for rate in (1.0, 1.2)] == [True, True]


def test_h52_a_thousand_floors_on_amazons_bands_in_one_call() -> None:
    rng = np.random.default_rng(1)
    costs, kept = rng.uniform(0, 30, 1000).round(2), rng.choice([0.82, 0.9, 1.0], 1000)
    together = safe_price(costs, kept, TARIFF)
    assert np.isnan(together).sum() == 0
    some = range(0, 1000, 97)
    assert [together[i] for i in some] == [safe_price(float(costs[i]), float(kept[i]), TARIFF) for i in some]


@settings(max_examples=60, deadline=None)
@given(
    terms=st.sampled_from([APPAREL, JEWELLERY]),
    cost=st.integers(-400, 5000).map(lambda cents: cents / 100),
    kept=st.sampled_from(["1", "0.82", "0.655", "0.913"]),
)
def test_the_first_price_covers_its_costs_and_from_the_safe_one_on_all_do(terms: ReferralTerms, cost: float, kept: str) -> None:
    tariff = replace(TARIFF, referral=terms, highest_price=40.0)
    nets = net_by_cent(tariff, Decimal(kept))
    enough = [net >= Decimal(str(cost)) for net in nets]
    first, safe = first_ok_price(cost, float(kept), tariff), safe_price(cost, float(kept), tariff)
    if not any(enough):
        assert math.isnan(first)
    else:
        assert round(first * 100) == enough.index(True) + 1
    if not enough[-1]:
        assert math.isnan(safe)
    else:
        place = round(safe * 100)
        assert all(enough[place - 1 :])
        assert place == 1 or not enough[place - 2]


@settings(max_examples=60, deadline=None)
@given(cost=st.floats(-2, 20), kept=st.floats(0.5, 1), more=st.floats(0, 5))
def test_floors_rise_with_costs_and_keep_their_order(cost: float, kept: float, more: float) -> None:
    tariff = replace(TARIFF, highest_price=100.0)
    first, safe = first_ok_price(cost, kept, tariff), safe_price(cost, kept, tariff)
    assert first <= safe
    assert first <= first_ok_price(cost + more, kept, tariff)
    assert safe <= safe_price(cost + more, kept, tariff)
    net = net_proceeds(first, kept, cost, fees_by_price(first, tariff))
    assert net >= -1e-9


def test_both_floors_of_one_sku_with_their_explanation() -> None:
    costs = costs_of_a_sale(told("storage", 0.11), told("return_rate", 0.1), told("return_cost", 1.5), told("landed_cost", 4.1))
    floors = price_floors(costs, kept_share(told("return_rate", 0.1), told("ads_rate", 0.08)), TARIFF)
    assert (floors.first_ok, floors.safe, floors.reason) == (Decimal("8.94"), Decimal("10.13"), None)
    for tree, price in ((floors.first_ok_explanation, 8.94), (floors.safe_explanation, 10.13)):
        assert tree.evaluate() == tree.value == price
        assert set(tree.inputs()) == {"storage", "return_rate", "return_cost", "landed_cost", "ads_rate"}
        assert Explanation.from_json(tree.to_json()).evaluate() == price
    dearer = floors.safe_explanation.fill({"storage": 0.11, "return_rate": 0.1, "return_cost": 1.5, "landed_cost": 5.0, "ads_rate": 0.08})
    assert dearer.value is not None
    assert dearer.value > 10.13


def test_no_floor_has_a_reason() -> None:
    out_of_reach = price_floors(told("costs", 500.0), told("kept", 0.9), TARIFF)
    assert (out_of_reach.first_ok, out_of_reach.safe, out_of_reach.reason) == (None, None, NO_PRICE_COVERS_COSTS)
    assert price_floors(told("costs", None), told("kept", 0.9), TARIFF).reason == NO_DATA
    gap = replace(TARIFF, fulfilment=FULFILMENT[:1])
    assert math.isnan(safe_price(1.0, 0.9, gap))
    assert first_ok_price(1.0, 0.9, gap) < 10.0


def test_a_price_in_a_dip_gives_way_to_a_better_one() -> None:
    """$15.01 of apparel pays 10 % instead of 5 %, so that $15.00 brings more; it takes until $15.84 to make up for it."""
    assert [price_outside_dips(price, 0.9, TARIFF) for price in (14.99, 15.0, 15.01, 15.5)] == [14.99, 15.0, 15.0, 15.0]
    assert price_outside_dips(17.0, 0.9, TARIFF) == 17.0
    assert price_outside_dips(20.5, 0.9, TARIFF) == 20.0
    assert price_outside_dips(9.997, 0.9, TARIFF) == 9.99
    assert [math.isnan(price_outside_dips(price, 0.9, TARIFF)) for price in (0.0, 0.009, -1.0, math.nan)] == [True] * 4
    assert price_outside_dips(999.0, 0.9, TARIFF) == 60.0
    assert price_outside_dips(np.array([15.5, 17.0]), np.array([0.9, 0.9]), TARIFF).tolist() == [15.0, 17.0]


def test_the_economic_floor_forgets_what_the_goods_cost_and_gives_up_an_exit() -> None:
    storage, returns, return_cost, landed = 0.11, 0.1, 1.5, 9.0
    accounts = safe_price(costs_of_a_sale(storage, returns, return_cost, landed), 0.82, TARIFF)
    alternative = best_alternative(0.4, -0.84, -0.84)
    assert alternative == 0.4
    costs = costs_to_forgo_an_exit(costs_of_a_sale(storage, returns, return_cost), 0.25, alternative)
    assert costs == pytest.approx(0.11 + 0.15 + 0.25 + 0.4)
    assert safe_price(costs, 0.82, TARIFF) < accounts
    assert best_alternative(-0.84) == -0.84
    with pytest.raises(InvalidParameterError, match="disposal is always open"):
        best_alternative()


def test_other_coins_than_cents() -> None:
    yen = PriceTariff(ReferralTerms(((EVERYWHERE, 0.15),)), ((EVERYWHERE, 300.0),), 5000.0, minor_unit=1.0)
    assert first_ok_price(500.0, 1.0, yen) == 941.0  # 941 − 141 = 800; 940 − 141 = 799
    assert price_floors(told("costs", 500.0), told("kept", 1.0), yen).safe == Decimal(941)


def test_an_empty_catalogue_has_no_floors_and_one_unknown_spoils_no_other() -> None:
    assert safe_price(np.zeros(0), np.zeros(0), TARIFF).shape == (0,)
    assert np.isnan(safe_price(np.array([np.nan, 5.0, 5.0]), np.array([0.9, np.nan, 0.9]), TARIFF)).tolist() == [True, True, False]


def test_a_tariff_survives_its_way_through_an_explanation() -> None:
    for tariff in (TARIFF, replace(TARIFF, referral=JEWELLERY, minor_unit=0.1)):
        assert PriceTariff.from_numbers(tariff.numbers()) == tariff
    with pytest.raises(InvalidParameterError, match="highest_price is 0"):
        replace(TARIFF, highest_price=0.0)


def test_fuel_is_multiplied_out_in_decimals() -> None:
    assert fulfilment_with_fuel([(EVERYWHERE, Decimal("2.43"))], Decimal("0.035")) == ((EVERYWHERE, 2.51505),)


def test_the_douyin_form_is_straight_and_its_floor_whole_fen() -> None:
    kept = kept_share_with_commissions(0.05, 0.20, 0.40, 0.03)
    assert kept == pytest.approx(0.6 * 0.75 - 0.03)
    costs = costs_of_a_parcel(3.5, 0.8, 0.4, 6.0, 12.0)
    assert costs == pytest.approx(18.7)
    floor = price_floor(costs, kept)
    assert floor == pytest.approx(44.53)  # 18.7 / 0.42 = 44.5238…
    assert net_after_commissions(floor, kept, costs) >= 0.0 > net_after_commissions(floor - 0.01, kept, costs)
    assert [math.isnan(price_floor(costs, none)) for none in (0.0, -0.2)] == [True, True]
    assert price_floor(-3.0, kept) == 0.01


def test_net_proceeds_in_decimals_are_those_of_the_grid() -> None:
    nets = net_by_cent(replace(TARIFF, highest_price=40.0), Decimal("0.82"))
    for cents in (30, 999, 1000, 1500, 1501, 2000, 2001, 3999):
        price = told("price", cents / 100)
        assert exact(net_proceeds(price, 0.82, 0.0, fees_by_price(price, TARIFF))) == nets[cents - 1]


numbers = st.one_of(st.just(0.0), st.just(math.nan), st.integers(-3, 30).map(float), st.floats(-1, 40))


@pytest.mark.parametrize("name", ["first_ok_price", "safe_price", "price_outside_dips", "price_floor", "best_alternative", "fees_by_price"])
@settings(max_examples=20, deadline=None)
@given(rows=st.lists(st.tuples(numbers, st.one_of(numbers, st.floats(0.3, 1))), min_size=2, max_size=3))
def test_a_number_an_array_and_an_explanation_agree(name: str, rows: list[tuple[float, float]]) -> None:
    formulas: dict[str, Callable[..., Any]] = {
        "first_ok_price": lambda a, b: first_ok_price(a, b, TARIFF),
        "safe_price": lambda a, b: safe_price(a, b, TARIFF),
        "price_outside_dips": lambda a, b: price_outside_dips(a, b, TARIFF),
        "price_floor": price_floor,
        "best_alternative": best_alternative,
        "fees_by_price": lambda a, b: fees_by_price(a + b, TARIFF),
    }
    formula = formulas[name]
    assert_forms_agree(formula, rows)
