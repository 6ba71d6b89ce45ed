"""Promise 14: code of others that hangs is ended, in any thread, and what must not be torn is not."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from stockhub.core.interruptions import TimeIsOverError, interrupted_after, uninterrupted


def in_main_thread(work: Callable[[], None]) -> None:
    work()


def in_another_thread(work: Callable[[], None]) -> None:
    thread = threading.Thread(target=work)
    thread.start()
    thread.join(timeout=20)
    assert not thread.is_alive()


THREADS = pytest.mark.parametrize("run", [in_main_thread, in_another_thread])


def steps(seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(0.005)


@THREADS
def test_code_that_catches_every_exception_is_interrupted_all_the_same(run: Callable[[Callable[[], None]], None]) -> None:
    told: list[object] = []

    def hangs() -> None:
        try:
            with interrupted_after(0.1):
                while True:
                    try:
                        steps(60)
                    except Exception as error:  # noqa: BLE001 - what is tested
                        told.append(error)
        except TimeIsOverError:
            told.append("over")

    run(hangs)
    assert told == ["over"]


@THREADS
def test_code_that_swallows_one_interruption_gets_another(run: Callable[[Callable[[], None]], None]) -> None:
    told: list[str] = []

    def hangs() -> None:
        try:
            with interrupted_after(0.1):
                try:
                    steps(60)
                except BaseException:  # noqa: BLE001 - what is tested
                    told.append("swallowed")
                steps(60)
        except TimeIsOverError:
            told.append("over")

    run(hangs)
    assert told == ["swallowed", "over"]


@THREADS
def test_a_shielded_block_comes_to_its_end_and_the_interruption_right_after(run: Callable[[Callable[[], None]], None]) -> None:
    told: list[str] = []

    def works() -> None:
        try:
            with interrupted_after(0.1):
                with uninterrupted(20):
                    steps(0.8)
                    told.append("kept")
                steps(60)
        except TimeIsOverError:
            told.append("over")

    run(works)
    assert told == ["kept", "over"]


@THREADS
def test_a_shield_ends_where_its_block_hangs(run: Callable[[Callable[[], None]], None]) -> None:
    told: list[str] = []

    def hangs() -> None:
        try:
            with interrupted_after(0.1), uninterrupted(0.3):
                steps(60)
        except TimeIsOverError:
            told.append("over")

    run(hangs)
    assert told == ["over"]


@THREADS
def test_code_that_is_quick_is_left_alone_afterwards(run: Callable[[Callable[[], None]], None]) -> None:
    told: list[str] = []

    def quick() -> None:
        with interrupted_after(0.1):
            steps(0.01)
        steps(0.8)
        told.append("done")

    run(quick)
    assert told == ["done"]
