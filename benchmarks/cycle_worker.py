"""A worker process of the warning cycle's benchmark: it says that it is ready, waits for a line, and works until one cycle has ended."""

from __future__ import annotations

import json
import os
import resource
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
    evaluate(build([Sku.objects.values_list("id", flat=True).earliest("id")], clock.now()))
    backend = backend_of_this_process()
    print("ready", flush=True)
    sys.stdin.readline()
    before = processor_seconds(backend)
    while Cycle.objects.filter(pk=cycle_id, status__in=[CycleStatus.DUE, CycleStatus.RUNNING]).exists():
        if not advance(f"bench:{os.getpid()}", cycle_id=cycle_id).total:
            time.sleep(0.01)
    spent = processor_seconds(backend) - before
    peak = {"worker": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "backend": _peak_of(backend)}
    print(json.dumps({"peak": peak, "processor": spent}), flush=True)


def _peak_of(pid: int) -> float:
    """Peak resident MiB of a local server process, with the shared buffers that it has touched."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main(int(sys.argv[1]))
