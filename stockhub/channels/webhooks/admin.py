"""What platforms pushed: messages, pushes that could not be read, and why others were refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.channels.webhooks.models import RefusedWebhook, UnreadableWebhook, WebhookMessage, WebhookStatus
from stockhub.channels.webhooks.retries import ROWS, dismiss_pushes, read_again, retry_messages
from stockhub.core.admin_classes import LongReadOnlyAdmin, ReadOnlyAdmin, json_column, status_badge

_COLOURS = {WebhookStatus.DUE: "info", WebhookStatus.DONE: "success", WebhookStatus.PARKED: "danger"}


def _parts(queryset: QuerySet[Any]) -> Sequence[list[int]]:
    ids = list(queryset.order_by("pk").values_list("pk", flat=True))
    return [ids[start : start + ROWS] for start in range(0, len(ids), ROWS)]


@admin.register(WebhookMessage)
class WebhookMessageAdmin(ScopedAdmin, LongReadOnlyAdmin):
    account_path = "account"
    list_display = ("message_id", "kind", "account", "shown_status", "attempts", "error", "received_at", "next_attempt_at", "done_at")
    list_filter = ("status", "account", "kind", "received_at")
    list_select_related = ("account",)
    search_fields = ("=message_id",)
    search_help_text = _("The platform's id of a message, whole.")
    ordering = ("-id",)
    exclude = ("payload", "status")
    readonly_fields = ("shown_status", "shown_payload")
    actions = ("retry",)
    shown_status = status_badge("status", _("status"), _COLOURS)
    shown_payload = json_column("payload", _("message"))

    @admin.action(description=_("Try again"), permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[WebhookMessage]) -> None:
        number = sum(retry_messages(part) for part in _parts(queryset))
        self.tell(request, gettext("Due again: %(number)d.") % {"number": number})

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("channels.change_webhookmessage")


@admin.register(UnreadableWebhook)
class UnreadableWebhookAdmin(ScopedAdmin, ReadOnlyAdmin):
    account_path = "account"
    list_display = ("digest", "account", "reason", "size", "times", "received_at", "last_received_at", "resolved_at", "resolved_by")
    list_filter = (("resolved_at", admin.EmptyFieldListFilter), "account", "received_at")
    list_select_related = ("account",)
    search_fields = ("=digest", "reason")
    ordering = ("-last_received_at", "-id")
    actions = ("read_once_more", "dismiss")

    @admin.action(description=_("Have it read again"), permissions=["retry"])
    def read_once_more(self, request: HttpRequest, queryset: QuerySet[UnreadableWebhook]) -> None:
        told = [read_again(part) for part in _parts(queryset)]
        numbers = {"read": sum(each.read for each in told), "left": sum(each.left for each in told)}
        self.tell(request, gettext("Read: %(read)d. Still unreadable: %(left)d.") % numbers)

    @admin.action(description=_("Dismiss: nobody needs them"), permissions=["retry"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet[UnreadableWebhook]) -> None:
        self.tell(request, gettext("Dismissed: %(number)d.") % {"number": sum(dismiss_pushes(part) for part in _parts(queryset))})

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("channels.change_unreadablewebhook")


@admin.register(RefusedWebhook)
class RefusedWebhookAdmin(ScopedAdmin, ReadOnlyAdmin):
    account_path = "account"
    list_display = ("code", "account", "message", "status", "times", "first_at", "last_at")
    list_filter = ("account", "code")
    list_select_related = ("account",)
    ordering = ("-last_at", "-id")
