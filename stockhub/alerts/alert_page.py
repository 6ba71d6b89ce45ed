"""What the page of one alert shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_noop

from stockhub.alerts.arriving import LateArrival, late_arrivals
from stockhub.alerts.excess_saving import PROPOSAL_TREE, as_seen_by, proposal_saving, saving_reason
from stockhub.alerts.explanation_tree import Branch, deciding_parts, tree_of
from stockhub.alerts.explanations import explanations_of, labels_of
from stockhub.alerts.formula_names import name_of_result
from stockhub.alerts.inbox import is_overdue
from stockhub.alerts.incidents.wording import cause_text
from stockhub.alerts.life.states import ENDINGS, state_of
from stockhub.alerts.live_selling import LiveSeller, live_sellers
from stockhub.alerts.models import Alert, AlertEvent, AlertOutcome, ResponseStep
from stockhub.alerts.projected import actual_of, projected_of
from stockhub.alerts.proposal_effects import proposal_effect
from stockhub.alerts.reason_texts import reason_text
from stockhub.alerts.remedies import TREES, Remedy, remedies_of
from stockhub.alerts.response_steps import text_of
from stockhub.alerts.rules.late_inbound import LATE_INBOUND
from stockhub.alerts.selectors import KindInfo, kind_info, proposal_of
from stockhub.alerts.substitutes import Substitute, substitutes_of
from stockhub.alerts.system_kinds import UNITS
from stockhub.alerts.units import amount_of_unit
from stockhub.alerts.wording import message_of, subject_of, value_text
from stockhub.core import clock
from stockhub.core.admin_classes import money_text
from stockhub.demand.reason_texts import forecast_reason_lines
from stockhub.pluginhost.registry import registry
from stockhub.values import Explanation, Metric

#: In which order an alert's numbers are read.
_ORDER = ("value", "money", "saving", "due_in_days", "suggested_qty")
_UNITS = {
    "money": "base currency",
    "saving": "base currency",
    PROPOSAL_TREE: "base currency",
    "due_in_days": "day",
    "suggested_qty": "unit",
}
#: Where the reason of an alert is looked for: its own number first, which may come in as it is and then has no parts.
_TELLING = ("value", "due_in_days", "money")


STEPS = {
    "opened": gettext_noop("Opened"),
    "raised": gettext_noop("Raised"),
    "lowered": gettext_noop("Lowered"),
    "acknowledged": gettext_noop("Acknowledged"),
    "snoozed": gettext_noop("Snoozed"),
    "woken": gettext_noop("Woken"),
    "started": gettext_noop("Started"),
    "assigned": gettext_noop("Assigned"),
    "escalated": gettext_noop("Escalated"),
    "joined": gettext_noop("Joined an incident"),
    "expired": gettext_noop("Expired"),
    "false_alarm": gettext_noop("False alarm"),
    "resolved": gettext_noop("Resolved"),
    "reopened": gettext_noop("Opened again"),
}


@dataclass(frozen=True, slots=True)
class AlertPage:
    """Everything that the template needs, fetched."""

    alert: Alert
    kind: KindInfo
    value: str
    #: What it is about, where that is no SKU: a shop, a rule, a part of the system.
    subject: str
    #: What it says where it is not about a number, or empty.
    message: str
    money: str
    #: Why there is no money, or empty.
    money_reason: str
    #: What the rule proposes, with its reason, or empty.
    proposal: str
    saving: str
    #: Why there is none, or empty.
    saving_reason: str
    #: What each number is, and the tree that gives it.
    reasons: Sequence[tuple[str, Branch]]
    history: Sequence[tuple[AlertEvent, str]]
    #: What it asks people to do, in words.
    steps: Sequence[tuple[ResponseStep, str]]
    #: Why the forecast behind it is not its model's alone.
    forecast_reasons: Sequence[str]
    #: Which documents are late, where that is what it is about.
    arrivals: Sequence[LateArrival]
    #: Which live rooms sell it, where it is about a burst.
    sellers: Sequence[LiveSeller]
    #: What can be sold in its place, where it is about a shortage.
    substitutes: Sequence[Substitute]
    state: str
    is_overdue: bool
    incident: str
    #: What is there and what will be there, as texts; empty where the alert is not about stock.
    actual: str
    projected: str
    is_projected_short: bool
    resolution: str
    outcomes: Sequence[AlertOutcome]
    #: What can be done about an excess, with the money that each brings, or why that is unknown.
    remedies: Sequence[tuple[str, str]]


def page_of(alert: Alert, *, seen: Collection[int] | None = None, pools: Collection[int] | None = None) -> AlertPage:
    """Four queries beside the alert itself (history, steps, what became of it, reasons of the forecast); three more of late inbound, one to
    three of substitutes, and some of a burst. `seen` and `pools`: the ids of the accounts and of the pools that the reader may see; None
    for all.
    """
    alert = as_seen_by(alert, pools)
    labels = labels_of(alert)
    trees = explanations_of(alert)
    remedies = remedies_of(alert, pools=pools, trees=trees)
    # A tree of an effect that is unknown to this reader would tell what he may not know.
    untold = {TREES[each.slug] for each in remedies if each.effect.explanation is None}
    if proposal_saving(alert, trees) is None:
        untold.add(PROPOSAL_TREE)
    units = {**_UNITS, "value": alert.unit}
    names = [*(name for name in _ORDER if name in trees), *(name for name in trees if name not in (*_ORDER, *untold))]
    actual, projected = actual_of(alert), projected_of(alert)
    ahead = None if projected is None else projected.value
    return AlertPage(
        alert=alert,
        kind=kind_info(alert.kind),
        value=value_text(alert) or ("" if alert.value is None else amount_of_unit(alert.value, alert.unit or UNITS.get(alert.kind, ""))),
        subject=subject_of(alert),
        message=message_of(alert),
        proposal=proposal_of(alert),
        money=money_text(alert.money_amount, settings.STOCKHUB_BASE_CURRENCY),
        money_reason=reason_text(alert.money_reason),
        saving=money_text(alert.saving_amount, settings.STOCKHUB_BASE_CURRENCY),
        saving_reason=reason_text(saving_reason(alert)) if alert.saving_amount is None else "",
        reasons=[(name_of_result(name), tree_of(trees[name], labels, name="", unit=units.get(name, ""))) for name in names],
        history=[(event, step_text(event.what)) for event in alert.events.order_by("occurred_at", "id")],
        steps=[(step, text_of(step.step)) for step in alert.response_steps.order_by("id")],
        forecast_reasons=forecast_reason_lines(alert.sku_id, alert.pool_id),
        arrivals=late_arrivals(alert) if alert.kind == LATE_INBOUND else (),
        sellers=live_sellers(alert, seen=seen),
        substitutes=substitutes_of([alert])[alert.pk],
        state=str(state_of(alert).label),
        is_overdue=is_overdue(alert, clock.now()),
        incident=cause_text(alert.incident) if alert.incident else "",
        actual="" if actual is None else amount_of_unit(actual, "unit"),
        projected="" if ahead is None else amount_of_unit(ahead, "unit"),
        is_projected_short=ahead is not None and ahead < 0,
        resolution=ending_text(alert),
        outcomes=list(alert.outcomes.filter(is_current=True).order_by("raised_on")),
        remedies=effects_told(alert, remedies, trees),
    )


def effects_told(alert: Alert, remedies: Sequence[Remedy], trees: Mapping[str, Explanation]) -> list[tuple[str, str]]:
    """What can be done and the money that it brings, the rule's own proposal first; the one that brings most says so."""
    effects = [(each.label, each.effect) for each in remedies]
    own = proposal_effect(alert, remedies, trees)
    effects = effects if own is None else [(gettext("As proposed"), own), *effects]
    most = max((effect.value for _what, effect in effects if effect.value is not None), default=0.0)
    told = []
    for what, effect in effects:
        text = effect_text(effect)
        # Of equals the first: what a rule proposes may be one of the remedies.
        if effect.value is not None and effect.value == most > 0:
            text, most = gettext("%(money)s (brings most)") % {"money": text}, float("inf")
        told.append((what, text))
    return told


