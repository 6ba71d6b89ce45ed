"""The warning cycle: one snapshot, every rule, the difference written, and what went wrong said."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from stockhub.alerts import first_response, giving_way, stage_alerts, system_alerts
from stockhub.alerts.baseline import facts_of_new_accounts, rows_without_baseline, set_baselines
from stockhub.alerts.evaluation import evaluate
from stockhub.alerts.giving_way import give_way
from stockhub.alerts.incidents.grouping import group_alerts
from stockhub.alerts.life.routing import unrouted
from stockhub.alerts.overtaken import Overtaken
from stockhub.alerts.readiness import gaps_of
from stockhub.alerts.recording import record
from stockhub.alerts.services import wake_snoozed
from stockhub.channels.fee_tables import fee_problems
from stockhub.channels.shop_pace import measure_pace
from stockhub.core import clock
from stockhub.core.kept_texts import Said
from stockhub.core.postgresql import compile_no_queries
from stockhub.core.remembering import remembering
from stockhub.cycles.models import Cycle
from stockhub.cycles.registry import CycleDefinition, Work
from stockhub.demand.cycles import sku_ids, sku_range
from stockhub.demand.services import apply_sales_deltas
from stockhub.lifecycle.overrides import revert_expired
from stockhub.overview.figures import ChunkFigures, finish_figures
from stockhub.snapshot.builder import build
from stockhub.values import Label

#: Prefix of the counts of rows that lack a fact.
MISSING = "missing."


def _prepare(cycle: Cycle) -> None:
    cycle.counts["sales_changes"] = apply_sales_deltas()
    measure_pace(cycle.as_of)
    cycle.counts["woken"] = wake_snoozed(cycle.as_of)
    # Rules and policies read stages: none that somebody set for a time may hold longer than that.
    with clock.at(cycle.as_of):
        revert_expired(cycle.as_of)


def _run_chunk(work: Work) -> None:
    compile_no_queries()
    figures = ChunkFigures(work)
    for piece in _pieces(sku_range(work)):
        started = time.perf_counter()
        with _remembering_settings(work):
            evaluate_skus(work, piece, figures=figures)
        if pause := give_way(time.perf_counter() - started):
            work.seconds["pause"] = work.seconds.get("pause", 0.0) + pause
    with work.step("figures"):
        figures.write()


@contextmanager
def _remembering_settings(work: Work) -> Iterator[None]:
    """Small tables are read once in a few seconds and not for each chunk."""
    try:
        with remembering(work.settings):
            yield
    finally:
        work.settings.settle()


def _pieces(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """All SKUs at once, or small pieces of them for as long as the cycle should give way."""
    while ids:
        size = giving_way.PIECE_SKUS if len(ids) > giving_way.PIECE_SKUS and giving_way.is_wanted() else len(ids)
        yield ids[:size]
        ids = ids[size:]


def evaluate_skus(
    work: Work,
    ids: Sequence[int],
    *,
    only_worse: bool = False,
    before_writing: Callable[[], None] = lambda: None,
    figures: ChunkFigures | None = None,
) -> None:
    """Evaluates every rule for these SKUs and writes the difference, in a number of queries that does not grow with them.

    `only_worse`: nothing is lowered or closed. `before_writing` is called when all facts were read. `figures` adds up what the SKUs show.
    """
    overtaken = None if only_worse else Overtaken.begin()
    with work.step("snapshot"):
        snapshot = build(ids, work.as_of)
    work.count("rows", len(snapshot))
    for code, missing in gaps_of(snapshot).items():
        work.count(f"{MISSING}{code}", missing)
    for name, rows in facts_of_new_accounts(snapshot):
        work.count(name, rows)
    with work.step("rules"):
        evaluation = evaluate(snapshot)
    before_writing()
    record(work, snapshot, evaluation.evaluated, ids, baseline=rows_without_baseline(snapshot), overtaken=overtaken)
    work.errors += fee_problems()
    if figures is not None:
        with work.step("figures"):
            figures.add(snapshot)
    for rule, message in evaluation.failures.items():
        work.errors.append(f"alert_rule {rule}: {message}")
        with work.guard():
            system_alerts.rule_not_evaluated(rule, message, work.cycle)


def _finish(cycle: Cycle) -> Said:
    system_alerts.resolve_recovered_rules(cycle)
    system_alerts.resolve_for_gone_skus(cycle)
    system_alerts.check_experience_scores(cycle)
    system_alerts.check_forecast(cycle)
    system_alerts.check_intake(cycle)
    system_alerts.check_feeds(cycle)
    system_alerts.check_authorizations(cycle)
    system_alerts.check_pushes(cycle)
    system_alerts.check_webhooks(cycle)
    system_alerts.check_contingency_plans(cycle)
    system_alerts.check_disputes(cycle)
    system_alerts.check_ledger(cycle)
    system_alerts.check_partitions(cycle)
    system_alerts.check_documents(cycle)
    system_alerts.check_benchmarks(cycle)
    system_alerts.check_lifecycle(cycle)
    stage_alerts.check_stage_changes(cycle)
    if not cycle.sku_codes:
        finish_figures(cycle)
        system_alerts.check_readiness(cycle, {k.removeprefix(MISSING): n for k, n in cycle.counts.items() if k.startswith(MISSING)})
        system_alerts.check_routing(cycle, unrouted())
    if joined := group_alerts(cycle.as_of):
        cycle.counts["joined_incidents"] = joined
    first_response.respond_to_cycle(cycle)
    if not cycle.sku_codes:
        set_baselines(cycle)
    if cycle.sku_codes and not cycle.counts.get("rows"):
        return _("None of these SKUs has sales, stock or a policy in any pool, or none exists.")
    if not cycle.counts.get("rows"):
        return _("No data: no SKU has sales, stock or a policy in any pool. Import stock and sales, and give the accounts a pool.")
    return ""


WARNINGS = CycleDefinition(
    name="warnings", label=Label("Warnings", "预警"), sku_ids=sku_ids, prepare=_prepare, run_chunk=_run_chunk, finish=_finish
)
