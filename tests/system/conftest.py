"""A whole site in processes of its own, one on each pair of database and broker, shared by the tests of a module."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, cast

import pytest
import redis
from kombu.utils.url import parse_url
from psycopg.conninfo import conninfo_to_dict

from tests import migrated
from tests.conftest import REPOSITORY, absent
from tests.pluginhost.plugin_site import PluginSite
from tests.services import POSTGRES, AbsentError, postgres_database, redis_database

HERE = Path(__file__).parent


class Site:
    """`up --no-web` on one set of services, and a process that does in it what a test asks."""

    def __init__(
        self,
        folder: Path,
        environment: dict[str, str],
        wipe_broker: Callable[[], object],
        *,
        asker: dict[str, str] | None = None,
        is_migrated: bool = False,
    ) -> None:
        """`asker` are variables of the asking process alone, which must not be cut off where the site is.

        Where it `is_migrated`, the database is a copy of one that is: asking Django takes seconds.
        """
        strangers = folder / "strangers"
        strangers.mkdir()
        PluginSite(strangers, strangers).install("misbehaving_forecasters")
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "BROKER_URL", "REDIS_URL")},
            "DJANGO_SETTINGS_MODULE": os.environ.get("STOCKHUB_TEST_SLOW_SETTINGS", "slow_settings"),
            "PYTHONPATH": os.pathsep.join([str(HERE), str(REPOSITORY), str(strangers), os.environ.get("PYTHONPATH", "")]),
            "STOCKHUB_VAR": str(folder),
            # Tests read the lines, whatever the run of the suite wants to see.
            "LOG_LEVEL": "INFO",
            "STOCKHUB_LEASE_SECONDS": "3",
            "STOCKHUB_RETRY_SECONDS": "0.2",
            "STOCKHUB_BROKER_SECONDS": "1",
            **environment,
        }
        self.wipe_broker = wipe_broker
        self.log = folder / "up.log"
        if not is_migrated:
            self._run("migrate", "-v0")
        self.up = subprocess.Popen(
            self.command("up", "--no-web"), env=self.environment, cwd=folder, stdout=self.log.open("w"), stderr=subprocess.STDOUT
        )
        self._remote = subprocess.Popen(
            [sys.executable, str(HERE / "remote.py")],
            env=self.environment | (asker or {}),
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @staticmethod
    def command(*arguments: str) -> list[str]:
        return [sys.executable, "-m", "django", *arguments]

    def _run(self, *arguments: str) -> None:
        subprocess.run(self.command(*arguments), env=self.environment, check=True, timeout=600)

    def ask(self, *call: object) -> Any:  # noqa: ANN401 - what the remote answers
        assert self._remote.stdin is not None
        assert self._remote.stdout is not None
        self._remote.stdin.write(json.dumps(call) + "\n")
        self._remote.stdin.flush()
        return json.loads(self._remote.stdout.readline())

    def until(self, condition: Callable[[], Any], *, seconds: float = 60) -> Any:  # noqa: ANN401 - likewise
        """The first true answer; fails with the end of the log where there is none in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if answer := condition():
                return answer
            time.sleep(0.1)
        pytest.fail(f"Not in {seconds} s. The log ends:\n{self.log.read_text()[-6000:]}")

    def finished(self, run: int, *, seconds: float = 60) -> dict[str, Any]:
        """The state of a run when it has ended."""

        def ended() -> dict[str, Any] | None:
            state: dict[str, Any] = self.ask("state", run)
            return None if state["status"] in ("due", "running") else state

        return cast("dict[str, Any]", self.until(ended, seconds=seconds))

    def at_work(self, run: int, *, done: int = 2) -> None:
        """Waits until a run is in the middle: some chunks done, others leased."""
        self.until(lambda: (chunks := self.ask("state", run)["chunks"]).count("done") >= done and "leased" in chunks)

    def told(self) -> list[dict[str, Any]]:
        """The log lines of all processes. What Celery and the supervisor say to people when something starts or stops is left out."""
        texts = [line.partition(" | ")[2] for line in self.log.read_text().splitlines()]
        return [json.loads(text) for text in texts if text.startswith("{")]

    def pid(self, program: str) -> int:
        """The process that runs as `program` now."""
        lines = [line for line in self.log.read_text().splitlines() if f"| {program} runs as process" in line]
        return int(lines[-1].rpartition(" ")[2].rstrip(".")) if lines else 0

    def ready(self, program: str) -> None:
        """Waits until a worker consumes: its pool processes are there."""
        self.until(lambda: children(self.pid(program)), seconds=60)

    def close(self) -> None:
        self.up.terminate()
        self._remote.kill()
        self._remote.wait()
        try:
            self.up.wait(timeout=20)
        except subprocess.TimeoutExpired:
            for program in ("beat", "dispatcher", "fast", "bulk"):
                for pid in (*children(self.pid(program)), self.pid(program)):
                    kill(pid)
            self.up.kill()
            raise


