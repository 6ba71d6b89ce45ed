"""The requirements' own numbers, formula by formula."""

from __future__ import annotations

import math
import re
from datetime import date
from pathlib import Path

import pytest

from stockhub.formulas.distributions.running_out import expected_outage_loss, units_without_stock
from stockhub.formulas.fees.compensation import compensation_at_stake, compensation_for_order
from stockhub.formulas.health.staleness import confirmed_slow, stale_candidate, standing_still
from stockhub.formulas.policies.ordering import capped_order_quantity, order_quantity
from stockhub.formulas.policies.safety_stock import (
    cover_days_range,
    default_lead_time_sd,
    poisson_sd,
    protection_sd,
    reorder_point,
    safety_stock,
    service_factor,
    statistical_safety_stock,
)
from stockhub.formulas.stock.cover import (
    cost_of_another_day,
    cost_of_delay,
    days_of_cover,
    days_of_supply,
    days_of_supply_metric,
    latest_order_day,
    latest_order_on,
)
from stockhub.formulas.stock.overstock import capacity_share_units, excess_stock, overstock_limit
from stockhub.formulas.stock.position import inventory_position, on_hand, position_within, units_below_line
from stockhub.formulas.stock.shortage import literal_shortage_index, shortage_horizon, shortage_index

NAN = math.nan
REPOSITORY = Path(__file__).resolve().parents[2]


def test_h26_e1_short_is_above_zero() -> None:
    assert shortage_index(400.0, 100.0, 450.0) == 50.0
    assert shortage_index(400.0, 100.0, 600.0) == -100.0


def test_h26_e1_the_literal_sign_is_not_used() -> None:
    """Below 0 is plenty: an alarm on `< 0` would warn of a full shelf and be silent before an empty one."""
    assert shortage_index(400.0, 100.0, 5000.0) < 0 < shortage_index(400.0, 100.0, 0.0)


def test_h26_e2_position_and_horizon() -> None:
    assert position_within(500.0 - 80.0, 60.0) == 480.0
    assert shortage_horizon(10.0, 7.0) == 28.0
    assert shortage_horizon(40.0, 7.0) == 47.0
    assert literal_shortage_index(400.0, 100.0, on_hand(420.0, 80.0)) == 0.0


def test_the_position_is_on_hand_less_reserved_plus_everything_inbound() -> None:
    on_hand_units, reserved = 100.0, 30.0
    assert inventory_position(on_hand_units - reserved, 20.0, 10.0, 5.0) == on_hand_units - reserved + 35.0


def test_h27_either_limit_is_enough() -> None:
    excess = excess_stock(1200.0, 800.0)
    assert excess == 400.0
    assert excess > overstock_limit(100.0, 3.0, 10.0) == 300.0
    share = capacity_share_units(10_000.0, 0.05)
    assert excess < overstock_limit(1000.0, 3.0, 10.0, share) == 500.0
    assert excess > overstock_limit(100.0, 3.0, 10.0, share) == 300.0
    assert overstock_limit(0.0, 3.0, 10.0, share) == 10.0


def test_h11_1000_at_50_a_day_are_gone_on_day_20() -> None:
    assert days_of_cover(1000.0, 50.0) == 20.0


def test_h12_e8_the_latest_order_day_is_5_and_3_with_safety_stock() -> None:
    assert latest_order_day(1000.0, 50.0, 0.0, 15.0) == 5.0
    assert latest_order_day(1000.0, 50.0, 100.0, 15.0) == 3.0
    assert latest_order_day(1000.0, 50.0, 0.0, 3.0 + 7.0 + 5.0) == 5.0
    assert latest_order_on(date(2026, 3, 1), 5.0) == date(2026, 3, 6)
    assert latest_order_on(date(2026, 3, 1), -5.0) == date(2026, 3, 1)


def test_h12_without_demand_no_order_is_ever_due() -> None:
    assert math.isnan(latest_order_day(1000.0, 0.0, 0.0, 15.0))
    assert latest_order_on(date(2026, 3, 1), NAN) is None
    assert math.isnan(cost_of_delay(0.0, 10.0, NAN))


def test_n7_a_late_order_has_cost_its_days_and_costs_another_one() -> None:
    assert [cost_of_delay(50.0, 70.0, day) for day in (3.0, 0.0, -3.0)] == [3500.0, 3500.0, 10_500.0]
    assert cost_of_another_day(50.0, 70.0) == 3500.0


def test_d21_a_chance_costs_its_part_of_the_loss() -> None:
    assert units_without_stock(10.0, 7.0) == 70.0
    assert expected_outage_loss(0.25, 490.0) == 122.5


def test_h13_crossing_the_line_from_101_to_99() -> None:
    assert [units_below_line(stock, 100.0) for stock in (101.0, 100.0, 99.0)] == [-1.0, 0.0, 1.0]


