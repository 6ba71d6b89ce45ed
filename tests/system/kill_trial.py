"""Kill -9 at random moments while orders come in: what was acknowledged is there, once, and the stock is exact.

`Trial` drives an intake process batch by batch and kills it; what was not acknowledged is sent again, as every source does.
"""

from __future__ import annotations

import json
import os
import random
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any, Final

from tests.conftest import REPOSITORY

HERE: Final = Path(__file__).parent
#: Batches that are under way at once.
_AHEAD: Final = 3
#: A killed process has to be back, and all work done, within this time, on a machine that is busy with other things as well. What it really
#: took is printed.
RECOVERY_SECONDS: Final = 180.0


def environment(folder: Path, services: dict[str, str]) -> dict[str, str]:
    """What processes of a trial see: its own folder and services, and pauses that a test can wait for."""
    decided = ("DATABASE_URL", "BROKER_URL", "REDIS_URL")
    return {
        **{name: value for name, value in os.environ.items() if name not in decided},
        "DJANGO_SETTINGS_MODULE": "stockhub.config.settings",
        "PYTHONPATH": os.pathsep.join([str(REPOSITORY), os.environ.get("PYTHONPATH", "")]),
        "STOCKHUB_VAR": str(folder),
        "STOCKHUB_LEASE_SECONDS": "3",
        "STOCKHUB_RETRY_SECONDS": "0.2",
        "STOCKHUB_BROKER_SECONDS": "1",
        "LOG_LEVEL": "WARNING",
        **services,
    }


class Remote:
    """A process of `intake.py`. Calls are answered in their order; one that is killed answers no more."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "intake.py")],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log.open("a"),
            text=True,
        )
        self.answers: Queue[str] = Queue()
        Thread(target=self._read, daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.endswith("\n"):
                self.answers.put(line)
        self.answers.put("")

    def send(self, *call: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(call) + "\n")
        self._process.stdin.flush()

    def answer(self, *, seconds: float) -> Any:  # noqa: ANN401 - what the process answers
        """The next answer; None where the process ended without it, TimeoutError where it takes too long."""
        try:
            line = self.answers.get(timeout=seconds)
        except Empty:
            raise TimeoutError(f"The intake did not answer within {seconds} s.") from None
        return json.loads(line) if line else None

    def ask(self, *call: object) -> Any:  # noqa: ANN401 - likewise
        self.send(*call)
        return self.answer(seconds=120)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@dataclass
class Figures:
    """What a trial found: kills by victim, records of orders that were acknowledged, how many of them were waiting to be applied just after
    each kill, and how long it took from each kill until every one was.
    """

    kills: int = 0
    acknowledged: int = 0
    victims: dict[str, int] = field(default_factory=dict)
    waiting: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    slowest: str = ""

    def __str__(self) -> str:
        victims = ", ".join(f"{name} {count}" for name, count in sorted(self.victims.items()))
        median, most = statistics.median(self.seconds or [0.0]), max(self.seconds, default=0.0)
        waiting = max(self.waiting, default=0)
        return (
            f"{self.kills} kills ({victims}), {self.acknowledged} records of orders acknowledged, up to {waiting} of them waiting"
            f" at a kill, recovery {median:.1f} s median, {most:.1f} s at most ({self.slowest})"
        )


class Trial:
    """Rounds of: orders come in, something is killed, everything recovers, nothing is missing.

    `call` is what the intake is asked to do with a batch; `victims` are further things to kill by name: each kills and starts again.
    """

    def __init__(
        self,
        env: dict[str, str],
        folder: Path,
        *,
        call: str,
        seed: int,
        victims: Sequence[tuple[str, Callable[[], None]]] = (),
        kill_intake: bool = True,
    ) -> None:
        self._env, self._log, self._call = env, folder / "intake.log", call
        self._random = random.Random(seed)  # noqa: S311 - chance, not a secret
        self._victims = [("intake", self._kill_intake), *victims] if kill_intake else list(victims)
        self._judge = Remote(env, self._log)
        self._intake = Remote(env, self._log)
        self._sent: list[int] = []
        self._next = 0
        self.figures = Figures()

    def run(self, kills: int) -> Figures:
        """Raises AssertionError with what is wrong after which kill."""
        assert self._judge.ask("prepare") == "ready"
        self._feed(until=time.monotonic() + 1.0, at_least=2)
        for number in range(1, kills + 1):
            self._round(number)
            if number % 10 == 0:
                sys.stderr.write(f"… {self.figures}\n")
        return self.figures

    def close(self) -> None:
        for process in (self._intake, self._judge):
            process.kill()

    def _round(self, number: int) -> None:
        name, kill = self._random.choice(self._victims)
        self._feed(until=time.monotonic() + self._random.uniform(0.05, 0.8), at_least=1)
        started = time.monotonic()
        kill()
        self.figures.kills += 1
        self.figures.victims[name] = self.figures.victims.get(name, 0) + 1
        self.figures.waiting.append(self._first_look())
        self._drain()
        deadline = started + RECOVERY_SECONDS
        while waiting := self._judge.ask("waiting"):
            assert time.monotonic() < deadline, f"After kill {number} ({name}) {waiting} records wait for more than {RECOVERY_SECONDS} s."
            time.sleep(0.02)
        self.figures.seconds.append(time.monotonic() - started)
        if self.figures.seconds[-1] == max(self.figures.seconds):
            self.figures.slowest = name
        wrong = self._judge.ask("differences", self._next)
        assert wrong == {}, f"After kill {number} ({name}), of {self._next} batches: {wrong}"
        # A source that never heard of the answer sends again what is long there.
        assert self._intake.ask(self._call, self._random.randrange(self._next)) is not None

    def _first_look(self) -> int:
        """Records that wait; a database that was killed is asked until it answers."""
        while isinstance(waiting := self._judge.ask("waiting"), dict):
            time.sleep(0.1)
        return int(waiting)

    def _feed(self, *, until: float, at_least: int) -> None:
        """Keeps a few batches under way until a moment; leaves them under way."""
        done = 0
        while time.monotonic() < until or done < at_least:
            while len(self._sent) < _AHEAD:
                self._intake.send(self._call, self._next)
                self._sent.append(self._next)
                self._next += 1
            self._acknowledge(self._intake.answer(seconds=RECOVERY_SECONDS))
            done += 1

    def _acknowledge(self, answer: object) -> None:
        assert answer == self._sent[0], f"The intake answered {answer!r} for batch {self._sent[0]}."
        self._sent.pop(0)
        self.figures.acknowledged += 12 if answer else 10

    def _drain(self) -> None:
        """What is under way is acknowledged: what was refused is sent again, by a new process where the old one is gone."""
        while self._sent:
            answer = self._intake.answer(seconds=RECOVERY_SECONDS)
            if answer is None:
                self._intake = Remote(self._env, self._log)
                for number in self._sent:
                    self._intake.send(self._call, number)
            elif isinstance(answer, dict):
                self._sent.append(self._sent.pop(0))
                self._intake.send(self._call, self._sent[-1])
            else:
                self._acknowledge(answer)

    def _kill_intake(self) -> None:
        os.kill(self._intake.pid, signal.SIGKILL)
