"""A number, an array and an explanation of every fee formula agree, decimals agree with floats, and what is missing stays missing."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.elementwise import root
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.fees import aged_stock, compensation, fulfilment, low_inventory, referral, removal, storage, utilisation, volume
from stockhub.formulas.fees.bands import EVERYWHERE, Band, of_band
from stockhub.formulas.fees.exact import exact
from stockhub.formulas.fees.referral import ReferralTerms
from stockhub.formulas.fees.weight_steps import stepped_fee
from stockhub.values import Explanation
from tests.formulas.agreement import assert_forms_agree

BANDS = (
    (Band(Decimal(0), Decimal(15), "both"), 0.05),
    (Band(Decimal(15), Decimal(20)), 0.1),
    (Band(Decimal(20), None), 0.17),
)
WHOLE, PORTIONS = ReferralTerms(BANDS, least=0.3), ReferralTerms(BANDS, by_portion=True)
LIMITS = (
    fulfilment.SizeLimits(tier="small", weight_lb=1.0, longest=15.0, median=12.0, shortest=0.75),
    fulfilment.SizeLimits(tier="bulky", weight_lb=50.0, longest=37.0, median=28.0, shortest=20.0, length_and_girth=130.0),
)
FORMULAS: dict[str, tuple[Callable[..., Any], int]] = {
    "aged_surcharge": (aged_stock.aged_surcharge, 4),
    "days_until_charged_age": (aged_stock.days_until_charged_age, 2),
    "daily_sales_to_clear": (aged_stock.daily_sales_to_clear, 2),
    "compensation_for_order": (compensation.compensation_for_order, 4),
    "out_of_stock_violation": (compensation.out_of_stock_violation, 2),
    "payout_freeze_cost": (compensation.payout_freeze_cost, 3),
    "stockout_cost": (compensation.stockout_cost, 4),
    "expected_freeze_cost_each": (compensation.expected_freeze_cost_each, 3),
    "underage_cost": (compensation.underage_cost, 3),
    "dimensional_weight": (fulfilment.dimensional_weight, 3),
    "shipping_weight": (fulfilment.shipping_weight, 3),
    "size_class": (lambda *a: fulfilment.size_class(*a, limits=LIMITS), 4),
    "with_fuel_surcharge": (fulfilment.with_fuel_surcharge, 2),
    "low_inventory_fee": (low_inventory.low_inventory_fee, 5),
    "cover_zone": (low_inventory.cover_zone, 3),
    "referral_fee_whole": (lambda price: referral.referral_fee(price, WHOLE), 1),
    "referral_fee_by_portion": (lambda price: referral.referral_fee(price, PORTIONS), 1),
    "of_every_number": (lambda number: of_band(number, [(EVERYWHERE, 0.25)]), 1),
    "to_cents": (referral.to_cents, 1),
    "removal_fee": (removal.removal_fee, 2),
    "liquidation_net": (removal.liquidation_net, 5),
    "storage_fee_for_days": (storage.storage_fee_for_days, 4),
    "utilisation_applies": (utilisation.utilisation_applies, 4),
    "utilisation_surcharge": (utilisation.utilisation_surcharge, 3),
    "charged_volume": (volume.charged_volume, 2),
    "stepped_fee": (stepped_fee, 5),
}

numbers = st.one_of(st.just(0.0), st.just(math.nan), st.integers(-5, 60).map(float), st.floats(-100, 1e4).map(lambda x: round(x, 4)))


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_number_an_array_and_an_explanation_agree(name: str, data: st.DataObject) -> None:
    formula, arguments = FORMULAS[name]
    rows = data.draw(st.lists(st.tuples(*[numbers] * arguments), min_size=2, max_size=3))
    assert_forms_agree(formula, rows)


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_decimals_agree_with_floats(name: str, data: st.DataObject) -> None:
    formula, arguments = FORMULAS[name]
    row = data.draw(st.tuples(*[st.one_of(st.none(), st.integers(0, 4000).map(lambda n: n / 8))] * arguments))
    tree = formula(*[Explanation.input(str(i), value) for i, value in enumerate(row)])
    value = exact(tree)
    assert (value is None) == (tree.value is None)
    if value is not None and tree.value is not None:
        assert float(value) == pytest.approx(tree.value, rel=1e-12, abs=1e-12)


def test_decimals_see_half_a_cent_where_floats_do_not() -> None:
    """1.005 is a little less than that as a float, and 0.15 × 99.9 is 14.985 only in decimals."""
    price, rate = Explanation.input("price", 99.9), Explanation.input("rate", 0.15)
    assert exact(price * rate) == Decimal("14.985")
    assert exact((price * rate - 1.0).named("less")) == Decimal("13.985")


def test_a_step_without_an_exact_value_is_refused() -> None:
    with pytest.raises(InvalidParameterError, match="tree is sqrt: give only steps that are exact in decimals"):
        exact(root(Explanation.input("x", 2.0)))


def test_a_division_by_zero_is_missing_in_decimals_too() -> None:
    assert exact(Explanation.input("x", 1.0) / Explanation.input("y", 0.0)) is None
