"""Offers on accounts and what they deliver, one row a component."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Sku
from stockhub.channels.imports.options import ImportOptions, open_rows
from stockhub.channels.imports.row_outcomes import effect, fault_of, require_few
from stockhub.channels.listing_links import ComponentInput, link_listing
from stockhub.channels.listings import ingest_listings
from stockhub.channels.models import Account, ExternalCode, Listing, ListingComponent, PriceFact
from stockhub.core import clock
from stockhub.exchange.jobs import ImportRun
from stockhub.exchange.layouts import LISTINGS
from stockhub.exchange.tables import Fault
from stockhub.pluginapi.records import ListingRecord
from stockhub.values.errors import DomainError

_CHUNK = 500


@dataclass(slots=True)
class _Offer:
    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)


def import_listings(run: ImportRun, path: Path, *, account: Account | None, options: ImportOptions) -> None:
    """A listing goes in with all of its rows. One without a SKU stays unmapped, and its orders wait for its link."""
    columns, batches = open_rows(LISTINGS, path, options, "UTC")
    if account is None and "account" not in columns:
        raise DomainError("missing_account", _("Name the account: with --account, or in a column account."), path=("account",))
    accounts = {row.code: row for row in Account.objects.filter(deleted_at=None)}
    offers: dict[tuple[str, str, str], _Offer] = {}
    for rows in batches:
        faults = list(rows.faults)
        for index in rows.good:
            line, row = rows.lines[index], rows.row(index)
            code = row.get("account") or (account.code if account else "")
            if code not in accounts:
                faults.append(Fault(line, "account", "unknown_account", _("There is no such account."), code))
                continue
            offers.setdefault((code, row.get("kind") or "sku", row["code"]), _Offer()).rows.append((line, row))
        run.refuse(faults)
        run.advance(read=rows.read, done=rows.done)
        require_few(run.job.rows_read)
    for shop in sorted({code for code, _kind, _code in offers}):
        mine = [(key, offer) for key, offer in offers.items() if key[0] == shop]
        for start in range(0, len(mine), _CHUNK):
            with effect(run):
                _write(run, accounts[shop], mine[start : start + _CHUNK])


def _write(run: ImportRun, account: Account, offers: list[tuple[tuple[str, str, str], _Offer]]) -> None:
    codes = {row["sku"] for _key, offer in offers for _line, row in offer.rows if row.get("sku")}
    skus = dict(Sku.objects.filter(code__in=codes, deleted_at=None).values_list("code", "id"))
    good: list[tuple[tuple[str, str, str], _Offer]] = []
    faults: list[Fault] = []
    for key, offer in offers:
        unknown = [(line, row["sku"]) for line, row in offer.rows if row.get("sku") and row["sku"] not in skus]
        if unknown:
            # Half of a set would be counted as the whole of it.
            faults += [
                Fault(line, "sku", "unknown_sku", _("There is no such SKU. Import the catalogue first."), sku) for line, sku in unknown
            ]
            mended = {line for line, _sku in unknown}
            message = _("Another row of this listing was refused.")
            faults += [Fault(line, "", "incomplete_listing", message) for line, _row in offer.rows if line not in mended]
        else:
            good.append((key, offer))
    listed = ingest_listings(account=account, listings=_priced(account, [_record(account, key, offer) for key, offer in good]))
    refused = {refusal.external_id: refusal for refusal in listed.refusals}
    linked = _link(account, good, skus, faults, set(refused))
    for key, offer in good:
        if key[2] in refused:
            why = refused[key[2]]
            faults += [Fault(line, "", why.code, why.text, params=why.params) for line, _row in offer.rows]
    run.refuse(faults)
    total = sum(len(offer.rows) for _key, offer in offers)
    bad = len({fault.line for fault in faults})
    touched = listed.touched | linked
    changed = sum(len(offer.rows) for key, offer in good if key[1:] in touched and key[2] not in refused)
    run.count("listings_linked", len(linked))
    run.advance(read=0, written=changed, unchanged=total - bad - changed, done=1.0)


def _record(account: Account, key: tuple[str, str, str], offer: _Offer) -> ListingRecord:
    head: dict[str, Any] = {}
    for _line, row in offer.rows:
        for name, value in row.items():
            if value is not None:
                head.setdefault(name, value)
    return ListingRecord(
        key[2],
        clock.now(),
        key[1],
        head.get("title") or "",
        "active",
        "",
        head.get("price"),
        None,
        head.get("currency") or account.currency,
    )


def _priced(account: Account, records: list[ListingRecord]) -> list[ListingRecord]:
    """A price that is the last known one is not seen anew: a file says what is, not since when."""
    facts = PriceFact.objects.filter(listing__account=account, listing__code__in=[record.code for record in records], kind="list")
    rows = facts.order_by("occurred_at", "id").values_list("listing__kind", "listing__code", "amount", "currency")
    last = {(kind, code): (amount, currency) for kind, code, amount, currency in rows}
    return [
        replace(record, list_price=None) if last.get((record.code_kind, record.code)) == (record.list_price, record.currency) else record
        for record in records
    ]


def _link(
    account: Account, offers: list[tuple[tuple[str, str, str], _Offer]], skus: dict[str, int], faults: list[Fault], refused: set[str]
) -> set[tuple[str, str]]:
    """Links what is mapped otherwise or not yet; returns the (kind, code) of those."""
    listings = {(row.kind, row.code): row for row in Listing.objects.filter(account=account, code__in=[key[2] for key, _offer in offers])}
    current: dict[int, list[tuple[Any, ...]]] = {}
    ids = [row.pk for row in listings.values()]
    for listing_id, *rest in (
        ListingComponent.objects.filter(listing_id__in=ids)
        .order_by("id")
        .values_list("listing_id", "sku_id", "qty", "valid_from", "valid_to")
    ):
        current.setdefault(listing_id, []).append(tuple(rest))
    linked: set[tuple[str, str]] = set()
    external: list[ExternalCode] = []
    for key, offer in offers:
        wanted = [
            ComponentInput(skus[row["sku"]], row.get("qty") or 1, row.get("valid_from"), row.get("valid_to"))
            for _line, row in offer.rows
            if row.get("sku")
        ]
        if not wanted or key[2] in refused:
            continue
        listing = listings[key[1], key[2]]
        if len(wanted) == 1 and wanted[0].qty == 1 and key[1] != "sku":
            external.append(ExternalCode(account=account, sku_id=wanted[0].sku_id, kind=key[1], value=key[2]))
        if current.get(listing.pk) == [(each.sku_id, each.qty, each.valid_from, each.valid_to) for each in wanted]:
            continue
        try:
            listing.account = account
            link_listing(listing=listing, components=wanted)
        except DomainError as error:
            faults += [fault_of(line, error) for line, _row in offer.rows]
        else:
            linked.add((key[1], key[2]))
    ExternalCode.objects.bulk_create(external, ignore_conflicts=True, batch_size=500)
    return linked
