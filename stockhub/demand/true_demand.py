"""True demand of a chunk: what its forecasters learn from, and what makes of their baseline a forecast that decisions read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.basis import write_bases
from stockhub.demand.cleaning.bad_numbers import FUTURE_SALES, rows_with_future_sales
from stockhub.demand.cleaning.cleaned import CleanedDemand, cleaned
from stockhub.demand.cleaning.day_marks import DayMarks
from stockhub.demand.forecasting import ChainResult, panel_of, series_ids
from stockhub.demand.frames import DemandFrame, Rows, demand_of, in_stock_of
from stockhub.demand.launches.forecasts import MODEL, launch_forecasts, new_rows
from stockhub.demand.lead_times import LeadTimes, follow, replace_by_textbook
from stockhub.demand.models import ForecastSettings
from stockhub.demand.plans.adjusting import adjust
from stockhub.demand.plans.day_marks import day_marks
from stockhub.demand.plans.effects import Effects, effects_of
from stockhub.demand.plans.events import CALENDAR, Event, events_between
from stockhub.demand.plans.lifts import KnownLifts, Lesson, learn
from stockhub.demand.plans.observed_prices import observed_prices
from stockhub.demand.plans.reasons import Reason, ReasonKind, Told
from stockhub.demand.plans.silences import silences
from stockhub.demand.plans.stand_ins import STAND_IN, stand_in_events
from stockhub.demand.plans.targets import TargetRows, columns_of
from stockhub.formulas.demand.censoring import LEAST_IN_STOCK_SHARE
from stockhub.formulas.demand.promotions import DIP_DAYS, REGULAR, promotion_tags
from stockhub.pluginapi import Panel
from stockhub.values import Label

_PROBLEM_LABEL = Label("Figures left out", "已剔除的异常数据")
#: Days after an event on which its dip may last.
_DIP = timedelta(days=DIP_DAYS)


@dataclass(slots=True)
class TrueDemand:
    """What `prepared` knows of the rows of a chunk; `settle` makes the forecasts final, `keep` writes how they came about."""

    rows: Rows
    frame: DemandFrame
    in_stock: NDArray[np.float32]
    last_on: date
    horizon: int
    quantile_levels: tuple[float, ...]
    events: list[Event]
    known: KnownLifts
    targets: TargetRows
    demand: CleanedDemand
    #: What went wrong with demand calendars.
    problems: list[str]
    #: The number of the event that touches a day (n, t), before a row that is always on promotion was looked for.
    event_tags: NDArray[np.int64]
    cut_outliers: bool
    #: Below this share of a day in stock it is not observed.
    least_share: float
    infers_stockouts: bool
    #: Codes of the categories whose SKUs lean on what their category did last year: empty for all of them, None for none.
    season_categories: Collection[str] | None
    marks: DayMarks | None
    # What `settle` finds: a calibration and a backtest, which learn from the rows alone, do without.
    effects: Effects = field(init=False)
    launches: dict[int, date] = field(init=False)
    base: NDArray[np.float32] = field(init=False)

    @property
    def believed_in_stock(self) -> NDArray[np.float32]:
        """Per cent of each day in stock (n, t), 0 on days that are left out as probable stock-outs; NaN where nobody knows."""
        if not self.infers_stockouts:
            return self.in_stock
        return np.where(self.demand.probably_out, np.float32(0.0), self.in_stock)

    def panel(self) -> Panel:
        """What forecasters get: the baseline, categories, and what is known ahead of closures and promotions, where there is any."""
        open_days, drivers = self._known_ahead()
        wanted = self.season_categories
        return panel_of(
            series_ids(self.rows.sku_ids, self.rows.pool_ids), self.demand.baseline, self.demand.observed, self.frame.first_on,
            open_days=open_days, drivers=drivers, categories=None if wanted is None else self.targets.category_paths(wanted),
        )  # fmt: skip

    def known_after(self, days: int) -> Panel:
        """What cleaning makes of the first `days` days without having seen a later one: bounds of outliers are those of then."""
        seen = slice(0, days)
        demand = cleaned(
            self.frame.values[:, seen], self.in_stock[:, seen], self.event_tags[:, seen], cut_outliers=self.cut_outliers,
            least_share=self.least_share, infers_stockouts=self.infers_stockouts,
            marks=None if self.marks is None else self.marks.first(days),
        )  # fmt: skip
        return panel_of(series_ids(self.rows.sku_ids, self.rows.pool_ids), demand.baseline, demand.observed, self.frame.first_on)

    def settle(self, result: ChainResult, lead_times: LeadTimes) -> None:
        """New SKUs by their analogues; then everything that is planned and said. What is summed over lead times follows."""
        self.launches = new_rows(self.rows, self.frame, self.demand, self.last_on)
        launched = launch_forecasts(self.rows, self.launches, self.demand, self.last_on, self.horizon, self.quantile_levels)
        for row, forecast in launched.items():
            result.mean[row], result.quantiles[row] = forecast.mean, forecast.quantiles
            result.error_sd[row] = forecast.error_sd
            result.model_used[row] = MODEL
            result.fallback_reason[row] = ""
        replace_by_textbook(lead_times, np.array(sorted(launched), np.int64), result, MODEL)
        self.base = result.mean.copy()
        self.effects = self._effects()
        for row, forecast in launched.items():
            self.effects.reasons.setdefault(row, []).insert(0, Told(forecast.reason))
        adjust(result, self.effects, self.quantile_levels)
        follow(lead_times, self.base, result)

    def learned(self) -> list[Lesson]:
        """What events that are over taught of the rows, to be saved."""
        return learn(self.targets, self.demand, self.events, self.frame.first_on, self.last_on)

    def keep(self) -> int:
        """Writes the bases of the forecasts that have one; returns how many. Called after the forecasts are written."""
        return write_bases(self.rows, self.base, self.effects.reasons, self.demand, set(self.launches), self.last_on)

    def _effects(self) -> Effects:
        """What is planned and said of the days ahead, and what was wrong with the figures, as reasons."""
        effects = effects_of(self.targets, self.events, self.known, self.last_on + timedelta(days=1), self.base)
        for row, codes in sorted(self.demand.problems.items()):
            for code in codes:
                effects.because(np.array([row]), Reason(ReasonKind.DATA, code, _PROBLEM_LABEL))
        for row, reason in silences(self.demand.probably_out, self.frame.first_on, left_out=self.infers_stockouts):
            effects.because(np.array([row]), reason)
        for reason, rows in () if self.marks is None else self.marks.reasons:
            effects.because(rows, reason)
        return effects

    def _known_ahead(self) -> tuple[NDArray[np.bool_] | None, dict[str, NDArray[np.float32]]]:
        """Open days and the drivers `promo` and `price` (n, t + h), None and nothing where no plan touches them and no price changed.

        `promo` is the share of a row's demand that a planned promotion or price change touches. Its days are not observed, so that no
        model learns from them what is learned apart and counted once.
        """
        days = self.demand.demand.shape[1] + self.horizon
        open_days, promo = np.ones((len(self.rows), days), np.bool_), np.zeros((len(self.rows), days), np.float32)
        closures = promotions = False
        for event in self.events:
            if event.kind in {CALENDAR, STAND_IN}:
                continue
            share = self.targets.share_of(event)
            columns = columns_of(event.first_on, event.last_on, self.frame.first_on, days)
            if event.kind == "closure":
                open_days[np.flatnonzero(share >= 1.0), columns] = False
                closures = True
            else:
                promo[:, columns] = np.maximum(promo[:, columns], share[:, None])
                promotions = True
        promo[self.demand.always_on_promotion] = 0.0
        if self.marks is not None:
            # A day that counts as it is has no promotion that models could learn from it and plans count once more.
            promo[:, : self.demand.demand.shape[1]][self.marks.kept] = 0.0
        drivers = {"promo": promo} if promotions else {}
        price = observed_prices(self.rows, first_on=self.frame.first_on, days=self.demand.demand.shape[1], ahead=self.horizon)
        return open_days if closures else None, drivers if price is None else drivers | {"price": price}


def true_demand_of(rows: Rows, wanted: ForecastSettings, *, last_on: date, days: int | None = None) -> TrueDemand:
    """What a run of these settings sees of the rows: the same for its calibration's sample and for each of its chunks.

    Over the settings' days of history, or `days`.
    """
    days = days or wanted.history_days
    frame = demand_of(rows, last_on=last_on, days=days)
    in_stock = in_stock_of(rows, first_on=frame.first_on, days=days)
    return prepared(
        rows, frame, in_stock, last_on=last_on, horizon=wanted.horizon_days, quantile_levels=tuple(wanted.quantile_levels),
        cut_outliers=wanted.cut_outliers, least_share=wanted.least_in_stock_percent / 100.0, infers_stockouts=wanted.infers_stockouts,
        season_categories=wanted.season_categories if wanted.seasons_by_category else None,
    )  # fmt: skip


def prepared(
    rows: Rows, frame: DemandFrame, in_stock: NDArray[np.float32], *, last_on: date, horizon: int, quantile_levels: tuple[float, ...],
    cut_outliers: bool = True, least_share: float = LEAST_IN_STOCK_SHARE, infers_stockouts: bool = True,
    season_categories: Collection[str] | None = None,
) -> TrueDemand:  # fmt: skip
    """Cleans the demand of a chunk's rows, by the events that are known of."""
    days = frame.values.shape[1]
    events, problems = events_between(frame.first_on - _DIP, last_on + timedelta(days=horizon))
    events += stand_in_events(rows, first_on=frame.first_on, last_on=last_on)
    known, targets = KnownLifts(), TargetRows(rows, last_on)
    tags = _tags(events, known, targets, frame.first_on, days)
    marks = day_marks(targets, frame.first_on, days)
    demand = cleaned(
        frame.values, in_stock, tags, cut_outliers=cut_outliers, least_share=least_share, infers_stockouts=infers_stockouts, marks=marks
    )
    for row in rows_with_future_sales(rows, last_on).tolist():
        demand.problems[row] = (*demand.problems.get(row, ()), FUTURE_SALES)
    return TrueDemand(
        rows=rows,
        frame=frame,
        in_stock=in_stock,
        last_on=last_on,
        horizon=horizon,
        quantile_levels=quantile_levels,
        events=events,
        known=known,
        targets=targets,
        demand=demand,
        problems=problems,
        event_tags=tags,
        cut_outliers=cut_outliers,
        least_share=least_share,
        infers_stockouts=infers_stockouts,
        season_categories=season_categories,
        marks=marks,
    )


def _tags(events: list[Event], known: KnownLifts, targets: TargetRows, first_on: date, days: int) -> NDArray[np.int64]:
    """Which event touches each day (n, t), by its number."""
    row, first, last, number = [], [], [], []
    for position, event in enumerate(events):
        touched = np.flatnonzero(targets.share_of(event) > 0) if known.moves_demand(event) else np.zeros(0, np.int64)
        row.append(touched)
        first.append(np.full(len(touched), (event.first_on - first_on).days))
        last.append(np.full(len(touched), (event.last_on - first_on).days))
        number.append(np.full(len(touched), position))
    if not row:
        return np.full((len(targets.rows), days), REGULAR)
    parts = [np.concatenate(part).astype(np.int64) for part in (row, first, last, number)]
    return promotion_tags(parts[0], parts[1], parts[2], parts[3], (len(targets.rows), days))
