"""Stages as they are remembered: the state of each SKU, overrides by people, the history, categories, and what a stage means for buying."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from stockhub.catalog.models import Category, Sku, Stage
from stockhub.core import clock
from stockhub.core.fields import ArrayField
from stockhub.cycles.models import Cycle


class LifecycleSettings(models.Model):
    """Which rule tells the stages. One row."""

    rule = models.CharField(_("rule"), max_length=60, blank=True, help_text=_("A slug; empty: the built-in rule."))
    applies_defaults = models.BooleanField(
        _("stages decide about buying"),
        default=True,
        help_text=_("Off: what a stage says of buying is shown and not applied."),
    )
    updated_at = models.DateTimeField(_("updated"), default=clock.now)

    class Meta:
        verbose_name = _("life-cycle settings")
        verbose_name_plural = _("life-cycle settings")

    def __str__(self) -> str:
        return self.rule or "sales-curve"


class StageFormula(models.Model):
    """The formula of a life-cycle rule as a tree over named evidence, by content: states and changes store numbers and point here."""

    digest = models.CharField(_("digest"), max_length=64, primary_key=True)
    rule = models.CharField(_("rule"), max_length=60)
    tree = models.JSONField(_("formula"))
    labels = models.JSONField(_("names of the evidence"), default=dict)
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("formula of a life-cycle rule")
        verbose_name_plural = _("formulas of life-cycle rules")

    def __str__(self) -> str:
        return f"{self.rule} {self.digest[:8]}"


class Judged(models.Model):
    """What the last evaluation found, and what hysteresis remembers."""

    #: Null while nothing has ever been told.
    stage = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("stage"))
    since_on = models.DateField(_("since"), null=True, help_text=_("The last day of the week whose evaluation settled it."))
    weeks_in_stage = models.PositiveSmallIntegerField(_("weeks in the stage"), default=0)
    #: Null where the week said nothing; `reason` says why.
    evaluated = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("found last"))
    consecutive = models.PositiveSmallIntegerField(_("found so often in a row"), default=0)
    reason = models.CharField(_("why nothing was found"), max_length=60, blank=True)
    week_on = models.DateField(_("evaluated week"), help_text=_("Its last day."))
    rule = models.CharField(_("rule"), max_length=60)
    evidence = models.JSONField(_("evidence"), default=dict)
    formula = models.ForeignKey(StageFormula, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("formula"))
    updated_at = models.DateTimeField(_("updated"), default=clock.now, db_index=True)

    class Meta:
        abstract = True


class StageState(Judged):
    """The stage of a SKU beneath any override: what the evaluations have settled, and how near the next change is."""

    sku = models.OneToOneField(Sku, models.CASCADE, related_name="stage_state", verbose_name=_("SKU"))

    class Meta:
        verbose_name = _("stage of a SKU")
        verbose_name_plural = _("stages of SKUs")

    def __str__(self) -> str:
        return f"{self.sku}: {self.stage or '–'}"


def pending(states: QuerySet[StageState]) -> QuerySet[StageState]:
    """Those of which another stage is found than the one that holds."""
    return states.filter(evaluated__isnull=False).exclude(evaluated_id=F("stage_id"))


class CategoryStage(Judged):
    """The stage of a category, from the sum of its SKUs and of all beneath it, by the same rule."""

    category = models.OneToOneField(Category, models.CASCADE, related_name="stage_state", verbose_name=_("category"))
    sku_count = models.PositiveIntegerField(_("SKUs"), default=0)

    class Meta:
        verbose_name = _("stage of a category")
        verbose_name_plural = _("stages of categories")

    def __str__(self) -> str:
        return f"{self.category}: {self.stage or '–'}"


class CategorySum(models.Model):
    """What the SKUs of one chunk sold of a category, week by week, until the run adds it up."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="category_sums", verbose_name=_("cycle"))
    first_sku_id = models.BigIntegerField(_("first SKU id"))
    #: 0 for SKUs without one.
    category_id = models.BigIntegerField(_("category"))
    weekly = ArrayField(_("units a week"), dtype="<f8")
    sku_count = models.PositiveIntegerField(_("SKUs"))

    class Meta:
        verbose_name = _("weekly sales of a category's chunk")
        verbose_name_plural = _("weekly sales of categories' chunks")
        constraints = [models.UniqueConstraint(fields=["cycle", "first_sku_id", "category_id"], name="lifecycle_categorysum_once")]

    def __str__(self) -> str:
        return f"{self.cycle}: {self.category_id}"


