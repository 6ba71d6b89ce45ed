"""What visitors did with listings, by day: from platforms and from files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.channels.fact_models import DailyTraffic
from stockhub.channels.facts.intake import (
    Written,
    check_amount,
    check_code,
    check_count,
    check_currency,
    check_day,
    check_instant,
    take,
)
from stockhub.channels.feeds import record_success
from stockhub.channels.models import Account
from stockhub.channels.order_intake import RefusedError
from stockhub.channels.payloads import RecordKind
from stockhub.channels.resolution import load_resolution
from stockhub.channels.returns import SimpleResult
from stockhub.core import clock
from stockhub.editing.upserts import RowResult, RowStatus, require_size
from stockhub.pluginapi.connectors.reading import FeedKind
from stockhub.pluginapi.platform_records import TrafficRecord
from stockhub.values.errors import DomainError

COUNTS: Final = ("views", "visitors", "clicks", "carts")
_TOLD: Final = (*COUNTS, "ad_cost_amount", "currency", "source", "told_at")
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_Key = tuple[int, date]


def ingest_traffic(*, account: Account, traffic: Sequence[TrafficRecord], source: str = "") -> SimpleResult:
    """Takes days in. Of two that tell of one, the one that was told later holds; what it does not say stays as it was told before."""
    return take(
        account=account,
        kind=RecordKind.TRAFFIC,
        feed=FeedKind.TRAFFIC,
        records=traffic,
        check=_check,
        write=lambda good: _write(account, good, source),
        until=lambda record: _until(account, record),
    )


def _until(account: Account, record: TrafficRecord) -> datetime:
    """A day is whole when the next begins."""
    return clock.start_of_day(record.day + timedelta(days=1), account.time_zone)


def _check(record: TrafficRecord) -> None:
    check_code(record.code, record.code_kind)
    check_day(record.day)
    for name in COUNTS:
        check_count(name, getattr(record, name))
    if record.ad_cost is not None:
        check_amount(_("The cost of advertising"), record.ad_cost)
    check_currency(record.currency, needed=record.ad_cost is not None)
    if record.told_at is not None:
        check_instant(record.told_at)
    if record.ad_cost is None and all(getattr(record, name) is None for name in COUNTS):
        raise RefusedError("nothing_told", _("The record tells nothing of the day. Have the connector leave such days out."))


def _write(account: Account, records: Sequence[TrafficRecord], source: str) -> Written[TrafficRecord]:
    with transaction.atomic():
        listings = load_resolution(account, {(record.code_kind, record.code) for record in records}).listings
        named = [((listings[record.code_kind, record.code], record.day), record) for record in records]
        held = _held({listing for (listing, _day), _record in named}, {day for (_listing, day), _record in named})
        new: dict[_Key, DailyTraffic] = {}
        changed: dict[_Key, DailyTraffic] = {}
        for key, record in named:
            row = held.get(key)
            if row is None:
                row = held[key] = new[key] = DailyTraffic(listing_id=key[0], day=key[1])
            if _told(row, record, source) and key not in new:
                changed[key] = row
        DailyTraffic.objects.bulk_create(new.values(), batch_size=500)
        DailyTraffic.objects.bulk_update(changed.values(), [*_TOLD, "recorded_at"], batch_size=200)
    return Written(len(new), len(changed))


def _held(listings: set[int], days: set[date]) -> dict[_Key, DailyTraffic]:
    rows = DailyTraffic.objects.select_for_update().filter(listing_id__in=listings, day__in=days).order_by("id")
    return {(row.listing_id, row.day): row for row in rows}


def _told(row: DailyTraffic, record: TrafficRecord, source: str) -> bool:
    """Brings a row up to date; whether that changed it. Of an older telling only what nobody has told since is new."""
    is_newer = (record.told_at or _NEVER) >= (row.told_at or _NEVER)
    values: dict[str, Any] = {name: getattr(record, name) for name in COUNTS} | {"ad_cost_amount": record.ad_cost}
    news = {name: value for name, value in values.items() if value is not None and (is_newer or getattr(row, name) is None)}
    if "ad_cost_amount" in news:
        news["currency"] = record.currency
    if is_newer and record.told_at is not None:
        news["told_at"] = record.told_at
    changes = {name: value for name, value in news.items() if getattr(row, name) != value}
    for name, value in changes.items():
        setattr(row, name, value)
    if changes:
        row.source, row.recorded_at = source or row.source, clock.now()
    return bool(changes)


# --- files ------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TrafficRow:
    """A row of a file: `listing` is a code of the account, of its kind."""

    account: str
    listing: str
    day: date
    views: int | None = None
    visitors: int | None = None
    clicks: int | None = None
    carts: int | None = None
    ad_cost: Decimal | None = None
    currency: str = ""
    kind: str = "sku"


def record_traffic(rows: Sequence[TrafficRow]) -> list[RowResult]:
    """Takes days of listings from a file, one result for each row. A day that is there already is corrected by what the row says."""
    require("channels.add_dailytraffic")
    require_size(rows)
    accounts = {row.code: row for row in Account.objects.filter(code__in={row.account for row in rows}, deleted_at=None)}
    told: dict[int, RowResult] = {}
    with transaction.atomic():
        for code, account in sorted(accounts.items()):
            own = {index: _record_of(row, account) for index, row in enumerate(rows) if row.account == code}
            told |= _taken(account, own)
    for index, row in enumerate(rows):
        if index not in told:
            error = DomainError(
                "unknown_account", _("There is no such code; create it first."), path=("account",), params={"value": row.account}
            )
            told[index] = RowResult(index, RowStatus.REFUSED, error=error)
    return [told[index] for index in range(len(rows))]


def _record_of(row: TrafficRow, account: Account) -> TrafficRecord:
    currency = row.currency or (account.currency if row.ad_cost is not None else "")
    return TrafficRecord(row.listing, row.day, row.views, row.visitors, row.clicks, row.carts, row.ad_cost, currency, row.kind)


def _taken(account: Account, records: Mapping[int, TrafficRecord]) -> dict[int, RowResult]:
    told: dict[int, RowResult] = {}
    good: dict[int, TrafficRecord] = {}
    for index, record in records.items():
        try:
            _check(record)
            good[index] = record
        except RefusedError as refused:
            told[index] = RowResult(
                index, RowStatus.REFUSED, error=DomainError(refused.code, refused.text, path=("day",), params=refused.params)
            )
    before = {key: _values(row) for key, row in _of(account, good.values()).items()}
    if good:
        _write(account, list(good.values()), "file")
        until = max(_until(account, record) for record in good.values())
        record_success(account=account, kind=FeedKind.TRAFFIC, rows=len(good), data_until_at=until)
    after = _of(account, good.values())
    for index, record in good.items():
        key = (record.code_kind, record.code, record.day)
        status = (
            RowStatus.CREATED if key not in before else RowStatus.UPDATED if before[key] != _values(after[key]) else RowStatus.UNCHANGED
        )
        told[index] = RowResult(index, status)
    return told


def _of(account: Account, records: Any) -> dict[tuple[str, str, date], DailyTraffic]:  # noqa: ANN401 - any view of records
    codes, days = {record.code for record in records}, {record.day for record in records}
    rows = DailyTraffic.objects.filter(listing__account=account, listing__code__in=codes, day__in=days).select_related("listing")
    return {(row.listing.kind, row.listing.code, row.day): row for row in rows}


def _values(row: DailyTraffic) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in (*COUNTS, "ad_cost_amount", "currency"))
