"""Findings as cells of the alerts' table, a list a column: texts that both databases read, made without an object a row."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import repeat
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stockhub.alerts.evaluation import Evaluated
from stockhub.alerts.rules.imbalance import DONOR_POOL
from stockhub.catalog.models import StockPool
from stockhub.core.remembering import remembered
from stockhub.pluginapi import Snapshot

IntArray = NDArray[np.int64]
Cells = list[str | None]
#: Columns of an alert that a finding fills, in the order of `NumberCells.of`.
NUMBER_COLUMNS: Final = (
    "value", "unit", "money_amount", "money_reason", "saving_amount", "due_on", "suggested_qty", "held_reason", "inputs", "template_id",
)  # fmt: skip
#: Whole millionths above this are not exact in a float.
_EXACT: Final = 2.0**53
_MILLIONTHS: Final = Decimal(1_000_000)


@dataclass(slots=True)
class NumberCells:
    """Makes the cells of one snapshot's findings."""

    snapshot: Snapshot
    _pool_codes: dict[int, str] | None = field(default=None)

    def of(self, evaluated: Evaluated, rows: IntArray) -> list[Cells]:
        """The cells of `NUMBER_COLUMNS` for snapshot rows (k,)."""
        numbers = evaluated.numbers
        money = numbers.money[rows]
        return [
            _reals(numbers.value[rows]),
            list(repeat(evaluated.findings.unit, len(rows))),
            _amounts(money),
            _money_reasons(evaluated, rows, np.isnan(money)),
            _amounts(numbers.saving[rows]),
            _days(numbers.due_on[rows]),
            [None if np.isnan(qty) else str(int(qty)) for qty in numbers.suggested_qty[rows].tolist()],
            [reason.decode() or None for reason in evaluated.held[rows].tolist()],
            self._inputs(evaluated, rows),
            list(repeat(evaluated.template, len(rows))),
        ]

    def _inputs(self, evaluated: Evaluated, rows: IntArray) -> Cells:
        """The inputs of each row as a JSON object."""
        names, columns = [], []
        for name, array in evaluated.findings.inputs.items():
            names.append(name)
            columns.append([cell or "null" for cell in _reals(array[rows])])
        if (donors := evaluated.findings.inputs.get(DONOR_POOL)) is not None:
            # Lists and mails name the pool without asking for it once an alert.
            names.append("donor")
            columns.append([self._donor(pool) for pool in donors[rows].tolist()])
        members = ", ".join(f"{json.dumps(name).replace('%', '%%')}: %s" for name in names)
        text = f"{{{members}}}"
        return [text % values for values in zip(*columns, strict=True)] if columns else ["{}"] * len(rows)

    def _donor(self, pool: float) -> str:
        if self._pool_codes is None:
            codes = remembered("codes of pools", lambda: dict(StockPool.objects.values_list("id", "code")))
            self._pool_codes = {pk: json.dumps(its) for pk, its in codes.items()}
        return self._pool_codes.get(int(pool), '""') if np.isfinite(pool) else "null"


def _reals(values: NDArray[np.float64]) -> Cells:
    if np.isfinite(values).all():
        return list(map(repr, values.tolist()))
    return [repr(value) if finite else None for value, finite in zip(values.tolist(), np.isfinite(values).tolist(), strict=True)]


def _amounts(values: NDArray[np.float64]) -> Cells:
    """Amounts as whole millionths, as `AmountField` stores them."""
    scaled = np.rint(values * 1e6)
    exact = np.abs(scaled) < _EXACT
    return [
        None if value != value else str(int(whole)) if fits else str(_exact_millionths(value))  # noqa: PLR0124 - NaN alone differs from itself
        for value, whole, fits in zip(values.tolist(), scaled.tolist(), exact.tolist(), strict=True)
    ]


def _exact_millionths(value: float) -> int:
    return int((Decimal(repr(value)) * _MILLIONTHS).to_integral_value(rounding=ROUND_HALF_UP))


def _days(ordinals: NDArray[np.float64]) -> Cells:
    known = {day: date.fromordinal(int(day)).isoformat() for day in np.unique(ordinals[~np.isnan(ordinals)]).tolist()}
    return [known.get(day) for day in ordinals.tolist()]


def _money_reasons(evaluated: Evaluated, rows: IntArray, lacking: NDArray[np.bool_]) -> Cells:
    """Why a row has no money: the first reason that the rule gave for it; empty where it has some."""
    reasons = np.where(lacking, "NOT_VALUED", "").astype(object)
    for code, its in reversed(list(evaluated.findings.reasons.items())):
        reasons[lacking & its[rows]] = code[:40]
    return list(reasons)
