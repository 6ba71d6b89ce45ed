"""Endpoints: where messages go, how each does, its configuration, and a button that tries it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from stockhub.core.admin_classes import OfTheCompany, column, page_action
from stockhub.core.admin_forms import dress
from stockhub.outbox.endpoints import MAIL, EndpointInput, check_endpoint, delete_endpoint, save_endpoint, send_test
from stockhub.outbox.models import Endpoint
from stockhub.outbox.recorded_admin import ConfigurationAdmin, VersionedForm
from stockhub.outbox.spoken import told as told_error
from stockhub.pluginhost.configuration import Stored
from stockhub.pluginhost.forms import form_class
from stockhub.pluginhost.notifying import notifiers
from stockhub.values import DomainError


class EndpointForm(VersionedForm):
    """The settings of any endpoint; what its channel needs has a page of its own."""

    notifier = forms.ChoiceField(label=_("channel"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        if "notifier" in self.fields:
            language = get_language() or "en"
            choices = [(slug, each.name.text(language)) for slug, each in sorted(notifiers().items())]
            self.fields["notifier"].choices = choices  # type: ignore[attr-defined]
            dress(self)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors:
            wanted = Endpoint(notifier=self.instance.notifier or MAIL)
            for name, value in data.items():
                if name != "seen_version":
                    setattr(wanted, name, value)
            try:
                check_endpoint(wanted)
            except DomainError as error:
                self.add_error(error.path[0] if error.path and error.path[0] in self.fields else None, error.message)
        return data


@admin.register(Endpoint)
class EndpointAdmin(OfTheCompany, ConfigurationAdmin):
    """A person's own endpoint is changed here as well, but neither made nor configured: it follows his account."""

    form = EndpointForm
    list_display = (
        "name", "shown_notifier", "user", "language", "digest", "is_active", "last_ok_at", "consecutive_failures", "next_attempt_at",
    )  # fmt: skip
    list_filter = ("notifier", "is_active", "digest")
    list_select_related = ("user",)
    search_fields = ("name", "user__username")
    ordering = ("name", "pk")
    fieldsets = (
        (None, {"fields": (("name", "notifier"), ("language", "time_zone"), "is_active")}),
        (_("When"), {"fields": (("digest", "digest_hour"), ("quiet_from", "quiet_until"), "urgent_level")}),
        (_("How it does"), {"fields": ("user", "shown_configuration", "last_ok_at", "last_error_at", "shown_error", "next_attempt_at")}),
    )
    readonly_fields = ("user", "shown_configuration", "last_ok_at", "last_error_at", "shown_error", "next_attempt_at")
    actions = ["send_test", "restore"]
    actions_detail = ("configure",)

    def get_readonly_fields(self, request: HttpRequest, obj: Endpoint | None = None) -> Any:  # noqa: ANN401 - Django's signature
        """The channel stays: its configuration is of that channel's model."""
        return (*super().get_readonly_fields(request, obj), "notifier") if obj else super().get_readonly_fields(request, obj)

    @column(_("last error"), ordering="last_error")
    def shown_error(self, endpoint: Endpoint) -> str:
        return told_error(endpoint.last_error)

    @column(_("channel"), ordering="notifier")
    def shown_notifier(self, endpoint: Endpoint) -> str:
        found = notifiers().get(endpoint.notifier)
        return found.name.text(get_language() or "en") if found else endpoint.notifier

    @column(_("configuration"))
    def shown_configuration(self, endpoint: Endpoint) -> str:
        """Public values, and that secrets are there; never the secrets."""
        public = ", ".join(f"{name}: {value}" for name, value in endpoint.config.items())
        kept = gettext("secrets are kept") if endpoint.secrets else ""
        return "; ".join(part for part in (public, kept) if part) or "–"

    def response_add(self, request: HttpRequest, obj: Endpoint, post_url_continue: str | None = None) -> HttpResponse:
        """What its channel needs comes next."""
        super().response_add(request, obj, post_url_continue)
        return redirect(reverse("admin:outbox_endpoint_configure", args=[obj.pk]))

    def delete_model(self, request: HttpRequest, obj: Endpoint) -> None:  # type: ignore[override]  # noqa: ARG002 - Django's signature
        delete_endpoint(endpoint_id=obj.pk)

    @page_action(_("Configuration"), icon="settings", permission="configure")
    def configure(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The form that the notifier's own model draws. Secrets go in and never come out."""
        self.refuse_unless(allowed=self.has_configure_permission(request))
        endpoint = self.visible_or_404(request, object_id)
        notifier = notifiers().get(endpoint.notifier)
        if notifier is None or endpoint.user_id is not None:
            self.message_user(request, gettext("There is nothing to set here: it is a person's own, or its plugin is missing."))
            return self.back_to(endpoint.pk)
        form = form_class(notifier.endpoint_model)(Stored(endpoint.config, bytes(endpoint.secrets)), request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                save_endpoint(endpoint_id=endpoint.pk, given=EndpointInput(config=form.values, cleared=tuple(form.cleared)))
            except DomainError as error:
                self.tell_error(request, error)
            else:
                self.tell(request, gettext("The configuration is saved."))
                return self.back_to(endpoint.pk)
        dress(form)
        return self.form_page(request, title=f"{endpoint.name}: {gettext('Configuration')}", form=form, submit=_("Save"))

    def has_configure_permission(self, request: HttpRequest, object_id: object = None) -> bool:  # noqa: ARG002 - Unfold's signature
        return request.user.has_perm("outbox.change_endpoint") and self.has_view_permission(request)

    @admin.action(description=_("Send a test message"), permissions=["configure"])
    def send_test(self, request: HttpRequest, queryset: QuerySet[Endpoint]) -> None:
        for endpoint in queryset:
            try:
                send_test(endpoint_id=endpoint.pk)
            except DomainError as error:
                self.tell_error(request, error)
            else:
                told = gettext("A test message to %(name)s is on its way: see the deliveries for what becomes of it.")
                self.tell(request, told % {"name": endpoint.name})
