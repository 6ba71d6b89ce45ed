"""Lead-time demand, and how long stock lasts, by plain reasoning: one row at a time."""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil, isnan, nan, sqrt
from statistics import NormalDist

from scipy.stats import multivariate_normal

from stockhub.catalog.models import Sku
from stockhub.demand.models import Forecast, LeadTimeCalibration

Row = dict[str, float]
#: (lead time, level) and its quantile.
Quantiles = dict[int, list[tuple[float, float]]]


def lead_time_quantiles(row: Row, sku: Sku, pool: int, day: date) -> Quantiles:
    made = Forecast.objects.filter(sku=sku, pool_id=pool, first_on__gte=day - timedelta(days=14)).first()
    row["safety_stock_is_calibrated"] = 0.0
    if made is None or not len(made.lead_time_days):
        return {}
    row["safety_stock_is_calibrated"] = float(made.lead_time_model not in ("", "textbook"))
    table = made.lead_time_quantiles.reshape(len(made.lead_time_levels), -1).tolist()
    levels = made.lead_time_levels.tolist()
    return {
        days: [(level, line[at]) for level, line in zip(levels, table, strict=True)] for at, days in enumerate(made.lead_time_days.tolist())
    }


def own_and_usual(row: Row, sku: Sku, pool: int, day: date) -> Quantiles:
    """The SKU's own deviation, and what its forecast's run has learned of how many of them SKUs need."""
    row["own_sd"] = nan
    made = Forecast.objects.filter(sku=sku, pool_id=pool, first_on__gte=day - timedelta(days=14)).first()
    if made is None:
        return {}
    row["own_sd"] = nan if made.own_sd is None else made.own_sd
    run = LeadTimeCalibration.objects.filter(cycle=made.cycle_id).first() if made.cycle_id else None
    if run is None or not len(run.usual_days):
        return {}
    table, levels = run.usual_deviations.reshape(len(run.usual_levels), -1).tolist(), run.usual_levels.tolist()
    return {days: [(level, line[at]) for level, line in zip(levels, table, strict=True)] for at, days in enumerate(run.usual_days.tolist())}


def _over(quantiles: Quantiles, days: float) -> list[tuple[float, float]]:
    """Level and quantile over any time: on the straight line between two lead times, in proportion beyond the last."""
    points = {0: [(level, 0.0) for level, _q in next(iter(quantiles.values()))]} | quantiles
    below, above = max(d for d in points if d <= days), min((d for d in points if d > days), default=0)
    if not above:
        return [(level, q * days / below) if below else (level, q) for level, q in points[below]]
    part = (days - below) / (above - below)
    return [(level, low + part * (high - low)) for (level, low), (_level, high) in zip(points[below], points[above], strict=True)]


def quantile(quantiles: Quantiles, days: float, level: float) -> float:
    known = _over(quantiles, days)
    z = NormalDist().inv_cdf
    if level < known[0][0]:
        return known[0][1] * level / known[0][0]
    last = len(known) - 2
    at = next((n for n in range(last + 1) if level <= known[n + 1][0]), last)
    (low_level, low), (high_level, high) = known[at], known[at + 1]
    return low + (z(level) - z(low_level)) / (z(high_level) - z(low_level)) * (high - low)


def _chance(quantiles: Quantiles, days: float, units: float) -> float:
    """That demand reaches the units."""
    known, enough = _over(quantiles, days), max(units - 0.5, 0.0)
    if units <= 0:
        return 1.0
    held = [n for n, (_level, q) in enumerate(known) if q <= enough]
    if not held:
        return 1 - known[0][0] * enough / known[0][1]
    at = min(held[-1], len(known) - 2)
    (low_level, low), (high_level, high) = known[at], known[at + 1]
    if high == low:
        return 0.0 if enough > high else 1 - high_level
    z = NormalDist().inv_cdf
    return 1 - NormalDist().cdf(z(low_level) + (enough - low) / (high - low) * (z(high_level) - z(low_level)))


def _any(quantiles: Quantiles, points: list[tuple[float, float]]) -> float:
    """That demand reaches the units of any of these points (days, units), each of which depends on the one before."""
    normal = NormalDist()
    chances = [_chance(quantiles, ceil(days) if days != points[-1][0] else days, units) for days, units in points]
    scores = [normal.inv_cdf(min(max(1 - chance, 1e-15), 1 - 1e-15)) for chance in chances]
    stays = normal.cdf(scores[0])
    for (early, _), (late, _), before, score in zip(points, points[1:], scores, scores[1:], strict=False):
        shared = (0.04 * early * late + early) / sqrt((0.04 * early**2 + early) * (0.04 * late**2 + late))
        both = multivariate_normal([0, 0], [[1, shared], [shared, 1]], allow_singular=True).cdf([before, score])
        stays *= both / normal.cdf(before)
    return max(1 - stays, *chances)


def expected(mean: list[float], days: float) -> float:
    """Forecast demand over so many days; beyond the forecast the mean of its last week."""
    if not mean:
        return nan
    whole = int(days)
    rate = sum(mean[-7:]) / 7
    total = sum(mean[:whole]) + max(whole - len(mean), 0) * rate
    return total + (days - whole) * (mean[whole] if whole < len(mean) else rate)


def lasting(row: Row, mean: list[float], quantiles: Quantiles, arriving: list[tuple[float, int]]) -> None:
    def landed(until: float) -> float:
        return float(sum(qty for day, qty in arriving if day <= until))

    row["p_stockout"] = row["sells_out_first"] = nan
    if isnan(row["available"]):
        return
    dated = [(day, qty) for day, qty in arriving if day != float("inf")]
    if quantiles:
        time = row["lead_time"] + row["review_period"]
        ends = [max(time + deviations * row["lead_time_sd"], 0.0) for deviations in (-sqrt(3), 0.0, sqrt(3))]
        found = []
        for end in ends:
            points = [
                (day - 1, row["available"] + sum(qty for _day, qty in dated[:n])) for n, (day, _qty) in enumerate(dated) if 1 < day <= end
            ]
            found.append(_any(quantiles, [*points, (end, row["available"] + landed(end))]))
        row["p_stockout"] = found[0] / 6 + found[1] * 2 / 3 + found[2] / 6
    if mean and not isnan(mean[0]):
        units = row["available"] + sum(qty for _day, qty in dated)
        for n, (day, _qty) in enumerate(dated):
            there = row["available"] + sum(qty for _day, qty in dated[:n])
            if day > 1 and expected(mean, day - 1) >= there:
                units = there
                break
        row["sells_out_first"] = 0.0 if units <= 0 else _days_until(mean, units)


def _days_until(mean: list[float], units: float) -> float:
    left = units
    for day, rate in enumerate(mean):
        if rate >= left:
            return day + left / rate
        left -= rate
    rate = sum(mean[-7:]) / 7
    return len(mean) + left / rate if rate else nan
