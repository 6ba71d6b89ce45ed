"""What platforms tell beside orders and stock: ages, fees, settlements, visitors, ranks. Facts that cannot be had again, only ever added.

A *latest* row says of each listing what holds now, so that a cycle reads one row and not its history.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import clock
from stockhub.core.fields import AmountField, ArrayField, CurrencyField
from stockhub.purchasing.models import Shipment


class PlatformShipment(models.Model):
    """The shipment that an account knows by an id, and the state of it that was told last: an older one that comes later is old news."""

    account = models.ForeignKey("channels.Account", models.CASCADE, related_name="platform_shipments", verbose_name=_("account"))
    external_id = models.CharField(_("id"), max_length=120)
    name = models.CharField(_("name"), max_length=200, blank=True)
    shipment = models.OneToOneField(Shipment, models.PROTECT, related_name="platform_shipment", verbose_name=_("shipment"))
    told_at = models.DateTimeField(_("state of"))
    #: Orders two tellings of one instant, so that both orders of arrival end the same.
    told_key = models.CharField(_("state"), max_length=80, editable=False)

    class Meta:
        verbose_name = _("shipment of a platform")
        verbose_name_plural = _("shipments of platforms")
        constraints = [models.UniqueConstraint(fields=["account", "external_id"], name="channels_platformshipment_once")]

    def __str__(self) -> str:
        return f"{self.account}: {self.external_id}"


class ListingCount(models.Model):
    """What a platform counted last of a listing that shares its SKU with others of the account, in units of the listing.

    Each tells of its own units only, and not always at the same time: what lies there of the SKU is their sum.
    """

    listing = models.ForeignKey("channels.Listing", models.CASCADE, related_name="counts", db_index=False, verbose_name=_("listing"))
    warehouse = models.ForeignKey(Warehouse, models.CASCADE, related_name="+", db_index=False, verbose_name=_("warehouse"))
    bucket = models.CharField(_("bucket"), max_length=30)
    qty = models.PositiveBigIntegerField(_("units"))
    observed_at = models.DateTimeField(_("observed"))

    class Meta:
        verbose_name = _("count of a listing")
        verbose_name_plural = _("counts of listings")
        constraints = [models.UniqueConstraint(fields=["listing", "warehouse", "bucket"], name="channels_listingcount_once")]

    def __str__(self) -> str:
        return f"{self.listing} @ {self.warehouse}: {self.qty} {self.bucket}"


class StockAge(models.Model):
    """How old the units of a listing were in a platform's warehouse, in units of its SKU: [first day, last day or null, units] each.

    `surcharge` is what the platform expected to charge for their age at its next snapshot, `storage` for their room a month; empty is
    unknown.
    """

    account = models.ForeignKey("channels.Account", models.CASCADE, related_name="stock_ages", verbose_name=_("account"))
    listing = models.ForeignKey("channels.Listing", models.CASCADE, related_name="stock_ages", db_index=False, verbose_name=_("listing"))
    sku = models.ForeignKey(Sku, models.CASCADE, related_name="stock_ages", verbose_name=_("SKU"))
    warehouse = models.ForeignKey(Warehouse, models.CASCADE, related_name="stock_ages", db_index=False, verbose_name=_("warehouse"))
    observed_at = models.DateTimeField(_("observed"))
    brackets = models.JSONField(_("units by age"), default=list)
    units = models.PositiveBigIntegerField(_("units"))
    surcharge_amount = AmountField(_("expected surcharge"), null=True, blank=True)
    storage_amount = AmountField(_("storage a month"), null=True, blank=True)
    currency = CurrencyField(_("currency"), blank=True)
    #: What the platform itself reckons of the listing's stock; empty is unknown. Its days of supply are by its own short and long view.
    supply_days_30 = models.FloatField(_("days of supply, 30 days"), null=True, blank=True)
    supply_days_90 = models.FloatField(_("days of supply, 90 days"), null=True, blank=True)
    supply_days_ahead = models.FloatField(_("days of supply by its forecast"), null=True, blank=True)
    sell_through = models.FloatField(_("sell-through"), null=True, blank=True)
    excess_qty = models.PositiveBigIntegerField(_("excess units"), null=True, blank=True)
    stranded_qty = models.PositiveBigIntegerField(_("stranded units"), null=True, blank=True)
    low_fee_exempt = models.BooleanField(_("exempt from the low-inventory fee"), null=True, blank=True)
    low_fee_applied = models.BooleanField(_("low-inventory fee this week"), null=True, blank=True)
    #: Null and not empty, so that the column comes to a large table without rewriting it.
    health = models.CharField(_("level of stock in its words"), max_length=60, null=True, blank=True)  # noqa: DJ001 - see above
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("age of stock at a platform")
        verbose_name_plural = _("ages of stock at platforms")
        constraints = [models.UniqueConstraint(fields=["listing", "warehouse", "observed_at"], name="channels_stockage_once")]

    def __str__(self) -> str:
        return f"{self.sku_id} @ {self.warehouse_id}: {self.observed_at}"


class LatestStockAge(models.Model):
    """The newest of a listing's `StockAge` in a warehouse. `brackets` are triplets: first day, last day (−1 without one), units."""

    listing = models.ForeignKey("channels.Listing", models.CASCADE, related_name="+", db_index=False, verbose_name=_("listing"))
    warehouse = models.ForeignKey(Warehouse, models.CASCADE, related_name="+", db_index=False, verbose_name=_("warehouse"))
    sku = models.ForeignKey(Sku, models.CASCADE, related_name="+", verbose_name=_("SKU"))
    observed_at = models.DateTimeField(_("observed"))
    #: The business day of the warehouse on which it was observed.
    observed_on = models.DateField(_("day"))
    brackets = ArrayField(_("units by age"), dtype="<i4")
    surcharge_amount = AmountField(_("expected surcharge"), null=True, blank=True)
    currency = CurrencyField(_("currency"), blank=True)
    supply_days_30 = models.FloatField(_("days of supply, 30 days"), null=True, blank=True)
    supply_days_90 = models.FloatField(_("days of supply, 90 days"), null=True, blank=True)
    low_fee_exempt = models.BooleanField(_("exempt from the low-inventory fee"), null=True, blank=True)

    class Meta:
        verbose_name = _("latest age of stock at a platform")
        verbose_name_plural = _("latest ages of stock at platforms")
        constraints = [models.UniqueConstraint(fields=["listing", "warehouse"], name="channels_lateststockage_once")]

    def __str__(self) -> str:
        return f"{self.sku_id} @ {self.warehouse_id}: {self.observed_at}"


