"""What Amazon expects to charge for a unit sold: asked for each offer in batches, or from the preview report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from stockhub.pluginapi.connectors import ConnectorContext, Page, ReadFees, ReadRequest, Rejected, UnreadableAnswerError
from stockhub.pluginapi.platform_records import FeeEstimateRecord
from stockhub_amazon.calls import account_of, call_any
from stockhub_amazon.fields import (
    FieldError,
    amount_or_none,
    decimal_of,
    each_record,
    instant_or_none,
    mapping,
    objects,
    required_object,
    text,
    text_or_empty,
)
from stockhub_amazon.reading.offers import home_price, is_fulfilled_by_amazon, offer_pages
from stockhub_amazon.reports.flow import ReportWish, cursor_pairs, cursor_text
from stockhub_amazon.reports.snapshots import snapshot_pages
from stockhub_amazon.reports.tables import Column, Row, Table, unquoted

PREVIEW: Final = "GET_FBA_ESTIMATED_FBA_FEES_TXT_DATA"
_PREVIEW_FEES: Final = {
    "estimated-referral-fee-per-unit": "ReferralFee",
    "estimated-variable-closing-fee": "VariableClosingFee",
    "expected-fulfillment-fee-per-unit": "FBAFees",
}
PREVIEW_TABLE: Final = Table(
    PREVIEW,
    (
        Column("sku"),
        Column("currency"),
        Column("your-price"),
        Column("sales-price", required=False),
        Column("estimated-referral-fee-per-unit"),
        Column("estimated-variable-closing-fee", required=False),
        Column("expected-fulfillment-fee-per-unit", ("expected-domestic-fulfilment-fee-per-unit",)),
    ),
)


class AmazonFeeEstimates(ReadFees):
    def read_fees(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[FeeEstimateRecord]]:
        if account_of(context).fee_source == "preview":
            wish = ReportWish(PREVIEW, (account_of(context).home.marketplace_id,), reuse_for=timedelta(hours=20), is_whole=True)
            now = context.now()
            return snapshot_pages(
                wish,
                request.cursor,
                lambda document, row: PREVIEW_TABLE.slices(document, lambda r: preview_of(r, now), after_row=row),
                context,
            )
        return _estimates(cursor_pairs(request.cursor), context)


def _estimates(at: dict[str, Any], context: ConnectorContext) -> Iterator[Page[FeeEstimateRecord]]:
    done = int(at.pop("done", 0))
    for page in offer_pages(at, context):
        asked, rejected = each_record(page.items, lambda item: _question(item, context), key="sku")
        records: list[FeeEstimateRecord] = []
        if asked:
            records, refused = _ask(asked, context)
            rejected += refused
        done += len(page.items)
        is_last = page.at is None
        cursor = cursor_text({**(page.at or {"end": True}), "done": done})
        yield Page(records, cursor, context.now() if is_last else None, rejected, is_last=is_last, done=done, total=page.total)


def _question(item: Mapping[str, Any], context: ConnectorContext) -> dict[str, Any] | None:
    """What is not offered at a price costs nothing to sell. A null is never sent: Amazon refuses it."""
    home = account_of(context).home.marketplace_id
    sku = text(item, "sku")
    price = home_price(item, home)
    by_amazon = is_fulfilled_by_amazon(item)
    if price is None or by_amazon is None:
        return None
    money = {"CurrencyCode": price[1], "Amount": float(price[0])}
    request = {"MarketplaceId": home, "IsAmazonFulfilled": by_amazon, "PriceToEstimateFees": {"ListingPrice": money}, "Identifier": sku}
    return {"IdType": "SellerSKU", "IdValue": sku, "FeesEstimateRequest": request}


def _ask(asked: list[dict[str, Any]], context: ConnectorContext) -> tuple[list[FeeEstimateRecord], list[Rejected]]:
    """A batch is a 200 even where single answers in it are errors, or are missing."""
    answer = call_any(context, "getMyFeesEstimates", "POST", "/products/fees/v0/feesEstimate", body=asked)
    if not isinstance(answer, list) or not all(isinstance(each, dict) for each in answer):
        raise UnreadableAnswerError("Amazon's answer to a batch of fee estimates is no list.", code="no_list")
    now = context.now()
    records: list[FeeEstimateRecord] = []
    rejected: list[Rejected] = []
    told = set()
    for result in answer:
        identifier = required_object(result, "FeesEstimateIdentifier")
        sku = str(identifier.get("SellerInputIdentifier") or identifier.get("IdValue") or "")
        told.add(sku)
        try:
            records.append(_estimate(result, identifier, sku, now))
        except FieldError as error:
            rejected.append(Rejected(sku[:200], "no_estimate", error.message))
    left_out = [question["IdValue"] for question in asked if question["IdValue"] not in told]
    rejected += [Rejected(sku[:200], "no_estimate", "Amazon's answer to the batch leaves this SKU out.") for sku in left_out]
    return records, rejected


def _estimate(result: Mapping[str, Any], identifier: Mapping[str, Any], sku: str, now: datetime) -> FeeEstimateRecord:
    status = text(result, "Status")
    if status != "Success":
        error = mapping(result, "Error")
        raise FieldError("Status", f"Amazon estimates no fees ({status}): {text_or_empty(error, 'Message') or 'no reason was given'}"[:300])
    price = mapping(mapping(identifier, "PriceToEstimateFees"), "ListingPrice")
    estimate = mapping(result, "FeesEstimate")
    # A detail's fee holds those that are named within it: they are not added to it.
    fees = [
        (text(fee, "FeeType"), decimal_of("FinalFee", mapping(fee, "FinalFee").get("Amount"))) for fee in objects(estimate, "FeeDetailList")
    ]
    if not fees:
        raise FieldError("FeeDetailList", "Amazon calls the estimate a success and names no fee.")
    at = instant_or_none(estimate, "TimeOfFeesEstimation") or now
    currency = text_or_empty(price, "CurrencyCode") or text(mapping(estimate, "TotalFeesEstimate"), "CurrencyCode")
    return FeeEstimateRecord(sku, min(at, now), decimal_of("ListingPrice", price.get("Amount")), currency, tuple(fees))


def preview_of(row: Row, now: datetime) -> FeeEstimateRecord:
    price = amount_or_none(row, "sales-price") or amount_or_none(row, "your-price")
    if price is None:
        raise FieldError("your-price", "Neither your-price nor sales-price is told.")
    fees = []
    for column, name in _PREVIEW_FEES.items():
        amount = _told(row, column)
        if amount is not None:
            fees.append((name, amount))
    if not fees:
        raise FieldError("expected-fulfillment-fee-per-unit", "No fee of this SKU is told.")
    return FeeEstimateRecord(unquoted(text(row, "sku")), now, price, text(row, "currency"), tuple(fees))


def _told(row: Row, column: str) -> Decimal | None:
    """`--` is the report's word for nothing."""
    return None if row.get(column, "").strip() in ("", "--") else amount_or_none(row, column)
