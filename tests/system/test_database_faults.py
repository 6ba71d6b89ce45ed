"""The database crashes, vanishes, says nothing, has no connection or no room left: refused clearly, kept exactly, recovered alone."""

from __future__ import annotations

import json
import os
import re
import resource
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.conftest import REPOSITORY, absent
from tests.scratch import scratch_copy
from tests.system.cluster import Cluster, programs
from tests.system.conftest import Proxy
from tests.system.kill_trial import Remote, Trial, environment

#: Slow: servers start, die and recover.
pytestmark = pytest.mark.slow

CONNECTIONS = 12
CRASHES = int(os.environ.get("STOCKHUB_KILLS", "2"))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """With a database `migrated` to copy. It forgets nothing that it acknowledged: its `fsync` is on."""
    if programs() is None:
        absent("A PostgreSQL server to start (initdb)")
    options = (f"max_connections={CONNECTIONS}", "superuser_reserved_connections=0", "autovacuum=off")
    with tempfile.TemporaryDirectory(prefix="stockhub-", ignore_cleanup_errors=True) as folder:
        made = Cluster(Path(folder), options=options)
        try:
            made.execute("CREATE DATABASE migrated")
            manage({"DATABASE_URL": made.url("migrated"), "STOCKHUB_VAR": folder}, made.folder, "migrate", "-v0")
            yield made
        finally:
            made.stop()


def manage(services: dict[str, str], folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "django", *arguments]
    done = subprocess.run(
        command, env=environment(folder, services), cwd=REPOSITORY, check=True, capture_output=True, text=True, timeout=300
    )
    return done.stdout


# --- the server dies -------------------------------------------------------------------------------------------------------------


@pytest.mark.services
def test_f7_a_database_killed_in_the_middle_of_ingestion_has_every_acknowledged_order(cluster: Cluster, tmp_path: Path) -> None:
    def crash() -> None:
        cluster.crash()
        cluster.start()

    env = environment(tmp_path, {"DATABASE_URL": cluster.copy("crashed")})
    trial = Trial(env, tmp_path, call="ingest", seed=7, victims=[("database", crash)], kill_intake=False)
    try:
        figures = trial.run(CRASHES)
    finally:
        trial.close()
    assert figures.victims == {"database": CRASHES}
    sys.stdout.write(f"{figures}\n")


# --- the web while it is away ----------------------------------------------------------------------------------------------------


@dataclass
class Web:
    """A server, and what it answers."""

    port: int
    token: str
    log: Path

    def get(self, path: str, *, body: dict[str, object] | None = None, seconds: float = 120) -> tuple[int, dict[str, str], str]:
        headers = {"Accept": "text/html"}
        if path.startswith("/admin/"):
            # A browser that was logged in: its session is a row.
            headers["Cookie"] = f"sessionid={'a' * 32}"
        if body is not None:
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310
                return answer.status, _lower(answer.headers), answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, _lower(refusal.headers), refusal.read().decode()

    def api(self) -> tuple[int, Any]:
        status, _headers, text = self.get("/graphql/", body={"query": "{ skus(first: 1) { totalCount } }"})
        return status, json.loads(text)

    def assert_serves(self) -> None:
        assert self.api() == (200, {"data": {"skus": {"totalCount": 0}}})
        assert self.get("/admin/login/")[0] == 200
        assert self.get("/health/ready")[0] == 200

    def assert_refuses(self, *, within: float) -> None:
        """Every door says so, in its own language, in time."""
        started = time.monotonic()
        status, answer = self.api()
        assert status == 503
        [error] = answer["errors"]
        assert error["message"] == "The database does not answer. Try again in a moment."
        assert error["extensions"]["code"] == "UNAVAILABLE"
        assert re.fullmatch(r"[0-9a-f]{32}", error["extensions"]["correlationId"])
        assert time.monotonic() - started < within
        started = time.monotonic()
        status, headers, page = self.get("/admin/")
        assert (status, headers["retry-after"], headers["cache-control"]) == (503, "5", "no-store")
        assert "The database does not answer. Try again in a moment." in page
        assert "Traceback" not in page
        assert time.monotonic() - started < within
        status, _headers, text = self.get("/health/ready")
        assert (status, json.loads(text)) == (503, {"status": "unavailable", "database": "unreachable"})
        assert self.get("/health/live")[0] == 200


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@pytest.fixture(scope="module")
def proxy(cluster: Cluster) -> Proxy:
    return Proxy(("127.0.0.1", cluster.port))


