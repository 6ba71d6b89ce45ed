"""Where a plugin's project is: its pyproject.toml, README, tests and benchmarks."""

from __future__ import annotations

import importlib.util
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stockhub.pluginapi import ENTRY_POINT_GROUP


class NoProjectError(Exception):
    """The plugin's project cannot be found; the message says how to name it."""


@dataclass(frozen=True, slots=True)
class Project:
    folder: Path
    pyproject: dict[str, Any]
    #: The import package that the entry point is in.
    package: str

    @property
    def readme(self) -> str:
        """Of the file that pyproject.toml names; empty where there is none."""
        named = self.pyproject.get("project", {}).get("readme", "README.md")
        path = self.folder / (named.get("file", "README.md") if isinstance(named, dict) else str(named))
        return path.read_text("utf-8") if path.is_file() else ""

    @property
    def tests(self) -> Path:
        return self.folder / str(self._settings.get("tests", "tests"))

    @property
    def benchmarks(self) -> list[Path]:
        """Modules with a `run()`; `[tool.stockhub] benchmarks` names them or their folder, which is `benchmarks` otherwise."""
        named = self._settings.get("benchmarks", "benchmarks")
        found: list[Path] = []
        for name in named if isinstance(named, list) else [named]:
            path = self.folder / str(name)
            found += (
                sorted(p for p in path.glob("*.py") if not p.name.startswith("_")) if path.is_dir() else [path] if path.is_file() else []
            )
        return found

    @property
    def _settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = self.pyproject.get("tool", {}).get("stockhub", {})
        return settings


def find(entry_name: str, entry_value: str, folder: Path | None = None) -> Project:
    """From the entry point's module upwards to the pyproject.toml that declares the entry point: where a plugin was installed with
    `pip install -e`, or its folder is on the path. `folder` is for one that was installed otherwise.
    """
    module = entry_value.partition(":")[0]
    package = module.partition(".")[0]
    places = [folder] if folder is not None else _above(module)
    for place in places:
        path = place / "pyproject.toml"
        if path.is_file() and entry_name in _entry_points(pyproject := tomllib.loads(path.read_text("utf-8"))):
            return Project(place, pyproject, package)
    looked = f"{folder} has no pyproject.toml" if folder is not None else f"no folder above {module} has one"
    raise NoProjectError(
        f"The plugin's project cannot be found: {looked} that declares the entry point {entry_name!r}. "
        "Install the plugin from its folder with pip install -e, or name the folder with --project."
    )


def _above(module: str) -> list[Path]:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        return []
    return list(Path(spec.origin).resolve().parents)


def _entry_points(pyproject: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = pyproject.get("project", {}).get("entry-points", {}).get(ENTRY_POINT_GROUP, {})
    return found
