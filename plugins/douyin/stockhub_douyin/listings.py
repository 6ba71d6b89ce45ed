"""What the shop offers: one listing a variant, with the price that it is listed at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from stockhub.pluginapi import ListingRecord
from stockhub.pluginapi.connectors import ConnectorContext, Page, ReadRequest, Rejected, RequestRefusedError
from stockhub_douyin.account import DouyinAccountConfig
from stockhub_douyin.catalogue import Records, products_by_id, read_catalogue, records_of_product
from stockhub_douyin.client import DouyinClient
from stockhub_douyin.fields import Facts, FieldError, identifier, identifier_or_none, text_of, whole, whole_or, yuan
from stockhub_douyin.order_records import line_code
from stockhub_douyin.variants import ask_variant

_ONLINE, _DELETED, _BANNED = 0, 2, 5
_STATUSES: Final = {_ONLINE: "active", 1: "inactive", _DELETED: "deleted"}


def read_listings(request: ReadRequest, context: ConnectorContext) -> Iterator[Page[ListingRecord]]:
    """All variants of all products; with `codes`, those alone."""
    client = DouyinClient(context)
    if request.codes:
        yield _named(client, request.codes)
        return
    yield from read_catalogue(request, context, _to_records(client.config))


def listings_of_products(client: DouyinClient, product_ids: Sequence[str]) -> Records[ListingRecord]:
    """The listings of some products as they are now. A product that is not told of any more is none of ours to judge."""
    records: list[ListingRecord] = []
    rejected: list[Rejected] = []
    for product in products_by_id(client, product_ids):
        found = records_of_product(client, product, _to_records(client.config))
        records += found.records
        rejected += found.rejected
    return Records(records, rejected)


def listing_record(product: Facts, variant: Facts, config: DouyinAccountConfig, at: datetime) -> ListingRecord:
    """FieldError where the variant has no code."""
    code, kind = line_code(variant, config, "id", "sku_id")
    price = yuan(variant, "price")
    is_promoted = bool(whole_or(variant, "prom_stock_num", 0))
    return ListingRecord(
        code=code,
        code_kind=kind,
        observed_at=at,
        title=_title(product, variant),
        status=_status(product),
        list_price=price,
        # A campaign that holds stock of its own sells at its own price, which is told nowhere.
        effective_price=None if is_promoted else price,
        currency="CNY" if price is not None else "",
    )


def _to_records(config: DouyinAccountConfig) -> Any:  # noqa: ANN401 - a ToRecords
    def to_records(product: Facts, variants: Sequence[Facts], at: datetime) -> Records[ListingRecord]:
        records: list[ListingRecord] = []
        rejected: list[Rejected] = []
        for variant in variants:
            try:
                records.append(listing_record(product, variant, config, at))
            except FieldError as error:
                name = identifier_or_none(variant, "id", "sku_id") or identifier(product, "product_id")
                rejected.append(Rejected(name, f"field_{error.name}"[:60], error.message))
        return Records(records, rejected)

    return to_records


def _named(client: DouyinClient, codes: Sequence[str]) -> Page[ListingRecord]:
    """Prices of single variants; their products, whose names and states are not asked for again, keep what was known."""
    records: list[ListingRecord] = []
    rejected: list[Rejected] = []
    for code in codes:
        try:
            variant = ask_variant(client, code)
            told = listing_record({"status": None}, variant, client.config, client.context.now())
            records.append(told)
        except FieldError as error:
            rejected.append(Rejected(code, f"field_{error.name}"[:60], error.message))
        except RequestRefusedError as error:
            rejected.append(Rejected(code, error.code, error.message))
    return Page(records, "", rejected=rejected, is_last=True)


def _title(product: Facts, variant: Facts) -> str:
    names = (text_of(product, "name", 300), *(text_of(variant, f"spec_detail_name{number}", 60) for number in (1, 2, 3)))
    return " ".join(name for name in names if name) if names[0] else ""


def _status(product: Facts) -> str:
    """Empty where it is not told: what was known stays."""
    if product.get("status") is None:
        return ""
    if whole_or(product, "check_status", 0) == _BANNED:
        return "banned"
    return _STATUSES.get(whole(product, "status"), "inactive")
