"""Commands such as `backtest` run forecasters without a database. No test here may touch one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stockhub.pluginapi import ForecastBatch
from stockhub.pluginhost.errors import ProviderFailedError
from stockhub.pluginhost.forecasting import run_forecaster
from tests.pluginhost.plugin_site import PluginSite


def test_a_forecaster_runs_without_a_database(site: PluginSite, batch_of: Callable[..., ForecastBatch]) -> None:
    site.install("misbehaving_forecasters")
    assert run_forecaster("behaving", batch_of(), recorded=False).mean.shape == (4, 7)
    with pytest.raises(ProviderFailedError, match=r"It raised ZeroDivisionError"):
        run_forecaster("raises", batch_of(), recorded=False)
