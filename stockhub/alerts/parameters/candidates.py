"""The values that hold at a moment, of all rules, which target of which scope each is for, and which of one target's counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from django.db.models import BigIntegerField, Case, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Greatest, Upper
from numpy.typing import NDArray

from stockhub.alerts.parameter_models import ParameterScope, RuleParameter
from stockhub.core.columns import INT, TEXT
from stockhub.core.kept import KeptIds, Place, kept
from stockhub.core.ranges import id_filter

IntArray = NDArray[np.int64]
#: Scopes from the least to the most specific: a later one goes before an earlier one.
SCOPES: Final = tuple(ParameterScope)
#: The order of values of one target, the one that counts last: one without an end before one for a time, the one that began earlier before
#: the one that began later, and of equals the one set first. Nothing begins before somebody set it.
BY_PRECEDENCE: Final[tuple[Any, ...]] = (Case(When(until_at=None, then=0), default=1), Greatest("starts_at", "set_at"), "set_at", "id")


def precedence_of(row: RuleParameter) -> tuple[bool, datetime, datetime]:
    """The same of one row; of equals the one with the lower id comes first."""
    return row.until_at is not None, max(row.starts_at, row.set_at), row.set_at


@dataclass(frozen=True, slots=True)
class Candidates:
    """m values, of one target the one that counts last.

    `scope` (m,) is a position in `SCOPES`, `target` (m,) the id of the category, stage, account, pool or SKU (0 for other scopes),
    `sku_class` (m,) the class in capitals; `value` (m,) is JSON.
    """

    id: IntArray
    rule: NDArray[np.object_]
    parameter: NDArray[np.object_]
    value: NDArray[np.object_]
    scope: IntArray
    target: IntArray
    sku_class: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.id)

    def has(self, scope: ParameterScope) -> bool:
        """Whether any is of this scope."""
        return bool((self.scope == SCOPES.index(scope)).any())


def candidates_of(skus: IntArray, at: datetime) -> Candidates:
    """What holds at that moment for these SKUs, and perhaps for some others: one query."""
    return Candidates(*_held(skus=skus, at=at).values())


@kept({"id": INT, "rule": TEXT, "parameter": TEXT, "value_text": TEXT, "scope_number": INT, "target_id": INT, "class_text": TEXT})
def _held(skus: KeptIds, at: Place) -> QuerySet[RuleParameter]:
    held = RuleParameter.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=at), Q(until_at=None) | Q(until_at__gt=at),
        Q(sku=None) | Q(**id_filter("sku_id", skus)), starts_at__lte=at,
    )  # fmt: skip
    return held.annotate(
        value_text=Cast("value", TextField()),
        scope_number=Case(*[When(scope=scope, then=number) for number, scope in enumerate(SCOPES)]),
        target_id=Coalesce("sku_id", "pool_id", "account_id", "stage_id", "category_id", Value(0), output_field=BigIntegerField()),
        class_text=Upper("sku_class"),
    ).order_by(*BY_PRECEDENCE)
