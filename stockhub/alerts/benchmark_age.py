"""Up to which age a benchmark of a category counts: what the rule that uses it has for the category, or for all SKUs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from stockhub.alerts.parameter_models import ParameterScope, RuleParameter
from stockhub.alerts.parameters.candidates import BY_PRECEDENCE
from stockhub.alerts.rules.turnover_norm import BENCHMARK_MAX_AGE, TurnoverNormRule
from stockhub.snapshot.scope_facts import line_of, parents_of_categories


@dataclass(frozen=True, slots=True)
class BenchmarkAges:
    """Days by category. What is set for a class, a stage, an account, a pool or a SKU is about SKUs, and no benchmark's own."""

    everywhere: float
    of_category: Mapping[int, float]
    #: By category, the one above it; 0 for none.
    parents: Mapping[int, int]

    def of(self, category_id: int) -> float:
        """The category's own, else that of the nearest above it that has one, else that of all SKUs."""
        line = line_of(category_id, self.parents)
        return next((self.of_category[each] for each in line if each in self.of_category), self.everywhere)


def benchmark_ages(at: datetime) -> BenchmarkAges:
    """What holds at a moment: of each scope what counts of all that somebody set, else the rule's default. At most two queries."""
    held = RuleParameter.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=at), Q(until_at=None) | Q(until_at__gt=at), starts_at__lte=at,
        rule=TurnoverNormRule.slug, parameter="benchmark_max_age", scope__in=(ParameterScope.GLOBAL, ParameterScope.CATEGORY),
    ).order_by(*BY_PRECEDENCE)  # fmt: skip
    everywhere, of_category = BENCHMARK_MAX_AGE, {}
    for each in held:
        if each.category_id is None:
            everywhere = float(each.value)
        else:
            of_category[each.category_id] = float(each.value)
    return BenchmarkAges(everywhere, of_category, parents_of_categories() if of_category else {})
