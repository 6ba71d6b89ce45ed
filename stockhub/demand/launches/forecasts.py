"""The forecast of a new SKU: the launch curve of SKUs like it, at the rate that its own first sales suggest (science.md 1.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.cleaning.cleaned import CleanedDemand
from stockhub.demand.frames import DemandFrame, Rows
from stockhub.demand.launches.library import WEIGHTS, Attributes, Library, attributes_of, data_begin, launch_of, library_for
from stockhub.demand.launches.named import named_launches, named_new_skus
from stockhub.demand.plans.reasons import Reason, ReasonKind
from stockhub.formulas.demand.analogues import (
    LAUNCH_WEEKS,
    PLATEAU_WEEKS,
    analogue_moments,
    analogue_weights,
    attribute_distances,
    expected_curve,
    expected_plateau,
    first_week_shares,
    launch_curves,
    weighted_quantile,
)
from stockhub.formulas.demand.cold_start import (
    is_new,
    new_sku_demand,
    new_sku_demand_quantile,
    new_sku_demand_variance,
    prior_rate,
    prior_shape,
)
from stockhub.values import Label

Floats = NDArray[np.float64]

MODEL: Final = "launch-analogues"
#: Fewer launches than this are no pattern.
FEWEST_ANALOGUES: Final = 3
#: Analogues that sold all alike still say nothing certain of another: their rate is taken to vary by half.
LEAST_CV: Final = 0.5
#: Of four plateaus in five, the band that is stated holds them: a tenth lies on either side.
BAND_OUTSIDE: Final = 0.1
#: Where a person has named the like SKU.
NAMED_LABEL: Final = Label("Launch curve of the named SKU", "指定参照商品的爬坡曲线")
LABEL: Final = Label("Launch curve of similar SKUs", "相似新品的爬坡曲线")


@dataclass(frozen=True, slots=True)
class LaunchForecast:
    """Of one row: `mean` (h,), `quantiles` (q, h), the deviation of a day, and the reason, which states the plateau and its band."""

    mean: Floats
    quantiles: Floats
    error_sd: float
    reason: Reason


def new_rows(rows: Rows, frame: DemandFrame, demand: CleanedDemand, last_on: date) -> dict[int, date]:
    """The rows of SKUs that are new (H22), with the day of their launch, which may lie ahead."""
    young = np.isnan(frame.first_day) | (last_on.toordinal() - frame.first_day < 7 * LAUNCH_WEEKS)
    candidates = np.flatnonzero(young)
    if not len(candidates):
        return {}
    begins = data_begin() or last_on
    attributes = attributes_of(np.unique(rows.sku_ids[candidates]))
    named = named_new_skus(rows.sku_ids[candidates], last_on)
    found = {}
    for row in candidates.tolist():
        launch = launch_of(attributes.launched_on.get(int(rows.sku_ids[row])), float(frame.first_day[row]), begins)
        if launch is None and np.isnan(frame.first_day[row]) and int(rows.sku_ids[row]) in named:
            # Somebody has said what it will sell like and nobody when: it may at any day.
            launch = last_on + timedelta(days=1)
        weeks = max((last_on - launch).days + 1, 0) / 7 if launch else np.inf
        if launch and is_new(weeks, float(np.nansum(demand.demand[row]))):
            found[row] = launch
    return found


def launch_forecasts(
    rows: Rows, launches: dict[int, date], demand: CleanedDemand, last_on: date, horizon: int, levels: tuple[float, ...]
) -> dict[int, LaunchForecast]:
    """Forecasts of the new rows whose like SKU somebody has named, and of those that have enough launches like theirs to go by."""
    if not launches:
        return {}
    at = np.array(sorted(launches), np.int64)
    new = Rows(rows.sku_ids[at], rows.pool_ids[at])
    attributes = attributes_of(new.skus)
    begins = data_begin() or last_on
    out = _by_hand(new, at, launches, demand, last_on, begins, horizon, levels)
    library = library_for(attributes, new.skus, last_on, begins)
    if len(library.rows) < FEWEST_ANALOGUES:
        return out
    known = attributes_of(library.rows.skus)
    weights = analogue_weights(attribute_distances(attributes.of(new), known.of(library.rows), WEIGHTS))
    curves = expected_curve(launch_curves(library.weekly), weights)
    means, variances = analogue_moments(library.weekly.mean(axis=1), weights)
    variances = np.maximum(variances, (LEAST_CV * means) ** 2)
    for position, row in enumerate(at.tolist()):
        if row not in out and (weights[position] > 0).sum() >= FEWEST_ANALOGUES and means[position] > 0:
            own = _Own.of(demand, row, launches[row], last_on)
            reason = _reason(library, weights[position], known, own, launches[row])
            out[row] = _forecast(own, curves[position], _prior(means[position], variances[position]), horizon, levels, reason)
    return out


def _prior(mean: float, variance: float) -> tuple[float, float]:
    return float(prior_shape(mean, variance)), float(prior_rate(mean, variance))


def _by_hand(
    new: Rows, at: NDArray[np.int64], launches: dict[int, date], demand: CleanedDemand, last_on: date, begins: date, horizon: int,
    levels: tuple[float, ...],
) -> dict[int, LaunchForecast]:  # fmt: skip
    """Forecasts by the SKU that a person has named: its weeks times the scale, and as its own launch sells, more and more that (F7)."""
    found = named_launches(new, last_on, begins)
    out = {}
    for position, launch in found.items():
        row, mean = int(at[position]), launch.analogue.scale * float(launch.weekly.mean())
        own = _Own.of(demand, row, launches[row], last_on)
        curve = launch_curves(launch.weekly[None])[0]
        share = float(first_week_shares(launch.weekly[None])[0])
        values = {"scale": launch.analogue.scale, "plateau_week": float(expected_plateau(own.first_week(), share))}
        values["named_plateau_week"] = launch.analogue.scale * float(launch.weekly[-PLATEAU_WEEKS:].mean())
        reason = Reason(
            ReasonKind.ANALOGUES, MODEL, NAMED_LABEL, first_on=launches[row], last_on=launch.analogue.ends_on, origin="stated", samples=1,
            why=f"{launch.analogue.like_sku.code}: {launch.analogue.reason}", made_by=launch.analogue.made_by,
            values={name: round(value, 4) for name, value in values.items() if np.isfinite(value)},
        )  # fmt: skip
        out[row] = _forecast(own, curve, _prior(mean, (LEAST_CV * mean) ** 2), horizon, levels, reason)
    return out


@dataclass(frozen=True, slots=True)
class _Own:
    """What a new SKU has sold: `sold` and `counts` (t,) from the launch on, and the days from the launch to the first day ahead."""

    sold: Floats
    counts: NDArray[np.bool_]
    days_out: int

    @classmethod
    def of(cls, demand: CleanedDemand, row: int, launch: date, last_on: date) -> _Own:
        days = max((last_on - launch).days + 1, 0)
        taken = min(days, demand.demand.shape[1])
        sold = demand.demand[row, demand.demand.shape[1] - taken :] if taken else np.zeros(0)
        counts = demand.observed[row, demand.observed.shape[1] - taken :] if taken else np.zeros(0, np.bool_)
        return cls(np.nan_to_num(sold), counts, (last_on + timedelta(days=1) - launch).days)

    def first_week(self) -> float:
        """Units of the first week; NaN while it is not over, or where days of it were out of stock."""
        whole = len(self.sold) >= 7 and bool(self.counts[:7].all())
        return float(self.sold[:7].sum()) if whole else float("nan")


def _forecast(
    own: _Own, curve: Floats, prior: tuple[float, float], horizon: int, levels: tuple[float, ...], reason: Reason
) -> LaunchForecast:
    """A day is a seventh of its week's exposure; after twelve weeks the curve stays at its plateau, before the launch nothing sells."""
    plateau = curve[-PLATEAU_WEEKS:].mean()
    exposure = float((_daily(curve, plateau, np.arange(len(own.sold))) * own.counts).sum())
    units = float(own.sold[own.counts].sum())
    each = _daily(curve, plateau, own.days_out + np.arange(horizon))
    distinct, day = np.unique(each, return_inverse=True)
    known = (*prior, units, exposure)
    quantiles = np.stack([new_sku_demand_quantile(*_each(known, distinct), distinct, level) for level in levels])
    variance = float(np.max(new_sku_demand_variance(*_each(known, each), each)[:7]))
    return LaunchForecast(
        mean=new_sku_demand(*_each(known, each), each),
        quantiles=np.nan_to_num(quantiles)[:, day],
        error_sd=float(np.sqrt(variance)),
        reason=reason,
    )