class FeeEstimate(models.Model):
    """What a platform expected to charge for a unit of a listing sold at a price: [its name of the fee, amount as text] each."""

    account = models.ForeignKey("channels.Account", models.CASCADE, related_name="fee_estimates", verbose_name=_("account"))
    listing = models.ForeignKey("channels.Listing", models.CASCADE, related_name="fee_estimates", db_index=False, verbose_name=_("listing"))
    sku = models.ForeignKey(Sku, models.CASCADE, related_name="fee_estimates", verbose_name=_("SKU"))
    #: Units of the SKU in one of the listing, of which the amounts are.
    sku_units = models.PositiveIntegerField(_("units in one listing"), default=1)
    observed_at = models.DateTimeField(_("observed"))
    price_amount = AmountField(_("price"))
    total_amount = AmountField(_("fees in all"))
    currency = CurrencyField(_("currency"))
    fees = models.JSONField(_("fees"), default=list)
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("fee estimate of a platform")
        verbose_name_plural = _("fee estimates of platforms")
        constraints = [models.UniqueConstraint(fields=["listing", "observed_at"], name="channels_feeestimate_once")]

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.total_amount} {self.currency}"


class LatestFeeEstimate(models.Model):
    """The newest of a listing's `FeeEstimate`, of one unit of its SKU."""

    listing = models.OneToOneField("channels.Listing", models.CASCADE, related_name="+", verbose_name=_("listing"))
    account = models.ForeignKey("channels.Account", models.CASCADE, related_name="+", db_index=False, verbose_name=_("account"))
    sku = models.ForeignKey(Sku, models.CASCADE, related_name="+", verbose_name=_("SKU"))
    observed_at = models.DateTimeField(_("observed"))
    #: The business day of the account on which it was observed.
    observed_on = models.DateField(_("day"))
    price_amount = AmountField(_("price of a unit"))
    total_amount = AmountField(_("fees of a unit"))
    currency = CurrencyField(_("currency"))

    class Meta:
        verbose_name = _("latest fee estimate of a platform")
        verbose_name_plural = _("latest fee estimates of platforms")

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.total_amount} {self.currency}"


