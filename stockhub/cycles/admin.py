"""Runs of the cycles with their errors, and the button that asks for one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stockhub.core import actor
from stockhub.core.admin_classes import ReadOnlyAdmin, ReadOnlyRows, actor_column, column, json_column, page_action, status_badge
from stockhub.core.admin_forms import PlainForm
from stockhub.cycles import registry
from stockhub.cycles.models import Chunk, ChunkStatus, Cycle, CycleStatus, ProcessHeartbeat
from stockhub.cycles.naming import cycle_label
from stockhub.cycles.services import cancel_cycle, request_cycle, retry_parked
from stockhub.values import DomainError

_CYCLE_COLOURS = {
    CycleStatus.DUE: "info",
    CycleStatus.RUNNING: "info",
    CycleStatus.DONE: "success",
    CycleStatus.PARTIAL: "warning",
    CycleStatus.FAILED: "danger",
    CycleStatus.CANCELLED: "warning",
}
_CHUNK_COLOURS = {
    ChunkStatus.DUE: "info",
    ChunkStatus.LEASED: "info",
    ChunkStatus.DONE: "success",
    ChunkStatus.PARKED: "danger",
    ChunkStatus.CANCELLED: "warning",
}


class RunCycleForm(PlainForm):
    """Which cycle, and for which SKUs."""

    name = forms.ChoiceField(label=_("cycle"))
    sku_codes = forms.CharField(
        label=_("SKUs"), required=False, widget=forms.Textarea, help_text=_("Codes, one a line or with commas. Empty for all.")
    )

    def choose(self) -> None:
        choices = [(name, cycle_label(name)) for name in registry.names()]
        self.set_choices("name", choices)

    def clean_sku_codes(self) -> list[str]:
        return [code for part in self.cleaned_data["sku_codes"].splitlines() for code in (c.strip() for c in part.split(",")) if code]


class ChunkRows(ReadOnlyRows):
    model = Chunk
    fields = ("ordinal", "shown_status", "first_sku_id", "last_sku_id", "attempts", "shown_errors", "finished_at")
    readonly_fields = ("shown_status", "shown_errors")
    ordering = ("ordinal",)
    per_page = 50
    shown_status = status_badge("status", _("status"), _CHUNK_COLOURS)

    @column(_("errors"))
    def shown_errors(self, chunk: Chunk) -> SafeString:
        return _lines(chunk.told_errors)


@admin.register(Cycle)
class CycleAdmin(ReadOnlyAdmin):
    list_display = ("shown_name", "slot_at", "shown_status", "shown_progress", "started_at", "shown_duration", "shown_message", "shown_by")
    list_filter = ("name", "status", "slot_at")
    search_fields = ("message", "requested_by")
    ordering = ("-slot_at", "-id")
    fields = (
        "shown_name", "shown_status", "shown_progress", "shown_message", "slot_at", "as_of", "shown_by", "sku_codes",
        "started_at", "finished_at", "shown_counts", "shown_seconds",
    )  # fmt: skip
    readonly_fields = ("shown_name", "shown_status", "shown_progress", "shown_message", "shown_by", "shown_counts", "shown_seconds")
    inlines = (ChunkRows,)
    actions = ("retry_given_up", "cancel")
    actions_list = ("run_now",)
    shown_status = status_badge("status", _("status"), _CYCLE_COLOURS)
    shown_counts = json_column("counts", _("counts"))
    shown_seconds = json_column("seconds", _("seconds by step"))

    shown_by = actor_column("requested_by", _("requested by"))

    @column(_("message"), ordering="message")
    def shown_message(self, cycle: Cycle) -> SafeString:
        return _lines(cycle.told_message.splitlines())

    @column(_("cycle"), ordering="name")
    def shown_name(self, cycle: Cycle) -> str:
        return cycle_label(cycle.name)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        done = Count("chunks", filter=Q(chunks__status=ChunkStatus.DONE))
        queryset: QuerySet[Any] = super().get_queryset(request).annotate(chunk_total=Count("chunks"), done_total=done)
        return queryset

    @column(_("parts done"))
    def shown_progress(self, cycle: Any) -> str:  # noqa: ANN401 - a cycle with its parts counted
        return f"{cycle.done_total} / {cycle.chunk_total}" if cycle.chunk_total else ""

    @column(_("seconds"))
    def shown_duration(self, cycle: Cycle) -> str:
        if not cycle.started_at or not cycle.finished_at:
            return ""
        return f"{(cycle.finished_at - cycle.started_at).total_seconds():.1f}"

    @page_action(_("Run a cycle now"), icon="play_arrow", permission="run")
    def run_now(self, request: HttpRequest) -> HttpResponse:
        """A form on GET; on POST the request for a run."""
        self.refuse_unless(allowed=self.has_run_permission(request))
        form = RunCycleForm(request.POST or None)
        form.choose()
        if request.method == "POST" and form.is_valid():
            try:
                cycle = request_cycle(
                    name=form.cleaned_data["name"], sku_codes=form.cleaned_data["sku_codes"], requested_by=actor.current().label
                )
            except DomainError as error:
                self.tell_error(request, error)
                return self.back_to_list()
            self.tell(request, gettext("“%(cycle)s” will run as soon as a worker is free.") % {"cycle": cycle_label(cycle.name)})
            return self.back_to(cycle.pk)
        return self.form_page(request, title=_("Run a cycle now"), form=form, submit=_("Run now"))

    @admin.action(description=_("Try given-up parts again"), permissions=["run"])
    def retry_given_up(self, request: HttpRequest, queryset: QuerySet[Cycle]) -> None:
        count = 0
        for cycle in queryset:
            try:
                count += retry_parked(cycle_id=cycle.pk)
            except DomainError as error:
                self.tell_error(request, error)
        if count:
            self.tell(request, gettext("Parts that will be tried again: %(count)d.") % {"count": count})

    @admin.action(description=_("Cancel"), permissions=["run"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Cycle]) -> None:
        count = 0
        for pk in queryset.values_list("pk", flat=True):
            try:
                cancel_cycle(cycle_id=pk)
                count += 1
            except DomainError as error:
                self.tell_error(request, error)
        if count:
            self.tell(request, gettext("Runs that were cancelled: %(count)d.") % {"count": count})

    def has_run_permission(self, request: HttpRequest) -> bool:
        """Asking for a run adds a row. Whoever may ask for one may cancel one."""
        return request.user.has_perm("cycles.add_cycle")


@admin.register(Chunk)
class ChunkAdmin(ReadOnlyAdmin):
    list_display = ("cycle", "ordinal", "shown_status", "attempts", "leased_by", "lease_until", "shown_error")
    list_filter = ("status",)
    list_select_related = ("cycle",)
    ordering = ("-cycle", "ordinal")
    fields = (
        "cycle", "ordinal", "first_sku_id", "last_sku_id", "shown_status", "attempts", "leased_by", "lease_until", "next_attempt_at",
        "finished_at", "shown_error", "shown_errors", "shown_counts", "shown_seconds",
    )  # fmt: skip
    readonly_fields = ("shown_status", "shown_error", "shown_errors", "shown_counts", "shown_seconds")
    shown_status = status_badge("status", _("status"), _CHUNK_COLOURS)
    shown_counts = json_column("counts", _("counts"))
    shown_seconds = json_column("seconds", _("seconds by step"))

    @column(_("last error"), ordering="error")
    def shown_error(self, chunk: Chunk) -> str:
        return chunk.told_error

    @column(_("errors"))
    def shown_errors(self, chunk: Chunk) -> SafeString:
        return _lines(chunk.errors)


@admin.register(ProcessHeartbeat)
class ProcessHeartbeatAdmin(ReadOnlyAdmin):
    """Which processes are alive."""

    list_display = ("name", "kind", "host", "pid", "started_at", "seen_at", "message")
    ordering = ("kind", "name")


def _lines(texts: list[str]) -> SafeString:
    return format_html_join("", "<div>{}</div>", ((text,) for text in texts))
