"""The `backtest` cycle: every night the forecasters are tried on what was known some weeks ago, and the best are put into use."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from stockhub.core import clock
from stockhub.core.kept_texts import Said
from stockhub.cycles import leases
from stockhub.cycles.models import Cycle
from stockhub.cycles.registry import CycleDefinition, Work
from stockhub.demand.backtesting.answers import Question
from stockhub.demand.champion_models import Backtest, BacktestSum
from stockhub.demand.champions.decision import choices, mean_choices, table_of, too_slow, write_accuracies, write_champions
from stockhub.demand.champions.in_use import champions_there
from stockhub.demand.champions.kinds import is_class_a, kinds_of, prices_of, revenue_of_rows
from stockhub.demand.champions.plan import make_plan
from stockhub.demand.champions.trial import Field, Trial, hold_trial
from stockhub.demand.cycles import forecast_settings, sku_ids
from stockhub.demand.forecasting import panel_of, series_ids
from stockhub.demand.frames import rows_of
from stockhub.demand.lead_times import asked_of
from stockhub.demand.models import ForecastSettings
from stockhub.demand.true_demand import true_demand_of
from stockhub.demand.velocity import VelocityWindows, kept_of
from stockhub.pluginhost.registry import registry
from stockhub.values import Label

CHUNK_SKUS = 1000
#: Counts of a run, by forecaster: chunks in which it failed, and in which its time was up.
_FAILED, _OUT_OF_TIME = "failed.", "out_of_time."


def _prepare(cycle: Cycle) -> None:
    day = clock.business_day(cycle.as_of, settings.STOCKHUB_TIME_ZONE)
    make_plan(cycle, sku_ids(cycle), day - timedelta(days=1))


def _chosen_skus(cycle: Cycle) -> NDArray[np.int64]:
    return np.asarray(Backtest.objects.get(cycle=cycle).sku_ids, np.int64)


def _run_chunk(work: Work) -> None:
    plan, wanted = Backtest.objects.get(cycle=work.cycle), forecast_settings()
    mine = plan.sku_ids[(plan.sku_ids >= work.chunk.first_sku_id) & (plan.sku_ids <= work.chunk.last_sku_id)]
    with clock.at(work.as_of):
        rows = rows_of(mine)
        if not len(rows):
            return
        days = wanted.history_days + plan.windows * plan.horizon_days
        with work.step("load"):
            truth = true_demand_of(rows, wanted, last_on=plan.last_on, days=days)
            sold = truth.frame.values
            prices = prices_of(rows.sku_ids, plan.last_on)
        kinds = kinds_of(sold[:, -wanted.history_days :])
        class_a = is_class_a(kinds, revenue_of_rows(sold, rows.sku_ids, prices), plan.class_a_from)
        # Events are learned apart, so models are judged on the days that are theirs. What they are shown is cleaned as of then.
        history = panel_of(series_ids(rows.sku_ids, rows.pool_ids), truth.demand.baseline, truth.demand.observed, truth.frame.first_on)
        with work.step("trial"):
            trial = hold_trial(
                history,
                truth.known_after,
                kinds,
                class_a,
                Question(plan.horizon_days, tuple(plan.lead_times)),
                windows=plan.windows,
                history_days=wanted.history_days,
                entrants=_entrants(plan, wanted),
            )
    _write(work, plan, trial)


def _entrants(plan: Backtest, wanted: ForecastSettings) -> Field:
    """All that are installed, the seller's windows only where the chain names them; the costly ones share their time with other chunks'."""
    models = registry().forecasters
    chunks = -(-len(plan.sku_ids) // CHUNK_SKUS)
    costly = sorted(slug for slug, model in models.items() if model.costly) if wanted.backtest_minutes else []
    cheap = sorted(slug for slug, model in models.items() if not model.costly and (slug != VelocityWindows.slug or slug in wanted.chain))
    return Field(cheap, costly, wanted.backtest_minutes * 60.0 / max(chunks, 1), kept_of(wanted))


def _write(work: Work, plan: Backtest, trial: Trial) -> None:
    work.errors += [f"forecaster {slug}: {message}" for slug, message in trial.failures.items()]
    for slug in trial.failures:
        work.count(_FAILED + slug, 1)
    for slug in trial.out_of_time:
        work.count(_OUT_OF_TIME + slug, 1)
    work.count("series", trial.series)
    first = work.chunk.first_sku_id
    with work.step("write"), work.guard():
        plan.sums.filter(first_sku_id=first).delete()
        BacktestSum.objects.bulk_create(
            BacktestSum(backtest=plan, first_sku_id=first, kind=kind, model=model, values=values.ravel())
            for (kind, model), values in sorted(trial.sums.items())
        )


def _finish(cycle: Cycle) -> Said:
    plan, wanted = Backtest.objects.get(cycle=cycle), forecast_settings()
    if not plan.windows:
        return _("History is too short to compare forecasters: half of the SKUs need at least six weeks of sales.")
    table = table_of(plan)
    costly = [slug for slug, model in registry().forecasters.items() if model.costly]
    slow = too_slow(table, costly, plan.class_a_skus, wanted.backtest_minutes * 60.0)
    in_use = champions_there()
    first = wanted.chain[0] if wanted.chain else ""
    found = choices(table, in_use.by_kind, asked_of(wanted).forecaster or first, slow)
    of_mean = mean_choices(table, in_use.means, first, slow, plan.lead_times)
    plan.left_out = _left_out(cycle, slow)
    with leases.guard(cycle):
        plan.save(update_fields=["left_out"])
        # A run for some SKUs is a look at them; it does not speak for the others.
        is_whole = not cycle.sku_codes
        sums = {choice.kind: choice.model for choice in found} if is_whole else in_use.by_kind
        means = {choice.kind: choice.model for choice in of_mean} if is_whole else in_use.means
        write_accuracies(plan, table, sums, means)
        changed = write_champions(plan, found, of_mean) if is_whole else 0
    cycle.counts["champions_changed"] = changed
    return ""


def _left_out(cycle: Cycle, slow: list[str]) -> dict[str, str]:
    """By forecaster, a code: who failed, who was too slow, and whose time was up."""
    reasons = dict.fromkeys(slow, "too_slow")
    for name in cycle.counts:
        for prefix, reason in ((_OUT_OF_TIME, "out_of_time"), (_FAILED, "failed")):
            if name.startswith(prefix):
                reasons[name.removeprefix(prefix)] = reason
    return dict(sorted(reasons.items()))


BACKTEST = CycleDefinition(
    name="backtest",
    label=Label("Backtests", "回测"),
    sku_ids=_chosen_skus,
    prepare=_prepare,
    run_chunk=_run_chunk,
    finish=_finish,
    chunk_skus=CHUNK_SKUS,
)
