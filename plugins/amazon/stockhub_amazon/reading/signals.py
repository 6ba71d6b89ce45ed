"""What the market shows: of our own SKUs from the planning report, which costs no call each, of rivals from catalogue and prices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from stockhub.pluginapi.connectors import ConnectorContext, Page, ReadMarketSignals, ReadRequest, Rejected
from stockhub.pluginapi.platform_records import MarketSignalRecord
from stockhub_amazon.calls import Query, account_of, call
from stockhub_amazon.fields import FieldError, decimal_of, mapping, objects, required_object, required_objects, text, text_or_empty, whole
from stockhub_amazon.reading.ages import planning_rows, planning_wish
from stockhub_amazon.reports.documents import Document
from stockhub_amazon.reports.flow import Consume, ReportCursor, cursor_pairs, cursor_text, report_steps
from stockhub_amazon.reports.planning import SIGNALS_TABLE
from stockhub_amazon.reports.tables import Slice

_BATCH: Final = 20
#: (our SKU, a rival's ASIN)
Pair = tuple[str, str]


class AmazonSignals(ReadMarketSignals):
    """Rivals go by twenty: two calls a batch, of which prices bear one in 30 s."""

    def read_market_signals(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[MarketSignalRecord]]:
        at = cursor_pairs(request.cursor)
        rivals = account_of(context).rival_asins
        if "rival" not in at:
            for step in report_steps(planning_wish(context), ReportCursor.of(at), _own_signals(context), context):
                is_done = step.cursor.is_done
                cursor = {"rival": 0} if is_done else step.cursor.as_json()
                is_last = is_done and not rivals
                until = step.data_until if is_last else None
                yield Page(step.records, cursor_text(cursor), until, step.rejected, step.again_after, is_last, step.cursor.row, step.total)
                if not is_done and step.again_after is not None:
                    return
            at = {"rival": 0}
        for start in range(int(at["rival"]), len(rivals), _BATCH):
            some = rivals[start : start + _BATCH]
            ranks, bad_ranks = _ranks(some, context)
            prices, bad_prices = _prices(some, context)
            is_last = start + _BATCH >= len(rivals)
            cursor = {"rival": start + _BATCH}
            until = context.now() if is_last else None
            # Rows of the report were counted before: rivals are no part of them.
            yield Page([*ranks, *prices], cursor_text(cursor), until, [*bad_ranks, *bad_prices], is_last=is_last)


def _own_signals(context: ConnectorContext) -> Consume[MarketSignalRecord]:
    rows = planning_rows(context)

    def consume(document: Document, after: int) -> Iterator[Slice[MarketSignalRecord]]:
        for part in SIGNALS_TABLE.slices(document, rows.signals, after_row=after):
            yield Slice([record for records in part.records for record in records], part.rejected, part.row)

    return consume


def _ranks(pairs: Sequence[Pair], context: ConnectorContext) -> tuple[list[MarketSignalRecord], list[Rejected]]:
    """The rank in the display group, which is the one that buyers see; else in the finest category."""
    home = account_of(context).home.marketplace_id
    asins = sorted({asin for _sku, asin in pairs})
    query: Query = {
        "identifiers": asins, "identifiersType": "ASIN", "marketplaceIds": home, "includedData": ["salesRanks"], "pageSize": _BATCH
    }  # fmt: skip
    answer = call(context, "searchCatalogItems", "GET", "/catalog/2022-04-01/items", query=query)
    now = context.now()
    found: dict[str, tuple[int, str]] = {}
    rejected: list[Rejected] = []
    for item in required_objects(answer, "items"):
        try:
            rank = _rank_of(item, home)
            if rank is not None:
                found[text(item, "asin")] = rank
        except FieldError as error:
            rejected.append(Rejected(str(item.get("asin") or "")[:200], "bad_rank", error.message))
    return [
        MarketSignalRecord(sku, "sales_rank", Decimal(found[asin][0]), now, subject=asin) for sku, asin in pairs if asin in found
    ], rejected


def _rank_of(item: Mapping[str, Any], marketplace_id: str) -> tuple[int, str] | None:
    for ranks in objects(item, "salesRanks"):
        if ranks.get("marketplaceId") == marketplace_id:
            for name in ("displayGroupRanks", "classificationRanks"):
                for rank in objects(ranks, name):
                    return whole(rank, "rank"), text(rank, "title")
    return None


def _prices(pairs: Sequence[Pair], context: ConnectorContext) -> tuple[list[MarketSignalRecord], list[Rejected]]:
    """A batch with a status each. An ASIN without a featured offer has no price, which is not one of 0."""
    home = account_of(context).home.marketplace_id
    requests = [
        {
            "asin": asin, "marketplaceId": home, "includedData": ["featuredBuyingOptions"], "method": "GET",
            "uri": "/products/pricing/2022-05-01/items/competitiveSummary",
        }
        for asin in sorted({asin for _sku, asin in pairs})
    ]  # fmt: skip
    answer = call(
        context,
        "getCompetitiveSummary",
        "POST",
        "/batches/products/pricing/2022-05-01/items/competitiveSummary",
        body={"requests": requests},
    )
    now = context.now()
    found: dict[str, tuple[Decimal, str]] = {}
    rejected: list[Rejected] = []
    for response in required_objects(answer, "responses"):
        body = required_object(response, "body")
        asin = str(body.get("asin") or "")
        try:
            _require_success(response, body, asin)
            price = _featured(body)
            if price is not None:
                found[asin] = price
        except FieldError as error:
            rejected.append(Rejected(asin[:200], "no_price", error.message))
    records = [
        MarketSignalRecord(sku, "featured_price", found[asin][0], now, subject=asin, currency=found[asin][1])
        for sku, asin in pairs
        if asin in found
    ]
    return records, rejected


def _require_success(response: Mapping[str, Any], body: Mapping[str, Any], asin: str) -> None:
    status = mapping(response, "status")
    if status.get("statusCode") != 200:
        said = "; ".join(text_or_empty(error, "message") for error in objects(body, "errors")) or text_or_empty(status, "reasonPhrase")
        raise FieldError("status", f"Amazon tells no prices of {asin} ({status.get('statusCode')}): {said}"[:300])


def _featured(body: Mapping[str, Any]) -> tuple[Decimal, str] | None:
    for option in objects(body, "featuredBuyingOptions"):
        for offer in objects(option, "segmentedFeaturedOffers"):
            price = mapping(offer, "listingPrice")
            return decimal_of("listingPrice", price.get("amount")), text(price, "currencyCode")
    return None
