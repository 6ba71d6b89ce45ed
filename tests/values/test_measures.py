"""Weights and volumes of tariffs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.values.measures import (
    OUNCES_A_POUND,
    cubic_feet,
    cubic_feet_of_cubic_metres,
    cubic_metres_of_cubic_feet,
    kilograms_of_pounds,
    pounds_of_kilograms,
    rounded_up_to_step,
    weight_tier,
)


def test_a_cubic_foot_is_1728_cubic_inches() -> None:
    assert cubic_feet(12, 12, 12) == 1
    assert cubic_feet(Decimal("10.5"), 8, 4) == Fraction(336, 1728)


def test_pounds_and_feet_convert_by_their_definitions() -> None:
    assert kilograms_of_pounds(1) == Fraction("0.45359237")
    assert pounds_of_kilograms(Decimal("0.45359237")) == 1
    assert cubic_metres_of_cubic_feet(1) == Fraction("0.0283168466")
    assert cubic_feet_of_cubic_metres(Decimal("0.0283168466")) == 1
    assert OUNCES_A_POUND == 16


@settings(max_examples=60, deadline=None)
@given(amount=st.fractions(0, 10**6), step=st.fractions("1/64", 100))
def test_there_and_back_and_up(amount: Fraction, step: Fraction) -> None:
    assert pounds_of_kilograms(kilograms_of_pounds(amount)) == amount
    assert cubic_feet_of_cubic_metres(cubic_metres_of_cubic_feet(amount)) == amount
    rounded = rounded_up_to_step(amount, step)
    assert (rounded / step).denominator == 1
    assert amount <= rounded < amount + step


@pytest.mark.parametrize(
    ("weight", "step", "billed"), [("1", "1", "1"), ("1.01", "1", "2"), ("0.3", "0.1", "0.3"), ("0", "1", "0"), ("4.1", "0.25", "4.25")]
)
def test_a_started_step_is_a_whole_one(weight: str, step: str, billed: str) -> None:
    assert rounded_up_to_step(Decimal(weight), Decimal(step)) == Fraction(billed)


def test_a_limit_belongs_to_its_tier() -> None:
    limits = [Decimal("0.5"), Decimal(1), Decimal(2)]
    assert [weight_tier(weight, limits) for weight in (0, Decimal("0.5"), Decimal("0.500001"), 1, 2)] == [0, 0, 1, 1, 2]
    assert weight_tier(Decimal("2.0001"), limits) is None
    assert weight_tier(1, []) is None


@pytest.mark.parametrize("step", [0, -1])
def test_a_step_is_above_0(step: int) -> None:
    with pytest.raises(ValueError, match="above 0"):
        rounded_up_to_step(1, step)


@pytest.mark.parametrize("limits", [[2, 1], [1, 1]])
def test_limits_ascend(limits: list[int]) -> None:
    with pytest.raises(ValueError, match="ascend"):
        weight_tier(1, limits)
