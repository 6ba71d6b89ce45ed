"""Events and what was delivered because of them: read-only, but a delivery that was given up can be tried again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from stockhub.core.admin_classes import ReadOnlyRows, WholeCompanyAdmin, actor_column, column, json_column, status_badge
from stockhub.outbox.endpoint_admin import EndpointAdmin
from stockhub.outbox.models import Delivery, DeliveryStatus, Event
from stockhub.outbox.retries import retry_deliveries
from stockhub.outbox.spoken import told as told_error

__all__ = ["DeliveryAdmin", "EndpointAdmin", "EventAdmin"]

_COLOURS = {DeliveryStatus.DUE: "info", DeliveryStatus.LEASED: "info", DeliveryStatus.DELIVERED: "success", DeliveryStatus.DEAD: "danger"}


class DeliveryRows(ReadOnlyRows):
    model = Delivery
    fields = ("channel", "recipient", "status", "attempts", "error", "delivered_at")


@admin.register(Event)
class EventAdmin(WholeCompanyAdmin):
    list_display = ("id", "kind", "entity", "entity_id", "shown_actor", "occurred_at", "recorded_at")
    list_filter = ("entity", "recorded_at")
    search_fields = ("kind", "correlation_id", "actor")
    ordering = ("-id",)
    fields = ("kind", "entity", "entity_id", "shown_actor", "correlation_id", "occurred_at", "recorded_at", "shown_payload")
    readonly_fields = ("shown_actor", "shown_payload")
    shown_actor = actor_column("actor", _("actor"))
    inlines = (DeliveryRows,)
    shown_payload = json_column("payload", _("payload"))


@admin.register(Delivery)
class DeliveryAdmin(WholeCompanyAdmin):
    list_display = ("id", "subject", "channel", "recipient", "shown_status", "attempts", "next_attempt_at", "shown_error", "created_at")
    list_filter = ("status", "channel", "endpoint")
    list_select_related = ("endpoint",)
    search_fields = ("recipient", "subject")
    ordering = ("-id",)
    exclude = ("status", "error")
    readonly_fields = ("shown_status", "shown_error")
    actions = ("retry",)
    shown_status = status_badge("status", _("status"), _COLOURS)

    @column(_("last error"), ordering="error")
    def shown_error(self, delivery: Delivery) -> str:
        return told_error(delivery.error)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # The body can be long and no column needs it.
        return super().get_queryset(request).defer("body", "message") if self._is_list(request) else super().get_queryset(request)

    @admin.action(description=_("Try again"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        count = retry_deliveries(delivery_ids=list(queryset.values_list("pk", flat=True)))
        text = ngettext("%(count)d delivery will be tried again.", "%(count)d deliveries will be tried again.", count)
        self.tell(request, text % {"count": count})

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Nobody changes a delivery's content, but those who may change deliveries may send one again."""
        return request.user.has_perm("outbox.change_delivery")

    def _is_list(self, request: HttpRequest) -> bool:
        return bool(request.resolver_match and request.resolver_match.url_name == "outbox_delivery_changelist")
