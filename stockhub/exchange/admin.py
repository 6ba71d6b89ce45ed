"""Imports and the rows that they refused."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from stockhub.core.admin_classes import ReadOnlyRows, WholeCompanyAdmin, actor_column, column, json_column, status_badge
from stockhub.exchange.models import ImportJob, ImportStatus, RowError

_COLOURS = {
    ImportStatus.RUNNING: "info",
    ImportStatus.DONE: "success",
    ImportStatus.DONE_WITH_ERRORS: "warning",
    ImportStatus.FAILED: "danger",
}


class RowErrorRows(ReadOnlyRows):
    model = RowError
    fields = ("line", "column", "reason", "value", "code")
    readonly_fields = ("reason",)
    ordering = ("line", "id")
    # A bad file refuses hundreds of thousands of rows; the page shows them in pages.
    per_page = 50

    @column(_("reason"))
    def reason(self, row: RowError) -> str:
        return row.text


@admin.register(ImportJob)
class ImportJobAdmin(WholeCompanyAdmin):
    list_display = (
        "file_name", "kind", "target", "shown_status", "dry_run", "rows_read", "rows_written", "rows_unchanged", "rows_refused",
        "shown_actor", "started_at",
    )  # fmt: skip
    list_filter = ("kind", "status", "started_at")
    search_fields = ("file_name", "target", "sha256")
    ordering = ("-started_at", "-id")
    fields = (
        "file_name", "kind", "target", "shown_status", "shown_message", "dry_run", "rows_read", "rows_written", "rows_unchanged",
        "rows_refused", "shown_actor", "started_at", "heartbeat_at", "finished_at", "sha256", "shown_options",
    )  # fmt: skip
    readonly_fields = ("shown_status", "shown_message", "shown_actor", "shown_options")
    shown_actor = actor_column("actor", _("actor"))
    inlines = (RowErrorRows,)
    shown_status = status_badge("status", _("status"), _COLOURS)
    shown_options = json_column("options", _("options"))

    @column(_("message"), ordering="message")
    def shown_message(self, job: ImportJob) -> str:
        return job.told_message


@admin.register(RowError)
class RowErrorAdmin(WholeCompanyAdmin):
    list_display = ("job", "line", "column", "reason", "value", "code")
    fields = ("job", "line", "column", "reason", "value", "code")
    readonly_fields = ("reason",)
    list_filter = ("code",)
    search_fields = ("job__file_name", "message", "value")
    list_select_related = ("job",)
    ordering = ("-job", "line")

    @column(_("reason"))
    def reason(self, row: RowError) -> str:
        return row.text
