"""What rivals do, as tools and platforms tell it: facts that cannot be had again, and what they amount to for a SKU (H41)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Sku
from stockhub.core import clock


class MarketObservation(models.Model):
    """A rival of a SKU on an account's marketplace, as seen on a day. Only ever added; what nobody told is empty."""

    account = models.ForeignKey("channels.Account", models.CASCADE, related_name="market_observations", verbose_name=_("account"))
    sku = models.ForeignKey(Sku, models.CASCADE, related_name="market_observations", db_index=False, verbose_name=_("SKU"))
    rival = models.CharField(_("rival"), max_length=120)
    observed_on = models.DateField(_("day"))
    sales_rank = models.PositiveIntegerField(_("sales rank"), null=True, blank=True, help_text=_("1 is the best."))
    monthly_sales = models.FloatField(_("estimated units a month"), null=True, blank=True)
    reviews = models.PositiveIntegerField(_("reviews in all"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=120, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("observation of a rival")
        verbose_name_plural = _("observations of rivals")
        constraints = [
            models.UniqueConstraint(fields=["sku", "account", "rival", "observed_on", "source"], name="channels_marketobservation_once"),
            models.CheckConstraint(
                condition=Q(sales_rank__isnull=False) | Q(monthly_sales__isnull=False) | Q(reviews__isnull=False),
                name="channels_marketobservation_tells",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rival} {self.observed_on}"


class MarketTrend(models.Model):
    """What the rivals of a SKU did in the last 30 days before `observed_on` against the 30 before: worked out as facts come in.

    Changes are shares, the median over rivals; null where no rival told both times. For a rank more is worse.
    """

    account = models.ForeignKey("channels.Account", models.CASCADE, related_name="market_trends", verbose_name=_("account"))
    sku = models.ForeignKey(Sku, models.CASCADE, related_name="market_trends", db_index=False, verbose_name=_("SKU"))
    observed_on = models.DateField(_("last seen"))
    rivals = models.PositiveSmallIntegerField(_("rivals"))
    rank_change = models.FloatField(_("change of ranks"), null=True)
    sales_change = models.FloatField(_("change of estimated sales"), null=True)
    review_change = models.FloatField(_("change of new reviews"), null=True)
    updated_at = models.DateTimeField(_("updated"), default=clock.now)

    class Meta:
        verbose_name = _("trend of rivals")
        verbose_name_plural = _("trends of rivals")
        constraints = [models.UniqueConstraint(fields=["sku", "account"], name="channels_markettrend_once")]

    def __str__(self) -> str:
        return f"{self.sku} @ {self.account}: {self.observed_on}"
