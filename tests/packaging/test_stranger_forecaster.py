"""H23: a stranger writes a forecaster from the how-to alone, installs it with pip, and it forecasts."""

from __future__ import annotations

import importlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from stockhub.pluginapi import ForecastBatch, Panel
from stockhub.pluginhost import registry, supervision
from stockhub.pluginhost.forecasting import run_forecaster

REPOSITORY = Path(__file__).resolve().parents[2]
HOW_TO = REPOSITORY / "docs" / "how-to" / "write-a-forecaster.md"
#: Builds, installs and starts processes.
pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def write_as_told(folder: Path) -> list[str]:
    """Writes every block of the how-to that names a file; gives their names."""
    blocks = re.findall(r"^```\w+ file=(\S+)\n(.*?)^```$", HOW_TO.read_text(), re.MULTILINE | re.DOTALL)
    for name, content in blocks:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return [name for name, _content in blocks]


@pytest.fixture
def installed(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the package, which pip has built and installed beside the server's packages."""
    folder, site = tmp_path / "stockhub-median", tmp_path / "site"
    assert write_as_told(folder) == [
        "pyproject.toml",
        "stockhub_median/__init__.py",
        "stockhub_median/median.py",
        "stockhub_median/plugin.py",
        "tests/test_median.py",
    ]
    # Its dependencies are here already; an index may not be.
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(site)]
    subprocess.run([*pip, str(folder)], check=True, capture_output=True)
    settings.VAR_DIR = tmp_path / "var"
    monkeypatch.syspath_prepend(str(site))
    registry.reset()
    yield folder
    supervision.stop_all()
    registry.reset()
    for module in [name for name in sys.modules if name.partition(".")[0] == "stockhub_median"]:
        del sys.modules[module]
    importlib.invalidate_caches()


def test_h23_a_forecaster_written_from_the_how_to_keeps_its_contract_appears_and_forecasts(installed: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "PYTEST"))}
    path = os.pathsep.join([str(installed.parent / "site"), str(REPOSITORY)])
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:django", "-p", "no:cacheprovider", "--rootdir", str(installed), "tests"]
    done = subprocess.run(tests, cwd=installed, env=environment | {"PYTHONPATH": path}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed
    assert int(passed[1]) >= 24

    listed = io.StringIO()
    call_command("plugins", "list", stdout=listed)
    [line] = [line for line in listed.getvalue().splitlines() if line.startswith("median\t")]
    assert line.split("\t")[:5] == ["median", "0.1.0", "active", "stockhub-median:median", "forecaster:recent-median"]

    values = np.array([[3.0] * 20 + [900.0], [np.nan] * 18 + [1.0, 2.0, 3.0]], np.float32)
    panel = Panel(np.array([7, 8]), date(2026, 1, 1), values, np.isfinite(values))
    answer = run_forecaster("recent-median", ForecastBatch(panel, 4, (0.5, 0.9)))
    assert answer.mean.tolist() == [[3.0] * 4, [0.0] * 4]
    assert answer.unfit == {1: "SHORT_HISTORY"}


def test_h23_the_strangers_forecaster_competes_in_a_backtest_and_wins_where_it_is_made_for(installed: Path, tmp_path: Path) -> None:
    """Wholesale orders move every average and no median; where demand drifts, a median of 56 days comes too late."""
    assert installed.is_dir()
    rng = np.random.default_rng(7)
    days = [date(2025, 1, 1) + timedelta(days=number) for number in range(200)]
    found = {}
    for shop, sales in {
        "wholesale": np.where(rng.random((30, 200)) < 0.02, 900.0, 5.0),
        "growing": np.linspace(1.0, 60.0, 200)[None, :] * np.ones((30, 1)),
    }.items():
        file, out = tmp_path / f"{shop}.csv", tmp_path / f"{shop}.json"
        lines = [f"s{row},{day},{qty:.0f}" for row, series in enumerate(sales) for day, qty in zip(days, series, strict=True)]
        file.write_text("series_id,date,qty\n" + "\n".join(lines) + "\n")
        models = "recent-median,moving-average,ses-optimised,seasonal-naive"
        call_command("backtest", str(file), horizon=14, windows=2, models=models, out=out, stdout=io.StringIO())
        report = json.loads(out.read_text())
        assert report["failures"] == {}
        assert set(report["models"]) == set(models.split(","))
        assert report["models"]["recent-median"]["model_used"] == {"recent-median": 60}
        found[shop] = {model: figures["wape"] for model, figures in report["models"].items()}
    assert min(found["wholesale"], key=found["wholesale"].__getitem__) == "recent-median"
    assert found["growing"]["recent-median"] > found["growing"]["ses-optimised"]
