"""Fee overrides in the admin: set and ended with a reason, never changed or deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from stockhub.access.models import User
from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.access.scopes import visible_account_ids
from stockhub.channels.fee_models import FeeOverride
from stockhub.channels.fee_overrides import FeeOverrideInput, check, end_fee_override, set_fee_override
from stockhub.core.ended_admin import EndedAdmin
from stockhub.values.errors import DomainError

_FIELDS = (
    "marketplace", "site", "account", "fee", "tier", "rate", "fixed_amount", "least_amount", "most_amount", "above", "up_to", "currency",
    "effective_from", "effective_to", "reason",
)  # fmt: skip
#: What the service calls otherwise.
_NAMES = {"account": "account_id", "fixed_amount": "fixed", "least_amount": "least", "most_amount": "most"}


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
                raise ValidationError(error.message, code=error.code) from error
        return data


def input_of(data: dict[str, Any]) -> FeeOverrideInput:
    """What a form gives, as the service takes it."""
    account = data.get("account")
    values: dict[str, Any] = {_NAMES.get(name, name): data.get(name) for name in _FIELDS if name != "account"}
    return FeeOverrideInput(**values, account_id=account.pk if account else None)


@admin.register(FeeOverride)
class FeeOverrideAdmin(EndedAdmin, ScopedAdmin):
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

    def save_model(self, request: HttpRequest, obj: FeeOverride, form: Any, change: bool) -> None:  # noqa: ANN401, ARG002, FBT001 - Django's
        obj.pk = set_fee_override(input_of(form.cleaned_data)).pk

    def endable(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """What holds for all accounts is not for those to end who see some."""
        sees_all = not isinstance(request.user, User) or visible_account_ids(request.user) is None
        return queryset if sees_all else queryset.exclude(account=None)

    def end_rows(self, ids: list[int], reason: str) -> None:
        for pk in ids:
            end_fee_override(override_id=pk, reason=reason)
