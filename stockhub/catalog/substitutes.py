"""Which SKUs can stand in for another, on a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from stockhub.catalog.models import SkuRelation, SkuRelationKind
from stockhub.core.ranges import id_filter


def substitutes_on(
    first_on: date, last_on: date, *, of: Collection[int] | None = None, by: Collection[int] | None = None
) -> list[SkuRelation]:
    """The ties that hold on some of these days: `sku` stands in for `other`, both of them still there; by substitute.

    Only those in place of the SKUs `of`, and only those of the SKUs `by`; None stands for all.
    """
    holds = Q(valid_from__lte=last_on) & (Q(valid_to=None) | Q(valid_to__gte=first_on))
    found = SkuRelation.objects.filter(holds, kind=SkuRelationKind.SUBSTITUTE_OF, sku__deleted_at=None, other__deleted_at=None)
    if of is not None:
        found = found.filter(**id_filter("other_id", of))
    if by is not None:
        found = found.filter(**id_filter("sku_id", by))
    ties = found.select_related("sku", "other").order_by("sku__code", "other__code", "pk")
    # Many ids that lie together are read as their range.
    wanted_of, wanted_by = None if of is None else set(of), None if by is None else set(by)
    return [tie for tie in ties if (wanted_of is None or tie.other_id in wanted_of) and (wanted_by is None or tie.sku_id in wanted_by)]
