"""What unfilled orders cost (D21)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from stockhub.formulas.fees.compensation import (
    compensation_at_stake,
    compensation_charge,
    expected_freeze_cost_each,
    freeze_days,
    out_of_stock_violation,
    payout_freeze_cost,
    stockout_cost,
    technical_service_charge,
    underage_cost,
)
from stockhub.formulas.fees.rates import UnknownRateError
from stockhub.values import Explanation
from tests.formulas.fee_rates import fee_table

ON = date(2026, 6, 18)


def test_d21_a_stockout_costs_compensation_margin_and_the_freeze() -> None:
    compensation = compensation_at_stake(200 * 99.0, 0.05)
    assert compensation == pytest.approx(990.0)
    freeze = payout_freeze_cost(73_000.0, 3.0, 0.10)
    assert freeze == pytest.approx(60.0)
    assert stockout_cost(200 * 30.0, compensation, freeze, 12.0) == pytest.approx(7062.0)


def test_d21_a_unit_too_few_costs_more_than_its_margin() -> None:
    each = expected_freeze_cost_each(0.5, 60.0, 200.0)
    assert each == pytest.approx(0.15)
    inputs = {"unit_margin": 30.0, "compensation": 4.95, "freeze": each}
    tree = underage_cost(*[Explanation.input(name, value) for name, value in inputs.items()])
    assert tree.value == tree.evaluate() == pytest.approx(35.1)


def test_d21_compensation_by_promise_and_freeze_by_violation(shared: Path) -> None:
    assert shared.is_dir()
    douyin = fee_table("douyin")

    def paid(amount: float, hours: float) -> Decimal:
        return compensation_charge(douyin, on=ON, paid=amount, promised_hours=hours).amount.amount

    promises = [paid(99, 48), paid(99, 48.5), paid(20_000, 48), paid(20_000, 72), paid(0, 24)]
    assert promises == [Decimal(amount) for amount in ("5.00", "9.90", "500.00", "1000.00", "5.00")]
    assert [freeze_days(douyin, on=ON, violation=number) for number in (1, 2, 3, 4)] == [1, 1, 3, 3]
    with pytest.raises(UnknownRateError):
        compensation_charge(douyin, on=date(2025, 5, 31), paid=99, promised_hours=48)
    service = technical_service_charge(douyin, on=ON, category="default", paid=99)
    assert (service.amount.amount, service.amount.currency, service.confidence) == (Decimal("4.95"), "CNY", "D")


def test_d21_a_violation_needs_both_the_share_and_the_number() -> None:
    assert [out_of_stock_violation(*day) for day in ((30.0, 99.0), (30.0, 100.0), (29.0, 30.0))] == [1.0, 0.0, 0.0]
    assert out_of_stock_violation(0.0, 0.0) != out_of_stock_violation(0.0, 0.0)  # a day without orders has no share: missing
