"""A worker process of the cycles' benchmarks: it says that it is ready, waits for a line, and works until one cycle has ended."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from benchmarks.processor import backend_of_this_process, processor_seconds


def main(cycle_id: int) -> None:
    import django

    django.setup()
    from stockhub.alerts.evaluation import evaluate
    from stockhub.catalog.models import Sku
    from stockhub.core import clock
    from stockhub.cycles.executor import advance
    from stockhub.cycles.models import Cycle, CycleStatus
    from stockhub.pluginhost.registry import registry
    from stockhub.snapshot.builder import build

    # What a resident worker has loaded and looked up long ago.
    registry()
    if Cycle.objects.get(pk=cycle_id).name == "forecast":
        _forecast_once()
    else:
        evaluate(build([Sku.objects.values_list("id", flat=True).earliest("id")], clock.now()))
    backend = backend_of_this_process()
    print("ready", flush=True)
    sys.stdin.readline()
    before = processor_seconds(backend)
    while Cycle.objects.filter(pk=cycle_id, status__in=[CycleStatus.DUE, CycleStatus.RUNNING]).exists():
        if not advance(f"bench:{os.getpid()}", cycle_id=cycle_id).total:
            # As a rule, a second worker that waits for the first one's preparation should not take its processor.
            time.sleep(0.05)
    spent = processor_seconds(backend) - before
    # `getrusage` would tell the peak of the process that this one was forked from.
    peak = {"worker": _peak_of(os.getpid()), "backend": _peak_of(backend)}
    peak |= {f"plugin {number}": _peak_of(child) for number, child in enumerate(_children())}
    print(json.dumps({"peak": peak, "processor": spent}), flush=True)


def _forecast_once() -> None:
    """Starts the forecasters' processes and has them compile what they compile."""
    import numpy as np

    from stockhub.core import clock
    from stockhub.demand.cycles import forecast_settings
    from stockhub.demand.forecasting import panel_of, run_chain
    from stockhub.demand.lead_times import asked_of, lead_times_of
    from stockhub.pluginhost.forecasting import fit_forecaster

    wanted = forecast_settings()
    values = np.random.default_rng(1).poisson(2.0, (200, wanted.history_days)).astype(np.float64)
    ids = np.arange(200, dtype=np.int64)
    panel = panel_of(ids, values, np.ones(values.shape, np.bool_), clock.now().date())
    points = run_chain(panel, chain=wanted.chain, horizon=wanted.horizon_days, quantile_levels=tuple(wanted.quantile_levels))
    asked = asked_of(wanted)
    lead_times_of(panel, points, asked, fit_forecaster(asked.forecaster, panel, asked.days))


def _children() -> list[int]:
    """The plugins' processes, whichever thread has started them."""
    return [int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]


def _peak_of(pid: int) -> float:
    """Peak resident MiB of a process on this machine; a server process counts the shared buffers that it has touched."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main(int(sys.argv[1]))
