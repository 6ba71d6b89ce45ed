"""Writes a cycle's differences: only what changed, by compare-and-set, and never twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stockhub.alerts.differences import Differences, Numbers, OpenAlerts, differences
from stockhub.alerts.evaluation import Evaluated
from stockhub.alerts.models import IN_DISPUTE, Alert, AlertEvent, AlertStatus
from stockhub.alerts.owners import Owners
from stockhub.alerts.rules.imbalance import DONOR_POOL
from stockhub.catalog.models import StockPool
from stockhub.core import actor, clock
from stockhub.core.ranges import id_filter
from stockhub.cycles.registry import Work
from stockhub.outbox.services import emit_events
from stockhub.pluginapi import Snapshot
from stockhub.pluginapi.alert_rule import NOT_EVALUATED
from stockhub.pluginhost.registry import registry

#: Alerts written in one transaction: some tens of milliseconds on SQLite.
BATCH = 400
#: A finding whose alert a person has resolved opens none again for so long, unless it is worse.
QUIET_AFTER_RESOLVING = timedelta(hours=24)
_COLUMNS = (
    "id", "version", "sku_id", "pool_id", "level", "clean_evaluations", "value", "money_amount", "due_on", "suggested_qty", "held_reason",
)  # fmt: skip


@dataclass(slots=True)
class Recorder:
    """Compares one chunk's findings with its alerts and writes the difference."""

    work: Work
    snapshot: Snapshot
    #: Rows of pools that have no baseline yet: their first alerts are summed up, not announced.
    baseline: NDArray[np.bool_]
    index: dict[tuple[int, int], int] = field(init=False)
    owners: Owners | None = None
    pool_codes: dict[int, str] | None = None

    def __post_init__(self) -> None:
        keys = zip(self.snapshot.sku_ids.tolist(), self.snapshot.pool_ids.tolist(), strict=True)
        self.index = {key: row for row, key in enumerate(keys)}

    def record(self, evaluated: Evaluated, sku_ids: Sequence[int]) -> None:
        """Writes what one rule changes."""
        with self.work.step("compare"):
            alerts, versions, held = self._open_alerts(evaluated.rule, sku_ids)
            quiet = self._quiet(evaluated, sku_ids)
            found = evaluated.findings
            diff = differences(found.level, found.hold_level, evaluated.numbers, alerts, quiet)
            diff = self._with_holds(diff, found.level, alerts, held)
        with self.work.step("write"):
            self._open(evaluated, diff.opened)
            self._change(evaluated, diff, alerts, versions)
        for code, rows in found.reasons.items():
            if missing := int(np.count_nonzero(rows & (found.level < 0))):
                self.work.count(f"{evaluated.rule}.{code}", missing)

    def _with_holds(self, diff: Differences, level: NDArray[np.int8], alerts: OpenAlerts, held: NDArray[np.bool_]) -> Differences:
        """Alerts whose numbers stay are written as well where a dispute of their stock began or ended."""
        present = np.flatnonzero(alerts.row >= 0)
        row = alerts.row[present]
        other = present[((self.snapshot["in_dispute"][row] > 0) != held[present]) & (level[row] != NOT_EVALUATED)]
        stays = np.setdiff1d(other, np.concatenate([diff.raised, diff.lowered, diff.resolved]))
        return replace(diff, renumbered=np.union1d(diff.renumbered, stays))

    def _open_alerts(self, rule: str, sku_ids: Sequence[int]) -> tuple[OpenAlerts, NDArray[np.int64], NDArray[np.bool_]]:
        wanted = set(sku_ids)
        rows = [
            r
            for r in Alert.objects.filter(**id_filter("sku_id", wanted), kind=rule)
            .exclude(status=AlertStatus.RESOLVED)
            .order_by("id")
            .values_list(*_COLUMNS)
            if r[2] in wanted
        ]
        numbers = Numbers(
            _floats(r[6] for r in rows),
            _floats(r[7] for r in rows),
            _floats(r[8].toordinal() if r[8] else None for r in rows),
            _floats(r[9] for r in rows),
        )
        alerts = OpenAlerts(
            id=np.array([r[0] for r in rows], np.int64),
            row=np.array([self.index.get((r[2], r[3]), -1) for r in rows], np.int64),
            level=np.array([r[4] for r in rows], np.int8),
            clean=np.array([r[5] for r in rows], np.int8),
            numbers=numbers,
        )
        return alerts, np.array([r[1] for r in rows], np.int64), np.array([r[10] is not None for r in rows], np.bool_)

    def _quiet(self, evaluated: Evaluated, sku_ids: Sequence[int]) -> NDArray[np.bool_]:
        """Rows whose alert a person resolved within the last day at this level or a higher one."""
        quiet = np.zeros(len(self.snapshot), np.bool_)
        resolved = Alert.objects.filter(
            **id_filter("sku_id", sku_ids),
            kind=evaluated.rule,
            status=AlertStatus.RESOLVED,
            resolved_at__gte=self.work.as_of - QUIET_AFTER_RESOLVING,
        ).exclude(resolved_by="")
        for sku, pool, level in resolved.values_list("sku_id", "pool_id", "level"):
            row = self.index.get((sku, pool))
            if row is not None and evaluated.findings.level[row] <= level:
                quiet[row] = True
        return quiet

    def _open(self, evaluated: Evaluated, rows: NDArray[np.int64]) -> None:
        if not len(rows):
            return
        if self.owners is None:
            self.owners = Owners.of(set(self.snapshot.sku_ids.tolist()))
        rule = registry().alert_rules[evaluated.rule]
        for batch in _batches(rows):
            drafts = [self._draft(evaluated, int(row), str(rule.side), self.owners) for row in batch]
            with self.guarded():
                # An alert that another cycle has just opened stays as it is: this one's numbers reach it next time.
                Alert.objects.bulk_create(drafts, ignore_conflicts=True)
                self._announce(evaluated.rule, drafts)

    def _announce(self, rule: str, drafts: list[Alert]) -> None:
        """Records the opening of those that this cycle did open and has not yet recorded."""
        opened = list(
            Alert.objects.filter(
                kind=rule, subject__in=[d.subject for d in drafts], opened_cycle=self.work.cycle, events__isnull=True
            ).only("kind", "level", "sku_id", "pool_id", "is_baseline")
        )
        _record_steps(opened, "opened")
        emit_events(
            ("alerts.alert_opened.v1", "alerts.alert", a.pk, {"kind": a.kind, "level": a.level, "sku": a.sku_id, "pool": a.pool_id})
            for a in opened
            if not a.is_baseline
        )
        self.work.count("opened", len(opened))

    def _draft(self, evaluated: Evaluated, row: int, side: str, owners: Owners) -> Alert:
        sku, pool = int(self.snapshot.sku_ids[row]), int(self.snapshot.pool_ids[row])
        return Alert(
            kind=evaluated.rule,
            subject=f"{sku}:{pool}",
            sku_id=sku,
            pool_id=pool,
            side=side,
            level=int(evaluated.findings.level[row]),
            is_baseline=bool(self.baseline[row]),
            owner_id=owners.owner(sku, pool),
            opened_cycle=self.work.cycle,
            opened_at=self.work.as_of,
            level_since_at=self.work.as_of,
            **self._numbers(evaluated, row),
        )

    def _numbers(self, evaluated: Evaluated, row: int) -> dict[str, Any]:
        numbers, findings = evaluated.numbers, evaluated.findings
        inputs: dict[str, Any] = {name: _number(array[row]) for name, array in findings.inputs.items()}
        if inputs.get(DONOR_POOL) is not None:
            # Lists and mails name the pool without asking for it once an alert.
            inputs["donor"] = self._pool_code(int(inputs[DONOR_POOL]))
        money = numbers.money[row]
        due, qty = numbers.due_on[row], numbers.suggested_qty[row]
        return {
            "value": _number(numbers.value[row]),
            "unit": findings.unit,
            "money_amount": None if np.isnan(money) else Decimal(repr(float(money))),
            "money_reason": "" if not np.isnan(money) else _reason(evaluated, row),
            "due_on": None if np.isnan(due) else date.fromordinal(int(due)),
            "suggested_qty": None if np.isnan(qty) else int(qty),
            "held_reason": IN_DISPUTE if self.snapshot["in_dispute"][row] > 0 else None,
            "inputs": inputs,
            "template_id": evaluated.template,
            "changed_cycle": self.work.cycle,
            "evaluated_at": self.work.as_of,
            "updated_at": clock.now(),
        }

    def _pool_code(self, pool_id: int) -> str:
        if self.pool_codes is None:
            self.pool_codes = dict(StockPool.objects.values_list("id", "code"))
        return self.pool_codes.get(pool_id, "")

    def _change(self, evaluated: Evaluated, diff: Differences, alerts: OpenAlerts, versions: NDArray[np.int64]) -> None:
        steps = {"raised": diff.raised, "lowered": diff.lowered, "resolved": diff.resolved, "": np.union1d(diff.counted, diff.renumbered)}
        for step, positions in steps.items():
            for batch in _batches(positions):
                with self.guarded():
                    changed = self._update(evaluated, diff, alerts, versions, batch, step)
                    if step:
                        _record_steps(changed, step)
                        emit_events(
                            (
                                f"alerts.alert_{step}.v1",
                                "alerts.alert",
                                a.pk,
                                {"kind": a.kind, "level": a.level, "sku": a.sku_id, "pool": a.pool_id},
                            )
                            for a in changed
                        )
                self.work.count(step or "renumbered", len(changed))

    def _update(
        self, evaluated: Evaluated, diff: Differences, alerts: OpenAlerts, versions: NDArray[np.int64], batch: NDArray[np.int64], step: str
    ) -> list[Alert]:
        """Writes the alerts that are still as they were read: one that somebody has touched since is left to its next turn."""
        position = {int(alerts.id[p]): int(p) for p in batch}
        locked = Alert.objects.select_for_update(of=("self",)).filter(id__in=position).order_by("id")
        current = [a for a in locked if a.version == versions[position[a.pk]]]
        for alert in current:
            at = position[alert.pk]
            row = int(alerts.row[at])
            if row >= 0:
                for name, value in self._numbers(evaluated, row).items():
                    setattr(alert, name, value)
            alert.clean_evaluations = int(diff.new_clean[at])
            alert.version += 1
            _take_step(alert, step, int(diff.new_level[at]), self.work.as_of, gone=row < 0)
        Alert.objects.bulk_update(current, _UPDATED, batch_size=100)
        return current

    def guarded(self) -> AbstractContextManager[None]:
        return self.work.guard()


