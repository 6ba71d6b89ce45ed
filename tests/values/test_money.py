"""Money: exact, in one currency, and rounded half up only where a person reads it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.values import AllocationError, CurrencyMismatchError, Money
from stockhub.values.money import MINOR_DIGITS, minor_digits, rounded_together

micros = st.integers(-(10**18), 10**18)


def cny(amount: str) -> Money:
    return Money(Decimal(amount), "CNY")


def test_adds_and_subtracts_exactly() -> None:
    assert cny("0.1") + cny("0.2") == cny("0.3")
    assert cny("1") - cny("1.50") == cny("-0.50")
    assert -cny("1.5") == cny("-1.5")


def test_multiplies_to_six_places() -> None:
    assert cny("0.333333") * 3 == cny("0.999999")
    assert cny("10") * Decimal("0.33333349") == cny("3.333335")
    assert cny("0.000001") * Decimal("0.5") == cny("0.000001")


def test_arithmetic_is_exact_whatever_the_context() -> None:
    with localcontext(prec=4):
        assert cny("1234567.891234") + cny("0.000001") == cny("1234567.891235")
        assert cny("1234567.891234") - cny("0.000001") == cny("1234567.891233")
        assert cny("1234567.891234") * 2 == cny("2469135.782468")
        assert -cny("1234567.891234") == cny("-1234567.891234")
        assert cny("1234567.891234").micros == 1234567891234
        assert Money.from_micros(1234567891234, "CNY") == cny("1234567.891234")
        assert cny("1234567.89").allocate([1, 1])[0] == cny("617283.95")


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [("2.345", "CNY", "2.35"), ("-2.345", "CNY", "-2.35"), ("2.5", "JPY", "3"), ("2.0005", "KWD", "2.001"), ("2.344999", "USD", "2.34")],
)
def test_rounds_half_up_to_the_minor_unit(amount: str, currency: str, rounded: str) -> None:
    assert Money(Decimal(amount), currency).rounded() == Money(Decimal(rounded), currency)


def test_minor_units_have_0_2_or_3_digits() -> None:
    assert [minor_digits(currency) for currency in ("JPY", "KRW", "VND", "CLP", "CNY", "USD", "EUR", "KWD", "BHD", "TND")] == [
        0, 0, 0, 0, 2, 2, 2, 3, 3, 3,
    ]  # fmt: skip
    assert {currency for currency, digits in MINOR_DIGITS.items() if digits == 3} == {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
    assert set(MINOR_DIGITS.values()) == {0, 3}


def test_a_float_crosses_once_through_its_text() -> None:
    assert Money.from_float(0.1, "CNY").amount == Decimal("0.100000")
    assert Money.from_float(1.0000005, "CNY").amount == Decimal("1.000001")
    assert Money.from_float(1e300, "CNY").amount == Decimal("1e300")


@settings(max_examples=60, deadline=None)
@given(stored=micros)
def test_stored_millionths_come_back(stored: int) -> None:
    money = Money.from_micros(stored, "CNY")
    assert money.micros == stored
    assert Fraction(money.amount) == Fraction(stored, 10**6)


def test_currencies_do_not_mix() -> None:
    with pytest.raises(CurrencyMismatchError) as caught:
        cny("1") + Money(Decimal(1), "USD")
    assert caught.value.code == "currency_mismatch"
    assert caught.value.message == "Cannot combine CNY with USD: convert one of them at a dated rate first."
    assert caught.value.params == {"left": "CNY", "right": "USD"}
    with pytest.raises(CurrencyMismatchError):
        cny("1") - Money(Decimal(1), "USD")
    with pytest.raises(CurrencyMismatchError):
        Money(Decimal(1), "USD") + cny("1")
    for compare in (Money.__lt__, Money.__le__, Money.__gt__, Money.__ge__):
        with pytest.raises(CurrencyMismatchError):
            compare(cny("1"), Money(Decimal(2), "USD"))
    with pytest.raises(CurrencyMismatchError):
        Money.total([cny("1"), Money(Decimal(1), "USD")], "CNY")
    with pytest.raises(CurrencyMismatchError):
        rounded_together([cny("1"), Money(Decimal(1), "USD")])
    with pytest.raises(CurrencyMismatchError):
        rounded_together([Money(Decimal(1), "USD"), cny("1")])
    assert cny("1") != Money(Decimal(1), "USD")


def test_refuses_floats_infinities_and_made_up_currencies() -> None:
    with pytest.raises(TypeError, match="takes a Decimal, not float"):
        Money(1.0, "CNY")  # type: ignore[arg-type]
    for amount in (Decimal("NaN"), Decimal("Infinity")):
        with pytest.raises(ValueError, match="must be finite"):
            Money(amount, "CNY")
    for currency in ("cny", "YUAN", "CN", "C1Y", "ÀÉÎ", "Cny"):
        with pytest.raises(ValueError, match="ISO 4217"):
            Money(Decimal(1), currency)


def test_refuses_a_seventh_decimal_place_but_not_a_seventh_zero() -> None:
    with pytest.raises(ValueError, match=r"at most six decimal places, and 0\.0000001 has more"):
        cny("0.0000001")
    with pytest.raises(ValueError, match=r"at most six decimal places, and 0\.0000009 has more"):
        cny("0.0000009")
    assert cny("0.0000010").micros == 1


def test_an_amount_never_changes() -> None:
    with pytest.raises(FrozenInstanceError):
        cny("1").amount = Decimal(2)  # type: ignore[misc]


def test_compares_and_reads() -> None:
    assert cny("1") < cny("1.01")
    assert not cny("1") < cny("1.00")
    assert cny("1") <= cny("1.00")
    assert cny("1.01") > cny("1")
    assert sorted([cny("2"), cny("-1"), cny("0")]) == [cny("-1"), cny("0"), cny("2")]
    assert str(cny("12.345")) == "12.35 CNY"
    assert str(cny("-0.001")) == "0.00 CNY"


def test_a_total_of_nothing_is_0_in_its_currency() -> None:
    assert Money.total([], "USD") == Money(Decimal(0), "USD")
    assert Money.total([cny("1.10"), cny("2.20")], "CNY") == cny("3.30")


def test_parts_sum_to_the_cent() -> None:
    assert cny("100.00").allocate([1, 1, 1]) == (cny("33.34"), cny("33.33"), cny("33.33"))
    assert cny("-0.05").allocate([1, 1]) == (cny("-0.03"), cny("-0.02"))
    assert Money(Decimal(1000), "JPY").allocate([1, 1, 1])[0] == Money(Decimal(334), "JPY")
    assert Money(Decimal("0.001"), "KWD").allocate([1, 2]) == (Money(Decimal(0), "KWD"), Money(Decimal("0.001"), "KWD"))
    assert [str(part.amount) for part in cny("1").allocate([3, 1])] == ["0.75", "0.25"]


@pytest.mark.parametrize(("amount", "currency"), [("0.005", "CNY"), ("0.5", "JPY"), ("0.0005", "KWD")])
def test_what_is_no_whole_number_of_minor_units_is_rounded_first(amount: str, currency: str) -> None:
    with pytest.raises(AllocationError) as caught:
        Money(Decimal(amount), currency).allocate([1, 1])
    assert caught.value.code == "not_in_minor_units"
    assert caught.value.message == f"{amount} {currency} is no whole number of minor units: round it before it is divided."
    assert caught.value.params == {"amount": amount, "currency": currency}


def test_weights_that_cannot_divide_are_an_error() -> None:
    with pytest.raises(AllocationError) as caught:
        cny("1").allocate([0, 0])
    assert caught.value.code == "no_weight"


@settings(max_examples=60, deadline=None)
@given(stored=st.lists(st.integers(-(10**12), 10**12), max_size=10), currency=st.sampled_from(["CNY", "JPY", "KWD"]))
def test_lines_sum_to_the_rounded_total(stored: list[int], currency: str) -> None:
    exact = [Money.from_micros(line, currency) for line in stored]
    lines = rounded_together(exact)
    assert Money.total(lines, currency) == Money.total(exact, currency).rounded()
    for line, was in zip(lines, exact, strict=True):
        assert line == line.rounded()
        assert abs(line.amount - was.amount) < Decimal(1).scaleb(-minor_digits(currency))
