"""A hundred kills on each pair of database and broker, while orders come in through the inbox. Part of `make soak`.

`python -m tests.system.kill_soak embedded|redis|rabbitmq [KILLS] [SEED]` does one pair alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockhub.config.settings")
django.setup()

from tests.services import postgres_database, rabbitmq, redis_database  # noqa: E402
from tests.system.kill_trial import Figures, Trial, environment  # noqa: E402
from tests.system.workers import Workers  # noqa: E402

KILLS: Final = int(os.environ.get("STOCKHUB_SOAK_KILLS", "100"))
PAIRS: Final = ("embedded", "redis", "rabbitmq")


def run(pair: str, *, kills: int = KILLS, seed: int | None = None) -> Figures:
    """Raises AssertionError with what is wrong; the seed that is printed repeats the choice of victims and moments."""
    seed = int(time.time()) if seed is None else seed
    with tempfile.TemporaryDirectory() as made, _services(pair) as services:
        folder = Path(made)
        env = environment(folder, services)
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=env, check=True, timeout=600)
        workers = Workers(env, folder)
        try:
            workers.ready()
            trial = Trial(env, folder, call="accept", seed=seed, victims=workers.victims())
            try:
                figures = trial.run(kills)
            except (AssertionError, TimeoutError) as error:
                logs = "\n".join(f"{log.name}:\n{log.read_text()[-3000:]}" for log in sorted(folder.glob("*.log")))
                raise AssertionError(f"{pair}, seed {seed}, {trial.figures}: {error}\n{logs}") from error
            finally:
                trial.close()
        finally:
            workers.close()
        locked = [log.name for log in folder.glob("*.log") if "database is locked" in log.read_text()]
        assert locked == [], f"Seed {seed}: the database was locked: {locked}"
    print(f"{pair}, seed {seed}: {figures}", flush=True)
    return figures


@contextmanager
def _services(pair: str) -> Iterator[dict[str, str]]:
    """What names the pair's database and broker; both are empty at first, and gone afterwards."""
    if pair == "embedded":
        yield {}
        return
    with postgres_database("kills") as database, redis_database() if pair == "redis" else rabbitmq() as broker:
        yield {"DATABASE_URL": database, "BROKER_URL": broker}


if __name__ == "__main__":
    name, *numbers = sys.argv[1:]
    run(name, kills=int(numbers[0]) if numbers else KILLS, seed=int(numbers[1]) if numbers[1:] else None)
