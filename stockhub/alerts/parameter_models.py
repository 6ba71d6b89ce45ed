"""What somebody set of a rule's parameters: for which SKUs, from when to when, and why. Rows are ended, never changed or deleted."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock


class ParameterScope(models.TextChoices):
    """For which SKUs a value holds, the least specific first: of several that hold, the last one here counts (ADR 0020)."""

    GLOBAL = "global", _("All SKUs")
    CATEGORY = "category", _("Category, and all beneath it")
    CLASS = "class", _("Class")
    STAGE = "stage", _("Life-cycle stage")
    ACCOUNT = "account", _("Account")
    POOL = "pool", _("Stock pool")
    SKU = "sku", _("SKU")


#: The field that holds the target of each scope; a global value has none.
TARGETS: Final = {
    ParameterScope.CATEGORY: "category",
    ParameterScope.CLASS: "sku_class",
    ParameterScope.STAGE: "stage",
    ParameterScope.ACCOUNT: "account",
    ParameterScope.POOL: "pool",
    ParameterScope.SKU: "sku",
}


def _has_the_target_of_its_scope() -> Q:
    """Each scope has its own target and no other."""
    empty = {name: Q(sku_class="") if name == "sku_class" else Q(**{f"{name}__isnull": True}) for name in TARGETS.values()}
    fits = Q(scope=ParameterScope.GLOBAL.value) & Q(*empty.values())
    for scope, own in TARGETS.items():
        fits |= Q(scope=scope.value) & ~empty[own] & Q(*(none for name, none in empty.items() if name != own))
    return fits


class RuleParameter(models.Model):
    """A value of one parameter of one rule, as the rule's own model takes it."""

    rule = models.CharField(_("rule"), max_length=60)
    parameter = models.CharField(_("parameter"), max_length=60)
    value = models.JSONField(_("value"))
    previous_value = models.JSONField(
        _("value before"), null=True, editable=False, help_text=_("Of the same scope; empty where none held.")
    )
    scope = models.CharField(_("for"), max_length=10, choices=ParameterScope, default=ParameterScope.GLOBAL)
    category = models.ForeignKey(
        "catalog.Category", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("category"),
        help_text=_("And all beneath it."),
    )  # fmt: skip
    sku_class = models.CharField(
        _("class"), max_length=40, blank=True, default="", db_default="",
        help_text=_("As the attribute “class” of the SKU, or else of its product, says, such as A or AX."),
    )  # fmt: skip
    stage = models.ForeignKey("catalog.Stage", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("stage"))
    account = models.ForeignKey("channels.Account", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("account"))
    pool = models.ForeignKey("catalog.StockPool", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("pool"))
    sku = models.ForeignKey("catalog.Sku", models.CASCADE, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("SKU"))
    starts_at = models.DateTimeField(_("from"), default=clock.now)
    until_at = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Empty: until it is ended or replaced."))
    reason = models.CharField(_("why"), max_length=300)
    #: Of whoever set it: the same key again sets nothing again.
    request_key = models.CharField(_("key of the request"), max_length=160, null=True, unique=True, editable=False)  # noqa: DJ001 - null is no key
    set_by = models.CharField(_("set by"), max_length=150, editable=False)
    set_at = models.DateTimeField(_("set"), default=clock.now, editable=False)
    ended_at = models.DateTimeField(_("ended early"), null=True, blank=True, editable=False)
    ended_by = models.CharField(_("ended by"), max_length=150, blank=True, default="", editable=False)
    end_reason = models.CharField(_("ended because"), max_length=300, blank=True, default="", editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=clock.now, editable=False, db_index=True)

    class Meta:
        verbose_name = _("parameter of a rule")
        verbose_name_plural = _("parameters of rules")
        constraints = [
            models.CheckConstraint(condition=_has_the_target_of_its_scope(), name="alerts_parameter_target"),
            models.CheckConstraint(condition=Q(until_at__isnull=True) | Q(until_at__gt=F("starts_at")), name="alerts_parameter_ends_later"),
        ]
        indexes = [
            models.Index(fields=["sku"], name="alerts_parameter_of_sku", condition=Q(sku__isnull=False)),
            # An evaluation asks for those that are for more than one SKU: few, however many SKUs have their own.
            models.Index(fields=["rule", "parameter"], name="alerts_parameter_general", condition=Q(sku__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.rule}.{self.parameter} = {self.value}"

    @property
    def target(self) -> str:
        """The code of what it is for; empty for all SKUs."""
        own = TARGETS.get(ParameterScope(self.scope))
        found = getattr(self, own) if own else None
        return "" if found is None else str(found)
