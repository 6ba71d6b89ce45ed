"""The built-in rule keeps the contract that it shows to plugin authors."""

from __future__ import annotations

import numpy as np

from stockhub.lifecycle.rules import SalesCurve
from stockhub.pluginapi.testing import LifecycleRuleContract
from stockhub.pluginapi.testing.lifecycle_rule import panel_of
from stockhub.values.stages import STAGES
from tests.lifecycle.lives import LIVES
from tests.lifecycle.lives import STAGES as OF_LIVES


class TestSalesCurve(LifecycleRuleContract):
    rule = SalesCurve()


def padded(weekly: list[float], weeks: int = 60) -> list[float]:
    return [np.nan] * (weeks - len(weekly)) + weekly


def test_h9_the_stage_of_each_life() -> None:
    found = SalesCurve().evaluate(panel_of([padded(weekly) for weekly in LIVES.values()]))
    assert {code: STAGES[stage] for code, stage in zip(LIVES, found.stage.tolist(), strict=True)} == OF_LIVES


def test_h9_a_trough_that_has_been_seen_once_is_no_decline_and_a_new_sku_off_season_is_new() -> None:
    lives = [padded(LIVES["DOWN"]), padded(LIVES["NEW"]), padded(LIVES["OVER"])]
    found = SalesCurve().evaluate(panel_of(lives, is_off_season=True))
    assert found.stage.tolist() == [-1, 0, -1]
    assert found.reasons["OFF_SEASON"].tolist() == [True, False, True]


def test_the_true_age_counts_where_it_is_known() -> None:
    found = SalesCurve().evaluate(panel_of([padded(LIVES["UP"][:8])] * 2, age_weeks=[3.0, 30.0]))
    assert found.evidence["age_weeks"].tolist() == [8.0, 30.0]
    new = SalesCurve().evaluate(panel_of([padded(LIVES["NEW"])], age_weeks=30.0))
    assert (new.stage.tolist(), new.reasons["TOO_FEW_WEEKS"].tolist()) == ([-1], [True])
