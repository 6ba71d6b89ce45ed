"""What people know of the days ahead: planned events, adjustments and locks, signals; and what past events taught."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Category, Sku, StockPool
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.core.models import Editable
from stockhub.suppliers.models import Supplier

#: A factor beyond is a slip of the keyboard: nothing sells a hundred times as much as usual by plan.
MOST_FACTOR = 100.0
#: And nobody sells more of a SKU in one event.
MOST_UNITS = 1e8
_FACTOR = [MinValueValidator(0.0), MaxValueValidator(MOST_FACTOR)]


UNITS_OF_A_SKU = _("Expected units are those of one SKU in place of a lift, and no closure has any.")
DAYS_OF_A_DELAY = _("A delay of supply has its days and lifts nothing; days, a supplier and a country are said of a delay only.")
#: No lead time is longer by more than a year for a time.
MOST_DELAY_DAYS = 365.0


class DatedPlan(Editable):
    """What holds for some SKUs, pools or accounts from one day to another, who said so and why. An empty field stands for all."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("account"))
    pool = models.ForeignKey(StockPool, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("pool"))
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("category"), help_text=_("And all beneath it.")
    )
    sku = models.ForeignKey(Sku, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("SKU"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=300, help_text=_("Why: what the next person reads."))
    made_by = models.CharField(_("made by"), max_length=150, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.code


class PlanKind(models.TextChoices):
    PROMOTION = "promotion", _("Promotion")
    PRICE_CHANGE = "price_change", _("Price change")
    CLOSURE = "closure", _("Closure")
    DELAY = "delay", _("Delay of supply")


class PlannedEvent(DatedPlan):
    """A promotion, a price change or a closure, past or to come. Past ones of the same event type teach what the next one lifts.

    A delay of supply moves no demand: what is ordered from its first day to its last takes so many days longer to come.
    """

    kind = models.CharField(_("kind"), max_length=16, choices=PlanKind)
    event_type = models.SlugField(
        _("event type"), max_length=60, help_text=_("Such as flash-sale or 618: events of one type are taken to lift alike.")
    )
    name = models.CharField(_("name"), max_length=200)
    expected_lift = models.FloatField(
        _("expected lift"), null=True, blank=True, validators=_FACTOR,
        help_text=_("Demand over that of an ordinary day, such as 2.6. Empty: what past events of the type taught."),
    )  # fmt: skip
    expected_units = models.FloatField(
        _("expected units"), null=True, blank=True, validators=[MinValueValidator(0.0), MaxValueValidator(MOST_UNITS)],
        help_text=_("Of its SKU from the first day to the last, ordinary demand included, such as 300 of a lightning deal; no lift then."),
    )  # fmt: skip
    safety_stock_factor = models.FloatField(
        _("safety stock factor"), null=True, blank=True, validators=_FACTOR,
        help_text=_("Multiplies the safety stock from the first day to the last, such as 1.5; then it is as before."),
    )  # fmt: skip
    ends_time = models.TimeField(
        _("ends at"), null=True, blank=True,
        help_text=_("On the last day, on the business's clock, such as 22:00 of a live stream. Empty: not known."),
    )  # fmt: skip
    supplier = models.ForeignKey(
        Supplier, models.CASCADE, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("supplier"),
        help_text=_("Of a delay: what is ordered from him. Empty: from anybody."),
    )  # fmt: skip
    supplier_country = models.CharField(
        _("country of suppliers"), max_length=2, blank=True, help_text=_("Of a delay: what is ordered from suppliers in it, such as CN.")
    )
    extra_lead_time_days = models.FloatField(
        _("days longer"), null=True, blank=True, validators=[MinValueValidator(0.0), MaxValueValidator(MOST_DELAY_DAYS)],
        help_text=_("Of a delay: on top of the lead time of what is ordered from the first day to the last, such as 14."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("planned event")
        verbose_name_plural = _("planned events")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="demand_plannedevent_ends_after_start",
                violation_error_message=_("The last day is not before the first."),
            ),
        ]

    @property
    def has_units_of_no_sku(self) -> bool:
        """Whether units are expected of more than one SKU, beside a lift, or of a closure."""
        beside = self.sku_id is None or self.expected_lift is not None or self.kind == PlanKind.CLOSURE
        return self.expected_units is not None and beside

    @property
    def is_half_a_delay(self) -> bool:
        """Whether it is a delay without its days or with a lift, or is none and has what only a delay has."""
        if self.kind == PlanKind.DELAY:
            return self.extra_lead_time_days is None or self.expected_lift is not None or self.expected_units is not None
        return self.extra_lead_time_days is not None or self.supplier_id is not None or bool(self.supplier_country)

    def clean(self) -> None:
        """Units are those of one SKU, and say what a lift would say; a delay has its days."""
        if self.is_half_a_delay:
            raise ValidationError({"extra_lead_time_days": DAYS_OF_A_DELAY})
        if self.has_units_of_no_sku:
            raise ValidationError({"expected_units": UNITS_OF_A_SKU})


class ContingencyPlan(Editable):
    """What to do when an event of a type comes: it opens by itself, as a warning with its tasks, and closes when the event is over (H3)."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    event_type = models.SlugField(
        _("event type"), max_length=60, help_text=_("Of planned events and of calendars, such as 618 or typhoon.")
    )
    account = models.ForeignKey(
        Account, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("account"), help_text=_("Empty: on any account.")
    )
    days_before = models.PositiveSmallIntegerField(
        _("opens days before"), default=0, validators=[MaxValueValidator(180)], help_text=_("So many days before the event's first day.")
    )
    plan = models.TextField(_("plan"), help_text=_("What is to be done, in a few sentences."))
    tasks = models.JSONField(
        _("tasks"), default=list, blank=True, help_text=_('One text each, such as ["Call the courier", "Raise stock"].')
    )

    class Meta:
        verbose_name = _("contingency plan")
        verbose_name_plural = _("contingency plans")

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """Tasks are texts."""
        if not isinstance(self.tasks, list) or not all(isinstance(task, str) and task.strip() for task in self.tasks):
            raise ValidationError({"tasks": _("Tasks are a list of texts.")})


class ForecastAdjustment(DatedPlan):
    """A person's word on the forecast: a factor on it, or a lock that puts units a day in its place. Ends by itself."""

    factor = models.FloatField(_("factor"), null=True, blank=True, validators=_FACTOR, help_text=_("Such as 1.2 for a fifth more."))
    locked_units = models.FloatField(
        _("locked units a day"), null=True, blank=True, validators=[MinValueValidator(0.0), MaxValueValidator(1e8)],
        help_text=_("Takes the place of the forecast: no event, signal or factor moves it."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("forecast adjustment")
        verbose_name_plural = _("forecast adjustments")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="demand_adjustment_ends_after_start",
                violation_error_message=_("The last day is not before the first."),
            ),
            models.CheckConstraint(
                condition=Q(factor__isnull=True) ^ Q(locked_units__isnull=True),
                name="demand_adjustment_factor_or_lock",
                violation_error_message=_("State either a factor or locked units a day."),
            ),
        ]


class SignalKind(models.TextChoices):
    COMPETITOR_LAUNCH = "competitor_launch", _("A competitor's launch")
    KEYWORD_RANK = "keyword_rank", _("Rank of a keyword")
    INDUSTRY = "industry", _("News of the industry")
    COMPLAINTS = "complaints", _("Wave of complaints")
    TRAFFIC = "traffic", _("Visitors of a listing")
    SALES_RANK = "sales_rank", _("Sales rank")
    RIVAL_PRICE = "rival_price", _("A rival's price")
    OTHER = "other", _("Other")


class MarketSignal(DatedPlan):
    """What the market says and history does not: raises or lowers the forecast until it expires."""

    kind = models.CharField(_("kind"), max_length=20, choices=SignalKind)
    factor = models.FloatField(_("factor"), validators=_FACTOR, help_text=_("Below 1 it lowers the forecast, above 1 it raises it."))
    source = models.CharField(_("source"), max_length=200, blank=True)
    value_before = models.FloatField(_("value before"), null=True, blank=True, help_text=_("Of what was observed, such as rank 40."))
    value_after = models.FloatField(_("value after"), null=True, blank=True, help_text=_("Such as rank 8."))
    must_be_followed = models.BooleanField(
        _("sales must follow"), default=False, help_text=_("Expires after a week if sales do not move at least half as far as it says.")
    )
    expired_on = models.DateField(_("expired"), null=True, blank=True, editable=False)
    rate_before = models.FloatField(_("units a day before it"), null=True, editable=False)
    rate_since = models.FloatField(_("units a day since"), null=True, editable=False)

    class Meta:
        verbose_name = _("market signal")
        verbose_name_plural = _("market signals")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="demand_marketsignal_ends_after_start",
                violation_error_message=_("The last day is not before the first."),
            ),
        ]


