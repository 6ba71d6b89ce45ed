"""Half up and half even, whatever the caller's context is."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal, localcontext
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.values.rounding import half_even, half_up

amounts = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=8)


@pytest.mark.parametrize(
    ("amount", "digits", "up", "even"),
    [
        ("2.345", 2, "2.35", "2.34"),
        ("2.355", 2, "2.36", "2.36"),
        ("-2.345", 2, "-2.35", "-2.34"),
        ("0.5", 0, "1", "0"),
        ("1.5", 0, "2", "2"),
        ("2.3449999", 2, "2.34", "2.34"),
        ("15", -1, "2E+1", "2E+1"),
        ("1", 3, "1.000", "1.000"),
    ],
)
def test_a_half_goes_away_from_zero_or_to_the_even_neighbour(amount: str, digits: int, up: str, even: str) -> None:
    assert str(half_up(Decimal(amount), digits)) == up
    assert str(half_even(Decimal(amount), digits)) == even


@settings(max_examples=60, deadline=None)
@given(amount=amounts, digits=st.integers(0, 6))
def test_half_up_equals_exact_rational_arithmetic(amount: Decimal, digits: int) -> None:
    sign = -1 if amount < 0 else 1
    expected = sign * Fraction(floor(abs(Fraction(amount)) * 10**digits + Fraction(1, 2)), 10**digits)
    assert Fraction(half_up(amount, digits)) == expected
    assert abs(Fraction(half_even(amount, digits)) - Fraction(amount)) <= Fraction(1, 2 * 10**digits)


def test_no_context_changes_a_result() -> None:
    with localcontext(prec=3, rounding=ROUND_DOWN):
        assert half_up(Decimal("123456789.125"), 2) == Decimal("123456789.13")
    assert half_up(Decimal("1e300"), 6) == Decimal("1e300")


def test_nothing_reads_minus_zero() -> None:
    assert str(half_up(Decimal("-0.001"), 2)) == str(half_even(Decimal("-0.005"), 2)) == "0.00"


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_what_is_not_finite_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="no decimal places"):
        half_up(Decimal(amount), 2)
    with pytest.raises(ValueError, match="no decimal places"):
        half_even(Decimal(amount), 2)
