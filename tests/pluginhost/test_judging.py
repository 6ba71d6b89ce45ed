"""Built-in rules give their formulas once; those of another rule, or over other inputs, are made anew."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from stockhub.alerts.rules.below_threshold import BelowThresholdParameters, BelowThresholdRule
from stockhub.pluginapi import COLUMNS, Findings, RuleParameters, Snapshot
from stockhub.pluginhost.errors import InvalidAnswerError
from stockhub.pluginhost.judging import judge
from stockhub.values import Explanation
from tests.pluginhost.test_misbehaving_rules import snapshot_of


class Counting(BelowThresholdRule):
    """Counts how often its formulas are asked for."""

    def __init__(self, *, unknown: bool = False, more: str = "") -> None:
        self.asked, self.unknown, self.more = 0, unknown, more

    def evaluate(self, snapshot: Snapshot, parameters: RuleParameters) -> Findings:
        findings = super().evaluate(snapshot, parameters)
        if self.more:
            findings.inputs[self.more] = np.zeros(len(snapshot))  # type: ignore[index]  # a dict, as the base makes it
        return findings

    def explain(self, inputs: Mapping[str, Explanation]) -> Mapping[str, Explanation]:
        self.asked += 1
        return {"value": Explanation.input("invented")} if self.unknown else super().explain(inputs)


def lines(available: float) -> Snapshot:
    snapshot = snapshot_of([available])
    columns = dict(snapshot.columns) | {"alert_threshold": np.array([10.0])}
    assert columns.keys() == COLUMNS.keys()
    return Snapshot(
        snapshot.as_of, snapshot.day, snapshot.sku_ids, snapshot.pool_ids, columns, snapshot.forecast_mean, snapshot.inbound_row,
        snapshot.inbound_day, snapshot.inbound_qty,
    )  # fmt: skip


def test_formulas_are_made_once_and_findings_every_time() -> None:
    rule = Counting()
    first, second = (judge(rule, lines(available), [BelowThresholdParameters()], keep_formulas=True) for available in (4.0, 7.0))
    assert (first.findings.value.tolist(), second.findings.value.tolist()) == ([6.0], [3.0])
    assert second.explanations is first.explanations
    assert second.explanations["value"].fill({"available": 7.0, "alert_threshold": 10.0}).value == 3.0
    assert rule.asked == 1


def test_other_inputs_and_other_rules_have_formulas_of_their_own() -> None:
    rule, other = Counting(), Counting()
    for each in (rule, other, rule):
        judge(each, lines(4.0), [BelowThresholdParameters()], keep_formulas=True)
    assert (rule.asked, other.asked) == (2, 1)
    rule.more = "moon"
    judge(rule, lines(4.0), [BelowThresholdParameters()], keep_formulas=True)
    assert rule.asked == 3


def test_formulas_of_a_plugin_are_asked_for_and_checked_each_time() -> None:
    rule = Counting()
    for _turn in range(2):
        judge(rule, lines(4.0), [BelowThresholdParameters()])
    assert rule.asked == 2
    for _turn in range(2):
        with pytest.raises(InvalidAnswerError, match="invented"):
            judge(Counting(unknown=True), lines(4.0), [BelowThresholdParameters()], keep_formulas=True)