def test_h15_inbound_is_netted() -> None:
    assert order_quantity(500.0, 300.0) == 200.0
    assert order_quantity(500.0, 300.0, 250.0, 24.0) == 264.0
    assert order_quantity(500.0, 500.0, 250.0, 24.0) == 0.0
    assert order_quantity(123.4, 100.0) == 24.0


def test_a_cap_leaves_whole_cases_or_nothing() -> None:
    assert capped_order_quantity(384.0, 320.0, 100.0, 24.0) == 312.0
    assert capped_order_quantity(350.0, 320.0, 350.0, 50.0) == 0.0
    assert capped_order_quantity(120.0, 320.0, 100.0, 24.0) == 120.0


def test_d3_e3_cover_days_gives_300_to_500_and_is_a_reorder_point() -> None:
    assert cover_days_range(100.0, 3.0) == (300.0, 500.0)
    sigma = protection_sd(3.0, 0.0, 100.0, 30.0, 1.0)
    stock = safety_stock(service_factor(0.95), sigma)
    assert stock == pytest.approx(185.4, abs=0.05)
    assert reorder_point(100.0, 3.0, 0.0, stock) == pytest.approx(485.4, abs=0.05)
    assert statistical_safety_stock(service_factor(0.95), 3.0, 0.0, 100.0, 30.0, 1.0) == stock


def test_h25_the_reorder_point_doubles_with_the_forecast() -> None:
    def point(scale: float) -> float:
        mean, sd = 100.0 * scale, 30.0 * scale
        return reorder_point(mean, 3.0, 7.0, statistical_safety_stock(1.645, 3.0, 7.0, mean, sd, 1.0))

    assert point(2.0) == pytest.approx(2 * point(1.0))


def test_deviations_to_assume_where_none_is_known() -> None:
    assert default_lead_time_sd(20.0) == 5.0
    assert poisson_sd(9.0) == 3.0


@pytest.mark.parametrize("level", [0.0, 1.0, -0.5, NAN])
def test_a_service_level_lies_between_0_and_1(level: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        service_factor(level)


def test_h39_days_of_supply_on_30_60_and_90_day_sales() -> None:
    assert [days_of_supply(240.0, sold, days) for sold, days in ((60.0, 30.0), (150.0, 60.0), (270.0, 90.0))] == [120.0, 96.0, 80.0]


def test_h40_e13_without_sales_there_is_no_number_and_a_reason() -> None:
    assert math.isnan(days_of_supply(240.0, 0.0, 30.0))
    metric = days_of_supply_metric(240.0, 0.0, 30.0)
    assert (metric.value, metric.reason) == (None, "NO_SALES")
    assert days_of_supply_metric(240.0, NAN, 30.0).reason == "NO_DATA"
    assert days_of_supply_metric(240.0, 60.0, 30.0).value == 120.0
    assert days_of_supply_metric(240.0, 1.0, 30.0).reason == "BEYOND_TEN_YEARS"


def test_h14_a_candidate_is_older_than_90_days_or_sells_too_little() -> None:
    assert [stale_candidate(age, 0.0) for age in (90.0, 91.0)] == [0.0, 1.0]
    assert [stale_candidate(10.0, weeks) for weeks in (3.0, 4.0)] == [0.0, 1.0]


def test_h40_age_and_sales_are_checked_against_each_other() -> None:
    """Arguments: age, stock, sold in 30 and in 90 days, daily rate."""
    assert confirmed_slow(120.0, 100.0, 60.0, 180.0, 2.0) == 0.0
    assert confirmed_slow(60.0, 100.0, 0.0, 4.0, 0.01) == 1.0
    assert confirmed_slow(59.0, 100.0, 0.0, 4.0, 0.01) == 0.0
    assert confirmed_slow(91.0, 100.0, 15.0, 45.0, 0.5) == 1.0
    assert confirmed_slow(91.0, 100.0, 15.0, 45.0, 0.6) == 0.0
    assert standing_still(60.0, 100.0, 0.0, 5.0) == 0.0


def test_d21_d24_compensation() -> None:
    assert compensation_at_stake(200 * 99.0, 0.05) == pytest.approx(990.0)
    assert compensation_for_order(39.9, 0.05, 5.0, 500.0) == 5.0
    assert compensation_for_order(20_000.0, 0.1, 5.0, 1000.0) == 1000.0


def test_e17_behaviour_bears_the_fields_terms_and_no_other_product_s_names() -> None:
    names = re.compile(r"helium ?10|inventory (protector|levels|manager)|restock tool", re.IGNORECASE)
    sources = [path for path in (REPOSITORY / "stockhub").rglob("*") if path.suffix in (".py", ".po", ".html", ".graphql")]
    assert len(sources) > 300
    assert [path.name for path in sources if names.search(path.read_text(encoding="utf-8"))] == []
