"""The stage of a life from weekly sales (H9; science.md 4)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import linregress

from stockhub.formulas.elementwise import FloatArray
from stockhub.formulas.lifecycle.evidence import log_trend, seasonally_adjusted, stage_evidence
from stockhub.formulas.lifecycle.stage import DECLINE, END_OF_LIFE, INTRODUCTION, MATURITY, STAGES, lifecycle_stage
from stockhub.values import Explanation

NAN = math.nan
RANDOM = np.random.default_rng(5)


def stage_of(weekly: FloatArray | list[float], *, clearance: float = 0.0, off_season: float = 0.0) -> str | None:
    evidence = {name: float(value) for name, value in stage_evidence(np.array(weekly, dtype=np.float64))._asdict().items()}
    code = lifecycle_stage(clearance, off_season=off_season, **evidence)
    return None if math.isnan(code) else STAGES[int(code)]


def decided(**evidence: float) -> str:
    """A mature SKU, but for what a test changes."""
    usual = {
        "age_weeks": 60.0,
        "weeks_since_peak": 10.0,
        "share_of_peak_4": 0.9,
        "share_of_peak_8": 0.9,
        "slope": 0.0,
        "slope_p_value": 0.5,
    }
    return STAGES[int(lifecycle_stage(evidence.pop("clearance", 0.0), **{"off_season": 0.0, **usual, **evidence}))]


def test_h9_every_stage_has_its_evidence() -> None:
    ramp, plateau = [10.0 * 1.2**week for week in range(12)], [80.0] * 20
    assert stage_of(ramp[:7]) == "introduction"
    assert stage_of(ramp) == "growth"
    assert stage_of(ramp + plateau) == "maturity"
    assert stage_of(ramp + plateau + [80.0 * 0.9**week for week in range(12)]) == "decline"
    assert stage_of(ramp + plateau + [80.0 * 0.8**week for week in range(20)]) == "end_of_life"
    assert stage_of(plateau, clearance=1.0) == "liquidation"


def test_the_rules_at_their_edges() -> None:
    assert [decided(age_weeks=weeks) for weeks in (7.0, 8.0)] == ["introduction", "maturity"]
    assert [decided(share_of_peak_4=share, share_of_peak_8=0.2) for share in (0.149, 0.15)] == ["end_of_life", "decline"]
    assert [decided(share_of_peak_4=0.1, share_of_peak_8=0.2, weeks_since_peak=weeks) for weeks in (8.0, 7.0)] == ["end_of_life", "decline"]
    assert [decided(share_of_peak_8=share) for share in (0.69, 0.70)] == ["decline", "maturity"]
    assert [decided(share_of_peak_8=0.5, weeks_since_peak=weeks) for weeks in (6.0, 5.0)] == ["decline", "maturity"]
    assert [decided(share_of_peak_8=0.5, slope=slope, slope_p_value=0.1) for slope in (0.009, 0.01)] == ["decline", "maturity"]
    assert decided(share_of_peak_8=0.5, slope=0.03, slope_p_value=0.11) == "decline", "A recovery by chance is none."
    assert decided(share_of_peak_8=0.5, slope=0.03, slope_p_value=0.05) == "growth"
    assert [decided(slope=slope, slope_p_value=0.05) for slope in (0.02, 0.021)] == ["maturity", "growth"]
    assert decided(slope=0.05, slope_p_value=0.1) == "maturity"
    assert decided(clearance=1.0, age_weeks=3.0) == "liquidation"


def test_off_season_is_no_end_of_life() -> None:
    faded = {"share_of_peak_4": 0.05, "share_of_peak_8": 0.2}
    assert [decided(**faded, off_season=flag) for flag in (0.0, 1.0)] == ["end_of_life", "decline"]


def test_weeks_out_of_stock_do_not_look_like_decline() -> None:
    sold = [60.0] * 24
    assert stage_of(sold + [0.0] * 8) == "end_of_life"
    assert stage_of(sold + [NAN] * 8) == "maturity"
    assert stage_of(sold[:12] + [NAN] * 8 + sold[12:]) == stage_of(sold) == "maturity"
    assert stage_of([60.0, 61, NAN, NAN, NAN, NAN, NAN, NAN, NAN, 62]) is None, "Nine weeks old, but three are known."


def staged(series: FloatArray) -> FloatArray:
    zero = np.zeros(len(series))
    return lifecycle_stage(zero, off_season=zero, **stage_evidence(series)._asdict())


def test_a_season_that_comes_again_is_no_decline() -> None:
    """Two years and a half: wear for the winter, at the end of June, and demand that swings by 60 %, at any point of its year."""
    weeks = np.arange(130)
    winter = RANDOM.poisson(40 * np.clip(np.sin(2 * np.pi * weeks / 52), 0, 1) * np.ones((300, 1))).astype(np.float64)
    swinging = RANDOM.poisson(30 * (1 + 0.6 * np.sin(2 * np.pi * weeks / 52 + RANDOM.uniform(0, 6, (300, 1))))).astype(np.float64)
    for series, declining in ((winter, 0.99), (swinging, 0.3)):
        adjusted, seasonal = seasonally_adjusted(series)
        assert seasonal.mean() == 1.0
        assert (staged(series) == DECLINE).mean() >= declining
        assert (staged(adjusted) == DECLINE).mean() < 0.3
        assert (staged(adjusted) == MATURITY).mean() > 0.6


def test_one_season_cannot_be_told_from_decline_and_is_left_as_it_is() -> None:
    short = RANDOM.poisson(20.0, (2, 90)).astype(np.float64)
    adjusted, seasonal = seasonally_adjusted(short)
    np.testing.assert_array_equal(adjusted, short)
    assert seasonal.tolist() == [0.0, 0.0]


def test_many_skus_are_staged_as_each_alone() -> None:
    series = RANDOM.poisson(RANDOM.uniform(0, 30, (40, 1)) * np.linspace(0.2, 2, 40)).astype(np.float64)
    series[RANDOM.uniform(size=series.shape) < 0.15] = NAN
    series[0] = 0.0
    series[1] = NAN
    together = stage_evidence(series)
    for row, weekly in enumerate(series):
        np.testing.assert_array_equal([field[row] for field in together], list(stage_evidence(weekly)))
    codes = staged(series)
    assert [None if math.isnan(code) else STAGES[int(code)] for code in codes] == [stage_of(weekly) for weekly in series]
    assert np.isnan(codes[:2]).all(), "Never sold, and never known: no stage."


def test_the_evidence_of_a_short_life() -> None:
    evidence = stage_evidence(np.array([0.0, 0.0, NAN, 4.0, 8.0, 12.0, 16.0, 20.0]))
    assert evidence.age_weeks == 5.0, "Weeks before the first sale are no life."
    assert [float(evidence.weeks_since_peak), float(evidence.share_of_peak_4)] == [0.0, 1.0]
    assert np.isnan(evidence.share_of_peak_8)
    assert stage_of([0.0, 0.0, NAN, 4.0, 8.0, 12.0]) == "introduction"
    assert all(np.isnan(field) for field in stage_evidence(np.zeros(0)))
    assert stage_of([]) is None


def test_the_last_of_equal_peaks_counts() -> None:
    evidence = stage_evidence(np.array([9.0, 9, 9, 9, 1, 1, 1, 1, 9, 9, 9, 9, 5, 5]))
    assert [float(evidence.weeks_since_peak), float(evidence.share_of_peak_4)] == pytest.approx([2.0, 28 / 36])


@pytest.mark.parametrize("t", [3, 5, 12])
def test_the_trend_is_scipys(t: int) -> None:
    series = RANDOM.poisson(12.0, (20, t)).astype(np.float64)
    slope, p_value = log_trend(series)
    fits = [linregress(np.arange(t), np.log1p(row)) for row in series]
    np.testing.assert_allclose(slope, [fit.slope for fit in fits], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(p_value, [fit.pvalue for fit in fits], rtol=1e-7)


def test_trends_without_chance_in_them() -> None:
    slope, p_value = log_trend(np.array([[5.0, 5, 5, 5], [0, 0, 0, 0], np.expm1([0.0, 0.1, 0.2, 0.3]), [NAN, NAN, 5, 6]]))
    assert slope.tolist()[:3] == pytest.approx([0.0, 0.0, 0.1])
    assert p_value.tolist()[:3] == [1.0, 1.0, 0.0]
    assert np.isnan([slope[3], p_value[3]]).all()


def test_a_stage_explains_itself() -> None:
    names = ("age_weeks", "weeks_since_peak", "share_of_peak_4", "share_of_peak_8", "slope", "slope_p_value", "off_season")
    values = (60.0, 12.0, 0.3, 0.5, -0.05, 0.01, 0.0)
    evidence = {name: Explanation.input(name, value) for name, value in zip(names, values, strict=True)}
    tree = lifecycle_stage(Explanation.input("clearance", 0.0), **evidence)
    assert (tree.name, tree.unit, tree.value, tree.evaluate()) == ("lifecycle_stage", "stage", DECLINE, DECLINE)
    assert set(tree.inputs()) == {"clearance", *names}
    assert {"is_ended", "is_declining", "is_growing"} <= {node.name for node in tree.walk()}
    assert tree.fill({**dict(zip(names, values, strict=True)), "clearance": 0.0, "share_of_peak_4": 0.1}).value == END_OF_LIFE
    assert tree.fill({"clearance": 0.0, "age_weeks": 3.0}).value == INTRODUCTION, "Only what is asked has to be known."
