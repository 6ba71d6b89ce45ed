"""One line about an alert in the reader's language, from templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from stockhub.alerts.arriving import late_message
from stockhub.alerts.authorization_alerts import AUTHORIZATION_ENDS, AUTHORIZATION_LOST, ends_message, lost_message
from stockhub.alerts.excess_saving import SAVING_POOL
from stockhub.alerts.feed_alerts import SHIFTED_TIMES, STALE_FEED, shifted_message, stale_message
from stockhub.alerts.models import DONOR_IN_DISPUTE, DOUBTFUL_DATA, Alert
from stockhub.alerts.plan_alerts import CONTINGENCY, plan_message
from stockhub.alerts.readiness import gaps_text
from stockhub.alerts.rules.imbalance import IMBALANCE
from stockhub.alerts.rules.late_inbound import LATE_INBOUND
from stockhub.alerts.selectors import kind_info, proposal_of
from stockhub.alerts.stage_alerts import STAGE_CHANGE, stage_message
from stockhub.alerts.system_kinds import (
    EXPERIENCE_SCORE,
    MISSING_FACTS,
    RULE_NOT_EVALUATED,
    STAGES_NOT_EVALUATED,
    STALE_FORECAST,
    STOCK_DISPUTE,
    blind_message,
    counted_message,
    dispute_message,
    forecast_message,
    score_message,
    stages_message,
)
from stockhub.alerts.units import amount_of_unit
from stockhub.alerts.webhook_alerts import WEBHOOKS_REFUSED, refused_message
from stockhub.values import Money


def headline(alert: Alert) -> str:
    """What is wrong, by how much, and what to do by when.

    `CAP-RED in cn-main · Shortage: 120 units · order 200 by 12/03/2026 · 4,800.00 CNY at stake · 3,100.00 CNY can be saved`
    """
    kind = kind_info(alert.kind).label
    parts = [_with_value(alert, _("%(subject)s · %(kind)s") % {"subject": subject_of(alert), "kind": kind}), *_told(alert)]
    if not alert.suggested_qty and alert.due_on and alert.unit != "minute":
        parts.append(_("by %(day)s") % {"day": formats.date_format(alert.due_on, "SHORT_DATE_FORMAT")})
    if alert.held_reason:
        parts.append(_held(alert))
    if alert.money_amount:
        money = Money(alert.money_amount, settings.STOCKHUB_BASE_CURRENCY)
        parts.append(_("%(money)s at stake") % {"money": money_text(money)})
    # Who reads it is not known here: a saving that rests on another pool is told on the pages, which know.
    if alert.saving_amount and alert.inputs.get(SAVING_POOL) is None:
        saving = Money(alert.saving_amount, settings.STOCKHUB_BASE_CURRENCY)
        parts.append(_("%(money)s can be saved") % {"money": money_text(saving)})
    return " · ".join(parts)


def what_text(alert: Alert) -> str:
    """What is wrong and by how much, without saying of what: `Shortage: 120 units`."""
    return _with_value(alert, kind_info(alert.kind).label)


def advice_text(alert: Alert) -> str:
    """What is told of it and what to do: `order 200 by 12/03/2026`. Empty where there is neither."""
    return " · ".join([*_told(alert), *([_held(alert)] if alert.held_reason else [])])


def _with_value(alert: Alert, what: str) -> str:
    amount = value_text(alert)
    return _("%(what)s: %(amount)s") % {"what": what, "amount": amount} if amount else what


def _told(alert: Alert) -> list[str]:
    parts = [text for text in (message_of(alert), proposal_of(alert)) if text]
    if alert.suggested_qty:
        proposal = _transfer(alert) if alert.kind == IMBALANCE else _order(alert)
        parts.append(_("held: %(what)s") % {"what": proposal} if alert.held_reason else proposal)
    return parts


#: What the number of a kind says, where its unit alone does not; in the order of the rules' names.
_VALUES: Final[Mapping[str, str]] = {
    "burn-rate": gettext_noop("%(amount)s left"),
    "category-structure": gettext_noop("%(amount)s below the norm"),
    "concentrated-supply": gettext_noop("%(amount)s sold in 90 days rest on it"),
    "demand-cliff": gettext_noop("%(amount)s lower"),
    "doubtful-data": gettext_noop("trusted to %(amount)s"),
    "forecast-bias": gettext_noop("tracking signal %(amount)s"),
    "generation-change": gettext_noop("%(amount)s will be left"),
    "low-inventory-fee": gettext_noop("%(amount)s of supply"),
    "order-due": gettext_noop("what is there and ordered lasts %(amount)s"),
    "residual-value": gettext_noop("%(amount)s of its cost"),
    "season-end": gettext_noop("turnover %(amount)s lower"),
    "ship-by-risk": gettext_noop("%(amount)s without stock"),
    "single-source": gettext_noop("%(amount)s sold in 90 days rest on it"),
    "surcharge-ahead": gettext_noop("%(amount)s have to be sold"),
    "turnover-streak": gettext_noop("%(amount)s lower"),
    "viral-spike": gettext_noop("%(amount)s left at its pace"),
}


def value_text(alert: Alert) -> str:
    """The alert's number in words; empty where it is not about one."""
    if alert.value is None or not alert.unit:
        return ""
    amount = amount_of_unit(alert.value, alert.unit)
    return _(_VALUES[alert.kind]) % {"amount": amount} if alert.kind in _VALUES else amount


