"""The alerts that a range of SKUs shows, as arrays over all rules: unchanged ones cost no object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from django.db.models import Q, QuerySet
from numpy.typing import NDArray

from stockhub.alerts.differences import IntArray, LevelArray, Numbers, OpenAlerts
from stockhub.alerts.models import Alert, AlertStatus
from stockhub.alerts.quiet_periods import dismissed, quiet_since
from stockhub.core.columns import DAY, FLAG, FLOAT, INT, code
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.core.ranges import id_filter
from stockhub.demand.frames import Rows

_KIND: Final = code(60)
_COLUMNS: Final = {
    "id": INT, "version": INT, "kind": _KIND, "sku_id": INT, "pool_id": INT, "level": INT, "clean_evaluations": INT, "value": FLOAT,
    "money_amount": FLOAT, "saving_amount": FLOAT, "due_on": DAY, "suggested_qty": FLOAT, "held_reason": code(40), "done": FLAG,
}  # fmt: skip
_AMOUNT: Final = 1e6
#: No run has this id.
NO_CYCLE: Final = 0


@kept(_COLUMNS)
def _shown(skus: KeptIds, cycle: Place) -> QuerySet[Alert]:
    """Alerts that are not resolved, those that this run has changed marked as `done`."""
    shown = Alert.objects.filter(**id_filter("sku_id", skus), pool__isnull=False).exclude(status=AlertStatus.RESOLVED)
    done = Q(changed_cycle_id=cycle, changed_cycle_id__isnull=False)
    # Not in the order of their ids: the server would sort whole rows, and the ids are sorted as soon as they are here.
    return shown.annotate(done=done)


@kept({"kind": _KIND, "sku_id": INT, "pool_id": INT, "level": INT})
def _dismissed(skus: KeptIds, since: Place, false_since: Place) -> QuerySet[Alert]:
    """Alerts of SKUs in pools that a person has dealt with since these moments."""
    return dismissed(Alert.objects.filter(**id_filter("sku_id", skus), pool__isnull=False), since, false_since)


@dataclass(frozen=True, slots=True)
class ShownAlerts:
    """The open alerts of one rule with what guards their writing, (m,) each.

    `held`: why nothing may act on it, empty where something may.
    `done`: changed by this very run already, before a worker died; it must not take a second step for one evaluation.
    """

    alerts: OpenAlerts
    sku_ids: IntArray
    pool_ids: IntArray
    version: IntArray
    held: NDArray[np.bytes_]
    done: NDArray[np.bool_]

    def where(self, its: NDArray[np.bool_] | IntArray) -> ShownAlerts:
        """Some of them."""
        alerts, numbers = self.alerts, self.alerts.numbers
        return ShownAlerts(
            OpenAlerts(
                id=alerts.id[its],
                row=alerts.row[its],
                level=alerts.level[its],
                clean=alerts.clean[its],
                numbers=Numbers(
                    numbers.value[its], numbers.money[its], numbers.saving[its], numbers.due_on[its], numbers.suggested_qty[its]
                ),
            ),
            self.sku_ids[its],
            self.pool_ids[its],
            self.version[its],
            self.held[its],
            self.done[its],
        )


@dataclass(frozen=True, slots=True)
class AlertsOfRange:
    """What the SKUs of a chunk show: open alerts, and what people have resolved lately. Two queries for all rules."""

    rows: Rows
    kind: NDArray[np.bytes_]
    shown: ShownAlerts
    quiet_kind: NDArray[np.bytes_]
    quiet_row: IntArray
    quiet_level: IntArray

    @classmethod
    def of(cls, rows: Rows, sku_ids: Sequence[int], *, as_of: datetime, cycle_id: int | None) -> AlertsOfRange:
        found = _shown(skus=sku_ids, cycle=NO_CYCLE if cycle_id is None else cycle_id)
        numbers = Numbers(
            found["value"], found["money_amount"] / _AMOUNT, found["saving_amount"] / _AMOUNT, found["due_on"], found["suggested_qty"]
        )
        alerts = OpenAlerts(
            id=found["id"],
            row=rows.find(found["sku_id"], found["pool_id"]),
            level=found["level"].astype(np.int8),
            clean=found["clean_evaluations"].astype(np.int8),
            numbers=numbers,
        )
        shown = ShownAlerts(alerts, found["sku_id"], found["pool_id"], found["version"], found["held_reason"], found["done"])
        by_id = np.argsort(found["id"], kind="stable")
        asked = by_id[np.isin(found["sku_id"], np.asarray(sku_ids, np.int64))[by_id]]
        since, false_since = quiet_since(as_of)
        quiet = _dismissed(skus=sku_ids, since=since, false_since=false_since)
        return cls(
            rows,
            found["kind"][asked],
            shown.where(asked),
            quiet["kind"],
            rows.find(quiet["sku_id"], quiet["pool_id"]),
            quiet["level"],
        )

    def of_rule(self, rule: str) -> ShownAlerts:
        """The open alerts of one rule, by id."""
        return self.shown.where(self.kind == rule.encode())

    def quiet_of(self, rule: str, level: LevelArray) -> NDArray[np.bool_]:
        """Rows (n,) whose alert a person has lately resolved at the level found (n,) or a higher one."""
        quiet = np.zeros(len(self.rows), np.bool_)
        its = (self.quiet_kind == rule.encode()) & (self.quiet_row >= 0)
        row = self.quiet_row[its]
        quiet[row[level[row] <= self.quiet_level[its]]] = True
        return quiet
