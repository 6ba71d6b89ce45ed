"""Which champion forecasts which row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.champion_models import Backtest, Champion
from stockhub.demand.champions.kinds import chosen, is_class_a, kinds_of, prices_of, revenue_of_rows
from stockhub.demand.models import ForecastSettings
from stockhub.formulas.elementwise import FloatArray


@dataclass(frozen=True, slots=True)
class InUse:
    """Champions by kind of demand, and the revenue a day from which a SKU is of class A."""

    by_kind: dict[str, str]
    class_a_from: float | None


def champions_in_use(wanted: ForecastSettings) -> InUse:
    """Nobody where none has been chosen yet, or where the settings do without."""
    if not wanted.uses_champions:
        return InUse({}, None)
    newest = Backtest.objects.filter(champions__isnull=False).order_by("-last_on", "-pk").first()
    return InUse(dict(Champion.objects.values_list("kind", "model")), newest.class_a_from if newest else None)


def champions_of(in_use: InUse, sku_ids: NDArray[np.int64], values: NDArray[np.float32] | FloatArray, day: date) -> NDArray[np.object_]:
    """The slug (n,) for each row of demand (n, t), NaN where it is not known; empty where nobody is champion."""
    if not in_use.by_kind:
        return np.full(len(sku_ids), "", object)
    kinds = kinds_of(values)
    revenue = revenue_of_rows(values, sku_ids, prices_of(sku_ids, day))
    return chosen(kinds, is_class_a(kinds, revenue, in_use.class_a_from), in_use.by_kind)
