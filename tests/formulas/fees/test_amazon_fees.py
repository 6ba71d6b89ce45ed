"""Amazon's fees on its own dated tables: bounds, seasons, exemptions, what is unknown (H44, E14, E15; science.md 8)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from stockhub.formulas.errors import InvalidParameterError
from stockhub.formulas.fees.aged_stock import (
    aged_charge,
    aged_surcharges,
    daily_sales_to_clear,
    days_until_charged_age,
    first_assessment_on,
    first_charged_age,
    next_snapshot_on,
)
from stockhub.formulas.fees.charge import settled_or_estimated_amounts
from stockhub.formulas.fees.fulfilment import (
    dimensional_weight,
    fulfilment_by_price,
    fulfilment_charge,
    shipping_weight,
    size_class,
)
from stockhub.formulas.fees.low_inventory import COVER_ZONES, cover_zone, low_inventory_charge
from stockhub.formulas.fees.rates import RateTable, UnknownRateError
from stockhub.formulas.fees.referral import closing_charge, referral_charge
from stockhub.formulas.fees.removal import liquidation_proceeds, removal_charge
from stockhub.formulas.fees.storage import storage_charge
from stockhub.formulas.fees.utilisation import SellerStorage, utilisation_charge
from stockhub.formulas.health.ageing import fifo_remaining
from tests.formulas.fee_rates import fee_table, size_limits

NOVEMBER, SUMMER = date(2026, 11, 15), date(2026, 6, 1)
SELLER = SellerStorage(professional=True, days_since_first_inbound=900, daily_cubic_feet=1000)


@pytest.fixture
def us(shared: Path) -> RateTable:
    assert shared.is_dir()
    return fee_table("US")


def amounts(*charged: object) -> list[Decimal]:
    return [Decimal(str(amount)) for amount in charged]


def test_h44_the_aged_fee_lies_31_days_ahead_and_takes_20_a_day(us: RateTable) -> None:
    first = first_charged_age(us, SUMMER)
    assert first == 181
    days = days_until_charged_age(150.0, float(first))
    assert days == 31.0
    assert daily_sales_to_clear(620.0, days) == 20.0
    assert daily_sales_to_clear(621.0, days) == 21.0
    assert np.isnan(daily_sales_to_clear(620.0, 0.0))
    assert days_until_charged_age(200.0, 181.0) == 0.0


def test_h44_the_assessment_is_the_next_15th_from_that_age_on() -> None:
    assert first_assessment_on(date(2026, 6, 1), 150, 181) == date(2026, 7, 15)
    assert first_assessment_on(date(2026, 6, 14), 180, 181) == date(2026, 6, 15)
    assert first_assessment_on(date(2026, 6, 16), 400, 181) == date(2026, 7, 15)
    assert first_assessment_on(date(2026, 12, 16), 181, 181) == date(2027, 1, 15)
    with pytest.raises(InvalidParameterError, match="day is 31"):
        next_snapshot_on(NOVEMBER, 31)


def test_e14_the_first_charged_age_and_the_rates_are_the_marketplaces_and_the_dates(us: RateTable) -> None:
    on = date(2026, 8, 15)
    assert [first_charged_age(fee_table(marketplace), on) for marketplace in ("US", "UK", "DE", "CA")] == [181, 241, 241, 181]
    assert first_charged_age(us, on, "clothing") == 271
    lots = {"snapshot_on": on, "age_days": 380, "unit_cubic_feet": 1.0, "units": 1}
    by_market = [aged_charge(fee_table(marketplace), **lots).amount for marketplace in ("US", "UK", "DE", "CA")]  # type: ignore[arg-type]
    assert [(money.amount, money.currency) for money in by_market] == [
        (Decimal("6.90"), "USD"),
        (Decimal("5.71"), "GBP"),
        (Decimal("6.45"), "EUR"),  # 0.0283168466 m³ × 227.63
        (Decimal("9.34"), "CAD"),  # 0.0283168466 m³ × 330
    ]
    before = [
        aged_charge(us, snapshot_on=date(year, 6, 15), age_days=300, unit_cubic_feet=1, units=1).amount.amount for year in (2023, 2025)
    ]
    assert before == amounts("3.80", "5.45")


def test_e14_age_is_by_lots_first_in_first_out(us: RateTable) -> None:
    """Of three lots of 100, 150 units were sold: the oldest lot is gone, and half of the second is left."""
    received, ages = np.array([100.0, 100.0, 100.0]), np.array([400.0, 250.0, 20.0])
    left = fifo_remaining(received, 150.0)
    assert aged_surcharges(us, NOVEMBER, ages, np.full(3, 0.1), left).tolist() == pytest.approx([0.0, 50 * 0.1 * 1.5, 0.0])
    with pytest.raises(UnknownRateError, match=r"an age of -3\.0 days"):
        aged_surcharges(us, NOVEMBER, np.array([-3.0]), np.ones(1), np.ones(1))


def test_h44_aged_fees_at_the_bounds_of_their_tiers(us: RateTable) -> None:
    """A cubic foot a unit; the floor a unit holds for tiny units from 366 days on."""
    ages = (180, 181, 210, 211, 240, 241, 270, 271, 300, 301, 330, 331, 365, 366, 455, 456)
    charged = [aged_charge(us, snapshot_on=NOVEMBER, age_days=age, unit_cubic_feet=1, units=1).amount.amount for age in ages]
    expected = "0 .5 .5 1 1 1.5 1.5 5.45 5.45 5.7 5.7 5.9 5.9 6.9 6.9 7.9"
    assert charged == amounts(*expected.split())
    clothing = [aged_charge(us, snapshot_on=NOVEMBER, age_days=a, unit_cubic_feet=1, units=1, category="clothing") for a in (270, 271)]
    assert [charge.amount.amount for charge in clothing] == amounts("0.00", "5.45")
    tiny = [
        aged_charge(us, snapshot_on=on, age_days=age, unit_cubic_feet=0.01, units=1).amount.amount
        for on, age in ((NOVEMBER, 365), (NOVEMBER, 455), (NOVEMBER, 456), (date(2026, 1, 15), 456), (date(2026, 1, 16), 456))
    ]
    assert tiny == amounts("0.06", "0.30", "0.35", "0.15", "0.35")


def test_storage_by_season_size_and_marketplace(us: RateTable) -> None:
    months = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 1), date(2024, 3, 31), date(2024, 4, 1)]
    charged = [storage_charge(us, month=month, tier="standard", mean_cubic_feet=10).amount.amount for month in months]
    assert charged == amounts("7.80", "24.00", "24.00", "7.80", "8.70", "7.80")
    metric = storage_charge(fee_table("DE"), month=date(2026, 12, 1), tier="oversize", mean_cubic_feet=100)
    assert (metric.amount.amount, metric.amount.currency) == (Decimal("97.66"), "EUR")  # 2.83168466 m³ × 34.49
    assert metric.explanation.evaluate() == pytest.approx(2.83168466 * 34.49)
    with pytest.raises(UnknownRateError):
        storage_charge(us, month=date(2023, 1, 31), tier="standard", mean_cubic_feet=10)


def test_utilisation_by_weeks_and_who_pays_it(us: RateTable) -> None:
    def charged(weeks: float, seller: SellerStorage = SELLER) -> Decimal:
        return utilisation_charge(us, month=SUMMER, tier="standard", ratio_weeks=weeks, old_cubic_feet=100, seller=seller).amount.amount

    assert [charged(weeks) for weeks in (0, 22, 22.01, 28, 28.01, 36, 44, 52, 52.01)] == amounts(0, 0, 44, 44, 76, 76, 116, 158, 188)
    free = [
        SellerStorage(professional=False, days_since_first_inbound=900, daily_cubic_feet=1000),
        SellerStorage(professional=True, days_since_first_inbound=365, daily_cubic_feet=1000),
        SellerStorage(professional=True, days_since_first_inbound=900, daily_cubic_feet=24.9),
        SellerStorage(professional=True, days_since_first_inbound=900, daily_cubic_feet=1000, exempt=True),
    ]
    assert [charged(60, seller) for seller in free] == amounts(0, 0, 0, 0)
    assert charged(60, SellerStorage(professional=True, days_since_first_inbound=366, daily_cubic_feet=25)) == 188
    for on, tier in ((SUMMER, "oversize"), (date(2023, 6, 1), "standard")):
        with pytest.raises(UnknownRateError):
            utilisation_charge(us, month=on, tier=tier, ratio_weeks=30, old_cubic_feet=100, seller=SELLER)


def test_removal_by_started_pound_and_date(us: RateTable) -> None:
    def charged(on: date, tier: str, weight: float) -> Decimal:
        return removal_charge(us, on=on, tier=tier, weight_lb=weight, units=1).amount.amount

    weights = (0.0, 0.5, 0.51, 1.0, 2.0, 2.01, 3.0, 3.01)
    assert [charged(SUMMER, "standard", w) for w in weights] == amounts(".84", ".84", "1.53", "1.53", "2.27", "3.95", "3.95", "5.01")
    assert [charged(SUMMER, "oversize", w) for w in (1, 4, 10, 10.5, 13)] == amounts("3.12", "6.36", "10.04", "15.38", "17.50")
    dates = [date(2023, 12, 31), date(2024, 1, 15), date(2026, 1, 14), date(2026, 1, 15)]
    assert [charged(on, "standard", 0.4) for on in dates] == amounts(".52", "1.04", "1.04", ".84")
    with pytest.raises(UnknownRateError, match="this date"):
        charged(date(2024, 1, 14), "standard", 0.4)


def test_liquidation_may_pay_or_cost(us: RateTable) -> None:
    def net(price: float, rate: float, weight: float, tier: str = "standard") -> Decimal:
        terms = {"on": SUMMER, "tier": tier, "weight_lb": weight, "units": 100, "mean_price": price, "recovery_rate": rate}
        return liquidation_proceeds(us, **terms).amount.amount  # type: ignore[arg-type]

    assert [net(30, 0.075, 0.9), net(4, 0.05, 0.9), net(30, 0.1, 3.2)] == amounts("161.25", "-13.00", "175.00")
    assert net(60, 0.05, 12.5, "oversize") == Decimal("5.00")
    with pytest.raises(InvalidParameterError, match=r"recovery_rate is 1\.5"):
        net(30, 1.5, 1)


def test_e15_the_low_inventory_fee_needs_both_views_below_28(us: RateTable) -> None:
    def charged(d30: float, d90: float, sold: int = 200, on: date = date(2025, 3, 1), **more: object) -> Decimal:
        terms = {"shipped_on": on, "tier": "large_standard", "weight_lb": 2.0, "days_30": d30, "days_90": d90, "units_sold_7d": sold}
        return low_inventory_charge(us, **(terms | more)).amount.amount  # type: ignore[arg-type]

    assert [charged(35, 12), charged(12, 35), charged(28, 5), charged(27.9, 5)] == amounts(0, 0, 0, ".36")
    assert [charged(13.9, 0), charged(14, 0), charged(20.9, 3), charged(21, 3)] == amounts(".97", ".70", ".70", ".36")
    assert [charged(5, 5, 19), charged(5, 5, 20)] == amounts(0, ".97")
    assert charged(5, 5, 19, date(2024, 5, 14)) == Decimal(".97")
    assert [charged(5, 5, exempt=True), charged(5, 5, units_shipped=3)] == amounts(0, "2.91")
    grocery = [charged(5, 5, on=on, category="grocery") for on in (date(2026, 1, 14), date(2026, 1, 15))]
    assert grocery == amounts(".97", 0)
    assert [charged(5, 5, weight_lb=w) for w in (3, 3.01, 20)] == amounts(".97", "1.11", "1.11")
    for unknown in ({"weight_lb": 20.1}, {"tier": "small_bulky"}, {"on": date(2024, 3, 31)}, {"tier": "small_standard", "weight_lb": 1.1}):
        with pytest.raises(UnknownRateError):
            charged(5, 5, **unknown)


def test_e15_cover_has_two_cliffs() -> None:
    zones = [
        COVER_ZONES[int(cover_zone(d30, d90, ahead))] for d30, d90, ahead in ((20.0, 27.9, 40.0), (20.0, 28.0, 90.0), (20.0, 10.0, 90.1))
    ]
    assert zones == ["low_inventory_fee", "between_the_cliffs", "excess"]


def test_referral_in_both_grammars(us: RateTable) -> None:
    def charged(category: str, price: float) -> Decimal:
        return referral_charge(us, on=SUMMER, category=category, total_price=price).amount.amount

    whole = [charged("clothing_accessories", price) for price in (5, 15, 15.01, 20, 20.01)]
    assert whole == amounts(".30", ".75", "1.50", "2.00", "3.40")
    assert [charged("jewelry", price) for price in (250, 251, 1000)] == amounts("50.00", "50.05", "87.50")
    assert [charged("fine_art", price) for price in (4, 100, 1000, 5000, 6000)] == amounts(1, 20, 155, 555, 605)
    assert [charged("grocery_gourmet", price) for price in (1, 15, 15.01)] == amounts(".08", "1.20", "2.25")
    assert [charged("baby", 10), charged("baby", 10.01), charged("gift_cards", 0.5)] == amounts(".80", "1.50", ".10")
    assert [charged("electronics_accessories", 33.3), charged("electronics_accessories", 150)] == amounts("5.00", "19.00")
    assert closing_charge(us, on=SUMMER, category="video_game_consoles", units=2).amount.amount == Decimal("3.60")
    for category, on in (("spaceships", SUMMER), ("jewelry", date(2024, 1, 14))):
        with pytest.raises(UnknownRateError):
            referral_charge(us, on=on, category=category, total_price=10)
    with pytest.raises(UnknownRateError):
        closing_charge(us, on=SUMMER, category="jewelry")


def test_fulfilment_by_weight_price_and_fuel(us: RateTable) -> None:
    def charged(on: date, tier: str, weight: float, price: float) -> Decimal:
        return fulfilment_charge(us, shipped_on=on, tier=tier, weight_lb=weight, price=price).amount.amount

    before = date(2026, 4, 16)
    assert [charged(before, "small_standard", 0.125, p) for p in (9.99, 10, 50, 50.01)] == amounts("2.43", "3.32", "3.32", "3.58")
    assert [charged(before, "large_standard", w, 20) for w in (0.25, 1.0, 1.01, 3.0)] == amounts("3.73", "4.60", "5.04", "6.67")
    assert [charged(before, "large_standard", w, 20) for w in (3.25, 3.26, 4.0)] == amounts("7.05", "7.13", "7.29")
    assert charged(date(2026, 4, 17), "small_standard", 0.125, 20) == Decimal("3.44")  # 3.32 × 1.035
    bands = fulfilment_by_price(us, on=SUMMER, tier="small_standard", weight_lb=0.1)
    assert [fee for _, fee in bands] == amounts("2.51505", "3.43620", "3.70530")
    for tier, weight, on in (("small_bulky", 10.0, SUMMER), ("small_standard", 1.5, SUMMER), ("small_standard", 0.1, date(2026, 1, 14))):
        with pytest.raises(UnknownRateError):
            charged(on, tier, weight, 20)
    with pytest.raises(UnknownRateError, match=r"21 lb"):
        fulfilment_by_price(us, on=SUMMER, tier="large_standard", weight_lb=21)


def test_size_classes_whichever_way_a_parcel_lies(shared: Path) -> None:
    assert shared.is_dir()
    limits = size_limits()
    parcels = [
        (0.5, 10.0, 5.0, 0.5),
        (0.5, 0.5, 10.0, 5.0),
        (0.5, 10.0, 5.0, 0.8),
        (21.0, 10.0, 5.0, 3.0),
        (40.0, 58.0, 30.0, 6.0),
        (51.0, 1.0, 1.0, 1.0),
    ]
    codes = [size_class(*parcel, limits=limits) for parcel in parcels]
    assert [limits[int(code)].tier if code == code else None for code in codes] == [  # noqa: PLR0124 - NaN is what does not equal itself
        "small_standard", "small_standard", "large_standard", "small_bulky", "large_bulky", None,
    ]  # fmt: skip
    girth = [size_class(10.0, 37.0, 28.0, 18.5, limits=limits), size_class(10.0, 37.0, 28.0, 18.6, limits=limits)]
    assert girth[0] == 2.0
    assert np.isnan(girth[1])


def test_a_light_parcel_is_charged_by_its_volume() -> None:
    volume = dimensional_weight(13.9, 10.0, 10.0)
    assert volume == 10.0
    assert [shipping_weight(4.0, volume, 1.0), shipping_weight(14.0, volume, 1.0), shipping_weight(4.0, volume, 0.0)] == [10.0, 14.0, 4.0]


def test_settled_amounts_win_where_they_are_known() -> None:
    assert settled_or_estimated_amounts(np.array([1.0, np.nan, 0.0]), np.array([2.0, 3.0, 4.0])).tolist() == [1.0, 3.0, 0.0]
