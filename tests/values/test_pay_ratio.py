"""E10: 折 is the part of the price that is paid, and never the discount."""

from __future__ import annotations

from decimal import Decimal

import pytest

from stockhub.values import Money, PayRatio


@pytest.mark.parametrize(
    ("ratio", "zh", "en"),
    [
        ("0.7", "7折", "30% off"),
        ("0.3", "3折", "70% off"),
        ("0.75", "7.5折", "25% off"),
        ("0.8", "8折", "20% off"),
        ("0.05", "0.5折", "95% off"),
    ],
)
def test_e10_both_languages_name_the_same_ratio(ratio: str, zh: str, en: str) -> None:
    paid = PayRatio(Decimal(ratio))
    assert (paid.text("zh-hans"), paid.text("en-us")) == (zh, en)
    assert PayRatio.parse(zh) == PayRatio.parse(en) == paid


def test_e10_7_zhe_is_pay_70_percent() -> None:
    assert PayRatio.parse("7折").of(Money(Decimal(100), "CNY")) == Money(Decimal(70), "CNY")
    assert PayRatio.parse("30% OFF").of(Money(Decimal(100), "CNY")) == Money(Decimal(70), "CNY")


def test_two_digits_before_zhe_are_a_percentage() -> None:
    assert PayRatio.parse("75折").ratio == Decimal("0.75")
    assert PayRatio.parse(" 10 折 ").ratio == 1


def test_the_full_price_has_words_of_its_own() -> None:
    full = PayRatio(Decimal(1))
    assert (full.text("zh"), full.text("en")) == ("原价", "full price")
    assert PayRatio.parse("原价") == PayRatio.parse("Full price") == full


@pytest.mark.parametrize("text", ["", "7", "70%", "0折", "100% off", "120% off", "-7折", "打折"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"pay ratio|neither"):
        PayRatio.parse(text)


@pytest.mark.parametrize("ratio", ["0", "-0.1", "1.1", "NaN"])
def test_a_ratio_is_above_0_and_at_most_1(ratio: str) -> None:
    with pytest.raises(ValueError, match="pay ratio"):
        PayRatio(Decimal(ratio))


def test_a_smaller_ratio_is_a_deeper_cut() -> None:
    assert PayRatio.parse("3折") < PayRatio.parse("7折")
