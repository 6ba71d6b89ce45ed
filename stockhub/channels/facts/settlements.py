"""What platforms really charged: facts by id, and what a unit of each SKU was charged on average of the last of them.

A settled charge wins over every estimate (science.md 8).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext_lazy as _

from stockhub.channels.fact_models import SettledFee, Settlement
from stockhub.channels.facts.intake import (
    Written,
    check_amount,
    check_code,
    check_count,
    check_currency,
    check_id,
    check_instant,
    check_text,
    delivered,
    take,
    units_of,
)
from stockhub.channels.models import Account
from stockhub.channels.order_intake import PRICE_MAX, QTY_MAX, RefusedError
from stockhub.channels.payloads import RecordKind
from stockhub.channels.resolution import Resolution, load_resolution
from stockhub.channels.returns import SimpleResult
from stockhub.core import clock
from stockhub.pluginapi.connectors.reading import FeedKind
from stockhub.pluginapi.platform_records import SettlementRecord

#: Days of charges whose mean a unit's charge is: long enough for a slow seller, short enough for last month's price.
WINDOW_DAYS: Final = 60


def ingest_settlements(*, account: Account, settlements: Sequence[SettlementRecord]) -> SimpleResult:
    """Takes charges in, once for each (account, id): what is settled does not change."""
    return take(
        account=account,
        kind=RecordKind.SETTLEMENT,
        feed=FeedKind.SETTLEMENTS,
        records=settlements,
        check=_check,
        write=lambda good: _write(account, good),
        until=lambda record: record.posted_at,
    )


def _check(record: SettlementRecord) -> None:
    check_id(record.external_id)
    if record.code:
        check_code(record.code, record.code_kind)
    if not record.fee:
        raise RefusedError("fee", _("The charge has no name of its fee."))
    check_text(_("The name of the fee"), record.fee, 60)
    check_amount(_("The amount"), record.amount, least=-PRICE_MAX)
    check_currency(record.currency, needed=True)
    check_instant(record.posted_at)
    check_count(_("The quantity"), record.qty, most=QTY_MAX)
    check_text(_("The order's id"), record.order_external_id, 120)


def _write(account: Account, records: Sequence[SettlementRecord]) -> Written[SettlementRecord]:
    written = Written[SettlementRecord]()
    with transaction.atomic():
        asked = Settlement.objects.filter(account=account, external_id__in={record.external_id for record in records})
        known = set(asked.values_list("external_id", flat=True))
        fresh = {record.external_id: record for record in reversed(records) if record.external_id not in known}
        resolution = load_resolution(account, {(record.code_kind, record.code) for record in fresh.values() if record.code})
        rows: list[Settlement] = []
        for record in fresh.values():
            try:
                rows.append(_row(account, record, resolution))
            except RefusedError as error:
                written.refused.append((record, error))
        Settlement.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        refresh_settled_fees(account, {row.sku_id for row in rows if row.sku_id is not None})
    written.new = len(rows)
    return written


def _row(account: Account, record: SettlementRecord, resolution: Resolution) -> Settlement:
    listing_id = resolution.listings[record.code_kind, record.code] if record.code else None
    sku_id, qty = None, record.qty
    if listing_id is not None:
        delivers = delivered(resolution, listing_id, record.posted_at)
        if len(delivers.units) == 1:
            [(sku_id, units)] = delivers.units
            qty = None if record.qty is None else units_of(record.qty, units)
    return Settlement(
        account=account,
        external_id=record.external_id,
        fee=record.fee,
        amount=record.amount,
        currency=record.currency,
        posted_at=record.posted_at,
        listing_id=listing_id,
        sku_id=sku_id,
        qty=qty,
        order_external_id=record.order_external_id,
        recorded_at=clock.now(),
    )


def refresh_settled_fees(account: Account, sku_ids: Collection[int]) -> None:
    """Works out what a unit of SKUs was charged, by fee, in the days before the last charge of each: of charges alone, and in the currency
    of the latest. A credit belongs to what came back, and says nothing of what the next sale costs.
    """
    charged = Settlement.objects.filter(account=account, sku_id__in=list(sku_ids), qty__gt=0, amount__gte=0)
    last = {(sku, fee): at for sku, fee, at in charged.values_list("sku_id", "fee").annotate(Max("posted_at")).order_by()}
    if not last:
        return
    since = min(last.values()) - timedelta(days=WINDOW_DAYS)
    sums: dict[tuple[int, str, str], list[tuple[datetime, Decimal, int]]] = {}
    days = charged.filter(posted_at__gt=since).values_list("sku_id", "fee", "currency", "posted_at")
    for sku, fee, currency, at, amount, qty in days.annotate(Sum("amount"), Sum("qty")).order_by():
        if at > last[sku, fee] - timedelta(days=WINDOW_DAYS):
            sums.setdefault((sku, fee, currency), []).append((at, amount, qty))
    newest: dict[tuple[int, str], SettledFee] = {}
    for (sku, fee, currency), parts in sorted(sums.items()):
        if max(at for at, _amount, _qty in parts) == last[sku, fee]:
            newest[sku, fee] = _settled(account, sku, fee, currency, parts)
    SettledFee.objects.bulk_create(
        newest.values(),
        update_conflicts=True,
        unique_fields=["sku", "account", "fee"],
        update_fields=["unit_amount", "currency", "units", "posted_on", "updated_at"],
        batch_size=500,
    )


def _settled(account: Account, sku: int, fee: str, currency: str, parts: Sequence[tuple[datetime, Decimal, int]]) -> SettledFee:
    units = sum(qty for _at, _amount, qty in parts)
    total = sum((Decimal(amount) for _at, amount, _qty in parts), Decimal(0))
    posted_on: date = clock.business_day(max(at for at, _amount, _qty in parts), account.time_zone)
    return SettledFee(
        account=account, sku_id=sku, fee=fee, unit_amount=total / units, currency=currency, units=units, posted_on=posted_on,
        updated_at=clock.now(),
    )  # fmt: skip
