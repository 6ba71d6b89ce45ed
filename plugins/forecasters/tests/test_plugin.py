"""Registration, and what importing the plugin costs."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pluggy
import pytest

import stockhub
import stockhub_forecasters
from stockhub.pluginapi import API_VERSION, PROJECT_NAME, Forecaster, ManifestRequest, RegisterRequest
from stockhub.pluginapi.hooks import HookSpecs
from stockhub_forecasters import plugin
from stockhub_forecasters.averages import MovingAverage, WeightedMovingAverage
from stockhub_forecasters.intermittent import CrostonSba, Tsb
from stockhub_forecasters.seasonal_naive import SeasonalNaive
from stockhub_forecasters.smoothing import SesOptimised


def run_python(code: str, **environment: str) -> str:
    folders = [str(Path(str(package.__path__[0])).parent) for package in (stockhub, stockhub_forecasters)]
    inherited = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=inherited | {"PYTHONPATH": os.pathsep.join(folders)} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_the_plugin_imports_neither_numba_nor_pandas() -> None:
    code = """
import sys
from stockhub.pluginapi import ManifestRequest, RegisterRequest
from stockhub_forecasters import plugin, portfolio
plugin.stockhub_manifest(ManifestRequest("1.0"))
list(plugin.stockhub_register_forecasters(RegisterRequest("1.0")))
print([name for name in ("numba", "llvmlite", "pandas", "scipy", "statsforecast", "django") if name in sys.modules])
"""
    assert run_python(code) == "[]"


def test_kernels_compile_where_nothing_can_be_written(tmp_path: Path) -> None:
    """A folder below a file cannot be made, not even by root: numba finds no place for its cache."""
    code = """
import numba.core.caching as caching
for locator in caching.CacheImpl._locator_classes:
    locator.ensure_cache_path = lambda self: (_ for _ in ()).throw(PermissionError("read-only"))
from stockhub_forecasters.kernels.history import observed_days
import numpy as np
print(observed_days(np.array([[np.nan, 2]], np.float32), np.ones((1, 2), np.bool_))[1].tolist())
"""
    file = tmp_path / "file"
    file.write_text("")
    assert run_python(code, NUMBA_CACHE_DIR=str(file / "cache")) == "[1]"


def test_manifest() -> None:
    manifest = plugin.stockhub_manifest(ManifestRequest(API_VERSION))
    assert (manifest.slug, manifest.requires_api) == ("forecasters", ">=1.0,<2")
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
    assert manifest.version == project["version"]


def test_h23_models_of_one_interface_are_registered_through_the_hook() -> None:
    manager = pluggy.PluginManager(PROJECT_NAME)
    manager.add_hookspecs(HookSpecs)
    manager.register(plugin)
    manager.check_pending()
    (forecasters,) = manager.hook.stockhub_register_forecasters(request=RegisterRequest(API_VERSION))
    assert all(isinstance(forecaster, Forecaster) for forecaster in forecasters)
    slugs = [forecaster.slug for forecaster in forecasters]
    assert slugs == ["seasonal-naive", "moving-average", "weighted-moving-average", "ses-optimised", "croston-sba", "tsb", "lead-time"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: SeasonalNaive(season=0),
        lambda: MovingAverage(window=0),
        lambda: WeightedMovingAverage(weights=()),
        lambda: WeightedMovingAverage(weights=(0.0, 1.0)),
        lambda: WeightedMovingAverage(period=0),
        lambda: SesOptimised(bounds=(0.9, 0.1)),
        lambda: CrostonSba(alpha=0.0),
        lambda: Tsb(alpha_probability=1.5),
    ],
)
def test_parameters_out_of_range_are_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=r"\."):
        make()
