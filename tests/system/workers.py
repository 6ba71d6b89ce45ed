"""The processes of a distributed site without `up`: started by their production commands, killed with -9, started again at once."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from stockhub.jobs.programs import programs
from stockhub.jobs.supervisor import Program
from tests.system.conftest import children


class Workers:
    """`fast` with two pool processes, `beat` and the `dispatcher`, as a service manager runs them."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self._environment, self._folder = environment, folder
        wanted = ("beat", "dispatcher", "fast")
        self._programs = {
            each.name: each for each in programs(host="127.0.0.1", port=0, web=False, fast=2, bulk=1) if each.name in wanted
        }  # fmt: skip
        self._running = {name: self._start(each) for name, each in self._programs.items()}

    def _start(self, program: Program) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            list(program.command),
            env={**self._environment, "STOCKHUB_PROCESS": program.name, **program.environment},
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=(self._folder / f"{program.name}.log").open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def pool(self) -> list[int]:
        return children(self._running["fast"].pid)

    def ready(self) -> None:
        """Waits until the worker has its pool."""
        deadline = time.monotonic() + 120
        while not self.pool():
            assert time.monotonic() < deadline, f"No worker after two minutes: see {self._folder / 'fast.log'}."
            time.sleep(0.1)

    def victims(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """What can be killed, by name; the worker and one of its pool processes more often than the others."""
        worker, child = ("worker", lambda: self._replace("fast")), ("pool process", self._kill_child)
        return (worker, child, worker, child, ("dispatcher", lambda: self._replace("dispatcher")), ("all of them", self._replace_all))

    def _replace(self, *names: str) -> None:
        for name in names:
            self._running[name].kill()
        for name in names:
            self._running[name].wait()
            self._running[name] = self._start(self._programs[name])

    def _replace_all(self) -> None:
        """As when the machine loses its power: each process with everything that it started."""
        for process in self._running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        self._replace(*self._running)

    def _kill_child(self) -> None:
        if pool := self.pool():
            with suppress(ProcessLookupError):
                os.kill(pool[0], signal.SIGKILL)

    def close(self) -> None:
        for process in self._running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
