"""A long file is read, written and sent a piece at a time, whatever serves it."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import tracemalloc
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import connection, connections
from django.test import AsyncClient, Client

from stockhub.access.models import User
from stockhub.access.services import create_token
from stockhub.catalog.models import Sku, Warehouse
from stockhub.exports.export import CHUNK
from stockhub.exports.formats import FORMATS, csv_chunks
from stockhub.exports.registry import EXPORTS
from stockhub.exports.view import _streamed

ROWS = 200_000
#: A chunk of rows as Python objects and as text, and the driver's own: a hundredth of what the whole file would take.
MOST_BYTES = 12 * 2**20


def many_movements(count: int) -> None:
    """Movements by one statement: a test is about reading them."""
    sku, warehouse = Sku.objects.create(code="A"), Warehouse.objects.create(code="W", name="W")
    numbers = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
        if connection.vendor == "sqlite"
        else "WITH n AS (SELECT generate_series(1, %s) AS i)"
    )
    columns = "sku_id, warehouse_id, from_bucket_id, to_bucket_id, qty, kind, reason, reference, actor, key, occurred_at, recorded_at"
    with connection.cursor() as cursor:
        cursor.execute(
            f"{numbers} INSERT INTO inventory_movement ({columns}) "  # noqa: S608 - names of ours
            "SELECT %s, %s, NULL, 'available', i, 'receive', 'a reason of some length', 'order:x', 'test', 'k' || i, %s, %s FROM n"
            if connection.vendor != "sqlite"
            else f"INSERT INTO inventory_movement ({columns}) {numbers} "  # noqa: S608
            "SELECT %s, %s, NULL, 'available', i, 'receive', 'a reason of some length', 'order:x', 'test', 'k' || i, %s, %s FROM n",
            [count, sku.pk, warehouse.pk, *[dt.datetime(2025, 6, 18, 4, tzinfo=dt.UTC)] * 2],
        )


@pytest.mark.slow  # two hundred thousand rows
@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_h83_200000_movements_stream_in_the_memory_of_a_chunk() -> None:
    many_movements(ROWS)
    root = User.objects.create_superuser("root")
    export = EXPORTS["movements"]
    lines, size = 0, 0
    pieces = csv_chunks(export.columns, export.rows(root, {}), bom=False)
    # Tracing is slow. What reads everything first shows at the first piece; what keeps what it has sent shows by the twentieth.
    tracemalloc.start()
    try:
        for piece in islice(pieces, 20):
            size, lines = size + len(piece), lines + piece.count(b"\r\n")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    for piece in pieces:
        size, lines = size + len(piece), lines + piece.count(b"\r\n")
    assert lines == ROWS + 1
    assert size > 20 * 2**20
    assert peak < MOST_BYTES


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_the_file_is_one_state_whatever_others_write_while_it_is_read() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("The tests' SQLite lies in memory, where connections do not stand apart.")
    many_movements(3 * CHUNK)
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    answer: Any = client.get("/exports/movements.csv")
    assert answer.streaming
    pieces = iter(answer.streaming_content)
    read = [next(pieces)]
    Sku.objects.filter(code="A").update(code="LATER")
    read += pieces
    lines = b"".join(read).splitlines()[1:]
    assert len(lines) == 3 * CHUNK
    assert {line.split(b",")[3] for line in lines} == {b"A"}


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_an_asynchronous_server_sends_each_piece_as_it_is_read() -> None:
    """What `manage.py up` serves with: an ordinary iterator would be read to its end first."""
    many_movements(2 * CHUNK + 1)
    root = User.objects.create_superuser("root")
    _token, plain = create_token(user=root)

    async def pieces() -> list[int]:
        answer: Any = await AsyncClient().get("/exports/movements.csv", headers={"Authorization": f"Bearer {plain}"})
        assert (answer.status_code, answer.is_async) == (200, True)
        found = [piece.count(b"\r\n") async for piece in answer.streaming_content]
        await sync_to_async(connections.close_all)()
        return found

    assert asyncio.run(pieces()) == [CHUNK + 1, CHUNK, 1]


def test_an_asynchronous_answer_reads_no_further_than_it_has_sent() -> None:
    read: list[int] = []

    def rest() -> Iterator[bytes]:
        for number in range(5):
            read.append(number)
            yield b"x"

    async def first_two() -> None:
        request = ASGIRequest({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}, io.BytesIO())
        answer: Any = _streamed(request, b"first", rest(), FORMATS["csv"])
        found = aiter(answer.streaming_content)
        assert [await anext(found), await anext(found)] == [b"first", b"x"]
        await found.aclose()

    asyncio.run(first_two())
    assert read == [0]


@pytest.mark.django_db
def test_what_cannot_begin_is_a_refusal_and_not_half_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    from stockhub.exports.stock import Movements

    def gone(_place: int) -> list[str]:
        raise OperationalError("gone")

    monkeypatch.setattr(Movements, "rows", lambda *_: map(gone, range(1)))
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    answer = client.get("/exports/movements.csv")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (503, "UNAVAILABLE")
