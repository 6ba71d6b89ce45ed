"""Offers on accounts as the platform tells them, and the prices that were seen."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.channels import quarantine as quarantining
from stockhub.channels.feeds import record_success
from stockhub.channels.models import Account, Listing, PriceFact
from stockhub.channels.order_intake import PRICE_MAX, WRONG_TYPE, Refusal, RefusedError, is_storable, require_happened
from stockhub.channels.other_codes import note_other_codes
from stockhub.channels.payloads import AnyRecord
from stockhub.channels.resolution import load_resolution
from stockhub.channels.returns import SimpleResult
from stockhub.core import clock
from stockhub.core.currencies import CURRENCIES
from stockhub.pluginapi.records import ListingRecord

_ROWS: Final = 1_000
_OTHER_CODES: Final = 10
_LIMITS: Final = (("code", 120), ("code_kind", 20), ("title", 500), ("status", 20), ("url", 500), ("price_reason", 120))


def ingest_listings(*, account: Account, listings: Sequence[ListingRecord]) -> SimpleResult:
    """Takes offers in. A price is a fact that is added when it differs from the last one seen, even if it comes late."""
    good: list[ListingRecord] = []
    refused: list[tuple[AnyRecord, Refusal]] = []
    for record in listings:
        try:
            _check(record)
            good.append(record)
        except RefusedError as error:
            refused.append((record, Refusal.of(str(record.code)[:200], error)))
    added: set[tuple[str, str]] = set()
    altered: set[tuple[str, str]] = set()
    for start in range(0, len(good), _ROWS):
        _take(account, good[start : start + _ROWS], added, altered)
        note_other_codes(account, good[start : start + _ROWS])
    quarantining.quarantine(account=account, kind="listing", refused=refused)
    if good:
        quarantining.resolve(account=account, kind="listing", external_ids={record.code for record in good})
        record_success(account=account, kind="listings", rows=len(good), data_until_at=max(record.observed_at for record in good))
    altered -= added
    unchanged = len({(record.code_kind, record.code) for record in good}) - len(added) - len(altered)
    refusals = tuple(refusal for _record, refusal in refused)
    return SimpleResult(len(added), len(altered), unchanged, len(refused), refusals, frozenset(added | altered))


def _take(account: Account, records: Sequence[ListingRecord], added: set[tuple[str, str]], altered: set[tuple[str, str]]) -> None:
    """Writes a chunk and notes which listings were new and which changed."""
    latest = {(record.code_kind, record.code): record for record in sorted(records, key=lambda record: record.observed_at)}
    now = clock.now()
    with transaction.atomic():
        codes = [code for _kind, code in latest]
        there = set(Listing.objects.filter(account=account, code__in=codes).values_list("kind", "code"))
        ids = load_resolution(account, latest).listings
        rows = {row.pk: row for row in Listing.objects.select_for_update().filter(id__in=ids.values()).order_by("id")}
        rewritten: list[Listing] = []
        for key, record in latest.items():
            row = rows[ids[key]]
            told = (record.title or row.title, record.status or row.status, record.url or row.url)
            if told != (row.title, row.status, row.url):
                row.title, row.status, row.url = told
                row.version, row.updated_at = row.version + 1, now
                rewritten.append(row)
        Listing.objects.bulk_update(rewritten, ["title", "status", "url", "version", "updated_at"], batch_size=200)
        priced = _add_prices(account, records, ids)
    added.update(key for key in latest if key not in there)
    changed = {row.pk for row in rewritten} | priced
    altered.update(key for key in latest if ids[key] in changed)


def _add_prices(account: Account, records: Sequence[ListingRecord], ids: dict[tuple[str, str], int]) -> set[int]:
    """Adds what differs from the price before it; returns the listings."""
    seen: dict[tuple[int, str], list[tuple[object, Decimal, str]]] = {}
    facts = PriceFact.objects.filter(listing_id__in=ids.values()).order_by("occurred_at", "id")
    for listing_id, kind, at, known_amount, currency in facts.values_list("listing_id", "kind", "occurred_at", "amount", "currency"):
        seen.setdefault((listing_id, kind), []).append((at, known_amount, currency))
    rows: list[PriceFact] = []
    for record in sorted(records, key=lambda record: record.observed_at):
        listing_id = ids[record.code_kind, record.code]
        currency = record.currency or account.currency
        for kind, amount in (("list", record.list_price), ("effective", record.effective_price)):
            if amount is None:
                continue
            known = seen.setdefault((listing_id, kind), [])
            before = [each for each in known if each[0] <= record.observed_at]  # type: ignore[operator]
            if before and before[-1][1:] == (amount, currency):
                continue
            known.append((record.observed_at, amount, currency))
            known.sort(key=lambda each: each[0])  # type: ignore[arg-type, return-value]
            rows.append(
                PriceFact(
                    listing_id=listing_id,
                    kind=kind,
                    amount=amount,
                    currency=currency,
                    reason=record.price_reason,
                    occurred_at=record.observed_at,
                )
            )
    PriceFact.objects.bulk_create(rows, batch_size=500)
    return {row.listing_id for row in rows}


def _check_other_codes(codes: tuple[tuple[str, str], ...]) -> None:
    if not isinstance(codes, tuple) or len(codes) > _OTHER_CODES:
        raise RefusedError("code", _("A listing has at most %(most)d other codes."), most=_OTHER_CODES)
    for kind, code in codes:
        if not kind or not code or len(kind) > 20 or len(code) > 120 or not is_storable(kind + code):
            raise RefusedError("code", _("Another code of the listing is empty or too long, or holds a NUL."))


def _check(record: ListingRecord) -> None:
    try:
        if not record.code or not record.code_kind:
            raise RefusedError("code", _("The listing needs a code and its kind."))
        for name, limit in _LIMITS:
            text = getattr(record, name)
            if len(text) > limit or not is_storable(text):
                raise RefusedError("text_too_long", _("%(name)s has more than %(most)d characters or a NUL."), name=name, most=limit)
        _check_other_codes(record.other_codes)
        for price in (record.list_price, record.effective_price):
            if price is not None and not (price.is_finite() and 0 <= price <= PRICE_MAX):
                raise RefusedError("price", _("A price must be a number from 0 to a thousand million."))
        if record.currency and record.currency not in CURRENCIES:
            raise RefusedError("currency", _("The currency must be an ISO 4217 code such as CNY."))
        require_happened(record.observed_at)
    except (TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise RefusedError("malformed", WRONG_TYPE, type=type(error).__name__) from error
