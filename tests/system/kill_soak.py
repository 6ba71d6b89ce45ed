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
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockhub.config.settings")
django.setup()

import amqp  # noqa: E402
import psycopg  # noqa: E402
import redis  # noqa: E402

from tests.system.conftest import POSTGRES, REDIS  # noqa: E402
from tests.system.kill_trial import Figures, Trial, environment  # noqa: E402
from tests.system.workers import Workers  # noqa: E402

KILLS: Final = int(os.environ.get("STOCKHUB_SOAK_KILLS", "100"))
#: Its queues `fast` and `bulk` are deleted.
RABBITMQ: Final = os.environ.get("STOCKHUB_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672//")
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
    name = f"stockhub_kills_{os.getpid()}"
    broker = REDIS if pair == "redis" else RABBITMQ
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            _clear(broker)
            yield {"DATABASE_URL": f"{POSTGRES.rpartition('/')[0]}/{name}", "BROKER_URL": broker}
        finally:
            _clear(broker)
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def _clear(broker: str) -> None:
    if broker.startswith("redis"):
        redis.Redis.from_url(broker).flushdb()
        return
    from kombu.utils.url import parse_url

    at = parse_url(broker)
    with closing(
        amqp.Connection(
            f"{at['hostname']}:{at['port'] or 5672}", userid=at["userid"], password=at["password"], virtual_host=at["virtual_host"]
        )
    ) as connection:
        connection.connect()
        for queue in ("fast", "bulk"):
            connection.channel().queue_delete(queue)


if __name__ == "__main__":
    name, *numbers = sys.argv[1:]
    run(name, kills=int(numbers[0]) if numbers else KILLS, seed=int(numbers[1]) if numbers[1:] else None)
