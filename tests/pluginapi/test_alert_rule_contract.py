"""The contract class tells a plugin author what is wrong with a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest

from stockhub.pluginapi import AlertRule, Findings, RuleParameters, Side, Snapshot
from stockhub.pluginapi.testing import AlertRuleContract
from stockhub.values import Explanation, Label


class LowStockRule(AlertRule):
    """The smallest rule: less than ten left."""

    slug: ClassVar[str] = "low-stock"
    label: ClassVar[Label] = Label("Low stock", "低库存")
    description: ClassVar[Label] = Label("Less than ten left.", "剩余不足十件。")
    side: ClassVar[Side] = Side.SHORTAGE

    def evaluate(self, snapshot: Snapshot, parameters: RuleParameters) -> Findings:
        left = snapshot["available"]
        nothing = np.full(len(snapshot), np.nan)
        level = np.where(np.isnan(left), -1, left < 10).astype(np.int8)
        reasons = {"NO_STOCK_DATA": np.isnan(left)}
        return Findings(level, level, 10 - left, "unit", nothing, nothing, nothing, {"available": left}, reasons)

    def explain(self, inputs: Mapping[str, Explanation]) -> Mapping[str, Explanation]:
        return {"value": 10 - inputs["available"]}


class TestLowStock(AlertRuleContract):
    rule = LowStockRule()


class WithoutReasons(LowStockRule):
    def evaluate(self, snapshot: Snapshot, parameters: RuleParameters) -> Findings:
        return replace(super().evaluate(snapshot, parameters), reasons={})


class AlarmsOnNoData(LowStockRule):
    def evaluate(self, snapshot: Snapshot, parameters: RuleParameters) -> Findings:
        level = (~(snapshot["available"] >= 10)).astype(np.int8)
        return replace(super().evaluate(snapshot, parameters), level=level, hold_level=level)


class ExplainsAnotherNumber(LowStockRule):
    def explain(self, inputs: Mapping[str, Explanation]) -> Mapping[str, Explanation]:
        return {"value": 11 - inputs["available"]}


class NeedsAnInputItDoesNotGive(LowStockRule):
    def explain(self, inputs: Mapping[str, Explanation]) -> Mapping[str, Explanation]:
        return {"value": 10 - inputs["reserved"]}


class HoldsLessThanItOpens(LowStockRule):
    def evaluate(self, snapshot: Snapshot, parameters: RuleParameters) -> Findings:
        found = super().evaluate(snapshot, parameters)
        return replace(found, hold_level=np.minimum(found.level, 0).astype(np.int8))


class LooksAtTheNeighbours(LowStockRule):
    def evaluate(self, snapshot: Snapshot, parameters: RuleParameters) -> Findings:
        found = super().evaluate(snapshot, parameters)
        return replace(found, money=found.value - (np.nanmean(snapshot["available"]) if len(snapshot) else 0.0))


class WritesIntoTheSnapshot(LowStockRule):
    def evaluate(self, snapshot: Snapshot, parameters: RuleParameters) -> Findings:
        snapshot["available"][:] = 0.0
        return super().evaluate(snapshot, parameters)


class CountsInIntegers(LowStockRule):
    def evaluate(self, snapshot: Snapshot, parameters: RuleParameters) -> Findings:
        found = super().evaluate(snapshot, parameters)
        return replace(found, level=found.level.astype(np.int64))


@pytest.mark.parametrize(
    ("rule", "test", "message"),
    [
        (WithoutReasons(), "test_a_row_that_is_not_evaluated_says_why", "no reason"),
        (AlarmsOnNoData(), "test_a_row_without_any_data_is_never_an_alert", "no data"),
        (ExplainsAnotherNumber(), "test_the_explanations_give_the_numbers", "another number"),
        (NeedsAnInputItDoesNotGive(), "test_the_explanations_are_templates_over_the_inputs", "do not hold"),
        (HoldsLessThanItOpens(), "test_levels_are_ordered", "at least"),
        (LooksAtTheNeighbours(), "test_a_row_does_not_depend_on_its_neighbours", "neighbours"),
        (CountsInIntegers(), "test_the_answer_has_a_number_for_every_row", "int8"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, AlertRule) else "",
)
def test_a_broken_rule_is_told_what_is_wrong(rule: AlertRule, test: str, message: str) -> None:
    contract = AlertRuleContract()
    contract.rule = rule
    with pytest.raises(AssertionError, match=message):
        getattr(contract, test)()


def test_a_rule_that_writes_into_the_snapshot_is_stopped() -> None:
    contract = AlertRuleContract()
    contract.rule = WritesIntoTheSnapshot()
    with pytest.raises(ValueError, match="read-only"):
        contract.test_the_snapshot_is_left_as_it_is()
