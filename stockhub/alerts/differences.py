"""What a cycle has to write: findings against the alerts that are open, over arrays. Pure: no database, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi.alert_rule import NOT_EVALUATED
from stockhub.pluginapi.snapshot import FloatArray

#: Evaluations in a row that must find less before an alert is lowered or closed (science.md 10.1).
CLEAN_EVALUATIONS: Final = 2
#: An alert whose day is past for so long, and whose row can no longer be judged, expires: nobody can act on it or tell that it holds.
EXPIRES_AFTER_DAYS: Final = 30.0

IntArray = NDArray[np.int64]
LevelArray = NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a finding or of an alert, (n,) each; NaN where there is none. `due_on` is a date's ordinal."""

    value: FloatArray
    money: FloatArray
    saving: FloatArray
    due_on: FloatArray
    suggested_qty: FloatArray


@dataclass(frozen=True, slots=True)
class OpenAlerts:
    """The alerts of one rule that are not resolved, (m,) each. `row` is the snapshot's row, −1 where that is gone."""

    id: IntArray
    row: IntArray
    level: LevelArray
    clean: LevelArray
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class Differences:
    """`opened`: snapshot rows. The others: positions among the open alerts, with the level each takes."""

    opened: IntArray
    raised: IntArray
    lowered: IntArray
    resolved: IntArray
    #: Found less for the first time, or again what they show after that: only their count of clean evaluations changes.
    counted: IntArray
    #: Same level, other numbers.
    renumbered: IntArray
    #: Past their day for long, and not judged any more.
    expired: IntArray
    #: (m,) the level that each open alert has after this cycle; 0 is resolved.
    new_level: LevelArray
    #: (m,) clean evaluations in a row after this cycle.
    new_clean: LevelArray


def differences(
    level: LevelArray,
    hold_level: LevelArray,
    found: Numbers,
    alerts: OpenAlerts,
    quiet: NDArray[np.bool_],
    *,
    only_worse: bool = False,
    today: float = np.nan,
    waiting: NDArray[np.bool_] | None = None,
) -> Differences:
    """Compares the findings (n,) of one rule with its open alerts (m,).

    An open alert keeps its level as long as the laxer hold thresholds say so; it falls only after `CLEAN_EVALUATIONS` evaluations in a row.
    Rows that were not evaluated change nothing. Rows in `quiet` (n,) open no alert: somebody has just resolved theirs.
    `only_worse`: an alert for which less is found stays as it is, and what it has counted stays as well. `today` is the day's ordinal; NaN
    expires nothing. `waiting` (n,): rows that were not evaluated only because somebody else does it.
    """
    has_alert = np.zeros(len(level), np.bool_)
    present = alerts.row >= 0
    has_alert[alerts.row[present]] = True
    # A row that left the snapshot is nothing found; a position of 0 stands in for its index and is overwritten.
    row = np.where(present, alerts.row, 0)
    now = np.where(present, level[row] if len(level) else 0, 0)
    hold = np.where(present, hold_level[row] if len(level) else 0, 0)
    evaluated = now != NOT_EVALUATED
    target = np.where(evaluated, np.maximum(now, np.minimum(alerts.level, hold)), alerts.level).astype(np.int8)
    less = target < alerts.level
    if only_worse:
        evaluated, less = evaluated & ~less, np.zeros(len(less), np.bool_)
        target = np.maximum(target, alerts.level)
    clean = np.where(less, alerts.clean + 1, np.where(evaluated, 0, alerts.clean)).astype(np.int8)
    falls = less & ((clean >= CLEAN_EVALUATIONS) | ~present)
    new_level = np.where(less & ~falls, alerts.level, target).astype(np.int8)
    clean[falls] = 0
    left = np.zeros(len(level), np.bool_) if waiting is None else waiting
    unjudged = ~evaluated & present & ~(left[row] if len(level) else False)
    expired = unjudged & (alerts.numbers.due_on < today - EXPIRES_AFTER_DAYS) & (not only_worse)
    same = evaluated & present & (new_level == alerts.level)
    return Differences(
        opened=np.flatnonzero((level > 0) & ~has_alert & ~quiet),
        raised=np.flatnonzero(new_level > alerts.level),
        lowered=np.flatnonzero(falls & (new_level > 0)),
        resolved=np.flatnonzero(falls & (new_level == 0)),
        counted=np.flatnonzero((clean != alerts.clean) & ~falls & (new_level == alerts.level)),
        renumbered=np.flatnonzero(same & _differ(found, alerts.numbers, row)) if len(level) else np.zeros(0, np.int64),
        expired=np.flatnonzero(expired),
        new_level=new_level,
        new_clean=clean,
    )


def _differ(found: Numbers, shown: Numbers, row: IntArray) -> NDArray[np.bool_]:
    """Whether any number of the alert (m,) is another one now, beyond the last bits of a float and the sixth place of money."""
    out = np.zeros(len(row), np.bool_)
    for name, tolerance in (("value", 1e-9), ("money", 1e-6), ("saving", 1e-6), ("due_on", 0.0), ("suggested_qty", 0.0)):
        fresh, old = getattr(found, name)[row], getattr(shown, name)
        close = np.isclose(fresh, old, rtol=1e-9, atol=tolerance, equal_nan=True)
        out |= ~close
    return out
