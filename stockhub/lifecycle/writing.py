"""Writes what an evaluation changed: states, lines of the history, and the catalogue's stage, in one transaction a batch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from stockhub.catalog.stage_writing import NewStage, write_stages
from stockhub.core import actor, clock
from stockhub.core.bulk import insert_rows, stage, transaction_rows
from stockhub.lifecycle.facts import NONE, SkuFacts, StageIds
from stockhub.lifecycle.judgement import Judgement
from stockhub.lifecycle.models import ChangeKind, StageChange
from stockhub.lifecycle.settling import KINDS, Remembered, Settled, needed

_TABLE: Final = "lifecycle_stagestate"
_STAGING: Final = "staging_stage_states"
_COLUMNS: Final = {
    "sku_id": "bigint", "stage_id": "bigint", "since_on": "date", "weeks_in_stage": "smallint", "evaluated_id": "bigint",
    "consecutive": "smallint", "reason": "text", "week_on": "date", "rule": "text", "evidence": "json", "formula_id": "text",
    "updated_at": "timestamp",
}  # fmt: skip
_TYPES: Final = {"postgresql": {"json": "jsonb", "timestamp": "timestamptz"}, "sqlite": {"json": "text", "timestamp": "text"}}
_NAMES: Final = ", ".join(_COLUMNS)
_CHANGES: Final = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name != "sku_id")
#: In the order of the index, so that whoever writes the same rows takes them in the same order. SQLite needs the WHERE to see the conflict.
_UPSERT: Final = (
    f"INSERT INTO {_TABLE} ({_NAMES}) SELECT {_NAMES} FROM {_STAGING} WHERE true ORDER BY sku_id "  # noqa: S608 - own names
    f"ON CONFLICT (sku_id) DO UPDATE SET {_CHANGES}"
)
_CHANGE_COLUMNS: Final = (
    "sku_id", "kind", "week_on", "stage_from_id", "stage_to_id", "evaluated_id", "consecutive", "needed", "rule", "actor", "note",
    "evidence", "formula_id", "cycle_id", "recorded_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An evaluation of n SKUs, ready to be written. `stated` (n,): the catalogue had another stage than was remembered."""

    facts: SkuFacts
    before: Remembered
    settled: Settled
    judgement: Judgement
    stated: NDArray[np.bool_]
    remembered_before: Remembered
    stages: StageIds
    cycle_id: int | None

    def changed(self) -> NDArray[np.int64]:
        """Rows of which anything is to be written: all that were not looked at this week, and those that a second look sees otherwise."""
        was, now = self.remembered_before, self.settled.after
        same = np.ones(len(self.facts.sku_ids), np.bool_)
        for name in ("stage", "weeks_in_stage", "evaluated", "consecutive", "week_on"):
            left, right = getattr(was, name), getattr(now, name)
            same &= (left == right) | (np.isnan(left) & np.isnan(right))
        return np.flatnonzero(~same)

    def in_force(self, row: int) -> int | None:
        """The id of the stage that counts: what somebody has set by hand, else what is settled, else what the catalogue says."""
        override = int(self.facts.override_id[row])
        settled = self.stages.at(float(self.settled.after.stage[row]))
        return override or settled or int(self.facts.stage_id[row]) or None


def batches(rows: NDArray[np.int64]) -> Iterator[list[int]]:
    """What is written in one transaction: a SKU is up to five rows, with its state, two lines of history, its stage and its event."""
    size = transaction_rows() // 5
    for start in range(0, len(rows), size):
        yield rows[start : start + size].tolist()


def write(evaluated: Evaluated, rows: list[int]) -> dict[str, int]:
    """Writes some of the rows; the caller holds the lease in a transaction. Returns counts of what was changed."""
    _write_states(evaluated, rows)
    lines = [line for row in rows for line in _lines(evaluated, row)]
    insert_rows(StageChange, _CHANGE_COLUMNS, lines)
    wanted = [
        NewStage(int(evaluated.facts.sku_ids[row]), int(evaluated.facts.stage_id[row]) or None, stage_id)
        for row in rows
        if (stage_id := evaluated.in_force(row)) != (int(evaluated.facts.stage_id[row]) or None)
    ]
    counts = {f"history.{line[1]}": 0 for line in lines}
    for line in lines:
        counts[f"history.{line[1]}"] += 1
    return counts | {"states": len(rows), "stages_changed": len(write_stages(wanted))}


def _write_states(evaluated: Evaluated, rows: list[int]) -> None:
    after, judgement, now = evaluated.settled.after, evaluated.judgement, clock.now()
    types = _TYPES[connection.vendor]
    cells = [
        (
            int(evaluated.facts.sku_ids[row]), evaluated.stages.at(float(after.stage[row])), _day(after.since_on[row]),
            int(after.weeks_in_stage[row]), evaluated.stages.at(float(after.evaluated[row])), int(after.consecutive[row]),
            judgement.reasons[row], _day(after.week_on[row]), judgement.rule, json.dumps(judgement.evidence[row]),
            judgement.formula.digest, now,
        )
        for row in rows
    ]  # fmt: skip
    with connection.cursor() as cursor:
        stage(cursor, _STAGING, {name: types.get(kind, kind) for name, kind in _COLUMNS.items()}, cells)
        cursor.execute(_UPSERT)


def _lines(evaluated: Evaluated, row: int) -> Iterator[tuple[Any, ...]]:
    """The lines of history of one SKU: that the catalogue was changed by somebody, and what the evaluation changed."""
    before, after, judgement = evaluated.before, evaluated.settled.after, evaluated.judgement
    sku, week, now = int(evaluated.facts.sku_ids[row]), _day(after.week_on[row]), clock.now()
    at, stages = evaluated.stages.at, evaluated.stages
    if evaluated.stated[row]:
        was = stages.at(float(evaluated.remembered_before.stage[row]))
        yield (
            sku, str(ChangeKind.STATED.value), week, was, at(float(before.stage[row])), None, 0, 0, "", "catalog", "", "{}", None,
            evaluated.cycle_id, now,
        )  # fmt: skip
    kind = KINDS[int(evaluated.settled.kind[row])]
    if kind is None:
        return
    count = needed(before.stage[row : row + 1], after.evaluated[row : row + 1])
    yield (
        sku, str(kind.value), week, at(float(before.stage[row])), at(float(after.stage[row])), at(float(after.evaluated[row])),
        int(after.consecutive[row]), int(count[0]), judgement.rule, actor.current().label, judgement.reasons[row],
        json.dumps(judgement.evidence[row]), judgement.formula.digest, evaluated.cycle_id, now,
    )  # fmt: skip


def _day(ordinal: float) -> date | None:
    return None if np.isnan(ordinal) else date.fromordinal(int(ordinal))


def catalogue_differs(facts: SkuFacts, before: Remembered, stages: StageIds) -> NDArray[np.bool_]:
    """Rows (n,) whose stage somebody has changed in the catalogue since it was written there, and not for a time."""
    said = stages.positions(facts.stage_id)
    differs: NDArray[np.bool_] = ~((said == before.stage) | (np.isnan(said) & np.isnan(before.stage)))
    told: NDArray[np.bool_] = differs & (facts.override_id == NONE) & ~np.isnan(before.week_on)
    return told
