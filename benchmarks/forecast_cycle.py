"""Forecast cycles over series with a year of sales, PostgreSQL in and out, against their raw time, without the models' own time.

Forecasters run in processes of their own, so that the processor time of a worker and its server process is that of everything but them;
on the clock, the seconds that the host waited for them are taken off. The raw time is that of `cycle_raw`: reading the stored bytes of the
series into arrays, and COPYing the forecasts that were written into the same table, empty.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import timedelta
from typing import Any, Final

from benchmarks.cycle_raw import BY_FORECASTS, OF_FORECASTS, Spent, read_once, write_once
from benchmarks.cycle_world import NOW, POOLS, fill
from benchmarks.scratch import scratch_database
from benchmarks.warning_cycle import Timed, median, result

SERIES: Final = int(os.environ.get("BENCH_FORECAST_SERIES", "30000"))
REPEATS: Final = int(os.environ.get("BENCH_FORECAST_REPEATS", "3"))


def run() -> list[dict[str, Any]]:
    with scratch_database("stockhub_bench_forecast"):
        started = time.perf_counter()
        fill(SERIES // POOLS)
        print(f"{SERIES:,} series: filled in {time.perf_counter() - started:.0f} s, load {os.getloadavg()[0]:.1f}", flush=True)
        return _measured()


def _measured() -> list[dict[str, Any]]:
    alone, pair = Timed(), Timed()
    # The first run writes down each day's stock; from then on a day costs a day.
    _cycle(Timed(), 0, workers=1)
    for turn in range(REPEATS):
        _cycle(alone, 2 * turn + 1, workers=1)
        _cycle(pair, 2 * turn + 2, workers=2)
    for name, timed in {"one worker": alone, "two workers": pair}.items():
        steps = ", ".join(f"{step} {value:.2f}" for step, value in sorted(timed.steps.items(), key=lambda s: -s[1]))
        for measure in ("wall", "processor"):
            turns = " ".join(f"{getattr(each, measure):.2f}" for each in timed.runs)
            print(f"{name}: {measure} {turns}; raw read {median(timed.reads, measure):.2f}, write {median(timed.writes, measure):.2f}")
        print(f"{name}: {steps}; {timed.counts}; peak MiB {timed.peak}; load {os.getloadavg()[0]:.1f}", flush=True)
    name = f"forecast cycle {SERIES:,}"
    return [
        *(result(f"{name}, times raw, {measure} time without the models'", alone.ratio(measure), 3.0) for measure in ("wall", "processor")),
        result(f"{name}, peak memory of any process, MiB", max(*alone.peak.values(), *pair.peak.values()), 1536.0),
        result(f"{name}, one worker's time to two's, models included", _whole(alone) / _whole(pair), 1.7, better="higher"),
    ]


def _whole(timed: Timed) -> float:
    return sum(timed.whole) / len(timed.whole)


def _cycle(timed: Timed, turn: int, *, workers: int) -> None:
    """Runs one cycle in worker processes that are ready before the clock starts."""
    from stockhub.cycles.services import request_cycle
    from stockhub.pluginhost.models import Provider

    at = NOW + timedelta(minutes=turn + 1)
    cycle = request_cycle(name="forecast", slot_at=at, as_of=at, requested_by="benchmark")
    command = [sys.executable, "-m", "benchmarks.cycle_worker", str(cycle.pk)]
    running = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _number in range(workers)]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    asked = sum(Provider.objects.filter(kind="forecaster").values_list("seconds", flat=True))
    started = time.perf_counter()
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    told = [json.loads(process.stdout.readline()) for process in running if process.stdout is not None]
    elapsed = time.perf_counter() - started
    for process in running:
        process.communicate()
    cycle.refresh_from_db()
    assert cycle.status == "done", cycle.message
    assert not any(name.endswith("textbook") for name in cycle.counts), cycle.counts
    waited = sum(Provider.objects.filter(kind="forecaster").values_list("seconds", flat=True)) - asked
    timed.whole.append(elapsed)
    timed.runs.append(Spent(elapsed - waited / workers, sum(each["processor"] for each in told)))
    # At once, so that both meet the same machine.
    timed.reads.append(read_once(OF_FORECASTS))
    timed.writes.append(write_once(cycle.pk, BY_FORECASTS))
    timed.steps, timed.counts = cycle.seconds, cycle.counts
    for each in told:
        timed.peak |= {name: max(value, timed.peak.get(name, 0.0)) for name, value in each["peak"].items()}


if __name__ == "__main__":
    print(run())
