"""Exports of stages and of what changed them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django.db.models import F, QuerySet

from stockhub.access.models import User
from stockhub.catalog.models import Stage
from stockhub.exports.export import Column, Kind, Table, TableExport
from stockhub.exports.filters import Choice, Filter
from stockhub.exports.shared import SKU, SKU_CODE
from stockhub.lifecycle.models import ChangeKind, StageChange, StageState


def _of_living_skus(rows: QuerySet[Any], viewer: User) -> QuerySet[Any]:  # noqa: ARG001 - stages are the company's
    return rows.filter(sku__deleted_at=None)


def _stages() -> Collection[str]:
    return list(Stage.objects.values_list("slug", flat=True))


def _kinds() -> Collection[str]:
    return [str(kind.value) for kind in ChangeKind]


class Stages(TableExport):
    """The stage of every SKU that was ever evaluated."""

    name: ClassVar[str] = "stages"
    about: ClassVar[str] = "The stage of each SKU: in force, as the evaluations settled it, and what was found last."
    permissions: ClassVar[tuple[str, ...]] = ("lifecycle.view_stagestate", "catalog.view_sku")
    columns: ClassVar[tuple[Column, ...]] = (
        SKU_CODE,
        Column("in_force", Kind.TEXT, "The stage in force: one that is set by hand counts before the settled one.", "sku__stage__slug"),
        Column("settled", Kind.TEXT, "The stage that the evaluations have settled.", "stage__slug"),
        Column("since_on", Kind.DAY, "The last day of the week that settled it.", "since_on"),
        Column("weeks_in_stage", Kind.INTEGER, "For how many weeks it has held."),
        Column("found", Kind.TEXT, "The stage found last; empty where the week said nothing.", "evaluated__slug"),
        Column("consecutive", Kind.INTEGER, "How often in a row it was found."),
        Column("reason", Kind.TEXT, "Why nothing was found."),
        Column("week_on", Kind.DAY, "The last day of the evaluated week."),
        Column("rule", Kind.TEXT, "The rule's slug."),
        Column("age_weeks", Kind.NUMBER, "Weeks on sale.", F("evidence__age_weeks")),
        Column("weeks_since_peak", Kind.NUMBER, "Weeks since the peak.", F("evidence__weeks_since_peak")),
        Column("share_of_peak_8", Kind.NUMBER, "The last eight weeks' sales over the peak's.", F("evidence__share_of_peak_8")),
        Column("slope", Kind.NUMBER, "The trend a week of the last twelve.", F("evidence__slope")),
    )
    filters: ClassVar[tuple[Filter, ...]] = (SKU, Choice("stage", "Only those in this settled stage.", "stage__slug", _stages))
    table: ClassVar[Table] = Table(StageState, _of_living_skus, order=("sku__code", "pk"))


class StageHistory(TableExport):
    """Every change of a stage."""

    name: ClassVar[str] = "stage-history"
    about: ClassVar[str] = "Every evaluation that changed something of a SKU's stage, and every stage that was set by hand."
    permissions: ClassVar[tuple[str, ...]] = ("lifecycle.view_stagechange", "catalog.view_sku")
    columns: ClassVar[tuple[Column, ...]] = (
        SKU_CODE,
        Column("recorded_at", Kind.INSTANT, "When it was recorded."),
        Column("week_on", Kind.DAY, "The last day of the evaluated week; of what a person did, the day."),
        Column("kind", Kind.TEXT, "What changed: first, changed, pending, withdrawn, stated, overridden or reverted."),
        Column("stage_from", Kind.TEXT, "The stage before.", "stage_from__slug"),
        Column("stage_to", Kind.TEXT, "The stage after.", "stage_to__slug"),
        Column("found", Kind.TEXT, "The stage found.", "evaluated__slug"),
        Column("consecutive", Kind.INTEGER, "How often in a row it was found."),
        Column("needed", Kind.INTEGER, "How often it has to be found."),
        Column("rule", Kind.TEXT, "The rule's slug; empty where a person did it."),
        Column("actor", Kind.TEXT, "Who."),
        Column("note", Kind.TEXT, "Why, in words."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (SKU, Choice("kind", "Only changes of this kind.", "kind", _kinds))
    table: ClassVar[Table] = Table(StageChange, _of_living_skus, order=("recorded_at", "pk"))
