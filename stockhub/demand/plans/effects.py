"""What plans do to the days ahead: a factor or a lock for each day of each row, and the reasons.

Of events that touch the same day the one that moves demand most counts, because they are mostly the same event by two names. Signals and
adjustments multiply. A lock takes the place of everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import isnan
from typing import Any, Final

import numpy as np
from django.db.models import Q
from numpy.typing import NDArray

from stockhub.demand.models import ForecastAdjustment, MarketSignal, PlanKind
from stockhub.demand.plans.events import CALENDAR, Event
from stockhub.demand.plans.lifts import KnownLifts, own_lifts
from stockhub.demand.plans.reasons import Reason, ReasonKind, Told
from stockhub.demand.plans.targets import TargetRows, columns_of
from stockhub.formulas.demand.promotions import DIP_DAYS
from stockhub.values import Label

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: With less than this left of its demand a row is closed.
_CLOSED: Final = 1e-3
#: Factors this close to 1 are no reason.
_NOTHING: Final = 1e-6
SIGNAL_LABEL: Final = Label("Market signal", "市场信号")
ADJUSTMENT_LABEL: Final = Label("Adjustment by hand", "人工调整")
LOCK_LABEL: Final = Label("Locked by hand", "人工锁定")


@dataclass(slots=True)
class Effects:
    """On n rows and h days: `factors` (n, h), `locked` (n, h) units a day or NaN, `closed` (n, h), and the reasons of each row."""

    factors: Floats
    locked: Floats
    closed: Bools
    reasons: dict[int, list[Told]] = field(default_factory=dict)

    @classmethod
    def none(cls, rows: int, days: int) -> Effects:
        return cls(np.ones((rows, days)), np.full((rows, days), np.nan), np.zeros((rows, days), np.bool_))

    def because(self, rows: NDArray[np.intp], reason: Reason, factors: Floats | None = None) -> None:
        """Tells the rows (m,) of a reason, and of their factors (m,), where it has any and they are known."""
        shared = Told(reason)
        if factors is None:
            for row in rows.tolist():
                self.reasons.setdefault(row, []).append(shared)
            return
        for row, factor in zip(rows.tolist(), factors.tolist(), strict=True):
            self.reasons.setdefault(row, []).append(Told(reason, factor))


@dataclass(frozen=True, slots=True)
class _Span:
    """A window of days ahead in columns, and its dates."""

    columns: slice
    first_on: date
    last_on: date

    @property
    def is_empty(self) -> bool:
        return int(self.columns.start) >= int(self.columns.stop)


def effects_of(targets: TargetRows, events: Sequence[Event], known: KnownLifts, first_on: date, base: NDArray[np.float32]) -> Effects:
    """Everything that is planned or said of the days from `first_on` on, of which models alone expect `base` (n, h)."""
    horizon = base.shape[1]
    effects = Effects.none(len(targets.rows), horizon)
    _add_events(effects, targets, events, known, first_on, base)
    last_on = first_on + timedelta(days=horizon - 1)
    ahead = {"deleted_at": None, "starts_on__lte": last_on, "ends_on__gte": first_on}
    if not len(targets.rows):
        return effects
    # Signals are seen of thousands of SKUs; those of other parts of the catalogue are none of this chunk's business.
    here = Q(sku=None) | Q(sku_id__gte=int(targets.rows.skus[0]), sku_id__lte=int(targets.rows.skus[-1]))
    for signal in MarketSignal.objects.filter(here, expired_on=None, **ahead).order_by("id"):
        _add_signal(effects, targets, signal, first_on)
    for adjustment in ForecastAdjustment.objects.filter(here, **ahead).order_by("id"):
        _add_adjustment(effects, targets, adjustment, first_on)
    return effects


def _span(effects: Effects, starts_on: date, ends_on: date, first_on: date) -> _Span:
    days = effects.factors.shape[1]
    return _Span(columns_of(starts_on, ends_on, first_on, days), starts_on, ends_on)


def _add_events(
    effects: Effects, targets: TargetRows, events: Sequence[Event], known: KnownLifts, first_on: date, base: NDArray[np.float32]
) -> None:
    reach = timedelta(days=DIP_DAYS)
    coming = [event for event in events if event.last_on + reach >= first_on]
    strongest = np.ones_like(effects.factors)
    for event, lifts in zip(coming, own_lifts(targets.rows, coming, known), strict=True):
        its, share = known.of(event), targets.share_of(event)
        during = _span(effects, event.first_on, event.last_on, first_on)
        if event.expected_units is not None:
            lifts = _lift_of_units(effects, event, event.expected_units, share, during, base)  # noqa: PLW2901 - what a person says goes first
        factor = np.where(share > 0, 1.0 + share * (np.maximum(lifts, 0.0) - 1.0), np.nan)
        _strengthen(strongest, factor, during)
        if event.kind == PlanKind.CLOSURE:
            effects.closed[np.flatnonzero(factor <= _CLOSED), during.columns] = True
        stated = its.stated or event.expected_units is not None
        _tell_event(effects, event, factor, share, during, "stated" if stated else "learned", its.sku_events)
        if not isnan(its.dip):
            dip = np.where(factor > 1.0, 1.0 + share * (its.dip - 1.0), np.nan)
            after = _span(effects, event.last_on + timedelta(days=1), event.last_on + reach, first_on)
            _strengthen(strongest, dip, after)
            _tell_dip(effects, event, dip, after, its.sku_events)
    effects.factors *= strongest


def _lift_of_units(effects: Effects, event: Event, units: float, share: Floats, span: _Span, base: NDArray[np.float32]) -> Floats:
    """What makes `units` of the ordinary demand of all rows that an event touches, over its days; in part where some are not ahead.

    Where nothing ordinary is expected there is nothing to lift: the units are spread evenly, in place of the forecast.
    """
    lifts, touched = np.full(len(share), np.nan), np.flatnonzero(share > 0)
    days = int(span.columns.stop) - int(span.columns.start)
    if not touched.size or days <= 0:
        return lifts
    left = units * days / ((event.last_on - event.first_on).days + 1)
    ordinary = float((np.nan_to_num(base[touched, span.columns]).sum(axis=1, dtype=np.float64) * share[touched]).sum())
    if ordinary > 0:
        lifts[touched] = left / ordinary
    else:
        effects.locked[touched, span.columns] = left / (days * touched.size)
        lifts[touched] = 1.0
    return lifts


def _strengthen(strongest: Floats, factor: Floats, span: _Span) -> None:
    """Puts a factor (n,) where it moves demand further than what is there; a closure furthest of all."""
    if span.is_empty:
        return
    there = strongest[:, span.columns]
    with np.errstate(divide="ignore"):
        further = np.abs(np.log(factor))[:, None] > np.abs(np.log(there))
    strongest[:, span.columns] = np.where(further, factor[:, None], there)


def _tell_event(effects: Effects, event: Event, factor: Floats, share: Floats, span: _Span, origin: str, samples: int) -> None:
    if span.is_empty:
        return
    units = event.expected_units
    reason = Reason(
        ReasonKind.EVENT, event.event_type, event.label, span.first_on, span.last_on, origin=origin, samples=samples, why=event.reason,
        made_by=event.made_by, values=None if units is None else {"units": units},
    )  # fmt: skip
    known = (share > 0) & ~np.isnan(factor)
    moved = np.flatnonzero(known & ((np.abs(factor - 1.0) > _NOTHING) | (units is not None)))
    effects.because(moved, reason, factor[moved])
    # Of a plan a person wants to hear that nobody knows what it lifts; of every holiday he does not.
    if event.kind != CALENDAR or units is not None:
        effects.because(np.flatnonzero((share > 0) & ~known), replace(reason, origin="unknown"))


def _tell_dip(effects: Effects, event: Event, factor: Floats, span: _Span, samples: int) -> None:
    if span.is_empty:
        return
    reason = Reason(ReasonKind.AFTER_EVENT, event.event_type, event.label, span.first_on, span.last_on, origin="learned", samples=samples)
    moved = np.flatnonzero(np.abs(factor - 1.0) > _NOTHING)
    effects.because(moved, reason, factor[moved])


def _add_signal(effects: Effects, targets: TargetRows, signal: MarketSignal, first_on: date) -> None:
    span = _span(effects, signal.starts_on, signal.ends_on, first_on)
    values = {name: value for name, value in (("before", signal.value_before), ("after", signal.value_after)) if value is not None}
    label = Label(f"{SIGNAL_LABEL.en}: {signal.kind.replace('_', ' ')}", SIGNAL_LABEL.zh)
    _multiply(effects, targets, signal, span, signal.factor, ReasonKind.SIGNAL, label, values)


def _add_adjustment(effects: Effects, targets: TargetRows, adjustment: ForecastAdjustment, first_on: date) -> None:
    span = _span(effects, adjustment.starts_on, adjustment.ends_on, first_on)
    if adjustment.factor is not None:
        _multiply(effects, targets, adjustment, span, adjustment.factor, ReasonKind.ADJUSTMENT, ADJUSTMENT_LABEL)
        return
    units = float(adjustment.locked_units or 0.0)
    rows = np.flatnonzero(targets.share_of(as_target(adjustment)) > 0)
    effects.locked[rows, span.columns] = units
    effects.because(rows, _reason(adjustment, ReasonKind.LOCK, LOCK_LABEL, span, {"units_a_day": units}))


def _multiply(
    effects: Effects,
    targets: TargetRows,
    plan: MarketSignal | ForecastAdjustment,
    span: _Span,
    factor: float,
    kind: ReasonKind,
    label: Label,
    values: dict[str, float] | None = None,
) -> None:
    share = targets.share_of(as_target(plan))
    of_rows = 1.0 + share * (factor - 1.0)
    effects.factors[:, span.columns] *= of_rows[:, None]
    rows = np.flatnonzero(share > 0)
    effects.because(rows, _reason(plan, kind, label, span, values), of_rows[rows])


def _reason(plan: Any, kind: ReasonKind, label: Label, span: _Span, values: dict[str, float] | None) -> Reason:  # noqa: ANN401 - a dated plan
    return Reason(
        kind, plan.code, label, span.first_on, span.last_on, origin="stated", why=plan.reason, made_by=plan.made_by, values=values
    )


def as_target(plan: Any) -> Event:  # noqa: ANN401 - a dated plan
    """A dated plan as what a target asks for."""
    accounts = None if plan.account_id is None else frozenset({plan.account_id})
    label = Label(plan.code, plan.code)
    return Event(plan.code, "plan", plan.code, label, plan.starts_on, plan.ends_on, accounts, plan.pool_id, plan.category_id, plan.sku_id)
