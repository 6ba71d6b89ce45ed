"""Tables of pushes: rules, what each account allows, the pushes themselves, and what the platform was seen to show."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Category, Sku, Warehouse
from stockhub.core import clock
from stockhub.core.fields import AmountField, CurrencyField
from stockhub.core.models import Editable


def sellable() -> list[str]:
    """What a rule includes unless it says otherwise."""
    return ["available"]


class BelowMin(models.TextChoices):
    ZERO = "zero", _("Nothing")
    MIN = "min", _("The least number")


class StockRule(Editable):
    """What a listing of an account shows for sale: the rule for a listing wins over that for a category, and that over the account's."""

    account = models.ForeignKey("channels.Account", models.CASCADE, related_name="stock_rules", verbose_name=_("account"))
    listing = models.ForeignKey(
        "channels.Listing", models.CASCADE, null=True, blank=True, related_name="stock_rules", verbose_name=_("listing")
    )
    category = models.ForeignKey(Category, models.CASCADE, null=True, blank=True, related_name="stock_rules", verbose_name=_("category"))
    warehouses = models.ManyToManyField(
        Warehouse, blank=True, related_name="stock_rules", verbose_name=_("warehouses"),
        help_text=_("Empty for those that the account's pools have and we count."),
    )  # fmt: skip
    buckets = models.JSONField(
        _("buckets"), default=sellable, help_text=_("What counts: available, and for presales receiving, in_transit or on_order.")
    )
    percent = models.DecimalField(
        _("percent"), max_digits=7, decimal_places=3, default=100, validators=[MinValueValidator(0), MaxValueValidator(1000)]
    )
    plus_qty = models.IntegerField(_("plus or minus"), default=0, help_text=_("Units added; below 0 they are kept for others."))
    min_qty = models.PositiveIntegerField(_("at least"), default=0)
    below_min = models.CharField(_("below that, show"), max_length=4, choices=BelowMin, default=BelowMin.ZERO)
    max_qty = models.PositiveIntegerField(_("at most"), null=True, blank=True)
    keeps_lag_buffer = models.BooleanField(
        _("keeps back what sells unseen"), default=False, db_default=False,
        help_text=_("Units that may be sold within the measured lag of the account's orders, in 99 cases of 100, at the pace of now."),
    )  # fmt: skip
    live_reserve_qty = models.PositiveIntegerField(_("kept for a live session"), default=0)
    live_from_at = models.DateTimeField(_("live session from"), null=True, blank=True)
    live_until_at = models.DateTimeField(_("live session until"), null=True, blank=True, help_text=_("Then it is shown again by itself."))

    class Meta:
        verbose_name = _("stock rule")
        verbose_name_plural = _("stock rules")
        constraints = [
            models.CheckConstraint(condition=Q(listing=None) | Q(category=None), name="channels_stockrule_one_scope"),
            models.CheckConstraint(condition=Q(percent__gte=0) & Q(percent__lte=1000), name="channels_stockrule_percent"),
            models.UniqueConstraint(fields=["account", "listing"], name="channels_stockrule_listing", condition=Q(deleted_at=None)),
            models.UniqueConstraint(fields=["account", "category"], name="channels_stockrule_category", condition=Q(deleted_at=None)),
            models.UniqueConstraint(
                fields=["account"], name="channels_stockrule_account", condition=Q(deleted_at=None, listing=None, category=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.listing or self.category or '*'}"


class PushSettings(Editable):
    """What an account allows: the largest change without a person, who approves, whether stock follows the ledger by itself."""

    account = models.OneToOneField("channels.Account", models.CASCADE, related_name="push_settings", verbose_name=_("account"))
    is_stopped = models.BooleanField(_("stopped"), default=False, help_text=_("Nothing is sent while this is set: the emergency stop."))
    is_automatic = models.BooleanField(_("stock follows the ledger"), default=False)
    debounce_seconds = models.PositiveIntegerField(_("seconds to gather changes"), default=30, validators=[MinValueValidator(1)])
    needs_second_person = models.BooleanField(
        _("another person approves"), default=False, help_text=_("Whoever made a push may not approve it.")
    )
    row_qty = models.PositiveIntegerField(_("largest change of a row, units"), null=True, blank=True)
    row_pct = models.DecimalField(
        _("largest change of a row, %"), max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    push_qty = models.PositiveIntegerField(_("largest change of a push, units"), null=True, blank=True)
    push_pct = models.DecimalField(
        _("largest change of a push, %"), max_digits=9, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    expires_after_hours = models.PositiveIntegerField(_("an approval holds for hours"), default=6, validators=[MinValueValidator(1)])
    tolerance_qty = models.PositiveIntegerField(_("difference that is no news, units"), default=0)
    tolerance_pct = models.DecimalField(
        _("difference that is no news, %"), max_digits=7, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    alert_above = models.PositiveIntegerField(_("warn above so many differences"), default=10)
    last_preview_at = models.DateTimeField(_("last good preview"), null=True, blank=True, editable=False)
    synced_at = models.DateTimeField(_("stock followed until"), null=True, blank=True, editable=False)
    #: On the database's clock, which all workers share.
    next_sync_at = models.DateTimeField(_("looks again"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("push settings")
        verbose_name_plural = _("push settings")

    def __str__(self) -> str:
        return str(self.account)


class ShownStock(models.Model):
    """What a platform was last seen to show for sale of a listing; the ledger knows nothing of it.

    `version` counts its changes: a push is decided on one, and its key names it.
    """

    listing = models.ForeignKey("channels.Listing", models.CASCADE, related_name="shown_stock", db_index=False, verbose_name=_("listing"))
    warehouse = models.CharField(_("warehouse"), max_length=60, blank=True, help_text=_("Empty where the shop has one number."))
    qty = models.BigIntegerField(_("shown"))
    previous_qty = models.BigIntegerField(_("shown before"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    observed_at = models.DateTimeField(_("seen"))
    changed_at = models.DateTimeField(_("changed"), default=clock.now)
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("stock that a platform shows")
        verbose_name_plural = _("stock that platforms show")
        constraints = [models.UniqueConstraint(fields=["listing", "warehouse"], name="channels_shownstock_once")]

    def __str__(self) -> str:
        return f"{self.listing}: {self.qty}"


class PushKind(models.TextChoices):
    STOCK = "stock", _("Stock")
    PRICE = "price", _("Prices")
    SHIP_TIME = "ship_time", _("Shipping times and presales")
    INBOUND_PLAN = "inbound_plan", _("Draft of an inbound shipment")
    REMOVAL = "removal", _("Removal of stock")


class PushStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    APPROVED = "approved", _("Approved")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent, not confirmed yet")
    CONFIRMED = "confirmed", _("Confirmed")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Unknown: it may be done")
    REFUSED = "refused", _("Refused by the platform")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")


#: Something may still come of it: no other push of the same rows is sent meanwhile.
OPEN = (PushStatus.APPROVED.value, PushStatus.SENDING.value, PushStatus.SENT.value, PushStatus.UNKNOWN.value)
#: It goes on only when a person says what became of it.
LEFT_TO_A_PERSON = Q(status__in=(PushStatus.UNKNOWN.value, PushStatus.SENT.value), next_attempt_at=None)
#: It had no effect, or not on every row: the same change may be pushed anew, under a key of its own.
ENDED = (PushStatus.FAILED.value, PushStatus.REFUSED.value, PushStatus.CANCELLED.value, PushStatus.EXPIRED.value)


class Push(models.Model):
    """A change of a platform: decided, previewed, approved by a person, sent at most once, and read back.

    Its key follows from what it does and from what was known when it was decided: the same decision is the same push.
    """

    account = models.ForeignKey("channels.Account", models.CASCADE, related_name="pushes", verbose_name=_("account"))
    kind = models.CharField(_("kind"), max_length=12, choices=PushKind)
    status = models.CharField(_("status"), max_length=10, choices=PushStatus, default=PushStatus.DRAFT)
    key = models.CharField(_("key"), max_length=80, unique=True)
    request_key = models.CharField(_("idempotency key"), max_length=200, blank=True)
    fingerprint = models.CharField(_("fingerprint"), max_length=64, blank=True)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    rule_snapshot = models.JSONField(_("rules as they were"), default=dict)
    held_reasons = models.JSONField(_("beyond the largest change"), default=list)
    is_automatic = models.BooleanField(_("made by the stock sync"), default=False)
    created_by = models.CharField(_("made by"), max_length=150)
    created_by_id = models.BigIntegerField(_("made by user"), null=True, editable=False)
    created_at = models.DateTimeField(_("made"), default=clock.now)
    approved_by = models.CharField(_("approved by"), max_length=150, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    confirmed_by = models.CharField(_("large change or removal confirmed by"), max_length=150, blank=True)
    expires_at = models.DateTimeField(_("the approval ends"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    reads = models.PositiveSmallIntegerField(_("read back"), default=0)
    round = models.PositiveSmallIntegerField(_("round"), default=0, help_text=_("A person who tries again begins a new one."))
    leased_by = models.CharField(_("worker"), max_length=100, blank=True)
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    #: On the database's clock. None while nothing is due by itself: a person has to decide.
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    first_sent_at = models.DateTimeField(_("first sent"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    error = models.TextField(_("last error"), blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    updated_at = models.DateTimeField(_("updated"), default=clock.now, db_index=True)

    class Meta:
        verbose_name = _("push")
        verbose_name_plural = _("pushes")
        permissions = [("approve_push", "Can approve pushes to platforms")]
        constraints = [
            models.UniqueConstraint(fields=["request_key"], name="channels_push_request_once", condition=~Q(request_key="")),
        ]
        indexes = [
            models.Index(fields=["next_attempt_at", "id"], name="channels_push_due", condition=Q(status__in=OPEN)),
            models.Index(fields=["account", "-created_at"], name="channels_push_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.kind} {self.pk}"


class PushRowStatus(models.TextChoices):
    PENDING = "pending", _("Not sent yet")
    SENDING = "sending", _("Being sent")
    APPLIED = "applied", _("Applied")
    ACCEPTED = "accepted", _("Taken, not read back yet")
    UNCHANGED = "unchanged", _("Unchanged")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")
    UNKNOWN = "unknown", _("Unknown: it may be done")


class PushRow(models.Model):
    """One listing of a push: before and after, how the number came about, and what became of it."""

    push = models.ForeignKey(Push, models.CASCADE, related_name="rows", verbose_name=_("push"))
    place = models.PositiveIntegerField(_("place"))
    #: The rows with one number go out in one request, under one key.
    call = models.PositiveIntegerField(_("request"), default=0)
    listing = models.ForeignKey(
        "channels.Listing", models.SET_NULL, null=True, blank=True, related_name="push_rows", verbose_name=_("listing")
    )
    code = models.CharField(_("code"), max_length=120)
    code_kind = models.CharField(_("kind of code"), max_length=20, default="sku")
    warehouse = models.CharField(_("warehouse"), max_length=60, blank=True)
    before_qty = models.BigIntegerField(_("units before"), null=True, blank=True)
    after_qty = models.BigIntegerField(_("units after"), null=True, blank=True)
    before_amount = AmountField(_("price before"), null=True, blank=True)
    after_amount = AmountField(_("price after"), null=True, blank=True)
    currency = CurrencyField(_("currency"), blank=True)
    days = models.PositiveSmallIntegerField(_("days to ship"), null=True, blank=True)
    presale_until = models.DateTimeField(_("presale until"), null=True, blank=True)
    #: What the last push of it that was applied had promised; None where none was.
    before_days = models.PositiveSmallIntegerField(_("days to ship before"), null=True, blank=True)
    before_presale_until = models.DateTimeField(_("presale before until"), null=True, blank=True)
    unsellable_qty = models.PositiveBigIntegerField(_("unsellable units"), null=True, blank=True)
    disposition = models.CharField(_("disposition"), max_length=20, blank=True)
    expires_on = models.DateField(_("expires"), null=True, blank=True)
    base_version = models.PositiveIntegerField(_("decided on version"), null=True, blank=True)
    base_at = models.DateTimeField(_("decided on what was seen"), null=True, blank=True)
    explanation = models.JSONField(_("how it came about"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=PushRowStatus, default=PushRowStatus.PENDING)
    error_code = models.CharField(_("code of the error"), max_length=60, blank=True)
    message = models.CharField(_("message"), max_length=500, blank=True)
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    read_qty = models.BigIntegerField(_("read back"), null=True, blank=True)
    read_at = models.DateTimeField(_("read back at"), null=True, blank=True)

    class Meta:
        verbose_name = _("row of a push")
        verbose_name_plural = _("rows of pushes")
        constraints = [models.UniqueConstraint(fields=["push", "place"], name="channels_pushrow_once")]

    def __str__(self) -> str:
        return f"{self.push_id}/{self.place}: {self.code}"


class DifferenceCause(models.TextChoices):
    UNMAPPED = "unmapped", _("The listing is linked to no SKU")
    STALE_FEED = "stale_feed", _("What the platform shows is not known, or was seen long ago")
    PUSH_PENDING = "push_pending", _("A push is under way")
    PENDING_ORDERS = "pending_orders", _("Orders came in since the platform was seen")
    COUNT = "count", _("The warehouse counted otherwise")
    UNEXPLAINED = "unexplained", _("Unexplained")


class StockDifference(models.Model):
    """Ours, the platform's and the warehouse's number that do not agree on a day; those that agree have no row.

    Of a listing: what the rule gives from the ledger, what the platform shows, what the rule gives from the warehouse's last counts. Of a
    SKU in a warehouse: the shelf by the book and by its last count.
    """

    day = models.DateField(_("day"))
    subject = models.CharField(_("subject"), max_length=120, help_text=_("listing:12:CN1 or sku:3:CN1."))
    account = models.ForeignKey(
        "channels.Account", models.CASCADE, null=True, blank=True, related_name="stock_differences", verbose_name=_("account")
    )
    listing = models.ForeignKey(
        "channels.Listing", models.CASCADE, null=True, blank=True, related_name="stock_differences", verbose_name=_("listing")
    )
    sku = models.ForeignKey(Sku, models.CASCADE, null=True, blank=True, related_name="stock_differences", verbose_name=_("SKU"))
    warehouse = models.ForeignKey(
        Warehouse, models.CASCADE, null=True, blank=True, related_name="stock_differences", verbose_name=_("warehouse")
    )
    our_qty = models.BigIntegerField(_("ours"), null=True, blank=True)
    platform_qty = models.BigIntegerField(_("the platform's"), null=True, blank=True)
    warehouse_qty = models.BigIntegerField(_("the warehouse's"), null=True, blank=True)
    oversold_qty = models.PositiveBigIntegerField(_("offered and not there"), default=0)
    cause = models.CharField(_("likely cause"), max_length=16, choices=DifferenceCause)
    platform_at = models.DateTimeField(_("platform seen"), null=True, blank=True)
    counted_at = models.DateTimeField(_("counted"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("stock difference")
        verbose_name_plural = _("stock differences")
        constraints = [models.UniqueConstraint(fields=["day", "subject"], name="channels_stockdifference_once")]
        indexes = [models.Index(fields=["account", "-day"], name="channels_stockdifference_of")]

    def __str__(self) -> str:
        return f"{self.day} {self.subject}"
