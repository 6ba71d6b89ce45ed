"""The built-in life-cycle rule: the sales curve of science.md 4, after Levitt 1965 and Polli & Cook 1969."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

import numpy as np

from stockhub.formulas.demand.seasonality import WEEKS, deseasonalised, is_seasonal, off_season, seasonal_indices
from stockhub.formulas.elementwise import N
from stockhub.formulas.lifecycle.chance import confirmed_stage, fall_in_errors, is_chance
from stockhub.formulas.lifecycle.evidence import stage_evidence
from stockhub.formulas.lifecycle.stage import DECLINE, END_OF_LIFE, lifecycle_stage
from stockhub.pluginapi.lifecycle_rule import NO_STAGE, LifecyclePanel, LifecycleRule, StageFindings
from stockhub.pluginapi.snapshot import FloatArray
from stockhub.values import Explanation, Label

NO_SALES: Final = "NO_SALES"
TOO_FEW_WEEKS: Final = "TOO_FEW_WEEKS"
OFF_SEASON: Final = "OFF_SEASON"
#: Evidence that the formula takes.
_TAKEN: Final = (
    "clearance", "age_weeks", "weeks_since_peak", "share_of_peak_4", "share_of_peak_8", "slope", "slope_p_value", "off_season",
)  # fmt: skip


class SalesCurve(LifecycleRule):
    """Reads the stage off the curve of weekly sales: how old, how far below the peak and since when, and where the trend points."""

    slug: ClassVar[str] = "sales-curve"
    label: ClassVar[Label] = Label("Sales curve", "销售曲线")
    description: ClassVar[Label] = Label(
        "Age, distance from the peak of four weeks, and the trend of twelve; without the season where two years are known, and without "
        "falls that may be chance.",
        "依据上市周数、与四周峰值的距离及十二周趋势判断；有两年数据时先去除季节性，并排除可能出于偶然的下降。",
    )

    def evaluate(self, panel: LifecyclePanel) -> StageFindings:
        adjusted, seasonal, off = _without_season(panel)
        found = stage_evidence(adjusted)
        age = np.fmax(found.age_weeks, panel.age_weeks)
        evidence = {
            **{name: values for name, values in found._asdict().items() if name != "age_weeks"},
            "age_weeks": age,
            "clearance": panel.is_clearance.astype(np.float64),
            "off_season": off,
            "seasonal": seasonal,
        }
        fall = fall_in_errors(adjusted)
        evidence |= {"fall_in_errors": fall, "fall_is_chance": is_chance(fall)}
        code = np.asarray(_stage(evidence), np.float64)
        # A trough of a season that has been seen but once cannot be told from decline.
        is_trough = ((code == DECLINE) | (code == END_OF_LIFE)) & (off == 1.0) & (seasonal != 1.0)
        known = ~np.isnan(code) & ~is_trough
        sold = (panel.weekly > 0).any(axis=1)
        return StageFindings(
            stage=np.where(known, np.nan_to_num(code), NO_STAGE).astype(np.int8),
            evidence={name: np.asarray(values, np.float64) for name, values in sorted(evidence.items())},
            reasons={
                OFF_SEASON: is_trough,
                NO_SALES: ~known & ~is_trough & ~sold,
                TOO_FEW_WEEKS: ~known & ~is_trough & sold,
            },
        )

    def explain(self, evidence: Mapping[str, Explanation]) -> Explanation:
        return _stage(evidence)

    def evidence_labels(self) -> Mapping[str, Label]:
        return {
            "age_weeks": Label("Weeks on sale", "上市周数"),
            "clearance": Label("Being cleared", "正在清仓"),
            "fall_in_errors": Label("Fall in standard errors", "下降幅度（标准误）"),
            "fall_is_chance": Label("The fall may be chance", "下降可能出于偶然"),
            "off_season": Label("Off season", "处于淡季"),
            "seasonal": Label("Follows the year", "具有季节性"),
            "share_of_peak_4": Label("Last four weeks over the peak", "近四周销量占峰值比例"),
            "share_of_peak_8": Label("Last eight weeks over the peak", "近八周销量占峰值比例"),
            "slope": Label("Trend a week of twelve weeks", "近十二周每周趋势"),
            "slope_p_value": Label("Chance of such a trend", "趋势的显著性 p 值"),
            "weeks_since_peak": Label("Weeks since the peak", "距峰值周数"),
            # Steps of the formula.
            "is_ended": Label("Next to nothing is left", "已接近停销"),
            "is_declining": Label("Falls", "下降"),
            "is_growing": Label("Rises", "上升"),
            "lifecycle_stage": Label("Stage by the curve", "按曲线判定的阶段"),
            "confirmed_stage": Label("Stage", "阶段"),
        }


def _stage(evidence: Mapping[str, N]) -> N:
    """The stage by the rules of science.md 4, without falls that are no more than chance."""
    by_curve: N = lifecycle_stage(**{name: evidence[name] for name in _TAKEN})
    trend = {name: evidence[name] for name in ("slope", "slope_p_value")}
    return confirmed_stage(by_curve, evidence["fall_is_chance"], **trend)


def _without_season(panel: LifecyclePanel) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The series (n, t) without its season where two are known; whether it has one (n,), NaN where nobody can tell; and off season (n,)."""
    n, t = panel.weekly.shape
    seasonal = is_seasonal(panel.weekly, WEEKS) if n else np.zeros(0)
    adjusted, off = panel.weekly, panel.is_off_season.astype(np.float64)
    rows = np.flatnonzero(seasonal == 1.0)
    if len(rows):
        adjusted = adjusted.copy()
        indices = seasonal_indices(panel.weekly[rows], WEEKS)
        adjusted[rows] = deseasonalised(panel.weekly[rows], indices)
        off[rows] = np.fmax(off[rows], off_season(indices, t - 1))
    return adjusted, seasonal, off


#: In the order in which they are offered; the first is used where nobody has chosen.
BUILT_IN: Final = (SalesCurve(),)