def effect_text(effect: Metric) -> str:
    """The money that it brings, or `–` and why that is unknown."""
    if effect.value is None:
        return f"– {reason_text(effect.reason or 'NO_DATA')}"
    return money_text(Decimal(str(round(effect.value, 6))), effect.unit)


def ending_text(alert: Alert) -> str:
    """How it ended in words: those of whoever ended it, or why it ended by itself."""
    return gettext(ENDINGS[alert.resolution]) if alert.resolution in ENDINGS else alert.resolution


def top_reason(alert: Alert, trees: Mapping[str, Explanation]) -> str:
    """One line of why: the first three numbers that the alert's comes from, such as `Forecast 300 units · Safety stock 50 units · …`.

    Of a number that comes in as it is, such as a chance, those of the days that are left, else those of the money.
    """
    if alert.value is None:
        return ""
    labels = labels_of(alert)
    parts = next((found for name in _TELLING if name in trees and (found := deciding_parts(trees[name], labels))), ())
    return " · ".join(gettext("%(name)s %(amount)s") % {"name": part.name, "amount": part.amount} for part in parts[:3])


def step_text(what: str) -> str:
    """A step of an alert's life in the reader's language."""
    return gettext(STEPS[what]) if what in STEPS else what


def parameters_text(rule_slug: str) -> SafeString:
    """The parameters that a rule knows, with their defaults and meaning in the reader's language."""
    rule = registry().alert_rules.get(rule_slug)
    if rule is None:
        return SafeString("")
    chinese = (get_language() or "").startswith("zh")
    rows = []
    for name, field in rule.parameters_model.model_fields.items():
        extra: dict[str, Any] = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        title = str(extra.get("title_zh") if chinese and extra.get("title_zh") else field.title or name)
        about = str(extra.get("description_zh") if chinese and extra.get("description_zh") else field.description or "")
        rows.append((title, name, gettext("default %(value)s") % {"value": field.default}, about))
    return format_html("<div>{}</div>", format_html_join("", '<div>{}: <code>{}</code> ({})<div class="sh-why">{}</div></div>', rows))
