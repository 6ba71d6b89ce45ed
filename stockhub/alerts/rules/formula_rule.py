"""A rule whose numbers are formulas: written once, computed over arrays, and recorded as explanations.

`measure` holds the formulas. Its names are snapshot columns, the rule's parameters and whatever `derive` computes from the whole snapshot,
such as demand over a horizon. `levels` judges the numbers; a shortage of data is never silently level 0.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Generic, cast

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from pydantic.fields import FieldInfo

from stockhub.formulas.elementwise import FloatArray, N
from stockhub.pluginapi import AlertRule, Column, Findings, RuleParameters, Snapshot
from stockhub.pluginapi.alert_rule import NOT_EVALUATED
from stockhub.values import Explanation, Label

BoolArray = NDArray[np.bool_]
LevelArray = NDArray[np.int8]


def parameter(default: float, unit: str, en: str, zh: str, *, at_most: float | None = None, about: Label | None = None) -> float:
    """A field of a rule's parameters, at least 0, with the unit and the names that forms and explanations show.

    `about` says what a name cannot: when it counts, and beside which other.
    """
    extra: dict[str, Any] = {"unit": unit, "title_zh": zh}
    if about is not None:
        extra["description_zh"] = about.zh
    field: float = Field(
        default, title=en, description=about.en if about else None, ge=0, le=at_most, allow_inf_nan=False, json_schema_extra=extra
    )
    return field


@dataclass(frozen=True, slots=True)
class Measures(Generic[N]):
    """The numbers of a finding; None for those that a rule does not give."""

    value: N
    money: N | None = None
    saving: N | None = None
    due_in_days: N | None = None
    suggested_qty: N | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """The measures of every row, (n,) each; NaN throughout for those that a rule does not give."""

    value: FloatArray
    money: FloatArray
    saving: FloatArray
    due_in_days: FloatArray
    suggested_qty: FloatArray

    @classmethod
    def of(cls, found: Measures[FloatArray]) -> Numbers:
        return cls(*[np.full(len(found.value), np.nan) if (m := getattr(found, f.name)) is None else m for f in fields(cls)])


class FormulaRule(AlertRule):
    """Base of the built-in rules."""

    takes_parameters_by_row: ClassVar[bool] = True
    unit: ClassVar[str]
    #: Snapshot columns that the formulas and levels read.
    uses: ClassVar[tuple[str, ...]]
    #: Further inputs, which `derive` computes.
    derives: ClassVar[Mapping[str, Column]] = {}
    #: Inputs without which a row is not evaluated, and the reason code that says so.
    requires: ClassVar[Mapping[str, str]] = {}

    @abstractmethod
    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """The formulas, over numbers, arrays or explanations."""

    @abstractmethod
    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """The level of each row. `slack` is 0 for an alert to open; with 1 each threshold is as much laxer as the rule's parameters say."""

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:  # noqa: ARG002 - for subclasses
        """The inputs of `derives`, given the columns and parameters."""
        return {}

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Rows that the rule has nothing to say about, whatever is missing: level 0."""
        return np.zeros(len(x[self.uses[0]]), dtype=np.bool_)

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:  # noqa: ARG002
        """Reasons of numbers that are missing although the row is evaluated."""
        return {}

    def evaluate(self, snapshot: Snapshot, parameters: RuleParameters) -> Findings:
        """Computes every number, judges it twice (to open, to hold) and marks the rows whose data is missing."""
        x: dict[str, FloatArray] = {name: snapshot[name] for name in self.uses}
        x |= {name: np.broadcast_to(np.asarray(value, np.float64), (len(snapshot),)) for name, value in parameters}
        x |= self.derive(snapshot, x)
        found = Numbers.of(self.measure(x))
        idle = self.idle(x)
        reasons = self._missing(x, idle)
        unknown = np.logical_or.reduce([np.zeros(len(snapshot), dtype=np.bool_), *reasons.values()])
        level = self._settled(self.levels(x, found, 0.0), idle, unknown)
        lax = self._settled(self.levels(x, found, 1.0), idle, unknown)
        return Findings(
            level=level,
            hold_level=np.maximum(level, lax),
            value=found.value,
            unit=self.unit,
            money=found.money,
            saving=found.saving,
            due_in_days=found.due_in_days,
            suggested_qty=found.suggested_qty,
            inputs=x,
            reasons=_with_remarks(reasons, self.remarks(x, found), ~idle & ~unknown),
        )

    def explain(self, inputs: Mapping[str, Explanation]) -> Mapping[str, Explanation]:
        """The same formulas over named inputs: a parameter's source is `parameter:<its name>`."""
        x = {name: inputs[name] for name in self.uses}
        x |= {name: Explanation.input(name, unit=c.unit, source=c.source) for name, c in self._own_inputs().items()}
        found: Measures[Explanation] = self.measure(x)
        return {f.name: node for f in fields(found) if (node := getattr(found, f.name)) is not None}

    def input_labels(self) -> Mapping[str, Label]:
        """Names of the parameters and of the derived inputs."""
        return {name: column.label for name, column in self._own_inputs().items()}

    def _own_inputs(self) -> dict[str, Column]:
        of_parameters = {name: _column_of(name, field) for name, field in self.parameters_model.model_fields.items()}
        return of_parameters | dict(self.derives)

    def _missing(self, x: Mapping[str, FloatArray], idle: BoolArray) -> dict[str, BoolArray]:
        reasons: dict[str, BoolArray] = {}
        for name, code in self.requires.items():
            rows = np.isnan(x[name]) & ~idle
            reasons[code] = reasons[code] | rows if code in reasons else rows
        return reasons

    @staticmethod
    def _settled(level: LevelArray, idle: BoolArray, unknown: BoolArray) -> LevelArray:
        return np.where(idle, 0, np.where(unknown, NOT_EVALUATED, level)).astype(np.int8)


