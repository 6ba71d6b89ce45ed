"""What the market shows of listings and of their rivals (H41): facts where something changed, and rivals for the trend of each SKU."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Sku
from stockhub.channels.fact_models import ListingSignal, ListingSignalKind
from stockhub.channels.facts.intake import (
    Written,
    check_amount,
    check_code,
    check_currency,
    check_instant,
    check_text,
    delivered,
    take,
)
from stockhub.channels.market import MarketRecord, add_observations
from stockhub.channels.models import Account
from stockhub.channels.order_intake import RefusedError
from stockhub.channels.payloads import RecordKind
from stockhub.channels.resolution import Resolution, load_resolution
from stockhub.channels.returns import SimpleResult
from stockhub.core import clock
from stockhub.pluginapi.connectors.reading import FeedKind
from stockhub.pluginapi.platform_records import MarketSignalRecord

#: Values are stored as amounts are.
_PLACES: Final = Decimal("0.000001")
_PRICES: Final = (ListingSignalKind.FEATURED_PRICE, ListingSignalKind.LOWEST_PRICE)
#: What a rival's trend is made of, and the largest number that its column holds.
_OF_RIVALS: Final = {ListingSignalKind.SALES_RANK: "sales_rank", ListingSignalKind.REVIEWS: "reviews"}
_RIVAL_MAX: Final = 2**31 - 1
#: A value that has not changed for so long is noted again: that it was looked at is a fact, too, and nobody reads years to compare.
LOOK_BACK: Final = timedelta(days=3)
_Series = tuple[int, str, str, str]


def rival_of(record: MarketSignalRecord) -> str:
    """The subject of all but a rank is a rival."""
    return record.rival or (record.subject if record.kind != ListingSignalKind.SALES_RANK else "")


def ingest_signals(*, account: Account, signals: Sequence[MarketSignalRecord]) -> SimpleResult:
    """Takes signals in: a fact where it differs from the one before it, in whatever order. Ranks and reviews of rivals feed the trend."""
    return take(
        account=account,
        kind=RecordKind.SIGNAL,
        feed=FeedKind.SIGNALS,
        records=signals,
        check=_check,
        write=lambda good: _write(account, good),
        until=lambda record: record.observed_at,
    )


def _check(record: MarketSignalRecord) -> None:
    check_code(record.code, record.code_kind)
    check_instant(record.observed_at)
    check_text(_("The subject"), record.subject, 120)
    check_text(_("The rival"), record.rival, 120)
    if record.kind not in ListingSignalKind.values:
        raise RefusedError("kind", _("The kind of a signal is one of: %(known)s."), known=", ".join(ListingSignalKind.values))
    is_price = record.kind in _PRICES
    check_currency(record.currency, needed=is_price)
    check_amount(_("The value"), record.value)
    if record.kind == ListingSignalKind.RATING and record.value > 100:
        raise RefusedError("value", _("A rating is a number from 0 to 100."))
    if is_price or record.kind == ListingSignalKind.RATING:
        return
    if record.value != int(record.value) or (record.kind == ListingSignalKind.SALES_RANK and record.value < 1):
        raise RefusedError("value", _("A rank is a whole number from 1 on, a number of reviews one from 0 on."))


def _write(account: Account, records: Sequence[MarketSignalRecord]) -> Written[MarketSignalRecord]:
    written = Written[MarketSignalRecord]()
    with transaction.atomic():
        resolution = load_resolution(account, {(record.code_kind, record.code) for record in records})
        rivals: list[tuple[MarketSignalRecord, int]] = []
        good: list[MarketSignalRecord] = []
        for record in records:
            try:
                if rival_of(record) and record.kind in _OF_RIVALS:
                    rivals.append((record, _main_sku(resolution, record)))
                good.append(record)
            except RefusedError as error:
                written.refused.append((record, error))
        written.new = _add(resolution, good)
        _tell_rivals(account, rivals)
    return written


def _main_sku(resolution: Resolution, record: MarketSignalRecord) -> int:
    return delivered(resolution, resolution.listings[record.code_kind, record.code], record.observed_at).main_sku_id


def _add(resolution: Resolution, records: Sequence[MarketSignalRecord]) -> int:
    """Adds what differs from the value before it, of each series; the number of facts that are new."""
    if not records:
        return 0
    ids = {resolution.listings[record.code_kind, record.code] for record in records}
    first = min(record.observed_at for record in records)
    seen = _seen(ids, first)
    rows: list[ListingSignal] = []
    for record in sorted(records, key=lambda record: record.observed_at):
        listing_id, rival = resolution.listings[record.code_kind, record.code], rival_of(record)
        subject = record.subject if record.subject != rival else ""
        known = seen.setdefault((listing_id, record.kind, subject, rival), [])
        value = record.value.quantize(_PLACES, ROUND_HALF_UP)
        place = bisect_right(known, record.observed_at, key=lambda each: each[0])
        before = known[place - 1] if place else None
        if before is not None and (before[0] == record.observed_at or before[1:] == (value, record.currency)):
            continue
        insort(known, (record.observed_at, value, record.currency))
        rows.append(
            ListingSignal(
                listing_id=listing_id, kind=record.kind, subject=subject, rival=rival, value=value, currency=record.currency,
                observed_at=record.observed_at, recorded_at=clock.now(),
            )
        )  # fmt: skip
    ListingSignal.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _seen(listing_ids: set[int], first: datetime) -> dict[_Series, list[tuple[datetime, Decimal, str]]]:
    """What is known of the series since a little before `first`."""
    rows = ListingSignal.objects.filter(listing_id__in=listing_ids, observed_at__gte=first - LOOK_BACK).order_by("observed_at", "id")
    seen: dict[_Series, list[tuple[datetime, Decimal, str]]] = {}
    for row in rows:
        seen.setdefault((row.listing_id, row.kind, row.subject, row.rival), []).append((row.observed_at, row.value, row.currency))
    return seen


def _tell_rivals(account: Account, rivals: Sequence[tuple[MarketSignalRecord, int]]) -> None:
    codes = dict(Sku.objects.filter(id__in={sku_id for _record, sku_id in rivals}).values_list("id", "code"))
    rows = [
        MarketRecord(
            account=account.code,
            sku=codes[sku_id],
            rival=rival_of(record),
            observed_on=clock.business_day(record.observed_at, account.time_zone),
            # A source for each kind: a day's rank and its reviews are two facts.
            source=f"{account.marketplace}:{record.kind}",
            **{_OF_RIVALS[ListingSignalKind(record.kind)]: min(int(record.value), _RIVAL_MAX)},
        )
        for record, sku_id in rivals
    ]
    for start in range(0, len(rows), 1_000):
        add_observations(rows[start : start + 1_000])
