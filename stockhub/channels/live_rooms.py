"""Who sells at this moment: units by live room, author and minute, as a signal of demand (D18).

Read from the order lines themselves, whose units that count as sold ingestion keeps exact: what is cancelled is out again, what comes twice
is there once, and what is linked later is counted in. A table of minutes would be a second truth to keep. Only orders that a live-stream
sold are in the index that this is read by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q, Sum
from django.db.models.functions import TruncMinute
from django.utils.translation import gettext_lazy as _

from stockhub.channels.models import NOT_TOLD, Account, OrderLine
from stockhub.channels.resolution import load_resolution
from stockhub.core import clock
from stockhub.core.partitions import month_start
from stockhub.values import DomainError

#: The longest stretch that is told by the minute.
MOST: Final = timedelta(hours=48)
MINUTE: Final = timedelta(minutes=1)
#: An order is recorded after it was made, but for clocks that differ.
_CLOCKS: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LiveSales:
    """Units of a SKU that a room and its author sold on an account. `minutes` are instants, ascending, each with its units."""

    account_id: int
    sku_id: int
    room: str
    author: str
    minutes: tuple[tuple[datetime, int], ...]

    @property
    def units(self) -> int:
        return sum(units for _minute, units in self.minutes)

    def columns(self, since: datetime, until: datetime) -> list[int]:
        """Units of every minute of [since, until): 0 where none was sold."""
        told = dict(self.minutes)
        first = floored(since)
        return [told.get(first + MINUTE * place, 0) for place in range(max(0, -((first - until) // MINUTE)))]


def live_sales(
    *, accounts: Collection[Account], since: datetime, until: datetime | None = None, sku_ids: Collection[int] | None = None
) -> list[LiveSales]:
    """What live rooms sold since then, the most units first. Units are those of SKUs with stock: a bundle is taken apart.

    Two queries, and those of the accounts' listings. DomainError `invalid_range`, `instant_without_zone`.
    """
    end = until or clock.now()
    _require_range(since, end)
    return live_sales_within(accounts=accounts, spans=[(floored(since), end)], sku_ids=sku_ids)


def live_sales_within(
    *, accounts: Collection[Account], spans: Sequence[tuple[datetime, datetime]], sku_ids: Collection[int] | None = None
) -> list[LiveSales]:
    """The same of many spans of time, each from its first instant, a whole minute, to before its last: as many queries as for one."""
    sold: defaultdict[tuple[int, int, str, str], defaultdict[datetime, int]] = defaultdict(lambda: defaultdict(int))
    rows = _rows([account.pk for account in accounts], spans)
    for account in accounts:
        own = [row for row in rows if row["order__account_id"] == account.pk]
        resolution = load_resolution(account, listing_ids={row["listing_id"] for row in own}) if own else None
        for row in own:
            delivers = None if resolution is None else resolution.delivers(row["listing_id"], row["minute"])
            for sku_id, units in delivers.units if delivers is not None else ():
                if sku_ids is None or sku_id in sku_ids:
                    key = (account.pk, sku_id, row["order__live_room"], row["order__live_author"])
                    sold[key][row["minute"]] += units * row["qty"]
    told = [LiveSales(*key, tuple(sorted(minutes.items()))) for key, minutes in sold.items()]
    return sorted(told, key=lambda each: (-each.units, each.account_id, each.sku_id, each.room, each.author))


def floored(instant: datetime) -> datetime:
    """The minute that an instant lies in."""
    return instant.replace(second=0, microsecond=0)


def _rows(account_ids: list[int], spans: Sequence[tuple[datetime, datetime]]) -> list[dict[str, Any]]:
    if not spans:
        return []
    # Lines of an order are as old as it is, or older: a file may say otherwise, so that it is the line's own time that counts.
    live = ~Q(order__live_room="") | ~Q(order__live_author="")
    first = min(since for since, _until in spans)
    stored = Q(order_recorded_at__gte=month_start(first - _CLOCKS)) | Q(order_recorded_at=NOT_TOLD)
    within = Q()
    for since, until in spans:
        within |= Q(
            order__ordered_at__gte=since - _CLOCKS, order__ordered_at__lt=until, ordered_at__gte=since, ordered_at__lt=until
        )  # fmt: skip
    lines = OrderLine.objects.filter(live, stored, within, order__account_id__in=account_ids, counted_qty__gt=0)
    grouped = lines.annotate(minute=TruncMinute("ordered_at")).order_by()
    keys = ("order__account_id", "listing_id", "order__live_room", "order__live_author", "minute")
    rows: Any = grouped.values(*keys).annotate(qty=Sum("counted_qty"))
    return list(rows)


def _require_range(since: datetime, until: datetime) -> None:
    if since.tzinfo is None or until.tzinfo is None:
        raise DomainError("instant_without_zone", _("since needs a time zone, such as 2026-03-01T02:30:00+08:00."), path=("since",))
    if until <= since or until - since > MOST:
        raise DomainError(
            "invalid_range",
            _("Ask for up to %(hours)s hours that are over."),
            path=("since",),
            params={"hours": f"{MOST.total_seconds() / 3600:.0f}"},
        )
