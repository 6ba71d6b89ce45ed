"""Writes a cycle's differences: only what changed, by compare-and-set, and never twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.alerts.cells import NumberCells
from stockhub.alerts.changing import Changer
from stockhub.alerts.differences import Differences, differences
from stockhub.alerts.evaluation import Evaluated
from stockhub.alerts.open_alerts import AlertsOfRange, ShownAlerts
from stockhub.alerts.opening import Opener
from stockhub.alerts.overtaken import Overtaken
from stockhub.cycles.registry import Work
from stockhub.demand.frames import Rows
from stockhub.pluginapi import Snapshot
from stockhub.pluginapi.alert_rule import NOT_EVALUATED
from stockhub.pluginhost.registry import registry

#: Alerts that are written in one transaction, whatever becomes of them: on SQLite others wait for it.
MOST_IN_ONE: Final = 500


def record(
    work: Work,
    snapshot: Snapshot,
    evaluated: Sequence[Evaluated],
    sku_ids: Sequence[int],
    *,
    baseline: NDArray[np.bool_],
    overtaken: Overtaken | None,
) -> None:
    """Compares the findings of all rules over some SKUs with their alerts and writes the difference.

    `baseline` (n,): rows whose first alerts are summed up, not announced. `overtaken` tells the rows that somebody has evaluated since the
    snapshot was read; None for an incremental evaluation, which itself is the latest, comes many times in a run, and only makes worse.
    """
    rows, is_full = Rows(snapshot.sku_ids, snapshot.pool_ids), overtaken is not None
    with work.step("compare"):
        alerts = AlertsOfRange.of(rows, sku_ids, as_of=work.as_of, cycle_id=work.cycle.pk if is_full else None)
        later = overtaken.rows(rows.sku_ids) if overtaken is not None else np.zeros(len(snapshot), np.bool_)
    if later.any():
        work.count("left_to_later", int(np.count_nonzero(later)))
    cells, today = NumberCells(snapshot), float(snapshot.day.toordinal())
    compared: list[tuple[Evaluated, Differences, ShownAlerts]] = []
    for fresh in evaluated:
        found = fresh.findings
        with work.step("compare"):
            shown = alerts.of_rule(fresh.rule)
            each = _due_from_detection(fresh, shown)
            level = np.where(later, NOT_EVALUATED, found.level).astype(np.int8)
            quiet = alerts.quiet_of(each.rule, level)
            diff = differences(
                level, found.hold_level, each.numbers, shown.alerts, quiet, only_worse=not is_full, today=today, waiting=later
            )  # fmt: skip
            compared.append((each, _with_holds(diff, each.held, level, shown), shown))
        for code, lacking in found.reasons.items():
            if missing := int(np.count_nonzero(lacking & (found.level < 0))):
                work.count(f"{each.rule}.{code}", missing)
    with work.step("write"), _transaction(work, compared) as writing:
        opener, changer = Opener(writing, snapshot, cells, baseline), Changer(writing, cells)
        for each, diff, shown in compared:
            opener.open(each, diff.opened)
            changer.add(each, diff, shown)
        changer.write()


def _due_from_detection(evaluated: Evaluated, shown: ShownAlerts) -> Evaluated:
    """The findings with the due days of their open alerts, where the rule counts from detection and those are earlier."""
    rule = registry().alert_rules.get(evaluated.rule)
    if rule is None or not rule.due_counts_from_detection:
        return evaluated
    kept = np.flatnonzero(shown.alerts.row >= 0)
    row, due = shown.alerts.row[kept], evaluated.numbers.due_on.copy()
    due[row] = np.fmin(due[row], shown.alerts.numbers.due_on[kept])
    return replace(evaluated, numbers=replace(evaluated.numbers, due_on=due))


@contextmanager
def _transaction(work: Work, compared: Sequence[tuple[Evaluated, Differences, ShownAlerts]]) -> Iterator[Work]:
    """One transaction for all where little is written, so that it waits for the disk once; else the writers open their own."""
    few = sum(len(diff.opened) + len(shown.alerts.id) for _each, diff, shown in compared) <= MOST_IN_ONE
    if not few:
        yield work
        return
    with work.guard():
        yield replace(work, guard=nullcontext)


def _with_holds(diff: Differences, held: NDArray[np.bytes_], level: NDArray[np.int8], shown: ShownAlerts) -> Differences:
    """Alerts whose numbers stay are written as well where a dispute of their stock began or ended."""
    present = np.flatnonzero(shown.alerts.row >= 0)
    row = shown.alerts.row[present]
    other = present[(held[row] != shown.held[present]) & (level[row] != NOT_EVALUATED)]
    stays = np.setdiff1d(other, np.concatenate([diff.raised, diff.lowered, diff.resolved, diff.expired]))
    return replace(diff, renumbered=np.union1d(diff.renumbered, stays))
