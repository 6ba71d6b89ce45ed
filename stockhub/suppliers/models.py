"""Who we buy from, at what price, and how long it takes."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Sku, StockPool
from stockhub.core.fields import AmountField, CurrencyField
from stockhub.core.models import Editable


class Supplier(Editable):
    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")
    currency = CurrencyField(_("currency"), default="CNY")
    is_local = models.BooleanField(_("local"), default=False, help_text=_("Near enough for a delivery within a day."))
    is_active = models.BooleanField(_("active"), default=True)
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    notes = models.TextField(_("notes"), blank=True)

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")

    def __str__(self) -> str:
        return self.code


class Offer(Editable):
    """A supplier's terms for a SKU, within dates. Its lead time is the sum of its legs, or `lead_time_days` where it has none."""

    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="offers", verbose_name=_("supplier"))
    sku = models.ForeignKey(Sku, models.CASCADE, related_name="offers", verbose_name=_("SKU"))
    pool = models.ForeignKey(
        StockPool,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="offers",
        verbose_name=_("delivered to"),
        help_text=_("Empty: to every pool."),
    )
    supplier_sku = models.CharField(_("the supplier's code"), max_length=100, blank=True)
    unit_price_amount = AmountField(_("unit price"), null=True, blank=True)
    currency = CurrencyField(_("currency"))
    moq = models.PositiveIntegerField(_("minimum order"), default=1, validators=[MinValueValidator(1)])
    case_pack = models.PositiveIntegerField(_("units a case"), default=1, validators=[MinValueValidator(1)])
    lead_time_days = models.FloatField(_("lead time in days"), null=True, blank=True, validators=[MinValueValidator(0)])
    lead_time_sd_days = models.FloatField(_("its deviation in days"), null=True, blank=True, validators=[MinValueValidator(0)])
    preference = models.PositiveSmallIntegerField(_("preference"), default=1, help_text=_("The lowest number is asked first."))
    is_active = models.BooleanField(_("active"), default=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "sku", "pool"], name="suppliers_offer_once", condition=Q(pool__isnull=False, deleted_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["supplier", "sku"], name="suppliers_offer_default_once", condition=Q(pool__isnull=True, deleted_at__isnull=True)
            ),
            models.CheckConstraint(condition=Q(moq__gte=1) & Q(case_pack__gte=1), name="suppliers_offer_lots_positive"),
            models.CheckConstraint(condition=Q(lead_time_days__isnull=True) | Q(lead_time_days__gte=0), name="suppliers_offer_lead_time"),
        ]

    def __str__(self) -> str:
        return f"{self.supplier}: {self.sku}"


class PriceBreak(models.Model):
    """The unit price from a quantity on."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="price_breaks", verbose_name=_("offer"))
    min_qty = models.PositiveIntegerField(_("from quantity"), validators=[MinValueValidator(1)])
    unit_price_amount = AmountField(_("unit price"))

    class Meta:
        verbose_name = _("price break")
        verbose_name_plural = _("price breaks")
        ordering = ["min_qty"]
        constraints = [models.UniqueConstraint(fields=["offer", "min_qty"], name="suppliers_pricebreak_once")]

    def __str__(self) -> str:
        return f"≥ {self.min_qty}: {self.unit_price_amount}"


class LeadTimeLeg(models.Model):
    """One leg of an offer's lead time: planning, production, inspection, first leg, receiving. Legs add up."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="legs", verbose_name=_("offer"))
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("leg"), max_length=60)
    days = models.FloatField(_("days"), validators=[MinValueValidator(0)])
    sd_days = models.FloatField(_("deviation in days"), default=0.0, validators=[MinValueValidator(0)])

    class Meta:
        verbose_name = _("leg of a lead time")
        verbose_name_plural = _("legs of lead times")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["offer", "position"], name="suppliers_leadtimeleg_once")]

    def __str__(self) -> str:
        return f"{self.name}: {self.days}"
