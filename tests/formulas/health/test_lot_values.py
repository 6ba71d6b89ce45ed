"""H38: what lots are worth sums to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.health.ageing import AGE_BUCKETS
from stockhub.formulas.health.lot_values import lot_values, value_by_age_bucket
from stockhub.values import CurrencyMismatchError, Money

lots = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 10**9), st.integers(0, 600)), max_size=12)


def cny(amount: str) -> Money:
    return Money(Decimal(amount), "CNY")


def test_h38_the_values_of_lots_sum_to_the_cent() -> None:
    values = lot_values([1, 1, 1], [cny("0.333333")] * 3)
    assert values == (cny("0.34"), cny("0.33"), cny("0.33"))
    assert lot_values([1, 1, 1], [cny("0.006")] * 3) == (cny("0.01"), cny("0.01"), cny("0.00"))
    assert lot_values([7, 3], [cny("1.235"), cny("2.005")]) == (cny("8.65"), cny("6.01"))
    assert lot_values([], []) == ()


@settings(max_examples=60, deadline=None)
@given(drawn=lots, currency=st.sampled_from(["CNY", "JPY", "KWD"]))
def test_h38_lots_and_age_buckets_sum_to_the_value_of_the_stock(drawn: list[tuple[int, int, int]], currency: str) -> None:
    quantities = [quantity for quantity, _, _ in drawn]
    costs = [Money.from_micros(micros, currency) for _, micros, _ in drawn]
    exact = Money.total([cost * quantity for quantity, cost in zip(quantities, costs, strict=True)], currency)
    values = lot_values(quantities, costs)
    assert Money.total(values, currency) == exact.rounded()
    buckets = value_by_age_bucket([age for _, _, age in drawn], values, currency)
    assert tuple(buckets) == AGE_BUCKETS
    assert Money.total(buckets.values(), currency) == exact.rounded()


def test_h38_a_bucket_holds_the_lots_of_its_ages() -> None:
    buckets = value_by_age_bucket([90, 91, 500, 180], [cny("1"), cny("2"), cny("4"), cny("8")], "CNY")
    assert {name: value for name, value in buckets.items() if value != cny("0")} == {
        "61-90": cny("1"),
        "91-180": cny("10"),
        "456+": cny("4"),
    }


def test_h38_lots_and_costs_come_in_pairs_and_in_one_currency() -> None:
    for quantities in ([1, 2], []):
        with pytest.raises(InvalidParameterError) as caught:
            lot_values(quantities, [cny("1")])
        assert caught.value.path == ("unit_costs",)
    with pytest.raises(CurrencyMismatchError):
        lot_values([1, 2], [cny("1"), Money(Decimal(1), "USD")])
    for ages in ([1.0], [1.0, 2.0, 3.0], [1.0, float("nan")]):
        with pytest.raises(InvalidParameterError) as caught:
            value_by_age_bucket(ages, [cny("1"), cny("1")], "CNY")
        assert caught.value.path == ("ages_days",)
