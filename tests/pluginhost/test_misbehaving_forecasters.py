"""Row 14 of the promises, at run time: what a forecaster does wrong is named, costs itself alone, and never becomes a number."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable

import numpy as np
import pytest
from pytest_django.fixtures import Settings

from stockhub.pluginapi import ForecastBatch
from stockhub.pluginhost import supervision
from stockhub.pluginhost.errors import ProviderFailedError
from stockhub.pluginhost.forecasting import run_forecaster
from stockhub.pluginhost.models import Provider
from stockhub.pluginhost.registry import registry
from tests.pluginhost.plugin_site import PluginSite

pytestmark = pytest.mark.django_db
MakeBatch = Callable[..., ForecastBatch]

#: Forecaster, the code of its failure, and how the message starts.
BAD = [
    ("raises", "raised", "It raised ZeroDivisionError: api_key=[redacted] was of no use"),
    ("answers-nan", "not_finite", "mean has NaN or infinity."),
    ("answers-infinity", "not_finite", "quantiles has NaN or infinity."),
    ("answers-negative", "negative", "mean is negative somewhere."),
    ("answers-descending", "not_ascending", "quantiles must ascend over the quantile levels."),
    ("answers-too-few", "wrong_shape", "mean must have the shape (4, 7), not (3, 7)."),
    ("answers-doubles", "wrong_type", "mean must hold float32, not float64."),
    ("answers-huge", "wrong_shape", "mean must have the shape (4, 7), not (33554432, 33554432)."),
    ("answers-text", "wrong_type", "forecast must return a ForecastResult, not str."),
    ("names-an-unknown-series", "wrong_shape", "unfit names the position 99 of 4 series."),
    ("changes-its-input", "raised", "It raised ValueError: assignment destination is read-only"),
    ("insists-on-changing-its-input", "raised", "It raised ValueError: cannot set WRITEABLE flag to True of this array"),
    ("exits-politely", "raised", "While it worked, it called sys.exit(4)."),
    ("eats-memory", "out_of_memory", "It asked for more memory than it may have."),
    ("dies", "exited", "Its process ended: it exited with status 9."),
    ("crashes", "exited", "Its process ended: it was ended by SIGSEGV"),
]


@pytest.fixture
def misbehaving(site: PluginSite) -> PluginSite:
    site.install("misbehaving_forecasters")
    return site


def test_whatever_a_forecaster_does_is_a_named_error_and_the_next_call_works(misbehaving: PluginSite, batch_of: MakeBatch) -> None:
    batch = batch_of()
    before = batch.panel.values.copy()
    for slug, code, message in BAD:
        with pytest.raises(ProviderFailedError) as failure:
            run_forecaster(slug, batch)
        assert (failure.value.code, failure.value.message[: len(message)]) == (code, message), slug
        assert failure.value.params == {"plugin": "misbehaving-forecasters", "provider": slug}
        row = Provider.objects.get(kind="forecaster", slug=slug)
        assert (row.calls, row.failures, row.consecutive_failures) == (1, 1, 1)
        assert row.last_error.startswith(f"{code}: ")
        assert "hunter2" not in row.last_error
        well = run_forecaster("behaving", batch)
        np.testing.assert_array_equal(well.mean[:, 0], batch.panel.values.mean(axis=1, dtype=np.float64).astype(np.float32))
        assert dict(well.unfit) == {1: "SHORT_HISTORY"}
    np.testing.assert_array_equal(batch.panel.values, before)
    assert Provider.objects.get(slug="behaving").calls == len(BAD)
    assert Provider.objects.get(slug="behaving").failures == 0


def test_one_that_hangs_is_ended_at_its_deadline(misbehaving: PluginSite, batch_of: MakeBatch, settings: Settings) -> None:
    first = int(run_forecaster("says-its-process", batch_of()).mean[0, 0])
    settings.STOCKHUB_PLUGIN_DEADLINE_SECONDS = 1.0
    started = time.monotonic()
    with pytest.raises(ProviderFailedError, match=r"It gave no answer within 1 s and was ended\.") as failure:
        run_forecaster("hangs", batch_of())
    assert failure.value.code == "deadline_exceeded"
    assert 1.0 <= time.monotonic() - started < 5.0
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    settings.STOCKHUB_PLUGIN_DEADLINE_SECONDS = 60.0
    assert int(run_forecaster("says-its-process", batch_of()).mean[0, 0]) != first


def test_a_process_serves_many_calls(misbehaving: PluginSite, batch_of: MakeBatch) -> None:
    seen = {int(run_forecaster("says-its-process", batch_of()).mean[0, 0]) for _ in range(3)}
    assert len(seen) == 1
    assert seen != {os.getpid()}


def test_prints_go_to_the_log_without_secrets_and_do_not_touch_the_answer(
    misbehaving: PluginSite, batch_of: MakeBatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    result = run_forecaster("prints", batch_of())
    assert result.mean.shape == (4, 7)
    supervision.stop_all()
    deadline = time.monotonic() + 5
    while "more lines" not in caplog.text and time.monotonic() < deadline:
        time.sleep(0.05)
    lines = [r.getMessage() for r in caplog.records if r.name == "stockhub.plugins.misbehaving-forecasters"]
    assert lines[0] == "SHP1 looks like the protocol, token=[redacted]"
    assert lines[-1] == "4802 more lines of its output were left out."
    assert len(lines) == 201
    assert "hunter2" not in caplog.text


def test_lead_time_sums_come_through_where_they_are_declared(misbehaving: PluginSite, batch_of: MakeBatch) -> None:
    result = run_forecaster("behaving", batch_of(lead_times=(7, 14, 28)))
    assert result.lead_time_quantiles is not None
    assert result.lead_time_quantiles.shape == (4, 2, 3)


def test_an_empty_batch_is_answered(misbehaving: PluginSite, batch_of: MakeBatch) -> None:
    result = run_forecaster("behaving", batch_of(0))
    assert (result.mean.shape, result.quantiles.shape, result.error_sd.shape, dict(result.unfit)) == ((0, 7), (0, 2, 7), (0,), {})


def test_an_unknown_forecaster_is_refused_with_the_names_there_are(site: PluginSite, batch_of: MakeBatch) -> None:
    with pytest.raises(ProviderFailedError, match=r"There is no forecaster 'crystal-ball'; there is: .*tsb") as failure:
        run_forecaster("crystal-ball", batch_of())
    assert failure.value.code == "unknown_provider"
    assert not Provider.objects.filter(slug="crystal-ball").exists()


def test_an_answer_is_the_same_from_its_process_as_from_this_one(misbehaving: PluginSite, batch_of: MakeBatch) -> None:
    batch = batch_of(6)
    here = registry().forecasters["behaving"]
    expected = here.forecast(batch, here.fit(batch.panel))
    given = run_forecaster("behaving", batch)
    np.testing.assert_array_equal(given.mean, expected.mean)
    np.testing.assert_array_equal(given.quantiles, expected.quantiles)
    np.testing.assert_array_equal(given.error_sd, expected.error_sd)
    assert dict(given.unfit) == dict(expected.unfit)


def test_a_bundled_forecaster_runs_in_its_process(site: PluginSite, batch_of: MakeBatch) -> None:
    batch = batch_of(3, horizon=2)
    result = run_forecaster("moving-average", batch)
    np.testing.assert_allclose(result.mean[:, 1], batch.panel.values[:, -56:].mean(axis=1), rtol=1e-6)
