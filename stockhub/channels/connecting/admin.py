"""What lies between accounts and their platforms, as facts. No page shows a token."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import admin
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.channels.connecting.models import AccountAuthorization, AuthorizationState, ConnectorMemory, RateBucket
from stockhub.channels.spoken_columns import told_column
from stockhub.core.admin_classes import ReadOnlyAdmin, WholeCompanyAdmin, column, json_column, status_badge

_COLOURS = {
    AuthorizationState.NONE: "info",
    AuthorizationState.AUTHORISED: "success",
    AuthorizationState.LOST: "danger",
    AuthorizationState.DISCONNECTED: "warning",
}


@admin.register(AccountAuthorization)
class AccountAuthorizationAdmin(ScopedAdmin, ReadOnlyAdmin):
    account_path = "account"
    list_display = ("account", "shown_state", "subject", "expires_at", "refresh_expires_at", "failures", "lost_at", "shown_reason")
    list_filter = ("state",)
    list_select_related = ("account",)
    search_fields = ("account__code", "subject")
    ordering = ("account__code",)
    exclude = ("state", "reason", "leased_by", "lease_until")
    readonly_fields = ("shown_state", "shown_reason")
    shown_reason = told_column("reason", _("why it was lost"))
    shown_state = status_badge("state", _("state"), _COLOURS)


@admin.register(ConnectorMemory)
class ConnectorMemoryAdmin(ScopedAdmin, ReadOnlyAdmin):
    account_path = "account"
    list_display = ("name", "account", "updated_at")
    list_filter = ("account",)
    list_select_related = ("account",)
    search_fields = ("name",)
    ordering = ("account__code", "name")
    exclude = ("value",)
    readonly_fields = ("shown_value",)
    shown_value = json_column("value", _("value"))


@admin.register(RateBucket)
class RateBucketAdmin(WholeCompanyAdmin):
    list_display = ("scope", "operation", "shown_full_at")
    search_fields = ("scope", "operation")
    ordering = ("scope", "operation")
    fields = ("scope", "operation", "shown_full_at")
    readonly_fields = ("shown_full_at",)

    @column(_("full again at"), ordering="full_at")
    def shown_full_at(self, bucket: RateBucket) -> str:
        return formats.date_format(timezone.localtime(datetime.fromtimestamp(bucket.full_at, UTC)), "DATETIME_FORMAT")
