"""A fall that chance explains is none (H9)."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.lifecycle.chance import LEAST_FALL, confirmed_stage, fall_in_errors, is_chance
from stockhub.formulas.lifecycle.evidence import stage_evidence
from stockhub.formulas.lifecycle.stage import DECLINE, END_OF_LIFE, GROWTH, INTRODUCTION, LIQUIDATION, MATURITY, STAGES, lifecycle_stage
from stockhub.lifecycle.rules import SalesCurve
from stockhub.pluginapi.testing.lifecycle_rule import panel_of

NAN = math.nan


def test_the_fall_by_hand() -> None:
    # Before: ten weeks of 8 and 12, mean 10 and variance 10 × 4 / 9 < 10; then 5: (5 − 10) / √(10 · (1/8 + 1/10)).
    weekly = np.array([[8.0, 12.0] * 5 + [5.0] * 8])
    assert fall_in_errors(weekly)[0] == pytest.approx(-5.0 / math.sqrt(10.0 * (1 / 8 + 1 / 10)))
    # Twice the spread: the variance of the weeks themselves.
    wide = np.array([[0.5, 19.5] * 5 + [5.0] * 8])
    assert fall_in_errors(wide)[0] == pytest.approx(-5.0 / math.sqrt(9.5**2 * 10 / 9 * (1 / 8 + 1 / 10)))


def test_missing_weeks_are_as_if_they_had_not_been_and_too_few_say_nothing() -> None:
    weekly = np.array([[NAN, 8.0, NAN, 12.0, *[8.0, 12.0] * 4, NAN, *[5.0] * 8]])
    assert fall_in_errors(weekly)[0] == pytest.approx(-5.0 / math.sqrt(10.0 * (1 / 8 + 1 / 10)))
    assert np.isnan(fall_in_errors(np.array([[8.0] * 7 + [5.0] * 8, [0.0] * 15, [NAN] * 15]))).all()
    assert np.isnan(fall_in_errors(np.zeros((2, 3)))).all()
    assert is_chance(np.array([NAN, LEAST_FALL, LEAST_FALL + 1e-9, 3.0])).tolist() == [0.0, 0.0, 1.0, 1.0]


def test_only_a_decline_or_an_end_can_be_chance() -> None:
    steady, rising = {"slope": 0.0, "slope_p_value": 1.0}, {"slope": 0.03, "slope_p_value": 0.01}
    kept = [confirmed_stage(stage, 1.0, **steady) for stage in (INTRODUCTION, GROWTH, MATURITY, DECLINE, END_OF_LIFE, LIQUIDATION)]
    assert kept == [INTRODUCTION, GROWTH, MATURITY, MATURITY, MATURITY, LIQUIDATION]
    assert confirmed_stage(DECLINE, 1.0, **rising) == GROWTH
    assert [confirmed_stage(stage, 0.0, **steady) for stage in (DECLINE, END_OF_LIFE)] == [DECLINE, END_OF_LIFE]


def stages(weekly: FloatArray) -> list[int]:
    found: list[int] = SalesCurve().evaluate(panel_of(weekly)).stage.tolist()
    return found


def test_h9_a_steady_slow_seller_is_not_in_decline_and_one_whose_sales_broke_down_is() -> None:
    rng = np.random.default_rng(1)
    steady = rng.poisson(3.0, (500, 80)).astype(np.float64)
    falls = {STAGES.index("decline"), STAGES.index("end_of_life")}
    found = stages(steady)
    assert sum(stage in falls for stage in found) < 0.06 * len(found)
    zero = np.zeros(len(steady))
    by_curve = lifecycle_stage(zero, off_season=zero, **stage_evidence(steady)._asdict())
    assert np.isin(by_curve, list(falls)).mean() > 0.6, "By the curve alone most of them were."
    broken = steady.copy()
    broken[:, -12:] = rng.binomial(broken[:, -12:].astype(np.int64), 0.2)
    assert sum(stage in falls for stage in stages(broken)) > 0.9 * len(steady)


@pytest.mark.parametrize("still", [9, 13, 20, 26, 40, 52, 60, 80, 95])
def test_h9_what_has_lain_still_for_long_is_at_its_end_however_long(still: int) -> None:
    rng = np.random.default_rng(2)
    weekly = np.concatenate([rng.poisson(3.0, (200, 35)), np.zeros((200, still))], axis=1).astype(np.float64)
    assert set(stages(weekly)) == {STAGES.index("end_of_life")}


def test_h9_the_suite_of_stages_is_told_no_worse(shared: Path) -> None:
    cases = json.loads((shared / "vectors/science/lifecycle_stage.json").read_text(encoding="utf-8"))["cases"]
    told = []
    for case in cases:
        weekly = np.array([case["inputs"]["weekly_units"]], np.float64)
        told.append(STAGES[SalesCurve().evaluate(panel_of(weekly, is_clearance=case["inputs"]["clearance_flag"])).stage[0]])
    truth = [case["expected"]["stage"] for case in cases]
    scores = []
    for stage in sorted(set(truth)):
        hit = sum(t == p == stage for t, p in zip(truth, told, strict=True))
        wrong = sum((t == stage) != (p == stage) for t, p in zip(truth, told, strict=True))
        scores.append(2 * hit / (2 * hit + wrong))
    assert float(np.mean(scores)) == pytest.approx(0.931, abs=0.001)