class Settlement(models.Model):
    """One charge or credit as a platform settled it: what the seller pays, below 0 what he gets.

    `sku` is empty for what concerns no code, and for a set of several SKUs, whose charges cannot be told apart.
    """

    account = models.ForeignKey("channels.Account", models.PROTECT, related_name="settlements", db_index=False, verbose_name=_("account"))
    external_id = models.CharField(_("id"), max_length=120)
    fee = models.CharField(_("fee"), max_length=60)
    amount = AmountField(_("amount"))
    currency = CurrencyField(_("currency"))
    posted_at = models.DateTimeField(_("posted"))
    listing = models.ForeignKey(
        "channels.Listing", models.PROTECT, null=True, blank=True, related_name="settlements", verbose_name=_("listing")
    )
    sku = models.ForeignKey(Sku, models.PROTECT, null=True, blank=True, related_name="settlements", db_index=False, verbose_name=_("SKU"))
    qty = models.PositiveIntegerField(_("units of the SKU"), null=True, blank=True)
    order_external_id = models.CharField(_("order"), max_length=120, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("settled charge")
        verbose_name_plural = _("settled charges")
        constraints = [models.UniqueConstraint(fields=["account", "external_id"], name="channels_settlement_once")]
        indexes = [models.Index(fields=["sku", "account", "posted_at"], name="channels_settlement_of_sku", condition=Q(sku__isnull=False))]

    def __str__(self) -> str:
        return f"{self.external_id}: {self.fee} {self.amount} {self.currency}"


class SettledFee(models.Model):
    """What a unit of a SKU was really charged on an account, on average of the days before `posted_on`: worked out as facts come in."""

    account = models.ForeignKey("channels.Account", models.CASCADE, related_name="settled_fees", verbose_name=_("account"))
    sku = models.ForeignKey(Sku, models.CASCADE, related_name="settled_fees", db_index=False, verbose_name=_("SKU"))
    fee = models.CharField(_("fee"), max_length=60)
    unit_amount = AmountField(_("a unit"))
    currency = CurrencyField(_("currency"))
    units = models.PositiveBigIntegerField(_("units"))
    posted_on = models.DateField(_("last posted"))
    updated_at = models.DateTimeField(_("updated"), default=clock.now)

    class Meta:
        verbose_name = _("settled fee of a unit")
        verbose_name_plural = _("settled fees of units")
        constraints = [models.UniqueConstraint(fields=["sku", "account", "fee"], name="channels_settledfee_once")]

    def __str__(self) -> str:
        return f"{self.sku_id} {self.fee}: {self.unit_amount} {self.currency}"


class DailyTraffic(models.Model):
    """What visitors of a listing did on a business day of the site; empty is unknown. A day that the platform tells anew is corrected.

    Nothing refers to a row and `day` is part of what is unique, so that the table can be partitioned by month.
    """

    listing = models.ForeignKey("channels.Listing", models.CASCADE, related_name="traffic", db_index=False, verbose_name=_("listing"))
    day = models.DateField(_("day"))
    views = models.PositiveBigIntegerField(_("views"), null=True, blank=True)
    visitors = models.PositiveBigIntegerField(_("visitors"), null=True, blank=True)
    clicks = models.PositiveBigIntegerField(_("clicks"), null=True, blank=True)
    carts = models.PositiveBigIntegerField(_("put into carts"), null=True, blank=True)
    ad_cost_amount = AmountField(_("cost of advertising"), null=True, blank=True)
    currency = CurrencyField(_("currency"), blank=True)
    source = models.CharField(_("source"), max_length=40, blank=True)
    #: When the platform said so; empty where it does not tell.
    told_at = models.DateTimeField(_("told"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("traffic of a day")
        verbose_name_plural = _("traffic of days")
        constraints = [
            models.UniqueConstraint(fields=["listing", "day"], name="channels_dailytraffic_once"),
            models.CheckConstraint(
                condition=Q(views__isnull=False) | Q(visitors__isnull=False) | Q(clicks__isnull=False) | Q(carts__isnull=False)
                | Q(ad_cost_amount__isnull=False),
                name="channels_dailytraffic_tells",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["-day", "-id"], name="channels_dailytraffic_newest")]

    def __str__(self) -> str:
        return f"{self.listing_id} {self.day}"


class ListingSignalKind(models.TextChoices):
    SALES_RANK = "sales_rank", _("Sales rank")
    FEATURED_PRICE = "featured_price", _("Featured price")
    LOWEST_PRICE = "lowest_price", _("Lowest price")
    REVIEWS = "reviews", _("Reviews")
    RATING = "rating", _("Rating")


class ListingSignal(models.Model):
    """What the market showed of a listing, or of a rival of it: added where it differs from what was seen before it.

    `subject` is the category of a rank. Nothing refers to a row, so that the table can be partitioned by month.
    """

    listing = models.ForeignKey("channels.Listing", models.CASCADE, related_name="signals", db_index=False, verbose_name=_("listing"))
    kind = models.CharField(_("kind"), max_length=20, choices=ListingSignalKind)
    subject = models.CharField(_("of"), max_length=200, blank=True)
    rival = models.CharField(_("rival"), max_length=120, blank=True, help_text=_("Empty for the listing itself."))
    value = AmountField(_("value"))
    currency = CurrencyField(_("currency"), blank=True)
    observed_at = models.DateTimeField(_("observed"))
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("signal of the market")
        verbose_name_plural = _("signals of the market")
        constraints = [
            models.UniqueConstraint(fields=["listing", "kind", "subject", "rival", "observed_at"], name="channels_listingsignal_once")
        ]
        indexes = [models.Index(F("observed_at").desc(), F("id").desc(), name="channels_listingsignal_newest")]

    def __str__(self) -> str:
        return f"{self.listing_id} {self.kind}: {self.value}"
