"""The fee schedule keeps the contract of its kind, and says what the published tables say."""

from datetime import date
from decimal import Decimal

from stockhub.pluginapi.testing import FeeScheduleContract
from stockhub_douyin.fees.schedule import DouyinFees


class TestDouyinFees(FeeScheduleContract):
    schedule = DouyinFees()


def test_d21_compensation_by_promised_hours_with_its_bounds_and_how_sure_it_is() -> None:
    rows = [r for r in DouyinFees().rates("CN") if r.fee == "oos_compensation"]
    assert [(r.band.upper, r.rate, r.least, r.most, r.confidence, r.effective_from) for r in rows] == [
        (Decimal(48), Decimal("0.05"), Decimal(5), Decimal(500), "C", date(2025, 6, 1)),
        (None, Decimal("0.1"), Decimal(5), Decimal(1000), "C", date(2025, 6, 1)),
    ]


def test_violations_freeze_payouts_one_day_twice_and_then_three() -> None:
    rows = [r for r in DouyinFees().rates("CN") if r.fee == "payout_freeze"]
    assert [(r.band.lower, r.band.upper, r.rate) for r in rows] == [
        (Decimal(1), Decimal(1), Decimal(1)), (Decimal(2), Decimal(2), Decimal(1)), (Decimal(3), None, Decimal(3)),
    ]  # fmt: skip


def test_the_technical_service_rate_is_an_assumption_and_says_so() -> None:
    [row] = [r for r in DouyinFees().rates("CN") if r.fee == "technical_service"]
    assert (row.tier, row.rate, row.confidence) == ("default", Decimal("0.05"), "D")
