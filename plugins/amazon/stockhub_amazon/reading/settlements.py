"""What Amazon really charged: storage by month, surcharges for age, and removals, from its own reports of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from stockhub.formulas.fees.aged_stock import AGED_SURCHARGE
from stockhub.formulas.fees.removal import REMOVAL
from stockhub.formulas.fees.storage import MONTHLY_STORAGE
from stockhub.pluginapi.connectors import ConnectorContext, Page, ReadRequest, ReadSettlements, Rejected, RequestRefusedError
from stockhub.pluginapi.platform_records import SettlementRecord
from stockhub_amazon.calls import account_of
from stockhub_amazon.fields import FieldError, amount_or_none, day, instant, text, text_or_empty, whole_or_none
from stockhub_amazon.reports.documents import Document
from stockhub_amazon.reports.flow import Consume, ReportWish, cursor_pairs, cursor_text
from stockhub_amazon.reports.repeats import Repeats
from stockhub_amazon.reports.spans import Spans
from stockhub_amazon.reports.tables import Column, Row, Slice, Table, unquoted

AGED_CHARGES: Final = "GET_FBA_FULFILLMENT_LONGTERM_STORAGE_FEE_CHARGES_DATA"
STORAGE_CHARGES: Final = "GET_FBA_STORAGE_FEE_CHARGES_DATA"
REMOVAL_ORDERS: Final = "GET_FBA_FULFILLMENT_REMOVAL_ORDER_DETAIL_DATA"

AGED_TABLE: Final = Table(
    AGED_CHARGES,
    (
        Column("snapshot-date"),
        Column("sku"),
        Column("fnsku", required=False),
        Column("country", required=False),
        Column("currency"),
        Column("qty-charged", required=False),
        Column("amount-charged"),
        Column("surcharge-age-tier", required=False),
    ),
)
#: Amazon charges storage for its own article number, of which a seller's SKU is the listing; the report has no SKU.
STORAGE_TABLE: Final = Table(
    STORAGE_CHARGES,
    (
        Column("asin"),
        Column("fnsku"),
        Column("fulfillment-center", ("fulfillment_center",)),
        Column("month-of-charge", ("month_of_charge",)),
        Column("currency"),
        Column("estimated-monthly-storage-fee", ("estimated_monthly_storage_fee",)),
        Column("average-quantity-on-hand", ("average_quantity_on_hand",), required=False),
    ),
    key="fnsku",
)
REMOVALS_TABLE: Final = Table(
    REMOVAL_ORDERS,
    (
        Column("request-date"),
        Column("order-id"),
        Column("order-type"),
        Column("service-speed", required=False),
        Column("order-status"),
        Column("last-updated-date"),
        Column("sku"),
        Column("fnsku", required=False),
        Column("disposition"),
        Column("requested-quantity"),
        Column("cancelled-quantity"),
        Column("disposed-quantity"),
        Column("shipped-quantity"),
        Column("in-process-quantity"),
        Column("removal-fee"),
        Column("currency"),
    ),
)
Make = Callable[[Row, Repeats], SettlementRecord | None]


def aged_charge(row: Row, repeats: Repeats, *, zone: ZoneInfo) -> SettlementRecord:
    """Posted when the day of its snapshot began in the marketplace: midnight in UTC is the day before in America."""
    posted = datetime.combine(day(row, "snapshot-date"), time(), zone).astimezone(UTC)
    said = (
        row["snapshot-date"],
        row["sku"],
        text_or_empty(row, "fnsku"),
        text_or_empty(row, "country"),
        text_or_empty(row, "surcharge-age-tier"),
    )
    return SettlementRecord(
        repeats.name("aged", said), AGED_SURCHARGE, _amount(row, "amount-charged"), text(row, "currency"), posted,
        code=unquoted(text(row, "sku")), qty=whole_or_none(row, "qty-charged"),
    )  # fmt: skip


def storage_charge(row: Row, repeats: Repeats, *, zone: ZoneInfo) -> SettlementRecord:
    """Posted when its month began in the marketplace."""
    month = text(row, "month-of-charge")
    try:
        posted = datetime.strptime(month[:7], "%Y-%m").replace(tzinfo=zone).astimezone(UTC)
    except ValueError:
        raise FieldError("month-of-charge", f"month-of-charge is no month: {month[:40]}.") from None
    return SettlementRecord(
        repeats.name("storage", (month, row["fnsku"], row["fulfillment-center"])), MONTHLY_STORAGE,
        _amount(row, "estimated-monthly-storage-fee"), text(row, "currency"), posted, code=text(row, "fnsku"), code_kind="fnsku",
    )  # fmt: skip


def removal_charge(row: Row, repeats: Repeats) -> SettlementRecord | None:
    """One that is under way is charged by what has left so far, and grows. One that is not charged yet has no fee: not one of 0."""
    fee = amount_or_none(row, "removal-fee")
    if fee is None or whole_or_none(row, "in-process-quantity"):
        return None
    moved = [whole_or_none(row, name) for name in ("disposed-quantity", "shipped-quantity")]
    return SettlementRecord(
        repeats.name("removal", (row["order-id"], row["sku"], text_or_empty(row, "fnsku"), row["disposition"])), REMOVAL, fee,
        text(row, "currency"), instant(row, "last-updated-date"), code=unquoted(text(row, "sku")),
        qty=sum(n for n in moved if n is not None) if any(n is not None for n in moved) else None, order_external_id=text(row, "order-id"),
    )  # fmt: skip


def _amount(row: Row, name: str) -> Decimal:
    amount = amount_or_none(row, name)
    if amount is None:
        raise FieldError(name, f"{name} is missing.")
    return amount


@dataclass(frozen=True, slots=True)
class _Source:
    """`make_in` makes what reads a row, of the time zone of the marketplace."""

    table: Table
    make_in: Callable[[ZoneInfo], Make]
    longest: timedelta
    overlap: timedelta


_SOURCES: Final[Mapping[str, _Source]] = {
    "aged": _Source(AGED_TABLE, lambda zone: partial(aged_charge, zone=zone), timedelta(days=31), timedelta(days=35)),
    "storage": _Source(STORAGE_TABLE, lambda zone: partial(storage_charge, zone=zone), timedelta(days=31), timedelta(days=62)),
    "removals": _Source(REMOVALS_TABLE, lambda _zone: removal_charge, timedelta(days=16), timedelta(days=14)),
}


class AmazonSettlements(ReadSettlements):
    """One source after the other, each with its own place in the past."""

    def read_settlements(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[SettlementRecord]]:
        since = (request.since or context.now() - timedelta(days=60)).isoformat()
        places = cursor_pairs(request.cursor) or {name: {"from": since} for name in _SOURCES}
        latest = context.now() - timedelta(hours=1)
        unfinished = [name for name in _SOURCES if name not in places.get("finished", ())] or list(_SOURCES)
        finished = [name for name in _SOURCES if name not in unfinished]
        for name in unfinished:
            at = places[name]
            try:
                for page, after in _spans(name, context).pages(at, latest, context):
                    places[name] = after
                    finished = [*finished, name] if page.is_last else finished
                    yield _page(page, places, finished, latest)
            except RequestRefusedError as error:
                # The others are read nevertheless; this one goes on from its place at the next reading, and an operator sees why.
                context.log.warning("%s was refused: %s", _SOURCES[name].table.report_type, error.message)
                finished = [*finished, name]
                refused = Rejected(_SOURCES[name].table.report_type, error.code, error.message)
                yield _page(Page((), "", rejected=(refused,)), places, finished, latest)
            if name not in finished:
                return


def _page(page: Page[SettlementRecord], places: Mapping[str, Any], finished: list[str], latest: datetime) -> Page[SettlementRecord]:
    is_last = len(finished) == len(_SOURCES)
    cursor = cursor_text({**places, "finished": [] if is_last else finished})
    return Page(page.records, cursor, latest if is_last else None, page.rejected, page.again_after, is_last)


def _spans(name: str, context: ConnectorContext) -> Spans[SettlementRecord]:
    source = _SOURCES[name]
    home = account_of(context).home
    make, marketplaces = source.make_in(ZoneInfo(home.site.time_zone)), (home.marketplace_id,)
    return Spans(
        wish=lambda start, end: ReportWish(
            source.table.report_type, marketplaces, start, end, reuse_for=timedelta(hours=12), cancelled_is_empty=True
        ),
        consume=lambda _wish: charges_of_report(source.table, make),
        longest=source.longest,
        overlap=source.overlap,
        shortest=timedelta(hours=12),
    )


def charges_of_report(table: Table, make: Make) -> Consume[SettlementRecord]:
    def consume(document: Document, after: int) -> Iterator[Slice[SettlementRecord]]:
        repeats = Repeats()
        for part in table.slices(document, lambda row: make(row, repeats)):
            if part.row > after or not after:
                yield part

    return consume
