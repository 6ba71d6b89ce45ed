"""Conversion at dated rates: the day's own, and never another day's."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.values import ExchangeRate, ExchangeRates, MissingRateError, Money, RateBasis
from stockhub.values.exchange_rates import InvalidRateError, Quote

DAY = date(2026, 2, 10)


def rate(source: str, target: str, value: str, day: date = DAY, origin: str = "ECB") -> ExchangeRate:
    return ExchangeRate(day, source, target, Decimal(value), origin)


USD_CNY, EUR_CNY = rate("USD", "CNY", "7.2"), rate("EUR", "CNY", "7.8")
RATES = ExchangeRates("CNY", [USD_CNY, EUR_CNY])


def test_the_days_rate_converts_and_the_original_is_kept() -> None:
    done = RATES.convert(Money(Decimal("10.50"), "USD"), "CNY", DAY)
    assert done.original == Money(Decimal("10.50"), "USD")
    assert done.converted == Money(Decimal("75.60"), "CNY")
    assert done.basis is RateBasis.TRANSACTION_DATE
    assert done.quote == Quote(Fraction("7.2"), (USD_CNY,))
    with pytest.raises(FrozenInstanceError):
        done.converted = done.original  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        USD_CNY.rate = Decimal(1)  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        done.quote.rate = Fraction(1)  # type: ignore[misc]


def test_the_opposite_rate_is_its_reciprocal_exactly() -> None:
    quote = RATES.quote(DAY, "CNY", "USD")
    assert (quote.rate, quote.used, quote.rounded) == (Fraction(10, 72), (USD_CNY,), Decimal("0.13888889"))
    assert RATES.convert(Money(Decimal("7.2"), "CNY"), "USD", DAY).converted == Money(Decimal(1), "USD")


def test_a_recorded_rate_is_preferred_to_its_opposite_and_to_the_way_by_the_base() -> None:
    both = ExchangeRates("CNY", [USD_CNY, rate("CNY", "USD", "0.14"), EUR_CNY, rate("EUR", "USD", "1.09")])
    assert both.quote(DAY, "CNY", "USD").rate == Fraction("0.14")
    assert both.quote(DAY, "USD", "CNY").rate == Fraction("7.2")
    assert both.quote(DAY, "EUR", "USD").rate == Fraction("1.09")
    assert both.quote(DAY, "USD", "EUR").rate == 1 / Fraction("1.09")


def test_two_currencies_meet_by_way_of_the_base() -> None:
    quote = RATES.quote(DAY, "EUR", "USD")
    assert (quote.rate, quote.used) == (Fraction(78, 72), (EUR_CNY, USD_CNY))
    assert RATES.convert(Money(Decimal(72), "EUR"), "USD", DAY).converted == Money(Decimal(78), "USD")


def test_a_currency_is_worth_itself_on_any_day() -> None:
    money = Money(Decimal("1.234567"), "GBP")
    done = RATES.convert(money, "GBP", date(1999, 1, 1))
    assert (done.converted, done.quote) == (money, Quote(Fraction(1), ()))


@pytest.mark.parametrize("day", [DAY - timedelta(days=1), DAY + timedelta(days=1)])
def test_the_rate_of_another_day_is_no_substitute(day: date) -> None:
    with pytest.raises(MissingRateError) as caught:
        RATES.convert(Money(Decimal(1), "USD"), "CNY", day)
    assert caught.value.code == "missing_rate"
    assert caught.value.message == f"There is no rate from USD to CNY for {day}: record it, then convert again."
    assert caught.value.params == {"source": "USD", "target": "CNY", "from": day.isoformat(), "to": day.isoformat()}


def test_half_of_the_way_by_the_base_is_no_way() -> None:
    for source, target in (("USD", "GBP"), ("GBP", "USD")):
        with pytest.raises(MissingRateError):
            RATES.quote(DAY, source, target)


def test_valuation_takes_the_months_average_or_its_close() -> None:
    known = {"01-31": "7.0", "02-01": "7.1", "02-15": "7.3", "02-29": "7.5", "03-01": "8.0"}
    rates = ExchangeRates("CNY", [rate("USD", "CNY", value, date.fromisoformat(f"2024-{day}")) for day, value in known.items()])
    dollar, day = Money(Decimal(1), "USD"), date(2024, 2, 15)
    average = rates.convert(dollar, "CNY", day, RateBasis.MONTH_AVERAGE)
    assert (average.converted.amount, len(average.quote.used), average.basis) == (Decimal("7.3"), 3, RateBasis.MONTH_AVERAGE)
    assert rates.convert(dollar, "CNY", day, RateBasis.MONTH_CLOSE).converted.amount == Decimal("7.5")
    assert rates.convert(dollar, "CNY", day).converted.amount == Decimal("7.3")


def test_a_month_without_rates_or_without_a_close_is_an_error() -> None:
    with pytest.raises(MissingRateError) as caught:
        RATES.average(date(2026, 3, 5), "USD", "CNY")
    assert "any day from 2026-03-01 to 2026-03-31" in caught.value.message
    with pytest.raises(MissingRateError) as caught:
        RATES.close(DAY, "USD", "CNY")
    assert caught.value.params["from"] == "2026-02-28"


def test_the_average_is_of_each_days_own_rate_by_the_base() -> None:
    second = DAY + timedelta(days=1)
    rates = ExchangeRates("CNY", [USD_CNY, EUR_CNY, rate("USD", "CNY", "7.0", second), rate("EUR", "CNY", "7.7", second)])
    assert rates.average(DAY, "EUR", "USD").rate == mean([Fraction(78, 72), Fraction(77, 70)])


@pytest.mark.parametrize(
    ("source", "target", "value"),
    [
        ("USD", "CNY", "0"),
        ("USD", "CNY", "-1"),
        ("USD", "CNY", "NaN"),
        ("USD", "CNY", "Infinity"),
        ("USD", "USD", "1"),
        ("USD", "CNY", "0.123456789"),
        ("USD", "CNY", "0.123456781"),
    ],
)
def test_what_is_no_rate_is_refused(source: str, target: str, value: str) -> None:
    with pytest.raises(InvalidRateError) as caught:
        rate(source, target, value)
    assert (caught.value.code, caught.value.path) == ("invalid_rate", ("rate",))


def test_a_float_is_no_rate() -> None:
    with pytest.raises(InvalidRateError):
        ExchangeRate(DAY, "USD", "CNY", 7.2)  # type: ignore[arg-type]


def test_two_rates_of_one_day_are_an_error_and_one_twice_is_not() -> None:
    for other in ("7.3", "7.1"):
        with pytest.raises(InvalidRateError) as caught:
            ExchangeRates("CNY", [USD_CNY, rate("USD", "CNY", other, origin="PBC")])
        assert caught.value.code == "contradicting_rate"
    assert ExchangeRates("CNY", [USD_CNY, rate("USD", "CNY", "7.20", origin="PBC")]).quote(DAY, "USD", "CNY").used == (USD_CNY,)


@settings(max_examples=60, deadline=None)
@given(micros=st.integers(-(10**12), 10**12), value=st.decimals("0.00000001", 1000, places=8))
def test_converted_is_the_exact_product_to_half_a_millionth(micros: int, value: Decimal) -> None:
    rates = ExchangeRates("CNY", [ExchangeRate(DAY, "USD", "CNY", value)])
    money = Money.from_micros(micros, "USD")
    there = rates.convert(money, "CNY", DAY).converted
    assert abs(Fraction(there.amount) - Fraction(money.amount) * Fraction(value)) <= Fraction(1, 2 * 10**6)
    back = Money(money.amount, "CNY")
    assert abs(Fraction(rates.convert(back, "USD", DAY).converted.amount) - Fraction(back.amount) / Fraction(value)) <= Fraction(
        1, 2 * 10**6
    )
