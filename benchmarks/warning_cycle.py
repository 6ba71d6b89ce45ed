"""Warning cycles over 1,000, 10,000 and 100,000 SKUs in three pools, cold and steady, against their raw time.

The raw time is that of reading the same stored bytes into arrays and COPYing the same output rows (`cycle_raw`), right after each run. Both
are told on the clock and as processor time, which other work on the machine does not change. Every cycle is run by worker processes, whose
peak memory is told. Forecasts are timed apart.
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

from benchmarks.cycle_raw import Spent, read_once, write_once
from benchmarks.cycle_world import NOW, change_one_percent, fill, forget_alerts
from benchmarks.scratch import scratch_database

SIZES: Final = tuple(int(size) for size in os.environ.get("BENCH_CYCLE_SKUS", "1000,10000,100000").split(","))
REPEATS: Final = 5
COLD_REPEATS: Final = 3


@dataclass(slots=True)
class Timed:
    """Runs of one sort and their raw work, done in turn; the last run's steps, and the most memory of any process, in MiB."""

    runs: list[Spent] = field(default_factory=list)
    reads: list[Spent] = field(default_factory=list)
    writes: list[Spent] = field(default_factory=list)
    #: Seconds on the clock of each run, of which `runs` may leave something out.
    whole: list[float] = field(default_factory=list)
    steps: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    peak: dict[str, float] = field(default_factory=lambda: {"worker": 0.0, "backend": 0.0})

    def ratio(self, measure: str) -> float:
        """The median run against the median reading and the median writing."""
        return median(self.runs, measure) / (median(self.reads, measure) + median(self.writes, measure))


def median(spent: list[Spent], measure: str) -> float:
    return float(statistics.median(getattr(each, measure) for each in spent))


def run() -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = []
    found: dict[int, tuple[Timed, Timed]] = {}
    for size in SIZES:
        with scratch_database("stockhub_bench_cycle"):
            started = time.perf_counter()
            fill(size)
            print(f"{size:,} SKUs: filled in {time.perf_counter() - started:.0f} s, load {os.getloadavg()[0]:.1f}", flush=True)
            found[size] = _measured(size, results)
    if len(SIZES) > 1:
        least, most = min(SIZES), max(SIZES)
        for place, name in enumerate(("steady", "cold")):
            seconds = [median(found[size][place].runs, "processor") for size in (least, most)]
            exponent = math.log(seconds[1] / seconds[0]) / math.log(most / least)
            results.append(result(f"warning cycle, {name}: growth exponent of processor time {least:,} to {most:,}", exponent, 1.05))
    return results


def _measured(size: int, results: list[dict[str, Any]]) -> tuple[Timed, Timed]:
    clock = _Clock()
    cold, steady, pair = Timed(), Timed(), Timed()
    for _turn in range(COLD_REPEATS):
        forget_alerts()
        _cycle(cold, clock.next(), workers=1)
    # The second evaluation settles what the first one opened; from then on only changed facts cost anything.
    _cycle(Timed(), clock.next(), workers=1)
    for turn in range(REPEATS):
        change_one_percent(2 * turn)
        _cycle(steady, clock.next(), workers=1)
        change_one_percent(2 * turn + 1)
        _cycle(pair, clock.next(), workers=2)
    for name, timed in {"cold": cold, "steady": steady, "steady, two workers": pair}.items():
        _tell(f"{size:,} {name}", timed)
    for timed, name, goal in ((steady, "steady", 3.0), (cold, "cold", 5.0)):
        results += [
            result(f"warning cycle {size:,} x 3, {name}, times raw, {measure} time", timed.ratio(measure), goal)
            for measure in ("wall", "processor")
        ]
    if size == max(SIZES):
        peak = max(*cold.peak.values(), *steady.peak.values(), *pair.peak.values())
        # Each against the run right before it, which met the same machine.
        turns = [one.wall / two.wall for one, two in zip(steady.runs, pair.runs, strict=True)]
        faster = statistics.median(turns)
        # Other work on the machine does not change it; two that did each other's work again would tell.
        more = median(pair.runs, "processor") / median(steady.runs, "processor")
        print(f"one worker's time to two's, by turn: {' '.join(f'{turn:.2f}' for turn in turns)}; processor time {more:.2f}", flush=True)
        results += [
            result(f"warning cycle {size:,} x 3, peak memory of any process, MiB", peak, 1536.0),
            result(f"warning cycle {size:,} x 3, steady, one worker's time to two's", faster, 1.7, better="higher"),
            result(f"warning cycle {size:,} x 3, steady, two workers' processor time to one's", more, 1.1),
        ]
    return steady, cold


def _tell(name: str, timed: Timed) -> None:
    steps = ", ".join(f"{step} {value:.2f}" for step, value in sorted(timed.steps.items(), key=lambda s: -s[1]))
    written = {what: timed.counts[what] for what in ("opened", "raised", "lowered", "resolved", "renumbered") if what in timed.counts}
    for measure in ("wall", "processor"):
        turns = " ".join(f"{getattr(run, measure):.2f}" for run in timed.runs)
        raw = f"read {median(timed.reads, measure):.2f}, write {median(timed.writes, measure):.2f}"
        print(f"{name}: {measure} {median(timed.runs, measure):.2f} s of {turns}; raw {raw}")
    peak = ", ".join(f"{process} {mib:.0f}" for process, mib in timed.peak.items())
    print(f"{name}: {steps}; {written}; peak MiB: {peak}; load {os.getloadavg()[0]:.1f}", flush=True)


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
    answers = [process.stdout.readline() for process in running if process.stdout is not None]
    elapsed = time.perf_counter() - started
    for process in running:
        process.communicate()
    cycle.refresh_from_db()
    assert cycle.status == "done", cycle.message
    told = [json.loads(answer) for answer in answers]
    timed.runs.append(Spent(elapsed, sum(each["processor"] for each in told)))
    # At once, so that both meet the same machine.
    timed.reads.append(read_once())
    timed.writes.append(write_once(cycle.pk))
    timed.steps, timed.counts = cycle.seconds, cycle.counts
    for each in told:
        timed.peak = {name: max(value, timed.peak.get(name, 0.0)) for name, value in each["peak"].items()}


def result(name: str, value: float, goal: float, *, better: str = "lower") -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 3),
        "goal": goal,
        "better": better,
        "ok": value <= goal if better == "lower" else value >= goal,
    }


if __name__ == "__main__":
    print(run())
