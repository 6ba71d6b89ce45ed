"""Changes alerts in bulk by compare-and-set: one statement for all that a chunk changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from stockhub.alerts.cells import NUMBER_COLUMNS, NumberCells
from stockhub.alerts.differences import Differences
from stockhub.alerts.evaluation import Evaluated
from stockhub.alerts.open_alerts import ShownAlerts
from stockhub.alerts.opening import Step, batches, record_steps
from stockhub.core import clock
from stockhub.core.bulk import is_postgresql, stage, stored
from stockhub.cycles.registry import Work

IntArray = NDArray[np.int64]
_STAGING: Final = "staging_alert_changes"
#: Why alerts end by themselves (`life.states.ENDINGS`).
CLEARED: Final = "cleared"
GONE: Final = "gone"
NOT_REPLENISHED: Final = "not_replenished"
PAST_DUE: Final = "past_due"
_JSON: Final = {"postgresql": "jsonb", "sqlite": "text"}
#: What is staged: which alert, as it was read, the step that it takes, why it ends if it does, and its numbers of now; `gone` has none.
_STAGED: Final = {
    "alert_id": "bigint", "seen_version": "integer", "step": "text", "why": "text", "gone": "integer", "new_level": "smallint",
    "new_clean": "smallint", "new_value": "double precision", "new_unit": "text", "new_money_amount": "bigint", "new_money_reason": "text",
    "new_saving_amount": "bigint", "new_due_on": "date", "new_suggested_qty": "bigint", "new_held_reason": "text",
    "new_inputs": "json", "new_template_id": "text",
}  # fmt: skip
# Whoever takes several alerts takes them in the order of their ids, so that nobody waits in a ring.
_LOCK: Final = f"""
SELECT count(*) FROM (SELECT FROM alerts_alert a JOIN {_STAGING} s ON a.id = s.alert_id WHERE a.version = s.seen_version
ORDER BY a.id FOR UPDATE OF a) AS locked
"""  # noqa: S608 - own names
_NUMBERS: Final = ", ".join(
    f"{name} = CASE WHEN s.gone = 0 THEN s.new_{name} ELSE alerts_alert.{name} END" for name in NUMBER_COLUMNS
)  # fmt: skip
#: A resolved alert keeps its level: it tells how bad it was. One that got worse wakes: whoever snoozed it did not know that.
_CHANGE: Final = f"""
UPDATE alerts_alert SET {_NUMBERS},
changed_cycle_id = CASE WHEN s.gone = 0 THEN %(cycle)s ELSE alerts_alert.changed_cycle_id END,
evaluated_at = CASE WHEN s.gone = 0 THEN %(as_of)s ELSE alerts_alert.evaluated_at END,
clean_evaluations = s.new_clean, version = alerts_alert.version + 1, updated_at = %(now)s,
level = CASE WHEN s.step IN ('raised', 'lowered') THEN s.new_level ELSE alerts_alert.level END,
level_since_at = CASE WHEN s.step IN ('raised', 'lowered') THEN %(as_of)s ELSE alerts_alert.level_since_at END,
status = CASE WHEN s.step IN ('resolved', 'expired') THEN 'resolved' WHEN s.step = 'raised' AND alerts_alert.status = 'snoozed' THEN 'open'
    ELSE alerts_alert.status END,