def band_levels(weights: Floats) -> tuple[float, float]:
    """The levels between which the share of the next launch lies as often as the band says, from the weights (m,) of launches like it.

    A little wider than the band of those launches themselves, since the next one is one more of their kind (split conformal prediction:
    Vovk, Gammerman & Shafer 2005); launches that weigh differently count as so many that weigh alike.
    """
    count = float(weights.sum() ** 2 / (weights**2).sum())
    above = min((1.0 - BAND_OUTSIDE) * (count + 1.0) / count, 1.0)
    return 1.0 - above, above


def _each(known: tuple[float, float, float, float], days: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Shape, rate, units and exposure for each of the days."""
    shape, rate, units, exposure = (np.full(len(days), number) for number in known)
    return shape, rate, units, exposure


def _daily(curve: Floats, plateau: float, days: NDArray[np.int64]) -> Floats:
    """The exposure of days counted from the launch."""
    weeks = days // 7
    of_week = np.where(weeks < LAUNCH_WEEKS, curve[np.clip(weeks, 0, LAUNCH_WEEKS - 1)], plateau)
    return np.where(days < 0, 0.0, of_week / 7.0)


def _reason(library: Library, weights: Floats, known: Attributes, own: _Own, launch: date) -> Reason:
    shares = first_week_shares(library.weekly)
    below, above = band_levels(weights)
    low, middle, high = (weighted_quantile(shares, weights, p) for p in (below, 0.5, above))
    first = own.first_week()
    values = {"analogues": float((weights > 0).sum()), "first_week": first}
    for name, share in (("plateau_week", middle), ("plateau_week_high", low), ("plateau_week_low", high)):
        values[name] = float(expected_plateau(first, share))
    heaviest = np.argsort(-weights, kind="stable")[: int((weights > 0).sum())]
    named = list(dict.fromkeys(known.skus[int(library.rows.sku_ids[at])] for at in heaviest))
    return Reason(
        ReasonKind.ANALOGUES, MODEL, LABEL, first_on=launch, origin="learned", samples=int((weights > 0).sum()),
        why=", ".join(named), values={name: round(value, 4) for name, value in values.items() if np.isfinite(value)},
    )  # fmt: skip
