"""Pages of what is said once: set and ended with a reason, never changed or deleted."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock
from stockhub.core.admin_classes import PageAdmin, actor_column, column
from stockhub.core.admin_forms import PlainForm
from stockhub.core.kept_texts import recognised
from stockhub.values import DomainError

#: Who set it and who ended it: shown once it is said.
ENDED: Final = ("set_by", "set_at", "ended_at", "shown_ender", "shown_end_reason")


class EndForm(PlainForm):
    """Why it ends before its time."""

    reason = forms.CharField(label=_("why"), max_length=300)


class HoldsFilter(admin.SimpleListFilter):
    """Those that hold now, unless asked otherwise."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002 - Django's signature
        return [("active", _("Holds now")), ("ended", _("Ended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002 - Django's signature
        now = clock.now()
        ended = Q(until_at__isnull=False, until_at__lte=now) | Q(ended_at__isnull=False, ended_at__lte=now)
        if self.value() == "active":
            return queryset.filter(starts_at__lte=now).exclude(ended)
        return queryset.filter(ended) if self.value() == "ended" else queryset


class EndedAdmin(PageAdmin):
    """The base of such a page. A subclass says how rows are ended, and which of those that a user sees are his to end."""

    actions = ("end",)
    #: Shown under what was said.
    said_fields: ClassVar[Sequence[str]] = ENDED
    #: Reasons that nobody typed, in English: what ends by itself says so to whoever reads it.
    own_endings: ClassVar[tuple[str, ...]] = ()
    shown_ender = actor_column("ended_by", _("ended by"))

    @column(_("ended because"), ordering="end_reason")
    def shown_end_reason(self, row: Any) -> str:  # noqa: ANN401 - whatever ends
        return recognised(row.end_reason, self.own_endings)

    @abstractmethod
    def end_rows(self, ids: list[int], reason: str) -> None:
        """Ends them all, or raises DomainError."""

    def endable(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002 - for those who must look at the user
        return queryset

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ANN401 - Django's signature
        shown: Sequence[Any] = super().get_fields(request, obj)
        return (*shown, *self.said_fields) if obj else shown

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ANN401, ARG002 - Django's signature
        return self.said_fields if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401, ARG002 - Django's signature
        """What was said stays as it was said; it can be ended."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401, ARG002 - Django's signature
        return False

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")

    @admin.action(description=_("End…"), permissions=["end"])
    def end(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        ids = sorted(self.endable(request, queryset).values_list("pk", flat=True))
        given = request.POST if "apply" in request.POST else None
        form = EndForm(given)
        if given is not None and form.is_valid():
            try:
                self.end_rows(ids, form.cleaned_data["reason"])
            except DomainError as error:
                self.tell_error(request, error)
                return None
            self.tell(request, self.ended_text(len(ids)))
            return None
        hidden = {"action": ["end"], "_selected_action": [str(pk) for pk in ids]}
        return self.form_page(
            request, title=gettext("End"), form=form, submit=gettext("End"), hidden=hidden, intro=self.chosen_text(len(ids))
        )

    def chosen_text(self, count: int) -> str:
        return ngettext("%(count)d override.", "%(count)d overrides.", count) % {"count": count}

    def ended_text(self, count: int) -> str:
        return ngettext("%(count)d override was ended.", "%(count)d overrides were ended.", count) % {"count": count}
