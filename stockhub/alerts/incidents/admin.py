"""Incidents: what several alerts have in common, its timeline, and steps that are taken with all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Final

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from stockhub.access.models import User
from stockhub.alerts.incidents import services
from stockhub.alerts.incidents.models import Incident, IncidentStatus
from stockhub.alerts.incidents.selectors import incidents_visible_to
from stockhub.alerts.incidents.wording import cause_text, incident_headline, incident_step_text
from stockhub.alerts.life.states import state_of
from stockhub.alerts.life.step_pages import STEP_PAGES, StepAdmin, count_text
from stockhub.alerts.life.steps import RowResult, Step
from stockhub.alerts.models import Alert
from stockhub.alerts.selectors import kind_info
from stockhub.core.admin_classes import LongReadOnlyAdmin, column, money_text, status_badge
from stockhub.core.exported_admin import ExportedAdmin, Narrowed

#: Alerts that an incident's page lists; the inbox has them all.
LISTED: Final = 100
_LEVEL_COLOURS = {1: "info", 2: "warning", 3: "danger"}
_STATUS_COLOURS = {IncidentStatus.OPEN: "danger", IncidentStatus.ACKNOWLEDGED: "warning", IncidentStatus.RESOLVED: "success"}
_STEPS: Final = ("acknowledge", "start", "assign", "snooze", "resolve", "false_alarm")


class OpenFilter(admin.SimpleListFilter):
    """What is still to be dealt with, unless asked otherwise."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ANN401, ARG002 - Django's signature
        return [("all", _("All")), *((status.value, status.label) for status in IncidentStatus)]

    def choices(self, changelist: Any) -> Any:  # noqa: ANN401 - Django's signature
        none = changelist.get_query_string(remove=["status"])
        yield {"selected": self.value() is None, "query_string": none, "display": _("Not resolved")}
        for value, title in self.lookup_choices:
            yield {"selected": self.value() == value, "query_string": changelist.get_query_string({"status": value}), "display": title}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002 - Django's signature
        if self.value() in IncidentStatus.values:
            return queryset.filter(status=self.value())
        return queryset if self.value() == "all" else queryset.exclude(status=IncidentStatus.RESOLVED)


@admin.register(Incident)
class IncidentAdmin(StepAdmin, ExportedAdmin, LongReadOnlyAdmin):
    export_name = "incidents"
    export_filters: ClassVar[Mapping[str, str]] = {
        "cause__exact": "cause", "opened_at__gte": "opened_from", "opened_at__lt": "opened_to",
    }  # fmt: skip
    export_defaults: ClassVar[Mapping[str, tuple[str, str]]] = {"status": ("status", "acknowledged,open")}
    list_display = (
        "shown_cause_text",
        "shown_level",
        "shown_status",
        "open_count",
        "alert_count",
        "shown_money",
        "owner",
        "resolve_by_at",
        "opened_at",
    )
    list_display_links = ("shown_cause_text",)
    list_filter = (OpenFilter, "cause", "level", "owner", "opened_at")
    list_select_related = ("owner",)
    search_fields = ("key", "inputs")
    ordering = ("-money_amount", "-level", "id")
    fields = ()
    shown_status = status_badge("status", _("status"), _STATUS_COLOURS)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        user = request.user
        visible = incidents_visible_to(user) if isinstance(user, User) else Incident.objects.none()
        return visible.order_by(*self.ordering)

    def _narrowed(self, request: HttpRequest) -> Narrowed:
        narrowed, status = super()._narrowed(request), request.GET.get("status")
        return Narrowed({**narrowed.asked, "status": status}, narrowed.lost) if status in IncidentStatus.values else narrowed

    @column(_("incident"), ordering="cause")
    def shown_cause_text(self, incident: Incident) -> str:
        return cause_text(incident)

    @column(_("level"), ordering="level", label=_LEVEL_COLOURS)
    def shown_level(self, incident: Incident) -> tuple[int, str]:
        return incident.level, str(incident.level)

    @column(_("money at stake"), ordering="money_amount")
    def shown_money(self, incident: Incident) -> str:
        return money_text(incident.money_amount, settings.STOCKHUB_BASE_CURRENCY)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<int:incident_id>/{name}/", self.admin_site.admin_view(partial(self.step_one, name=name)), name=f"alerts_incident_{name}"
            )
            for name in _STEPS
        ]
        return [*own, *super().get_urls()]

    def has_act_permission(self, request: HttpRequest) -> bool:
        """A person with this permission takes steps."""
        return request.user.has_perm("alerts.change_incident")

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:  # noqa: ANN401
        known = self.get_queryset(request).select_related("owner", "escalated_to")
        incident = known.filter(pk=int(object_id) if object_id.isdigit() else 0).first()
        context = dict(extra_context or {})
        if incident is not None and self.has_view_permission(request, incident):
            may_act = self.has_act_permission(request) and incident.status != IncidentStatus.RESOLVED
            context |= {"page": page_of(incident), "title": incident_headline(incident), "may_act": may_act, "subtitle": ""}
        return super().change_view(request, object_id, form_url, context)

    def step_one(self, request: HttpRequest, incident_id: int, *, name: str) -> HttpResponse:
        """By POST only where nothing is asked for, as with an alert."""
        asks = STEP_PAGES[name].form is not None
        self.refuse_unless(allowed=(asks or request.method == "POST") and self.has_act_permission(request))
        incident = self.visible_or_404(request, str(incident_id))

        def take(step: Step, given: Mapping[str, Any]) -> Sequence[RowResult]:
            owner = given.get("owner")
            visible = self.get_queryset(request)
            return services.take(incident_id=incident_id, step=step, visible=visible, owner_id=owner.pk if owner else None).rows

        return self.step_of(request, name, take, intro=count_text(incident.open_count)) or self.back_to(incident_id)


def page_of(incident: Incident) -> dict[str, Any]:
    """What the page of one incident shows: two queries beside it."""
    alerts = Alert.objects.filter(incident=incident).select_related("sku", "pool", "owner")
    ordered = alerts.order_by("status", "-level", "-money_amount", "id")[:LISTED]
    return {
        "incident": incident,
        "cause": cause_text(incident),
        "money": money_text(incident.money_amount, settings.STOCKHUB_BASE_CURRENCY),
        "timeline": [(event, incident_step_text(event.what)) for event in incident.events.order_by("occurred_at", "id")],
        "alerts": [(alert, kind_info(alert.kind).label, state_of(alert).label, _money(alert)) for alert in ordered],
        "more": max(incident.alert_count - LISTED, 0),
        "all": f"{reverse('admin:alerts_alert_changelist')}?status=all&incident__id__exact={incident.pk}",
    }


def _money(alert: Alert) -> str:
    return money_text(alert.money_amount, settings.STOCKHUB_BASE_CURRENCY)
