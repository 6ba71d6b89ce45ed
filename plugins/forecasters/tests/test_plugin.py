"""Registration, and what importing the plugin costs."""

from __future__ import annotations

import os
import re
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
from stockhub_forecasters.extras import EXTRAS
from stockhub_forecasters.forest import RandomForest
from stockhub_forecasters.holt import HoltWinters
from stockhub_forecasters.intermittent import CrostonSba, Tsb
from stockhub_forecasters.seasonal_naive import SeasonalNaive
from stockhub_forecasters.smoothing import SesOptimised

CHEAP = [
    "naive", "seasonal-naive", "moving-average", "weighted-moving-average", "ses-optimised", "holt-damped", "holt-winters", "croston-sba",
    "tsb", "adida", "imapa", "lead-time",
]  # fmt: skip
COSTLY = ["auto-ets", "auto-arima", "auto-theta", "prophet", "random-forest", "lightgbm", "lead-time-boosted", "xgboost"]


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
heavy = "numba llvmlite pandas scipy statsforecast prophet cmdstanpy sklearn lightgbm xgboost django".split()
print([name for name in heavy if name in sys.modules])
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
    assert [forecaster.slug for forecaster in forecasters] == CHEAP + COSTLY
    assert [forecaster.slug for forecaster in forecasters if forecaster.costly] == COSTLY


def test_h23_a_model_whose_library_is_absent_is_not_registered_and_health_says_why() -> None:
    """In a process of its own, whose import path has neither LightGBM nor Prophet."""
    code = """
import importlib.machinery, sys
real = importlib.machinery.PathFinder
class Without(real):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name in ("lightgbm", "prophet") else real.find_spec(name, path, target)
sys.meta_path[sys.meta_path.index(real)] = Without
import logging
from datetime import datetime, UTC
from stockhub.pluginapi import HealthRequest, PluginContext, RegisterRequest
from stockhub.pluginapi.manifest import EmptyConfig
from stockhub_forecasters import plugin
print(*[forecaster.slug for forecaster in plugin.stockhub_register_forecasters(RegisterRequest("1.0"))])
context = PluginContext(EmptyConfig(), logging.getLogger(), lambda: datetime.now(UTC))
for check in plugin.stockhub_health(HealthRequest(context)):
    print(check.name, check.ok, check.message, sep=" | ")
"""
    slugs, *checks = run_python(code).splitlines()
    assert slugs.split() == CHEAP + [slug for slug in COSTLY if slug not in {"lightgbm", "lead-time-boosted", "prophet"}]
    assert [line.split(" | ")[:2] for line in checks] == [[extra.name, "True"] for extra in EXTRAS]
    told = {line.split(" | ")[0]: line.split(" | ")[2] for line in checks}
    assert told["lightgbm"] == (
        "Not installed, so not offered: lightgbm, lead-time-boosted. pip install 'stockhub-forecasters[lightgbm]' adds it; then restart."
    )
    assert told["prophet"].startswith("Not installed, so not offered: prophet.")
    assert re.fullmatch(r"statsforecast 2\.\d+\.\d+: auto-ets, auto-arima, auto-theta\.", told["statsforecast"])


def test_every_extra_is_declared_and_all_of_them_are_in_one() -> None:
    declared = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    names = [extra.name for extra in EXTRAS]
    assert declared.pop("all") == [f"stockhub-forecasters[{','.join(names)}]"]
    assert list(declared) == names
    for extra in EXTRAS:
        assert any(requirement.startswith(extra.distribution) for requirement in declared[extra.name])


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
        lambda: HoltWinters(season=1),
        lambda: RandomForest(trees=0),
    ],
)
def test_parameters_out_of_range_are_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=r"\."):
        make()
