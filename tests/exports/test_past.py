"""Files of a past moment say what lay there then, and what it had cost (D1, U16)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from stockhub.catalog.exchange_rates import record_rates
from stockhub.core import clock
from stockhub.inventory.models import CostKind
from stockhub.inventory.services import Receipt, UnitCost, adjust, receive_lots
from tests.exports.conftest import Fetch, table
from tests.graphql.shop import World

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FIRST = dt.datetime(2025, 1, 10, 12, tzinfo=dt.UTC)
SECOND = dt.datetime(2025, 1, 20, 12, tzinfo=dt.UTC)


@pytest.fixture
def teapot(world: World) -> str:
    """A SKU with 10 units of 2.50 since the tenth, of which 4 were written off on the twentieth, and 3 units without a cost since then."""
    from stockhub.catalog.models import Sku

    warehouse = world.mine.warehouse
    type(warehouse).objects.filter(pk=warehouse.pk).update(ledger_starts_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
    sku = Sku.objects.create(code="TEAPOT")
    cost = UnitCost(kind=CostKind.PURCHASE, unit_amount=Decimal("2.5"), currency="CNY")

    def receipt(key: str, qty: int, at: dt.datetime, costs: tuple[UnitCost, ...]) -> Receipt:
        return Receipt(
            sku_id=sku.pk, warehouse_id=warehouse.pk, qty=qty, idempotency_key=key, lot_code=key, occurred_at=at, received_on=at.date(),
            costs=costs,
        )  # fmt: skip

    with clock.at(FIRST):
        receive_lots([receipt("first", 10, FIRST, (cost,))])
    with clock.at(SECOND):
        receive_lots([receipt("second", 3, SECOND, ())])
        adjust(sku_id=sku.pk, warehouse_id=warehouse.pk, bucket="available", delta_qty=-4, reason="broken", idempotency_key="broken")
    return sku.code


def told(fetch: Fetch, world: World, path: str) -> list[list[str]]:
    """The rows of a file without what says of which moment they are."""
    return [[value for name, value in row.items() if name not in ("at", "recorded_at")] for row in table(fetch(world.root, path))]


def test_d1_stock_is_what_lay_there_at_the_moment(fetch: Fetch, world: World, teapot: str) -> None:
    place = world.mine.warehouse.code
    day = {"2025-01-09": [], "2025-01-15": [[teapot, place, "available", "10"]], "2025-01-25": [[teapot, place, "available", "9"]]}
    for at, rows in day.items():
        assert told(fetch, world, f"/exports/stock-as-of.csv?sku={teapot}&at={at}T00:00:00Z") == rows
    known_then = f"/exports/stock-as-of.csv?sku={teapot}&at=2025-01-25T00:00:00Z&recorded_at=2025-01-15T00:00:00Z"
    assert told(fetch, world, known_then) == [[teapot, place, "available", "10"]]


def test_u16_lots_and_ages_carry_their_value_and_what_is_unknown_is_not_0(fetch: Fetch, world: World, teapot: str) -> None:
    place = world.mine.warehouse.code
    at = "at=2025-02-20T12:00:00Z"
    assert told(fetch, world, f"/exports/lots-as-of.csv?sku={teapot}&{at}") == [
        [teapot, place, "first", "2025-01-10", "41", "6", "2.5", "15", "CNY", "", "new"],
        [teapot, place, "second", "2025-01-20", "31", "3", "", "", "CNY", "", "new"],
    ]
    assert told(fetch, world, f"/exports/value-by-age.csv?sku={teapot}&{at}") == [[teapot, place, "31-60", "15", "CNY", "6", "3"]]


def test_a_moment_that_cannot_be_read_is_refused(fetch: Fetch, world: World) -> None:
    answer = fetch(world.root, "/exports/stock-as-of.csv?at=yesterday")
    assert answer.status_code == 400
    assert "ISO-8601" in answer.json()["errors"][0]["message"]  # type: ignore[attr-defined]


def test_d1_a_file_says_of_which_moment_it_is_and_by_when_it_was_known(fetch: Fetch, world: World, teapot: str) -> None:
    moment = "at=2025-01-25T00:00:00Z&recorded_at=2025-01-15T00:00:00Z"
    for name in ("stock-as-of", "lots-as-of", "value-by-age"):
        (row,) = table(fetch(world.root, f"/exports/{name}.csv?sku={teapot}&{moment}"))
        assert (row["at"], row["recorded_at"]) == ("2025-01-25T00:00:00Z", "2025-01-15T00:00:00Z")
        known_now = table(fetch(world.root, f"/exports/{name}.csv?sku={teapot}&at=2025-01-25T00:00:00Z"))
        assert {row["recorded_at"] for row in known_now} == {""}


def test_u16_amounts_come_in_the_currency_that_is_asked_for(fetch: Fetch, world: World, teapot: str) -> None:
    record_rates([(FIRST.date(), "USD", "CNY", "5")])
    asked = f"?sku={teapot}&at=2025-01-25T00:00:00Z&currency="
    lots = table(fetch(world.root, f"/exports/lots-as-of.csv{asked}USD"))
    assert [(row["lot"], row["value_amount"], row["currency"]) for row in lots] == [("first", "3", "USD"), ("second", "", "USD")]
    (ages,) = table(fetch(world.root, f"/exports/value-by-age.csv{asked}USD"))
    assert (ages["value_amount"], ages["currency"], ages["valued_qty"], ages["uncosted_qty"]) == ("3", "USD", "6", "3")
    for name in ("lots-as-of", "value-by-age"):
        answer = fetch(world.root, f"/exports/{name}.csv{asked}XXQ")
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["extensions"]["code"] == "unknown_currency"  # type: ignore[attr-defined]
