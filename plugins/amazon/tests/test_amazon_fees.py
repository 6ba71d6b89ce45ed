"""The fee schedule keeps the contract of its kind, and says what the published tables say."""

from datetime import date
from decimal import Decimal

from stockhub.pluginapi.testing import FeeScheduleContract
from stockhub_amazon.fees.schedule import AmazonFees


class TestAmazonFees(FeeScheduleContract):
    schedule = AmazonFees()


def rates(fee: str, tier: str, on: date, site: str = "US") -> list[tuple[Decimal, Decimal, str]]:
    """Rate, fixed part and confidence of the rows in force on a day."""
    held = [r for r in AmazonFees().rates(site) if (r.fee, r.tier) == (fee, tier)]
    held = [r for r in held if (r.effective_from or on) <= on <= (r.effective_to or on)]
    return [(r.rate, r.fixed, r.confidence) for r in held]


def test_e14_rates_change_on_their_dates() -> None:
    assert [rate for rate, _fixed, _sure in rates("monthly_storage", "standard", date(2026, 3, 1))] == [Decimal("0.78"), Decimal("2.4")]
    assert [rate for rate, _fixed, _sure in rates("monthly_storage", "standard", date(2023, 3, 1))] == [Decimal("0.87"), Decimal("2.4")]
    before, after = rates("aged_inventory_surcharge", "any", date(2026, 1, 15)), rates("aged_inventory_surcharge", "any", date(2026, 1, 16))
    assert (before[-1][0], after[-1][0]) == (Decimal("6.9"), Decimal("7.9"))
    assert rates("removal", "standard", date(2026, 1, 14))[0][1] == Decimal("1.04")
    assert rates("removal", "standard", date(2026, 1, 15))[0][1] == Decimal("0.84")
    assert rates("fuel_surcharge", "fulfilment", date(2026, 4, 16)) == [(Decimal(0), Decimal(0), "B")]
    assert rates("fuel_surcharge", "fulfilment", date(2026, 4, 17)) == [(Decimal("0.035"), Decimal(0), "B")]


def test_a_date_before_the_tables_has_no_row() -> None:
    assert rates("monthly_storage", "standard", date(2022, 12, 31)) == []
    assert rates("storage_utilization_surcharge", "standard", date(2023, 6, 1)) == []
    assert rates("monthly_storage", "standard", date(2026, 6, 30), "DE") == []


def test_e15_the_low_inventory_fee_by_tier_and_its_exemption_since_may_2024() -> None:
    assert [rate for rate, _fixed, _sure in rates("low_inventory_level", "small_standard", date(2026, 3, 1))] == [
        Decimal("0.89"), Decimal("0.63"), Decimal("0.32"), Decimal(0),
    ]  # fmt: skip
    assert rates("low_inventory_level_least_sales", "any", date(2024, 5, 14)) == [(Decimal(0), Decimal(0), "A")]
    assert rates("low_inventory_level_least_sales", "any", date(2024, 5, 15)) == [(Decimal(20), Decimal(0), "A")]


def test_size_classes_and_the_tier_of_their_storage() -> None:
    classes = AmazonFees().size_classes("US")
    assert [(c.tier, c.storage_tier) for c in classes] == [
        ("small_standard", "standard"), ("large_standard", "standard"), ("small_bulky", "oversize"), ("large_bulky", "oversize"),
    ]  # fmt: skip
    assert AmazonFees().size_classes("DE") == ()