def message_of(alert: Alert) -> str:
    """What an alert that is not about a number says: in the active language where it counts something, else as it was told."""
    if alert.kind == IMBALANCE:
        return _donor(alert)
    if alert.kind == STAGE_CHANGE:
        return stage_message(alert.inputs)
    needed, words = _MESSAGES.get(alert.kind, ("", None))
    if words is not None and (not needed or needed in alert.inputs):
        return words(alert.inputs)
    return counted_message(alert.kind, int(alert.inputs["count"])) if "count" in alert.inputs else alert.message


#: By kind: the input without which it is an alert of an older release, and what words it from its inputs.
_MESSAGES: Final[Mapping[str, tuple[str, Callable[[dict[str, Any]], str]]]] = {
    MISSING_FACTS: ("", gaps_text),
    STOCK_DISPUTE: ("counted", dispute_message),
    STALE_FEED: ("hours", stale_message),
    SHIFTED_TIMES: ("hours", shifted_message),
    AUTHORIZATION_LOST: ("reason", lost_message),
    AUTHORIZATION_ENDS: ("ends_at", ends_message),
    WEBHOOKS_REFUSED: ("reason", refused_message),
    CONTINGENCY: ("plan", plan_message),
    EXPERIENCE_SCORE: ("floor", score_message),
    STALE_FORECAST: ("made_at", forecast_message),
    RULE_NOT_EVALUATED: ("error", blind_message),
    STAGES_NOT_EVALUATED: ("error", stages_message),
    LATE_INBOUND: ("", late_message),
}
#: What alerts of the system are about where it is no shop and no rule.
_SUBJECTS: Final[dict[str, str]] = {
    "benchmarks": gettext_noop("Benchmarks"),
    "documents": gettext_noop("Documents"),
    "forecast": gettext_noop("Forecast"),
    "ledger": gettext_noop("Stock ledger"),
    "lifecycle": gettext_noop("Life cycle"),
    "readiness": gettext_noop("Readiness"),
    "routing": gettext_noop("Responsibilities"),
}


def _named(subject: str) -> str:
    return _(_SUBJECTS[subject]) if subject in _SUBJECTS else subject


def subject_of(alert: Alert) -> str:
    """What the alert is about: a SKU in a pool or in all of them, a shop by its code, or a rule."""
    if alert.kind == CONTINGENCY and "plan" in alert.inputs:
        return str(alert.inputs["plan"])
    if alert.sku is None:
        return str(alert.inputs.get("account") or _named(alert.subject.removeprefix("rule:")))
    if alert.pool is None and alert.pool_id is None:
        return str(alert.sku.code)
    return _("%(sku)s in %(pool)s") % {"sku": alert.sku.code, "pool": alert.pool.code if alert.pool else "—"}


def _order(alert: Alert) -> str:
    quantity = formats.number_format(alert.suggested_qty or 0, use_l10n=True, force_grouping=True)
    if alert.due_on is None:
        return _("order %(quantity)s") % {"quantity": quantity}
    day = formats.date_format(alert.due_on, "SHORT_DATE_FORMAT")
    if alert.due_on < alert.evaluated_at.date():
        return _("order %(quantity)s now (latest day was %(day)s)") % {"quantity": quantity, "day": day}
    return _("order %(quantity)s by %(day)s") % {"quantity": quantity, "day": day}


def _held(alert: Alert) -> str:
    if alert.held_reason == DONOR_IN_DISPUTE:
        pool = str(alert.inputs.get("donor") or "—")
        return _("the stock of %(pool)s is in dispute: count it, or settle the dispute") % {"pool": pool}
    if alert.held_reason == DOUBTFUL_DATA:
        return _("its data are doubtful: see what contradicts, or bring the feed up to date")
    return _("its stock is in dispute: count it, or settle the dispute")


def _donor(alert: Alert) -> str:
    """Where the other side lies, and for how long it would last there."""
    pool, days = str(alert.inputs.get("donor") or "—"), alert.inputs.get("donor_cover_days")
    if days is None:
        return _("%(pool)s has stock that nobody asks for") % {"pool": pool}
    return _("%(pool)s has stock for %(days)s") % {"pool": pool, "days": amount_of_unit(days, "day")}


def _transfer(alert: Alert) -> str:
    named = {
        "quantity": formats.number_format(alert.suggested_qty or 0, use_l10n=True, force_grouping=True),
        "pool": str(alert.inputs.get("donor") or "—"),
    }
    if alert.due_on is None:
        return _("transfer %(quantity)s from %(pool)s") % named
    return _("transfer %(quantity)s from %(pool)s by %(day)s") % {
        **named, "day": formats.date_format(alert.due_on, "SHORT_DATE_FORMAT"),
    }  # fmt: skip


def money_text(money: Money) -> str:
    """`4,800.00 CNY`."""
    return f"{formats.number_format(money.rounded().amount, use_l10n=True, force_grouping=True)} {money.currency}"
