"""What alerts are called, and say, that are not about a SKU and that no rule raises; `system_alerts` raises them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils import formats, timezone
from django.utils.translation import gettext, gettext_noop, ngettext_lazy

from stockhub.alerts.authorization_alerts import AUTHORIZATION_ENDS, AUTHORIZATION_LOST
from stockhub.alerts.feed_alerts import SHIFTED_TIMES, STALE_FEED
from stockhub.alerts.plan_alerts import CONTINGENCY
from stockhub.alerts.push_alerts import OVERSOLD, PUSHES_WAITING, STOCK_DIFFERENCES
from stockhub.alerts.units import amount_of_unit
from stockhub.alerts.webhook_alerts import WEBHOOKS_REFUSED, WEBHOOKS_WAITING

RULE_NOT_EVALUATED = "rule-not-evaluated"
EXPERIENCE_SCORE = "experience-score"
STALE_FORECAST = "stale-forecast"
UNMAPPED_LISTINGS = "unmapped-listings"
QUARANTINED_RECORDS = "quarantined-records"
MISSING_FACTS = "missing-facts"
STOCK_DISPUTE = "stock-dispute"
LEDGER_DISCREPANCY = "ledger-discrepancy"
MISSING_PARTITIONS = "missing-partitions"
OPEN_VARIANCES = "open-variances"
LATE_SUPPLY = "late-supply"
OLD_BENCHMARKS = "old-benchmarks"
STAGES_NOT_EVALUATED = "stages-not-evaluated"
ROUTING_INCOMPLETE = "routing-incomplete"

#: What these kinds are called; rules bring their own labels.
LABELS = {
    RULE_NOT_EVALUATED: gettext_noop("Rule not evaluated"),
    EXPERIENCE_SCORE: gettext_noop("Experience score too low"),
    STALE_FORECAST: gettext_noop("Forecast is stale"),
    UNMAPPED_LISTINGS: gettext_noop("Listings that deliver nothing"),
    QUARANTINED_RECORDS: gettext_noop("Records that could not be taken"),
    MISSING_FACTS: gettext_noop("Facts that are missing"),
    STOCK_DISPUTE: gettext_noop("Stock in dispute"),
    LEDGER_DISCREPANCY: gettext_noop("The ledger does not add up"),
    MISSING_PARTITIONS: gettext_noop("Partitions that are missing"),
    OPEN_VARIANCES: gettext_noop("Units that did not come in as sent"),
    LATE_SUPPLY: gettext_noop("Shipments and transfers that are late"),
    STALE_FEED: gettext_noop("Data are stale"),
    SHIFTED_TIMES: gettext_noop("Times of orders are off"),
    AUTHORIZATION_LOST: gettext_noop("To be authorised again"),
    AUTHORIZATION_ENDS: gettext_noop("Authorisation ends soon"),
    CONTINGENCY: gettext_noop("Contingency plan"),
    OVERSOLD: gettext_noop("Listings that offer more than there is"),
    STOCK_DIFFERENCES: gettext_noop("Stock that does not agree"),
    PUSHES_WAITING: gettext_noop("Pushes that wait for a person"),
    WEBHOOKS_WAITING: gettext_noop("Webhooks that wait for a person"),
    WEBHOOKS_REFUSED: gettext_noop("Webhooks are refused"),
    OLD_BENCHMARKS: gettext_noop("Benchmarks out of date"),
    STAGES_NOT_EVALUATED: gettext_noop("Stages not evaluated"),
    "stage-change": gettext_noop("Stage has changed"),
    ROUTING_INCOMPLETE: gettext_noop("Alerts that nobody answers for"),
}


#: Of what their number is, where it is one.
UNITS: Final[Mapping[str, str]] = {EXPERIENCE_SCORE: "point"}

#: What so many records mean, by the kind of their alert.
_COUNTED: Final[Mapping[str, Any]] = {
    UNMAPPED_LISTINGS: ngettext_lazy(
        "%(count)d sold listing is linked to no SKU, so its sales count nowhere.",
        "%(count)d sold listings are linked to no SKU, so their sales count nowhere.",
        "count",
    ),
    QUARANTINED_RECORDS: ngettext_lazy(
        "%(count)d record waits in quarantine; it says what to mend.",
        "%(count)d records wait in quarantine; each says what to mend.",
        "count",
    ),
    LEDGER_DISCREPANCY: ngettext_lazy(
        "%(count)d thing does not hold; the last proof of the ledger names it, and `manage.py reconcile --repair` corrects it.",
        "%(count)d things do not hold; the last proof of the ledger names them, and `manage.py reconcile --repair` corrects them.",
        "count",
    ),
    MISSING_PARTITIONS: ngettext_lazy(
        "%(count)d row of this month lies outside its partition. The nightly tidying moves it: see that beat and a worker run.",
        "%(count)d rows of this month lie outside their partition. The nightly tidying moves them: see that beat and a worker run.",
        "count",
    ),
    OPEN_VARIANCES: ngettext_lazy(
        "%(count)d line came in with more or fewer units than were sent: accept it, or find them.",
        "%(count)d lines came in with more or fewer units than were sent: accept them, or find the units.",
        "count",
    ),
    ROUTING_INCOMPLETE: ngettext_lazy(
        "%(count)d open alert went to the fallback owner: say in the responsibilities whose it is.",
        "%(count)d open alerts went to the fallback owner: say in the responsibilities whose they are.",
        "count",
    ),
    LATE_SUPPLY: ngettext_lazy(
        "%(count)d shipment or transfer is long past its expected day: ask for it, and tell the new day.",
        "%(count)d shipments and transfers are long past their expected days: ask for them, and tell the new days.",
        "count",
    ),
    OVERSOLD: ngettext_lazy(
        "%(count)d listing offers more than can be served: push its stock, or count.",
        "%(count)d listings offer more than can be served: push their stock, or count.",
        "count",
    ),
    STOCK_DIFFERENCES: ngettext_lazy(
        "The stock of %(count)d listing differs from the platform's or the warehouse's; the stock differences say why.",
        "The stock of %(count)d listings differs from the platform's or the warehouses'; the stock differences say why.",
        "count",
    ),
    PUSHES_WAITING: ngettext_lazy(
        "%(count)d push is unknown, held or failed: look at it, then approve it, try it again or give it up.",
        "%(count)d pushes are unknown, held or failed: look at them, then approve, try again or give up.",
        "count",
    ),
    WEBHOOKS_WAITING: ngettext_lazy(
        "%(count)d webhook was given up or could not be read: see why, mend it, then try it again or dismiss it.",
        "%(count)d webhooks were given up or could not be read: see why, mend it, then try them again or dismiss them.",
        "count",
    ),
    OLD_BENCHMARKS: ngettext_lazy(
        "The benchmark of %(count)d category is too old to be used: import a new one, or let it be.",
        "The benchmarks of %(count)d categories are too old to be used: import new ones, or let them be.",
        "count",
    ),
}


def score_message(inputs: Mapping[str, Any]) -> str:
    """A shop's score and its line."""
    figures = {name: amount_of_unit(float(inputs[name]), "1") for name in ("score", "floor")}
    return gettext("%(score)s points, below the shop's line of %(floor)s") % figures


