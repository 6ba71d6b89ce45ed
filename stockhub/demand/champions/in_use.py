"""Which champions forecast which row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from stockhub.demand.champion_models import Backtest, Champion, DemandKind
from stockhub.demand.champions.kinds import chosen, is_class_a, kinds_of, prices_of, revenue_of_rows
from stockhub.demand.models import ForecastSettings
from stockhub.formulas.elementwise import FloatArray


@dataclass(frozen=True, slots=True)
class InUse:
    """Champions of sums by kind of demand; those of the mean, "" for all kinds but those that have their own; and the revenue a day from
    which a SKU is of class A.
    """

    by_kind: dict[str, str]
    means: dict[str, str]
    class_a_from: float | None


@dataclass(frozen=True, slots=True)
class ChampionsOf:
    """Of each row (n,) the slug of the champion of its mean and of that of its sums over lead times; empty where nobody is champion."""

    mean: NDArray[np.object_]
    sums: NDArray[np.object_]


def champions_there() -> InUse:
    """Who is champion, whether or not the settings ask for champions."""
    rows = {row.kind: row for row in Champion.objects.all()}
    own = DemandKind.CLASS_A.value
    means = {"" if kind != own else own: row.mean_model for kind, row in sorted(rows.items()) if row.mean_model}
    newest = Backtest.objects.filter(champions__isnull=False).order_by("-last_on", "-pk").first()
    return InUse({kind: row.model for kind, row in rows.items()}, means, newest.class_a_from if newest else None)


def champions_in_use(wanted: ForecastSettings) -> InUse:
    """Nobody where none has been chosen yet, or where the settings do without."""
    return champions_there() if wanted.uses_champions else InUse({}, {}, None)


def champions_of(in_use: InUse, sku_ids: NDArray[np.int64], values: NDArray[np.float32] | FloatArray, day: date) -> ChampionsOf:
    """The champions of each row of demand (n, t), NaN where it is not known.

    Where no backtest has chosen a champion of the mean yet, that of the sums forecasts it.
    """
    if not in_use.by_kind:
        nobody = np.full(len(sku_ids), "", object)
        return ChampionsOf(nobody, nobody)
    kinds = kinds_of(values)
    class_a = is_class_a(kinds, revenue_of_rows(values, sku_ids, prices_of(sku_ids, day)), in_use.class_a_from)
    sums = chosen(kinds, class_a, in_use.by_kind)
    if not in_use.means:
        return ChampionsOf(sums, sums)
    of_all = in_use.means.get("", "")
    mean = np.where(class_a, in_use.means.get(DemandKind.CLASS_A.value, of_all), of_all).astype(object)
    return ChampionsOf(mean, sums)
