"""Warehouses as the ledger's services need them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Authority, Warehouse
from stockhub.core import clock
from stockhub.values.errors import DomainError


@dataclass(frozen=True, slots=True)
class WarehouseFacts:
    id: int
    is_observed: bool
    ledger_starts_at: datetime
    time_zone: str

    def instant_of(self, day: date) -> datetime:
        """A moment on a business day: now where it is today, else the day's start; never before the ledger of that same day."""
        now = clock.now()
        if clock.business_day(now, self.time_zone) == day:
            return max(now, self.ledger_starts_at)
        starts_that_day = clock.business_day(self.ledger_starts_at, self.time_zone) == day
        return self.ledger_starts_at if starts_that_day else clock.start_of_day(day, self.time_zone)

    def is_before_ledger(self, day: date) -> bool:
        return day < clock.business_day(self.ledger_starts_at, self.time_zone)


def warehouse_facts(warehouse_ids: Collection[int]) -> dict[int, WarehouseFacts]:
    """Raises `unknown_warehouse` where one does not exist."""
    asked = set(warehouse_ids)
    rows = Warehouse.objects.filter(id__in=asked).values_list("id", "authority", "ledger_starts_at", "time_zone")
    facts = {pk: WarehouseFacts(pk, authority == Authority.SNAPSHOT, starts_at, zone) for pk, authority, starts_at, zone in rows}
    missing = sorted(asked - facts.keys())
    if missing:
        raise DomainError("unknown_warehouse", _("There is no such warehouse."), path=("warehouse_id",), params={"warehouse_ids": missing})
    return facts


def require_counted_here(facts: WarehouseFacts) -> None:
    if facts.is_observed:
        raise DomainError(
            "warehouse_is_observed",
            _("The platform counts this warehouse, so that a change made here would be undone by its next figures. Change it there."),
            path=("warehouse",),
            params={"warehouse_id": facts.id},
        )