def children(pid: int) -> list[int]:
    """The processes that a process started; empty where it is gone."""
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


class Proxy:
    """Stands between a site and its broker or database. It can hang up, fall silent, and be slow: `delay` is in seconds a packet."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self.delay = 0.0
        self.is_silent = False
        self._pairs: list[socket.socket] = []
        self._listener: socket.socket | None = None
        with closing(socket.create_server(("127.0.0.1", 0))) as probe:
            self.port: int = probe.getsockname()[1]
        self.connect()

    def connect(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port), reuse_port=False)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def hang_up(self) -> None:
        """Ends every connection and refuses new ones."""
        assert self._listener is not None
        for end in [self._listener, *self._pairs]:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._pairs.clear()
        self.is_silent = False

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(self._target)
                self._pairs += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if self.delay:
                    time.sleep(self.delay)
                if self.is_silent:
                    # What was swallowed makes the rest worthless: the connection stays open, and says nothing until it is hung up.
                    source.settimeout(None)
                    while source.recv(65536):
                        pass
                    break
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """SQLite and the filesystem broker. It ends with its module: idle processes look for work, beside whatever tests come later."""
    folder = tmp_path_factory.mktemp("embedded")
    if (copy := migrated.sqlite_file()) is not None:
        shutil.copy(copy, folder / "stockhub.sqlite3")

    def wipe() -> None:
        for path in (folder / "broker").rglob("*"):
            if path.is_file():
                path.unlink(missing_ok=True)

    site = Site(folder, {}, wipe, is_migrated=copy is not None)
    yield site
    site.close()


@pytest.fixture(scope="session")
def broker_address() -> Iterator[str]:
    try:
        with redis_database() as address:
            yield address
    except AbsentError as error:
        absent(str(error))


@pytest.fixture(scope="session")
def proxy(broker_address: str) -> Proxy:
    at = parse_url(broker_address)
    return Proxy((str(at["hostname"]), int(at["port"] or 6379)))


@pytest.fixture(scope="session")
def database_proxy() -> Proxy:
    at = conninfo_to_dict(POSTGRES)
    return Proxy((str(at["host"]), int(str(at.get("port", 5432)))))


@pytest.fixture(scope="module")
def distributed(tmp_path_factory: pytest.TempPathFactory, broker_address: str, proxy: Proxy, database_proxy: Proxy) -> Iterator[Site]:
    """PostgreSQL and Redis, both behind proxies."""
    user = str(conninfo_to_dict(POSTGRES).get("user", "postgres"))
    try:
        template = migrated.template_of(POSTGRES)
        with postgres_database("system", template=template) as database, closing(redis.Redis.from_url(broker_address)) as broker:
            environment = {
                "DATABASE_URL": f"postgres://{user}@127.0.0.1:{database_proxy.port}/{database.rpartition('/')[2]}",
                "BROKER_URL": f"redis://127.0.0.1:{proxy.port}/{broker_address.rpartition('/')[2]}",
            }
            site = Site(
                tmp_path_factory.mktemp("distributed"),
                environment,
                broker.flushdb,
                asker={"DATABASE_URL": database},
                is_migrated=bool(template),
            )
            yield site
            site.close()
    except AbsentError as error:
        absent(str(error))


@pytest.fixture(params=["embedded", pytest.param("distributed", marks=pytest.mark.services)])
def site(request: pytest.FixtureRequest) -> Site:
    found: Site = request.getfixturevalue(request.param)
    found.ready("bulk")
    found.ready("fast")
    return found


def kill(pid: int, number: signal.Signals = signal.SIGKILL) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
