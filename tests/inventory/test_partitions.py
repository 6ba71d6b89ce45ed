"""Movements by the month: what they keep when they are cut, and where they go (promise 18)."""

# ruff: noqa: S608 - own names

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from stockhub.catalog.models import Sku, Warehouse
from stockhub.channels.ingestion import ingest_orders
from stockhub.core import clock
from stockhub.core.partitions import ensure_partitions, partitions_of, watch
from stockhub.inventory.models import Movement, MovementKind
from stockhub.inventory.posting.ledger import Posting, post
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord
from tests.channels.shop import small_shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TABLES = ("inventory_movement", "channels_orderline")
MOVEMENTS = import_module("stockhub.inventory.migrations.0004_movement_partitions")
LATE = import_module("stockhub.inventory.migrations.0006_lot_receipts_and_checkpoints")
LINES = import_module("stockhub.channels.migrations.0002_orderline_partitions")
BEFORE = [("inventory", "0003_more_movement_kinds"), ("channels", "0001_initial")]
REFUSED = "never changed or deleted"
#: How often all migrations go back to the uncut tables and forth again, a minute each time: in `make soak`.
WAYS_BACK = int(os.environ.get("STOCKHUB_WAYS_BACK", "0"))


def run(statement: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


@pytest.fixture
def postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("Only PostgreSQL has partitions.")


@pytest.fixture
def receive(sku: Sku, warehouse: Warehouse) -> Callable[..., None]:
    """Posts receipts of one unit, recorded as of an instant."""

    def make(at: str, *keys: str) -> None:
        instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
        with clock.at(instant):
            post(
                [
                    Posting(
                        sku_id=sku.pk, warehouse_id=warehouse.pk, from_bucket=None, to_bucket="available", qty=1, key=key,
                        kind=MovementKind.RECEIVE, occurred_at=instant,
                    )
                    for key in keys
                ]
            )  # fmt: skip

    return make


def leaf(key: str) -> str:
    return str(run("SELECT tableoid::regclass::text FROM inventory_movement WHERE key = %s", [key])[0][0])


def months(table: str) -> list[str]:
    return [part.name.removeprefix(f"{table}_") for part in partitions_of([table])[table]]


# --- Where movements go -------------------------------------------------------------------------------------------------------


def test_a_movement_goes_to_the_month_in_which_it_is_recorded(postgresql: None, receive: Callable[..., None]) -> None:
    ensure_partitions(datetime(2031, 5, 15, tzinfo=UTC))
    receive("2031-05-31T23:59:59.999999", "may")
    receive("2031-06-01T00:00:00", "june", "june too")
    assert [leaf(key) for key in ("may", "june", "june too")] == [
        "inventory_movement_2031_05", "inventory_movement_2031_06", "inventory_movement_2031_06",
    ]  # fmt: skip
    assert (Movement.objects.count(), reconcile()) == (3, [])


def test_movements_without_a_month_are_kept_and_moved_as_they_are(postgresql: None, receive: Callable[..., None]) -> None:
    receive("2025-02-03T00:00:00", "old", "old too")
    assert leaf("old") == "inventory_movement_default"
    before = run("SELECT * FROM inventory_movement ORDER BY id")
    assert [(each.table, each.strays) for each in watch(clock.wall())] == [("channels_orderline", 0), ("inventory_movement", 2)]
    assert ensure_partitions(clock.wall()) == ["inventory_movement_2025_02"]
    assert run("SELECT * FROM inventory_movement ORDER BY id") == before
    assert (leaf("old"), leaf("old too"), reconcile()) == ("inventory_movement_2025_02",) * 2 + ([],)


def test_no_partition_lets_a_movement_be_changed_or_deleted(postgresql: None, receive: Callable[..., None]) -> None:
    ensure_partitions(datetime(2031, 5, 15, tzinfo=UTC))
    receive("2031-06-15T00:00:00", "new month")
    receive("2025-06-15T00:00:00", "no month")
    ensure_partitions(clock.wall())
    receive("2025-07-15T00:00:00", "still none")
    for name in ("inventory_movement", "inventory_movement_2031_06", "inventory_movement_2025_06", "inventory_movement_default"):
        for statement in (f"UPDATE {name} SET qty = 1000", f"DELETE FROM {name}", f"UPDATE {name} SET recorded_at = '2031-05-01 00:00+00'"):
            with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
                run(statement)
    assert list(Movement.objects.order_by("id").values_list("key", "qty")) == [("new month", 1), ("no month", 1), ("still none", 1)]


def test_partitions_keep_checks_and_indexes(postgresql: None) -> None:
    ensure_partitions(datetime(2031, 5, 15, tzinfo=UTC))
    named = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'p') ORDER BY 1"
    indexed = "SELECT substring(pg_get_indexdef(indexrelid) FROM 'USING.*') FROM pg_index WHERE indrelid = %s::regclass ORDER BY 1"
    for month in ("2031_05", "default"):
        for question in (named, indexed):
            assert run(question, [f"inventory_movement_{month}"]) == run(question, ["inventory_movement"])
    assert [row[0] for row in run(indexed, ["inventory_movement"])] == [
        "USING brin (occurred_at, recorded_at) WITH (pages_per_range='32', autosummarize='on')",
        "USING btree (id, recorded_at)",
        "USING btree (occurred_at) WHERE ((recorded_at - occurred_at) > '24:00:00'::interval)",
        "USING btree (sku_id, warehouse_id, occurred_at)",
    ]


