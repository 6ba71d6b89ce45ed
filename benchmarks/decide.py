"""How right and how early the warnings are, by the judge of the shared folder: `manage.py decide`, once a simulated week, for two shops.

The judge runs the command as a stranger would; its own stock, labels and seeds say what came true. A week takes a call of some seconds, so
that one shop takes some minutes: `SEED` and `TRACKS` choose, as in `SEED=12 TRACKS=warn,replen python -m benchmarks decide`.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

REPOSITORY: Final = Path(__file__).resolve().parents[1]
SKUS: Final = 300
#: Of each shop: least AP, Brier skill, largest calibration error, least precision at actionable recall .85, least actionable recall at the
#: product's own level, and most stock against the textbook's at the same fill rate (`kits/replay/README.md`).
SHOPS: Final = (
    ("online_retail_uci", "Online Retail", 0.65, 0.26, 0.06, 0.60, 0.80, 0.92),
    ("completejourney", "Complete Journey", 0.73, 0.34, 0.03, 0.67, 0.85, 1.00),
)
MOST_SECONDS: Final = 3.0


def run() -> list[dict[str, Any]]:
    shared = Path(os.environ.get("STOCKHUB_SHARED") or REPOSITORY.parent / "shared")
    kit = shared / "kits" / "replay"
    if not (kit / "judge.py").is_file():
        print("  information: nothing was judged, the shared kits are absent (set STOCKHUB_SHARED)")
        return []
    results: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, title, *goals in SHOPS:
            series = Path(folder) / f"{name}.csv"
            _python(kit / "make_series.py", shared / "data" / f"{name}_daily.parquet", series, SKUS)
            results += _figures(title, _judged(kit, series), goals)
    return results


def _judged(kit: Path, series: Path) -> dict[str, Any]:
    out = series.with_suffix(".json")
    command = shlex.join([sys.executable, str(REPOSITORY / "manage.py"), "decide"])
    _python(
        kit / "judge.py", "--cmd", command, "--series", series, "--out", out, "--weeks", 40, "--lead", 14,
        "--seed", os.environ.get("SEED", "11"), "--levels", "0.90,0.95,0.98", "--tracks", os.environ.get("TRACKS", "warn"),
    )  # fmt: skip
    found: dict[str, Any] = json.loads(out.read_text())
    return found


def _python(*command: object) -> None:
    subprocess.run([sys.executable, *map(str, command)], cwd=REPOSITORY, check=True, stdout=subprocess.DEVNULL)


def _figures(title: str, found: dict[str, Any], goals: list[float]) -> list[dict[str, Any]]:
    average_precision, skill, calibration, precision, recall, stock = goals
    warn, calls = found.get("warn"), found["call_seconds"]
    results = [_row(f"{title}: a decision of {SKUS} SKUs, seconds", calls["mean"], MOST_SECONDS, "lower")]
    if warn:
        results += [
            _row(f"{title}: average precision of p_stockout", warn["AP"], average_precision, "higher"),
            _row(f"{title}: Brier skill", warn["BSS"], skill, "higher"),
            _row(f"{title}: calibration error", warn["ECE"], calibration, "lower"),
            _row(f"{title}: precision at actionable recall .85", warn["P_at_actrec85"] or 0.0, precision, "higher"),
            _row(f"{title}: actionable recall at the product's level", warn["rec_act"], recall, "higher"),
        ]
        print(f"  information: {title}, precision at that level {warn['prec']:.3f}, {warn['per_mon']:.2f} alerts a SKU and month")
    if (ratio := (found.get("replen") or {}).get("mean_ratio")) is not None:
        results.append(_row(f"{title}: stock against the textbook's at the same fill", ratio, stock, "lower"))
    return results


def _row(name: str, value: float, goal: float, better: str) -> dict[str, Any]:
    return {
        "name": name, "value": round(value, 3), "goal": goal, "better": better,
        "ok": value >= goal if better == "higher" else value <= goal,
    }  # fmt: skip
