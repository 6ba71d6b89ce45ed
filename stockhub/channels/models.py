"""Shops on marketplaces: accounts, listings, orders, and everything that came in and could not be taken."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Category, Sku, StockPool, Warehouse
from stockhub.channels import fact_models, market_models, received_models  # noqa: F401 - Django looks for models here
from stockhub.channels.connecting import models as connecting_models  # noqa: F401 - as above
from stockhub.channels.feed_models import Feed as Feed  # noqa: PLC0414 - everybody imports it from here
from stockhub.channels.feed_models import FeedHold as FeedHold  # noqa: PLC0414 - everybody imports it from here
from stockhub.channels.feed_models import FeedState as FeedState  # noqa: PLC0414 - everybody imports it from here
from stockhub.channels.pushes import models as push_models  # noqa: F401 - as above
from stockhub.channels.webhooks import models as webhook_models  # noqa: F401 - as above
from stockhub.core import clock
from stockhub.core.fields import AmountField, CurrencyField
from stockhub.core.models import Editable

#: `order_recorded_at` of a line whose writer does not know the column: a release from before it. The nightly job fills in what is meant.
NOT_TOLD = datetime(1970, 1, 1, tzinfo=UTC)


class AccountMode(models.TextChoices):
    READ_ONLY = "read_only", _("Read only: nothing is pushed to the platform")
    WRITE = "write", _("Stock and prices are pushed")


class ReduceOn(models.TextChoices):
    CREATE = "create", _("When the order is created")
    PAY = "pay", _("When the order is paid")


class Account(Editable):
    """One shop on one marketplace. A new one is read-only, and its first warning cycle sets a baseline."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    marketplace = models.CharField(_("marketplace"), max_length=60, help_text=_("The slug of a connector, or file."))
    site = models.CharField(_("site"), max_length=40, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai", help_text=_("Of its business day."))
    currency = CurrencyField(_("currency"), default="CNY")
    mode = models.CharField(_("mode"), max_length=12, choices=AccountMode, default=AccountMode.READ_ONLY)
    reduce_on = models.CharField(_("orders take stock"), max_length=8, choices=ReduceOn, default=ReduceOn.CREATE)
    is_active = models.BooleanField(_("active"), default=True)
    config = models.JSONField(_("configuration"), default=dict, blank=True, help_text=_("As the connector's model wants it."))
    secrets = models.BinaryField(_("secrets"), default=bytes, editable=False)
    experience_score_floor = models.FloatField(
        _("warn below this experience score"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    baseline_at = models.DateTimeField(_("baseline set"), null=True, blank=True, editable=False)
    #: What it came with (`baselines.BaselineSummary`); null of accounts whose baseline an older release has set.
    baseline_summary = models.JSONField(_("baseline"), null=True, blank=True, editable=False)
    #: How fast it sells, as `shop_pace` measured it last: what a sanction of the whole shop is reckoned by.
    orders_a_day = models.FloatField(_("orders a day"), null=True, blank=True, editable=False)
    paid_a_day_amount = AmountField(_("paid a day"), null=True, blank=True, editable=False)
    pace_on = models.DateField(_("pace measured"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.code


class PoolAccount(models.Model):
    """A pool serves an account. `share` is the part of the account's demand that it serves, within dates."""

    pool = models.ForeignKey(StockPool, models.CASCADE, related_name="pool_accounts", verbose_name=_("pool"))
    account = models.ForeignKey(Account, models.CASCADE, related_name="pool_accounts", verbose_name=_("account"))
    priority = models.PositiveSmallIntegerField(_("priority"), default=1, help_text=_("The lowest number is taken from first."))
    share = models.FloatField(_("share"), default=1.0, validators=[MinValueValidator(0), MaxValueValidator(1)])
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("account of a pool")
        verbose_name_plural = _("accounts of pools")
        ordering = ["priority", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(share__gte=0) & Q(share__lte=1), name="channels_poolaccount_share"),
            models.UniqueConstraint(fields=["pool", "account", "valid_from"], name="channels_poolaccount_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pool}: {self.account}"


class Responsibility(models.Model):
    """Who answers for alerts: by SKU, else by category and all beneath it, else by brand, else for an account, else for everything."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, related_name="responsibilities", verbose_name=_("account"))
    sku = models.ForeignKey(Sku, models.CASCADE, null=True, blank=True, related_name="responsibilities", verbose_name=_("SKU"))
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="responsibilities", verbose_name=_("category")
    )
    brand = models.CharField(_("brand"), max_length=120, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="owned", verbose_name=_("owner")
    )
    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="bought", verbose_name=_("buyer")
    )

    class Meta:
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")

    def __str__(self) -> str:
        return f"{self.sku or self.category or self.brand or '*'} @ {self.account or '*'}"


class ExternalCode(models.Model):
    """A code by which an account, or everybody, knows a SKU: ASIN, FNSKU, MSKU, sku_id, barcode. Always text."""

    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, related_name="external_codes", verbose_name=_("account"))
    sku = models.ForeignKey(Sku, models.CASCADE, related_name="external_codes", verbose_name=_("SKU"))
    kind = models.CharField(_("kind"), max_length=20)
    value = models.CharField(_("code"), max_length=120, db_index=True)

    class Meta:
        verbose_name = _("external code")
        verbose_name_plural = _("external codes")
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "value", "sku"], name="channels_externalcode_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class Listing(Editable):
    """An offer on an account. What it delivers are its components; without one it is unmapped, kept, and can be linked later."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="listings", verbose_name=_("account"))
    kind = models.CharField(_("kind of code"), max_length=20, default="sku", help_text=_("sku, asin, msku, product_id, sku_id, …"))
    code = models.CharField(_("code"), max_length=120)
    title = models.CharField(_("title"), max_length=500, blank=True)
    status = models.CharField(_("status"), max_length=20, default="active")
    url = models.URLField(_("address"), max_length=500, blank=True)
    first_seen_at = models.DateTimeField(_("first seen"), default=clock.now)
    last_sold_at = models.DateTimeField(_("last sold"), null=True, blank=True)

    class Meta:
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        constraints = [models.UniqueConstraint(fields=["account", "kind", "code"], name="channels_listing_once")]

    def __str__(self) -> str:
        return f"{self.account}: {self.code}"


class ListingComponent(models.Model):
    """`qty` of a SKU in a listing, within dates: multipacks, gifts and remaps without rewriting history."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="components", verbose_name=_("listing"))
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="listing_components", verbose_name=_("SKU"))
    qty = models.PositiveIntegerField(_("quantity"), default=1, validators=[MinValueValidator(1)])
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("component of a listing")
        verbose_name_plural = _("components of listings")
        constraints = [models.CheckConstraint(condition=Q(qty__gte=1), name="channels_listingcomponent_qty_positive")]

    def __str__(self) -> str:
        return f"{self.qty} x {self.sku}"


class PriceFact(models.Model):
    """A price that was seen: list or effective, with its reason. Only ever added."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="prices", verbose_name=_("listing"))
    kind = models.CharField(_("kind"), max_length=12, choices=[("list", _("List price")), ("effective", _("Effective price"))])
    amount = AmountField(_("price"))
    currency = CurrencyField(_("currency"))
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    occurred_at = models.DateTimeField(_("since"))
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        # The last one of each listing is found in the index alone: cycles ask for those of a hundred thousand listings.
        indexes = [models.Index(fields=["listing", "-occurred_at", "-id"], name="channels_pricefact_last")]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class OrderKind(models.TextChoices):
    SALE = "sale", _("Sale")
    GIFT = "gift", _("Gift")
    SAMPLE = "sample", _("Sample")
    REPLACEMENT = "replacement", _("Replacement")
    B2B = "b2b", _("Business order")
    INTERNAL = "internal", _("Internal")
    EXCLUDED = "excluded", _("Excluded")


class OrderStatus(models.TextChoices):
    CREATED = "created", _("Created")
    PAID = "paid", _("Paid")
    SHIPPED = "shipped", _("Shipped")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")


class Order(models.Model):
    """An order as the marketplace tells it, without personal data: a keyed hash of the buyer and the province are all that is kept."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="orders", db_index=False, verbose_name=_("account"))
    external_id = models.CharField(_("order"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=OrderKind, default=OrderKind.SALE)
    status = models.CharField(_("status"), max_length=12, choices=OrderStatus, default=OrderStatus.CREATED)
    #: Of the source: a lower one that arrives later is old news.
    source_version = models.BigIntegerField(_("version"), default=0)
    presale_kind = models.CharField(_("presale"), max_length=20, blank=True, help_text=_("A presale takes future supply."))
    fulfilled_by = models.CharField(_("fulfilled by"), max_length=20, default="merchant", help_text=_("merchant or platform"))
    currency = CurrencyField(_("currency"))
    ordered_at = models.DateTimeField(_("ordered"))
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    ship_by_at = models.DateTimeField(_("ship by"), null=True, blank=True)
    shipped_at = models.DateTimeField(_("shipped"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancel_reason = models.CharField(_("reason of the cancellation"), max_length=60, blank=True)
    buyer_hash = models.CharField(_("buyer"), max_length=64, blank=True)
    province = models.CharField(_("province"), max_length=60, blank=True)
    live_room = models.CharField(_("live room"), max_length=60, blank=True)
    live_author = models.CharField(_("live author"), max_length=60, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)
    updated_at = models.DateTimeField(_("updated"), default=clock.now)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [models.UniqueConstraint(fields=["account", "external_id"], name="channels_order_once")]
        indexes = [
            models.Index(fields=["account", "ordered_at"], name="channels_order_live", condition=~Q(live_room="") | ~Q(live_author=""))
        ]

    def __str__(self) -> str:
        return self.external_id


class OrderLine(models.Model):
    """One line of an order. `sku` is empty while its code is mapped to nothing; linking the listing later counts it in."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines", db_index=False, verbose_name=_("order"))
    #: The source's line id, or a digest of (sku, time, price, quantity, ordinal among equals) where a file has none.
    line_key = models.CharField(_("line"), max_length=120)
    master_line = models.CharField(_("master line"), max_length=120, blank=True)
    listing = models.ForeignKey(Listing, models.PROTECT, null=True, blank=True, related_name="order_lines", verbose_name=_("listing"))
    sku = models.ForeignKey(Sku, models.PROTECT, null=True, blank=True, related_name="order_lines", verbose_name=_("SKU"))
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, null=True, blank=True, related_name="order_lines", db_index=False, verbose_name=_("warehouse")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=OrderKind, default=OrderKind.SALE)
    status = models.CharField(_("status"), max_length=12, choices=OrderStatus, default=OrderStatus.CREATED)
    qty = models.PositiveIntegerField(_("quantity"))
    unit_price_amount = AmountField(_("unit price"), null=True, blank=True)
    promo = models.CharField(_("promotion"), max_length=60, blank=True)
    ordered_at = models.DateTimeField(_("ordered"))
    #: Units of this line that the sales facts hold; the next version posts the difference.
    counted_qty = models.PositiveIntegerField(_("counted as sold"), default=0, editable=False)
    #: What one unit delivers, as it was when the line was taken: its set may be of other parts by now. In the words of `parts_text`:
    #: SKU:units, empty for one unit of the line's own SKU, and None where nobody wrote it down.
    parts = models.TextField(_("parts of one unit"), null=True, editable=False)  # noqa: DJ001 - empty says something else than None
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)
    #: Its order's `recorded_at`, which never changes: lines lie in partitions by its month, and reads of an order's lines name it.
    order_recorded_at = models.DateTimeField(_("order recorded"), db_default=Value(NOT_TOLD), editable=False)

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        constraints = [models.UniqueConstraint(fields=["order", "line_key"], name="channels_orderline_once")]
        indexes = [models.Index(fields=["listing"], name="channels_orderline_unmapped", condition=Q(sku__isnull=True))]

    def __str__(self) -> str:
        return f"{self.order}/{self.line_key}"


class OrderStatusChange(models.Model):
    """The history of an order's status, as it was told and when."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="status_changes", verbose_name=_("order"))
    status = models.CharField(_("status"), max_length=12, choices=OrderStatus)
    occurred_at = models.DateTimeField(_("occurred"))
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("status of an order")
        verbose_name_plural = _("statuses of orders")

    def __str__(self) -> str:
        return f"{self.order}: {self.status}"


class CustomerReturn(models.Model):
    """Units that came back. Each becomes a lot with a grade; a return is supply, never negative demand."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="returns", verbose_name=_("account"))
    external_id = models.CharField(_("return"), max_length=120)
    order_external_id = models.CharField(_("order"), max_length=120, blank=True)
    sku = models.ForeignKey(Sku, models.PROTECT, null=True, blank=True, related_name="returns", verbose_name=_("SKU"))
    listing = models.ForeignKey(Listing, models.PROTECT, null=True, blank=True, related_name="returns", verbose_name=_("listing"))
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, null=True, blank=True, related_name="returns", verbose_name=_("warehouse"))
    qty = models.PositiveIntegerField(_("quantity"))
    grade = models.CharField(_("grade"), max_length=12)
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    returned_at = models.DateTimeField(_("returned"))
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        constraints = [models.UniqueConstraint(fields=["account", "external_id"], name="channels_return_once")]
        # Every order that comes in asks which returns came before it.
        indexes = [models.Index(fields=["account", "order_external_id"], name="channels_return_order", condition=~Q(order_external_id=""))]

    def __str__(self) -> str:
        return self.external_id


class Quarantined(models.Model):
    """A record that came in and could not be taken: kept without personal data, shown, and tried again once its cause is mended."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="quarantine", verbose_name=_("account"))
    kind = models.CharField(_("kind"), max_length=20, help_text=_("order, return, stock, listing, …"))
    external_id = models.CharField(_("id"), max_length=200)
    code = models.CharField(_("code"), max_length=60)
    message = models.TextField(_("reason"))
    #: What is translated when it is read. None in rows of before, and of what a connector or a platform said in its own words.
    template = models.TextField(_("reason, to be filled in"), null=True, blank=True)  # noqa: DJ001
    params = models.JSONField(_("values of the reason"), null=True, blank=True)
    payload = models.JSONField(_("record"), default=dict)
    attempts = models.PositiveIntegerField(_("attempts"), default=1)
    first_seen_at = models.DateTimeField(_("first seen"), default=clock.now)
    last_seen_at = models.DateTimeField(_("last seen"), default=clock.now)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    #: None where nobody dismissed it: it is open, or it was taken in the end.
    dismissed_by = models.CharField(_("dismissed by"), max_length=150, null=True, blank=True)  # noqa: DJ001
    dismissed_reason = models.CharField(_("reason of the dismissal"), max_length=200, null=True, blank=True)  # noqa: DJ001
    next_retry_at = models.DateTimeField(_("tried again by itself"), null=True, blank=True, help_text=_("At the earliest."))

    class Meta:
        verbose_name = _("quarantined record")
        verbose_name_plural = _("quarantined records")
        constraints = [models.UniqueConstraint(fields=["account", "kind", "external_id", "code"], name="channels_quarantined_once")]
        indexes = [models.Index(fields=["account", "kind"], name="channels_quarantined_open", condition=Q(resolved_at=None))]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}: {self.code}"


class ExperienceScore(models.Model):
    """The platform's score of a shop, as observed. Only ever added."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="experience_scores", verbose_name=_("account"))
    score = models.FloatField(_("score"), validators=[MinValueValidator(0), MaxValueValidator(100)])
    parts = models.JSONField(_("parts"), null=True, blank=True, help_text=_("By the platform's names; empty where it told none."))
    occurred_at = models.DateTimeField(_("observed"))
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("experience score")
        verbose_name_plural = _("experience scores")

    def __str__(self) -> str:
        return f"{self.account}: {self.score}"


class SalesDelta(models.Model):
    """What ingestion changed in the units sold of a SKU on an account in an hour. `demand` adds these to its series and removes them."""

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="+", db_index=False, verbose_name=_("SKU"))
    account = models.ForeignKey(Account, models.CASCADE, related_name="+", db_index=False, verbose_name=_("account"))
    hour_at = models.DateTimeField(_("hour"))
    qty = models.IntegerField(_("quantity"))

    class Meta:
        verbose_name = _("change in sales")
        verbose_name_plural = _("changes in sales")

    def __str__(self) -> str:
        return f"{self.sku_id} {self.hour_at}: {self.qty:+}"
