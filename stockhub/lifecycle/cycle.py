"""The `lifecycle` cycle: every week each SKU and each category is looked at, and what changed is written (H9, H21; ADR 0021)."""

from __future__ import annotations

import numpy as np
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from stockhub.core import clock
from stockhub.core.kept_texts import Said
from stockhub.cycles.models import Cycle
from stockhub.cycles.registry import CycleDefinition, Work
from stockhub.demand.cycles import sku_ids, sku_range
from stockhub.demand.services import apply_sales_deltas
from stockhub.lifecycle.categories import add_up, categories_are_due, settle_categories
from stockhub.lifecycle.facts import SkuFacts, StageIds, sku_facts, states_of
from stockhub.lifecycle.judgement import judged, settings_in_use, store_formula, without_the_unseen
from stockhub.lifecycle.overrides import revert_expired
from stockhub.lifecycle.settling import Remembered, long_known, settle
from stockhub.lifecycle.weeks import WeeklyDemand, last_week_on, weekly_demand
from stockhub.lifecycle.writing import Evaluated, batches, catalogue_differs, write
from stockhub.pluginapi import LifecyclePanel
from stockhub.pluginhost.errors import ProviderFailedError
from stockhub.values import Label

#: Demand of two and a half years of so many SKUs in a few pools fits into a small worker's memory.
CHUNK_SKUS = 1000
#: Of a run: whether categories are to be looked at, which they are once a week.
_CATEGORIES_DUE = "categories_due"
_FAILED = "chunks_without_rule"


def _prepare(cycle: Cycle) -> None:
    cycle.counts["sales_changes"] = apply_sales_deltas()
    with clock.at(cycle.as_of):
        cycle.counts["overrides_expired"] = revert_expired(cycle.as_of)
    if not cycle.sku_codes and categories_are_due(last_week_on(cycle.as_of)):
        cycle.counts[_CATEGORIES_DUE] = 1


def _run_chunk(work: Work) -> None:
    week, stages = last_week_on(work.as_of), StageIds()
    with clock.at(work.as_of):
        ids = np.asarray(sku_range(work), np.int64)
        before, reasons = states_of(ids, stages)
        facts = sku_facts(ids, week, stages)
        due = _due(before, reasons, week.toordinal()) & ~facts.is_custom
        with_categories = bool(work.cycle.counts.get(_CATEGORIES_DUE))
        if not (due.any() or with_categories):
            return
        with work.step("load"):
            # Categories need the weeks of all SKUs, evaluations of those that are due.
            demand = weekly_demand(ids if with_categories else ids[due], week)
        if with_categories:
            with work.step("categories"), work.guard():
                add_up(work, facts, demand)
        rows = np.flatnonzero(due)
        if len(rows):
            demand = demand.rows(rows) if with_categories else demand
            _evaluate(work, facts.rows(rows), demand, before.rows(rows), stages)


def _due(before: Remembered, reasons: NDArray[np.bytes_], week: int) -> NDArray[np.bool_]:
    """SKUs that were not looked at this week, and those of which nothing could be said: their figures may have been mended."""
    again: NDArray[np.bool_] = (before.week_on == week) & (reasons != b"")
    return np.isnan(before.week_on) | (before.week_on < week) | again


def _evaluate(work: Work, facts: SkuFacts, demand: WeeklyDemand, remembered: Remembered, stages: StageIds) -> None:
    """Looks at the SKUs that are due. A rule that gives no answer changes no stage."""
    before, stated = _as_the_catalogue_says(facts, remembered, stages)
    panel = panel_of(facts, demand)
    work.count("skus", len(facts.sku_ids))
    try:
        with work.step("rule"):
            judgement = judged(settings_in_use().rule, panel)
    except ProviderFailedError as error:
        work.errors.append(f"lifecycle_rule {settings_in_use().rule}: {error.code}: {error.message}")
        work.count(_FAILED, 1)
        return
    with work.step("settle"):
        judgement = without_the_unseen(judgement, demand, ~np.isnan(before.stage), facts.is_clearance)
        settled = settle(before, judgement.found, demand.last_on.toordinal())
        evaluated = Evaluated(facts, before, settled, judgement, stated, remembered, stages, work.cycle.pk)
    for reason in sorted(set(judgement.reasons) - {""}):
        work.count(f"without_stage.{reason}", judgement.reasons.count(reason))
    with work.step("write"):
        for position, batch in enumerate(batches(evaluated.changed())):
            with work.guard():
                if not position:
                    store_formula(judgement.formula)
                for name, number in write(evaluated, batch).items():
                    work.count(name, number)


def panel_of(facts: SkuFacts, demand: WeeklyDemand) -> LifecyclePanel:
    """What rules get of SKUs."""
    age = np.fmax(facts.age_weeks, demand.begun_weeks)
    arrays = (facts.sku_ids, demand.weekly, age, facts.is_clearance, facts.is_off_season)
    for array in arrays:
        array.setflags(write=False)
    return LifecyclePanel(facts.sku_ids, demand.last_on, demand.weekly, age, facts.is_clearance, facts.is_off_season)


def _as_the_catalogue_says(facts: SkuFacts, remembered: Remembered, stages: StageIds) -> tuple[Remembered, NDArray[np.bool_]]:
    """What is remembered, with stages that people have stated since; and where they have changed one that was told (n,).

    A stage that was there before the first evaluation has lasted long enough to change; one that somebody has just stated holds for the
    least time from now on.
    """
    said = stages.positions(facts.stage_id)
    is_new = np.isnan(remembered.week_on) & ~np.isnan(said) & (facts.override_id == 0)
    changed = catalogue_differs(facts, remembered, stages)
    before = remembered.stated(is_new, said, weeks=long_known()).stated(changed, said, weeks=0.0)
    return before, changed


def _finish(cycle: Cycle) -> Said:
    if cycle.counts.get(_CATEGORIES_DUE):
        with clock.at(cycle.as_of):
            cycle.counts["categories"] = settle_categories(cycle)
    if cycle.counts.get(_FAILED):
        return _("The life-cycle rule gave no answer for some SKUs: their stages stay as they are, and the parts say why.")
    return ""


LIFECYCLE = CycleDefinition(
    name="lifecycle",
    label=Label("Life cycle", "生命周期"),
    sku_ids=sku_ids,
    prepare=_prepare,
    run_chunk=_run_chunk,
    finish=_finish,
    chunk_skus=CHUNK_SKUS,
)
