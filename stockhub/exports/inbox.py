"""Exports of the inbox: alerts with their times and what became of them, incidents, and stock-outs."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.conf import settings
from django.db.models import Case, CharField, F, Func, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from stockhub.access.models import User
from stockhub.alerts.incidents.models import Incident, IncidentCause, IncidentStatus
from stockhub.alerts.incidents.selectors import incidents_visible_to
from stockhub.alerts.life.states import AlertState
from stockhub.alerts.models import Alert, AlertOutcome, AlertStatus, Outcome, Side, StockoutEvent, StockoutOutcome
from stockhub.alerts.outcomes.selectors import stockouts_visible_to
from stockhub.alerts.selectors import alerts_visible_to
from stockhub.exports.export import Column, Kind, Table, TableExport
from stockhub.exports.filters import Choice, Exactly, Filter, Instant, Level
from stockhub.exports.filters import Day as DayFilter
from stockhub.exports.shared import POOL, SKU, SKU_CODE

_POOL_CODE: Final = Column("pool", Kind.TEXT, "The code of the stock pool.", "pool__code")
_STATE: Final = Case(
    When(status=AlertStatus.RESOLVED, then=Coalesce("ending", Value("resolved"))), default=F("status"), output_field=CharField()
)
_CURRENT: Final = AlertOutcome.objects.filter(alert=OuterRef("pk"), is_current=True).order_by("-raised_on")


class _Seconds(Func):
    """Whole seconds between two instants."""

    output_field = IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, Any]:  # noqa: ANN401 - Django's signature
        return self.as_sql(compiler, connection, template="floor(extract(epoch from (%(expressions)s)))::bigint", arg_joiner=" - ")

    def as_sqlite(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, Any]:  # noqa: ANN401, ARG002 - Django's signature
        last, first = (compiler.compile(part) for part in self.source_expressions)
        return f"CAST(round((julianday({last[0]}) - julianday({first[0]})) * 86400) AS INTEGER)", [*last[1], *first[1]]


def _seen_alerts(rows: QuerySet[Any], viewer: User) -> QuerySet[Any]:
    return rows.filter(pk__in=alerts_visible_to(viewer).order_by().values("pk"))


def _seen_incidents(rows: QuerySet[Any], viewer: User) -> QuerySet[Any]:
    return rows.filter(pk__in=incidents_visible_to(viewer).values("pk"))


def _seen_stockouts(rows: QuerySet[Any], viewer: User) -> QuerySet[Any]:
    return rows.filter(pk__in=stockouts_visible_to(viewer).values("pk"))


def _currency(amount: str) -> Combinable:
    known = When(**{f"{amount}__isnull": False, "then": Value(settings.STOCKHUB_BASE_CURRENCY)})
    return Case(known, default=None, output_field=CharField(null=True))


class Alerts(TableExport):
    """Every alert, open and ended."""

    name: ClassVar[str] = "alerts"
    about: ClassVar[str] = "Alerts, open and ended, with who had them, the times of each step and what became of them."
    permissions: ClassVar[tuple[str, ...]] = ("alerts.view_alert", "alerts.view_alertoutcome", "catalog.view_stockpool", "catalog.view_sku")
    table: ClassVar[Table] = Table(
        Alert,
        _seen_alerts,
        order=("pk",),
        annotations={
            "state": _STATE,
            "currency": _currency("money_amount"),
            "seen_after": _Seconds(F("acknowledged_at"), F("opened_at")),
            "started_after": _Seconds(F("started_at"), F("opened_at")),
            "resolved_after": _Seconds(F("resolved_at"), F("opened_at")),
            "outcome": Subquery(_CURRENT.values("outcome")[:1]),
            "lead_days": Subquery(_CURRENT.values("lead_days")[:1]),
        },
    )
    columns: ClassVar[tuple[Column, ...]] = (
        Column("alert", Kind.INTEGER, "The alert's number.", "pk"),
        Column("kind", Kind.TEXT, "The slug of its rule."),
        SKU_CODE,
        _POOL_CODE,
        Column("subject", Kind.TEXT, "What it is about, where that is no SKU."),
        Column("side", Kind.TEXT, "shortage, excess or data."),
        Column("level", Kind.INTEGER, "1 to 3, 3 being the worst; of an ended one, its last."),
        Column("state", Kind.TEXT, "open, acknowledged, in_progress, snoozed, resolved, expired or false_alarm."),
        Column("value", Kind.NUMBER, "The number that it is about."),
        Column("unit", Kind.TEXT, "Of the number."),
        Column("money_at_stake", Kind.AMOUNT, "What ignoring it costs.", "money_amount"),
        Column("currency", Kind.TEXT, "Of the money."),
        Column("due_on", Kind.DAY, "The last day on which acting helps."),
        Column("suggested_qty", Kind.INTEGER, "Units to order or to move."),
        Column("owner", Kind.TEXT, "The name of the user who has it.", "owner__username"),
        Column("incident", Kind.INTEGER, "The number of the incident that it belongs to.", "incident_id"),
        Column("is_baseline", Kind.FLAG, "Whether it was there when its account was new."),
        Column("opened_at", Kind.INSTANT, "When it was found."),
        Column("acknowledge_by_at", Kind.INSTANT, "By when somebody had to see it."),
        Column("acknowledged_at", Kind.INSTANT, "When somebody had seen it."),
        Column("acknowledged_by", Kind.TEXT, "Who."),
        Column("seconds_to_acknowledge", Kind.INTEGER, "From opening to that.", "seen_after"),
        Column("started_at", Kind.INSTANT, "When somebody went to work on it."),
        Column("started_by", Kind.TEXT, "Who."),
        Column("seconds_to_start", Kind.INTEGER, "From opening to that.", "started_after"),
        Column("resolve_by_at", Kind.INSTANT, "By when it had to be settled."),
        Column("resolved_at", Kind.INSTANT, "When it ended."),
        Column("resolved_by", Kind.TEXT, "Who ended it; empty where it ended by itself."),
        Column("seconds_to_resolve", Kind.INTEGER, "From opening to that.", "resolved_after"),
        Column("resolution", Kind.TEXT, "How it ended: words of a person, or a code."),
        Column("false_alarm_cause", Kind.TEXT, "Why it was wrong; empty where nobody said that it was."),
        Column("escalations", Kind.INTEGER, "How often it was passed on for its last clock."),
        Column("outcome", Kind.TEXT, "What became of it, as it was raised last: true_positive, averted, false_positive, late or censored."),
        Column("lead_days", Kind.INTEGER, "Days from there to the stock-out that it foresaw."),
    )  # fmt: skip
    filters: ClassVar[tuple[Filter, ...]] = (
        SKU,
        POOL,
        Choice("side", "Only alerts of these sides.", "side", lambda: Side.values),
        Exactly("kind", "Only alerts of this kind, by its slug.", "kind"),
        Choice("state", "Only alerts in these states.", "state", lambda: AlertState.values),
        Choice("outcome", "Only alerts of which this became.", "outcome", lambda: Outcome.values),
        Level("min_level", "Only this level and worse.", "level"),
        Exactly("owner", "Only those of the user with this name.", "owner__username"),
        Instant("opened_from", "Only what was found at or after this moment.", "opened_at__gte"),
        Instant("opened_to", "Only what was found before this moment.", "opened_at__lt"),
    )


class Incidents(TableExport):
    """Every incident."""

    name: ClassVar[str] = "incidents"
    about: ClassVar[str] = "Incidents: alerts with one cause, with their count, their money and their times."
    permissions: ClassVar[tuple[str, ...]] = ("alerts.view_incident",)
    table: ClassVar[Table] = Table(
        Incident,
        _seen_incidents,
        order=("pk",),
        annotations={
            "currency": _currency("money_amount"),
            "seen_after": _Seconds(F("acknowledged_at"), F("opened_at")),
            "resolved_after": _Seconds(F("resolved_at"), F("opened_at")),
        },
    )
    columns: ClassVar[tuple[Column, ...]] = (
        Column("incident", Kind.INTEGER, "The incident's number.", "pk"),
        Column("cause", Kind.TEXT, "late_supplier, campaign, stale_feed, category or pool."),
        Column("key", Kind.TEXT, "What the cause is, such as supplier:12."),
        Column("code", Kind.TEXT, "The code of the supplier, the plan, the category or the pool.", "inputs__code"),
        Column("status", Kind.TEXT, "open, acknowledged or resolved."),
        Column("level", Kind.INTEGER, "The worst of its open alerts."),
        Column("owner", Kind.TEXT, "The name of the user who has it.", "owner__username"),
        Column("alerts", Kind.INTEGER, "Alerts that ever joined.", "alert_count"),
        Column("open_alerts", Kind.INTEGER, "Of them those that are open.", "open_count"),
        Column("money_at_stake", Kind.AMOUNT, "Of each SKU and pool the worst open alert, added up.", "money_amount"),
        Column("currency", Kind.TEXT, "Of the money."),
        Column("opened_at", Kind.INSTANT, "When it was found."),
        Column("acknowledged_at", Kind.INSTANT, "When somebody had seen it."),
        Column("acknowledged_by", Kind.TEXT, "Who."),
        Column("seconds_to_acknowledge", Kind.INTEGER, "From opening to that.", "seen_after"),
        Column("resolved_at", Kind.INSTANT, "When its last alert ended."),
        Column("seconds_to_resolve", Kind.INTEGER, "From opening to that.", "resolved_after"),
    )
    filters: ClassVar[tuple[Filter, ...]] = (
        Choice("cause", "Only incidents with these causes.", "cause", lambda: IncidentCause.values),
        Choice("status", "Only incidents in these states.", "status", lambda: IncidentStatus.values),
        Level("min_level", "Only this level and worse.", "level"),
        Instant("opened_from", "Only what was found at or after this moment.", "opened_at__gte"),
        Instant("opened_to", "Only what was found before this moment.", "opened_at__lt"),
    )


class Stockouts(TableExport):
    """Every version of every stock-out."""

    name: ClassVar[str] = "stockouts"
    about: ClassVar[str] = "Stock-outs of SKUs that sell, and whether an alert foresaw them: every version, the current one marked."
    permissions: ClassVar[tuple[str, ...]] = ("alerts.view_stockoutevent", "catalog.view_stockpool", "catalog.view_sku")
    table: ClassVar[Table] = Table(
        StockoutEvent, _seen_stockouts, order=("pk",), annotations={"currency": _currency("lost_amount")}
    )  # fmt: skip
    columns: ClassVar[tuple[Column, ...]] = (
        SKU_CODE,
        _POOL_CODE,
        Column("onset_on", Kind.DAY, "Its first day."),
        Column("ended_on", Kind.DAY, "Its last day; empty while it lasts."),
        Column("outcome", Kind.TEXT, "detected, missed, unforeseeable or withdrawn."),
        Column("alert", Kind.INTEGER, "The number of the first alert that foresaw it.", "alert_id"),
        Column("lead_days", Kind.INTEGER, "How many days ahead."),
        Column("is_actionable", Kind.FLAG, "Whether the fastest delivery would have come in time."),
        Column("lost_units", Kind.NUMBER, "Units that were not sold; empty while it lasts."),
        Column("lost_sales", Kind.AMOUNT, "What they would have sold for.", "lost_amount"),
        Column("currency", Kind.TEXT, "Of the money."),
        Column("version", Kind.INTEGER, "1, and one more for each that followed."),
        Column("is_current", Kind.FLAG, "Whether it is what is known now."),
        Column("reason", Kind.TEXT, "Why this version was written: known, ended or late_facts."),
        Column("recorded_at", Kind.INSTANT, "When it was written."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (
        SKU,
        POOL,
        Choice("outcome", "Only stock-outs with these outcomes.", "outcome", lambda: StockoutOutcome.values),
        DayFilter("onset_from", "Only those that began on this day or later.", "onset_on__gte"),
        DayFilter("onset_to", "Only those that began before this day.", "onset_on__lt"),
    )
