"""Exports of what platforms tell beside orders and stock: shipments, ages, fees, charges, visitors, what the market shows, scores."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from stockhub.channels.fact_models import (
    DailyTraffic,
    FeeEstimate,
    ListingSignal,
    ListingSignalKind,
    PlatformShipment,
    Settlement,
    StockAge,
)
from stockhub.channels.models import ExperienceScore
from stockhub.exports.export import Column, Kind, Table, TableExport, within
from stockhub.exports.filters import Choice, Codes, Day, Exactly, Filter, Instant
from stockhub.exports.shared import ACCOUNT, SKU, SKU_CODE, WAREHOUSE, WAREHOUSE_CODE, seen_accounts
from stockhub.purchasing.models import ShipmentStatus

_ACCOUNT_CODE: Final = Column("account", Kind.TEXT, "The account's code.", "account__code")
_LISTING_ACCOUNT: Final = Column("account", Kind.TEXT, "The account's code.", "listing__account__code")
_LISTING: Final = Column("listing", Kind.TEXT, "The listing's code.", "listing__code")
_LISTING_KIND: Final = Column("listing_kind", Kind.TEXT, "The kind of the code, such as sku, asin or msku.", "listing__kind")
_CURRENCY: Final = Column("currency", Kind.TEXT, "The currency of the amounts, ISO 4217; empty where there is none.")
_OBSERVED: Final = Column("observed_at", Kind.INSTANT, "When it was so.")
_RECORDED: Final = Column("recorded_at", Kind.INSTANT, "When we were told.")
_OF_LISTINGS: Final = Codes("account", "Only these accounts, by their codes.", "listing__account_id", seen_accounts)
_OBSERVED_FROM: Final = Instant("observed_from", "Only what was so at this moment or later.", "observed_at__gte")
_OBSERVED_TO: Final = Instant("observed_to", "Only what was so before this moment.", "observed_at__lt")
_NAMES: Final = ("channels.view_account", "channels.view_listing")


def _text(name: str) -> Cast:
    """A column of JSON, as text."""
    return Cast(name, TextField())


def _by(path: str) -> Callable[[QuerySet[Any], Any], QuerySet[Any]]:
    return lambda rows, viewer: within(rows, viewer, account=path)


class PlatformShipments(TableExport):
    """What is on its way to platforms."""

    name: ClassVar[str] = "platform-shipments"
    about: ClassVar[str] = "Shipments as platforms know them, with ours that stands for each."
    permissions: ClassVar[tuple[str, ...]] = ("channels.view_platformshipment", "channels.view_account", "catalog.view_warehouse")
    table: ClassVar[Table] = Table(PlatformShipment, _by("account_id"))
    columns: ClassVar[tuple[Column, ...]] = (
        _ACCOUNT_CODE,
        Column("external_id", Kind.TEXT, "By what the platform knows it."),
        Column("name", Kind.TEXT, "Its name there; empty where it has none."),
        Column("shipment", Kind.TEXT, "The code of our shipment.", "shipment__code"),
        Column("warehouse", Kind.TEXT, "The code of the warehouse that it goes to.", "shipment__warehouse__code"),
        Column("status", Kind.TEXT, "Its state: planned, in_transit, receiving, received, cancelled.", "shipment__status"),
        Column("expected_on", Kind.DAY, "The day on which it is expected; empty where nobody says.", "shipment__expected_on"),
        Column("told_at", Kind.INSTANT, "When it was in this state."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (
        ACCOUNT,
        Choice("status", "Only those in this state.", "shipment__status", lambda: ShipmentStatus.values),
    )


class StockAges(TableExport):
    """How old stock at platforms was."""

    name: ClassVar[str] = "stock-ages"
    about: ClassVar[str] = "How old the stock was that platforms count, as they told it."
    permissions: ClassVar[tuple[str, ...]] = ("channels.view_stockage", *_NAMES, "catalog.view_sku", "catalog.view_warehouse")
    table: ClassVar[Table] = Table(StockAge, lambda rows, viewer: within(rows, viewer, account="account_id", warehouse="warehouse_id"))
    columns: ClassVar[tuple[Column, ...]] = (
        _ACCOUNT_CODE,
        SKU_CODE,
        WAREHOUSE_CODE,
        _LISTING,
        Column("brackets", Kind.TEXT, "[first day, last day or null, units] of each bracket of age, as JSON.", _text("brackets")),
        Column("units", Kind.INTEGER, "Units in all."),
        Column("surcharge_amount", Kind.AMOUNT, "What the platform expected to charge for their age; empty where it did not say."),
        Column("storage_amount", Kind.AMOUNT, "What their room costs a month; empty where it did not say."),
        _CURRENCY,
        Column("supply_days_30", Kind.NUMBER, "Days of supply by the platform's short view of what was sold; empty where not told."),
        Column("supply_days_90", Kind.NUMBER, "The same by its long view."),
        Column("supply_days_ahead", Kind.NUMBER, "Days that the stock lasts by the platform's forecast."),
        Column("sell_through", Kind.NUMBER, "Units sold a unit held over 90 days, as the platform reckons."),
        Column("excess_qty", Kind.INTEGER, "Units that are too many by the platform's count."),
        Column("stranded_qty", Kind.INTEGER, "Units that no active offer sells, by the platform's count; empty where not told."),
        Column("low_fee_exempt", Kind.FLAG, "Whether it is exempt from the low-inventory fee; empty where not told."),
        Column("low_fee_applied", Kind.FLAG, "Whether that fee is charged this week; empty where not told."),
        Column("health", Kind.TEXT, "The platform's own word for the level of stock."),
        _OBSERVED,
        _RECORDED,
    )
    filters: ClassVar[tuple[Filter, ...]] = (ACCOUNT, SKU, WAREHOUSE, _OBSERVED_FROM, _OBSERVED_TO)


class FeeEstimates(TableExport):
    """What platforms expected to charge."""

    name: ClassVar[str] = "fee-estimates"
    about: ClassVar[str] = "What platforms expected to charge for a unit sold at a price."
    permissions: ClassVar[tuple[str, ...]] = ("channels.view_feeestimate", *_NAMES, "catalog.view_sku")
    table: ClassVar[Table] = Table(FeeEstimate, _by("account_id"))
    columns: ClassVar[tuple[Column, ...]] = (
        _ACCOUNT_CODE,
        SKU_CODE,
        _LISTING,
        Column("sku_units", Kind.INTEGER, "Units of the SKU in one of the listing, of which the amounts are."),
        Column("price_amount", Kind.AMOUNT, "The price that was asked about."),
        Column("total_amount", Kind.AMOUNT, "The fees in all."),
        _CURRENCY,
        Column("fees", Kind.TEXT, "[name, amount] of each fee by the platform's names, as JSON.", _text("fees")),
        _OBSERVED,
        _RECORDED,
    )
    filters: ClassVar[tuple[Filter, ...]] = (ACCOUNT, SKU, _OBSERVED_FROM, _OBSERVED_TO)


class SettledCharges(TableExport):
    """What platforms charged."""

    name: ClassVar[str] = "settled-charges"
    about: ClassVar[str] = "Every charge and credit as platforms settled it."
    permissions: ClassVar[tuple[str, ...]] = ("channels.view_settlement", *_NAMES, "catalog.view_sku")
    table: ClassVar[Table] = Table(Settlement, _by("account_id"))
    columns: ClassVar[tuple[Column, ...]] = (
        _ACCOUNT_CODE,
        Column("external_id", Kind.TEXT, "By what the platform knows it."),
        Column("fee", Kind.TEXT, "The fee's name."),
        Column("amount", Kind.AMOUNT, "What we paid; below 0 is what we got."),
        _CURRENCY,
        SKU_CODE,
        _LISTING,
        Column("qty", Kind.INTEGER, "Units that it is for; empty where it is not told."),
        Column("order_external_id", Kind.TEXT, "The order; empty where it is for none."),
        Column("posted_at", Kind.INSTANT, "When it was posted."),
        _RECORDED,
    )
    filters: ClassVar[tuple[Filter, ...]] = (
        ACCOUNT,
        SKU,
        Exactly("fee", "Only this fee.", "fee"),
        Instant("posted_from", "Only what was posted at this moment or later.", "posted_at__gte"),
        Instant("posted_to", "Only what was posted before this moment.", "posted_at__lt"),
    )


class Traffic(TableExport):
    """What visitors did."""

    name: ClassVar[str] = "traffic"
    about: ClassVar[str] = "What visitors of listings did, by business day of the site. An empty cell is unknown."
    permissions: ClassVar[tuple[str, ...]] = ("channels.view_dailytraffic", *_NAMES)
    table: ClassVar[Table] = Table(DailyTraffic, _by("listing__account_id"))
    columns: ClassVar[tuple[Column, ...]] = (
        _LISTING_ACCOUNT,
        _LISTING,
        _LISTING_KIND,
        Column("day", Kind.DAY, "The day."),
        Column("views", Kind.INTEGER, "Views."),
        Column("visitors", Kind.INTEGER, "Visitors."),
        Column("clicks", Kind.INTEGER, "Clicks."),
        Column("carts", Kind.INTEGER, "How often it was put into a cart."),
        Column("ad_cost_amount", Kind.AMOUNT, "What advertising it cost."),
        _CURRENCY,
        Column("source", Kind.TEXT, "What told it; empty for a connector."),
        _RECORDED,
    )
    filters: ClassVar[tuple[Filter, ...]] = (
        _OF_LISTINGS,
        Day("from", "Only this day and later ones.", "day__gte"),
        Day("to", "Only days before this.", "day__lt"),
    )


class ListingSignals(TableExport):
    """What the market showed."""

    name: ClassVar[str] = "listing-signals"
    about: ClassVar[str] = "What the market showed of listings and of their rivals, where it changed."
    permissions: ClassVar[tuple[str, ...]] = ("channels.view_listingsignal", *_NAMES)
    table: ClassVar[Table] = Table(ListingSignal, _by("listing__account_id"))
    columns: ClassVar[tuple[Column, ...]] = (
        _LISTING_ACCOUNT,
        _LISTING,
        _LISTING_KIND,
        Column("kind", Kind.TEXT, "What was seen: sales_rank, featured_price, lowest_price, reviews, rating."),
        Column("subject", Kind.TEXT, "The category of a rank."),
        Column("rival", Kind.TEXT, "Of which rival; empty for the listing itself."),
        Column("value", Kind.AMOUNT, "The value."),
        _CURRENCY,
        _OBSERVED,
        _RECORDED,
    )
    filters: ClassVar[tuple[Filter, ...]] = (
        _OF_LISTINGS,
        Choice("kind", "Only these.", "kind", lambda: ListingSignalKind.values),
        _OBSERVED_FROM,
        _OBSERVED_TO,
    )


class ExperienceScores(TableExport):
    """How platforms judge shops."""

    name: ClassVar[str] = "experience-scores"
    about: ClassVar[str] = "The platforms' scores of shops, with their parts."
    permissions: ClassVar[tuple[str, ...]] = ("channels.view_experiencescore", "channels.view_account")
    table: ClassVar[Table] = Table(ExperienceScore, _by("account_id"))
    columns: ClassVar[tuple[Column, ...]] = (
        _ACCOUNT_CODE,
        Column("score", Kind.NUMBER, "The score, from 0 to 100."),
        Column(
            "parts", Kind.TEXT, "[name, number] of each part by the platform's names, as JSON; empty where none was told.", _text("parts")
        ),
        Column("occurred_at", Kind.INSTANT, "When it was so."),
        _RECORDED,
    )
    filters: ClassVar[tuple[Filter, ...]] = (ACCOUNT,)
