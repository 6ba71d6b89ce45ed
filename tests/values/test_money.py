"""Money is exact, in one currency, and rounds half up."""

from __future__ import annotations

from decimal import Decimal

import pytest

from stockhub.values import CurrencyMismatchError, Money


def cny(amount: str) -> Money:
    return Money(Decimal(amount), "CNY")


def test_adds_and_subtracts_exactly() -> None:
    assert cny("0.1") + cny("0.2") == cny("0.3")
    assert cny("1") - cny("1.50") == cny("-0.50")


def test_multiplies_to_six_places() -> None:
    assert cny("0.333333") * 3 == cny("0.999999")
    assert cny("10") * Decimal("0.33333349") == cny("3.333335")


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [("2.345", "CNY", "2.35"), ("-2.345", "CNY", "-2.35"), ("2.5", "JPY", "3"), ("2.0005", "KWD", "2.001"), ("2.344999", "USD", "2.34")],
)
def test_rounds_half_up_to_the_minor_unit(amount: str, currency: str, rounded: str) -> None:
    assert Money(Decimal(amount), currency).rounded() == Money(Decimal(rounded), currency)


def test_a_float_crosses_once_through_its_text() -> None:
    assert Money.from_float(0.1, "CNY").amount == Decimal("0.100000")
    assert Money.from_float(1.0000005, "CNY").amount == Decimal("1.000001")


def test_currencies_do_not_mix() -> None:
    with pytest.raises(CurrencyMismatchError) as caught:
        cny("1") + Money(Decimal(1), "USD")
    assert caught.value.code == "currency_mismatch"
    assert caught.value.params == {"left": "CNY", "right": "USD"}
    with pytest.raises(CurrencyMismatchError):
        assert cny("1") < Money(Decimal(2), "USD")


def test_refuses_floats_infinities_and_made_up_currencies() -> None:
    with pytest.raises(TypeError):
        Money(1.0, "CNY")  # type: ignore[arg-type]
    for amount, currency in ((Decimal("NaN"), "CNY"), (Decimal("Infinity"), "CNY"), (Decimal(1), "cny"), (Decimal(1), "YUAN")):
        with pytest.raises(ValueError, match=r"finite|ISO 4217"):
            Money(amount, currency)


def test_compares_and_reads() -> None:
    assert cny("1") < cny("1.01")
    assert str(cny("12.345")) == "12.35 CNY"
