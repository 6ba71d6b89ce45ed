"""The ids by which other systems, an ERP above all, know our objects. Read with the object in the same statement."""

from __future__ import annotations

import json
from typing import Any

import strawberry
from django.db.models import F, OuterRef, Subquery, TextField
from django.db.models.expressions import Func
from strawberry_django import field as django_field

from stockhub.core.models import ExternalRef as ExternalRefRow


@strawberry.type(description="The id that another system knows an object by.")
class ExternalRef:
    system: str = strawberry.field(description="The other system, such as erp.")
    id: str = strawberry.field(description="Its id there, as text.")


class _JsonObjects(Func):
    """All (system, value) pairs of a group as one JSON array."""

    output_field = TextField()
    contains_aggregate = False
    template = "json_group_array(json_array(%(expressions)s))"

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # noqa: ANN401 - Django's signature
        return self.as_sql(compiler, connection, template="json_agg(json_build_array(%(expressions)s))::text", **extra)


def _annotation(entity: str) -> Subquery:
    refs = ExternalRefRow.objects.filter(entity=entity, entity_id=OuterRef("pk")).order_by()
    return Subquery(refs.annotate(_all=_JsonObjects(F("system"), F("value"))).values("_all"), output_field=TextField())


def external_refs(entity: str) -> Any:  # noqa: ANN401 - a field of strawberry-django
    """The field `externalRefs` of a type whose rows are that entity (`catalog.sku`)."""

    def resolve(root: Any) -> list[ExternalRef]:  # noqa: ANN401 - any model
        stored = root.__dict__.get("_external_refs", ...)
        if stored is ...:  # an object that no list loaded: the payload of a mutation
            pairs = list(ExternalRefRow.objects.filter(entity=entity, entity_id=root.pk).values_list("system", "value"))
        else:
            pairs = [tuple(pair) for pair in json.loads(stored or "[]")]
        return [ExternalRef(system=system, id=value) for system, value in sorted(pairs)]

    return django_field(
        resolver=resolve, annotate={"_external_refs": _annotation(entity)}, description="Its ids in other systems, such as the ERP's own."
    )
