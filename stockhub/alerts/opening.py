"""Opens alerts in bulk: those that are really new are recorded and announced, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stockhub.alerts.cells import NUMBER_COLUMNS, Cells, NumberCells
from stockhub.alerts.evaluation import Evaluated
from stockhub.alerts.models import Alert, AlertEvent, AlertStatus
from stockhub.alerts.owners import NOBODY, Owners, fallback_owner, is_buyers
from stockhub.core import actor, clock
from stockhub.core.bulk import insert_new, insert_rows, transaction_rows
from stockhub.core.remembering import remembered
from stockhub.cycles.registry import Work
from stockhub.outbox.services import record_events
from stockhub.pluginapi import Snapshot
from stockhub.pluginhost.registry import registry

IntArray = NDArray[np.int64]
_COLUMNS: Final = (
    "kind", "subject", "sku_id", "pool_id", "side", "level", "status", "is_baseline", "owner_id", "opened_cycle_id", "changed_cycle_id",
    "opened_at", "level_since_at", "evaluated_at", "updated_at", "clean_evaluations", "version", "message", "acknowledged_by",
    "snooze_reason", "resolved_by", "resolution", *NUMBER_COLUMNS,
)  # fmt: skip
_STEP_COLUMNS: Final = ("alert_id", "what", "level", "note", "actor", "occurred_at")


@dataclass(frozen=True, slots=True)
class Step:
    """One alert that took a step, as its record and its event tell it."""

    alert_id: int
    kind: str
    level: int
    sku_id: int
    pool_id: int
    announced: bool = True


@dataclass(slots=True)
class Opener:
    """Opens the alerts of one chunk's findings."""

    work: Work
    snapshot: Snapshot
    cells: NumberCells
    #: Rows of pools that have no baseline yet: their first alerts are summed up, not announced.
    baseline: NDArray[np.bool_]
    owners: Owners | None = None
    #: Who has what nobody answers for; `NOBODY` where there is nobody at all.
    fallback: int = NOBODY

    def open(self, evaluated: Evaluated, rows: IntArray) -> None:
        """An alert that another run has just opened stays as it is: this one's numbers reach it next time."""
        for batch in batches(rows):
            drafts = self._drafts(evaluated, batch)
            with self.work.guard():
                added = insert_new(Alert, _COLUMNS, list(zip(*drafts, strict=True)), returning="subject")
                opened = [
                    Step(added[subject], evaluated.rule, int(evaluated.findings.level[row]), *self._place(row), not self.baseline[row])
                    for subject, row in zip(drafts[1], batch.tolist(), strict=True)
                    if subject in added
                ]
                record_steps("opened", opened)
            self.work.count("opened", len(opened))

    def _place(self, row: int) -> tuple[int, int]:
        return int(self.snapshot.sku_ids[row]), int(self.snapshot.pool_ids[row])

    def _drafts(self, evaluated: Evaluated, rows: IntArray) -> list[Sequence[Any]]:
        """The cells of `_COLUMNS`."""
        skus, pools = self.snapshot.sku_ids[rows], self.snapshot.pool_ids[rows]
        if self.owners is None:
            self.owners = Owners.of(self.snapshot.sku_ids)
            self.fallback = remembered("fallback owner", lambda: person.pk if (person := fallback_owner()) else NOBODY)
        n, work = len(rows), self.work
        side = str(registry().alert_rules[evaluated.rule].side)
        now, empty = clock.now(), [""] * n
        cycle = [str(work.cycle.pk)] * n
        subjects: Cells = [f"{sku}:{pool}" for sku, pool in zip(skus.tolist(), pools.tolist(), strict=True)]
        found = self.owners.of_pairs(skus, pools, buyers=is_buyers(evaluated.rule, side))
        owners = [None if owner == NOBODY else str(owner) for owner in np.where(found == NOBODY, self.fallback, found).tolist()]
        return [
            [evaluated.rule] * n, subjects, texts(skus), texts(pools), [side] * n, texts(evaluated.findings.level[rows]),
            [str(AlertStatus.OPEN.value)] * n, texts(self.baseline[rows].astype(np.int64)), owners, cycle, cycle, [work.as_of] * n,
            [work.as_of] * n, [work.as_of] * n, [now] * n, ["0"] * n, ["1"] * n, empty, empty, empty, empty, empty,
            *self.cells.of(evaluated, rows),
        ]  # fmt: skip


def record_steps(what: str, steps: Sequence[Step]) -> None:
    """Records a step of many alerts and says so in events."""
    label, now = actor.current().label, clock.now()
    rows = [(step.alert_id, what, step.level, "", label, now) for step in steps]
    insert_rows(AlertEvent, _STEP_COLUMNS, rows)
    record_events(
        f"alerts.alert_{what}.v1",
        "alerts.alert",
        [
            (step.alert_id, {"kind": step.kind, "level": step.level, "sku": step.sku_id, "pool": step.pool_id})
            for step in steps
            if step.announced
        ],
    )


def texts(numbers: NDArray[Any]) -> list[str]:
    return list(map(str, numbers.tolist()))


def batches(rows: IntArray) -> Iterator[IntArray]:
    """What is written in one transaction: each alert is four rows, with its step, its event and what guards it."""
    size = transaction_rows() // 4
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
