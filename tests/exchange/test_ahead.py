"""The thread that reads ahead keeps order, passes errors on, and ends with its reader."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from stockhub.core import clock
from stockhub.exchange.ahead import ahead


def reading_threads() -> int:
    return sum(thread.name == "reading-ahead" for thread in threading.enumerate())


def test_items_come_prepared_and_in_order() -> None:
    assert list(ahead(range(100), lambda number: number * 2)) == [number * 2 for number in range(100)]
    assert reading_threads() == 0


def test_an_error_in_the_file_reaches_the_reader_after_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("damaged")

    seen: list[int] = []
    with pytest.raises(ValueError, match="damaged"):
        seen.extend(ahead(items(), lambda number: number))
    assert reading_threads() == 0


def test_a_reader_that_stops_ends_the_thread() -> None:
    items = ahead(iter(int, 1), lambda number: number)
    assert next(items) == 0
    items.close()  # type: ignore[attr-defined]
    assert reading_threads() == 0


def test_the_thread_sees_the_frozen_clock() -> None:
    frozen = datetime(2026, 5, 1, tzinfo=UTC)
    with clock.at(frozen):
        assert list(ahead([0], lambda _item: clock.now())) == [frozen]
