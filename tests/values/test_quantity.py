"""Quantities: whole numbers of a base unit, or of a fixed part of one."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.values import DomainError, Quantity
from stockhub.values.quantity import NotCountableError, QuantityMismatchError


def test_weighed_items_are_counted_in_parts_of_their_unit() -> None:
    flour = Quantity.of(Decimal("1.5"), "kg", 3)
    assert flour == Quantity(1500, "kg", 3)
    assert (flour.number, str(flour), flour.kind) == (Decimal("1.500"), "1.500 kg", "kg to 3 places")
    assert flour + Quantity(1, "kg", 3) == Quantity(1501, "kg", 3)
    assert Quantity.of(Fraction(1, 8), "m", 3).count == 125


def test_pieces_are_whole() -> None:
    pieces = Quantity.of(3, "piece")
    assert (pieces.count, str(pieces), pieces.kind) == (3, "3 piece", "piece")
    assert pieces - Quantity(5, "piece") == Quantity(-2, "piece")
    assert -pieces == Quantity(-3, "piece")
    assert pieces * 4 == Quantity(12, "piece")
    assert Quantity(2, "piece") < pieces
    assert not Quantity(4, "piece") < pieces
    assert pieces >= Quantity(3, "piece")


@pytest.mark.parametrize(
    ("number", "unit", "scale", "text"),
    [
        (Decimal("0.5"), "piece", 0, "0.5 piece cannot be counted: give a number with at most 0 decimal places."),
        (Fraction(1, 3), "kg", 3, "1/3 kg cannot be counted: give a number with at most 3 decimal places."),
    ],
)
def test_nothing_is_rounded(number: Decimal | Fraction, unit: str, scale: int, text: str) -> None:
    with pytest.raises(NotCountableError) as caught:
        Quantity.of(number, unit, scale)
    assert (caught.value.code, caught.value.message) == ("not_countable", text)


def test_a_quantity_never_changes() -> None:
    with pytest.raises(FrozenInstanceError):
        Quantity(1, "piece").count = 2  # type: ignore[misc]


def test_units_and_scales_do_not_mix() -> None:
    kilograms = Quantity(1, "kg", 3)
    for other in (Quantity(1, "m", 3), Quantity(1, "kg", 2)):
        for operator in (Quantity.__add__, Quantity.__sub__, Quantity.__lt__):
            with pytest.raises(QuantityMismatchError) as caught:
                operator(kilograms, other)
            assert caught.value.code == "quantity_mismatch"
            assert caught.value.params == {"left": "kg to 3 places", "right": other.kind}


@pytest.mark.parametrize("wrong", [1.0, True, Decimal(1)])
def test_only_integers_count(wrong: object) -> None:
    with pytest.raises(TypeError, match="whole numbers"):
        Quantity(wrong, "piece")  # type: ignore[arg-type]


@pytest.mark.parametrize(("unit", "scale"), [("", 0), ("kg", -1), ("kg", 7)])
def test_a_unit_and_a_fixed_scale_are_needed(unit: str, scale: int) -> None:
    with pytest.raises(ValueError, match=r"base unit|decimal places"):
        Quantity(1, unit, scale)
    with pytest.raises(ValueError, match=r"base unit|decimal places"):
        Quantity.of(1, unit, scale)


@settings(max_examples=60, deadline=None)
@given(count=st.integers(-(10**9), 10**9), shares=st.lists(st.integers(0, 50), min_size=1, max_size=8).filter(any), scale=st.integers(0, 6))
def test_parts_sum_to_the_whole(count: int, shares: list[int], scale: int) -> None:
    whole = Quantity(count, "kg", scale)
    parts = whole.allocate(shares)
    assert sum(parts, Quantity(0, "kg", scale)) == whole
    assert Quantity.of(whole.number, "kg", scale) == whole


def test_a_quantity_that_nobody_shares_is_an_error() -> None:
    with pytest.raises(DomainError) as caught:
        Quantity(1, "piece").allocate([0])
    assert caught.value.code == "no_weight"
