"""Contingency plans as warnings: what is to be done now that their event has come (H3)."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.conf import settings
from django.utils import formats
from django.utils.translation import get_language, gettext

from stockhub.core import clock
from stockhub.cycles.models import Cycle
from stockhub.demand.plans.contingency import open_plans

CONTINGENCY: Final = "contingency-plan"


def plans_to_follow(cycle: Cycle) -> dict[str, tuple[int | None, dict[str, Any]]]:
    """By the alert's subject: the account of the plan, and what the warning says."""
    day = clock.business_day(cycle.as_of, settings.STOCKHUB_TIME_ZONE)
    found: dict[str, tuple[int | None, dict[str, Any]]] = {}
    for each in open_plans(day):
        inputs = {
            "plan": each.plan.code,
            "text": each.plan.plan,
            "tasks": each.plan.tasks,
            "event": each.event.label.en,
            "event_zh": each.event.label.zh,
            "first_on": each.event.first_on.isoformat(),
            "last_on": each.event.last_on.isoformat(),
        }
        found[f"plan:{each.plan.pk}:{each.event.key}"[:120]] = (each.plan.account_id, inputs)
    return found


def plan_message(inputs: dict[str, Any]) -> str:
    """Which event, when, the plan and its tasks, in the active language; the seller's own texts stay as they are."""
    chinese = (get_language() or "").startswith("zh")
    days = [formats.date_format(date.fromisoformat(inputs[name]), "SHORT_DATE_FORMAT") for name in ("first_on", "last_on")]
    text = gettext("%(event)s, %(first)s to %(last)s: %(text)s") % {
        "event": (chinese and inputs.get("event_zh")) or inputs["event"], "first": days[0], "last": days[1], "text": inputs["text"],
    }  # fmt: skip
    tasks = "; ".join(f"{number}. {task}" for number, task in enumerate(inputs["tasks"], start=1))
    return f"{text} — {tasks}" if tasks else text
