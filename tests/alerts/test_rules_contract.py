"""Every built-in rule keeps the contract that plugins are held to, and its explanations give its numbers."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stockhub.alerts.rules import BUILT_IN
from stockhub.alerts.rules.below_threshold import BelowThresholdRule
from stockhub.alerts.rules.burn_rate import BurnRateRule
from stockhub.alerts.rules.doubtful_data import DoubtfulDataRule
from stockhub.alerts.rules.emergency_order import EmergencyOrderRule
from stockhub.alerts.rules.end_of_life_line import EndOfLifeLineRule
from stockhub.alerts.rules.expiring_stock import ExpiringStockRule
from stockhub.alerts.rules.forecast_bias import ForecastBiasRule
from stockhub.alerts.rules.imbalance import ImbalanceRule
from stockhub.alerts.rules.late_inbound import LateInboundRule
from stockhub.alerts.rules.low_inventory_fee import LowInventoryFeeRule
from stockhub.alerts.rules.no_sale import NoSaleRule
from stockhub.alerts.rules.order_due import OrderDueRule
from stockhub.alerts.rules.overstock import OverstockRule
from stockhub.alerts.rules.residual_value import ResidualValueRule
from stockhub.alerts.rules.ship_by_risk import ShipByRiskRule
from stockhub.alerts.rules.shortage import ShortageRule
from stockhub.alerts.rules.sourcing import ConcentratedSupplyRule, SingleSourceRule
from stockhub.alerts.rules.stockout_risk import StockoutRiskRule
from stockhub.alerts.rules.surcharge_ahead import SurchargeAheadRule
from stockhub.alerts.rules.unsold_stock import UnsoldStockRule
from stockhub.alerts.rules.viral_spike import ViralSpikeRule
from stockhub.alerts.rules.write_down import WriteDownRule
from stockhub.pluginapi import AlertRule, RuleParameters
from stockhub.pluginapi.testing import AlertRuleContract
from stockhub.pluginapi.testing.snapshots import random_snapshot


class TestShortage(AlertRuleContract):
    rule = ShortageRule()


class TestOrderDue(AlertRuleContract):
    rule = OrderDueRule()


class TestShipByRisk(AlertRuleContract):
    rule = ShipByRiskRule()


class TestBelowThreshold(AlertRuleContract):
    rule = BelowThresholdRule()


class TestBurnRate(AlertRuleContract):
    rule = BurnRateRule()


class TestViralSpike(AlertRuleContract):
    rule = ViralSpikeRule()


class TestImbalance(AlertRuleContract):
    rule = ImbalanceRule()


class TestLowInventoryFee(AlertRuleContract):
    rule = LowInventoryFeeRule()


class TestOverstock(AlertRuleContract):
    rule = OverstockRule()


class TestUnsoldStock(AlertRuleContract):
    rule = UnsoldStockRule()


class TestStockoutRisk(AlertRuleContract):
    rule = StockoutRiskRule()


class TestNoSale(AlertRuleContract):
    rule = NoSaleRule()


class TestSurchargeAhead(AlertRuleContract):
    rule = SurchargeAheadRule()


class TestExpiringStock(AlertRuleContract):
    rule = ExpiringStockRule()


class TestEndOfLifeLine(AlertRuleContract):
    rule = EndOfLifeLineRule()


class TestResidualValue(AlertRuleContract):
    rule = ResidualValueRule()


class TestWriteDown(AlertRuleContract):
    rule = WriteDownRule()


class TestForecastBias(AlertRuleContract):
    rule = ForecastBiasRule()


class TestLateInbound(AlertRuleContract):
    rule = LateInboundRule()


class TestEmergencyOrder(AlertRuleContract):
    rule = EmergencyOrderRule()


class TestSingleSource(AlertRuleContract):
    rule = SingleSourceRule()


class TestConcentratedSupply(AlertRuleContract):
    rule = ConcentratedSupplyRule()


class TestDoubtfulData(AlertRuleContract):
    rule = DoubtfulDataRule()


def test_slugs_are_unique() -> None:
    slugs = [rule.slug for rule in BUILT_IN]
    assert slugs == [
        "shortage",
        "stockout-risk",
        "order-due",
        "ship-by-risk",
        "below-threshold",
        "burn-rate",
        "viral-spike",
        "imbalance",
        "low-inventory-fee",
        "overstock",
        "unsold-stock",
        "no-sale",
        "surcharge-ahead",
        "expiring-stock",
        "end-of-life-line",
        "residual-value",
        "write-down",
        "forecast-bias",
        "late-inbound",
        "emergency-order",
        "single-source",
        "concentrated-supply",
        "doubtful-data",
        "turnover-below-norm",
        "turnover-streak",
        "category-structure",
        "turnover-quadrant",
        "season-end",
        "demand-cliff",
        "generation-change",
        "market-fall",
    ]


@pytest.mark.parametrize("rule", BUILT_IN, ids=lambda rule: rule.slug)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), missing=st.sampled_from([0.0, 0.1, 0.6]))
def test_explanations_evaluate_to_the_findings(rule: AlertRule, seed: int, missing: float) -> None:
    snapshot = random_snapshot(seed, 6, missing=missing)
    found = rule.evaluate(snapshot, rule.parameters_model())
    trees = rule.explain(snapshot.symbols())
    for name, tree in trees.items():
        for row, number in enumerate(getattr(found, name).tolist()):
            told = tree.fill({k: v[row] for k, v in found.inputs.items()}).evaluate()
            assert (told is None) == math.isnan(number)
            assert told is None or told == pytest.approx(number, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("rule", BUILT_IN, ids=lambda rule: rule.slug)
def test_a_template_stays_small(rule: AlertRule) -> None:
    for name, tree in rule.explain(random_snapshot(1, 1).symbols()).items():
        assert sum(1 for _ in tree.walk()) <= 120, name


@pytest.mark.parametrize("rule", BUILT_IN, ids=lambda rule: rule.slug)
def test_parameters_refuse_unknown_names_and_negative_numbers(rule: AlertRule) -> None:
    first = next(iter(rule.parameters_model.model_fields))
    for wrong in ({"no_such_parameter": 1.0}, {first: -1.0}, {first: math.inf}, {first: math.nan}):
        with pytest.raises(ValueError, match=r"validation error"):
            rule.parameters_model(**wrong)


def test_a_parameter_has_a_unit_and_two_names() -> None:
    models: list[type[RuleParameters]] = [rule.parameters_model for rule in BUILT_IN]
    for model in models:
        for name, field in model.model_json_schema()["properties"].items():
            assert field["title"], name
            assert field["title_zh"], name
            assert field["unit"], name


def test_rules_need_no_django() -> None:
    code = "import sys, stockhub.alerts.rules; sys.exit('django' in sys.modules or 'pandas' in sys.modules or 'scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
