"""Lookups that the ORM lacks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from django.db import connection
from django.db.models import Expression, Field, ForeignKey, Lookup

from stockhub.core.postgresql import array_of_numbers, array_of_texts

_TEXTS: Final = frozenset(("CharField", "SlugField", "TextField"))


def ids_as_parameter(ids: Iterable[int]) -> str:
    """Whole numbers as `any_of` binds them: an array on PostgreSQL, JSON on SQLite."""
    listed = ids.tolist() if isinstance(ids, np.ndarray) else [int(i) for i in ids]
    return array_of_numbers(listed) if connection.vendor == "postgresql" else json.dumps(listed)


@ForeignKey.register_lookup
@Field.register_lookup
class AnyOf(Lookup):
    """`id__any_of=[…]` is `id__in=[…]` for whole numbers and texts, with one parameter however long the list.

    A parameter for each value costs more to bind than the query takes, from a thousand values on. The place of a list that comes later
    (`kept.IdsPlace`) is its own parameter; it is of whole numbers.
    """

    lookup_name = "any_of"

    def get_prep_lookup(self) -> Any:  # noqa: ANN401 - a list, or the place of one
        if isinstance(self.rhs, Expression):
            return self.rhs
        # An array is not looked through for expressions, as a list is.
        return self.rhs.tolist() if isinstance(self.rhs, np.ndarray) else list(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ANN401 - Django's signature
        left, params = self.process_lhs(compiler, connection)
        given = self.rhs if isinstance(self.rhs, Expression) else json.dumps(self.rhs)
        return f"{left} IN (SELECT value FROM json_each(%s))", (*params, given)  # noqa: S608 - the ORM's own text

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ANN401 - Django's signature
        left, params = self.process_lhs(compiler, connection)
        if isinstance(self.rhs, Expression):
            return f"{left} = ANY(%s::bigint[])", (*params, self.rhs)
        field = self.lhs.output_field
        texts = getattr(field, "target_field", field).get_internal_type() in _TEXTS
        # Without a length, which would cut what is too long to what is there.
        array = array_of_texts(self.rhs) if texts else array_of_numbers(self.rhs)
        return f"{left} = ANY(%s::{'varchar' if texts else 'bigint'}[])", (*params, array)
