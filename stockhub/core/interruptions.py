"""Ending code of others that takes too long: again and again until it gives way, and never in the middle of what must not be torn.

In a main thread a signal does it, which ends a sleep and a wait for the network, too; in another thread the interpreter does, at its next
step.
"""

from __future__ import annotations

import ctypes
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

#: After a first interruption, or one that had to wait, the next ones come so soon after each other.
_AGAIN_SECONDS: Final = 0.5


class TimeIsOverError(Exception):
    """The block took too long and was interrupted."""


class _Interruption(BaseException):
    """No Exception, so that `except Exception` in the interrupted code does not take it for one of its own."""


class _Shield(threading.local):
    """Until when the thread is not interrupted."""

    until = 0.0


_shield = _Shield()


@contextmanager
def interrupted_after(seconds: float) -> Iterator[None]:
    """Interrupts the block when its time is over: then it ends with TimeIsOverError."""
    by = _by_signal(seconds) if threading.current_thread() is threading.main_thread() else _by_interpreter(seconds)
    try:
        with by:
            yield
    except _Interruption:
        raise TimeIsOverError from None


@contextmanager
def uninterrupted(seconds: float) -> Iterator[None]:
    """Whatever becomes due within the block waits for its end, for so many seconds at most: a block that hangs is interrupted after all."""
    before = _shield.until
    _shield.until = max(before, time.monotonic() + seconds)
    try:
        yield
    finally:
        _shield.until = before


@contextmanager
def _by_signal(seconds: float) -> Iterator[None]:
    is_over = False

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        if not is_over and time.monotonic() >= _shield.until:
            raise _Interruption

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_SECONDS)
        yield
    finally:
        is_over = True
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _by_interpreter(seconds: float) -> Iterator[None]:
    thread = ctypes.c_ulong(threading.get_ident())
    lock, ended = threading.Lock(), threading.Event()
    # Of the thread that is interrupted: what is local to the interrupting one says nothing.
    shield = _shield.__dict__

    def interrupt() -> None:
        wait = seconds
        while not ended.wait(wait):
            wait = _AGAIN_SECONDS
            with lock:
                if not ended.is_set() and time.monotonic() >= shield.get("until", 0.0):
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(_Interruption))

    threading.Thread(target=interrupt, name="interrupting", daemon=True).start()
    try:
        yield
    finally:
        with lock:
            ended.set()
            # One that was sent and has not come yet would come after the block.
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, None)
