"""Lookups that the ORM lacks."""

from __future__ import annotations

import json
from typing import Any, Final

import numpy as np
from django.db.models import Field, ForeignKey, Lookup

from stockhub.core.postgresql import array_of_numbers, array_of_texts

_TEXTS: Final = frozenset(("CharField", "SlugField", "TextField"))


@ForeignKey.register_lookup
@Field.register_lookup
class AnyOf(Lookup):
    """`id__any_of=[…]` is `id__in=[…]` for whole numbers and texts, with one parameter however long the list.

    A parameter for each value costs more to bind than the query takes, from a thousand values on.
    """

    lookup_name = "any_of"

    def get_prep_lookup(self) -> list[Any]:
        # An array is not looked through for expressions, as a list is.
        return self.rhs.tolist() if isinstance(self.rhs, np.ndarray) else list(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ANN401 - Django's signature
        left, params = self.process_lhs(compiler, connection)
        return f"{left} IN (SELECT value FROM json_each(%s))", (*params, json.dumps(self.rhs))  # noqa: S608 - the ORM's own text

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ANN401 - Django's signature
        left, params = self.process_lhs(compiler, connection)
        field = self.lhs.output_field
        texts = getattr(field, "target_field", field).get_internal_type() in _TEXTS
        # Without a length, which would cut what is too long to what is there.
        array = array_of_texts(self.rhs) if texts else array_of_numbers(self.rhs)
        return f"{left} = ANY(%s::{'varchar' if texts else 'bigint'}[])", (*params, array)
