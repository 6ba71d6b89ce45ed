"""The contract of a forecaster, as tests that a plugin author runs against his own."""

from __future__ import annotations

import pickle
import random
import re
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from stockhub.pluginapi import ForecastBatch, Forecaster, ForecasterCapability, ForecastResult, Panel
from stockhub.pluginapi.manifest import SLUG_PATTERN
from stockhub.pluginapi.testing.series import panel_from, panel_of_shapes, rows_of, with_calendar

_REASON_PATTERN = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")


def _require(condition: object, message: str) -> None:
    """Fails the test. Not `assert`, which pytest does not explain outside test files and `python -O` removes."""
    if not condition:
        raise AssertionError(message)


class ForecasterContract:
    """Subclass it in a test file and name the forecaster; pytest finds the rest.

        class TestMyForecaster(ForecasterContract):
            forecaster = MyForecaster()

    Needs neither Django nor a database. Every series that `stockhub.pluginapi.testing.series` knows is given, save those that are shorter
    than the forecaster's `min_history_days`.
    """

    forecaster: Forecaster
    horizon: ClassVar[int] = 14
    quantile_levels: ClassVar[tuple[float, ...]] = (0.5, 0.8, 0.9, 0.95, 0.98)
    lead_time_days: ClassVar[tuple[int, ...]] = (7, 14)
    #: How much an answer may depend on the batch around it. 0 is reachable by models of one series; matrix products round differently.
    relative_tolerance: ClassVar[float] = 1e-5

    def panel(self) -> Panel:
        return panel_of_shapes(self.forecaster.min_history_days)[1]

    def answer(self, panel: Panel, fitted_on: Panel | None = None) -> ForecastResult:
        """Fits, on another panel where given, and forecasts."""
        lead_times = self.lead_time_days if ForecasterCapability.LEAD_TIME_SUMS in self.forecaster.capabilities else ()
        state = self.forecaster.fit_for(panel if fitted_on is None else fitted_on, lead_times)
        return self.forecaster.forecast(ForecastBatch(panel, self.horizon, self.quantile_levels, lead_times), state)

    # Identity

    def test_has_a_slug_and_a_name_in_both_languages(self) -> None:
        _require(SLUG_PATTERN.fullmatch(self.forecaster.slug), f"slug {self.forecaster.slug!r} must be lower-case words joined by hyphens")
        _require(self.forecaster.name.en.strip() and self.forecaster.name.zh.strip(), "name needs English and Chinese")
        _require(self.forecaster.min_history_days >= 1, "min_history_days starts at 1")

    def test_the_state_travels_between_processes(self) -> None:
        panel = self.panel()
        state = self.forecaster.fit(panel)
        _require(all(isinstance(array, np.ndarray) for array in state.values()), "the state holds arrays")
        copy = pickle.loads(pickle.dumps(dict(state)))  # noqa: S301  pickled a moment ago
        batch = ForecastBatch(panel, self.horizon, self.quantile_levels)
        np.testing.assert_array_equal(self.forecaster.forecast(batch, copy).mean, self.forecaster.forecast(batch, state).mean)

    # The answer's form

    def test_shapes_and_types(self) -> None:
        panel = self.panel()
        self.require_form(self.answer(panel), panel.values.shape[0], self.horizon, len(self.quantile_levels))

    def test_one_day_ahead_and_no_quantiles(self) -> None:
        panel = self.panel()
        result = self.forecaster.forecast(ForecastBatch(panel, 1, ()), self.forecaster.fit(panel))
        self.require_form(result, panel.values.shape[0], 1, 0)

    def test_no_series_gives_no_rows(self) -> None:
        panel = self.panel()
        empty = rows_of(panel, np.empty(0, np.int64))
        self.require_form(self.answer(empty, fitted_on=panel), 0, self.horizon, len(self.quantile_levels))

    def require_form(self, result: ForecastResult, n: int, horizon: int, levels: int) -> None:
        _require(result.mean.shape == (n, horizon), f"mean must be {(n, horizon)}, is {result.mean.shape}")
        _require(result.quantiles.shape == (n, levels, horizon), f"quantiles must be {(n, levels, horizon)}, is {result.quantiles.shape}")
        _require(result.error_sd.shape == (n,), f"error_sd must be {(n,)}, is {result.error_sd.shape}")
        for name in ("mean", "quantiles", "error_sd"):
            _require(getattr(result, name).dtype == np.float32, f"{name} must be float32")
        _require(all(0 <= row < n for row in result.unfit), "unfit names positions in the batch")

    def test_lead_time_quantiles_come_with_their_capability_only(self) -> None:
        panel = self.panel()
        sums = self.answer(panel).lead_time_quantiles
        if ForecasterCapability.LEAD_TIME_SUMS not in self.forecaster.capabilities:
            _require(sums is None, "LEAD_TIME_SUMS is not declared")
            return
        shape = (panel.values.shape[0], len(self.quantile_levels), len(self.lead_time_days))
        _require(sums is not None and sums.shape == shape and sums.dtype == np.float32, f"lead_time_quantiles must be float32 {shape}")
        if sums is not None:
            self.require_quantities(sums, "lead_time_quantiles")
            _require((np.diff(sums, axis=1) >= 0).all(), "lead_time_quantiles must ascend")

    # The answer's numbers

    def test_means_and_quantiles_are_finite_and_not_negative(self) -> None:
        result = self.answer(self.panel())
        self.require_quantities(result.mean, "mean")
        self.require_quantities(result.quantiles, "quantiles")

    def test_quantiles_ascend(self) -> None:
        _require((np.diff(self.answer(self.panel()).quantiles, axis=1) >= 0).all(), "quantiles must ascend over the levels")

    def test_error_deviation_is_nan_or_not_negative(self) -> None:
        deviations = self.answer(self.panel()).error_sd
        _require((np.isnan(deviations) | (np.isfinite(deviations) & (deviations >= 0))).all(), "error_sd must be NaN or at least 0")

    def test_unfit_rows_have_a_reason_code(self) -> None:
        for row, reason in self.answer(self.panel()).unfit.items():
            _require(type(row) is int, f"unfit position {row!r} must be an int")
            _require(_REASON_PATTERN.fullmatch(reason), f"unfit reason {reason!r} must be a code such as SHORT_HISTORY")

    def test_a_series_that_was_never_observed_is_unfit(self) -> None:
        names, panel = panel_of_shapes(self.forecaster.min_history_days)
        _require(names.index("never_observed") in self.answer(panel).unfit, "nothing is known about it")

    def test_constant_demand_is_forecast_in_its_own_size(self) -> None:
        names, panel = panel_of_shapes(self.forecaster.min_history_days)
        result = self.answer(panel)
        row = names.index("constant")
        _require(row not in result.unfit, "120 days of constant demand must be forecast")
        _require(((result.mean[row] > 2.5) & (result.mean[row] < 10.0)).all(), f"five a day were forecast as {result.mean[row]}")

    def test_huge_demand_is_forecast_in_its_own_size(self) -> None:
        names, panel = panel_of_shapes(self.forecaster.min_history_days)
        result = self.answer(panel)
        row = names.index("huge")
        _require(row in result.unfit or ((result.mean[row] > 5e8) & (result.mean[row] < 2e9)).all(), "1e9 a day lost its size")

    def test_open_days_and_drivers_are_accepted_and_change_no_form(self) -> None:
        for days_ahead in (0, self.horizon):
            panel = with_calendar(self.panel(), days_ahead)
            result = self.answer(panel)
            self.require_form(result, panel.values.shape[0], self.horizon, len(self.quantile_levels))
            self.require_quantities(result.mean, "mean")
            self.require_quantities(result.quantiles, "quantiles")

    def require_quantities(self, values: NDArray[np.float32], name: str) -> None:
        _require(np.isfinite(values).all(), f"{name} must be finite, on unfit rows, too")
        _require((values >= 0).all(), f"{name} must not be negative")

    # The same question, the same answer

    def test_same_panel_same_answer(self) -> None:
        panel = self.panel()
        self.require_equal(self.answer(panel), self.answer(panel), 0.0)

    def test_order_of_the_series_does_not_matter(self) -> None:
        panel = self.panel()
        order = np.random.default_rng(3).permutation(panel.values.shape[0])
        whole = self.answer(panel)
        self.require_equal(self.answer(rows_of(panel, order), fitted_on=panel), self.some_of(whole, order), self.relative_tolerance)

    def test_a_batch_equals_its_members_one_by_one(self) -> None:
        panel = self.panel()
        whole = self.answer(panel)
        for row in range(panel.values.shape[0]):
            alone = np.array([row])
            self.require_equal(self.answer(rows_of(panel, alone), fitted_on=panel), self.some_of(whole, alone), self.relative_tolerance)

    def test_days_that_were_not_observed_have_no_say(self) -> None:
        panel = self.panel()
        changed = np.where(panel.observed, panel.values, np.float32(777.0))
        self.require_equal(self.answer(panel_from(changed, panel.observed)), self.answer(panel), self.relative_tolerance)

    def test_arguments_are_not_changed(self) -> None:
        panel = self.panel()
        state = self.forecaster.fit(panel)
        before = pickle.dumps((panel, dict(state)))
        self.forecaster.forecast(ForecastBatch(panel, self.horizon, self.quantile_levels), state)
        _require(pickle.dumps((panel, dict(state))) == before, "the panel or the state was changed")

    def test_global_random_generators_are_neither_read_nor_moved(self) -> None:
        panel = self.panel()
        random.seed(1)
        np.random.seed(1)  # noqa: NPY002  the global generator is what is tested
        numbers, arrays = random.getstate(), pickle.dumps(np.random.get_state())  # noqa: NPY002
        first = self.answer(panel)
        _require(random.getstate() == numbers, "the generator of `random` was used")
        _require(pickle.dumps(np.random.get_state()) == arrays, "the global generator of numpy was used")  # noqa: NPY002
        random.seed(2)
        np.random.seed(2)  # noqa: NPY002
        self.require_equal(self.answer(panel), first, 0.0)

    def some_of(self, result: ForecastResult, rows: NDArray[np.int64]) -> ForecastResult:
        unfit = {place: result.unfit[row] for place, row in enumerate(rows.tolist()) if row in result.unfit}
        return ForecastResult(result.mean[rows], result.quantiles[rows], result.error_sd[rows], unfit)

    def require_equal(self, actual: ForecastResult, expected: ForecastResult, tolerance: float) -> None:
        _require(dict(actual.unfit) == dict(expected.unfit), f"unfit differs: {actual.unfit} and {expected.unfit}")
        for name in ("mean", "quantiles", "error_sd"):
            np.testing.assert_allclose(getattr(actual, name), getattr(expected, name), rtol=tolerance, atol=tolerance, err_msg=name)
