"""What a forecaster has learned is kept by the host as its own bytes and given back with another batch."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest

from stockhub.pluginapi import ForecastBatch, Panel
from stockhub.pluginhost import codec, supervision
from stockhub.pluginhost.errors import InvalidAnswerError, ProviderFailedError
from stockhub.pluginhost.forecasting import fit_forecaster, run_forecaster
from stockhub.pluginhost.wire import Declared

LEAD_TIMES, LEVELS = (7, 14), (0.5, 0.9)


@pytest.fixture(autouse=True, scope="module")
def _runners_end() -> Iterator[None]:
    yield
    supervision.stop_all()


def panel_of(n: int) -> Panel:
    rng = np.random.default_rng(7)
    values = rng.poisson(rng.gamma(2.0, 2.0, (n, 1)), (n, 150)).astype(np.float32)
    return Panel(np.arange(n, dtype=np.int64) + 1, date(2026, 1, 1), values, np.ones(values.shape, np.bool_))


def sums(panel: Panel, kept: bytes | None) -> np.ndarray:
    answer = run_forecaster("lead-time", ForecastBatch(panel, 1, LEVELS, LEAD_TIMES), kept=kept, recorded=False)
    assert answer.lead_time_quantiles is not None
    return answer.lead_time_quantiles


def test_given_what_was_learned_of_all_a_batch_equals_its_members_one_by_one() -> None:
    panel = panel_of(40)
    kept = fit_forecaster("lead-time", panel, LEAD_TIMES, recorded=False)
    whole = sums(panel, kept)
    np.testing.assert_array_equal(whole, sums(panel, None))
    for rows in ([0], [7, 8, 9], list(range(20, 40))):
        np.testing.assert_array_equal(sums(panel.rows(np.array(rows)), kept), whole[rows])
    # By itself a small batch calibrates otherwise: that is what the kept bytes are for.
    assert not np.array_equal(sums(panel.rows(np.array([0])), None), whole[:1])


def test_the_same_is_learned_as_the_same_bytes() -> None:
    assert fit_forecaster("lead-time", panel_of(30), LEAD_TIMES, recorded=False) == fit_forecaster(
        "lead-time", panel_of(30), LEAD_TIMES, recorded=False
    )


def test_a_built_in_forecaster_learns_nothing_and_takes_it_back() -> None:
    kept = fit_forecaster("recent-average", panel_of(3), (), recorded=False)
    answer = run_forecaster("recent-average", ForecastBatch(panel_of(3), 2, LEVELS), kept=kept, recorded=False)
    assert answer.mean.shape == (3, 2)


def test_bytes_that_are_not_its_own_are_its_failure_and_nobody_elses() -> None:
    with pytest.raises(ProviderFailedError) as failed:
        run_forecaster("lead-time", ForecastBatch(panel_of(3), 1, LEVELS, LEAD_TIMES), kept=b"not a state", recorded=False)
    assert failed.value.code == "raised"


def test_objects_do_not_travel_and_neither_does_an_answer_of_another_shape() -> None:
    with pytest.raises(InvalidAnswerError, match="holds objects"):
        codec.pack_state({"x": np.array([object()])})
    for declared in ((), (Declared("state", "<f8", (3,)),), (Declared("other", "|u1", (3,)),), (Declared("state", "|u1", (3, 3)),)):
        with pytest.raises(InvalidAnswerError, match="not what a forecaster has learned"):
            codec.admit_state(declared)
    with pytest.raises(InvalidAnswerError, match="are allowed"):
        codec.admit_state((Declared("state", "|u1", (codec.MOST_STATE_BYTES + 1,)),))
