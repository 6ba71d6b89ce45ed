"""The snapshot that a warning cycle would have of a situation, and the lead-time demand that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.cleaning.cleaned import cleaned
from stockhub.demand.forecasting import panel_of
from stockhub.demand.lead_times import Asked, ascending, asked_of, sums_over, textbook_quantiles
from stockhub.demand.models import ForecastSettings
from stockhub.demand.strategies import RecentAverage
from stockhub.formulas.distributions.lead_time_left import days_left, mean_and_sd
from stockhub.formulas.distributions.own_deviation import own_deviation, usual_excess
from stockhub.formulas.policies.safety_stock import poisson_sd
from stockhub.pluginapi import COLUMNS, ForecastBatch, ForecastResult, Panel, Snapshot
from stockhub.pluginhost.forecasting import run_forecaster
from stockhub.review.decision.situation import FloatArray, Situation
from stockhub.snapshot.builder import MEAN_DAYS, WINDOWS
from stockhub.snapshot.lead_time_demand import LeadTimeDemand, Table
from stockhub.snapshot.own_deviation import OwnDeviation, alike_deviation
from stockhub.snapshot.protection import protection_columns, restored_columns
from stockhub.snapshot.stockouts import stockout_columns
from stockhub.snapshot.supply import METHODS, Policies

#: Days before a day on which stock ran out that say what a day with a sale usually asks for.
USUAL_DAYS: Final = 56


@dataclass(frozen=True, slots=True)
class Known:
    """`snapshot` has a row a SKU; `lead_time` and `lead_time_sd` are of the one supplier, in days."""

    snapshot: Snapshot
    demand: LeadTimeDemand
    lead_time: float
    lead_time_sd: float


def known_of(situation: Situation) -> Known:
    """Cleans the sales, asks the forecasters and computes the columns, as the forecast and the warning cycle do."""
    request = situation.request
    lead_time, lead_time_sd = mean_and_sd(situation.taken_days, request.quoted_lead_days)
    panel = demand_panel(situation)
    asked = _asked(situation, lead_time)
    answer, quantiles, calibrated = _forecast(panel, asked, horizon=_horizon(asked))
    n = len(situation.skus)
    demand = LeadTimeDemand(
        [Table(np.array(asked.days, np.float64), np.array(asked.levels), quantiles)], np.zeros(n, np.int64), np.arange(n), calibrated
    )
    orders = situation.orders
    expected = days_left(orders.age, np.full((len(orders.row), 1), 0.5), lead_time, lead_time_sd, fastest=request.fastest_eta_days)[:, 0]
    columns = _facts(situation, answer, lead_time, lead_time_sd)
    snapshot = Snapshot(
        as_of=datetime.combine(request.as_of, time(23, 59), UTC),
        day=request.as_of,
        sku_ids=np.arange(1, n + 1),
        pool_ids=np.ones(n, np.int64),
        columns=columns,
        forecast_mean=answer.mean,
        inbound_row=orders.row,
        inbound_day=expected,
        inbound_qty=orders.qty,
    )
    columns |= protection_columns(snapshot, _policies(situation), demand, _own_deviation(panel, asked, answer, quantiles, calibrated))
    columns |= restored_columns(columns, columns["safety_stock"])
    columns |= stockout_columns(snapshot, demand)
    return Known(snapshot, demand, lead_time, lead_time_sd)


def demand_panel(situation: Situation) -> Panel:
    """Sales cleaned by the stock at both ends of each day: on sale, sold out on that day, or out of stock.

    When stock ran out on a day nobody knows, and it may have lasted until the last customer. Such a day asked for what was sold and
    for what a day with a sale usually asks for, as sizes without a memory would. Scaled up to a whole day, the last units that
    one order took would count twice, however few they were (docs/adr/0053).
    """
    opening = np.where(np.isnan(situation.opening), situation.closing, situation.opening)
    sold_out = (opening > 0) & (situation.closing == 0)
    percent = np.where(np.isnan(situation.closing), np.nan, 100.0 * ((opening > 0) | (situation.closing > 0)))
    demand = cleaned(situation.sold.astype(np.float32), percent.astype(np.float32))
    usual = _mean_before(demand.baseline, demand.observed & ~sold_out & (demand.baseline > 0))
    baseline = demand.baseline + np.where(sold_out, usual, 0.0)
    return panel_of(np.arange(1, len(situation.skus) + 1), baseline, demand.observed, situation.first_on)


def _mean_before(demand: FloatArray, counts: NDArray[np.bool_]) -> FloatArray:
    """The mean of demand (n, t) over the days that count (n, t) among the `USUAL_DAYS` before each; 0 without any."""
    n, days = demand.shape
    sums, known = np.zeros((n, days + 1)), np.zeros((n, days + 1))
    np.cumsum(np.where(counts, demand, 0.0), axis=1, out=sums[:, 1:])
    np.cumsum(counts, axis=1, out=known[:, 1:])
    day = np.arange(days)
    first = np.maximum(day - USUAL_DAYS, 0)
    count = known[:, day] - known[:, first]
    return np.asarray(np.where(count > 0, (sums[:, day] - sums[:, first]) / np.maximum(count, 1.0), 0.0))


def _asked(situation: Situation, lead_time: float) -> Asked:
    """The usual lead times, and those that this decision is about."""
    usual = asked_of(ForecastSettings())
    request = situation.request
    own = {request.horizon_days, round(lead_time), round(lead_time + request.review_days)}
    days = {each for each in usual.days if each <= 2 * max(own)} | {each for each in own if each >= 1}
    return Asked(tuple(sorted(days)), usual.levels, usual.forecaster)


def _horizon(asked: Asked) -> int:
    return max(MEAN_DAYS, *asked.days)


def _forecast(panel: Panel, asked: Asked, *, horizon: int) -> tuple[ForecastResult, NDArray[np.float32], NDArray[np.bool_]]:
    """The forecast, lead-time quantiles (n, q, l), and whether the forecaster of lead-time sums has made them (n,).

    Where none is installed, and for whatever that one cannot do, the end of every chain forecasts.
    """
    batch = ForecastBatch(panel, horizon, asked.levels, asked.days)
    resort = run_forecaster(RecentAverage.slug, batch, recorded=False)
    mean, sd = resort.mean.copy(), resort.error_sd.copy()
    made = np.zeros(len(mean), np.bool_)
    quantiles = textbook_quantiles(mean, sd, asked)
    if asked.forecaster:
        answer = run_forecaster(asked.forecaster, batch, recorded=False)
        made[:] = True
        made[list(answer.unfit)] = False
        mean[made], sd[made] = answer.mean[made], answer.error_sd[made]
        if answer.lead_time_quantiles is not None:
            quantiles[made] = ascending(answer.lead_time_quantiles[made])
    return ForecastResult(mean, resort.quantiles, sd), quantiles, made


def _own_deviation(
    panel: Panel, asked: Asked, answer: ForecastResult, quantiles: NDArray[np.float32], calibrated: NDArray[np.bool_]
) -> OwnDeviation:
    """Each SKU's own deviation, and what SKUs usually need of theirs, learned from all of them as a forecast run learns it."""
    sd = own_deviation(panel.values, panel.observed)
    usual = usual_excess(quantiles[calibrated], sums_over(answer.mean[calibrated], asked.days), sd[calibrated])
    return alike_deviation(sd, np.array(asked.days, np.float64), np.array(asked.levels), usual)


