"""Exports of pushes with their rows, and of the daily differences of stock."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Q, QuerySet

from stockhub.access.models import User
from stockhub.access.scopes import visible_account_ids, visible_warehouse_ids
from stockhub.channels.pushes.models import DifferenceCause, PushKind, PushRow, PushStatus, StockDifference
from stockhub.exports.export import Column, Kind, Table, TableExport, within
from stockhub.exports.filters import Choice, Codes, Filter, Instant
from stockhub.exports.filters import Day as DayFilter
from stockhub.exports.shared import ACCOUNT, SKU, SKU_CODE, WAREHOUSE_CODE


class Pushes(TableExport):
    """What was, or is to be, changed on platforms, a line a listing."""

    name: ClassVar[str] = "pushes"
    about: ClassVar[str] = "Pushes to platforms, a line a listing: before, after, and what became of it."
    permissions: ClassVar[tuple[str, ...]] = ("channels.view_push", "channels.view_account")
    table: ClassVar[Table] = Table(PushRow, lambda rows, viewer: within(rows, viewer, account="push__account_id"))
    columns: ClassVar[tuple[Column, ...]] = (
        Column("account", Kind.TEXT, "The account's code.", "push__account__code"),
        Column("key", Kind.TEXT, "The push's key.", "push__key"),
        Column("kind", Kind.TEXT, "What it changes: stock, price, ship_time, inbound_plan, removal.", "push__kind"),
        Column("push_status", Kind.TEXT, "How far the push is.", "push__status"),
        Column("code", Kind.TEXT, "The listing's code."),
        Column("warehouse", Kind.TEXT, "The platform's warehouse, or empty."),
        Column("before_qty", Kind.INTEGER, "Units before."),
        Column("after_qty", Kind.INTEGER, "Units after."),
        Column("before_price", Kind.AMOUNT, "The price before.", "before_amount"),
        Column("after_price", Kind.AMOUNT, "The price after.", "after_amount"),
        Column("currency", Kind.TEXT, "The currency of the prices."),
        Column("status", Kind.TEXT, "What became of the row."),
        Column("message", Kind.TEXT, "Why it was not done, or empty."),
        Column("created_by", Kind.TEXT, "Who made the push.", "push__created_by"),
        Column("created_at", Kind.INSTANT, "When it was made.", "push__created_at"),
        Column("approved_by", Kind.TEXT, "Who approved it, or empty.", "push__approved_by"),
        Column("finished_at", Kind.INSTANT, "When it ended; empty while it has not.", "push__finished_at"),
    )
    filters: ClassVar[tuple[Filter, ...]] = (
        Codes("account", ACCOUNT.about, "push__account_id", ACCOUNT.visible),
        Choice("kind", "Only pushes of these kinds.", "push__kind", lambda: PushKind.values),
        Choice("status", "Only pushes that are so far.", "push__status", lambda: PushStatus.values),
        Instant("created_from", "Only pushes made at this moment or later.", "push__created_at__gte"),
        Instant("created_to", "Only pushes made before this moment.", "push__created_at__lt"),
    )


def _seen(rows: QuerySet[Any], viewer: User) -> QuerySet[Any]:
    """Those of listings by their account, those of shelves by their warehouse."""
    accounts, warehouses = visible_account_ids(viewer), visible_warehouse_ids(viewer)
    of_account = Q(account__isnull=False) if accounts is None else Q(account__in=accounts)
    of_shelf = Q(account=None) if warehouses is None else Q(account=None, warehouse__in=warehouses)
    return rows.filter(of_account | of_shelf)


class StockDifferences(TableExport):
    """What did not agree on a day."""

    name: ClassVar[str] = "stock-differences"
    about: ClassVar[str] = "Ours, the platforms' and the warehouses' stock that did not agree, by day. What agrees has no line."
    permissions: ClassVar[tuple[str, ...]] = ("channels.view_stockdifference", "channels.view_account", "catalog.view_sku")
    table: ClassVar[Table] = Table(StockDifference, _seen)
    columns: ClassVar[tuple[Column, ...]] = (
        Column("day", Kind.DAY, "Which day."),
        Column("account", Kind.TEXT, "The account's code; empty for a shelf.", "account__code"),
        Column("listing", Kind.TEXT, "The listing's code; empty for a shelf.", "listing__code"),
        SKU_CODE,
        WAREHOUSE_CODE,
        Column("our_qty", Kind.INTEGER, "Ours."),
        Column("platform_qty", Kind.INTEGER, "The platform's; empty where that is not known."),
        Column("warehouse_qty", Kind.INTEGER, "The warehouse's; empty where nothing was counted."),
        Column("oversold_qty", Kind.INTEGER, "Units that are offered and cannot be served."),
        Column("cause", Kind.TEXT, "The likely cause."),
        Column("platform_at", Kind.INSTANT, "When the platform was seen."),
        Column("counted_at", Kind.INSTANT, "When the warehouse counted."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (
        ACCOUNT,
        SKU,
        Choice("cause", "Only those with this likely cause.", "cause", lambda: DifferenceCause.values),
        DayFilter("day_from", "Only those of this day or later.", "day__gte"),
        DayFilter("day_to", "Only those before this day.", "day__lt"),
    )
