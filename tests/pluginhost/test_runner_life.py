"""A runner dies with its host, leaves nothing behind, and is not shared over a fork."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from stockhub.pluginapi import ForecastBatch
from stockhub.pluginhost import processes, supervision
from stockhub.pluginhost.entries import Entry
from stockhub.pluginhost.forecasting import run_forecaster, start_forecaster
from tests.pluginhost.plugin_site import PluginSite

HOST = textwrap.dedent("""
    import datetime, os, sys, time
    import django, numpy as np
    django.setup()
    from stockhub.pluginapi import ForecastBatch, Panel
    from stockhub.pluginhost.forecasting import run_forecaster, start_forecaster
    panel = Panel(np.arange(2), datetime.date(2026, 1, 1), np.ones((2, 9), np.float32), np.ones((2, 9), np.bool_))
    print(int(run_forecaster("says-its-process", ForecastBatch(panel, 1, (.5,)), recorded=False).mean[0, 0]), flush=True)
    time.sleep(600)
""")


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone_within(seconds: float, process: int) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not is_alive(process):
            return True
        time.sleep(0.02)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_runner_dies_with_its_host_that_is_killed(site: PluginSite, var_dir: Path) -> None:
    site.install("misbehaving_forecasters")
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "stockhub.config.settings", "STOCKHUB_VAR": str(var_dir)}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    host = subprocess.Popen([sys.executable, "-c", HOST], stdout=subprocess.PIPE, text=True, env=environment)
    assert host.stdout is not None
    runner = int(float(host.stdout.readline()))
    assert is_alive(runner)
    assert os.getpgid(runner) == runner
    host.send_signal(signal.SIGKILL)
    host.wait(timeout=10)
    host.stdout.close()
    assert gone_within(5.0, runner)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_a_plugin_started_is_ended_with_it(site: PluginSite, batch_of: Callable[..., ForecastBatch]) -> None:
    site.install("starts_a_child")
    child = int(run_forecaster("starts-a-child", batch_of(1), recorded=False).mean[0, 0])
    assert is_alive(child)
    supervision.stop_all()
    assert gone_within(5.0, child)


def test_a_forked_process_gets_a_runner_of_its_own(site: PluginSite, batch_of: Callable[..., ForecastBatch]) -> None:
    site.install("misbehaving_forecasters")
    ours = int(run_forecaster("says-its-process", batch_of(), recorded=False).mean[0, 0])
    read, write = os.pipe()
    forked = os.fork()
    if forked == 0:
        theirs = 0
        try:
            theirs = int(run_forecaster("says-its-process", batch_of(), recorded=False).mean[0, 0])
            supervision.stop_all()
        finally:
            os.write(write, str(theirs).encode())
            os._exit(0)
    os.waitpid(forked, 0)
    theirs = int(os.read(read, 100))
    os.close(read)
    os.close(write)
    assert theirs not in (0, ours)
    assert int(run_forecaster("says-its-process", batch_of(), recorded=False).mean[0, 0]) == ours


def test_neither_start_up_imports_plugins_nor_the_runner_imports_django() -> None:
    django_only = (
        "import django, sys; django.setup(); assert not [m for m in sys.modules if m.startswith(('stockhub_', 'pandas', 'numba'))]"
    )
    runner_only = (
        "import stockhub.pluginhost.runner, sys; assert not [m for m in sys.modules if m.startswith(('django', 'celery', 'pandas'))]"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "stockhub.config.settings", "PYTHONPATH": os.pathsep.join(sys.path)}
    for code in (django_only, runner_only):
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_threads_that_start_runners_at_the_same_time_share_one_starter(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    class Slow(ThreadPoolExecutor):
        def __init__(self, **options: Any) -> None:  # noqa: ANN401 - the executor's own
            made.append(self)
            time.sleep(0.05)
            super().__init__(**options)

    monkeypatch.setattr(processes, "_starter", None)
    monkeypatch.setattr(processes, "ThreadPoolExecutor", Slow)
    monkeypatch.setattr(processes, "_start", lambda *_arguments: None)
    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(lambda _n: processes.start_process(Entry("a", "b", "c", "1"), 64), range(4)))
    assert len(made) == 1


def test_a_runner_that_was_started_meanwhile_is_the_one_that_answers(site: PluginSite, batch_of: Callable[..., ForecastBatch]) -> None:
    site.install("misbehaving_forecasters")
    start_forecaster("says-its-process")
    start_forecaster("nobody-has-this")
    first, second = (run_forecaster("says-its-process", batch_of(1), recorded=False).mean[0, 0] for _call in range(2))
    assert first == second > 0
