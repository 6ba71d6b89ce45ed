"""What the catalogue says of SKUs that matters for their stages, and what is remembered of them, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

import numpy as np
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.catalog.models import Season, Sku, Stage
from stockhub.core.columns import DAY, FLAG, INT, code, read
from stockhub.core.ranges import id_filter
from stockhub.lifecycle.models import StageOverride, StageState
from stockhub.lifecycle.settling import Remembered
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.values.stages import STAGES

IntArray = NDArray[np.int64]
#: Stands for no stage, season or category where one is a number.
NONE: Final = 0


class StageIds:
    """Ids of the stages that are told by rules, and their positions in `STAGES`. Another stage is somebody's own and stays."""

    @cached_property
    def id_of(self) -> dict[str, int]:
        return dict(Stage.objects.filter(slug__in=STAGES).values_list("slug", "id"))

    def positions(self, ids: IntArray) -> FloatArray:
        """Positions (n,) of stages by id; NaN for none, and for one that is not among `STAGES`."""
        out = np.full(len(ids), np.nan)
        for position, slug in enumerate(STAGES):
            out[ids == self.id_of[slug]] = position
        return out

    def at(self, position: float) -> int | None:
        """The id of the stage at a position; None for NaN."""
        return None if np.isnan(position) else self.id_of[STAGES[int(position)]]


@dataclass(frozen=True, slots=True)
class SkuFacts:
    """Of n SKUs, ascending, (n,) each.

    `stage_id` is the catalogue's, 0 for none; `age_weeks` since the launch that it states, NaN without one; `category_id` 0 for none.
    `override_id` is the stage that somebody has set by hand, 0 without; `is_custom`: a stage of somebody's own, which no rule touches.
    """

    sku_ids: IntArray
    stage_id: IntArray
    category_id: IntArray
    age_weeks: FloatArray
    is_clearance: NDArray[np.bool_]
    is_off_season: NDArray[np.bool_]
    override_id: IntArray
    is_custom: NDArray[np.bool_]

    def rows(self, rows: IntArray) -> SkuFacts:
        """Some of them, in the given order."""
        return SkuFacts(*(getattr(self, name)[rows] for name in self.__slots__))


def sku_facts(sku_ids: IntArray, last_on: date, stages: StageIds) -> SkuFacts:
    """The facts of these SKUs. Three queries."""
    found = read(
        Sku.objects.filter(**id_filter("id", sku_ids))
        .annotate(
            of_stage=Coalesce("stage_id", NONE),
            of_category=Coalesce("category_id", "product__category_id", NONE),
            of_season=Coalesce("season_id", NONE),
        )
        .order_by("id"),
        {"id": INT, "of_stage": INT, "of_category": INT, "of_season": INT, "launched_on": DAY, "is_clearance": FLAG},
    )
    at = np.searchsorted(found["id"], sku_ids)
    its: dict[str, Any] = {name: values[at] for name, values in found.items()}
    held = read(StageOverride.objects.filter(**id_filter("sku_id", sku_ids), ended_at=None), {"sku_id": INT, "stage_id": INT})
    override = np.zeros(len(sku_ids), np.int64)
    place = np.searchsorted(sku_ids, held["sku_id"])
    mine = (place < len(sku_ids)) & (sku_ids[np.minimum(place, len(sku_ids) - 1)] == held["sku_id"])
    override[place[mine]] = held["stage_id"][mine]
    return SkuFacts(
        sku_ids,
        its["of_stage"],
        its["of_category"],
        np.floor((last_on.toordinal() + 1 - its["launched_on"]) / 7.0),
        its["is_clearance"],
        np.isin(its["of_season"], seasons_that_are_over(last_on)),
        override,
        (its["of_stage"] != NONE) & np.isnan(stages.positions(its["of_stage"])),
    )


def seasons_that_are_over(day: date) -> list[int]:
    """The ids of the seasons that a day does not lie in."""
    return [season.pk for season in Season.objects.all() if not lies_in(season, day)]


def lies_in(season: Season, day: date) -> bool:
    """Whether the day is one of the season's; a season may cross New Year."""
    begins, ends, it = (season.starts_month, season.starts_day), (season.ends_month, season.ends_day), (day.month, day.day)
    return begins <= it <= ends if begins <= ends else it >= begins or it <= ends


_REMEMBERED: Final = {
    "of_stage": INT, "since_on": DAY, "weeks_in_stage": INT, "of_evaluated": INT, "consecutive": INT, "week_on": DAY, "reason": code(60),
}  # fmt: skip


def remembered(rows: QuerySet[Any], key: str, ids: IntArray, stages: StageIds) -> tuple[Remembered, NDArray[np.bytes_]]:
    """What is remembered of the subjects (n,), ascending, and why nothing was found of them last, empty where something was."""
    found = read(
        rows.annotate(of_stage=Coalesce("stage_id", NONE), of_evaluated=Coalesce("evaluated_id", NONE)).order_by(key),
        {key: INT, **_REMEMBERED},
    )
    place = np.searchsorted(ids, found[key])
    mine = (place < len(ids)) & (ids[np.minimum(place, max(len(ids) - 1, 0))] == found[key]) if len(ids) else np.zeros(0, np.bool_)
    at, its = place[mine], {name: values[mine] for name, values in found.items()}
    out = Remembered.nothing(len(ids))
    out.stage[at] = stages.positions(its["of_stage"])
    out.evaluated[at] = stages.positions(its["of_evaluated"])
    for name in ("since_on", "weeks_in_stage", "consecutive", "week_on"):
        getattr(out, name)[at] = its[name]
    reason = np.zeros(len(ids), "S60")
    reason[at] = its["reason"]
    return out, reason


def states_of(sku_ids: IntArray, stages: StageIds) -> tuple[Remembered, NDArray[np.bytes_]]:
    """What is remembered of these SKUs."""
    return remembered(StageState.objects.filter(**id_filter("sku_id", sku_ids)), "sku_id", sku_ids, stages)