class ChangeKind(models.TextChoices):
    FIRST = "first", _("First stage")
    CHANGED = "changed", _("Changed")
    PENDING = "pending", _("Another stage is found")
    WITHDRAWN = "withdrawn", _("Found no longer")
    STATED = "stated", _("Stated in the catalog")
    OVERRIDDEN = "overridden", _("Set by hand")
    REVERTED = "reverted", _("Reverted")


class StageChange(models.Model):
    """One evaluation that changed something, or one word of a person. Never changed or deleted."""

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="stage_changes", db_index=False, verbose_name=_("SKU"))
    kind = models.CharField(_("what"), max_length=12, choices=ChangeKind)
    week_on = models.DateField(_("week"), help_text=_("The last day of the evaluated week; of what a person did, the day."))
    stage_from = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("from"))
    stage_to = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("to"))
    evaluated = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("found"))
    consecutive = models.PositiveSmallIntegerField(_("found so often in a row"), default=0)
    needed = models.PositiveSmallIntegerField(_("so often are needed"), default=0)
    rule = models.CharField(_("rule"), max_length=60, blank=True, help_text=_("Empty where a person did it."))
    actor = models.CharField(_("who"), max_length=150)
    note = models.CharField(_("why"), max_length=300, blank=True)
    evidence = models.JSONField(_("evidence"), default=dict)
    formula = models.ForeignKey(StageFormula, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("formula"))
    cycle_id = models.BigIntegerField(_("run"), null=True)
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)

    class Meta:
        verbose_name = _("change of a stage")
        verbose_name_plural = _("changes of stages")
        indexes = [
            models.Index(fields=["sku", "-recorded_at"], name="lifecycle_change_of_sku"),
            # What the warning cycle tells people of.
            models.Index(fields=["recorded_at"], name="lifecycle_change_settled", condition=Q(kind="changed")),
        ]

    def __str__(self) -> str:
        return f"{self.sku} {self.week_on}: {self.kind}"


class StageOverride(models.Model):
    """A stage that somebody set by hand, with why and until when. It reverts by itself, and is never deleted."""

    sku = models.ForeignKey(Sku, models.CASCADE, related_name="stage_overrides", verbose_name=_("SKU"))
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+", db_index=False, verbose_name=_("stage"))
    until_on = models.DateField(_("until"), help_text=_("The last day on which it holds, of the site's zone."))
    reason = models.CharField(_("why"), max_length=300)
    set_by = models.CharField(_("set by"), max_length=150, editable=False)
    set_at = models.DateTimeField(_("set"), default=clock.now, editable=False)
    #: What the catalogue said before, for a SKU that has no state of its own to revert to.
    replaced = models.ForeignKey(
        Stage, models.PROTECT, null=True, editable=False, related_name="+", db_index=False, verbose_name=_("instead of")
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)
    ended_by = models.CharField(_("ended by"), max_length=150, blank=True, editable=False)
    end_reason = models.CharField(_("ended because"), max_length=300, blank=True, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=clock.now, editable=False, db_index=True)

    class Meta:
        verbose_name = _("stage set by hand")
        verbose_name_plural = _("stages set by hand")
        constraints = [models.UniqueConstraint(fields=["sku"], name="lifecycle_override_one_a_sku", condition=Q(ended_at=None))]
        indexes = [models.Index(fields=["until_on"], name="lifecycle_override_due", condition=Q(ended_at=None))]

    def __str__(self) -> str:
        return f"{self.sku}: {self.stage} ≤ {self.until_on}"


class StageDefault(models.Model):
    """What buying takes for a SKU in a stage where nobody has said anything of the SKU itself. Empty takes the general default."""

    stage = models.OneToOneField(Stage, models.CASCADE, related_name="default", verbose_name=_("stage"))
    is_replenished = models.BooleanField(_("bought again"), default=True, help_text=_("Off: no shortage alert, nothing to order."))
    service_level = models.FloatField(
        _("service level"), null=True, blank=True, validators=[MinValueValidator(0.5), MaxValueValidator(0.999)]
    )
    review_period_days = models.PositiveSmallIntegerField(
        _("review period in days"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    updated_at = models.DateTimeField(_("updated"), default=clock.now)

    class Meta:
        verbose_name = _("buying by stage")
        verbose_name_plural = _("buying by stage")

    def __str__(self) -> str:
        return str(self.stage)
