"""Who is told of alerts, what waits to be told, and what alerts ask people to do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from stockhub.access.roles import role_label
from stockhub.alerts.models import Notice, ResponseStep, Side, Subscription
from stockhub.alerts.response_steps import complete_step, text_of
from stockhub.alerts.selectors import alerts_visible_to, kind_info
from stockhub.alerts.subscriptions import MANAGES_PEOPLE, check_subscription
from stockhub.core.admin_classes import ReadOnlyAdmin, WholeCompanyAdmin, column, json_column
from stockhub.outbox.recorded_admin import RecordedAdmin
from stockhub.values import DomainError


class SubscriptionForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """One target, and levels that are there."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        targets = [name for name in ("user", "role", "endpoint") if name in self.fields]
        if targets and sum(data.get(name) is not None for name in targets) != 1:
            self.add_error(None, _("Name one target: a user, a role or an endpoint."))
        for name, value in data.items():
            if name not in ("accounts", "pools", "categories"):
                setattr(self.instance, name, value)
        try:
            check_subscription(self.instance)
        except DomainError as error:
            self.add_error(error.path[0] if error.path and error.path[0] in self.fields else None, error.message)
        return data


@admin.register(Subscription)
class SubscriptionAdmin(RecordedAdmin):
    form = SubscriptionForm
    list_display = ("shown_name", "user", "shown_role", "endpoint", "min_level", "max_level", "is_active", "shown_sides", "shown_kinds")
    list_filter = ("is_active", "min_level", "role")
    list_select_related = ("user", "role", "endpoint")
    search_fields = ("name", "user__username", "role__name", "endpoint__name")
    autocomplete_fields = ("user", "role", "endpoint", "accounts", "pools", "categories")
    ordering = ("pk",)
    fieldsets = (
        (_("Who is told"), {"fields": ("name", ("user", "role", "endpoint"), "is_active")}),
        (_("Of what"), {"fields": (("min_level", "max_level"), ("sides", "kinds"), "accounts", "pools", "categories")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """One's own, unless one may manage people."""
        queryset: QuerySet[Any] = super().get_queryset(request)
        return queryset if request.user.has_perm(MANAGES_PEOPLE) else queryset.filter(user_id=request.user.pk)

    @column(_("subscription"), ordering="name")
    def shown_name(self, subscription: Subscription) -> str:
        """The two that every installation has are called by what they are for; the others as somebody named them."""
        role = subscription.role.name if subscription.role else ""
        if role and subscription.name == f"First response: {role}":
            return gettext("First response: %(role)s") % {"role": role_label(role)}
        return subscription.name or str(subscription.user or role_label(role) or subscription.endpoint)

    @column(_("role"), ordering="role__name")
    def shown_role(self, subscription: Subscription) -> str:
        return role_label(subscription.role.name) if subscription.role else ""

    @column(_("sides"))
    def shown_sides(self, subscription: Subscription) -> str:
        return " · ".join(str(Side(side).label) if side in Side.values else side for side in subscription.sides or ()) or gettext("all")

    @column(_("kinds"))
    def shown_kinds(self, subscription: Subscription) -> str:
        return " · ".join(kind_info(kind).label for kind in subscription.kinds or ()) or gettext("all")

    def get_readonly_fields(self, request: HttpRequest, obj: Subscription | None = None) -> Any:  # noqa: ANN401, ARG002 - Django's signature
        """Whom it tells is chosen by those who manage people; others subscribe themselves."""
        return () if request.user.has_perm(MANAGES_PEOPLE) else ("user", "role", "endpoint")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: ANN401, FBT001 - Django's signature
        if not change and not request.user.has_perm(MANAGES_PEOPLE):
            obj.user_id = request.user.pk
        super().save_model(request, obj, form, change)


@admin.register(Notice)
class NoticeAdmin(WholeCompanyAdmin):
    """What waits to be told: gone once a message is written of it."""

    list_display = ("endpoint", "count", "level", "is_urgent", "due_at", "created_at")
    list_filter = ("is_urgent", "level")
    list_select_related = ("endpoint",)
    ordering = ("due_at", "pk")
    fields = ("endpoint", "count", "level", "is_urgent", "due_at", "created_at", "event", "shown_groups")
    readonly_fields = ("shown_groups",)
    shown_groups = json_column("groups", _("groups"))


@admin.register(ResponseStep)
class ResponseStepAdmin(ReadOnlyAdmin):
    list_display = ("shown_step", "alert", "level", "recorded_at", "done_at", "done_by")
    list_filter = ("step", ("done_at", admin.EmptyFieldListFilter))
    list_select_related = ("alert__sku",)
    search_fields = ("alert__sku__code",)
    ordering = ("-pk",)
    fields = ("alert", "shown_step", "level", "recorded_at", "done_at", "done_by", "note")
    readonly_fields = ("shown_step",)
    actions = ("complete",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Those of alerts that one sees."""
        queryset: QuerySet[Any] = super().get_queryset(request)
        return queryset.filter(alert__in=alerts_visible_to(request.user).values("pk"))

    @column(_("step"), ordering="step")
    def shown_step(self, step: ResponseStep) -> str:
        return text_of(step.step)

    @admin.action(description=_("Done"), permissions=["complete"])
    def complete(self, request: HttpRequest, queryset: QuerySet[ResponseStep]) -> None:
        visible = alerts_visible_to(request.user)
        count = len([complete_step(step_id=pk, visible=visible) for pk in queryset.values_list("pk", flat=True)])
        self.tell(request, ngettext("%(count)d step is done.", "%(count)d steps are done.", count) % {"count": count})

    def has_complete_permission(self, request: HttpRequest) -> bool:
        """Whoever may deal with alerts may say what is done about them."""
        return request.user.has_perm("alerts.change_alert")
