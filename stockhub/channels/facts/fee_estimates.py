"""What platforms expect to charge for a unit sold: dated facts, and the newest of each listing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.channels.fact_models import FeeEstimate, LatestFeeEstimate
from stockhub.channels.facts.intake import Written, check_amount, check_code, check_currency, check_instant, check_text, one_sku, take
from stockhub.channels.models import Account
from stockhub.channels.order_intake import PRICE_MAX, RefusedError
from stockhub.channels.payloads import RecordKind
from stockhub.channels.resolution import load_resolution
from stockhub.channels.returns import SimpleResult
from stockhub.core import clock
from stockhub.pluginapi.connectors.reading import FeedKind
from stockhub.pluginapi.platform_records import FeeEstimateRecord

_FEES: Final = 100
#: An estimate may hold a discount.
_LEAST: Final = -PRICE_MAX


def ingest_fee_estimates(*, account: Account, estimates: Sequence[FeeEstimateRecord]) -> SimpleResult:
    """Takes estimates in. A code that is not named keeps the one that it had, with its date."""
    return take(
        account=account,
        kind=RecordKind.FEE_ESTIMATE,
        feed=FeedKind.FEES,
        records=estimates,
        check=_check,
        write=lambda good: _write(account, good),
        until=lambda record: record.observed_at,
    )


def _check(record: FeeEstimateRecord) -> None:
    check_code(record.code, record.code_kind)
    check_instant(record.observed_at)
    check_amount(_("The price"), record.price)
    check_currency(record.currency, needed=True)
    if not 0 < len(record.fees) <= _FEES:
        raise RefusedError("fees", _("Name 1 to %(most)d fees. Where nothing is charged, say so with a fee of 0."), most=_FEES)
    for name, amount in record.fees:
        check_text(_("The name of a fee"), name, 120)
        check_amount(_("A fee"), amount, least=_LEAST)


def _write(account: Account, records: Sequence[FeeEstimateRecord]) -> Written[FeeEstimateRecord]:
    written = Written[FeeEstimateRecord]()
    rows: dict[tuple[int, datetime], FeeEstimate] = {}
    with transaction.atomic():
        resolution = load_resolution(account, {(record.code_kind, record.code) for record in records})
        for record in records:
            try:
                row = _row(account, record, one_sku(resolution, record.code_kind, record.code, record.observed_at))
            except RefusedError as error:
                written.refused.append((record, error))
                continue
            rows.setdefault((row.listing_id, row.observed_at), row)
        asked = FeeEstimate.objects.filter(listing_id__in={listing for listing, _at in rows}, observed_at__in={at for _listing, at in rows})
        known = set(asked.values_list("listing_id", "observed_at"))
        new = [row for key, row in rows.items() if key not in known]
        FeeEstimate.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
        _renew(account, new)
    written.new = len(new)
    return written


def _row(account: Account, record: FeeEstimateRecord, of: tuple[int, int, int]) -> FeeEstimate:
    listing_id, sku_id, each = of
    return FeeEstimate(
        account=account,
        listing_id=listing_id,
        sku_id=sku_id,
        sku_units=each,
        observed_at=record.observed_at,
        price_amount=record.price,
        total_amount=sum((amount for _name, amount in record.fees), Decimal(0)),
        currency=record.currency,
        fees=[[name, str(amount)] for name, amount in record.fees],
        recorded_at=clock.now(),
    )


def _renew(account: Account, rows: Sequence[FeeEstimate]) -> None:
    known = LatestFeeEstimate.objects.select_for_update().filter(listing_id__in={row.listing_id for row in rows}).order_by("id")
    held = {row.listing_id: row.observed_at for row in known}
    newest: dict[int, FeeEstimate] = {}
    for row in sorted(rows, key=lambda row: row.observed_at):
        if row.listing_id not in held or held[row.listing_id] < row.observed_at:
            newest[row.listing_id] = row
    LatestFeeEstimate.objects.bulk_create(
        [
            LatestFeeEstimate(
                listing_id=row.listing_id,
                account_id=row.account_id,
                sku_id=row.sku_id,
                observed_at=row.observed_at,
                observed_on=clock.business_day(row.observed_at, account.time_zone),
                price_amount=row.price_amount / row.sku_units,
                total_amount=row.total_amount / row.sku_units,
                currency=row.currency,
            )
            for _listing, row in sorted(newest.items())
        ],
        update_conflicts=True,
        unique_fields=["listing"],
        update_fields=["sku", "observed_at", "observed_on", "price_amount", "total_amount", "currency"],
        batch_size=500,
    )
