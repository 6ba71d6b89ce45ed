"""A PostgreSQL server of one's own, to be killed, stopped, starved and filled up."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

import psycopg

_FOLDERS: Final = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))


def programs() -> Path | None:
    """The folder of initdb and its like, of the newest version; None where there is no server to run."""
    found = _FOLDERS[-1] if _FOLDERS else Path(shutil.which("initdb") or "/nowhere").parent
    return found if (found / "initdb").exists() else None


class Cluster:
    """A server on 127.0.0.1 with its data in `folder`, which everybody can get to: root runs it as `postgres`, as root it refuses to run.

    pytest's own temporary folders are for their owner alone.
    """

    def __init__(self, folder: Path, *, options: Sequence[str] = ()) -> None:
        found = programs()
        assert found is not None
        self._programs, self.folder, self._data = found, folder, folder / "data"
        self._log = folder / "server.log"
        with closing(socket.create_server(("127.0.0.1", 0))) as probe:
            self.port: int = probe.getsockname()[1]
        self._options = options
        self._user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        folder.mkdir(parents=True, exist_ok=True)
        if self._user:
            self.give(folder)
        self._run("initdb", "-D", str(self._data), "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
        self.start()

    def give(self, folder: Path) -> None:
        """Makes a folder the server's own."""
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self._user, str(self._programs / program), *arguments], check=True, cwd=self.folder, stdout=subprocess.DEVNULL, timeout=120
        )

    def url(self, database: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Starts it and waits until it answers, recovery included."""
        settings = (f"port={self.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}", *self._options)
        flags = " ".join(f"-c {setting}" for setting in settings)
        self._run("pg_ctl", "-D", str(self._data), "-l", str(self._log), "-w", "-t", "60", "-o", flags, "start")

    @property
    def pid(self) -> int:
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def crash(self) -> None:
        """Kill -9: the server's other processes end by themselves, in the middle of whatever they did."""
        pid = self.pid
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 30
        while self._backends(pid) and time.monotonic() < deadline:
            time.sleep(0.02)
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def _backends(self, postmaster: int) -> list[Path]:
        """Processes of the dead server that are still there: those in its session."""
        found = []
        for status in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError, IndexError):
                if status.read_text().rpartition(")")[2].split()[3] == str(postmaster):
                    found.append(status)
        return found

    def freeze(self) -> None:
        """It accepts connections and says nothing, as behind a broken network."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def execute(self, statement: str, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database), autocommit=True) as session:
            session.execute(statement.encode())

    def copy(self, name: str, *, tablespace: str = "pg_default") -> str:
        """A copy of the database `migrated`, by its URL."""
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE migrated TABLESPACE {tablespace}')
        return self.url(name)

    def stop(self) -> None:
        with suppress(OSError, ValueError):
            self.thaw()
        with suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")
