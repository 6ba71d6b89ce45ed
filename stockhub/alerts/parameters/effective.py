"""The parameters of a rule for one SKU in one pool: what holds, where it comes from, and what lost against it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import numpy as np
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from pydantic.fields import FieldInfo

from stockhub.alerts.parameter_models import RuleParameter
from stockhub.alerts.parameters.candidates import Candidates
from stockhub.alerts.parameters.resolution import Resolution
from stockhub.core import clock
from stockhub.pluginapi import AlertRule
from stockhub.pluginhost.registry import registry
from stockhub.snapshot.scopes import NONE
from stockhub.values import DomainError, Label


@dataclass(frozen=True, slots=True)
class EffectiveParameter:
    """`value` holds; `source` set it, or nobody (then it is the rule's default). `lost` would hold if those before it did not."""

    rule: str
    name: str
    label: Label
    #: What its name cannot say; empty for most.
    about: Label
    unit: str
    value: Any
    default: Any
    source: RuleParameter | None
    lost: Sequence[RuleParameter]


def effective_parameters(*, rule: str, sku_id: int, pool_id: int, as_of: datetime) -> list[EffectiveParameter]:
    """Every parameter of a rule in the order of its model. DomainError `unknown_rule`."""
    found = registry().alert_rules.get(rule)
    if found is None:
        message = _("There is no such rule; `rules` lists them.")
        raise DomainError("unknown_rule", message, path=("rule",), params={"value": rule[:60]})
    day = clock.business_day(as_of, settings.STOCKHUB_TIME_ZONE)
    resolution = Resolution.at(np.array([sku_id], np.int64), np.array([pool_id], np.int64), as_of, day)
    ranked = {name: _ranked(resolution, rule, name) for name in found.parameters_model.model_fields}
    rows = RuleParameter.objects.select_related("category", "stage", "account", "pool", "sku").in_bulk(
        [pk for ids in ranked.values() for pk in ids]
    )
    return [
        _effective(found, name, field, [rows[pk] for pk in ranked[name]]) for name, field in found.parameters_model.model_fields.items()
    ]


def label_of(name: str, field: FieldInfo) -> Label:
    """What a parameter is called; its name in words where its rule says nothing."""
    extra = cast("dict[str, Any]", field.json_schema_extra) if isinstance(field.json_schema_extra, dict) else {}
    title = field.title or name.replace("_", " ")
    return Label(title, str(extra.get("title_zh") or title))


def _effective(rule: AlertRule, name: str, field: FieldInfo, ranked: Sequence[RuleParameter]) -> EffectiveParameter:
    extra = cast("dict[str, Any]", field.json_schema_extra) if isinstance(field.json_schema_extra, dict) else {}
    default = field.get_default(call_default_factory=True)
    return EffectiveParameter(
        rule=rule.slug,
        name=name,
        label=label_of(name, field),
        about=Label(field.description or "", str(extra.get("description_zh") or field.description or "")),
        unit=str(extra.get("unit", "")),
        value=ranked[0].value if ranked else default,
        default=default,
        source=ranked[0] if ranked else None,
        lost=ranked[1:],
    )


def _ranked(resolution: Resolution, rule: str, parameter: str) -> list[int]:
    """The ids of all that holds for the row, the one that counts first: the same question again, each time without the winner."""
    candidates: Candidates = resolution.candidates
    left = np.flatnonzero((candidates.rule == rule) & (candidates.parameter == parameter)) if len(candidates) else np.zeros(0, np.int64)
    ranked: list[int] = []
    while len(left):
        winner = resolution.winners(left)
        first = winner if isinstance(winner, int) else int(winner[0])
        if first == NONE:
            break
        ranked.append(int(candidates.id[first]))
        left = left[left != first]
    return ranked


def told_value(value: Any) -> str:  # noqa: ANN401 - whatever the rule's model takes
    """A value as a person reads it: `30`, `0.05`, `weekly`."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
