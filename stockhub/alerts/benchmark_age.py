"""Up to which age a benchmark of a category counts: what the rule that uses it has for all SKUs."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from stockhub.alerts.parameter_models import ParameterScope, RuleParameter
from stockhub.alerts.rules.turnover_norm import BENCHMARK_MAX_AGE, TurnoverNormRule


def benchmark_max_age(at: datetime) -> float:
    """Days, at a moment: what somebody set for all SKUs last, else the rule's default."""
    held = RuleParameter.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=at), Q(until_at=None) | Q(until_at__gt=at), starts_at__lte=at,
        rule=TurnoverNormRule.slug, parameter="benchmark_max_age", scope=ParameterScope.GLOBAL,
    ).order_by("set_at", "id").last()  # fmt: skip
    return BENCHMARK_MAX_AGE if held is None else float(held.value)
