"""The contract of a source of market signals, as tests that a plugin author runs against his own."""

from __future__ import annotations

import numpy as np

from stockhub.pluginapi.manifest import SLUG_PATTERN
from stockhub.pluginapi.market_signal import MarketFact, MarketSeries, MarketSignalSource, SignalFindings


def _require(condition: object, message: str) -> None:
    """Fails the test. Not `assert`, which pytest does not explain outside test files and `python -O` removes."""
    if not condition:
        raise AssertionError(message)


class MarketSignalContract:
    """Subclass it in a test file and name the source; pytest finds the rest.

        class TestMySource(MarketSignalContract):
            source = MySource()

    Needs neither Django nor a database.
    """

    source: MarketSignalSource

    def _judged(self, weekly: list[list[float]]) -> SignalFindings:
        values = np.array(weekly, np.float64).reshape(-1, 5)
        values.flags.writeable = False
        stale = np.zeros(len(values), np.bool_)
        return self.source.judge(MarketSeries(self.source.fact, self.source.of_rival, values, stale))

    def test_has_a_slug_a_name_in_both_languages_and_a_fact(self) -> None:
        _require(SLUG_PATTERN.fullmatch(self.source.slug), f"slug {self.source.slug!r} must be lower-case words joined by hyphens")
        _require(self.source.name.en.strip() and self.source.name.zh.strip(), "name needs English and Chinese")
        _require(isinstance(self.source.fact, MarketFact), "fact must be a member of MarketFact")
        _require(1 <= self.source.lasts_days <= 60, "lasts_days lies between 1 and 60")

    def test_what_does_not_change_is_no_signal(self) -> None:
        found = self._judged([[40.0] * 5, [1.0] * 5, [0.0] * 5])
        _require(np.isnan(found.factor).all(), "a figure that stays as it is gives a factor")

    def test_what_is_not_known_is_no_signal(self) -> None:
        nan = float("nan")
        found = self._judged([[nan] * 5, [nan, nan, nan, nan, 8.0], [40.0, 40.0, 40.0, 40.0, nan]])
        _require(np.isnan(found.factor).all(), "a figure without a past, or without a last week, gives a factor")

    def test_gives_positive_factors_with_their_figures_and_nothing_for_no_series(self) -> None:
        weekly = [[40.0, 42.0, 38.0, 40.0, last] for last in (0.0, 1.0, 8.0, 20.0, 40.0, 80.0, 400.0, 1e9)]
        found = self._judged(weekly)
        said = ~np.isnan(found.factor)
        _require(found.factor.shape == found.before.shape == found.after.shape == (len(weekly),), "an answer has another shape")
        _require(said.any(), "not even ten times the figure, or a fortieth of it, is a signal")
        _require((found.factor[said] > 0).all() and np.isfinite(found.factor[said]).all(), "a factor is not positive and finite")
        _require(np.isfinite(found.before[said]).all() and np.isfinite(found.after[said]).all(), "a factor lacks its figures")
        _require(self._judged([]).factor.shape == (0,), "no series gives an answer")

    def test_each_is_judged_by_itself(self) -> None:
        weekly = [[40.0, 40.0, 40.0, 40.0, 8.0], [10.0, 12.0, 9.0, 11.0, 30.0], [5.0] * 5]
        together = self._judged(weekly).factor
        alone = np.concatenate([self._judged([row]).factor for row in weekly])
        _require(np.array_equal(together, alone, equal_nan=True), "a series' factor depends on the others")
