"""How much is enough: safety stock and the order-up-to level over the time until the order after this one arrives."""

from __future__ import annotations

import numpy as np

from stockhub.catalog.models import SafetyStockMethod
from stockhub.formulas.distributions.kept_quantiles import calibrated_safety_stock, lead_time_risk
from stockhub.formulas.distributions.own_deviation import excess_demand, rests_on_own_deviation
from stockhub.formulas.policies.ordering import order_up_to_level
from stockhub.formulas.policies.safety_stock import cover_days_quantity, service_factors, statistical_safety_stock
from stockhub.pluginapi import Snapshot
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.snapshot import defaults
from stockhub.snapshot.lead_time_demand import LeadTimeDemand
from stockhub.snapshot.own_deviation import OwnDeviation
from stockhub.snapshot.positions import Columns
from stockhub.snapshot.supply import METHODS, Policies


def protection_columns(snapshot: Snapshot, policies: Policies, demand: LeadTimeDemand, own: OwnDeviation) -> Columns:
    """Safety stock by each row's policy, and the demand that it rests on.

    The statistical method takes the quantile of lead-time demand where a forecaster has made it, and the textbook's formula elsewhere;
    `safety_stock_is_calibrated` says which. Beside the quantile stands each SKU's own deviation, where that is known.
    """
    time = snapshot["lead_time"] + snapshot["review_period"]
    level = np.where(np.isnan(policies.service_level), defaults.SERVICE_LEVEL, policies.service_level)
    z = service_factors(level)
    expected, quantile = snapshot.demand_within(time), demand.quantile(time, level)
    risk = lead_time_risk(z, snapshot["daily_mean"], snapshot["lead_time_sd"])
    usual = own.usual.quantile(time, level)
    excess = excess_demand(quantile, expected, rests_on_own_deviation(own.sd, usual), own.sd, usual)
    calibrated = calibrated_safety_stock(excess, risk)
    textbook = statistical_safety_stock(
        z, snapshot["lead_time"], snapshot["review_period"], snapshot["daily_mean"], snapshot["daily_sd"], snapshot["lead_time_sd"]
    )
    covered = cover_days_quantity(snapshot["daily_mean"], policies.cover_days)
    stated = (policies.method == METHODS.index(SafetyStockMethod.FIXED)) & ~np.isnan(policies.fixed_qty)
    by_days = (policies.method == METHODS.index(SafetyStockMethod.COVER_DAYS)) & ~np.isnan(policies.cover_days)
    by_quantile = demand.is_calibrated & ~np.isnan(calibrated) & ~stated & ~by_days
    safety_stock = np.select([stated, by_days, by_quantile], [policies.fixed_qty, covered, calibrated], textbook)
    return {
        "protection_demand": expected,
        "protection_quantile": quantile,
        "own_sd": own.sd,
        "usual_deviations": usual,
        "lead_time_risk": risk,
        "safety_stock_is_calibrated": by_quantile.astype(np.float64),
        "safety_stock": safety_stock,
    }


def restored_columns(columns: Columns, by_policy: FloatArray) -> Columns:
    """What follows from the safety stock as it holds, where it was `by_policy` (n,) before anybody changed it: the order-up-to level.

    A safety stock that somebody set rests on no quantile. A maximum that the user set is the level, whatever the forecast asks for.
    """
    maximum, reckoned = columns["stock_maximum"], order_up_to_level(columns["protection_demand"], columns["safety_stock"])
    is_policys = (columns["safety_stock"] == by_policy) | np.isnan(by_policy)
    return {
        "safety_stock_is_calibrated": np.where(is_policys, columns["safety_stock_is_calibrated"], 0.0),
        "order_up_to": np.where(np.isnan(maximum), reckoned, maximum),
    }
