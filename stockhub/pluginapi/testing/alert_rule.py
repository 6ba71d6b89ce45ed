"""The contract of an alert rule, as tests that a plugin author runs against his own."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import COLUMNS, AlertRule, Findings, RuleParameters, Side, Snapshot
from stockhub.pluginapi.alert_rule import NOT_EVALUATED
from stockhub.pluginapi.manifest import SLUG_PATTERN
from stockhub.pluginapi.testing.snapshots import random_snapshot, snapshot_of, take_rows
from stockhub.values import Explanation

_REASON_PATTERN = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
_EXPLAINED = ("value", "money", "saving", "due_in_days", "suggested_qty")


def _require(condition: object, message: str) -> None:
    """Fails the test. Not `assert`, which pytest does not explain outside test files and `python -O` removes."""
    if not condition:
        raise AssertionError(message)


def _same(left: NDArray[np.float64], right: NDArray[np.float64]) -> bool:
    return bool(np.allclose(left, right, rtol=1e-9, atol=1e-9, equal_nan=True))


class AlertRuleContract:
    """Subclass it in a test file and name the rule; pytest finds the rest.

        class TestMyRule(AlertRuleContract):
            rule = MyRule()

    Needs neither Django nor a database. The snapshots are random: columns that make no sense together are part of the test.
    """

    rule: AlertRule

    def parameters(self) -> RuleParameters:
        """The parameters to test with: the defaults."""
        return self.rule.parameters_model()

    def snapshot(self) -> Snapshot:
        return random_snapshot(seed=7, rows=200)

    def findings(self, snapshot: Snapshot | None = None) -> Findings:
        return self.rule.evaluate(self.snapshot() if snapshot is None else snapshot, self.parameters())

    # Identity

    def test_has_a_slug_labels_and_a_side(self) -> None:
        rule = self.rule
        _require(SLUG_PATTERN.fullmatch(rule.slug), f"slug {rule.slug!r} must be lower-case words joined by hyphens")
        for what, label in (("label", rule.label), ("description", rule.description)):
            _require(label.en.strip() and label.zh.strip(), f"{what} needs English and Chinese")
        _require(isinstance(rule.side, Side), "side is a Side")

    def test_the_parameters_have_defaults_and_a_schema(self) -> None:
        properties = self.rule.parameters_model.model_json_schema().get("properties", {})
        _require(set(properties) == set(dict(self.parameters())), "every parameter stands in the JSON Schema")

    # Shape

    def test_the_answer_has_a_number_for_every_row(self) -> None:
        for snapshot in (self.snapshot(), take_rows(self.snapshot(), [3]), snapshot_of()):
            n, found = len(snapshot), self.findings(snapshot)
            for name in ("level", "hold_level"):
                values = getattr(found, name)
                _require(values.shape == (n,) and values.dtype == np.int8, f"{name} is int8 of shape ({n},)")
            for name in _EXPLAINED:
                values = getattr(found, name)
                _require(values.shape == (n,) and values.dtype == np.float64, f"{name} is float64 of shape ({n},)")
                _require(not np.isinf(values).any(), f"{name} is infinite: no data is NaN")
            for name, values in found.inputs.items():
                _require(values.shape == (n,) and values.dtype == np.float64, f"input {name} is float64 of shape ({n},)")
            for code, rows in found.reasons.items():
                _require(_REASON_PATTERN.fullmatch(code), f"reason {code!r} must be upper-case words joined by underscores")
                _require(rows.shape == (n,) and rows.dtype == np.bool_, f"reason {code} is bool of shape ({n},)")

    def test_levels_are_ordered(self) -> None:
        found = self.findings()
        _require(((found.level >= NOT_EVALUATED) & (found.level <= 3)).all(), "a level is -1 to 3")
        _require((found.hold_level <= 3).all(), "a level is at most 3")
        _require((found.hold_level >= found.level).all(), "the level that an open alert keeps is at least the level at which it opens")

    def test_every_input_has_a_name_in_both_languages(self) -> None:
        labels = self.rule.input_labels()
        for name in self.findings().inputs:
            label = COLUMNS[name].label if name in COLUMNS else labels.get(name)
            _require(label and label.en.strip() and label.zh.strip(), f"input {name} needs a label in English and Chinese")

    def test_a_proposal_is_one_that_the_rule_names(self) -> None:
        for each in self.rule.proposals:
            _require(each.en.strip() and each.zh.strip(), "a proposal needs English and Chinese")
        proposed = self.findings().inputs.get("proposal")
        _require(
            bool(self.rule.proposals) == (proposed is not None),
            "the input `proposal` is there where the rule names proposals",
        )
        if proposed is not None:
            places = proposed[~np.isnan(proposed)]
            named = (places >= 0) & (places < len(self.rule.proposals)) & (np.floor(places) == places)
            _require(named.all(), "`proposal` is a position in `proposals`")

    # Missing data

    def test_a_row_without_any_data_is_never_an_alert(self) -> None:
        found = self.findings(snapshot_of({}, {}))
        _require((found.level <= 0).all() and (found.hold_level <= 0).all(), "an alert was raised on no data")

    def test_a_row_that_is_not_evaluated_says_why(self) -> None:
        found = self.findings(random_snapshot(seed=8, rows=200, missing=0.5))
        explained = np.logical_or.reduce([np.zeros(len(found.level), dtype=np.bool_), *found.reasons.values()])
        _require(explained[found.level == NOT_EVALUATED].all(), "a row is not evaluated and no reason holds for it")

    # Behaviour

    def test_the_snapshot_is_left_as_it_is(self) -> None:
        snapshot = self.snapshot()
        before = {name: values.copy() for name, values in snapshot.columns.items()}
        self.findings(snapshot)
        _require(set(before) == set(snapshot.columns), "a column was added or removed")
        _require(all(np.array_equal(before[k], v, equal_nan=True) for k, v in snapshot.columns.items()), "a column was changed")

    def test_the_same_snapshot_gives_the_same_answer(self) -> None:
        self._require_equal(self.findings(), self.findings(), "two calls differ")

    def test_a_row_does_not_depend_on_its_neighbours(self) -> None:
        snapshot = self.snapshot()
        rows = np.random.default_rng(1).permutation(len(snapshot))[:50].tolist()
        found, part = self.findings(snapshot), self.findings(take_rows(snapshot, rows))
        _require(np.array_equal(found.level[rows], part.level), "levels differ when the row has other neighbours")
        _require(np.array_equal(found.hold_level[rows], part.hold_level), "hold levels differ when the row has other neighbours")
        for name in _EXPLAINED:
            _require(_same(getattr(found, name)[rows], getattr(part, name)), f"{name} differs when the row has other neighbours")

    def test_parameters_by_row_give_what_plain_ones_give(self) -> None:
        """Only of a rule that declares `takes_parameters_by_row`."""
        if not self.rule.takes_parameters_by_row:
            return
        snapshot, plain = self.snapshot(), self.parameters()
        by_row: dict[str, Any] = {
            name: np.full(len(snapshot), float(value)) if type(value) in (int, float) else value for name, value in plain
        }
        found = self.rule.evaluate(snapshot, self.rule.parameters_model.model_construct(**by_row))
        self._require_equal(self.findings(snapshot), found, "parameters as arrays and as numbers differ")

    def test_no_more_is_saved_than_is_at_stake(self) -> None:
        found = self.findings()
        known = ~(np.isnan(found.saving) | np.isnan(found.money))
        least = np.minimum(found.money, 0.0) - 1e-6
        _require((found.saving[known] <= np.maximum(found.money[known], 0.0) * (1 + 1e-9) + 1e-6).all(), "more is saved than is at stake")
        _require((found.saving[known] >= least[known]).all(), "an action that costs more than it saves is no saving")

    # Explanations

    def test_the_explanations_give_the_numbers(self) -> None:
        snapshot = random_snapshot(seed=9, rows=40, missing=0.2)
        found, trees = self.findings(snapshot), self.rule.explain(snapshot.symbols())
        _require("value" in trees and set(trees) <= set(_EXPLAINED), f"explanations are given for value and some of {_EXPLAINED}")
        for name in _EXPLAINED:
            numbers = getattr(found, name)
            if name not in trees:
                _require(np.isnan(numbers).all(), f"{name} has numbers and no explanation")
                continue
            told = [self._told(trees[name], found, row) for row in range(len(snapshot))]
            _require(_same(np.array(told, dtype=np.float64), numbers), f"the explanation of {name} gives another number")

    def test_the_explanations_are_templates_over_the_inputs(self) -> None:
        names = set(self.findings().inputs)
        for name, tree in self.rule.explain(self.snapshot().symbols()).items():
            _require(set(tree.inputs()) <= names, f"the explanation of {name} needs inputs that the findings do not hold")
            document = json.loads(json.dumps(tree.to_json()))
            _require(Explanation.from_json(document).to_json() == document, f"the explanation of {name} does not survive JSON")

    @staticmethod
    def _told(tree: Explanation, found: Findings, row: int) -> float:
        told = tree.fill({name: float(values[row]) for name, values in found.inputs.items()}).evaluate()
        return float("nan") if told is None else told

    @staticmethod
    def _require_equal(left: Findings, right: Findings, message: str) -> None:
        for name in ("level", "hold_level", *_EXPLAINED):
            _require(np.array_equal(getattr(left, name), getattr(right, name), equal_nan=True), f"{message}: {name}")
