"""Taking one row of due work so that no other worker has it: a conditional UPDATE … RETURNING, the same on both databases."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import Q, Subquery
from django.db.models.sql import UpdateQuery

Row = TypeVar("Row", bound=models.Model)
#: How often a worker tries again after another was faster. More rivals than this at once come back at the next nudge.
_TRIES = 20


def claim(candidates: models.QuerySet[Row], *, while_still: Q, **changes: Any) -> Row | None:  # noqa: ANN401 - values and expressions of any field
    """Changes the first of the ordered candidates in one statement and returns it; None where there is none left.

    `while_still` repeats what makes a row a candidate, in the row's own columns: the database checks it again under the row's lock, so of
    two workers that chose the same row one gets it and the other looks again. (`skip_locked` would be quicker; SQLite silently ignores it.)
    """
    model = candidates.model
    rows: models.QuerySet[Row] = model._base_manager.all()  # noqa: SLF001 - Django's documented name
    key = str(model._meta.pk.column)
    for _ in range(_TRIES):
        query: UpdateQuery = rows.filter(while_still, pk=Subquery(candidates.values("pk")[:1])).query.chain(UpdateQuery)  # type: ignore[assignment]
        query.add_update_values(changes)
        statement, parameters = query.get_compiler(connection=connection).as_sql()
        with connection.cursor() as cursor:
            cursor.execute(f"{statement} RETURNING {connection.ops.quote_name(key)}", parameters)
            row = cursor.fetchone()
        if row is not None:
            return rows.get(pk=row[0])
        # SQLite lets nobody write between a statement's choice and its change: there is no faster rival.
        if connection.vendor == "sqlite" or not candidates.exists():
            return None
    return None
