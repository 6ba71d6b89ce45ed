"""Processor time: what other work on the machine does not change."""

from __future__ import annotations

import os
import time
from pathlib import Path


def processor_seconds(backend: int) -> float:
    """Processor seconds of this process and of its server process so far. The server is a local one."""
    fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def backend_of_this_process() -> int:
    """The process id of this process's own server process."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])
