"""Starts and ends runner processes."""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from stockhub.pluginhost.entries import Entry

#: What a plugin's process may know of the host's environment. The server's secrets and addresses are not in it.
_PASSED_ON: Final = ("PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR")
#: A process that answers one call at a time gains nothing from threads in its linear algebra: on small matrices they cost four times the
#: processor time, most of it waiting for each other. Who sets another number is heeded.
_UNLESS_SET: Final = {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_PASSED_ON_PREFIXES: Final = ("LC_", "PYTHON", "NUMBA_", "OMP_", "OPENBLAS_", "MKL_", "XDG_")

_starter: ThreadPoolExecutor | None = None
_guard = threading.Lock()


def start_process(entry: Entry, memory_mib: int) -> subprocess.Popen[bytes]:
    """A runner for an entry point, in a session and process group of its own.

    The kernel sends a child its parent-death signal when the *thread* that started it ends, so all are started by one thread that lives as
    long as the process.
    """
    global _starter  # noqa: PLW0603 - one a process
    with _guard:  # a second starter would be dropped, its thread would end, and its child would be killed
        if _starter is None:
            _starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="plugin-starter")
        starter = _starter
    return starter.submit(_start, entry, memory_mib).result()


def _start(entry: Entry, memory_mib: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "stockhub.pluginhost.runner", entry.name, entry.value, str(os.getpid()), str(memory_mib)]
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module, an argument list, no shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        env=_environment(),
        start_new_session=True,
        close_fds=True,
    )


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in _PASSED_ON or name.startswith(_PASSED_ON_PREFIXES)}
    return (
        _UNLESS_SET
        | kept
        | {"PYTHONPATH": os.pathsep.join(_existing(sys.path)), "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8:replace"}
    )


def _existing(paths: Iterable[str]) -> list[str]:
    """The host's import path, so that the child finds what the host finds."""
    return [path for path in (os.path.abspath(p or ".") for p in paths) if os.path.exists(path)]  # noqa: PTH100, PTH110 - import paths are strings


def end_process(process: subprocess.Popen[bytes]) -> int:
    """Kills the runner and whatever it started, and gives its exit status."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    status = process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    return status


def _forget_after_fork() -> None:
    global _starter, _guard
    _starter, _guard = None, threading.Lock()


os.register_at_fork(after_in_child=_forget_after_fork)


@atexit.register
def _end_starter() -> None:
    if _starter is not None:
        _starter.shutdown(wait=False)
