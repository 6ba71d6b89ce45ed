"""The four wheels carry what they need and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDERS = {
    "stockhub": ".",
    "stockhub_douyin": "plugins/douyin",
    "stockhub_amazon": "plugins/amazon",
    "stockhub_forecasters": "plugins/forecasters",
}


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The files of each wheel."""
    out = tmp_path_factory.mktemp("wheels")
    found = {}
    for package, folder in FOLDERS.items():
        subprocess.run(
            [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(REPOSITORY / folder)],
            check=True,
            capture_output=True,
        )
        [wheel] = out.glob(f"{package}-*.whl")
        found[package] = set(zipfile.ZipFile(wheel).namelist())
    return found


def test_the_core_ships_migrations_templates_translations_and_types(wheels: dict[str, set[str]]) -> None:
    for tracked in _tracked("stockhub"):
        assert tracked in wheels["stockhub"], tracked
    assert "stockhub/py.typed" in wheels["stockhub"]
    assert "stockhub/alerts/migrations/0001_initial.py" in wheels["stockhub"]
    assert "stockhub/config/locale/zh_Hans/LC_MESSAGES/django.mo" in wheels["stockhub"]


def test_no_wheel_carries_tests_or_another_package(wheels: dict[str, set[str]]) -> None:
    for package, files in wheels.items():
        tops = {name.split("/")[0] for name in files}
        assert {top for top in tops if not top.endswith(".dist-info")} == {package}


@pytest.mark.parametrize("package", ["stockhub_douyin", "stockhub_amazon", "stockhub_forecasters"])
def test_a_plugin_declares_its_entry_point(wheels: dict[str, set[str]], package: str) -> None:
    assert any(name.endswith(".dist-info/entry_points.txt") for name in wheels[package])
    assert f"{package}/plugin.py" in wheels[package]


def _tracked(folder: str) -> list[str]:
    done = subprocess.run(["git", "ls-files", folder], cwd=REPOSITORY, check=True, capture_output=True, text=True)
    return [name for name in done.stdout.splitlines() if (REPOSITORY / name).exists()]
