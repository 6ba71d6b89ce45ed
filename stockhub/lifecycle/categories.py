"""Stages of categories: the sum of their SKUs and of all beneath them, judged by the same rule (H21)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from django.db.models import Count
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.catalog.models import Category, Sku, Stage
from stockhub.core import clock
from stockhub.cycles import leases
from stockhub.cycles.models import Cycle
from stockhub.cycles.registry import Work
from stockhub.lifecycle.facts import NONE, SkuFacts, StageIds, remembered
from stockhub.lifecycle.judgement import Judgement, judged, settings_in_use, store_formula
from stockhub.lifecycle.models import CategoryStage, CategorySum
from stockhub.lifecycle.settling import Remembered, settle
from stockhub.lifecycle.weeks import WeeklyDemand, last_week_on
from stockhub.pluginapi import LifecyclePanel
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.pluginhost.errors import ProviderFailedError

IntArray = NDArray[np.int64]


def categories_are_due(week_on: date) -> bool:
    """Whether there are categories that were not looked at for this week."""
    return Category.objects.filter(deleted_at=None).exists() and not CategoryStage.objects.filter(week_on__gte=week_on).exists()


def add_up(work: Work, facts: SkuFacts, demand: WeeklyDemand) -> None:
    """Keeps what the chunk's SKUs sold by category; masked weeks count as ordinary ones, or a stock-out would read as decline."""
    first = work.chunk.first_sku_id
    work.cycle.category_sums.filter(first_sku_id=first).delete()
    ids, which = np.unique(facts.category_id, return_inverse=True)
    sums = np.zeros((len(ids), demand.filled.shape[1]))
    np.add.at(sums, which, demand.filled)
    counts = np.bincount(which, minlength=len(ids))
    CategorySum.objects.bulk_create(
        CategorySum(cycle=work.cycle, first_sku_id=first, category_id=pk, weekly=weekly, sku_count=count)
        for pk, weekly, count in zip(ids.tolist(), sums, counts.tolist(), strict=True)
        if pk != NONE
    )


def settle_categories(cycle: Cycle) -> int:
    """Judges every category that has SKUs, its own or beneath it; returns how many. A rule that gives no answer changes nothing."""
    week, stages = last_week_on(cycle.as_of), StageIds()
    ids, weekly, counts = _rolled_up(cycle)
    if not len(ids):
        return 0
    try:
        judgement = judged(settings_in_use().rule, _panel(ids, weekly, week))
    except ProviderFailedError:
        # The chunks have failed by the same rule, and say so; the next run adds up anew.
        with leases.guard(cycle):
            cycle.category_sums.all().delete()
        return 0
    before, _reasons = remembered(CategoryStage.objects.all(), "category_id", ids, stages)
    after = settle(before, judgement.found, week.toordinal()).after
    with leases.guard(cycle):
        store_formula(judgement.formula)
        CategoryStage.objects.bulk_create(
            [_row(int(pk), row, after, judgement, int(counts[row]), stages) for row, pk in enumerate(ids.tolist())],
            update_conflicts=True,
            unique_fields=["category"],
            update_fields=[
                "stage", "since_on", "weeks_in_stage", "evaluated", "consecutive", "reason", "week_on", "rule", "evidence", "formula",
                "updated_at", "sku_count",
            ],
        )  # fmt: skip
        cycle.category_sums.all().delete()
    return len(ids)


def _row(pk: int, row: int, after: Remembered, judgement: Judgement, skus: int, stages: StageIds) -> CategoryStage:
    since = after.since_on[row]
    return CategoryStage(
        category_id=pk,
        stage_id=stages.at(float(after.stage[row])),
        since_on=None if np.isnan(since) else date.fromordinal(int(since)),
        weeks_in_stage=int(after.weeks_in_stage[row]),
        evaluated_id=stages.at(float(after.evaluated[row])),
        consecutive=int(after.consecutive[row]),
        reason=judgement.reasons[row],
        week_on=date.fromordinal(int(after.week_on[row])),
        rule=judgement.rule,
        evidence=judgement.evidence[row],
        formula=judgement.formula,
        sku_count=skus,
        updated_at=clock.now(),
    )


def _rolled_up(cycle: Cycle) -> tuple[IntArray, FloatArray, IntArray]:
    """Categories (c,), ascending, what they and all beneath them sold by week (c, t), and how many SKUs that are (c,)."""
    parents = dict(Category.objects.filter(deleted_at=None).values_list("id", "parent_id"))
    weekly: dict[int, FloatArray] = {}
    counts: dict[int, int] = {}
    for part in CategorySum.objects.filter(cycle=cycle).order_by("category_id", "first_sku_id"):
        for pk in ancestry(part.category_id, parents):
            weekly[pk] = weekly.get(pk, 0.0) + part.weekly
            counts[pk] = counts.get(pk, 0) + part.sku_count
    ids = np.array(sorted(weekly), np.int64)
    table = np.array([weekly[pk] for pk in ids.tolist()]) if len(ids) else np.zeros((0, 0))
    return ids, table, np.array([counts[pk] for pk in ids.tolist()], np.int64)


def ancestry(category_id: int, parents: Mapping[int, int | None]) -> list[int]:
    """A category and all above it; a deleted one has none."""
    found: list[int] = []
    at: int | None = category_id
    while at is not None and at in parents and at not in found:
        found.append(at)
        at = parents[at]
    return found


def _panel(ids: IntArray, weekly: FloatArray, week: date) -> LifecyclePanel:
    nobody = np.zeros(len(ids), np.bool_)
    return LifecyclePanel(ids, week, weekly, np.full(len(ids), np.nan), nobody, nobody.copy())


def stage_shares() -> dict[int, list[tuple[Stage | None, int]]]:
    """By category, how many SKUs of it and of all beneath it are in each stage, in the order of the stages, those without one last.

    Two queries for all categories; one without SKUs is not there.
    """
    parents = dict(Category.objects.filter(deleted_at=None).values_list("id", "parent_id"))
    stages: dict[int | None, Stage | None] = {stage.pk: stage for stage in Stage.objects.order_by("position")} | {None: None}
    counted = (
        Sku.objects.filter(deleted_at=None, is_bundle=False)
        .annotate(of_category=Coalesce("category_id", "product__category_id", NONE))
        .order_by()
        .values_list("of_category", "stage_id")
        .annotate(Count("pk"))
    )
    counts: dict[int, dict[int | None, int]] = {}
    for category, stage, count in counted:
        for pk in ancestry(category, parents):
            its = counts.setdefault(pk, {})
            its[stage] = its.get(stage, 0) + count
    return {pk: [(stage, its[key]) for key, stage in stages.items() if key in its] for pk, its in counts.items()}