def test_a_question_about_a_month_reads_that_month_only(postgresql: None, receive: Callable[..., None]) -> None:
    ensure_partitions(datetime(2031, 5, 15, tzinfo=UTC))
    receive("2031-06-15T00:00:00", "june")
    since, until = datetime(2031, 6, 1, tzinfo=UTC), datetime(2031, 7, 1, tzinfo=UTC)
    plan = Movement.objects.filter(recorded_at__gte=since, recorded_at__lt=until).explain()
    assert [f"inventory_movement_{month}" in plan for month in ("2031_06", "2031_05", "2031_07", "default")] == [True, False, False, False]


# --- The migration, both ways -------------------------------------------------------------------------------------------------


@pytest.fixture
def at_latest() -> Iterator[None]:
    """Whatever happens to the schema in a test, the next one finds it as it was."""
    yield
    cut()


def put_together() -> None:
    """The migrations' own steps, backwards."""
    with connection.schema_editor() as editor:
        LINES.merge(None, editor)
        LATE.drop_index(None, editor)
        MOVEMENTS.merge(None, editor)


def cut() -> None:
    """The migrations' own steps; what is cut already stays as it is."""
    with connection.schema_editor() as editor:
        MOVEMENTS.partition(None, editor)
        LATE.index_late_movements(None, editor)
        LINES.partition(None, editor)


def migrate(targets: list[tuple[str, str]] | None = None) -> None:
    """By all migrations, one after the other, as a site was that has had each of them."""
    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    executor.migrate(targets or executor.loader.graph.leaf_nodes())


def rows(table: str) -> list[tuple[Any, ...]]:
    """All that a row had before the migration, and the name of no partition."""
    columns = {
        "inventory_movement": "id, sku_id, warehouse_id, from_bucket_id, to_bucket_id, qty, kind, key, occurred_at, recorded_at",
        "channels_orderline": "id, order_id, line_key, listing_id, sku_id, qty, unit_price_amount, status, counted_qty, recorded_at",
    }
    return run(f"SELECT {columns[table]} FROM {table} ORDER BY id")


def shape(table: str) -> dict[str, tuple[Any, ...]]:
    """Columns, keys, checks, foreign keys, indexes and triggers, by name."""
    with connection.cursor() as cursor:
        made = {
            name: tuple(sorted(each.items(), key=str)) for name, each in connection.introspection.get_constraints(cursor, table).items()
        }
        columns = connection.introspection.get_table_description(cursor, table)
    if connection.vendor == "postgresql":
        made |= {
            row[0]: row
            for row in run(
                "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table]
            )
        }
        made |= {"sequence": run("SELECT pg_get_serial_sequence(%s, 'id')", [table])[0]}
    return made | {"columns": tuple((column.name, column.type_code, column.null_ok) for column in columns)}


