"""Stages in the admin: the evidence of each, the history, what is set by hand, and what a stage means for buying."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock
from stockhub.core.admin_classes import (
    LongReadOnlyAdmin,
    ReadOnlyAdmin,
    actor_column,
    array_text,
    column,
    in_language,
    json_column,
    status_badge,
)
from stockhub.core.ended_admin import EndedAdmin
from stockhub.core.exported_admin import ExportedAdmin
from stockhub.core.kept_texts import recognised
from stockhub.lifecycle.models import (
    CategoryStage,
    CategorySum,
    LifecycleSettings,
    StageChange,
    StageDefault,
    StageFormula,
    StageOverride,
    StageState,
)
from stockhub.lifecycle.overrides import ENDINGS, check, end_overrides, set_stage
from stockhub.outbox.recorded_admin import RecordedAdmin
from stockhub.values.errors import DomainError

_COLOURS = {
    "first": "info", "changed": "success", "pending": "warning", "withdrawn": "info", "stated": "info", "overridden": "warning",
    "reverted": "info",
}  # fmt: skip


def _stage(field: str, description: Any) -> Any:  # noqa: ANN401 - a lazy text, a column
    """A column of a stage in the reader's language."""

    @column(description, ordering=f"{field}__position")
    def show(_admin: Any, row: Any) -> str:  # noqa: ANN401 - any row with a stage
        stage = getattr(row, field)
        return in_language(stage) if stage else "–"

    show.__name__ = f"{field}_name"
    return show


@admin.register(StageState)
class StageStateAdmin(ExportedAdmin, ReadOnlyAdmin):
    export_name = "stages"
    export_filters: ClassVar[Mapping[str, str]] = {"stage__slug__exact": "stage"}
    list_display = (
        "sku", "in_force", "settled", "since_on", "weeks_in_stage", "found", "consecutive", "reason", "week_on", "rule",
    )  # fmt: skip
    list_filter = ("stage__slug", "reason", "rule")
    list_select_related = ("sku__stage", "stage", "evaluated")
    search_fields = ("sku__code", "sku__name")
    ordering = ("sku__code",)
    fields = (
        "sku", "in_force", "settled", "since_on", "weeks_in_stage", "found", "consecutive", "reason", "week_on", "rule", "updated_at",
    )  # fmt: skip
    readonly_fields = ("in_force", "settled", "found")
    settled = _stage("stage", _("settled"))
    found = _stage("evaluated", _("found last"))

    @column(_("in force"), ordering="sku__stage__position")
    def in_force(self, state: StageState) -> str:
        return in_language(state.sku.stage) if state.sku.stage else "–"


@admin.register(StageChange)
class StageChangeAdmin(ExportedAdmin, LongReadOnlyAdmin):
    export_name = "stage-history"
    list_display = (
        "recorded_at", "sku", "kind_badge", "was", "then", "found", "consecutive", "needed", "week_on", "shown_actor", "shown_note",
    )  # fmt: skip
    list_filter = ("kind", "stage_to__slug")
    list_select_related = ("sku", "stage_from", "stage_to", "evaluated")
    search_fields = ("sku__code", "sku__name", "actor", "note")
    ordering = ("-recorded_at", "-id")
    fields = (
        "sku", "kind", "was", "then", "found", "consecutive", "needed", "week_on", "rule", "shown_actor", "shown_note", "shown_evidence",
        "recorded_at",
    )  # fmt: skip
    readonly_fields = ("was", "then", "found", "shown_actor", "shown_note", "shown_evidence")
    shown_actor = actor_column("actor", _("who"))
    kind_badge = status_badge("kind", _("what"), _COLOURS)
    was = _stage("stage_from", _("from"))
    then = _stage("stage_to", _("to"))
    found = _stage("evaluated", _("found"))

    @column(_("why"), ordering="note")
    def shown_note(self, change: StageChange) -> str:
        return recognised(change.note, ENDINGS)

    shown_evidence = json_column("evidence", _("evidence"))


class OverrideForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's class takes its arguments for type checkers only
    """What the service would refuse is said at the field."""

    class Meta:
        model = StageOverride
        fields = ("sku", "stage", "until_on", "reason")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                check(until_on=data["until_on"], reason=data["reason"])
            except DomainError as error:
                raise ValidationError(error.message, code=error.code) from error
        return data

    def validate_unique(self) -> None:
        """An earlier one of the SKU ends when this one is set."""

    def validate_constraints(self) -> None:
        """As above."""


