"""How many small faults in a module its tests notice: cosmic-ray makes the faults, on a copy of the code.

`python -m tests.formulas.mutation [subject …]` prints what was killed and every fault that survived; `make soak` asks for `LEAST_KILLED`.
mutmut was the other candidate; it does not touch decorated functions, and most formulas are decorated.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
LEAST_KILLED = 0.85
#: By subject: its modules, and the tests that have to notice a fault in each.
SUBJECTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "money": {
        "stockhub/values/rounding.py": ("tests/values/test_rounding.py",),
        "stockhub/values/allocation.py": ("tests/values/test_allocation.py",),
        "stockhub/values/money.py": ("tests/values/test_money.py",),
        "stockhub/values/quantity.py": ("tests/values/test_quantity.py",),
        "stockhub/values/units_of_measure.py": ("tests/values/test_units_of_measure.py",),
        "stockhub/values/measures.py": ("tests/values/test_measures.py",),
        "stockhub/values/exchange_rates.py": ("tests/values/test_exchange_rates.py",),
        "stockhub/formulas/health/lot_values.py": ("tests/formulas/health/test_lot_values.py",),
    },
    "ageing": {
        "stockhub/formulas/health/ageing.py": ("tests/formulas/test_properties.py", "tests/formulas/health/test_ageing.py"),
    },
    "safety stock": {
        "stockhub/formulas/policies/safety_stock.py": (
            "tests/formulas/policies/test_safety_stock.py", "tests/formulas/policies/test_safety_stock_steps.py",
        ),
    },
    "business days": {
        "stockhub/formulas/business_days/sites.py": ("tests/formulas/business_days/test_sites.py",),
        "stockhub/formulas/business_days/periods.py": ("tests/formulas/business_days/test_periods.py",),
        "stockhub/formulas/business_days/closures.py": ("tests/formulas/business_days/test_closures.py",),
    },
}  # fmt: skip
#: Faults that say nothing about the tests. Either nobody could notice them: `|` stands in types, which are not run, and `is` beside None,
#: where == is the same. Or everybody would: a float has no bits to shift.
POINTLESS = (
    r"core/ReplaceBinaryOperator_BitOr_\w+",
    r"core/ReplaceBinaryOperator_\w+_(LShift|RShift|BitOr|BitAnd|BitXor)",
    r"core/ReplaceComparisonOperator_\w+_(Is|IsNot)",
    r"core/ReplaceComparisonOperator_(Is_Eq|IsNot_NotEq)",
    r"core/ReplaceUnaryOperator_\w+_Invert",
)
#: A failing example is enough; nobody reads a smaller one. The same examples every time, so that a score can be compared.
_CONFTEST = """\
from hypothesis import Phase, settings