snoozed_until_at = CASE WHEN s.step = 'raised' AND alerts_alert.status = 'snoozed' THEN NULL ELSE alerts_alert.snoozed_until_at END,
resolved_at = CASE WHEN s.step IN ('resolved', 'expired') THEN %(as_of)s ELSE alerts_alert.resolved_at END,
ending = CASE WHEN s.step IN ('resolved', 'expired') THEN s.step ELSE alerts_alert.ending END,
resolution = CASE WHEN s.step IN ('resolved', 'expired') THEN s.why ELSE alerts_alert.resolution END
FROM {_STAGING} AS s WHERE alerts_alert.id = s.alert_id AND alerts_alert.version = s.seen_version
RETURNING id
"""  # noqa: S608 - own names
#: Steps in the order in which they are recorded; the last is no step, only other numbers.
STEPS: Final = ("raised", "lowered", "resolved", "expired", "")


@dataclass(slots=True)
class Changer:
    """Gathers what the rules change in a chunk, and writes it."""

    work: Work
    cells: NumberCells
    _rows: list[tuple[Any, ...]] = field(default_factory=list)
    _steps: list[tuple[str, Step]] = field(default_factory=list)

    def add(self, evaluated: Evaluated, diff: Differences, shown: ShownAlerts) -> None:
        """What one rule changes: of most nothing, and then nothing is looked at."""
        if not any(map(len, (diff.raised, diff.lowered, diff.resolved, diff.expired, diff.counted, diff.renumbered))):
            return
        ends, why = self._endings(diff, shown)
        parts = (diff.raised, diff.lowered, ends["resolved"], ends["expired"], np.union1d(diff.counted, diff.renumbered))
        for step, positions in zip(STEPS, parts, strict=True):
            its = positions[~shown.done[positions]]
            # What cannot be judged any more keeps the numbers that it had.
            told = (shown.alerts.row[its] >= 0) & (why[its] != PAST_DUE)
            self._gather(evaluated, diff, shown, its[told], step, why, gone=False)
            self._gather(evaluated, diff, shown, its[~told], step, why, gone=True)

    def write(self) -> None:
        """An alert that somebody has touched since it was read is left to its next turn."""
        for batch in batches(np.arange(len(self._rows))):
            first, end = int(batch[0]), int(batch[-1]) + 1
            with self.work.guard():
                changed = self._update(self._rows[first:end])
                for name in STEPS:
                    steps = [step for taken, step in self._steps[first:end] if taken == name and step.alert_id in changed]
                    if name:
                        record_steps(name, steps)
                    self.work.count(name or "renumbered", len(steps))

    def _endings(self, diff: Differences, shown: ShownAlerts) -> tuple[dict[str, IntArray], NDArray[np.str_]]:
        """Positions of alerts that end resolved and expired, and why each (m,) would end."""
        row = shown.alerts.row
        replenished = np.append(self.cells.snapshot["is_replenished"], np.nan)[row]
        why = np.select([row < 0, replenished == 0], [GONE, NOT_REPLENISHED], CLEARED)
        why[diff.expired] = PAST_DUE
        cleared = why[diff.resolved] == CLEARED
        return {"resolved": diff.resolved[cleared], "expired": np.union1d(diff.resolved[~cleared], diff.expired)}, why

    def _gather(
        self, evaluated: Evaluated, diff: Differences, shown: ShownAlerts, its: IntArray, step: str, why: NDArray[np.str_], *, gone: bool
    ) -> None:
        if not len(its):
            return
        n, ids = len(its), shown.alerts.id[its].tolist()
        numbers = [[None] * n] * len(NUMBER_COLUMNS) if gone else self.cells.of(evaluated, shown.alerts.row[its])
        levels = (diff.new_level if step in ("raised", "lowered") else shown.alerts.level)[its].tolist()
        guards, reasons = shown.version[its].tolist(), why[its].tolist()
        self._rows += zip(ids, guards, [step] * n, reasons, [int(gone)] * n, levels, diff.new_clean[its].tolist(), *numbers, strict=True)
        places = zip(ids, levels, shown.sku_ids[its].tolist(), shown.pool_ids[its].tolist(), strict=True)
        self._steps += [(step, Step(pk, evaluated.rule, level, sku, pool)) for pk, level, sku, pool in places]

    def _update(self, rows: Sequence[tuple[Any, ...]]) -> set[int]:
        """The ids of those that were changed."""
        columns = {name: _JSON[connection.vendor] if kind == "json" else kind for name, kind in _STAGED.items()}
        values: dict[str, Any] = {"cycle": self.work.cycle.pk, "as_of": self.work.as_of, "now": clock.now()}
        with connection.cursor() as cursor:
            stage(cursor, _STAGING, columns, rows)
            if is_postgresql():
                cursor.execute(_LOCK)
                cursor.execute(_CHANGE, values)
            else:
                cursor.execute(_CHANGE, {name: stored(value) for name, value in values.items()})
            return {pk for (pk,) in cursor.fetchall()}
