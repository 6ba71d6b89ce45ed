"""Few rows at once: what is read back is what was given, whatever signs it holds."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.catalog.models import Sku, StockPool
from stockhub.core import clock
from stockhub.core.bulk import insert_new, insert_rows
from stockhub.demand.models import EventSales
from stockhub.outbox.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AWKWARD = ('a "quoted" one', "back\\slash", "{curly, braces}", "NULL", "", "茶,杯", "tab\tand\nline", "100%s")
_UNITS = ("sold_units", "baseline_units", "log_lift", "dip_sold_units", "dip_baseline_units")
_COLUMNS = ("kind", "entity", "entity_id", "payload", "actor", "correlation_id", "occurred_at", "recorded_at")


def test_few_rows_are_stored_as_they_are_in_their_order_by_one_statement() -> None:
    now = clock.now()
    rows = [
        ("t.v1", "t", number or None, json.dumps({"text": text}), text, str(number), now, now + timedelta(seconds=number))
        for number, text in enumerate(AWKWARD)
    ]
    with CaptureQueriesContext(connection) as queries:
        insert_rows(Event, _COLUMNS, rows)
    assert len(queries) == 1
    stored = Event.objects.order_by("id").values_list("actor", "payload", "entity_id", "correlation_id", "recorded_at")
    assert list(stored) == [
        (text, {"text": text}, number or None, str(number), now + timedelta(seconds=number)) for number, text in enumerate(AWKWARD)
    ]


def test_few_new_rows_come_back_with_their_ids_and_those_that_were_there_do_not() -> None:
    there = StockPool.objects.create(code="pool", name="there")
    now = clock.now()
    columns = ("code", "name", "time_zone", "created_at", "updated_at", "version")
    added = insert_new(StockPool, columns, [(code, "new", "", now, now, "1") for code in ("pool", "other", "'third\"")], returning="code")
    assert added == dict(StockPool.objects.exclude(pk=there.pk).values_list("code", "id"))
    assert sorted(added) == ["'third\"", "other"]
    there.refresh_from_db()
    assert there.name == "there"


def test_a_whole_amount_of_one_column_is_written_beside_the_same_number_of_another() -> None:
    sku = Sku.objects.create(code="A", name="A")
    columns = ("event_key", "event_type", "first_on", "last_on", "sku_id", "pool_id", *_UNITS)
    pool = StockPool.objects.create(code="pool", name="pool")
    on, number = clock.now().date(), float(sku.pk)
    # As many as travel by COPY.
    rows = [(f"k{i}", "t", on, on, sku.pk, pool.pk, number, 0.25, number, 1e-7, float(i)) for i in range(40)]
    assert len(insert_new(EventSales, columns, rows, returning="id")) == 40
    assert len(insert_new(EventSales, columns, rows, returning="id")) == 0
    stored = EventSales.objects.order_by("id").values_list("event_key", "sku_id", *_UNITS)
    assert list(stored) == [(f"k{i}", sku.pk, number, 0.25, number, 1e-7, float(i)) for i in range(40)]


def test_what_has_no_text_of_its_own_is_refused_on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's driver refuses it itself.")
    now = clock.now()
    with pytest.raises(TypeError, match="A dict cannot be written in bulk"):
        insert_rows(Event, _COLUMNS, [("t.v1", "t", None, {"a": 1}, "x", "", now, now)])
