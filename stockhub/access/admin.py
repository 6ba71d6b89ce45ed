"""People, what they may see, and their API tokens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from stockhub.access import grants
from stockhub.access.models import ApiToken, Grant, ScopeKind, User
from stockhub.access.services import create_token, revoke_token
from stockhub.core import clock
from stockhub.core.admin_classes import ReadOnlyAdmin, RowsInline, column, page_action
from stockhub.core.admin_forms import PlainForm, dress
from stockhub.outbox.recorded_admin import RecordedAdmin
from stockhub.values import DomainError


class GrantForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's class is generic for type checkers only
    """A grant whose object is picked by its name."""

    target = forms.ChoiceField(label=_("account or warehouse"))

    class Meta:
        model = Grant
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        dress(self)
        groups = [(kind.label, grants.choices(kind)) for kind in ScopeKind]
        known = {value for _label, named in groups for value, _name in named}
        if self.instance.pk:
            current = f"{self.instance.kind}:{self.instance.object_id}"
            self.fields["target"].initial = current
            if current not in known:
                # What was granted and has been deleted since can still be taken away.
                groups.append((_("deleted"), [(current, current)]))
        self.fields["target"].choices = [("", "---------"), *groups]  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """Before the model's own checks, so that a second grant of the same object is a message and not an error."""
        kind, _colon, object_id = self.cleaned_data.get("target", "").partition(":")
        if object_id:
            self.instance.kind, self.instance.object_id = kind, int(object_id)
            # Where the formset looks for rows that say the same twice.
            self.cleaned_data |= {"kind": kind, "object_id": int(object_id)}
        super()._post_clean()  # type: ignore[misc]  # Django's own, absent from its stubs

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # as above
        return excluded - {"kind", "object_id", "user"}


class GrantRows(RowsInline):
    model = Grant
    form = GrantForm
    fields = ("target", "created_at")
    readonly_fields = ("created_at",)


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, RecordedAdmin):
    list_display = ("name",)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, RecordedAdmin):  # type: ignore[type-arg]  # generic for type checkers only
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "first_name", "last_name", "email", "language", "is_active", "is_staff", "is_superuser", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups", "language")
    inlines = (GrantRows,)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": (("first_name", "last_name"), "email", ("language", "time_zone"))}),
        (_("May see"), {
            "fields": (("sees_all_accounts", "sees_all_warehouses"),),
            "description": _("Otherwise the accounts and warehouses granted below."),
        }),
        (_("May do"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Dates"), {"fields": (("last_login", "date_joined"),)}),
    )  # fmt: skip
    readonly_fields = ("last_login", "date_joined")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:  # noqa: ANN401, ARG002 - Django's signature
        """Only a superuser makes superusers, or gives permissions beside those of the groups."""
        return self.readonly_fields if request.user.is_superuser else (*self.readonly_fields, "is_superuser", "user_permissions")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nor does anybody else touch one: his password would be the key to everything."""
        return self._may_touch(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return self._may_touch(request, obj) and super().has_delete_permission(request, obj)

    @staticmethod
    def _may_touch(request: HttpRequest, obj: User | None) -> bool:
        return request.user.is_superuser or not isinstance(obj, User) or not obj.is_superuser

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:  # noqa: ANN401 - Django's signature
        """A new user is made first, then given what he may see."""
        return super().get_inlines(request, obj) if obj else ()


class NewTokenForm(PlainForm):
    """For whom, and what for."""

    user = forms.ModelChoiceField(User.objects.filter(is_active=True).order_by("username"), label=_("user"))
    name = forms.CharField(label=_("name"), max_length=100, help_text=_("What it is for, such as ERP or warehouse robot."))
    expires_at = forms.DateTimeField(label=_("expires"), required=False, help_text=_("Empty: never. For example 2026-12-31 23:59."))


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """A token is shown once, when it is made; afterwards it can only be revoked."""

    list_display = ("name", "shown_prefix", "user", "created_at", "expires_at", "last_used_at", "shown_valid")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter), "user")
    list_select_related = ("user",)
    search_fields = ("name", "prefix", "user__username")
    ordering = ("-created_at",)
    fields = ("name", "shown_prefix", "user", "created_at", "expires_at", "last_used_at", "revoked_at")
    readonly_fields = ("shown_prefix",)
    actions = ("revoke",)
    actions_list = ("new_token",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Not even a superuser reads a digest. Others see their own tokens."""
        queryset = super().get_queryset(request).defer("digest")
        return queryset if request.user.is_superuser else queryset.filter(user_id=request.user.pk)

    @column(_("begins with"), ordering="prefix")
    def shown_prefix(self, token: ApiToken) -> str:
        return f"{token.prefix}…"

    @column(_("valid"), boolean=True)
    def shown_valid(self, token: ApiToken) -> bool:
        return token.revoked_at is None and (token.expires_at is None or token.expires_at > clock.now())

    @page_action(_("New API token"), icon="key", permission="create")
    def new_token(self, request: HttpRequest) -> HttpResponse:
        """A form on GET; on POST the token, this once."""
        self.refuse_unless(allowed=self.has_create_permission(request))
        form = NewTokenForm(request.POST or None)
        if not request.user.is_superuser:
            form.fields["user"].queryset = User.objects.filter(username=request.user.get_username())  # type: ignore[attr-defined]
        if request.method != "POST" or not form.is_valid():
            return self.form_page(request, title=_("New API token"), form=form, submit=_("Create"))
        data = form.cleaned_data
        try:
            token, plaintext = create_token(user=data["user"], name=data["name"], expires_at=data["expires_at"])
        except DomainError as error:
            self.tell_error(request, error)
            return self.back_to_list()
        context = self.admin_site.each_context(request) | {
            "title": _("New API token"),
            "token": token,
            "plaintext": plaintext,
            "opts": self.opts,
        }
        response = TemplateResponse(request, "access/new_token.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response

    @admin.action(description=_("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        count = len([revoke_token(token=token) for token in queryset.filter(revoked_at=None)])
        self.tell(request, gettext("%(count)d revoked.") % {"count": count})

    def has_create_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("access.add_apitoken")

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("access.change_apitoken")
