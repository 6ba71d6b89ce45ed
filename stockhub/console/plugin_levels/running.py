"""Runs what a plugin's project brings, each in a process of its own: its tests, mypy, its benchmarks."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from stockhub.console.plugin_levels.project import Project
from stockhub.pluginapi.testing.recorder import REPORT_VARIABLE

_TEST_SECONDS: Final = 3_600
_MYPY_SECONDS: Final = 900
_BENCHMARK_SECONDS: Final = 900
#: Set for benchmarks that are run to see whether they can: they may measure little.
SMOKE_VARIABLE: Final = "STOCKHUB_BENCHMARK_SMOKE"
_RUN_ONE: Final = (
    "import importlib.util, json, sys\n"
    "spec = importlib.util.spec_from_file_location('benchmark', sys.argv[1])\n"
    "module = importlib.util.module_from_spec(spec)\n"
    "sys.modules['benchmark'] = module\n"
    "spec.loader.exec_module(module)\n"
    "print('RESULTS ' + json.dumps(module.run()))\n"
)


@dataclass(frozen=True, slots=True)
class TestRun:
    """`rows` are the recorder's; `problem` says why there are none."""

    rows: list[dict[str, Any]]
    problem: str = ""


def run_tests(project: Project) -> TestRun:
    """By the project's own configuration, not by that of whatever repository it lies in; Django is not set up."""
    if importlib.util.find_spec("pytest") is None:
        return TestRun([], "pytest is not installed")
    if not project.tests.is_dir():
        return TestRun([], f"there is no folder {project.tests}")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            sys.executable, "-m", "pytest", str(project.tests), "-c", str(project.folder / "pyproject.toml"),
            "--rootdir", str(project.folder),
            "--import-mode=importlib", "-q", "-p", "no:cacheprovider", "-p", "no:django", "-p", "stockhub.pluginapi.testing.recorder",
        ]  # fmt: skip
        try:
            done = _run(command, project, _TEST_SECONDS, {REPORT_VARIABLE: str(report)})
        except subprocess.TimeoutExpired:
            return TestRun([], f"the tests did not end within {_TEST_SECONDS} s")
        if not report.is_file():
            return TestRun([], f"the tests could not be run: {_tail(done)}")
        rows: list[dict[str, Any]] = json.loads(report.read_text("utf-8"))
    if done.returncode not in (0, 1):
        return TestRun(rows, f"pytest ended with {done.returncode}: {_tail(done)}")
    return TestRun(rows)


def run_mypy(project: Project) -> str:
    """Empty where `mypy --strict` has nothing to say about the package; otherwise what it says."""
    if importlib.util.find_spec("mypy") is None:
        return "mypy is not installed"
    spec = importlib.util.find_spec(project.package)
    if spec is None or not spec.submodule_search_locations:
        return f"{project.package} is no package"
    package = next(iter(spec.submodule_search_locations))
    command = [
        sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--ignore-missing-imports", "--explicit-package-bases",
        "--namespace-packages", "--no-error-summary", "--config-file", str(_mypy_config(project)), package,
    ]  # fmt: skip
    try:
        done = _run(command, project, _MYPY_SECONDS, {"MYPYPATH": os.pathsep.join([str(project.folder), *_path()])})
    except subprocess.TimeoutExpired:
        return f"mypy did not end within {_MYPY_SECONDS} s"
    lines = [line for line in done.stdout.splitlines() if ": error:" in line]
    return "" if done.returncode == 0 else f"{len(lines)} errors, such as {lines[0]}" if lines else _tail(done)


def _mypy_config(project: Project) -> Path:
    """The project's own where it has one; nothing otherwise."""
    return project.folder / "pyproject.toml" if "mypy" in project.pyproject.get("tool", {}) else Path(os.devnull)


def run_benchmark(project: Project, path: Path) -> str:
    """Empty where its `run()` gives results; otherwise why not."""
    try:
        done = _run([sys.executable, "-c", _RUN_ONE, str(path)], project, _BENCHMARK_SECONDS, {SMOKE_VARIABLE: "1"})
    except subprocess.TimeoutExpired:
        return f"did not end within {_BENCHMARK_SECONDS} s"
    line = next((line for line in done.stdout.splitlines() if line.startswith("RESULTS ")), "")
    if done.returncode or not line:
        return f"could not be run: {_tail(done)}"
    results = json.loads(line.removeprefix("RESULTS "))
    wanted = {"name", "value", "goal", "better", "ok"}
    if not isinstance(results, list) or not results or not all(isinstance(r, dict) and wanted <= set(r) for r in results):
        return f"run() has to give a list of results with {', '.join(sorted(wanted))}"
    return ""


def _path() -> list[str]:
    return [entry for entry in sys.path if entry and Path(entry).is_dir() and "site-packages" not in entry and "lib/python" not in entry]


def _run(command: list[str], project: Project, seconds: int, more: dict[str, str]) -> subprocess.CompletedProcess[str]:
    unwanted = ("DJANGO_SETTINGS_MODULE", "PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST")
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    environment |= {"PYTHONPATH": os.pathsep.join(_path()), **more}
    return subprocess.run(  # noqa: S603 - the plugin's own code, which its author asked to have checked
        command, cwd=project.folder, env=environment, capture_output=True, text=True, timeout=seconds, check=False
    )


def _tail(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in (done.stdout + "\n" + done.stderr).splitlines() if line.strip()]
    return " ".join(lines[-3:])[:400] or f"status {done.returncode}"
