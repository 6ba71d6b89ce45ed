"""What ingestion tells `demand`: by how much the units sold of a SKU on an account in an hour changed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime

from stockhub.channels.models import SalesDelta
from stockhub.channels.resolution import Delivers
from stockhub.core.bulk import insert_rows


@dataclass(slots=True)
class SalesFacts:
    """Changes of one batch, summed by SKU and UTC hour."""

    account_id: int
    _hours: dict[datetime, datetime] = field(default_factory=dict)
    _changes: defaultdict[tuple[int, datetime], int] = field(default_factory=lambda: defaultdict(int))

    def add(self, delivers: Delivers, ordered_at: datetime, qty: int) -> None:
        """`qty` units of the listing, negative where fewer are counted than before."""
        hour = self._hours.get(ordered_at)
        if hour is None:
            # All lines of an order share its time; equal instants fall into one UTC hour, whatever their zones.
            hour = self._hours[ordered_at] = ordered_at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        for sku_id, units in delivers.units:
            self._changes[sku_id, hour] += units * qty

    def write(self) -> None:
        account = self.account_id
        rows = [(sku_id, account, hour, qty) for (sku_id, hour), qty in self._changes.items() if qty]
        insert_rows(SalesDelta, ("sku_id", "account_id", "hour_at", "qty"), rows)
        self._changes.clear()
