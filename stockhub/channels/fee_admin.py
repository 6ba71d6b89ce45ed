"""Fee overrides in the admin: set and ended with a reason, never changed or deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from stockhub.access.models import User
from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.access.scopes import visible_account_ids
from stockhub.channels.fee_models import FeeOverride
from stockhub.channels.fee_overrides import FeeOverrideInput, check, end_fee_override, set_fee_override
from stockhub.core.admin_forms import PlainForm
from stockhub.values.errors import DomainError

_FIELDS = (
    "marketplace", "site", "account", "fee", "tier", "rate", "fixed_amount", "least_amount", "most_amount", "above", "up_to", "currency",
    "effective_from", "effective_to", "reason",
)  # fmt: skip
#: What the service calls otherwise.
_NAMES = {"account": "account_id", "fixed_amount": "fixed", "least_amount": "least", "most_amount": "most"}
_ENDED = ("set_by", "set_at", "ended_at", "ended_by", "end_reason")


class EndForm(PlainForm):
    """Why the schedule's rate holds again."""

    reason = forms.CharField(label=_("why"), max_length=300)


class FeeOverrideForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's class takes its arguments for type checkers only
    """What the service would refuse is said at the field."""

    class Meta:
        model = FeeOverride
        fields = _FIELDS

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                check(input_of(data))
            except DomainError as error:
                raise ValidationError(_now(error.message), code=error.code) from error
        return data


def input_of(data: dict[str, Any]) -> FeeOverrideInput:
    """What a form gives, as the service takes it."""
    account = data.get("account")
    values: dict[str, Any] = {_NAMES.get(name, name): data.get(name) for name in _FIELDS if name != "account"}
    return FeeOverrideInput(**values, account_id=account.pk if account else None)


@admin.register(FeeOverride)
class FeeOverrideAdmin(ScopedAdmin):
    form = FeeOverrideForm
    fields = _FIELDS
    account_path = "account"
    unowned_is_shared = True
    list_display = (
        "fee",
        "tier",
        "marketplace",
        "site",
        "account",
        "rate",
        "effective_from",
        "effective_to",
        "reason",
        "set_by",
        "ended_at",
    )
    list_filter = ("marketplace", "site", "fee")
    list_select_related = ("account",)
    search_fields = ("fee", "tier", "reason", "set_by")
    autocomplete_fields = ("account",)
    ordering = ("-set_at", "-id")
    actions = ("end",)

    def get_fields(self, request: HttpRequest, obj: FeeOverride | None = None) -> Any:  # noqa: ANN401 - Django's signature
        shown = super().get_fields(request, obj)
        return (*shown, *_ENDED) if obj else shown

    def get_readonly_fields(self, request: HttpRequest, obj: FeeOverride | None = None) -> Any:  # noqa: ANN401, ARG002 - Django's
        return _ENDED if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: FeeOverride | None = None) -> bool:  # noqa: ARG002 - Django's signature
        """What was said stays as it was said; it can be ended."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: FeeOverride | None = None) -> bool:  # noqa: ARG002 - Django's signature
        return False

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("channels.change_feeoverride")

    def save_model(self, request: HttpRequest, obj: FeeOverride, form: Any, change: bool) -> None:  # noqa: ANN401, ARG002, FBT001 - Django's
        obj.pk = set_fee_override(input_of(form.cleaned_data)).pk

    @admin.action(description=_("End…"), permissions=["end"])
    def end(self, request: HttpRequest, queryset: QuerySet[FeeOverride]) -> HttpResponse | None:
        if isinstance(request.user, User) and visible_account_ids(request.user) is not None:
            queryset = queryset.exclude(account=None)
        ids = sorted(queryset.values_list("pk", flat=True))
        given = request.POST if "apply" in request.POST else None
        form = EndForm(given)
        if given is not None and form.is_valid():
            try:
                for pk in ids:
                    end_fee_override(override_id=pk, reason=form.cleaned_data["reason"])
            except DomainError as error:
                self.tell_error(request, error)
                return None
            self.tell(request, ngettext("%(count)d override was ended.", "%(count)d overrides were ended.", len(ids)) % {"count": len(ids)})
            return None
        hidden = {"action": ["end"], "_selected_action": [str(pk) for pk in ids]}
        intro = ngettext("%(count)d override.", "%(count)d overrides.", len(ids)) % {"count": len(ids)}
        return self.form_page(request, title=_now("End"), form=form, submit=_now("End"), hidden=hidden, intro=intro)
