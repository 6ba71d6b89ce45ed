"""Parameters of rules as a file: what people set, when and why."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from stockhub.access.models import User
from stockhub.alerts.parameter_models import RuleParameter
from stockhub.alerts.parameters.reach import visible_parameters
from stockhub.exports.export import CHUNK, Column, Export, Kind, Row
from stockhub.exports.filters import Filter
from stockhub.exports.shared import IN_STOCK, POOL, SKU


class RuleParameters(Export):
    """Every value that was ever set, those that have ended too."""

    name: ClassVar[str] = "rule-parameters"
    about: ClassVar[str] = "Values of rules' parameters that people set, by scope and with dates; ended ones too, the first set first."
    permissions: ClassVar[tuple[str, ...]] = ("alerts.view_ruleparameter", "catalog.view_stockpool", *IN_STOCK)
    columns: ClassVar[tuple[Column, ...]] = (
        Column("rule", Kind.TEXT, "The slug of the rule."),
        Column("parameter", Kind.TEXT, "The name of the parameter."),
        Column("value", Kind.TEXT, "The value, as JSON."),
        Column("previous_value", Kind.TEXT, "What was set for the same SKUs before; empty where nothing was."),
        Column("scope", Kind.TEXT, "global, category, class, stage, account, pool or sku."),
        Column("target", Kind.TEXT, "The code of what it is for; empty for all SKUs."),
        Column("starts_at", Kind.INSTANT, "From when it holds."),
        Column("until_at", Kind.INSTANT, "When it reverts by itself; empty where it has no end."),
        Column("reason", Kind.TEXT, "Why."),
        Column("set_by", Kind.TEXT, "Who set it."),
        Column("set_at", Kind.INSTANT, "When it was set."),
        Column("ended_at", Kind.INSTANT, "When somebody ended or replaced it."),
        Column("ended_by", Kind.TEXT, "Who ended it."),
        Column("end_reason", Kind.TEXT, "Why it was ended."),
    )
    filters: ClassVar[tuple[Filter, ...]] = (SKU, POOL)

    def rows(self, viewer: User, chosen: Mapping[str, Any]) -> Iterator[Row]:
        found = visible_parameters(RuleParameter.objects.select_related("category", "stage", "account", "pool", "sku"), viewer)
        for each in self.filters:
            if each.name in chosen:
                found = found.filter(each.condition(chosen[each.name]))
        return (_row(parameter) for parameter in found.order_by("set_at", "id").iterator(chunk_size=CHUNK))


def _row(each: RuleParameter) -> Row:
    previous = None if each.previous_value is None else json.dumps(each.previous_value)
    return [
        each.rule, each.parameter, json.dumps(each.value), previous, each.scope, each.target or None, each.starts_at, each.until_at,
        each.reason, each.set_by, each.set_at, each.ended_at, each.ended_by or None, each.end_reason or None,
    ]  # fmt: skip
