"""Exports of what explains stock: transfers, what did not come in as they said, disputes with their counts, and what lots cost."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest

from stockhub.access.models import User
from stockhub.access.scopes import visible_warehouse_ids
from stockhub.exports.export import Column, Kind, Table, TableExport, within
from stockhub.exports.filters import Choice, Codes, Exactly, Filter, Flag, Instant
from stockhub.exports.filters import Day as DayFilter
from stockhub.exports.shared import IN_STOCK, SKU, SKU_CODE, WAREHOUSE, WAREHOUSE_CODE, seen_warehouses
from stockhub.inventory.dispute_models import DisputeCause, StockDispute
from stockhub.inventory.models import CostKind, LotCost
from stockhub.inventory.transfers.models import StockVariance, TransferLine, TransferStatus, VarianceKind, VarianceStatus


def _at_either_end(rows: QuerySet[Any], viewer: User) -> QuerySet[Any]:
    """Both ends of a transfer have to do with it."""
    ids = visible_warehouse_ids(viewer)
    ends = Q(transfer__from_warehouse_id__in=ids or ()) | Q(transfer__to_warehouse_id__in=ids or ())
    return rows if ids is None else rows.filter(ends)


class Transfers(TableExport):
    """A row for each line of a transfer."""

    name: ClassVar[str] = "transfers"
    about: ClassVar[str] = "Transfers between our warehouses, a row for each line: a transfer without lines is not here."
    permissions: ClassVar[tuple[str, ...]] = ("inventory.view_transfer", *IN_STOCK)
    table: ClassVar[Table] = Table(
        TransferLine,
        _at_either_end,
        order=("transfer_id", "line_no", "sku_id"),
        annotations={"missing": Greatest(F("shipped_qty") - F("received_qty"), 0)},
    )
    columns: ClassVar[tuple[Column, ...]] = (
        Column("transfer", Kind.TEXT, "The transfer's code.", "transfer__code"),
        Column("status", Kind.TEXT, "Its state: planned, in_transit, receiving, received, cancelled.", "transfer__status"),
        Column("from_warehouse", Kind.TEXT, "The code of the warehouse that it leaves.", "transfer__from_warehouse__code"),
        Column("to_warehouse", Kind.TEXT, "The code of the warehouse that it reaches.", "transfer__to_warehouse__code"),
        Column("mode", Kind.TEXT, "How it travels.", "transfer__mode"),
        Column("line", Kind.INTEGER, "The number of the line.", "line_no"),
        SKU_CODE,
        Column("bundle", Kind.TEXT, "The code of the bundle of which the SKU is a part; empty where it is of none.", "bundle__code"),
        Column("bucket", Kind.TEXT, "The bucket that the units leave.", "bucket_id"),
        Column("planned_qty", Kind.INTEGER, "Units that were to go."),
        Column("shipped_qty", Kind.INTEGER, "Units that left."),
        Column("received_qty", Kind.INTEGER, "Units that came in."),
        Column("damaged_qty", Kind.INTEGER, "Units of them that are damaged."),
        Column("missing_qty", Kind.INTEGER, "Units that left and have not come in.", "missing"),
        Column("lost_qty", Kind.INTEGER, "Units that were written off."),
        Column("freight_amount", Kind.AMOUNT, "Freight of a unit; empty where none was told."),
        Column("freight_currency", Kind.TEXT, "Of the freight."),
        Column("shipped_on", Kind.DAY, "The day on which it left.", "transfer__shipped_on"),
        Column("expected_on", Kind.DAY, "The day on which it should arrive.", "transfer__expected_on"),
        Column("received_on", Kind.DAY, "The day on which it came in.", "transfer__received_on"),
    )
    filters: ClassVar[tuple[Filter, ...]] = (
        SKU,
        Codes("from_warehouse", "Only what leaves these warehouses, by their codes.", "transfer__from_warehouse_id", seen_warehouses),
        Codes("to_warehouse", "Only what goes to these warehouses, by their codes.", "transfer__to_warehouse_id", seen_warehouses),
        Choice("status", "Only transfers in these states.", "transfer__status", lambda: TransferStatus.values),
        Exactly("mode", "Only what travels this way.", "transfer__mode"),
        DayFilter("expected_from", "Only what should arrive on this day or later.", "transfer__expected_on__gte"),
        DayFilter("expected_to", "Only what should arrive before this day.", "transfer__expected_on__lt"),
    )


class Variances(TableExport):
    """More or less than was sent."""

    name: ClassVar[str] = "variances"
    about: ClassVar[str] = "Lines of transfers and shipments of which more or less came in than was sent, and what became of them."
    permissions: ClassVar[tuple[str, ...]] = ("inventory.view_stockvariance", *IN_STOCK)
    table: ClassVar[Table] = Table(
        StockVariance,
        lambda rows, viewer: within(rows, viewer, warehouse="warehouse_id"),
        annotations={"difference": F("found_qty") - F("expected_qty")},
    )
    columns: ClassVar[tuple[Column, ...]] = (
        Column("document", Kind.TEXT, "What kind of document: transfer or shipment.", "kind"),
        Column("reference", Kind.TEXT, "The document, such as transfer:TR-1."),
        Column("line", Kind.INTEGER, "The number of its line.", "line_no"),
        SKU_CODE,
        WAREHOUSE_CODE,
        Column("expected_qty", Kind.INTEGER, "Units sent."),
        Column("found_qty", Kind.INTEGER, "Units found."),
        Column("difference_qty", Kind.INTEGER, "Units found beyond those sent; below 0 where some are missing.", "difference"),
        Column("status", Kind.TEXT, "What became of it: open, accepted, found, withdrawn."),
        Column("note", Kind.TEXT, "In words."),
        Column("opened_at", Kind.INSTANT, "When it came up."),
        Column("resolved_at", Kind.INSTANT, "When it was settled; empty while it is not."),
        Column("resolved_by", Kind.TEXT, "Who settled it."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (
        SKU,
        WAREHOUSE,
        Choice("status", "Only those of which this became.", "status", lambda: VarianceStatus.values),
        Choice("document", "Only of these kinds of documents.", "kind", lambda: VarianceKind.values),
        Exactly("reference", "Only of this document.", "reference"),
        Instant("opened_from", "Only what came up at this moment or later.", "opened_at__gte"),
        Instant("opened_to", "Only what came up before this moment.", "opened_at__lt"),
    )


class Disputes(TableExport):
    """Where nobody knows how many there are."""

    name: ClassVar[str] = "disputes"
    about: ClassVar[str] = (
        "Disputes of stock with the count that opened them, open and settled. Counts that agree are movements of kind count."
    )
    permissions: ClassVar[tuple[str, ...]] = ("inventory.view_stockdispute", *IN_STOCK)
    table: ClassVar[Table] = Table(StockDispute, lambda rows, viewer: within(rows, viewer, warehouse="warehouse_id"))
    columns: ClassVar[tuple[Column, ...]] = (
        SKU_CODE,
        WAREHOUSE_CODE,
        Column("cause", Kind.TEXT, "Why it is doubted: count, reconcile, variance, operator."),
        Column("book_qty", Kind.INTEGER, "Units by the book; empty where nobody counted."),
        Column("counted_qty", Kind.INTEGER, "Units counted; empty where nobody counted."),
        Column("deviation_pct", Kind.AMOUNT, "Per cent by which the count deviates from the book; below 0 where units are missing."),
        Column("counted_at", Kind.INSTANT, "When it was counted."),
        Column("note", Kind.TEXT, "In words."),
        Column("opened_at", Kind.INSTANT, "Since when it holds automatic decisions."),
        Column("opened_by", Kind.TEXT, "Who doubted."),
        Column("resolved_at", Kind.INSTANT, "When it was settled; empty while it is not."),
        Column("resolved_by", Kind.TEXT, "Who settled it."),
        Column("resolution", Kind.TEXT, "What became of it."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (
        SKU,
        WAREHOUSE,
        Choice("cause", "Only of these causes.", "cause", lambda: DisputeCause.values),
        Flag("open", "Only what holds decisions now.", holds=Q(resolved_at__isnull=True)),
    )


class LotCosts(TableExport):
    """The parts of what lots cost."""

    name: ClassVar[str] = "lot-costs"
    about: ClassVar[str] = "The parts of what a unit of each lot cost, late invoices among them. Together they are its landed cost."
    permissions: ClassVar[tuple[str, ...]] = ("inventory.view_lot", "inventory.view_lotcost", *IN_STOCK)
    table: ClassVar[Table] = Table(LotCost, lambda rows, viewer: within(rows, viewer, warehouse="lot__warehouse_id"))
    columns: ClassVar[tuple[Column, ...]] = (
        Column("sku", Kind.TEXT, "The SKU's code.", "lot__sku__code"),
        Column("warehouse", Kind.TEXT, "The warehouse's code.", "lot__warehouse__code"),
        Column("lot", Kind.TEXT, "The lot's code.", "lot__code"),
        Column("received_on", Kind.DAY, "The day from which the lot's age counts.", "lot__received_on"),
        Column("kind", Kind.TEXT, "What was paid for."),
        Column("unit_amount", Kind.AMOUNT, "What was paid for a unit; below 0 for a credit note."),
        Column("currency", Kind.TEXT, "Of the amount."),
        Column("rate_on", Kind.DAY, "The day whose exchange rate converts it."),
        Column("recorded_at", Kind.INSTANT, "When it became known."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (
        Codes("sku", SKU.about, "lot__sku_id", SKU.visible),
        Codes("warehouse", WAREHOUSE.about, "lot__warehouse_id", WAREHOUSE.visible),
        Choice("kind", "Only these kinds.", "kind", lambda: CostKind.values),
        Instant("recorded_from", "Only what became known at this moment or later.", "recorded_at__gte"),
        Instant("recorded_to", "Only what became known before this moment.", "recorded_at__lt"),
    )
