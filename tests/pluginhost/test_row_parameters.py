"""Parameters by row: rules of arrays get arrays, rules of plain numbers are asked for each set, about whole SKUs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import pytest

from stockhub.alerts.rules.shortage import ShortageParameters, ShortageRule
from stockhub.pluginapi import AlertRule, Findings, RuleParameters, Side, Snapshot
from stockhub.pluginapi.testing.snapshots import random_snapshot, snapshot_of
from stockhub.pluginhost.row_parameters import ParametersByRow, evaluate_by_row
from stockhub.pluginhost.rules import run_rule
from stockhub.values import Explanation, Label
from tests.pluginhost.plugin_site import PluginSite


class FewestRule(AlertRule):
    """Alarms for the row of each SKU that has least, where that is below a line: it has to see all pools of a SKU."""

    slug = "fewest"
    label = Label("Fewest", "最少")
    description = Label("The least of a SKU's pools.", "最少的库存池。")
    side = Side.SHORTAGE
    asked: ClassVar[list[tuple[float, list[int]]]] = []

    class Parameters(RuleParameters):
        line: float = 10.0

    parameters_model = Parameters

    def evaluate(self, snapshot: Snapshot, parameters: RuleParameters) -> Findings:
        line = dict(parameters)["line"]
        assert isinstance(line, float)
        self.asked.append((line, snapshot.sku_ids.tolist()))
        stock, n = snapshot["available"], len(snapshot)
        least = np.full(n, np.inf)
        for sku in set(snapshot.sku_ids.tolist()):
            rows = snapshot.sku_ids == sku
            least[rows] = stock[rows].min()
        level = ((stock == least) & (stock < line)).astype(np.int8)
        nan = np.full(n, np.nan)
        return Findings(level, level.copy(), stock.copy(), "unit", nan, nan, nan, {"available": stock, "line": np.full(n, line)})

    def explain(self, inputs: Mapping[str, Explanation]) -> Mapping[str, Explanation]:
        return {"value": inputs["available"] + 0.0}


def two_pools(*stock: tuple[float, float]) -> Snapshot:
    """Two rows a SKU."""
    from dataclasses import replace

    made = snapshot_of(*[{"available": units} for pair in stock for units in pair])
    n = 2 * len(stock)
    return replace(made, sku_ids=np.arange(n) // 2, pool_ids=np.arange(n) % 2 + 1)


def test_a_rule_of_plain_numbers_is_asked_for_each_set_about_whole_skus() -> None:
    FewestRule.asked.clear()
    snapshot = two_pools((5.0, 7.0), (5.0, 7.0), (50.0, 70.0))
    sets = [FewestRule.Parameters(line=line) for line in (6.0, 100.0)]
    # The second pool of the second SKU and the whole third one have the line of 100.
    found = evaluate_by_row(FewestRule(), snapshot, sets, np.array([0, 0, 0, 1, 1, 1]))
    assert FewestRule.asked == [(6.0, [0, 0, 1, 1]), (100.0, [1, 1, 2, 2])]
    assert found.level.tolist() == [1, 0, 1, 0, 1, 0]
    assert found.inputs["line"].tolist() == [6.0, 6.0, 6.0, 100.0, 100.0, 100.0]
    assert found.value.tolist() == [5.0, 7.0, 5.0, 7.0, 50.0, 70.0]


@pytest.mark.parametrize("seed", range(3))
def test_arrays_give_each_row_what_a_call_with_its_own_set_gives(seed: int) -> None:
    snapshot = random_snapshot(seed, rows=120)
    sets = [ShortageParameters(), ShortageParameters(horizon_days=60.0, hold_share=0.2), ShortageParameters(notice_days=20.0)]
    of_row = np.random.default_rng(seed).integers(0, 3, 120)
    together = evaluate_by_row(ShortageRule(), snapshot, sets, of_row)
    for number, parameters in enumerate(sets):
        alone, rows = ShortageRule().evaluate(snapshot, parameters), of_row == number
        for name in ("level", "hold_level", "value", "money", "due_in_days", "suggested_qty"):
            np.testing.assert_array_equal(getattr(together, name)[rows], getattr(alone, name)[rows])
        for name, values in alone.inputs.items():
            np.testing.assert_array_equal(together.inputs[name][rows], values[rows])


@pytest.mark.django_db
def test_a_plugins_rule_in_its_own_process_takes_parameters_by_row(site: PluginSite) -> None:
    site.install("misbehaving_rules")
    snapshot = snapshot_of(*[{"available": units} for units in (4.0, 40.0, 40.0)])
    by_row = ParametersByRow([{"line": 9}, {"line": 50}], np.array([0, 0, 1]))
    outcome = run_rule("below-line", snapshot, by_row)
    assert outcome.findings.level.tolist() == [1, 0, 1]
    assert outcome.findings.inputs["line"].tolist() == [9.0, 9.0, 50.0]
