"""Disputes, proofs and repeated movements in the admin. A dispute is settled by a person with a word of why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.core.admin_classes import ReadOnlyAdmin, WholeCompanyAdmin, actor_column, json_column, page_action, status_badge
from stockhub.core.admin_forms import PlainForm
from stockhub.core.exported_admin import ExportedAdmin
from stockhub.inventory.dispute_models import LedgerProof, RepeatedMovement, StockDispute
from stockhub.inventory.disputes import resolve_dispute
from stockhub.inventory.transactions import in_transaction
from stockhub.values import DomainError


class SettleForm(PlainForm):
    """What became of the doubt."""

    resolution = forms.CharField(label=_("resolution"), max_length=300)


class OpenFilter(admin.SimpleListFilter):
    """Those that hold decisions, unless asked otherwise."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002 - Django's signature
        return [("all", _("All"))]

    def choices(self, changelist: Any) -> Any:  # noqa: ANN401 - Django's signature
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=["status"]),
            "display": _("Not resolved"),
        }
        for value, title in self.lookup_choices:
            yield {"selected": self.value() == value, "query_string": changelist.get_query_string({"status": value}), "display": title}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002 - Django's signature
        return queryset if self.value() == "all" else queryset.filter(resolved_at=None)


@admin.register(StockDispute)
class StockDisputeAdmin(ScopedAdmin, ExportedAdmin, ReadOnlyAdmin):
    export_name = "disputes"
    export_filters: ClassVar[Mapping[str, str]] = {"cause__exact": "cause", "warehouse__id__exact": "warehouse"}
    export_defaults: ClassVar[Mapping[str, tuple[str, str]]] = {"status": ("open", "1")}
    warehouse_path = "warehouse"
    list_display = ("sku", "warehouse", "shown_cause", "book_qty", "counted_qty", "deviation_pct", "opened_at", "shown_by", "resolved_at")
    list_filter = (OpenFilter, "cause", "warehouse")
    list_select_related = ("sku", "warehouse")
    search_fields = ("sku__code", "sku__name", "note")
    ordering = ("-opened_at", "-id")
    exclude = ("opened_by",)
    readonly_fields = ("shown_by",)
    shown_by = actor_column("opened_by", _("opened by"))
    actions = ("settle",)
    actions_list = (*ExportedAdmin.actions_list, "doubt")
    actions_detail = ("settle_this",)
    shown_cause = status_badge("cause", _("cause"), {"count": "warning", "reconcile": "danger", "variance": "warning", "operator": "info"})

    def has_settle_permission(self, request: HttpRequest, object_id: object = None) -> bool:  # noqa: ARG002 - Unfold's signature
        """The figures are nobody's to change; a person with this permission settles."""
        return request.user.has_perm("inventory.change_stockdispute")

    def has_doubt_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("inventory.add_stockdispute")

    @page_action(_("Doubt the stock of a SKU"), icon="gavel", permission="doubt")
    def doubt(self, request: HttpRequest) -> HttpResponse:
        """Leads to the form that opens a dispute."""
        self.refuse_unless(allowed=self.has_doubt_permission(request))
        return redirect("cockpit:stock_by_hand", "dispute")

    @page_action(_("Settle…"), icon="done_all", permission="settle")
    def settle_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A form on GET; on POST settles the dispute of the page."""
        self.refuse_unless(allowed=self.has_settle_permission(request))
        dispute = self.visible_or_404(request, object_id)
        form = SettleForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                resolve_dispute(dispute_id=dispute.pk, resolution=form.cleaned_data["resolution"])
            except DomainError as error:
                self.tell_error(request, error)
            else:
                self.tell(request, ngettext("%(count)d dispute was settled.", "%(count)d disputes were settled.", 1) % {"count": 1})
            return self.back_to(dispute.pk)
        intro = dispute.note or dispute.get_cause_display()
        return self.form_page(request, title=gettext("Settle"), form=form, submit=gettext("Settle"), intro=intro)

    @admin.action(description=_("Settle…"), permissions=["settle"])
    def settle(self, request: HttpRequest, queryset: QuerySet[StockDispute]) -> HttpResponse | None:
        ids = sorted(queryset.values_list("pk", flat=True))
        given = request.POST if "apply" in request.POST else None
        form = SettleForm(given)
        if given is not None and form.is_valid():
            resolution = form.cleaned_data["resolution"]
            try:
                in_transaction(lambda: [resolve_dispute(dispute_id=pk, resolution=resolution) for pk in ids])
            except DomainError as error:
                self.tell_error(request, error)
                return None
            self.tell(
                request, ngettext("%(count)d dispute was settled.", "%(count)d disputes were settled.", len(ids)) % {"count": len(ids)}
            )
            return None
        hidden = {"action": ["settle"], "_selected_action": [str(pk) for pk in ids]}
        intro = ngettext("%(count)d dispute.", "%(count)d disputes.", len(ids)) % {"count": len(ids)}
        return self.form_page(request, title=gettext("Settle"), form=form, submit=gettext("Settle"), hidden=hidden, intro=intro)


@admin.register(LedgerProof)
class LedgerProofAdmin(WholeCompanyAdmin):
    list_display = ("started_at", "duration_seconds", "discrepancy_count", "shown_actor")
    list_filter = ("started_at",)
    ordering = ("-started_at", "-id")
    fields = ("started_at", "duration_seconds", "discrepancy_count", "shown_discrepancies", "shown_actor")
    readonly_fields = ("shown_discrepancies", "shown_actor")
    shown_actor = actor_column("actor", _("actor"))
    shown_discrepancies = json_column("discrepancies", _("what does not hold"))


@admin.register(RepeatedMovement)
class RepeatedMovementAdmin(WholeCompanyAdmin):
    list_display = ("movement_id", "key", "qty", "reversed_by", "recorded_at")
    search_fields = ("=key", "=reversed_by")
    ordering = ("-id",)