@pytest.fixture(scope="module")
def web(cluster: Cluster, proxy: Proxy, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """A web server whose database is behind the proxy."""
    folder = tmp_path_factory.mktemp("web")
    direct = cluster.copy("served")
    token = manage({"DATABASE_URL": direct}, folder, "create_token", "owner", "--create", "--role", "admin").split()[-1]
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    log = folder / "web.log"
    server = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "stockhub.config.asgi:application", "--port", str(port), "--no-access-log", "--lifespan", "off"],
        env=environment(folder, {"DATABASE_URL": direct.replace(f":{cluster.port}/", f":{proxy.port}/")}),
        cwd=REPOSITORY,
        stdout=log.open("w"),
        stderr=subprocess.STDOUT,
    )
    made = Web(port, token, log)
    try:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            try:
                made.get("/health/live")
                break
            except OSError:
                time.sleep(0.1)
        yield made
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.mark.services
def test_f7_a_database_that_is_gone_is_a_503_at_once_and_the_web_recovers_with_it(web: Web, proxy: Proxy) -> None:
    web.assert_serves()
    proxy.hang_up()
    try:
        web.assert_refuses(within=10)
    finally:
        proxy.connect()
    web.assert_serves()
    assert "check that it runs, that DATABASE_URL names it" in web.log.read_text()


@pytest.mark.services
def test_f7_a_database_that_accepts_and_says_nothing_is_a_503_after_seconds_not_a_hang(web: Web, cluster: Cluster) -> None:
    web.assert_serves()
    cluster.freeze()
    try:
        web.assert_refuses(within=20)
    finally:
        cluster.thaw()
    web.assert_serves()


@pytest.mark.services
def test_f7_a_slow_database_is_slow_and_nothing_worse(web: Web, proxy: Proxy) -> None:
    proxy.delay = 0.1
    try:
        web.assert_serves()
    finally:
        proxy.delay = 0.0


@pytest.mark.services
def test_f9_without_a_connection_left_requests_are_refused_cleanly_until_there_is_one(web: Web, cluster: Cluster) -> None:
    web.assert_serves()
    with ExitStack() as held:
        with pytest.raises(psycopg.OperationalError, match="too many clients"):
            _take_all_connections(cluster.url("served"), held)
        web.assert_refuses(within=10)
    web.assert_serves()


def _take_all_connections(url: str, held: ExitStack) -> None:
    while True:
        held.enter_context(psycopg.connect(url))


# --- no room left ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 40 MiB, where one may be mounted."""
    with tempfile.TemporaryDirectory(prefix="stockhub-", ignore_cleanup_errors=True) as made:
        mount = ["mount", "-t", "tmpfs", "-o", "size=40m,mode=711", "tmpfs", made]
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("A small file system cannot be mounted here, which takes root.")
        os.chmod(made, 0o711)  # noqa: PTH101, S103 - the server has to get through
        yield Path(made)
        subprocess.run(["umount", "--lazy", made], check=True)


@pytest.mark.services
def test_f9_postgresql_without_room_refuses_keeps_what_it_had_and_goes_on_when_there_is_room(
    cluster: Cluster, small_disk: Path, tmp_path: Path
) -> None:
    place = small_disk / "space"
    place.mkdir()
    cluster.give(place)
    cluster.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
    intake = Remote(environment(tmp_path, {"DATABASE_URL": cluster.copy("full", tablespace="small")}), tmp_path / "intake.log")
    try:
        assert intake.ask("prepare") == "ready"
        filler = small_disk / "filler"
        with pytest.raises(OSError, match="No space left"):
            _fill(filler)
        os.truncate(filler, filler.stat().st_size - 400_000)
        taken = _until_refused(intake)
        filler.unlink()
        assert intake.ask("ingest", taken) == taken
        assert intake.ask("differences", taken + 1) == {}
    finally:
        intake.kill()
        cluster.execute('DROP DATABASE "full" WITH (FORCE)')
        cluster.execute("DROP TABLESPACE small")


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(65536))


@pytest.mark.django_db
def test_f9_sqlite_without_room_refuses_keeps_what_it_had_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own run does this.")
    for url in scratch_copy(tmp_path):
        intake = Remote(environment(tmp_path, {"DATABASE_URL": url}), tmp_path / "intake.log")
        try:
            assert intake.ask("prepare") == "ready"
            # No file may grow much beyond what the database has now: the next writes find no room.
            size = max(path.stat().st_size for path in tmp_path.glob("scratch.sqlite3*"))
            resource.prlimit(intake.pid, resource.RLIMIT_FSIZE, (size + 100_000, resource.RLIM_INFINITY))
            taken = _until_refused(intake)
            resource.prlimit(intake.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            assert intake.ask("ingest", taken) == taken
            assert intake.ask("differences", taken + 1) == {}
        finally:
            intake.kill()


def _until_refused(intake: Remote) -> int:
    """Batches that were taken before the first refusal. The refusal says what to do, and what was there is still exact."""
    number = 0
    while (answer := intake.ask("ingest", number)) == number:
        number += 1
        assert number < 3_000, "The disk is not small enough."
    assert "disk of the database" in answer["refused"], answer
    assert number > 0
    return number
