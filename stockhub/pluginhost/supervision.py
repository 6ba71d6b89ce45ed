"""The host's side of a runner: one long-lived process for each plugin and host process, asked with a deadline.

A call that is late, a process that exits, and an answer that is no answer end the process; the next call starts another. What the plugin
has compiled stays as long as its process does.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from numpy.typing import NDArray

from stockhub.pluginhost import wire
from stockhub.pluginhost.entries import Entry
from stockhub.pluginhost.errors import InvalidAnswerError, PluginError
from stockhub.pluginhost.loading import PluginRefusedError
from stockhub.pluginhost.plugin_log import PluginLog
from stockhub.pluginhost.processes import end_process, start_process


@dataclass(frozen=True, slots=True)
class Question:
    """`admit` looks at what the answer announces before memory is taken for it."""

    method: str
    provider: str
    header: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]
    admit: wire.Admit


class LateError(Exception):
    """The deadline passed."""


class GoneError(Exception):
    """The process closed its end."""


class Runner:
    """The process of one plugin. Calls from several threads wait for each other, within their own deadlines."""

    def __init__(self, entry: Entry, plugin: str) -> None:
        self.entry = entry
        self.plugin = plugin
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._log = PluginLog(plugin)

    def ask(self, question: Question, deadline_seconds: float) -> wire.Message:
        """The answer, checked by `question.admit`; PluginError where there is none."""
        if not self._lock.acquire(timeout=deadline_seconds):
            raise self._failure(question, "deadline_exceeded", f"It was busy with another call for {deadline_seconds:g} s.")
        try:
            self.start()
            until = time.monotonic() + deadline_seconds
            header = {"method": question.method, "provider": question.provider, **question.header}
            message = self._exchange(question, header, until, deadline_seconds)
        except PluginRefusedError as error:
            raise self._failure(question, "not_started", error.reason, error.details) from error
        finally:
            self._lock.release()
        if problem := message.header.get("error"):
            if problem["code"] == "out_of_memory":
                self.stop()
            raise self._failure(question, str(problem["code"]), str(problem["message"])[:2000], str(problem.get("details", ""))[:3000])
        return message

    def start(self) -> Mapping[str, Any]:
        """Starts the process where it does not run, and gives what it says of itself. PluginRefusedError where it may not be used."""
        if self._process is not None and self._process.poll() is None:
            return {}
        self.stop()
        process = start_process(self.entry, settings.STOCKHUB_PLUGIN_MEMORY_MIB)
        self._process = process
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None  # noqa: S101 - both were asked for
            os.set_blocking(pipe.fileno(), False)
        self._log.follow(process)
        allowed = settings.STOCKHUB_PLUGIN_PROBE_SECONDS
        question = Question("start", "", {}, {}, admit_nothing)
        header = self._exchange(question, None, time.monotonic() + allowed, allowed).header
        if refused := header.get("refused"):
            self.stop()
            raise PluginRefusedError(refused["status"], refused["reason"], details=refused["details"], identity=refused["identity"])
        ready: Mapping[str, Any] = header["ready"]
        return ready

    def start_meanwhile(self) -> None:
        """Starts the process while the caller does something else. Where it cannot be used, the first call says so."""

        def start() -> None:
            with self._lock, contextlib.suppress(PluginError, PluginRefusedError):
                self.start()

        threading.Thread(target=start, name=f"start-{self.plugin}", daemon=True).start()

    def hide(self, secrets: Iterable[str]) -> None:
        """Values that the plugin is about to be given, and that its lines in the log must not show."""
        self._log.hide(secrets)

    def stop(self) -> int:
        """Ends the process and gives its exit status."""
        process, self._process = self._process, None
        return end_process(process) if process is not None else 0

    def forget(self) -> None:
        """After a fork: the process is the parent's, so leave it alone."""
        if self._process is not None:
            self._process.returncode = 0
            self._process = None

    def _exchange(self, question: Question, header: Mapping[str, Any] | None, until: float, seconds: float) -> wire.Message:
        process = self._process
        assert process is not None  # noqa: S101 - the caller has started it
        assert process.stdin is not None  # noqa: S101 - see `start`
        assert process.stdout is not None  # noqa: S101 - see `start`
        source = process.stdout.fileno()
        try:
            if header is not None:
                for piece in wire.encode(header, question.arrays):
                    _write(process.stdin.fileno(), piece, until)
            return wire.decode(lambda count: _read(source, count, until), _unless_failed(question.admit))
        except LateError:
            self.stop()
            raise self._failure(question, "deadline_exceeded", f"It gave no answer within {seconds:g} s and was ended.") from None
        except (GoneError, BrokenPipeError):
            # The process may still be on its way out: its status says how it ended, ours would only hide that.
            status = _status_of(process)
            self.stop()
            raise self._failure(question, "exited", f"Its process ended: {_how(status)}", self._log.tail()) from None
        except InvalidAnswerError as error:
            self.stop()
            raise self._failure(question, error.code, error.message) from error
        except BaseException:
            self.stop()  # interrupted half-way through a message: nothing that follows could be read
            raise

    def _failure(self, question: Question, code: str, message: str, details: str = "") -> PluginError:
        return PluginError(self.plugin, question.provider, code, self._log.clean(message), details=self._log.clean(details))