def _with_remarks(reasons: Mapping[str, BoolArray], remarks: Mapping[str, BoolArray], evaluated: BoolArray) -> dict[str, BoolArray]:
    """Reasons of rows that were not evaluated, and of numbers that are missing on those that were."""
    out = dict(reasons)
    for code, rows in remarks.items():
        out[code] = (rows & evaluated) | out[code] if code in out else rows & evaluated
    return out


def _column_of(name: str, field: FieldInfo) -> Column:
    extra = cast("dict[str, str]", field.json_schema_extra)
    return Column(extra["unit"], f"parameter:{name}", Label(field.title or name, extra["title_zh"]))


def highest(*reached: BoolArray) -> LevelArray:
    """The highest level whose condition holds, given the conditions of level 1, 2, …; 0 where none does."""
    level = np.zeros(len(reached[0]), dtype=np.int8)
    for step, rows in enumerate(reached, start=1):
        level[rows] = step
    return level


def otherwise(values: FloatArray, default: float) -> FloatArray:
    """The values, with a default where there is none: for inputs whose label says so."""
    return np.where(np.isnan(values), default, values)


#: The order constraints of an offer, as the formulas need them.
ORDER_CONSTRAINTS: Mapping[str, Column] = {
    "order_minimum": Column("unit", "offer", Label("Minimum order (0: none known)", "起订量（0 表示未知）")),
    "order_multiple": Column("unit", "offer", Label("Units a case (1: none known)", "箱规（1 表示未知）")),
}
#: Whether the user set a maximum; `stock_maximum` is missing where he did not.
MAXIMUM_IS_SET: Mapping[str, Column] = {
    "has_maximum": Column("flag", "policy", Label("A maximum was set", "已设置库存上限")),
}


def order_constraints(snapshot: Snapshot) -> dict[str, FloatArray]:
    """The inputs of `ORDER_CONSTRAINTS`: an unknown minimum is none, an unknown case is a single unit."""
    pack = snapshot["case_pack"]
    return {
        "order_minimum": otherwise(snapshot["moq"], 0.0),
        "order_multiple": otherwise(np.where(pack > 0, pack, np.nan), 1.0),
    }


def maximum_is_set(snapshot: Snapshot) -> dict[str, FloatArray]:
    """The input of `MAXIMUM_IS_SET`."""
    return {"has_maximum": (~np.isnan(snapshot["stock_maximum"])).astype(np.float64)}


def not_in_business(x: Mapping[str, FloatArray], demand: FloatArray) -> BoolArray:
    """Rows without stock, inbound, forecast or a sale in a quarter: nothing is missing there, because there is nothing."""
    buckets = ("available", "reserved", "on_order", "in_transit", "receiving")
    empty = np.logical_and.reduce([np.nan_to_num(x[bucket]) == 0 for bucket in buckets])
    nothing: BoolArray = empty & np.isnan(demand) & ~(x["sold_90"] > 0)
    return nothing
