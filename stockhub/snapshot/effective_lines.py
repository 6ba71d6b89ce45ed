"""The lines of one SKU in one pool as they hold now, and why: what people and an ERP ask for (H25, H64)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from stockhub.catalog.override_models import Line, StockOverride
from stockhub.demand.frames import Rows
from stockhub.snapshot.builder import build_with_stated
from stockhub.snapshot.lines import SOURCES, lines


@dataclass(frozen=True, slots=True)
class EffectiveLine:
    """A line in units, None where there is none; what it would be without the override; and one of `SOURCES`."""

    line: Line
    value: float | None
    base: float | None
    source: str
    override: StockOverride | None


def effective_lines(*, sku_id: int, pool_id: int, as_of: datetime) -> list[EffectiveLine]:
    """Both lines, from the facts of now and what holds at `as_of`; empty where the SKU has no sales, stock or policy in the pool."""
    snapshot, stated = build_with_stated([sku_id], as_of)
    rows = Rows(snapshot.sku_ids, snapshot.pool_ids)
    [row] = rows.find(np.array([sku_id], np.int64), pool_id).tolist()
    if row < 0:
        return []
    found = lines(rows, as_of, stated)
    overrides = StockOverride.objects.in_bulk([int(column.override[row]) for column in found.values()])
    return [
        EffectiveLine(
            line,
            _known(column.value[row]),
            _known(column.base[row]),
            SOURCES[column.source[row]],
            overrides.get(int(column.override[row])),
        )
        for line, column in found.items()
    ]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
