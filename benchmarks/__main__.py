"""`make bench`: every benchmark, each figure a ratio of two things timed in the same run; `benchmarks/results.json` keeps them."""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from benchmarks import production

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockhub.config.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")
#: A new benchmark is a module here with `run()`, and a name in this list.
BENCHMARKS = (
    "startup",
    "formulas",
    "forecasters",
    "lead_time",
    "champion",
    "seasons",
    "probable_stockouts",
    "transfers",
    "ledger",
    "as_of",
    "reconcile",
    "import_sales",
    "growth",
    "warning_cycle",
    "forecast_cycle",
    "notifications",
    "decide",
    "burst",
    "webhooks",
    "douyin_backfill",
    "amazon_report",
    "amazon_quotas",
)


def main() -> int:
    """Runs those named on the command line, or all; 1 where one could not be run. A missed goal is a figure, not a failure."""
    production.assume()
    results: list[dict[str, Any]] = []
    failed = 0
    for name in sys.argv[1:] or BENCHMARKS:
        print(f"== {name} ==", flush=True)
        try:
            found = importlib.import_module(f"benchmarks.{name}").run()
        except Exception as error:  # noqa: BLE001 - the others are still worth running
            print(f"could not run: {type(error).__name__}: {error}", flush=True)
            failed += 1
            continue
        for result in found:
            sign = "≥" if result["better"] == "higher" else "≤"
            verdict = "ok" if result["ok"] else "MISSED"
            print(f"{result['name']}: {result['value']:.3g} (goal {sign} {result['goal']:.3g}) {verdict}", flush=True)
        results += found
    Path(__file__).with_name("results.json").write_text(json.dumps(results, indent=2) + "\n")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