@admin.register(StageOverride)
class StageOverrideAdmin(EndedAdmin):
    form = OverrideForm
    fields = ("sku", "stage", "until_on", "reason")
    list_display = ("sku", "shown_stage", "until_on", "reason", "set_by", "set_at", "ended_at", "shown_end_reason")
    list_filter = (("ended_at", admin.EmptyFieldListFilter), "stage__slug")
    list_select_related = ("sku", "stage")
    search_fields = ("sku__code", "sku__name", "reason", "set_by")
    autocomplete_fields = ("sku", "stage")
    ordering = ("-set_at", "-id")
    shown_stage = _stage("stage", _("stage"))
    own_endings = ENDINGS

    def save_model(self, request: HttpRequest, obj: StageOverride, form: Any, change: bool) -> None:  # noqa: ANN401, ARG002, FBT001 - Django's
        [made] = set_stage(sku_ids=[obj.sku_id], stage=obj.stage.slug, until_on=obj.until_on, reason=obj.reason)
        obj.pk = made.pk

    def end_rows(self, ids: list[int], reason: str) -> None:
        end_overrides(override_ids=ids, reason=reason)


@admin.register(CategoryStage)
class CategoryStageAdmin(ReadOnlyAdmin):
    list_display = ("category", "settled", "since_on", "found", "consecutive", "sku_count", "reason", "week_on")
    list_filter = ("stage__slug",)
    list_select_related = ("category", "stage", "evaluated")
    search_fields = ("category__code", "category__name")
    ordering = ("category__code",)
    fields = (
        "category", "settled", "since_on", "weeks_in_stage", "found", "consecutive", "sku_count", "shown_shares", "reason", "week_on",
        "rule", "shown_evidence", "updated_at",
    )  # fmt: skip
    readonly_fields = ("settled", "found", "shown_shares", "shown_evidence")
    settled = _stage("stage", _("settled"))
    found = _stage("evaluated", _("found last"))
    shown_evidence = json_column("evidence", _("evidence"))

    @column(_("SKUs by stage"))
    def shown_shares(self, row: CategoryStage) -> str:
        from stockhub.lifecycle.categories import stage_shares

        shares = stage_shares().get(row.category_id, [])
        skus = sum(count for _stage, count in shares)
        return " · ".join(f"{in_language(stage) if stage else '–'}: {count} ({count / skus:.0%})" for stage, count in shares)


@admin.register(StageDefault)
class StageDefaultAdmin(RecordedAdmin):
    list_display = ("shown_stage", "is_replenished", "service_level", "review_period_days", "updated_at")
    list_select_related = ("stage",)
    ordering = ("stage__position",)
    fields = ("stage", "is_replenished", ("service_level", "review_period_days"))
    autocomplete_fields = ("stage",)
    shown_stage = _stage("stage", _("stage"))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ANN401, FBT001 - Django's
        obj.updated_at = clock.now()
        super().save_model(request, obj, form, change)


@admin.register(LifecycleSettings)
class LifecycleSettingsAdmin(RecordedAdmin):
    list_display = ("__str__", "applies_defaults", "updated_at")
    fields = ("rule", "applies_defaults")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one row."""
        return super().has_add_permission(request) and not LifecycleSettings.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: LifecycleSettings | None = None) -> bool:  # noqa: ARG002 - Django's
        return False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:  # noqa: ANN401 - Django's signature
        """The rules that are installed, by their names."""
        if db_field.name != "rule":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        from django.utils.translation import get_language

        from stockhub.pluginhost.registry import registry

        language = get_language() or "en"
        rules = [(slug, rule.label.text(language)) for slug, rule in sorted(registry().lifecycle_rules.items())]
        return forms.ChoiceField(
            label=db_field.verbose_name, required=False, choices=[("", gettext("The built-in rule")), *rules], help_text=db_field.help_text
        )


@admin.register(StageFormula)
class StageFormulaAdmin(ReadOnlyAdmin):
    list_display = ("rule", "digest", "recorded_at")
    ordering = ("-recorded_at",)
    fields = ("rule", "digest", "shown_tree", "shown_labels", "recorded_at")
    readonly_fields = ("shown_tree", "shown_labels")
    shown_tree = json_column("tree", _("formula"))
    shown_labels = json_column("labels", _("names of the evidence"))


@admin.register(CategorySum)
class CategorySumAdmin(ReadOnlyAdmin):
    list_display = ("category_id", "first_sku_id", "sku_count", "cycle")
    list_select_related = ("cycle",)
    ordering = ("category_id", "first_sku_id")
    fields = ("cycle", "category_id", "first_sku_id", "sku_count", "shown_weekly")
    readonly_fields = ("shown_weekly",)

    @column(_("units a week"))
    def shown_weekly(self, row: CategorySum) -> Any:  # noqa: ANN401 - safe text
        return array_text(row.weekly, last=130)
