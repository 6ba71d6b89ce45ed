"""Why a key figure of a place changed between two days: categories, SKUs, the alerts about them, and what those have in common (H84).

Every cause has a contribution in the figure's own unit. Those of the categories (in their pools) add up to the change exactly; SKUs are
told of the categories that contribute most, and of a large category those that are largest themselves. An alert or an incident has what
the SKUs that it was about contribute, so that one SKU may stand under several kinds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import numpy as np
from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language

from stockhub.alerts.incidents.models import Incident
from stockhub.alerts.incidents.selectors import incidents_visible_to
from stockhub.alerts.incidents.wording import cause_text
from stockhub.alerts.models import Side
from stockhub.alerts.selectors import alerts_visible_to, kind_info
from stockhub.catalog.models import Category, Sku
from stockhub.core import clock
from stockhub.demand.frames import POOL_BITS, Rows
from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.health.kpi_change import Sums, contributions, contributions_within, figure_of
from stockhub.formulas.health.score import (
    EXCESS_WEIGHT,
    IN_STOCK_WEIGHT,
    SELL_THROUGH_WEIGHT,
    STRANDED_WEIGHT,
    excess_part,
    sell_through_part,
    stranded_part,
)
from stockhub.overview.kpis import KPIS, UNITS, Groups, KpiGrouping
from stockhub.overview.places import Named, Viewer, places_of
from stockhub.review.kpi_changes.skus import TOLD_BY_SKU, figures_on, quarters_of, rows_in
from stockhub.review.kpi_changes.sums import (
    DAILY,
    QUARTERLY,
    SCORE,
    UNCOMPARED,
    Cell,
    Quarters,
    as_figures,
    cells_on,
    days_to_compare,
    quarters,
)
from stockhub.values import Label

#: So many of each kind of cause are told, those that contribute most first.
MOST: Final = 20
#: Of so many categories the SKUs are looked at.
_LOOKED_INTO: Final = 3
#: Alerts of so many SKUs are looked up.
_WITH_ALERTS: Final = 500
#: Permission to be told of alerts and incidents.
ALERTS_PERMISSION: Final = "alerts.view_alert"
#: Alerts about too much explain no fill rate.
_SHORTAGE_FIGURES: Final = frozenset({"fill_rate", "in_stock_rate"})
NO_EARLIER: Final = "NO_EARLIER_FIGURES"


class CauseKind(StrEnum):
    CATEGORY = "category"
    SKU = "sku"
    ALERT = "alert"
    INCIDENT = "incident"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause. `code` is a category's, a SKU's, an alert's kind, an incident's key or another key figure; `pool` a pool's code or empty.

    `contribution` is in the figure's unit, shares as parts of 1; `share` is its part of the whole change, None where nothing changed.
    """

    kind: CauseKind
    code: str
    name: str
    pool: str
    contribution: float
    share: float | None


@dataclass(frozen=True, slots=True)
class KpiChange:
    """A figure of a place on two days. `reason` says why nothing is told; `untold` is the part of the change that no SKU is named for."""

    kpi: str
    code: str
    name: str
    unit: str
    since: date | None = None
    until: date | None = None
    before: float | None = None
    after: float | None = None
    untold: float | None = None
    causes: Sequence[Cause] = ()
    reason: str = ""

    @property
    def change(self) -> float | None:
        return None if self.before is None or self.after is None else self.after - self.before

    def of(self, kind: CauseKind) -> list[Cause]:
        """The causes of one kind, the largest first."""
        return [cause for cause in self.causes if cause.kind is kind]


@dataclass(frozen=True, slots=True)
class _Member:
    """A row's contribution, by the ids of its SKU and pool."""

    sku_id: int
    pool_id: int
    contribution: float


