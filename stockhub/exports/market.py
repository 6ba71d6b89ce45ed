"""Exports of what rivals do: each sight of one, and what they amount to for a SKU."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.db.models import QuerySet

from stockhub.access.models import User
from stockhub.channels.market_models import MarketObservation, MarketTrend
from stockhub.exports.export import Column, Kind, Table, TableExport, within
from stockhub.exports.filters import Day, Exactly, Filter
from stockhub.exports.shared import ACCOUNT, SKU, SKU_CODE

_ACCOUNT_CODE: Final = Column("account", Kind.TEXT, "The account's code.", "account__code")
_NAMES: Final = ("channels.view_account", "catalog.view_sku")
_FROM: Final = Day("observed_from", "Only what was seen on this day or later.", "observed_on__gte")
_TO: Final = Day("observed_to", "Only what was seen before this day.", "observed_on__lt")


def _seen(rows: QuerySet[Any], viewer: User) -> QuerySet[Any]:
    return within(rows, viewer, account="account_id")


class MarketObservations(TableExport):
    """Rivals as they were seen."""

    name: ClassVar[str] = "market-observations"
    about: ClassVar[str] = "Rivals of SKUs as tools and platforms saw them, by day. An empty cell is unknown."
    permissions: ClassVar[tuple[str, ...]] = ("channels.view_marketobservation", *_NAMES)
    table: ClassVar[Table] = Table(MarketObservation, _seen)
    columns: ClassVar[tuple[Column, ...]] = (
        _ACCOUNT_CODE,
        SKU_CODE,
        Column("rival", Kind.TEXT, "The rival's code on the marketplace."),
        Column("observed_on", Kind.DAY, "The day on which it was seen."),
        Column("sales_rank", Kind.INTEGER, "Its sales rank; 1 is the best."),
        Column("monthly_sales", Kind.NUMBER, "Units that it sells a month, as the source estimates."),
        Column("reviews", Kind.INTEGER, "Its reviews in all."),
        Column("source", Kind.TEXT, "Who says so."),
        Column("recorded_at", Kind.INSTANT, "When we were told."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (ACCOUNT, SKU, Exactly("rival", "Only this rival.", "rival"), _FROM, _TO)


class MarketTrends(TableExport):
    """What the rivals of SKUs did."""

    name: ClassVar[str] = "market-trends"
    about: ClassVar[str] = "What the rivals of each SKU did in the thirty days until they were seen last, against the thirty before."
    permissions: ClassVar[tuple[str, ...]] = ("channels.view_markettrend", *_NAMES)
    table: ClassVar[Table] = Table(MarketTrend, _seen)
    columns: ClassVar[tuple[Column, ...]] = (
        _ACCOUNT_CODE,
        SKU_CODE,
        Column("observed_on", Kind.DAY, "The day on which one of them was seen last."),
        Column("rivals", Kind.INTEGER, "How many were seen."),
        Column("rank_change", Kind.NUMBER, "By which share their sales ranks changed: above 0 they are worse. Empty where unknown."),
        Column("sales_change", Kind.NUMBER, "By which share their estimated sales changed. Empty where unknown."),
        Column("review_change", Kind.NUMBER, "By which share the reviews changed that they won a day. Empty where unknown."),
        Column("updated_at", Kind.INSTANT, "When it was worked out."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (ACCOUNT, SKU, _FROM, _TO)
