"""The first response to what a run has found: what is to be done is recorded, and everybody concerned has a notice waiting (H65).

A run only writes down whom it concerns and which alerts are the worst. Messages are written of that in a worker, later: neither their
number nor a receiver that hangs slows a cycle.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from stockhub.alerts.baseline import pools_without_baseline
from stockhub.alerts.models import AlertEvent
from stockhub.alerts.notices import leave_notices
from stockhub.alerts.response_steps import record_steps_to_take
from stockhub.cycles.models import Cycle


def respond_to_cycle(cycle: Cycle) -> None:
    """Responds to what this cycle opened or raised. What a new account came with is summed up instead, until it gets worse."""
    # An incremental evaluation may have changed them since; then they bear its run.
    since = Q(alert__changed_cycle__name="incremental", actor=f"cycle:{cycle.name}")
    its = Q(alert__opened_cycle=cycle) | Q(alert__changed_cycle=cycle) | since
    _respond(cycle, AlertEvent.objects.filter(its, occurred_at__gte=cycle.created_at))


def respond_to_minute(cycle: Cycle, *, since: datetime, until: datetime) -> None:
    """The same for what incremental evaluations opened or raised within a minute, whoever has changed those alerts since."""
    _respond(cycle, AlertEvent.objects.filter(actor=f"cycle:{cycle.name}", occurred_at__gte=since, occurred_at__lt=until))


def _respond(cycle: Cycle, steps: QuerySet[AlertEvent]) -> None:
    # What is raised before its account has a baseline is part of that.
    worse = Q(what="raised") & ~Q(alert__pool_id__in=pools_without_baseline())
    news = steps.filter(Q(alert__is_baseline=False) | worse, what__in=("opened", "raised"))
    found = list(news.order_by("alert_id").values_list("alert_id", "alert__level", "alert__side", "alert__kind").distinct())
    if not found:
        return
    record_steps_to_take(found)
    leave_notices(cycle, [pk for pk, *_rest in found])
