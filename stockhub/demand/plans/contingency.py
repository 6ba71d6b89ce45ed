"""Contingency plans that an event has opened: those of its type, from some days before it until it is over (H3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from stockhub.demand.models import ContingencyPlan
from stockhub.demand.plans.events import Event, events_between


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """A plan and the event that opened it."""

    plan: ContingencyPlan
    event: Event


def open_plans(day: date) -> Iterator[OpenPlan]:
    """By code of the plan, then by event. Without any plan nothing is asked of the calendars."""
    plans = list(ContingencyPlan.objects.filter(deleted_at=None).order_by("code"))
    if not plans:
        return
    events, _problems = events_between(day, day + timedelta(days=max(plan.days_before for plan in plans)), with_delays=True)
    for plan in plans:
        for event in events:
            opens = event.first_on - timedelta(days=plan.days_before)
            concerned = plan.account_id is None or event.account_ids is None or plan.account_id in event.account_ids
            if event.event_type == plan.event_type and concerned and opens <= day <= event.last_on:
                yield OpenPlan(plan, event)
