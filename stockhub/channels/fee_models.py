"""What an operator says of a fee in place of the marketplace's schedule, with who, why and from when to when."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock
from stockhub.core.fields import AmountField, CurrencyField


class FeeOverride(models.Model):
    """A rate that holds in place of the schedule's, for one account or for all of a site. It is ended, and never changed or deleted.

    On its days it takes the place of every rate of its fee and tier whose numbers it touches. Of several that hold at once one counts: one
    for the account before one for all, then the one set last. A shop whose data come from files has no schedule, and only these.
    """

    marketplace = models.CharField(_("marketplace"), max_length=60, help_text=_("The slug of a connector, or file."))
    site = models.CharField(_("site"), max_length=40, blank=True, help_text=_("Its code, such as US; empty for a shop without one."))
    account = models.ForeignKey(
        "channels.Account", models.CASCADE, null=True, blank=True, related_name="fee_overrides", verbose_name=_("account"),
        help_text=_("Empty for every account of the site."),
    )  # fmt: skip
    fee = models.CharField(
        _("fee"), max_length=60, validators=[RegexValidator(r"^[a-z][a-z0-9_]*$")], help_text=_("As the table names it.")
    )
    tier = models.CharField(_("tier"), max_length=60, help_text=_("A category, a size class, or as the table names it."))
    rate = AmountField(_("rate"), help_text=_("An amount, or a share: 0.05 is 5 %."))
    fixed_amount = AmountField(_("fixed part"), default=0, help_text=_("Charged a unit besides."))
    least_amount = AmountField(_("at least"), null=True, blank=True)
    most_amount = AmountField(_("at most"), null=True, blank=True)
    above = AmountField(_("above"), null=True, blank=True, help_text=_("The number (hours, days, a price) that it begins above."))
    up_to = AmountField(_("up to"), null=True, blank=True, help_text=_("The last number that it holds for."))
    currency = CurrencyField(_("currency"))
    effective_from = models.DateField(_("from"))
    effective_to = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=300)
    set_by = models.CharField(_("set by"), max_length=150, editable=False)
    set_at = models.DateTimeField(_("set"), default=clock.now, editable=False)
    ended_at = models.DateTimeField(_("ended early"), null=True, blank=True, editable=False)
    ended_by = models.CharField(_("ended by"), max_length=150, blank=True, editable=False)
    end_reason = models.CharField(_("ended because"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("fee override")
        verbose_name_plural = _("fee overrides")
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")), name="channels_feeoverride_ends_later"
            ),
            models.CheckConstraint(condition=Q(rate__gte=0), name="channels_feeoverride_rate"),
        ]
        indexes = [models.Index(fields=["marketplace", "site"], name="channels_feeoverride_site")]

    def __str__(self) -> str:
        return f"{self.marketplace} {self.site} {self.fee} ({self.tier}): {self.rate}"