settings.register_profile("mutation", phases=[Phase.explicit, Phase.generate], derandomize=True, database=None, deadline=None)
settings.load_profile("mutation")
"""
#: cosmic-ray rewrites a file several times a second, which is less than bytecode's time stamps tell apart.
_ENVIRONMENT = {"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
_PYTEST = "-c /dev/null --rootdir=. --import-mode=importlib -p no:cacheprovider -p _hypothesis_pytestplugin -x -q --no-header --tb=no"


@dataclass(frozen=True)
class Score:
    """What became of the faults in a module, and the diffs of those that nobody noticed."""

    killed: int
    total: int
    survivors: tuple[str, ...] = ()

    def __add__(self, other: Score) -> Score:
        return Score(self.killed + other.killed, self.total + other.total, self.survivors + other.survivors)

    def __str__(self) -> str:
        return f"{self.killed} of {self.total} killed ({self.killed / self.total:.1%})" if self.total else "nothing to kill"


def score(subject: str) -> Score:
    """What the tests of a subject kill; AssertionError where they fail on sound code, FileNotFoundError without cosmic-ray."""
    modules = SUBJECTS[subject].items()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return sum(pool.map(lambda item: _score_of_module(*item), modules), Score(0, 0))


def check(subject: str) -> None:
    """AssertionError where the tests of a subject kill fewer than `LEAST_KILLED` of the faults."""
    found = score(subject)
    print(f"{subject}: {found}", flush=True)  # noqa: T201 - what `make` runs speaks
    if found.killed < LEAST_KILLED * found.total or not found.total:
        raise AssertionError(f"{subject}: {found}, fewer than {LEAST_KILLED:.0%}:\n" + "\n".join(found.survivors))


def _score_of_module(module: str, tests: tuple[str, ...]) -> Score:
    with _copy() as folder:
        test_command = f"{sys.executable} -m pytest {_PYTEST} {' '.join(test for test in tests if (folder / test).exists())}"
        (folder / "mutation.toml").write_text(_configuration(module, test_command), encoding="utf-8")
        assert _cosmic_ray(folder, "baseline", "mutation.toml", allowed=(0, 1)) == 0, f"The tests of {module} fail on sound code."
        _cosmic_ray(folder, "init", "mutation.toml", "session.sqlite")
        _run(folder, "cr-filter-operators", "session.sqlite", "mutation.toml")
        _cosmic_ray(folder, "exec", "mutation.toml", "session.sqlite")
        return _counted(_run(folder, "cosmic-ray", "dump", "session.sqlite"))


@contextmanager
def _copy() -> Iterator[Path]:
    """A folder with the code and the tests of formulas and values alone: neither Django nor its fixtures are needed there."""
    with tempfile.TemporaryDirectory() as made:
        folder, clean = Path(made), shutil.ignore_patterns("__pycache__")
        for package in ("stockhub/values", "stockhub/formulas", "tests/values", "tests/formulas"):
            shutil.copytree(REPOSITORY / package, folder / package, ignore=clean)
        shutil.copy(REPOSITORY / "stockhub/__init__.py", folder / "stockhub/__init__.py")
        (folder / "conftest.py").write_text(_CONFTEST, encoding="utf-8")
        yield folder


def _configuration(module: str, test_command: str) -> str:
    return f"""\
[cosmic-ray]
module-path = {json.dumps(module)}
timeout = 120.0
excluded-modules = []
test-command = {json.dumps(test_command)}

[cosmic-ray.distributor]
name = "local"

[cosmic-ray.filters.operators-filter]
exclude-operators = {json.dumps(POINTLESS)}
"""


def _cosmic_ray(folder: Path, *arguments: str, allowed: tuple[int, ...] = (0,)) -> int:
    return _finished(folder, "cosmic-ray", *arguments, allowed=allowed).returncode


def _run(folder: Path, *command: str) -> str:
    return _finished(folder, *command, allowed=(0,)).stdout


def _finished(folder: Path, program: str, *arguments: str, allowed: tuple[int, ...]) -> subprocess.CompletedProcess[str]:
    """A program of cosmic-ray's, from beside this interpreter or from the folder that COSMIC_RAY names."""
    at = Path(os.environ.get("COSMIC_RAY", Path(sys.executable).parent)) / program
    done = subprocess.run([at, *arguments], cwd=folder, env=os.environ | _ENVIRONMENT, check=False, capture_output=True, text=True)
    if done.returncode not in allowed:
        raise subprocess.CalledProcessError(done.returncode, done.args, done.stdout, done.stderr)
    return done


def _counted(dump: str) -> Score:
    """The score of a session; a fault that made the tests hang counts as noticed, one that was filtered out not at all."""
    entries = [json.loads(line) for line in dump.splitlines()]
    results = [result for _work, result in entries if result and result["worker_outcome"] != "skipped"]
    survived = tuple(str(result["diff"]) for result in results if result["test_outcome"] == "survived")
    return Score(len(results) - len(survived), len(results), survived)


def main() -> int:
    """1 where a subject's tests kill fewer than `LEAST_KILLED`."""
    failed = 0
    for subject in sys.argv[1:] or SUBJECTS:
        found = score(subject)
        print("\n".join([*found.survivors, f"{subject}: {found}"]), flush=True)  # noqa: T201 - what `make` runs speaks
        failed += found.killed < LEAST_KILLED * found.total
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
