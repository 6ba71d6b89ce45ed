"""Parameters of a rule that differ by row, and asking a rule with them: by arrays where it takes them, else once for each set of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import AlertRule, Findings, RuleParameters, Snapshot
from stockhub.pluginhost.errors import InvalidAnswerError

IntArray = NDArray[np.int64]
_NUMBERS = ("value", "money", "saving", "due_in_days", "suggested_qty")


@dataclass(frozen=True, slots=True)
class ParametersByRow:
    """Distinct sets of a rule's parameters, and which of them each row has (n,). Without `of_row` all rows have the first."""

    sets: Sequence[Mapping[str, Any]]
    of_row: IntArray | None = None

    @classmethod
    def same(cls, parameters: Mapping[str, Any]) -> ParametersByRow:
        """One set for all rows."""
        return cls((parameters,))


def evaluate_by_row(rule: AlertRule, snapshot: Snapshot, sets: Sequence[RuleParameters], of_row: IntArray | None) -> Findings:
    """What the rule finds with each row's own parameters."""
    if of_row is None or len(sets) == 1:
        return rule.evaluate(snapshot, sets[0])
    if rule.takes_parameters_by_row and all(_are_numbers(values) for values in _differing(rule, sets).values()):
        return rule.evaluate(snapshot, as_arrays(rule, sets, of_row))
    return by_groups(snapshot, len(sets), of_row, lambda part, number: rule.evaluate(part, sets[number]))


def as_arrays(rule: AlertRule, sets: Sequence[RuleParameters], of_row: IntArray) -> RuleParameters:
    """The rule's parameters, with an array (n,) for each number that differs between the sets."""
    fields: dict[str, Any] = dict(sets[0])
    for name, values in _differing(rule, sets).items():
        column = np.array(values, np.float64)[of_row]
        column.flags.writeable = False
        fields[name] = column
    return rule.parameters_model.model_construct(**fields)


def _differing(rule: AlertRule, sets: Sequence[RuleParameters]) -> dict[str, list[Any]]:
    """The parameters that differ, and their value in each set."""
    by_name = {name: [getattr(each, name) for each in sets] for name in rule.parameters_model.model_fields}
    return {name: values for name, values in by_name.items() if any(value != values[0] for value in values)}


def _are_numbers(values: Sequence[Any]) -> bool:
    return all(isinstance(value, int | float) for value in values)


def by_groups(snapshot: Snapshot, sets: int, of_row: IntArray, evaluate: Callable[[Snapshot, int], Findings]) -> Findings:
    """Asks once for each set of parameters, about all rows of the SKUs that have it anywhere, and keeps the rows that have it.

    A rule that compares the pools of a SKU sees all of them each time.
    """
    parts: list[tuple[IntArray, IntArray, Findings]] = []
    for number in range(sets):
        wanted = of_row == number
        if not wanted.any():
            continue
        rows = np.flatnonzero(np.isin(snapshot.sku_ids, snapshot.sku_ids[wanted]))
        own = np.flatnonzero(wanted[rows])
        parts.append((rows[own], own, _of_length(evaluate(snapshot.take(rows), number), len(rows))))
    return _joined(len(snapshot), parts)


def _of_length(findings: Findings, n: int) -> Findings:
    """Findings whose arrays can be joined; their form is checked afterwards, as a whole."""
    if not isinstance(findings, Findings):
        raise InvalidAnswerError("wrong_type", f"evaluate must return Findings, not {type(findings).__name__}.")
    arrays = [findings.level, findings.hold_level, *(getattr(findings, name) for name in _NUMBERS)]
    for array in [*arrays, *findings.inputs.values(), *findings.reasons.values()]:
        if not isinstance(array, np.ndarray) or array.shape != (n,):
            raise InvalidAnswerError("wrong_shape", f"Each array of the findings needs one number for each of the {n} rows.")
    return findings


def _joined(n: int, parts: Sequence[tuple[IntArray, IntArray, Findings]]) -> Findings:
    """`parts` hold rows of the whole, their places in the part, and its findings."""
    names = dict.fromkeys(name for _rows, _own, found in parts for name in found.inputs)
    codes = dict.fromkeys(code for _rows, _own, found in parts for code in found.reasons)
    joined = Findings(
        level=np.zeros(n, np.int8),
        hold_level=np.zeros(n, np.int8),
        unit=parts[0][2].unit if parts else "",
        inputs={name: np.full(n, np.nan) for name in names},
        reasons={code: np.zeros(n, np.bool_) for code in codes},
        **{name: np.full(n, np.nan) for name in _NUMBERS},
    )
    for rows, own, found in parts:
        for name in ("level", "hold_level", *_NUMBERS):
            getattr(joined, name)[rows] = getattr(found, name)[own]
        for name, values in found.inputs.items():
            joined.inputs[name][rows] = values[own]
        for code, holds in found.reasons.items():
            joined.reasons[code][rows] = holds[own]
    return joined