@dataclass(slots=True)
class Comparison:
    """Two days of the places that a viewer sees. Figures are read once, whatever is asked."""

    by: KpiGrouping
    viewer: Viewer
    days: int = 30
    _groups: Groups = field(init=False)
    _pools: Mapping[int, Named] = field(init=False)
    _between: tuple[date, date] | None = field(init=False)
    _before: Mapping[Cell, FloatArray] = field(init=False, default_factory=dict)
    _after: Mapping[Cell, FloatArray] = field(init=False, default_factory=dict)
    _quarters: Quarters | None = field(init=False)
    _categories: Mapping[int, tuple[str, str]] = field(init=False)
    _rows: dict[Cell, list[Rows]] = field(init=False, default_factory=dict)
    _figures: dict[tuple[int, date], Mapping[str, FloatArray]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        places = places_of(self.viewer, clock.business_day(clock.now(), settings.STOCKHUB_TIME_ZONE))
        self._groups, self._pools = Groups(self.by, places), places.pools
        self._between, self._quarters = None, quarters(places.pools.keys())
        since, until = days_to_compare(self.days) or (None, None)
        if until is not None:
            self._after = cells_on(until, places.pools.keys())
        if since is not None and until is not None:
            self._between, self._before = (since, until), cells_on(since, places.pools.keys())
        self._categories = {each.pk: (each.code, each.name) for each in Category.objects.only("code", "name")}

    def places(self) -> list[tuple[str, str]]:
        """Every place that has figures on either day, or turnover by month."""
        months = self._quarters.cells if self._quarters is not None else ()
        return sorted({place for cell in {*self._before, *self._after, *months} for place in self._places(cell)})

    def change(self, kpi: str, code: str, *, with_skus: bool = True) -> KpiChange | None:
        """Of one figure of one place; None where the viewer sees no such place. KeyError for a figure that there is not.

        Without SKUs, and so without alerts, it costs next to nothing.
        """
        # A pool that the viewer sees is there, also before its first figures.
        places: list[tuple[str, str]] = [*self.places(), *(self._groups.pools.values() if self.by is KpiGrouping.POOL else ())]
        place = next((each for each in places if each[0] == code), None)
        unit = settings.STOCKHUB_BASE_CURRENCY if UNITS[kpi] == "base currency" else UNITS[kpi]
        if place is None:
            return None
        if kpi == SCORE:
            return self._of_score(place, unit)
        found = self._sums(kpi, place)
        if found is None:
            return KpiChange(kpi, *place, unit, reason="NO_STOCK_HISTORY" if kpi in (QUARTERLY, UNCOMPARED) else NO_EARLIER)
        cells, before, after, since, until = found
        then, now = figure_of(before), figure_of(after)
        whole = now - then
        each = contributions(before, after)
        told = KpiChange(kpi, *place, unit, since, until, _number(then), _number(now))
        if not np.isfinite(whole):
            return replace(told, reason="NO_DATA")
        causes = self._as_cells(cells, each, whole)
        members = list(self._members(kpi, cells, each, (before, after), (since, until))) if with_skus else []
        listed = _largest(members)
        causes += self._as_skus(listed, whole)
        causes += self._as_alerts(kpi, members, whole, (since, until))
        untold = whole - sum(member.contribution for member in listed) if members else None
        return replace(told, untold=untold, causes=tuple(causes))

    def _places(self, cell: Cell) -> Sequence[tuple[str, str]]:
        return self._groups.of(cell[0], cell[1] or None)

    def _cells_of(self, place: tuple[str, str], known: Collection[Cell]) -> list[Cell]:
        return sorted(cell for cell in known if place in self._places(cell))

    def _sums(self, kpi: str, place: tuple[str, str]) -> tuple[list[Cell], Sums, Sums, date, date] | None:
        """The categories of a place, what the figure is made of on both days, and these."""
        if kpi == UNCOMPARED:
            return None
        if kpi == QUARTERLY:
            its = self._quarters
            cells = self._cells_of(place, its.cells) if its else []
            if its is None or not cells:
                return None
            before, after = its.sums(cells)
            starts = its.months.starts
            # The last days of both quarters.
            return cells, before, after, starts[-4] - timedelta(days=1), starts[-1] - timedelta(days=1)
        if self._between is None:
            return None
        cells = self._cells_of(place, {*self._before, *self._after})
        before, after = (DAILY[kpi].sums(as_figures(each, cells)) for each in (self._before, self._after))
        return cells, before, after, *self._between

    def _of_score(self, place: tuple[str, str], unit: str) -> KpiChange:
        """The score is a weighted sum of four parts, so each part's own change is its contribution."""
        if self._between is None:
            return KpiChange(SCORE, *place, unit, reason=NO_EARLIER)
        cells = self._cells_of(place, {*self._before, *self._after})
        then, now = (
            {name: figure_of(DAILY[name].sums(as_figures(each, cells))) for name in _PARTS} for each in (self._before, self._after)
        )
        points = [{name: 100.0 * weight * part(x[name]) for name, (weight, part) in _PARTS.items()} for x in (then, now)]
        before, after = (sum(each.values()) for each in points)
        told = KpiChange(SCORE, *place, unit, *self._between, _number(before), _number(after))
        if not np.isfinite(after - before):
            return replace(told, reason="NO_DATA")
        moved = {name: points[1][name] - points[0][name] for name in _PARTS}
        causes = [
            Cause(CauseKind.PART, name, _text(KPIS[name]), "", by, _share(by, after - before))
            for name, by in sorted(moved.items(), key=lambda each: -abs(each[1]))
        ]
        return replace(told, causes=tuple(causes))

    def _as_cells(self, cells: Sequence[Cell], each: FloatArray, whole: float) -> list[Cause]:
        causes = []
        for at in np.argsort(-np.abs(each), kind="stable")[:MOST].tolist():
            pool, category = cells[at]
            named = self._categories.get(category, ("", ""))
            if each[at]:
                causes.append(Cause(CauseKind.CATEGORY, *named, self._pools[pool].code, float(each[at]), _share(each[at], whole)))
        return causes

    def _members(
        self, kpi: str, cells: Sequence[Cell], each: FloatArray, whole: tuple[Sums, Sums], days: tuple[date, date]
    ) -> Iterator[_Member]:
        """The SKUs of the categories that contribute most."""
        if kpi != QUARTERLY and kpi not in TOLD_BY_SKU:
            return
        known = self._quarters.known(cells) if self._quarters and kpi == QUARTERLY else None
        for at in np.argsort(-np.abs(each), kind="stable")[:_LOOKED_INTO].tolist():
            for rows in self._rows_in(cells[at]) if each[at] else ():
                if known is not None and self._quarters is not None:
                    before, after = quarters_of(rows, self._quarters.months, known, days[1])
                else:
                    before, after = (DAILY[kpi].sums(self._figures_on(rows, day)) for day in days)
                part = contributions_within(before, after, whole_before=whole[0], whole_after=whole[1])
                for row in np.flatnonzero(part).tolist():
                    yield _Member(int(rows.sku_ids[row]), int(rows.pool_ids[row]), float(part[row]))

    def _rows_in(self, cell: Cell) -> list[Rows]:
        """Read once, however many figures are asked for."""
        if cell not in self._rows:
            self._rows[cell] = list(rows_in(cell))
        return self._rows[cell]

    def _figures_on(self, rows: Rows, day: date) -> Mapping[str, FloatArray]:
        # The rows are kept by `_rows_in` for as long as this is, so their identity stays theirs.
        key = (id(rows), day)
        if key not in self._figures:
            self._figures[key] = figures_on(rows, day)
        return self._figures[key]

    def _as_skus(self, listed: Sequence[_Member], whole: float) -> list[Cause]:
        skus = {sku.pk: sku for sku in Sku.objects.filter(pk__in=[each.sku_id for each in listed]).only("code", "name")}
        return [
            Cause(CauseKind.SKU, skus[each.sku_id].code, skus[each.sku_id].name, self._pools[each.pool_id].code, each.contribution,
                  _share(each.contribution, whole))
            for each in listed
            if each.sku_id in skus
        ]  # fmt: skip

    def _as_alerts(self, kpi: str, members: Sequence[_Member], whole: float, days: tuple[date, date]) -> list[Cause]:
        """Kinds of alerts that were open about these SKUs between the days, and their incidents."""
        if not members or not self.viewer.has_perm(ALERTS_PERMISSION):
            return []
        looked_up = _largest(members, _WITH_ALERTS)
        weight = {(each.sku_id << POOL_BITS) | each.pool_id: each.contribution for each in looked_up}
        begins, ends = (clock.start_of_day(day, settings.STOCKHUB_TIME_ZONE) for day in (days[0], days[1] + timedelta(days=1)))
        its = alerts_visible_to(self.viewer).filter(
            Q(resolved_at=None) | Q(resolved_at__gte=begins), opened_at__lt=ends, sku_id__in={each.sku_id for each in looked_up}
        )
        if kpi in _SHORTAGE_FIGURES:
            its = its.exclude(side=Side.EXCESS)
        by_kind: dict[str, set[int]] = defaultdict(set)
        by_incident: dict[int, set[int]] = defaultdict(set)
        for sku_id, pool_id, kind, incident in its.values_list("sku_id", "pool_id", "kind", "incident_id"):
            row = ((sku_id or 0) << POOL_BITS) | (pool_id or 0)
            if row in weight:
                by_kind[kind].add(row)
                if incident is not None:
                    by_incident[incident].add(row)
        incidents = incidents_visible_to(self.viewer).in_bulk(list(by_incident))
        causes = [
            *(_of_rows(CauseKind.ALERT, kind, kind_info(kind).label, rows, weight, whole) for kind, rows in by_kind.items()),
            *(_of_incident(incident, by_incident[pk], weight, whole) for pk, incident in incidents.items()),
        ]
        return sorted(
            (cause for cause in causes if cause.contribution), key=lambda cause: (cause.kind.value, -abs(cause.contribution), cause.code)
        )


#: The weight of each part of the score, and what makes 0 to 1 of it.
_PARTS: Final[Mapping[str, tuple[float, Callable[[float], float]]]] = {
    "excess_share": (EXCESS_WEIGHT, excess_part),
    "sell_through": (SELL_THROUGH_WEIGHT, sell_through_part),
    "stranded_share": (STRANDED_WEIGHT, stranded_part),
    "in_stock_rate": (IN_STOCK_WEIGHT, lambda share: share),
}


def _of_incident(incident: Incident, rows: set[int], weight: Mapping[int, float], whole: float) -> Cause:
    return _of_rows(CauseKind.INCIDENT, incident.key, cause_text(incident), rows, weight, whole)


def _of_rows(kind: CauseKind, code: str, name: str, rows: set[int], weight: Mapping[int, float], whole: float) -> Cause:
    contribution = sum(weight[row] for row in sorted(rows))
    return Cause(kind, code, name, "", contribution, _share(contribution, whole))


def _largest(members: Sequence[_Member], most: int = MOST) -> list[_Member]:
    return sorted(members, key=lambda each: (-abs(each.contribution), each.sku_id, each.pool_id))[:most]


def _share(contribution: float, whole: float) -> float | None:
    return float(contribution) / whole if whole else None


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _text(label: Label) -> str:
    return label.text(get_language() or "en")
