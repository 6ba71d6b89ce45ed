"""An empty folder for broken plugins, with nothing left over from another test."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytest_django.fixtures import Settings

from stockhub.pluginapi import ForecastBatch, Panel
from stockhub.pluginhost import registry, supervision
from tests.pluginhost.plugin_site import PROBE_SECONDS, PluginSite


@pytest.fixture(scope="session")
def var_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Remembers that the bundled plugins are good, over all tests."""
    return tmp_path_factory.mktemp("pluginhost-var")


@pytest.fixture
def site(tmp_path: Path, var_dir: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[PluginSite]:
    """An empty site, a small memory limit, and no registry or runner left over from another test."""
    folder, packages = tmp_path / "site", var_dir / "packages"
    folder.mkdir()
    packages.mkdir(exist_ok=True)
    settings.VAR_DIR = var_dir
    settings.STOCKHUB_PLUGIN_PROBE_SECONDS = PROBE_SECONDS
    settings.STOCKHUB_PLUGIN_DEADLINE_SECONDS = 60.0
    settings.STOCKHUB_PLUGIN_MEMORY_MIB = 192
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.syspath_prepend(str(packages))
    registry.reset()
    installed = PluginSite(folder, packages)
    yield installed
    supervision.stop_all()
    installed.forget()
    registry.reset()
    importlib.invalidate_caches()


@pytest.fixture
def batch_of() -> Callable[..., ForecastBatch]:
    """A batch of n series of 60 days."""

    def make(n: int = 4, *, horizon: int = 7, levels: tuple[float, ...] = (0.5, 0.9), lead_times: tuple[int, ...] = ()) -> ForecastBatch:
        rng = np.random.default_rng(7)
        values = rng.poisson(5.0, (n, 60)).astype(np.float32)
        panel = Panel(np.arange(n) + 100, dt.date(2026, 1, 1), values, np.ones((n, 60), np.bool_))
        for array in (panel.series_ids, panel.values, panel.observed):
            array.setflags(write=False)
        return ForecastBatch(panel, horizon, levels, lead_times)

    return make
