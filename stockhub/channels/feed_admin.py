"""The page of feeds: how fresh each kind of data is, what hinders it, and what an operator can do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import date as shown_date
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stockhub.access.scoped_admin import ScopedAdmin
from stockhub.channels.feed_models import Feed, FeedState
from stockhub.channels.feeds import control
from stockhub.channels.feeds.plans import every, plan_of
from stockhub.channels.feeds.staleness import stale_since
from stockhub.channels.spoken_columns import told_column
from stockhub.core import clock
from stockhub.core.admin_classes import Badge, ReadOnlyAdmin, column, page_action
from stockhub.core.admin_forms import PlainForm
from stockhub.pluginapi.connectors import FeedKind
from stockhub.values import DomainError

_COLOURS = {
    FeedState.RUNNING: "success",
    FeedState.WAITING: "success",
    FeedState.BACKFILLING: "info",
    FeedState.THROTTLED: "info",
    FeedState.UNSCHEDULED: "info",
    FeedState.PAUSED: "warning",
    FeedState.FAILING: "warning",
    FeedState.NOT_OFFERED: "warning",
    FeedState.NOT_KEPT: "warning",
    FeedState.CIRCUIT_OPEN: "danger",
    FeedState.REFUSED: "danger",
    FeedState.NOT_CONNECTED: "danger",
}
#: What an operator can do about a state, where its error does not say it all.
_REMEDIES = {
    FeedState.NOT_CONNECTED: _("Authorise the account again, or make it active. Its feeds go on from where they stopped."),
    FeedState.REFUSED: _("Change what the error names, then have the feed read now."),
    FeedState.CIRCUIT_OPEN: _("It is tried again by itself. Once its cause is mended, have it read now."),
    FeedState.FAILING: _("It is tried again by itself."),
    FeedState.PAUSED: _("Resume it when it shall be read again."),
    FeedState.NOT_OFFERED: _("Install or update the plugin that brought it."),
    FeedState.NOT_KEPT: _("Nothing needs to be done: a later release will keep its records."),
}

#: What feeds tell of, in the reader's language.
_KINDS: dict[str, Any] = {
    FeedKind.ORDERS: _("Orders"), FeedKind.RETURNS: _("Returns"), FeedKind.STOCK: _("Stock"), FeedKind.LISTINGS: _("Listings"),
    FeedKind.PRICES: _("Prices"), FeedKind.INBOUND: _("Inbound shipments"), FeedKind.AGES: _("Ages of stock"), FeedKind.FEES: _("Fees"),
    FeedKind.SETTLEMENTS: _("Settlements"), FeedKind.TRAFFIC: _("Traffic"), FeedKind.SIGNALS: _("Signals"),
    FeedKind.EXPERIENCE_SCORE: _("Experience score"),
}  # fmt: skip


class ReadAgainForm(PlainForm):
    """From which day on."""

    since = forms.DateField(label=_("from"), widget=forms.DateInput, help_text=_("A day of the account. What comes twice has one effect."))


class ScheduleForm(PlainForm):
    """How often."""

    every_seconds = forms.IntegerField(label=_("seconds"), required=False, help_text=_("From reading to reading. Empty: as planned."))


@admin.register(Feed)
class FeedAdmin(ScopedAdmin, ReadOnlyAdmin):
    account_path = "account"
    list_display = (
        "account", "shown_kind", "shown_state", "shown_lag", "last_success_at", "next_attempt_at", "shown_progress", "rows", "rejected",
        "shown_error",
    )  # fmt: skip
    list_filter = ("account", "kind", "is_paused", "hold")
    list_select_related = ("account", "account__authorization")
    ordering = ("account", "kind")
    fieldsets = (
        (None, {"fields": (("account", "shown_kind"), "shown_state", "shown_error", "shown_remedy", ("error_code", "error_at"))}),
        (_("Freshness"), {"fields": (("data_until_at", "shown_lag"), ("last_success_at", "shown_stale"), "measured_lag_seconds")}),
        (_("Schedule"), {"fields": (
            ("shown_every", "every_seconds"), ("next_attempt_at", "scheduled_at"), ("throttled_until", "open_until"),
            "consecutive_failures",
        )}),
        (_("Readings"), {"fields": (
            "shown_progress", ("backfill_since", "backfill_finished_at"), ("reading_started_at", "reading_pages"),
            ("reading_records", "reading_rejected"), ("pages", "records", "rejected", "rows"), "leased_by",
        )}),
    )  # fmt: skip
    readonly_fields = (
        "shown_kind",
        "shown_state",
        "shown_lag",
        "shown_stale",
        "shown_remedy",
        "shown_every",
        "shown_progress",
        "shown_error",
    )
    shown_error = told_column("error", _("last error"))
    actions = ("read_now", "pause", "resume")
    actions_detail = ("read_again", "schedule")

    @column(_("kind"), ordering="kind")
    def shown_kind(self, feed: Feed) -> str:
        return str(_KINDS.get(feed.kind, feed.kind))

    @column(_("state"), label=_COLOURS)
    def shown_state(self, feed: Feed) -> tuple[str, str]:
        return Badge((feed.state, str(feed.state.label)))

    @column(_("age of the data"), ordering="data_until_at")
    def shown_lag(self, feed: Feed) -> str:
        return "" if feed.data_until_at is None else _span(clock.now() - feed.data_until_at)

    @column(_("stale since"))
    def shown_stale(self, feed: Feed) -> str:
        since = stale_since(feed, clock.now())
        return "" if since is None else shown_date(localtime(since), "DATETIME_FORMAT")

    @column(_("what to do"))
    def shown_remedy(self, feed: Feed) -> str:
        return str(_REMEDIES.get(feed.state, ""))

    @column(_("read every"))
    def shown_every(self, feed: Feed) -> str:
        return "" if feed.next_attempt_at is None else _span(every(feed, plan_of(feed)))

    @column(_("past read"))
    def shown_progress(self, feed: Feed) -> str:
        if feed.backfill_since is None or feed.backfill_done is None:
            return ""
        return f"{feed.backfill_done:,}" if feed.backfill_total is None else f"{feed.backfill_done:,} / {feed.backfill_total:,}"

    @admin.action(description=_("Read now"), permissions=["control"])
    def read_now(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        self._each(request, queryset, lambda pk: control.read_feed(feed_id=pk))

    @admin.action(description=_("Pause"), permissions=["control"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        self._each(request, queryset, lambda pk: control.pause_feed(feed_id=pk))

    @admin.action(description=_("Resume"), permissions=["control"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        self._each(request, queryset, lambda pk: control.resume_feed(feed_id=pk))

    @page_action(_("Read again from a date"), icon="history", permission="control")
    def read_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A form on GET; on POST the feed begins anew from that day of its account."""
        self.refuse_unless(allowed=self.has_control_permission(request))
        feed: Feed = self.visible_or_404(request, object_id)
        form = ReadAgainForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            since = datetime.combine(form.cleaned_data["since"], time(), ZoneInfo(feed.account.time_zone)).astimezone(UTC)
            return self._done(request, feed, lambda: control.read_feed(feed_id=feed.pk, since=since))
        return self.form_page(request, title=_("Read again from a date"), form=form, submit=_("Read again"))

    @page_action(_("Schedule"), icon="schedule", permission="control")
    def schedule(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A form on GET; on POST its interval is another."""
        self.refuse_unless(allowed=self.has_control_permission(request))
        feed: Feed = self.visible_or_404(request, object_id)
        form = ScheduleForm(request.POST or None, initial={"every_seconds": feed.every_seconds})
        if request.method == "POST" and form.is_valid():
            seconds = form.cleaned_data["every_seconds"]
            return self._done(request, feed, lambda: control.schedule_feed(feed_id=feed.pk, every_seconds=seconds))
        return self.form_page(request, title=_("Schedule"), form=form, submit=_("Save"))

    def has_control_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:  # noqa: ARG002 - Unfold's signature
        """Nobody edits a feed, but those who may change feeds may say when it is read."""
        return request.user.has_perm(control.PERMISSION)

    def _each(self, request: HttpRequest, queryset: QuerySet[Feed], work: Callable[[int], Feed]) -> None:
        number = 0
        for pk in queryset.order_by("pk").values_list("pk", flat=True):
            try:
                work(pk)
                number += 1
            except DomainError as error:
                self.tell_error(request, error)
        if number:
            self.tell(request, gettext("Feeds changed: %(number)d.") % {"number": number})

    def _done(self, request: HttpRequest, feed: Feed, work: Callable[[], Feed]) -> HttpResponse:
        try:
            work()
            self.tell(request, gettext("Feeds changed: %(number)d.") % {"number": 1})
        except DomainError as error:
            self.tell_error(request, error)
        return self.back_to(feed.pk)


def _span(span: timedelta) -> str:
    """`3 d 04:05:06`, without days where there are none."""
    seconds = max(0, int(span.total_seconds()))
    clock_text = f"{seconds % 86_400 // 3600:02d}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    return f"{seconds // 86_400} d {clock_text}" if seconds >= 86_400 else clock_text
