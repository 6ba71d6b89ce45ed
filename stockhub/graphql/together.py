"""Objects that a payload or a side of *Today* names one by one, read together: once for all of them with what the selection asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from strawberry import Info
from strawberry_django.optimizer import optimize

from stockhub.graphql.pagination import read_beside, rows_of


def read_together(info: Info, model: type[Model], pk: int | None, together: Sequence[int]) -> Any:  # noqa: ANN401 - a row or None
    """The row with this key among those that the user sees; the first call reads all of `together`."""
    if pk is None:
        return None
    memo = info.context.memo
    # The same selection asks every one of them, so its nodes name what was read.
    key = (model, tuple(together), *(id(node) for node in info._raw_info.field_nodes))  # noqa: SLF001 - Strawberry has no other name for them
    if key not in memo:
        memo[key] = {row.pk: row for row in optimize(rows_of(model, info).filter(pk__in=together), info)}
        read_beside(info, list(memo[key].values()))
    return memo[key].get(pk)