_UPDATED = [
    "value", "unit", "money_amount", "money_reason", "due_on", "suggested_qty", "held_reason", "inputs", "template", "changed_cycle",
    "evaluated_at", "updated_at", "clean_evaluations", "version", "level", "level_since_at", "status", "snoozed_until_at", "resolved_at",
    "resolution",
]  # fmt: skip


def _take_step(alert: Alert, step: str, level: int, at: datetime, *, gone: bool) -> None:
    alert.updated_at = clock.now()
    if step == "resolved":
        # The level stays: it tells how bad the alert was.
        alert.status, alert.resolved_at = AlertStatus.RESOLVED, at
        alert.resolution = "gone" if gone else "cleared"
    elif step:
        alert.level, alert.level_since_at = level, at
    if step == "raised" and alert.status == AlertStatus.SNOOZED:
        # It got worse: whoever snoozed it did not know that.
        alert.status, alert.snoozed_until_at = AlertStatus.OPEN, None


def _record_steps(alerts: list[Alert], what: str) -> None:
    label, now = actor.current().label, clock.now()
    AlertEvent.objects.bulk_create(AlertEvent(alert=a, what=what, level=a.level, actor=label, occurred_at=now) for a in alerts)


def _reason(evaluated: Evaluated, row: int) -> str:
    """Why the row has no money: the first reason that the rule gave for it."""
    return next((code for code, rows in evaluated.findings.reasons.items() if rows[row]), "NOT_VALUED")[:40]


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _floats(values: Iterator[Any] | Any) -> NDArray[np.float64]:  # noqa: ANN401 - numbers, decimals and None
    return np.array([np.nan if v is None else float(v) for v in values], np.float64)


def _batches(rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
