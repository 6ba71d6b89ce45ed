"""What accounts told, as it came in, and the action that applies it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.channels.models import Account
from stockhub.channels.received_models import ReceivedKey, ReceivedRecord, ReceivedStatus
from stockhub.channels.received_reasons import REASONS, told_error
from stockhub.channels.reprocessing import IDS, reprocess
from stockhub.core.admin_classes import LongReadOnlyAdmin, column, json_column, status_badge
from stockhub.core.exported_admin import ExportedAdmin

_COLOURS = {
    ReceivedStatus.DUE: "info",
    ReceivedStatus.REPLAY: "info",
    ReceivedStatus.APPLIED: "success",
    ReceivedStatus.QUARANTINED: "danger",
    ReceivedStatus.DISMISSED: "warning",
}


@admin.register(ReceivedRecord)
class ReceivedRecordAdmin(ScopedAdmin, ExportedAdmin, LongReadOnlyAdmin):
    export_name = "received-records"
    export_filters: ClassVar[Mapping[str, str]] = {
        "status__exact": "status", "kind": "kind", "account__id__exact": "account", "received_at__gte": "received_from",
        "received_at__lt": "received_to",
    }  # fmt: skip
    account_path = "account"
    list_display = ("external_id", "kind", "account", "source", "shown_status", "attempts", "shown_error", "received_at", "applied_at")
    list_filter = ("status", "kind", "account", "received_at")
    list_select_related = ("account",)
    search_fields = ("=external_id",)
    search_help_text = _("The id of an order, return, … whole.")
    ordering = ("-id",)
    exclude = ("payload", "status", "digest", "error")
    readonly_fields = ("shown_status", "shown_error", "shown_payload")
    actions = ("apply_again",)
    shown_status = status_badge("status", _("status"), _COLOURS)
    shown_payload = json_column("payload", _("record"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request).annotate(**REASONS)
        return rows

    @column(_("last error"), ordering="error")
    def shown_error(self, row: Any) -> str:  # noqa: ANN401 - a record with its reason
        return told_error(row.status, row.error, row.reason_code, row.reason_message, row.reason_template, row.reason_params)

    @admin.action(description=_("Apply again"), permissions=["reprocess"])
    def apply_again(self, request: HttpRequest, queryset: QuerySet[ReceivedRecord]) -> None:
        """All that is kept of the chosen ids: a record alone says less than what its source told of it in all."""
        number = 0
        chosen: dict[int, list[str]] = {}
        for account_id, external_id in queryset.order_by("account_id", "external_id").values_list("account_id", "external_id").distinct():
            chosen.setdefault(account_id, []).append(external_id)
        for account in Account.objects.filter(pk__in=chosen).order_by("pk"):
            ids = chosen[account.pk]
            for start in range(0, len(ids), IDS):
                number += reprocess(account=account, external_ids=ids[start : start + IDS])
        self.tell(request, gettext("Due again: %(number)d.") % {"number": number})

    def has_reprocess_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("channels.change_receivedrecord")


@admin.register(ReceivedKey)
class ReceivedKeyAdmin(LongReadOnlyAdmin):
    list_display = ("digest", "received_at")
    search_fields = ("=digest",)
    ordering = ("-received_at",)