class EventSales(models.Model):
    """What a SKU sold in a past event against its baseline, and on the days of the dip after it: written once, when it is over."""

    event_key = models.CharField(_("event"), max_length=120)
    event_type = models.SlugField(_("event type"), max_length=60)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="+", verbose_name=_("account"))
    sku = models.ForeignKey(Sku, models.CASCADE, related_name="+", db_index=False, verbose_name=_("SKU"))
    pool = models.ForeignKey(StockPool, models.CASCADE, related_name="+", verbose_name=_("pool"))
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    sold_units = models.FloatField(_("units sold"))
    baseline_units = models.FloatField(_("baseline"))
    log_lift = models.FloatField(_("logarithm of the lift"))
    dip_sold_units = models.FloatField(_("units sold after it"))
    dip_baseline_units = models.FloatField(_("baseline after it"))

    class Meta:
        verbose_name = _("sales of an event")
        verbose_name_plural = _("sales of events")
        constraints = [models.UniqueConstraint(fields=["sku", "pool", "event_key"], name="demand_eventsales_once")]
        indexes = [models.Index(fields=["event_type", "account"], name="demand_eventsales_type")]

    def __str__(self) -> str:
        return f"{self.sku} @ {self.pool}: {self.event_key}"


class EventLift(models.Model):
    """What events of a type lift on an account, learned from all that are over; an operator's own figure wins."""

    event_type = models.SlugField(_("event type"), max_length=60)
    account = models.ForeignKey(
        Account,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account"),
        help_text=_("Empty: of several at once."),
    )
    observed_lift = models.FloatField(_("observed lift"), null=True, editable=False, help_text=_("Units sold over the baseline."))
    lift = models.FloatField(
        _("learned lift"), null=True, editable=False, help_text=_("The typical lift of a SKU; a handful of units counts little.")
    )
    dip = models.FloatField(_("demand after it"), null=True, editable=False, help_text=_("Of the baseline, on the three days after."))
    stated_lift = models.FloatField(
        _("stated lift"), null=True, blank=True, validators=_FACTOR, help_text=_("Takes the place of the learned one.")
    )
    sku_events = models.PositiveIntegerField(_("SKUs times events"), default=0, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("event lift")
        verbose_name_plural = _("event lifts")
        constraints = [
            models.UniqueConstraint(fields=["event_type", "account"], name="demand_eventlift_once", condition=Q(account__isnull=False)),
            models.UniqueConstraint(fields=["event_type"], name="demand_eventlift_general_once", condition=Q(account__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} @ {self.account or '*'}"