def forecast_message(inputs: Mapping[str, Any]) -> str:
    """From when the newest forecast is and what to do, in the active language and time zone."""
    made_at = timezone.localtime(datetime.fromisoformat(inputs["made_at"]))
    text = gettext("The newest forecast was made on %(time)s: see that beat and a worker run.")
    return text % {"time": formats.date_format(made_at, "SHORT_DATETIME_FORMAT")}


def blind_message(inputs: Mapping[str, Any]) -> str:
    """Why a rule gave no answer, as it was told, and what that means, in the active language."""
    return gettext("Its alerts stay as they are until it answers: %(error)s") % inputs


def stages_message(inputs: Mapping[str, Any]) -> str:
    """The same of the rule of the life cycle."""
    return gettext("Every stage stays as it is until its rule answers: %(error)s") % inputs


def counted_message(kind: str, count: int) -> str:
    """What an alert about so many records says, in the active language."""
    if kind == MISSING_PARTITIONS and not count:
        return gettext("Next month has no partition. The nightly tidying makes it: see that beat and a worker run.")
    return str(_COUNTED[kind] % {"count": count})


def dispute_message(inputs: Mapping[str, Any]) -> str:
    """What is in dispute and what to do, in the active language."""
    if inputs["counted"] is None:
        return gettext("Its stock in %(warehouse)s is doubted: count it, or settle the dispute.") % inputs
    return gettext(
        "%(counted)d were counted in %(warehouse)s where the book said %(book)d (%(deviation)s %%): count again, or settle the dispute."
    ) % {**inputs, "deviation": f"{inputs['deviation_pct']:+g}"}
