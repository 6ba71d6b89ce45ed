"""What people say of the past that figures do not: marked days, and the SKU that a new one is like."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Sku
from stockhub.core.models import Editable
from stockhub.demand.plan_models import DatedPlan

#: No SKU sells more in a day; as `bad_numbers.MOST_UNITS_A_DAY`.
_MOST_UNITS = 1e8
#: A new SKU that sells a hundred times as much as another, or a hundredth, is not like it.
_SCALE = [MinValueValidator(0.01), MaxValueValidator(100.0)]


class DayTreatment(models.TextChoices):
    KEPT = "kept", _("Kept as it is")
    LEFT_OUT = "left_out", _("Left out")
    STATED = "stated", _("Stated units")


class DayMark(DatedPlan):
    """A person's word on past days of sales: forecasts take them as they were, not at all, or as so many units (F4).

    Sales themselves stay as they are. Where several marks touch a day, the one that was written last counts.
    """

    treatment = models.CharField(
        _("treatment"), max_length=12, choices=DayTreatment,
        help_text=_("Kept: as it was sold, whatever cleaning makes of it. Left out: it says nothing of ordinary days."),
    )  # fmt: skip
    units = models.FloatField(
        _("stated units a day"), null=True, blank=True, validators=[MinValueValidator(0.0), MaxValueValidator(_MOST_UNITS)],
        help_text=_("What an ordinary day would have sold; with stated units only."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("marked day")
        verbose_name_plural = _("marked days")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="demand_daymark_ends_after_start",
                violation_error_message=_("The last day is not before the first."),
            ),
            models.CheckConstraint(
                condition=Q(treatment="stated", units__isnull=False) | (~Q(treatment="stated") & Q(units__isnull=True)),
                name="demand_daymark_units_where_stated",
                violation_error_message=_("State units with the treatment of stated units, and with no other."),
            ),
        ]


class LaunchAnalogue(Editable):
    """The SKU whose launch a new one is taken to repeat, as a person named it: it beats those that are found by attributes (F7)."""

    sku = models.OneToOneField(Sku, models.CASCADE, related_name="launch_analogue", verbose_name=_("new SKU"))
    like_sku = models.ForeignKey(Sku, models.CASCADE, related_name="+", verbose_name=_("like SKU"))
    scale = models.FloatField(
        _("scale"), default=1.0, validators=_SCALE, help_text=_("Times what the like SKU sold, such as 0.8 for a fifth less.")
    )
    ends_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("After it the choice is automatic again. Empty: until the SKU is established.")
    )
    reason = models.CharField(_("reason"), max_length=300, help_text=_("Why: what the next person reads."))
    made_by = models.CharField(_("made by"), max_length=150, editable=False)

    class Meta:
        verbose_name = _("like SKU of a new one")
        verbose_name_plural = _("like SKUs of new ones")
        constraints = [
            models.CheckConstraint(
                condition=~Q(sku=F("like_sku")),
                name="demand_launchanalogue_of_another",
                violation_error_message=_("A SKU is not its own like SKU."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku} ~ {self.like_sku}"
