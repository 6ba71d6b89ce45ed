"""Days that people have marked: how cleaning takes them, and what the forecast says of it (F4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import numpy as np
from django.db.models import Q

from stockhub.demand.by_hand_models import DayMark, DayTreatment
from stockhub.demand.cleaning.day_marks import DayMarks
from stockhub.demand.plans.effects import as_target
from stockhub.demand.plans.reasons import Reason, ReasonKind
from stockhub.demand.plans.targets import TargetRows, columns_of
from stockhub.values import Label

#: A mark for an account touches the rows of pools of whose demand the account has so much.
LEAST_SHARE: Final = 0.5
_LABELS: Final = {
    DayTreatment.KEPT: Label("Day kept as it is, by hand", "人工保留当日数据"),
    DayTreatment.LEFT_OUT: Label("Day left out, by hand", "人工剔除当日数据"),
    DayTreatment.STATED: Label("Day's units stated by hand", "人工填写当日销量"),
}


def day_marks(targets: TargetRows, first_on: date, days: int) -> DayMarks | None:
    """What is said of `days` days of the rows from `first_on` on; None where nobody says anything."""
    shape = (len(targets.rows), days)
    found: DayMarks | None = None
    for mark in _marks(targets, first_on, first_on + timedelta(days=days - 1)):
        touched = np.flatnonzero(targets.share_of(as_target(mark)) >= LEAST_SHARE)
        if not touched.size:
            continue
        if found is None:
            found = DayMarks(np.zeros(shape, np.bool_), np.zeros(shape, np.bool_), np.full(shape, np.nan, np.float32), [])
        columns = columns_of(mark.starts_on, mark.ends_on, first_on, days)
        found.left_out[touched, columns] = mark.treatment == DayTreatment.LEFT_OUT
        found.kept[touched, columns] = mark.treatment != DayTreatment.LEFT_OUT
        found.stated[touched, columns] = np.nan if mark.units is None else mark.units
        found.reasons.append((_reason(mark), touched))
    return found


def _marks(targets: TargetRows, first_on: date, last_on: date) -> Iterator[DayMark]:
    """Those of the days, the last written last."""
    if not len(targets.rows):
        return
    here = Q(sku=None) | Q(sku_id__gte=int(targets.rows.skus[0]), sku_id__lte=int(targets.rows.skus[-1]))
    yield from DayMark.objects.filter(here, deleted_at=None, starts_on__lte=last_on, ends_on__gte=first_on).order_by("updated_at", "id")


def _reason(mark: DayMark) -> Reason:
    return Reason(
        ReasonKind.DAY_MARK, mark.code, _LABELS[DayTreatment(mark.treatment)], mark.starts_on, mark.ends_on, origin="stated",
        why=mark.reason, made_by=mark.made_by, values=None if mark.units is None else {"units_a_day": mark.units},
    )  # fmt: skip
