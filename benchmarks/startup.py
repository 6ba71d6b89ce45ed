"""Start-up: `manage.py check` against that of a bare Django project, and what it imports."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
PAIRS = 5
HEAVY = ("pandas", "numba", "statsforecast", "pyarrow", "scipy")


def run() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder)
        subprocess.run([sys.executable, "-m", "django", "startproject", "bare", str(bare)], check=True)
        ratios = []
        for _ in range(PAIRS):
            theirs = _seconds([sys.executable, "manage.py", "check"], bare)
            ratios.append(_seconds([sys.executable, "manage.py", "check"], REPOSITORY) / theirs)
        imported = _imported()
    print(f"check imports of {', '.join(HEAVY)}: {', '.join(sorted(imported)) or 'none'}")
    ratio = statistics.median(ratios)
    return [
        {"name": "manage.py check, times a bare Django's", "value": ratio, "goal": 3.0, "better": "lower", "ok": ratio <= 3.0},
        {
            "name": "manage.py check, imports of pandas and numba",
            "value": float(len(imported & {"pandas", "numba"})),
            "goal": 0.0,
            "better": "lower",
            "ok": not imported & {"pandas", "numba"},
        },
    ]


def _seconds(command: list[str], folder: Path) -> float:
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    return time.perf_counter() - started


def _imported() -> set[str]:
    code = f"import sys; sys.argv = ['manage.py', 'check']; import manage; manage.main(); print(*(set(sys.modules) & {set(HEAVY)!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=True, capture_output=True, text=True)
    return set(done.stdout.splitlines()[-1].split())


if __name__ == "__main__":
    print(run())
