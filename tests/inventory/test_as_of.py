"""Stock and lots at past moments, by when it happened and by when it was known; and the checkpoints that make it quick."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import clock
from stockhub.core.partitions import month_start
from stockhub.inventory.history.checkpoints import make_checkpoints, wrong_cells
from stockhub.inventory.history.moments import Moment
from stockhub.inventory.history.stock_as_of import Start, StockLevels, balances_now, nearest_start, stock_as_of, summed
from stockhub.inventory.lots.ageing import ages
from stockhub.inventory.lots.as_of import lots_as_of
from stockhub.inventory.models import BalanceCheckpoint, Lot, LotReceipt, Movement, MovementKind
from stockhub.inventory.posting.ledger import Posting, post
from stockhub.inventory.posting.postings import MAX_AHEAD
from stockhub.inventory.selectors import balance_as_of
from stockhub.inventory.services import Receipt, receive_lot, receive_return
from stockhub.values.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

T = datetime(2025, 1, 1, tzinfo=UTC)
Cells = dict[tuple[int, int, str], int]


def day(number: float) -> datetime:
    """So many days after the ledger started, on the first of January 2025."""
    return T + timedelta(days=number)


def moved(sku: Sku, warehouse: Warehouse, qty: int, occurred: float, recorded: float, *, key: str, to: str | None = None) -> None:
    """Units that came to `available` (or left it, below zero), or went on to another bucket, and when that was told."""
    source, target = (None, "available") if qty > 0 and to is None else ("available", to)
    with clock.at(day(recorded)):
        [result] = post(
            [
                Posting(
                    sku_id=sku.pk, warehouse_id=warehouse.pk, from_bucket=source, to_bucket=target, qty=abs(qty), kind=MovementKind.ADJUST,
                    key=key, occurred_at=day(occurred),
                )
            ]
        )  # fmt: skip
    assert result.status == "posted"


def cells(levels: StockLevels) -> Cells:
    rows = zip(levels.sku_ids.tolist(), levels.warehouse_ids.tolist(), levels.buckets.tolist(), levels.qty.tolist(), strict=True)
    return {(sku, warehouse, bucket): qty for sku, warehouse, bucket, qty in rows}


def brute_force(moment: Moment) -> Cells:
    """Every movement looked at, one by one."""
    sums: Counter[tuple[int, int, str]] = Counter()
    for movement in Movement.objects.all():
        if movement.occurred_at > moment.occurred_at or (moment.recorded_at and movement.recorded_at > moment.recorded_at):
            continue
        for bucket, sign in ((movement.to_bucket_id, 1), (movement.from_bucket_id, -1)):
            if bucket is not None:
                sums[movement.sku_id, movement.warehouse_id, bucket] += sign * movement.qty
    return {cell: qty for cell, qty in sums.items() if qty}


def test_d1_the_balance_at_any_moment_is_the_sum_of_its_movements(sku: Sku, warehouse: Warehouse) -> None:
    for number, (qty, occurred) in enumerate([(500, 1), (200, 3), (-3, 5), (1, 7)]):
        moved(sku, warehouse, qty, occurred, occurred, key=str(number))
    told = [balance_as_of(sku_id=sku.pk, warehouse_id=warehouse.pk, at=day(number)) for number in (0.99, 1, 2.99, 3, 5, 6.99, 7, 400)]
    assert told == [0, 500, 500, 700, 697, 697, 698, 698]
    assert balance_as_of(sku_id=sku.pk, warehouse_id=None, at=day(7), bucket="reserved") == 0


def test_what_was_known_is_not_what_had_happened(sku: Sku, warehouse: Warehouse) -> None:
    moved(sku, warehouse, 10, 1, 1, key="prompt")
    moved(sku, warehouse, -4, 2, 40, key="late")

    def units(occurred: float, recorded: float | None) -> int:
        known = None if recorded is None else day(recorded)
        return balance_as_of(sku_id=sku.pk, warehouse_id=warehouse.pk, at=day(occurred), recorded_at=known)

    assert [units(3, None), units(3, 3), units(3, 39.9), units(3, 40), units(1.5, None), units(50, 20)] == [6, 10, 10, 6, 10, 10]


def test_buckets_and_warehouses_are_told_apart(sku: Sku, warehouse: Warehouse, observed: Warehouse) -> None:
    moved(sku, warehouse, 10, 1, 1, key="in")
    moved(sku, warehouse, 3, 2, 2, key="hold", to="reserved")
    moved(sku, observed, 7, 2, 2, key="fba")
    assert cells(stock_as_of(Moment(day(1.5)))) == {(sku.pk, warehouse.pk, "available"): 10}
    mine = {(sku.pk, warehouse.pk, "available"): 7, (sku.pk, warehouse.pk, "reserved"): 3}
    assert cells(stock_as_of(Moment(day(2)), warehouse_ids=[warehouse.pk])) == mine
    assert cells(stock_as_of(Moment(day(2)))) == mine | {(sku.pk, observed.pk, "available"): 7}
    assert cells(stock_as_of(Moment(day(2)), sku_ids=[])) == {}
    assert cells(balances_now()) == cells(stock_as_of(Moment.now()))


def test_a_checkpoint_is_made_once_a_month_is_surely_over(sku: Sku, warehouse: Warehouse) -> None:
    moved(sku, warehouse, 10, 3, 3, key="january")
    moved(sku, warehouse, -4, 40, 40, key="february")
    february, march = datetime(2025, 2, 1, tzinfo=UTC), datetime(2025, 3, 1, tzinfo=UTC)
    with clock.at(february + timedelta(minutes=59)):
        assert make_checkpoints() == []
    with clock.at(february + timedelta(hours=1)):
        assert make_checkpoints() == [february]
        assert make_checkpoints() == []
    with clock.at(datetime(2025, 4, 10, tzinfo=UTC)):
        assert make_checkpoints() == [march, datetime(2025, 4, 1, tzinfo=UTC)]
    assert list(BalanceCheckpoint.objects.order_by("at").values_list("at__month", "bucket_id", "qty")) == [
        (2, "available", 10), (3, "available", 6), (4, "available", 6),
    ]  # fmt: skip
    assert [wrong_cells(at) for at in (february, march)] == [[], []]


def test_a_checkpoint_that_is_wrong_is_found(sku: Sku, warehouse: Warehouse) -> None:
    moved(sku, warehouse, 10, 3, 3, key="january")
    with clock.at(day(45)):
        [at] = make_checkpoints()
    BalanceCheckpoint.objects.update(qty=8)
    assert wrong_cells(at) == [(sku.pk, warehouse.pk, "available", 2)]


def test_no_movements_make_no_checkpoints() -> None:
    assert make_checkpoints() == []


def test_the_nearest_sum_is_the_start(sku: Sku, warehouse: Warehouse) -> None:
    moved(sku, warehouse, 10, 3, 3, key="january")
    with clock.at(datetime(2025, 12, 1, 5, tzinfo=UTC)):
        make_checkpoints()
        asked = {datetime(2025, 6, 4, tzinfo=UTC): 6, datetime(2025, 6, 28, tzinfo=UTC): 7, datetime(2025, 1, 20, tzinfo=UTC): 2}
        assert {at: nearest_start(Moment(at)).at for at in asked} == {at: datetime(2025, m, 1, tzinfo=UTC) for at, m in asked.items()}
        assert nearest_start(Moment(datetime(2025, 12, 1, 4, tzinfo=UTC))).at is None
        assert nearest_start(Moment(clock.now(), datetime(2025, 6, 4, tzinfo=UTC))).at == datetime(2025, 6, 1, tzinfo=UTC)


def test_months_start_in_utc() -> None:
    assert month_start(datetime.fromisoformat("2025-03-01T07:00:00+08:00")) == datetime(2025, 2, 1, tzinfo=UTC)
    assert month_start(day(0), 13) == datetime(2026, 2, 1, tzinfo=UTC)


STEP = st.tuples(
    st.integers(0, 1),
    st.integers(0, 1),
    st.integers(1, 9),
    st.sampled_from(["in", "out", "hold", "free"]),
    st.integers(0, 100),  # recorded, days
    st.one_of(st.sampled_from([-24, -23, 0, 24, 25]), st.integers(-24, 24 * 80)),  # so many hours after it happened
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(STEP, min_size=1, max_size=25),
    asked=st.lists(st.tuples(st.integers(-2, 105), st.one_of(st.none(), st.integers(0, 105))), max_size=6),
)
def test_every_start_leads_to_the_brute_force_sum(
    sku: Sku,
    warehouse: Warehouse,
    steps: list[tuple[int, int, int, str, int, int]],
    asked: list[tuple[int, int | None]],
) -> None:
    """Random movements, many of which came late, some told a day ahead; every way to any moment gives the same, to the unit."""
    other = Sku.objects.get_or_create(code="COFFEE")[0]
    beside = Warehouse.objects.get_or_create(code="BJ", defaults={"name": "Beijing", "ledger_starts_at": T, "allows_backorder": True})[0]
    Warehouse.objects.update(allows_backorder=True, ledger_starts_at=T - timedelta(days=200))
    sides = {"in": (None, "available"), "out": ("available", None), "hold": ("available", "reserved"), "free": ("reserved", "available")}
    with transaction.atomic():
        for number, (which, where, qty, what, recorded, late) in enumerate(sorted(steps, key=lambda step: step[4])):
            source, target = sides[what]
            with clock.at(day(recorded)):
                post(
                    [
                        Posting(
                            sku_id=(sku, other)[which].pk, warehouse_id=(warehouse, beside)[where].pk, from_bucket=source, to_bucket=target,
                            qty=qty, kind=MovementKind.ADJUST, key=f"k{number}", occurred_at=day(recorded - late / 24), partial=True,
                        )
                    ]
                )  # fmt: skip
        with clock.at(day(105)):
            made = make_checkpoints()
            for occurred, known in [*asked, (50, None), (31, 31)]:
                moment = Moment(day(occurred), None if known is None else day(known))
                expected = brute_force(moment)
                assert cells(stock_as_of(moment)) == expected
                for start in (Start(None), *map(Start, made)):
                    assert cells(summed(moment, start, None, None)) == expected, start
                assert cells(stock_as_of(moment, sku_ids=[other.pk])) == {c: qty for c, qty in expected.items() if c[0] == other.pk}
        transaction.set_rollback(True)


def test_a_movement_is_not_told_more_than_a_day_ahead(sku: Sku, warehouse: Warehouse) -> None:
    def tell(ahead: timedelta) -> None:
        with clock.at(day(5)):
            post(
                [
                    Posting(
                        sku_id=sku.pk, warehouse_id=warehouse.pk, from_bucket=None, to_bucket="available", qty=1, kind=MovementKind.ADJUST,
                        key=str(ahead), occurred_at=day(5) + ahead,
                    )
                ]
            )  # fmt: skip

    tell(MAX_AHEAD)
    with pytest.raises(DomainError) as refused:
        tell(MAX_AHEAD + timedelta(microseconds=1))
    assert (refused.value.code, refused.value.path) == ("in_the_future", ("postings", "0", "occurred_at"))
    assert Movement.objects.count() == 1


def test_a_moment_needs_a_zone() -> None:
    with pytest.raises(DomainError, match="zone"):
        Moment(datetime(2025, 1, 1))  # noqa: DTZ001 - the point
    with pytest.raises(DomainError, match="zone"):
        Moment(T, datetime(2025, 1, 1))  # noqa: DTZ001 - the point


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite reads the table.")
def test_movements_that_came_late_are_found_by_their_index(sku: Sku, warehouse: Warehouse) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'inventory_movement_late'")
        [(definition,)] = cursor.fetchall()
    assert "occurred_at" in definition
    assert "24:00:00" in definition or "24 hours" in definition
    assert timedelta(hours=24) == MAX_AHEAD


# --- lots ------------------------------------------------------------------------------------------------------------------------


def received(
    sku: Sku, warehouse: Warehouse, code: str, qty: int, occurred: float, *, on: date | None = None, recorded: float | None = None
) -> None:
    with clock.at(day(occurred if recorded is None else recorded)):
        receive_lot(
            Receipt(
                sku_id=sku.pk, warehouse_id=warehouse.pk, qty=qty, idempotency_key=f"{code}-{occurred}", lot_code=code, received_on=on,
                occurred_at=day(occurred),
            )
        )  # fmt: skip


def lots(moment: Moment) -> dict[str, tuple[int, int]]:
    """What each lot held and its age in days, by code."""
    told = lots_as_of(moment)
    codes = dict(Lot.objects.values_list("id", "code"))
    return {codes[pk]: (qty, age) for pk, qty, age in zip(told.lot_ids.tolist(), told.qty.tolist(), told.age_days.tolist(), strict=True)}


def test_lots_are_told_for_any_moment(sku: Sku, warehouse: Warehouse) -> None:
    received(sku, warehouse, "A", 10, 1)
    moved(sku, warehouse, -4, 5, 5, key="s1")
    received(sku, warehouse, "B", 20, 10)
    received(sku, warehouse, "A", 5, 12)
    moved(sku, warehouse, -9, 15, 15, key="s2")
    assert lots(Moment(day(0.5))) == {}
    assert lots(Moment(day(4))) == {"A": (10, 3)}
    assert lots(Moment(day(6))) == {"A": (6, 5)}
    assert lots(Moment(day(11))) == {"A": (6, 10), "B": (20, 1)}
    assert lots(Moment(day(13))) == {"A": (11, 12), "B": (20, 3)}
    assert lots(Moment(day(16))) == {"A": (2, 15), "B": (20, 6)}
    assert sum(LotReceipt.objects.filter(lot__code="A").values_list("qty", flat=True)) == Lot.objects.get(code="A").received_qty == 15


def test_lots_of_today_are_those_that_ageing_tells(sku: Sku, warehouse: Warehouse) -> None:
    received(sku, warehouse, "A", 10, 1)
    moved(sku, warehouse, -4, 5, 5, key="s1")
    received(sku, warehouse, "OLD", 20, 10, on=date(2024, 6, 1))
    with clock.at(day(11)):
        told, aged = lots_as_of(Moment.now()), ages(day=date(2025, 1, 12))
    assert dict(zip(told.lot_ids.tolist(), told.qty.tolist(), strict=True)) == dict(
        zip(aged.lot_ids.tolist(), aged.qty.tolist(), strict=True)
    )
    assert lots(Moment(day(11))) == {"OLD": (20, 225), "A": (6, 10)}


def test_a_receipt_that_was_told_late_is_there_from_when_it_happened(sku: Sku, warehouse: Warehouse) -> None:
    received(sku, warehouse, "A", 10, 1)
    received(sku, warehouse, "B", 7, 5, recorded=30)
    assert lots(Moment(day(6))) == {"A": (10, 5), "B": (7, 1)}
    assert lots(Moment(day(6), day(6))) == {"A": (10, 5)}
    assert lots(Moment(day(6), day(30))) == {"A": (10, 5), "B": (7, 1)}


def test_stock_without_a_lot_is_unknown(sku: Sku, warehouse: Warehouse) -> None:
    received(sku, warehouse, "A", 10, 1)
    moved(sku, warehouse, 5, 2, 2, key="found")
    told = lots_as_of(Moment(day(3)))
    assert (told.qty.tolist(), told.unknown_qty.tolist()) == ([10], [5])
    assert (told.unknown_sku_ids.tolist(), told.unknown_warehouse_ids.tolist()) == ([sku.pk], [warehouse.pk])


def test_broken_returns_do_not_age_the_good_stock(sku: Sku, warehouse: Warehouse) -> None:
    received(sku, warehouse, "A", 10, 1)
    with clock.at(day(2)):
        receive_return(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=3, grade="damaged", idempotency_key="R", returned_at=day(2))
    received(sku, warehouse, "B", 10, 3)
    with clock.at(day(4)):
        gone = Posting(
            sku_id=sku.pk, warehouse_id=warehouse.pk, from_bucket="unsellable", to_bucket=None, qty=3, kind=MovementKind.DISPOSE, key="d",
            occurred_at=day(4),
        )  # fmt: skip
        post([gone])
    assert {code: qty for code, (qty, _age) in lots(Moment(day(3.5))).items()} == {"A": 10, "R": 3, "B": 10}
    assert {code: qty for code, (qty, _age) in lots(Moment(day(5))).items()} == {"A": 10, "B": 10}


def test_a_lot_without_receipts_came_when_it_was_recorded(sku: Sku, warehouse: Warehouse) -> None:
    moved(sku, warehouse, 10, 1, 1, key="in")
    Lot.objects.create(
        sku=sku, warehouse=warehouse, code="L", received_on=day(1).date(), received_qty=10, remaining_qty=10, recorded_at=day(2)
    )
    assert (lots(Moment(day(1.5))), lots(Moment(day(2)))) == ({}, {"L": (10, 1)})


def test_lots_of_before_there_were_receipts_get_one(sku: Sku, warehouse: Warehouse) -> None:
    """What the migration does to the lots that it finds."""
    received(sku, warehouse, "A-1", 10, 1.5)
    with clock.at(day(20)):
        receive_lot(Receipt(sku_id=sku.pk, warehouse_id=warehouse.pk, qty=4, idempotency_key="K", occurred_at=day(6.25)))
    Lot.objects.create(
        sku=sku, warehouse=warehouse, code="OLD", received_on=date(2023, 5, 1), received_qty=7, remaining_qty=7, recorded_at=day(30)
    )
    LotReceipt.objects.all().delete()
    migration = import_module("stockhub.inventory.migrations.0006_lot_receipts_and_checkpoints")
    migration.write_receipts(apps, SimpleNamespace(connection=connection))
    rows = LotReceipt.objects.order_by("lot_id").values_list("lot__code", "qty", "occurred_at", "recorded_at", "sellable_before_qty")
    shanghai = datetime(2025, 1, 1, 16, tzinfo=UTC)  # the start of its business day
    assert list(rows) == [("A-1", 10, shanghai, day(1.5), None), ("K", 4, day(6.25), day(20), None), ("OLD", 7, T, day(30), None)]
