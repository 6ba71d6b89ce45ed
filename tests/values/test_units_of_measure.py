"""Pieces, boxes and cartons."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.values import Quantity, UnitsOfMeasure
from stockhub.values.quantity import NotCountableError, QuantityMismatchError
from stockhub.values.units_of_measure import UnitOfMeasureError

PACKED = UnitsOfMeasure("piece", [("carton", 12, "box"), ("box", 6, "piece"), ("piece", Fraction(1, 1000), "pallet")])


def test_units_convert_exactly_over_any_number_of_steps() -> None:
    assert dict(PACKED.in_base) == {"piece": 1, "box": 6, "carton": 72, "pallet": 1000}
    assert PACKED.ratio("carton", "piece") == 72
    assert PACKED.ratio("piece", "carton") == Fraction(1, 72)
    assert PACKED.convert(Decimal("1.5"), "carton", "box") == 18
    assert PACKED.convert(100, "piece", "carton") == Fraction(25, 18)


def test_a_number_of_a_unit_is_a_quantity_of_the_base_unit() -> None:
    assert PACKED.quantity(2, "carton") == Quantity(144, "piece")
    assert PACKED.quantity(Decimal("0.5"), "box") == Quantity(3, "piece")
    assert PACKED.number(Quantity(18, "piece"), "carton") == Fraction(1, 4)
    with pytest.raises(NotCountableError):
        PACKED.quantity(Fraction(1, 4), "box")
    for other in (Quantity(18, "kg", 3), Quantity(18, "yard"), Quantity(18, "piece", 3)):
        with pytest.raises(QuantityMismatchError):
            PACKED.number(other, "carton")


def test_the_base_may_be_the_larger_unit() -> None:
    assert UnitsOfMeasure("box", [("box", 6, "piece")]).in_base["piece"] == Fraction(1, 6)


def test_weighed_items_have_packs_too() -> None:
    rice = UnitsOfMeasure("kg", [("bag", Decimal("2.5"), "kg"), ("jin", Fraction(1, 2), "kg")], scale=3)
    assert rice.quantity(3, "bag") == Quantity(7500, "kg", 3)
    assert rice.convert(1, "bag", "jin") == 5


@pytest.mark.parametrize(
    ("definitions", "code"),
    [
        ([("box", 0, "piece")], "unit_not_positive"),
        ([("box", -1, "piece")], "unit_not_positive"),
        ([("box", 6, "piece"), ("box", 12, "piece")], "unit_contradiction"),
        ([("box", 6, "piece"), ("carton", 2, "box"), ("carton", 13, "piece")], "unit_contradiction"),
        ([("piece", 2, "piece")], "unit_contradiction"),
        ([("carton", 12, "box")], "unit_not_connected"),
    ],
)
def test_definitions_that_cannot_be_are_named(definitions: list[tuple[str, int, str]], code: str) -> None:
    with pytest.raises(UnitOfMeasureError) as caught:
        UnitsOfMeasure("piece", definitions)
    assert caught.value.code == code
    assert caught.value.params == {"unit": definitions[-1][0]}


def test_the_same_said_twice_is_said_once() -> None:
    assert UnitsOfMeasure("piece", [("box", 6, "piece"), ("box", 6, "piece"), ("piece", Fraction(1, 6), "box")]).ratio("box", "piece") == 6


def test_an_unknown_unit_is_named_with_those_there_are() -> None:
    with pytest.raises(UnitOfMeasureError) as caught:
        PACKED.convert(1, "piece", "dozen")
    assert (caught.value.code, caught.value.params) == ("unknown_unit", {"unit": "dozen"})
    assert caught.value.message == "The item has no unit 'dozen': use one of box, carton, pallet, piece."


@settings(max_examples=60, deadline=None)
@given(
    number=st.fractions(-1000, 1000),
    counts=st.lists(st.fractions("1/100", 100), min_size=1, max_size=5),
    shuffled=st.randoms(use_true_random=False),
)
def test_there_and_back_is_the_same_number(number: Fraction, counts: list[Fraction], shuffled: object) -> None:
    definitions = [(f"unit{n + 1}", count, f"unit{n}") for n, count in enumerate(counts)]
    shuffled.shuffle(definitions)  # type: ignore[attr-defined]
    units = UnitsOfMeasure("unit0", definitions)
    last = f"unit{len(counts)}"
    product = Fraction(1)
    for count in counts:
        product *= count
    assert units.ratio(last, "unit0") == product
    assert units.convert(units.convert(number, last, "unit0"), "unit0", last) == number
