"""The contract of a life-cycle rule, as tests that a plugin author runs against his own."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi.lifecycle_rule import NO_STAGE, STAGES, LifecyclePanel, LifecycleRule, StageFindings
from stockhub.pluginapi.manifest import SLUG_PATTERN
from stockhub.values import Explanation

_REASON_PATTERN = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
#: Weeks of the panels below: more than two years, so that a season can be seen.
WEEKS = 110


def _require(condition: object, message: str) -> None:
    """Fails the test. Not `assert`, which pytest does not explain outside test files and `python -O` removes."""
    if not condition:
        raise AssertionError(message)


def panel_of(weekly: Any, *, age_weeks: Any = None, is_clearance: Any = False, is_off_season: Any = False) -> LifecyclePanel:  # noqa: ANN401 - anything that is an array
    """A read-only panel of series (n, t). Ages are those of the first known week unless given."""
    series = np.array(weekly, np.float64)
    n, t = series.shape
    known = np.isfinite(series)
    first = np.where(known.any(axis=1), t - (known.argmax(axis=1) if t else 0), np.nan)
    arrays: tuple[NDArray[Any], ...] = (
        np.arange(n, dtype=np.int64) * 7 + 1001,
        series,
        np.array(first if age_weeks is None else np.broadcast_to(age_weeks, n), np.float64),
        np.array(np.broadcast_to(is_clearance, n), np.bool_),
        np.array(np.broadcast_to(is_off_season, n), np.bool_),
    )
    for array in arrays:
        array.setflags(write=False)
    ids, series, ages, clearance, off_season = arrays
    return LifecyclePanel(ids, date(2026, 3, 1), series, ages, clearance, off_season)


def shapes(*, seed: int = 11, weeks: int = WEEKS) -> LifecyclePanel:
    """Lives of every shape: steady, rising, falling, ended, seasonal, new, rare, with gaps, with next to nothing known."""
    rng = np.random.default_rng(seed)
    week = np.arange(weeks, dtype=np.float64)
    means = [
        np.full(weeks, 20.0), np.full(weeks, 0.3), 5.0 * np.exp(0.03 * week), 80.0 * np.exp(-0.03 * week),
        np.where(week < weeks - 30, 30.0, 0.4), np.where(week < weeks - 12, 30.0, 12.0),
        10.0 + 9.0 * np.sin(2 * np.pi * week / 52), np.where(week > weeks - 6, 15.0, np.nan), np.where(week > weeks - 20, 15.0, np.nan),
        np.zeros(weeks), np.full(weeks, 1e7),
    ]  # fmt: skip
    series = np.array([np.where(np.isnan(mean), np.nan, rng.poisson(np.nan_to_num(mean))) for mean in means])
    gaps = np.where(rng.random(series.shape) < 0.2, np.nan, series)
    known = np.stack([np.where(week > weeks - 1 - count, 5.0, np.nan) for count in (0, 1, 2, 3)])
    every = np.concatenate([series, gaps, known])
    flags = rng.random((2, len(every))) < 0.2
    return panel_of(every, is_clearance=flags[0], is_off_season=flags[1])


class LifecycleRuleContract:
    """Subclass it in a test file and name the rule; pytest finds the rest.

        class TestMyRule(LifecycleRuleContract):
            rule = MyRule()

    Needs neither Django nor a database.
    """

    rule: LifecycleRule

    def panel(self) -> LifecyclePanel:
        return shapes()

    def test_has_a_slug_and_labels(self) -> None:
        rule = self.rule
        _require(SLUG_PATTERN.fullmatch(rule.slug), f"slug {rule.slug!r} must be lower-case words joined by hyphens")
        for what, label in (("label", rule.label), ("description", rule.description)):
            _require(label.en.strip() and label.zh.strip(), f"{what} needs English and Chinese")

    def test_the_answer_has_a_stage_for_every_row(self) -> None:
        for panel in (self.panel(), self.panel().rows(np.array([3])), panel_of(np.zeros((0, WEEKS))), panel_of(np.zeros((2, 0)))):
            n, found = len(panel), self.rule.evaluate(panel)
            _require(found.stage.shape == (n,) and found.stage.dtype == np.int8, f"stage is int8 of shape ({n},)")
            _require(((found.stage >= NO_STAGE) & (found.stage < len(STAGES))).all(), "a stage is a position in STAGES, or NO_STAGE")
            for name, values in found.evidence.items():
                _require(values.shape == (n,) and values.dtype == np.float64, f"evidence {name} is float64 of shape ({n},)")
                _require(not np.isinf(values).any(), f"evidence {name} is infinite: no data is NaN")
            for code, rows in found.reasons.items():
                _require(_REASON_PATTERN.fullmatch(code), f"reason {code!r} must be upper-case words joined by underscores")
                _require(rows.shape == (n,) and rows.dtype == np.bool_, f"reason {code} is bool of shape ({n},)")

    def test_a_row_without_a_stage_says_why(self) -> None:
        found = self.rule.evaluate(self.panel())
        explained = np.logical_or.reduce([np.zeros(len(found.stage), np.bool_), *found.reasons.values()])
        _require(explained[found.stage == NO_STAGE].all(), "a row has no stage and no reason holds for it")

    def test_of_a_series_of_which_nothing_is_known_nothing_is_said(self) -> None:
        found = self.rule.evaluate(panel_of(np.full((1, WEEKS), np.nan)))
        _require(found.stage.tolist() == [NO_STAGE], "a stage was told on no data")

    def test_every_evidence_has_a_name_in_both_languages(self) -> None:
        labels = self.rule.evidence_labels()
        for name in self.rule.evaluate(self.panel()).evidence:
            label = labels.get(name)
            _require(label and label.en.strip() and label.zh.strip(), f"evidence {name} needs a label in English and Chinese")

    def test_the_panel_is_left_as_it_is(self) -> None:
        panel = self.panel()
        before = panel.weekly.copy()
        self.rule.evaluate(panel)
        _require(np.array_equal(before, panel.weekly, equal_nan=True), "the panel was changed")

    def test_a_row_does_not_depend_on_its_neighbours(self) -> None:
        panel = self.panel()
        rows = np.random.default_rng(1).permutation(len(panel))[:12]
        whole, part = self.rule.evaluate(panel), self.rule.evaluate(panel.rows(rows))
        _require(np.array_equal(whole.stage[rows], part.stage), "a stage differs when the row has other neighbours")
        again = self.rule.evaluate(panel)
        _require(np.array_equal(whole.stage, again.stage), "two calls differ")

    def test_the_explanation_gives_the_stage(self) -> None:
        found = self.rule.evaluate(self.panel())
        tree = self._tree(found)
        _require(set(tree.inputs()) <= set(found.evidence), "the explanation needs inputs that the evidence does not hold")
        for row in np.flatnonzero(found.stage != NO_STAGE).tolist():
            told = tree.fill({name: float(values[row]) for name, values in found.evidence.items()}).evaluate()
            _require(told == float(found.stage[row]), f"the explanation gives {told}, the rule {found.stage[row]}")

    def test_the_explanation_is_a_template(self) -> None:
        document = json.loads(json.dumps(self._tree(self.rule.evaluate(self.panel())).to_json()))
        _require(Explanation.from_json(document).to_json() == document, "the explanation does not survive JSON")

    def _tree(self, found: StageFindings) -> Explanation:
        return self.rule.explain({name: Explanation.input(name) for name in found.evidence})
