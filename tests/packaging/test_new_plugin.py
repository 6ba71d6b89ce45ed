"""Issue 8, item 4: what `plugins new` makes is bronze once installed; with its contract broken it has no level, and the command fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from stockhub.console.plugin_levels.new_project import new_project

REPOSITORY = Path(__file__).resolve().parents[2]
#: Builds, installs and starts processes.
pytestmark = pytest.mark.slow


def check(folder: Path, site: Path) -> tuple[int, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    # The project's folder comes first, as it does where it was installed with `pip install -e`.
    path = os.pathsep.join([str(folder), str(site), str(REPOSITORY), os.environ.get("PYTHONPATH", "")])
    more = {"PYTHONPATH": path, "DEBUG": "1", "DATABASE_URL": f"sqlite:///{site.parent}/none.sqlite3"}
    command = [sys.executable, str(REPOSITORY / "manage.py"), "plugins", "check", "my-mean"]
    done = subprocess.run(command, env=environment | more, capture_output=True, text=True, check=False, timeout=300)
    return done.returncode, done.stdout + done.stderr


def test_a_new_plugin_is_bronze_and_a_broken_one_is_nothing(tmp_path: Path) -> None:
    folder, site = new_project("my-mean", tmp_path), tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(site)]
    subprocess.run([*pip, str(folder)], check=True, capture_output=True)
    status, told = check(folder, site)
    assert (status, "my-mean is bronze" in told, "missing for silver: judged tests, health" in told) == (0, True, True), told
    model = folder / "stockhub_my_mean" / "forecaster.py"
    model.write_text(model.read_text().replace("mean[row] = np.mean(known)", "mean[row] = -1.0"))
    status, told = check(folder, site)
    assert (status, "my-mean has no level" in told, "bronze\tMISSING\tcontract kit" in told) == (1, True, True), told