def admit_nothing(_header: Mapping[str, Any], declared: tuple[wire.Declared, ...]) -> None:
    """For answers that are a header alone."""
    if declared:
        raise InvalidAnswerError("protocol_broken", "An answer without arrays has arrays.")


def _unless_failed(admit: wire.Admit) -> wire.Admit:
    def admit_answer(header: Mapping[str, Any], declared: tuple[wire.Declared, ...]) -> None:
        (admit_nothing if "answer" not in header else admit)(header, declared)

    return admit_answer


def _wait(descriptor: int, event: int, until: float) -> None:
    poll = select.poll()
    poll.register(descriptor, event)
    left = until - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise LateError


def _write(sink: int, piece: bytes | memoryview, until: float) -> None:
    view = memoryview(piece)
    while view:
        try:
            view = view[os.write(sink, view[: 2**20]) :]
        except BlockingIOError:
            _wait(sink, select.POLLOUT, until)


def _read(source: int, count: int, until: float) -> bytearray:
    content, place = bytearray(count), 0
    view = memoryview(content)
    while place < count:
        try:
            got = os.readv(source, [view[place : place + 2**20]])
        except BlockingIOError:
            _wait(source, select.POLLIN, until)
            continue
        if not got:
            raise GoneError
        place += got
    return content


def _status_of(process: subprocess.Popen[bytes]) -> int | None:
    try:
        return process.wait(timeout=2.0)
    except subprocess.TimeoutExpired:
        return None


def _how(status: int | None) -> str:
    if status is None:
        return "it closed its connection."
    if status >= 0:
        return f"it exited with status {status}."
    name = signal.Signals(-status).name if -status in {s.value for s in signal.Signals} else str(-status)
    return f"it was ended by {name}, as happens when memory runs out or native code crashes."


# --- one runner for each plugin and process -----------------------------------------------------------------------------------------

_runners: dict[str, Runner] = {}
_guard = threading.Lock()


def runner_of(entry: Entry, plugin: str) -> Runner:
    """The runner of an entry point in this process."""
    with _guard:
        runner = _runners.get(entry.key)
        if runner is None or runner.entry != entry:
            runner = _runners[entry.key] = Runner(entry, plugin)
        return runner


@atexit.register
def stop_all() -> None:
    """Ends the runners of this process."""
    with _guard:
        for runner in _runners.values():
            runner.stop()
        _runners.clear()


def _forget_after_fork() -> None:
    global _guard  # noqa: PLW0603 - another thread may have held it at the fork
    _guard = threading.Lock()
    for runner in _runners.values():
        runner.forget()
    _runners.clear()


os.register_at_fork(after_in_child=_forget_after_fork)
