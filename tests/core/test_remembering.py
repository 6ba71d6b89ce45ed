"""Answers that are remembered for a few seconds, where somebody says so."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.catalog.models import PoolWarehouse, StockPool, Warehouse
from stockhub.core.remembering import Memory, memory, remembered, remembering
from stockhub.snapshot.positions import warehouse_pools

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_nothing_is_remembered_unless_somebody_says_so() -> None:
    answers = iter(range(10))
    assert [remembered("key", lambda: next(answers)) for _ in range(2)] == [0, 1]
    with remembering(Memory(60.0)):
        assert [remembered("key", lambda: next(answers)) for _ in range(2)] == [2, 2]
        assert remembered("other", lambda: next(answers)) == 3
    assert memory() is None
    assert remembered("key", lambda: next(answers)) == 4


def test_what_is_too_old_is_forgotten_and_what_was_left_for_then_is_done() -> None:
    done: list[str] = []
    old = Memory(0.0)
    with remembering(old):
        assert remembered("key", lambda: 1) == 1
        old.at_last("sum", lambda: done.append("first"))
        old.at_last("sum", lambda: done.append("second"))
    assert done == []
    with remembering(old):
        assert done == ["first"]
        assert remembered("key", lambda: 2) == 2
    old.forget()
    assert done == ["first"]


def test_what_was_left_for_the_end_can_be_done_before_and_is_begun_anew_then() -> None:
    written: list[int] = []
    settings = Memory(60.0)
    for calls in (2, 3):
        with remembering(settings):
            assert remembered("table", lambda: "read once") == "read once"
            total = settings.answer("calls", list[int])
            total.append(calls)
            settings.at_last("calls", lambda total=total: written.extend(total))  # type: ignore[misc]
        settings.settle()
    settings.forget()
    assert written == [2, 3]
    with remembering(settings):
        assert remembered("table", lambda: "read anew") == "read anew"


def test_h13_whole_tables_are_read_once_and_a_change_is_seen_when_they_are_forgotten() -> None:
    warehouse = Warehouse.objects.create(code="w", name="w")
    pools = [StockPool.objects.create(code=code, name=code) for code in ("p", "q")]
    PoolWarehouse.objects.create(pool=pools[0], warehouse=warehouse)
    kept = Memory(60.0)
    with remembering(kept), CaptureQueriesContext(connection) as queries:
        assert [warehouse_pools() for _ in range(2)] == [{warehouse.pk: [pools[0].pk]}] * 2
    assert len(queries) == 1
    PoolWarehouse.objects.create(pool=pools[1], warehouse=warehouse)
    assert sorted(warehouse_pools()[warehouse.pk]) == [pools[0].pk, pools[1].pk]
    with remembering(kept):
        assert warehouse_pools() == {warehouse.pk: [pools[0].pk]}
        kept.forget()
        assert sorted(warehouse_pools()[warehouse.pk]) == [pools[0].pk, pools[1].pk]
