"""Runs the processes of one machine: starts them, passes their output on, restarts those that end, and stops all in order."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TextIO

#: A process that ends is started again after a second, then two, four … Living for a minute counts as a good start.
_FIRST_PAUSE, _LONGEST_PAUSE, _GOOD_START = 1.0, 30.0, 60.0
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Program:
    """`stop_with` is the group that it is stopped in, lower ones first; `grace_seconds` what it gets to end by itself."""

    name: str
    command: Sequence[str]
    stop_with: int
    grace_seconds: float = 10.0
    environment: dict[str, str] = field(default_factory=dict)


def _die_with_parent() -> Callable[[], None] | None:
    """On Linux a child hears SIGTERM when this process ends, even by kill -9; elsewhere nothing can be done for that."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

    return ask


class Supervisor:
    def __init__(self, programs: Sequence[Program], *, out: TextIO) -> None:
        self._programs = programs
        self._out = out
        self._stopping = asyncio.Event()
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._width = max(len(program.name) for program in programs)

    async def run(self) -> None:
        """Until SIGTERM or SIGINT. A second one does not wait for anything."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        watches = {program.name: asyncio.create_task(self._watch(program)) for program in self._programs}
        await self._stopping.wait()
        for group in sorted({program.stop_with for program in self._programs}):
            await asyncio.gather(*(self._end(program) for program in self._programs if program.stop_with == group))
        await asyncio.gather(*watches.values())
        self._say("up", "All processes have ended.")

    def _stop(self) -> None:
        if self._stopping.is_set():
            for process in self._running.values():
                _kill(process)
        self._stopping.set()

    async def _watch(self, program: Program) -> None:
        pause = _FIRST_PAUSE
        while not self._stopping.is_set():
            started = time.monotonic()
            status = await self._run_once(program)
            if self._stopping.is_set():
                break
            if time.monotonic() - started > _GOOD_START:
                pause = _FIRST_PAUSE
            self._say("up", f"{program.name} ended with status {status}; it is started again in {pause:.0f} s.")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
            pause = min(_LONGEST_PAUSE, pause * 2)

    async def _run_once(self, program: Program) -> int:
        process = await asyncio.create_subprocess_exec(
            *program.command,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "STOCKHUB_PROCESS": program.name, **program.environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            # Ctrl-C is for this process alone, which then stops the others in order.
            start_new_session=True,
            preexec_fn=_die_with_parent(),
        )
        self._running[program.name] = process
        self._say("up", f"{program.name} runs as process {process.pid}.")
        assert process.stdout is not None  # noqa: S101 - asked for above
        await self._pass_on(program.name, process.stdout)
        status = await process.wait()
        del self._running[program.name]
        return status

    async def _pass_on(self, name: str, output: asyncio.StreamReader) -> None:
        while True:
            try:
                line = await output.readline()
            except ValueError:
                # Longer than the reader's limit: the rest of it comes as the next line.
                line = b"(a line too long to pass on)"
            if not line:
                return
            self._say(name, line.decode(errors="replace").rstrip())

    async def _end(self, program: Program) -> None:
        process = self._running.get(program.name)
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), program.grace_seconds)
        except TimeoutError:
            self._say("up", f"{program.name} did not end in {program.grace_seconds:.0f} s and is killed; its work is not lost.")
            _kill(process)

    def _say(self, name: str, text: str) -> None:
        print(f"{name:>{self._width}} | {text}", file=self._out, flush=True)


def _kill(process: asyncio.subprocess.Process) -> None:
    """The process and what it started: its group is its own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
