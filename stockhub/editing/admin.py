"""Change sets: read-only, with an action that undoes them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stockhub.core.admin_classes import ReadOnlyRows, WholeCompanyAdmin, actor_column
from stockhub.editing.models import ChangeSet, ChangeSetRow
from stockhub.editing.undo import PERMISSION, undo_change_set
from stockhub.editing.upserts import RowStatus
from stockhub.values.errors import DomainError


class ChangedRows(ReadOnlyRows):
    model = ChangeSetRow
    fields = ("position", "event", "undone_by")


@admin.register(ChangeSet)
class ChangeSetAdmin(WholeCompanyAdmin):
    list_display = ("id", "noun", "shown_actor", "row_count", "undone_count", "undoes", "created_at")
    list_filter = ("noun", "created_at")
    list_select_related = ("undoes",)
    search_fields = ("actor", "correlation_id")
    ordering = ("-id",)
    fields = ("noun", "shown_actor", "correlation_id", "created_at", "undoes")
    readonly_fields = ("shown_actor",)
    shown_actor = actor_column("actor", _("actor"))
    inlines = (ChangedRows,)
    actions = ("undo",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        counts = {"row_total": Count("rows"), "undone_total": Count("rows", filter=Q(rows__undone_by__isnull=False))}
        rows: QuerySet[Any] = super().get_queryset(request).annotate(**counts)
        return rows

    @admin.display(description=_("objects changed"))
    def row_count(self, change_set: Any) -> int:  # noqa: ANN401 - an annotated row
        return int(change_set.row_total)

    @admin.display(description=_("taken back"))
    def undone_count(self, change_set: Any) -> int:  # noqa: ANN401 - an annotated row
        return int(change_set.undone_total)

    @admin.action(description=_("Undo"), permissions=["undo"])
    def undo(self, request: HttpRequest, queryset: QuerySet[ChangeSet]) -> None:
        """The latest first, so that one may undo several that touch the same object."""
        for change_set in queryset.order_by("-id"):
            try:
                told = undo_change_set(change_set).results
            except DomainError as error:
                self.tell_error(request, error)
                continue
            done = sum(result.status == RowStatus.UPDATED for result in told)
            self.tell(request, gettext("%(set)s: %(done)d taken back.") % {"set": change_set, "done": done})
            refusals = {result.error.code: result.error for result in told if result.error is not None}
            for refusal in refusals.values():
                self.tell_error(request, refusal)

    def has_undo_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)
