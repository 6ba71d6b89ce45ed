"""Discounts simulated, the lowest viable one marked (H42)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from stockhub.formulas.clearance.discount_table import discount_table
from stockhub.formulas.clearance.net_proceeds import PriceTariff
from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.fees.bands import EVERYWHERE, Band
from stockhub.formulas.fees.referral import ReferralTerms
from stockhub.values import Explanation, Money, PayRatio

FLAT = PriceTariff(ReferralTerms(((EVERYWHERE, 0.15),)), ((EVERYWHERE, 4.0),), 200.0)
RATIOS = [PayRatio(Decimal(tenths) / 10) for tenths in (3, 5, 7, 8, 10)]
COSTS, KEPT = Explanation.input("landed_cost", 12.0), Explanation.input("kept", 1.0)


def test_h42_pay_ratio_by_margin_with_the_floor_marked() -> None:
    table = discount_table(Money(Decimal("40.00"), "USD"), [*RATIOS, *RATIOS], COSTS, KEPT, FLAT)
    assert [(row.pay_ratio.text("zh"), row.price.amount, row.margin, row.covers_costs, row.is_floor) for row in table.rows] == [
        ("原价", Decimal(40), Decimal(18), True, False),
        ("8折", Decimal(32), Decimal("11.2"), True, False),
        ("7折", Decimal(28), Decimal("7.8"), True, False),
        ("5折", Decimal(20), Decimal(1), True, True),
        ("3折", Decimal(12), Decimal("-5.8"), False, False),
    ]
    assert [row.margin_share for row in table.rows] == pytest.approx([0.45, 0.35, 7.8 / 28, 0.05, -5.8 / 12])
    assert (table.floors.first_ok, table.floors.safe) == (Decimal("18.82"), Decimal("18.82"))  # 18.82 − 2.82 = 16.00
    assert [row.is_safe for row in table.rows] == [True, True, True, True, False]
    assert [row.explanation.evaluate() for row in table.rows] == pytest.approx([float(row.margin or 0) for row in table.rows])


def test_h42_without_a_viable_discount_no_row_is_the_floor() -> None:
    table = discount_table(Money(Decimal("15.00"), "USD"), RATIOS, COSTS, KEPT, FLAT)
    assert [row.is_floor for row in table.rows] == [False] * 5
    assert [row.covers_costs for row in table.rows] == [False] * 5


def test_h42_a_viable_price_under_a_dip_is_the_floor_and_not_safe() -> None:
    """From $10.00 fulfilment costs a dollar more: $9.90 covers its costs, $10.00 does not, and from $10.61 on every price does."""
    bands = ((Band(None, Decimal(10), "neither"), 3.0), (Band(Decimal(10), None, "lower"), 4.0))
    tariff = PriceTariff(ReferralTerms(((EVERYWHERE, 0.15),)), bands, 200.0)
    table = discount_table(
        Money(Decimal("11.00"), "USD"),
        [PayRatio(Decimal(r)) for r in ("1", "0.95", "0.9", "0.5")],
        Explanation.input("c", 5.0),
        KEPT,
        tariff,
    )
    assert [(row.price.amount, row.covers_costs, row.is_safe, row.is_floor) for row in table.rows] == [
        (Decimal(11), True, True, False),
        (Decimal("10.45"), False, False, False),
        (Decimal("9.90"), True, False, True),
        (Decimal("5.50"), False, False, False),
    ]


def test_what_the_tariff_does_not_hold_has_no_margin() -> None:
    gap = PriceTariff(ReferralTerms(((EVERYWHERE, 0.15),)), ((Band(None, Decimal(20)), 4.0),), 200.0)
    table = discount_table(Money(Decimal("40.00"), "USD"), RATIOS, COSTS, KEPT, gap)
    assert [row.margin for row in table.rows] == [None, None, None, Decimal(1), Decimal("-5.8")]
    with pytest.raises(InvalidParameterError, match="a price above 0"):
        discount_table(Money(Decimal(0), "USD"), RATIOS, COSTS, KEPT, FLAT)
