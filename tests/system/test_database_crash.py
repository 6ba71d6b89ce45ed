"""PostgreSQL dies in the middle of a burst on one SKU: every order that was acknowledged is there when it comes back."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).resolve().parents[2]
WORKER = REPOSITORY / "tests" / "inventory" / "ledger_worker.py"
PROCESSES, THREADS = 2, 8
SECONDS = 5.0


class Server:
    """A PostgreSQL of this test's own, since it is killed."""

    def __init__(self, folder: Path, binaries: Path) -> None:
        self.folder, self.binaries = folder, binaries
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self._run("initdb", "-D", str(folder), "-U", "postgres", "-A", "trust", "-E", "UTF8")

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=60"
        self._run("pg_ctl", "-D", str(self.folder), "-w", "-t", "120", "-l", str(self.folder / "log"), "-o", options, "start")

    def crash(self) -> None:
        """Every process of the server ends at once; nothing is flushed, and the next start replays the log."""
        self._run("pg_ctl", "-D", str(self.folder), "-m", "immediate", "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.binaries / program), *arguments]
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


@pytest.fixture
def server() -> Iterator[Server]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")) or [Path(shutil.which("pg_ctl") or "/absent")]
    if not found[-1].is_file() or (os.geteuid() == 0 and shutil.which("runuser") is None):
        pytest.skip("PostgreSQL's own programs are absent.")
    # Not pytest's folder, which belongs to us alone.
    folder = Path("/tmp") / f"stockhub-crash-{os.getpid()}"  # noqa: S108 - made here, mode 0700
    folder.mkdir(mode=0o700)
    try:
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(folder, account.pw_uid, account.pw_gid)
        server = Server(folder, found[-1].parent)
        server.start()
        yield server
        server.crash()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start(server: Server, *arguments: str) -> subprocess.Popen[str]:
    environment = os.environ | {
        "DATABASE_URL": server.url,
        "PYTHONPATH": os.pathsep.join([str(REPOSITORY), *sys.path]),
        "LOG_LEVEL": "ERROR",
    }
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_f7_no_acknowledged_order_is_lost_when_the_database_crashes_in_a_burst(server: Server) -> None:
    migrating = start(server, "manage.py", "migrate", "--verbosity", "0")
    assert migrating.wait(600) == 0, migrating.communicate()[1]
    preparing = start(server, str(WORKER), "prepare")
    assert json.loads(preparing.communicate(timeout=120)[0]) == ["posted"]
    workers = [start(server, str(WORKER), "acknowledge", str(number), str(THREADS)) for number in range(PROCESSES)]
    with psycopg.connect(server.url, autocommit=True) as connection:
        deadline = time.monotonic() + 120
        while not connection.execute("SELECT count(*) FROM inventory_allocation").fetchone()[0] and time.monotonic() < deadline:  # type: ignore[index]
            time.sleep(0.1)
    time.sleep(SECONDS)
    server.crash()
    told: set[str] = set()
    for worker in workers:
        out, err = worker.communicate(timeout=120)
        assert worker.returncode == 0, err
        told.update(line for line in out.splitlines() if line.startswith("own-"))
    server.start()
    with psycopg.connect(server.url) as connection:
        there = {reference for (reference,) in connection.execute("SELECT reference FROM inventory_allocation")}
    assert len(told) > THREADS
    assert told <= there
    # At most the one that each writer was waiting for.
    assert len(there - told) <= PROCESSES * THREADS
    verified = start(server, str(WORKER), "verify")
    assert json.loads(verified.communicate(timeout=300)[0])["discrepancies"] == []
