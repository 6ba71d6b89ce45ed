"""Warning cycles over 1,000, 10,000 and 100,000 SKUs in three pools, cold and steady, against their raw time.

The raw time is that of reading the same stored bytes into arrays and COPYing the same output rows (`cycle_raw`). Every cycle is run by
worker processes, whose peak memory is told. Forecasts are timed apart.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from benchmarks.cycle_raw import raw_seconds
from benchmarks.cycle_world import NOW, change_one_percent, fill, forget_alerts
from benchmarks.scratch import scratch_database

SIZES: Final = tuple(int(size) for size in os.environ.get("BENCH_CYCLE_SKUS", "1000,10000,100000").split(","))
REPEATS: Final = 5
COLD_REPEATS: Final = 3


@dataclass(slots=True)
class Timed:
    """Runs of one sort: seconds each, the last one's steps, and the most memory of any process, in MiB."""

    seconds: list[float] = field(default_factory=list)
    steps: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    peak: dict[str, float] = field(default_factory=lambda: {"worker": 0.0, "backend": 0.0})
    cycle_id: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def run() -> list[dict[str, Any]]:
    results, steady, cold = [], {}, {}
    for size in SIZES:
        with scratch_database("stockhub_bench_cycle"):
            started = time.perf_counter()
            fill(size)
            print(f"{size:,} SKUs: filled in {time.perf_counter() - started:.0f} s, load {os.getloadavg()[0]:.1f}", flush=True)
            found, steady[size], cold[size] = _measured(size)
            results += found
    if len(SIZES) > 1:
        least, most = min(SIZES), max(SIZES)
        for name, seconds in {"steady": steady, "cold": cold}.items():
            exponent = math.log(seconds[most] / seconds[least]) / math.log(most / least)
            results.append(_result(f"warning cycle, {name}: growth exponent {least:,} to {most:,}", exponent, 1.05))
    return results


def _measured(size: int) -> tuple[list[dict[str, Any]], float, float]:
    clock = _Clock()
    cold, steady, pair = Timed(), Timed(), Timed()
    for _turn in range(COLD_REPEATS):
        forget_alerts()
        _cycle(cold, clock.next(), workers=1)
    cold_read, cold_write = raw_seconds(cold.cycle_id)
    # The second evaluation settles what the first one opened; from then on only changed facts cost anything.
    _cycle(Timed(), clock.next(), workers=1)
    for turn in range(REPEATS):
        change_one_percent(2 * turn)
        _cycle(steady, clock.next(), workers=1)
        change_one_percent(2 * turn + 1)
        _cycle(pair, clock.next(), workers=2)
    steady_read, steady_write = raw_seconds(steady.cycle_id)
    for name, timed, read, write in (("cold", cold, cold_read, cold_write), ("steady", steady, steady_read, steady_write)):
        _tell(f"{size:,} {name}", timed, read, write)
    _tell(f"{size:,} steady, two workers", pair, steady_read, steady_write)
    ratio = steady.median / pair.median
    peak = max(*cold.peak.values(), *steady.peak.values(), *pair.peak.values())
    results = [
        _result(f"warning cycle {size:,} x 3, steady, times raw", steady.median / (steady_read + steady_write), 3.0),
        _result(f"warning cycle {size:,} x 3, cold, times raw", cold.median / (cold_read + cold_write), 5.0),
    ]
    if size == max(SIZES):
        results += [
            _result(f"warning cycle {size:,} x 3, peak memory of any process, MiB", peak, 1536.0),
            _result(f"warning cycle {size:,} x 3, steady, one worker's time to two's", ratio, 1.7, better="higher"),
        ]
    return results, steady.median, cold.median


def _tell(name: str, timed: Timed, read: float, write: float) -> None:
    steps = ", ".join(f"{step} {value:.2f}" for step, value in sorted(timed.steps.items(), key=lambda s: -s[1]))
    written = {what: timed.counts[what] for what in ("opened", "raised", "lowered", "resolved", "renumbered") if what in timed.counts}
    turns = " ".join(f"{seconds:.2f}" for seconds in timed.seconds)
    print(f"{name}: {timed.median:.2f} s of {turns} ({steps}); {written}")
    print(
        f"{name}: raw {read + write:.2f} s (read {read:.2f}, write {write:.2f}); peak MiB {timed.peak}; load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


class _Clock:
    """A minute later each time."""

    def __init__(self) -> None:
        self.at = NOW

    def next(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at


def _cycle(timed: Timed, at: datetime, *, workers: int) -> None:
    """Runs one cycle in worker processes that are ready before the clock starts."""
    from stockhub.cycles.services import request_cycle

    cycle = request_cycle(name="warnings", slot_at=at, as_of=at, requested_by="benchmark")
    command = [sys.executable, "-m", "benchmarks.cycle_worker", str(cycle.pk)]
    running = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _number in range(workers)]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    started = time.perf_counter()
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    answers = [process.communicate()[0] for process in running]
    elapsed = time.perf_counter() - started
    cycle.refresh_from_db()
    assert cycle.status == "done", cycle.message
    timed.seconds.append(elapsed)
    timed.steps, timed.counts, timed.cycle_id = cycle.seconds, cycle.counts, cycle.pk
    for answer in answers:
        timed.peak = {name: max(value, timed.peak[name]) for name, value in json.loads(answer).items()}


def _result(name: str, value: float, goal: float, *, better: str = "lower") -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 3),
        "goal": goal,
        "better": better,
        "ok": value <= goal if better == "lower" else value >= goal,
    }


if __name__ == "__main__":
    print(run())