def sell(shop: Any, external_id: str, at: datetime, *, lines: int = 2, version: int = 0, qty: int = 1) -> None:  # noqa: ANN401 - a shop
    told = tuple(OrderLineRecord(code="a-1", qty=qty, line_id=f"L{n}") for n in range(lines))
    with clock.at(at):
        record = OrderRecord(external_id=external_id, status="paid", ordered_at=at, currency="CNY", lines=told, version=version)
        assert ingest_orders(account=shop.account, orders=[record], source="api").refusals == ()


@pytest.mark.django_db(transaction=True)
def test_promise_18_tables_with_rows_are_cut_and_put_together_without_loss(postgresql: None, at_latest: None) -> None:
    shop = small_shop()
    shop.stock("A", 1000)
    instants = [datetime(2026, month, 20, 5, tzinfo=UTC) for month in (3, 4, 9, 11)]
    for at in instants:
        sell(shop, f"O{at.month}", at)
    of_cut = {table: shape(table) for table in TABLES}
    before = {table: rows(table) for table in TABLES}
    assert [len(before[table]) for table in TABLES] == [9, 8]

    put_together()
    assert {table: rows(table) for table in TABLES} == before
    assert partitions_of(TABLES) == {}
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        run("UPDATE inventory_movement SET qty = 7")

    cut()
    assert ({table: rows(table) for table in TABLES}, {table: shape(table) for table in TABLES}) == (before, of_cut)
    if connection.vendor == "postgresql":
        assert set(months("channels_orderline")) >= {"2026_03", "2026_04", "2026_09", "2026_11", "default"}
    told = run(
        "SELECT count(*) FROM channels_orderline l JOIN channels_order o ON o.id = l.order_id WHERE l.order_recorded_at = o.recorded_at"
    )
    assert told == [(8,)]

    last = [run(f"SELECT max(id) FROM {table}")[0][0] for table in TABLES]
    sell(shop, "O3", instants[3], lines=3, version=1, qty=4)
    sell(shop, "NEW", instants[3])
    assert [run(f"SELECT min(id) FROM {table} WHERE id > {most}") for table, most in zip(TABLES, last, strict=True)] == [
        [(most + 1,)] for most in last
    ]
    assert (len(rows("channels_orderline")), shop.balance("A", "reserved"), reconcile()) == (11, 12 + 6 + 2, [])

    before = {table: rows(table) for table in TABLES}
    plain = None
    for _ in range(WAYS_BACK):
        migrate(BEFORE)
        plain = plain or {table: shape(table) for table in TABLES}
        assert ({table: rows(table) for table in TABLES}, {table: shape(table) for table in TABLES}) == (before, plain)
        migrate()
        assert ({table: rows(table) for table in TABLES}, {table: shape(table) for table in TABLES}) == (before, of_cut)


@pytest.mark.django_db(transaction=True)
def test_a_second_cut_changes_nothing(postgresql: None, receive: Callable[..., None]) -> None:
    from stockhub.core.partitioning import partition_by_month

    receive("2026-06-15T00:00:00", "june")
    before, of_cut = rows("inventory_movement"), shape("inventory_movement")
    with connection.schema_editor() as editor:
        partition_by_month(editor, "inventory_movement", "recorded_at", now=clock.wall())
    assert (rows("inventory_movement"), shape("inventory_movement")) == (before, of_cut)


def test_a_key_is_still_one_movement_across_months(receive: Callable[..., None]) -> None:
    receive("2026-05-15T00:00:00", "same")
    receive("2026-11-15T00:00:00", "same")
    assert list(Movement.objects.values_list("key", "recorded_at")) == [("same", datetime(2026, 5, 15, tzinfo=UTC))]


def test_ids_are_unique_in_a_month(postgresql: None, receive: Callable[..., None]) -> None:
    receive("2026-11-15T00:00:00", "one")
    with pytest.raises(IntegrityError), transaction.atomic():
        run("INSERT INTO inventory_movement SELECT * FROM inventory_movement")