def _policies(situation: Situation) -> Policies:
    """What the request asks for: the service level; the rest is left to statistics."""
    n = len(situation.skus)
    unsaid = np.full(n, np.nan)
    level, review = np.full(n, situation.request.service_level), np.full(n, situation.request.review_days)
    return Policies(
        method=np.full(n, METHODS.index("statistical"), np.int64), fixed_qty=unsaid, cover_days=unsaid, service_level=level,
        review_period=review, lead_time=unsaid, threshold=unsaid, maximum=unsaid, is_replenished=unsaid,
    )  # fmt: skip


def _facts(situation: Situation, answer: ForecastResult, lead_time: float, lead_time_sd: float) -> dict[str, FloatArray]:
    """The columns that the folder tells; all others are NaN, "no data"."""
    n, days = situation.sold.shape
    columns = {name: np.full(n, np.nan) for name in COLUMNS}
    on_hand = _last_known(situation.closing)
    daily = answer.mean[:, :MEAN_DAYS].mean(axis=1, dtype=np.float64)
    sold = np.nan_to_num(situation.sold)
    last_sale = np.where((sold > 0).any(axis=1), days - 1 - np.argmax(sold[:, ::-1] > 0, axis=1), np.nan)
    begun = ~np.isnan(situation.sold)
    sd = answer.error_sd.astype(np.float64)
    nothing = np.zeros(n)
    return columns | {
        "available": on_hand, "shippable": on_hand, "reserved": nothing, "in_transit": nothing, "receiving": nothing,
        "unsellable": nothing, "in_dispute": nothing,
        "on_order": np.bincount(situation.orders.row, situation.orders.qty, minlength=n).astype(np.float64),
        **{name: sold[:, max(days - window, 0) :].sum(axis=1) for name, window in WINDOWS.items()},
        "days_since_sale": days - 1 - last_sale,
        "history_days": np.where(begun.any(axis=1), days - np.argmax(begun, axis=1), np.nan),
        "stockout_days_30": (situation.closing[:, -30:] == 0).sum(axis=1).astype(np.float64),
        "daily_mean": daily,
        "daily_sd": np.where(np.isnan(sd), poisson_sd(np.maximum(daily, 0.0)), sd),
        "forecast_age_days": nothing,
        "lead_time": np.full(n, lead_time), "lead_time_sd": np.full(n, lead_time_sd), "lead_time_is_default": nothing,
        "review_period": np.full(n, situation.request.review_days),
        "moq": np.ones(n), "case_pack": np.ones(n), "is_replenished": np.ones(n),
    }  # fmt: skip


def _last_known(stock: FloatArray) -> FloatArray:
    """Today's stock (n,); that of the last day on which it was recorded where today's was not, NaN where it never was."""
    known = ~np.isnan(stock)
    last = stock.shape[1] - 1 - np.argmax(known[:, ::-1], axis=1)
    return np.where(known.any(axis=1), stock[np.arange(len(stock)), last], np.nan)
