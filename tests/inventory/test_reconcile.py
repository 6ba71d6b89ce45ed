# ruff: noqa: S608, ISC004 - statements of the tests' own, in lists of lines
"""Every way in which a table of the ledger can be damaged is found and named; what is whole is proved in one statement."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from stockhub.catalog.models import Authority, Warehouse
from stockhub.inventory.models import Balance
from stockhub.inventory.proof.checksums import Doubts, doubts
from stockhub.inventory.proof.reconciliation import one_moment, reconcile
from stockhub.inventory.proof.statements import wrong_balances
from stockhub.inventory.services import observe_stock
from tests.inventory.damage import AT, Ledger, make_ledger

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

_MOVEMENT_COLUMNS = "sku_id, warehouse_id, from_bucket_id, to_bucket_id, qty, kind, reason, reference, actor, key, occurred_at, recorded_at"
_AGAIN = (
    f"INSERT INTO inventory_movement ({_MOVEMENT_COLUMNS}) SELECT {_MOVEMENT_COLUMNS} FROM inventory_movement"
    " WHERE key = 'allocation:{first}:1:reserve'"
)
_MADE_UP = (
    f"INSERT INTO inventory_movement ({_MOVEMENT_COLUMNS}) SELECT sku_id, warehouse_id, {{source}}, {{target}}, 50, kind, '', '', '', 'x',"
    " occurred_at, recorded_at FROM inventory_movement WHERE key = 'receipt:{sku}'"
)
_FIRST, _SECOND = "line:1, TEA in SH", "line:2, TEA in SH"


@pytest.fixture
def ledger(db: None) -> Ledger:
    return make_ledger()


def told(ledger: Ledger) -> list[tuple[str, str]]:
    return [(found.invariant, found.text) for found in reconcile()]


def test_d1_a_whole_ledger_is_proved(ledger: Ledger) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert reconcile() == []
    assert len(queries) == (3 if connection.vendor == "postgresql" else 6)


def test_an_empty_ledger_is_proved(db: None) -> None:
    assert reconcile() == []


#: What is done, and what is said of it. {first} and {second} are ids of lines.
DAMAGE = {
    "a balance changed": (
        ["UPDATE inventory_balance SET qty = qty + 1 WHERE sku_id = {tea} AND bucket_id = 'available'"],
        [("I1", "TEA in SH, available: the ledger adds up to 86, the balance says 87.")],
    ),
    "a balance lost": (
        ["DELETE FROM inventory_balance WHERE sku_id = {cup} AND bucket_id = 'reserved'"],
        [
            ("I1", "CUP in SH, reserved: the ledger adds up to 50, the balance says 0."),
            ("I3", "CUP in SH: 0 units are reserved, order lines hold 50."),
        ],
    ),
    "units moved between balances": (
        [
            "UPDATE inventory_balance SET qty = qty - 1 WHERE sku_id = {tea} AND bucket_id = 'available'",
            "UPDATE inventory_balance SET qty = qty + 1 WHERE sku_id = {tea} AND bucket_id = 'inspecting'",
        ],
        [
            ("I1", "TEA in SH, available: the ledger adds up to 86, the balance says 85."),
            ("I1", "TEA in SH, inspecting: the ledger adds up to 5, the balance says 6."),
        ],
    ),
    "a balance below zero, as its movements say": (
        [
            "UPDATE inventory_movement SET qty = 13 WHERE key = 'receipt:TEA'",
            "UPDATE inventory_movementkey SET posted_qty = 13 WHERE key = 'receipt:TEA'",
            "UPDATE inventory_balance SET qty = -1 WHERE sku_id = {tea} AND bucket_id = 'available'",
        ],
        [("I2", "TEA in SH, available: -1 is below zero.")],
    ),
    "a movement lost": (
        ["DELETE FROM inventory_movement WHERE key = 'move:wet'"],
        [
            ("I1", "TEA in SH, available: the ledger adds up to 91, the balance says 86."),
            ("I1", "TEA in SH, inspecting: the ledger adds up to 0, the balance says 5."),
            ("I3", "Key move:wet: 0 movements of 0 units, 1 keys of 5 units."),
        ],
    ),
    "a movement lost, balances made to fit": (
        [
            "DELETE FROM inventory_movement WHERE key = 'move:wet'",
            "UPDATE inventory_balance SET qty = 91 WHERE sku_id = {tea} AND bucket_id = 'available'",
            "UPDATE inventory_balance SET qty = 0 WHERE sku_id = {tea} AND bucket_id = 'inspecting'",
        ],
        [("I3", "Key move:wet: 0 movements of 0 units, 1 keys of 5 units.")],
    ),
    "a movement doubled": (
        [_AGAIN],
        [
            ("I1", "TEA in SH, available: the ledger adds up to 83, the balance says 86."),
            ("I1", "TEA in SH, reserved: the ledger adds up to 9, the balance says 6."),
            ("I3", "Key allocation:{first}:1:reserve: 2 movements of 6 units, 1 keys of 3 units."),
            ("I3", f"{_FIRST}: holds 3 reserved and 2 shipped, its movements made 6 and 2."),
        ],
    ),
    "a movement split in two under one key": (
        [
            _AGAIN,
            "UPDATE inventory_movement SET qty = 1 WHERE id = (SELECT max(id) FROM inventory_movement)",
            "UPDATE inventory_movement SET qty = 2 WHERE key = 'allocation:{first}:1:reserve' AND qty = 3",
        ],
        [("I3", "Key allocation:{first}:1:reserve: 2 movements of 3 units, 1 keys of 3 units.")],
    ),
    "a movement's quantity changed": (
        ["UPDATE inventory_movement SET qty = 49 WHERE key = 'receipt:CUP'"],
        [
            ("I1", "CUP in SH, available: the ledger adds up to -1, the balance says 0."),
            ("I3", "Key receipt:CUP: 1 movements of 49 units, 1 keys of 50 units."),
        ],
    ),
    "quantities swapped between two movements, whose sums stay": (
        [
            "UPDATE inventory_movement SET qty = 3 WHERE key = 'allocation:{second}:1:ship-available'",
            "UPDATE inventory_movement SET qty = 1 WHERE key = 'allocation:{second}:1:reserve'",
            "UPDATE inventory_movement SET qty = 0 + 5 WHERE key = 'allocation:{first}:1:reserve'",
            "UPDATE inventory_movement SET qty = 0 WHERE key = 'allocation:{first}:1:ship-available'",
        ],
        [
            ("I1", "Movement * of TEA in SH: 0 units from available to outside cannot be."),
            ("I3", "Key allocation:{first}:1:reserve: 1 movements of 5 units, 1 keys of 3 units."),
            ("I3", "Key allocation:{first}:1:ship-available: 1 movements of 0 units, 1 keys of 2 units."),
            ("I3", "Key allocation:{second}:1:reserve: 1 movements of 1 units, 1 keys of 3 units."),
            ("I3", "Key allocation:{second}:1:ship-available: 1 movements of 3 units, 1 keys of 1 units."),
            ("I3", f"{_FIRST}: holds 3 reserved and 2 shipped, its movements made 5 and 0."),
            ("I3", f"{_SECOND}: holds 3 reserved and 1 shipped, its movements made 1 and 3."),
        ],
    ),
    "quantities swapped between keys": (
        [
            "UPDATE inventory_movementkey SET posted_qty = 5 WHERE key = 'receipt:CUP'",
            "UPDATE inventory_movementkey SET posted_qty = 50 WHERE key = 'move:wet'",
        ],
        [
            ("I3", "Key move:wet: 1 movements of 5 units, 1 keys of 50 units."),
            ("I3", "Key receipt:CUP: 1 movements of 50 units, 1 keys of 5 units."),
        ],
    ),
    "a movement's key changed to one of a request": (
        [
            "INSERT INTO inventory_movementkey (key, fingerprint, posted_qty, recorded_at) VALUES ('count:x', '', 0, '2025-01-02')",
            "UPDATE inventory_movement SET key = 'count:x' WHERE key = 'receipt:CUP'",
        ],
        [
            ("I3", "Key count:x: 1 movements of 50 units, 1 keys of 0 units."),
            ("I3", "Key receipt:CUP: 0 movements of 0 units, 1 keys of 50 units."),
        ],
    ),
    "a movement of another SKU": (
        ["UPDATE inventory_movement SET sku_id = {cup} WHERE key = 'allocation:{first}:1:reserve'"],
        [
            ("I1", "CUP in SH, available: the ledger adds up to -3, the balance says 0."),
            ("I1", "CUP in SH, reserved: the ledger adds up to 53, the balance says 50."),
            ("I1", "TEA in SH, available: the ledger adds up to 89, the balance says 86."),
            ("I1", "TEA in SH, reserved: the ledger adds up to 3, the balance says 6."),
            ("I3", "line:1, CUP in SH: is not there, its movements made 3 and 0."),
            ("I3", f"{_FIRST}: holds 3 reserved and 2 shipped, its movements made 0 and 2."),
        ],
    ),
    "two lines' movements swapped": (
        [
            "UPDATE inventory_movement SET key = 'swap' WHERE key = 'allocation:{first}:1:ship-available'",
            "UPDATE inventory_movement SET key = 'allocation:{first}:1:ship-available' WHERE key = 'allocation:{second}:1:ship-available'",
            "UPDATE inventory_movement SET key = 'allocation:{second}:1:ship-available' WHERE key = 'swap'",
            "UPDATE inventory_movementkey SET posted_qty = 3 - posted_qty WHERE key LIKE '%:1:ship-available'",
        ],
        [
            ("I3", f"{_FIRST}: holds 3 reserved and 2 shipped, its movements made 3 and 1."),
            ("I3", f"{_SECOND}: holds 3 reserved and 1 shipped, its movements made 3 and 2."),
        ],
    ),
    "a key lost": (
        ["DELETE FROM inventory_movementkey WHERE key = 'receipt:CUP'"],
        [("I3", "Key receipt:CUP: 1 movements of 50 units, 0 keys of 0 units.")],
    ),
    "a key without a movement": (
        ["INSERT INTO inventory_movementkey (key, fingerprint, posted_qty, recorded_at) VALUES ('x', '', 4, '2025-01-02 00:00:00')"],
        [("I3", "Key x: 0 movements of 0 units, 1 keys of 4 units.")],
    ),
    "a line's reserved units changed": (
        ["UPDATE inventory_allocation SET reserved_qty = 4 WHERE id = {first}"],
        [
            ("I3", f"{_FIRST}: holds 4 reserved and 2 shipped, its movements made 3 and 2."),
            ("I3", "TEA in SH: 6 units are reserved, order lines hold 7."),
        ],
    ),
    "units moved between two lines": (
        [
            "UPDATE inventory_allocation SET reserved_qty = 4 WHERE id = {first}",
            "UPDATE inventory_allocation SET reserved_qty = 2 WHERE id = {second}",
        ],
        [
            ("I3", f"{_FIRST}: holds 4 reserved and 2 shipped, its movements made 3 and 2."),
            ("I3", f"{_SECOND}: holds 2 reserved and 1 shipped, its movements made 3 and 1."),
        ],
    ),
    "a line's shipped units changed": (
        ["UPDATE inventory_allocation SET shipped_qty = 1 WHERE id = {first}"],
        [("I3", f"{_FIRST}: holds 3 reserved and 1 shipped, its movements made 3 and 2.")],
    ),
    "units without stock made up": (
        ["UPDATE inventory_allocation SET unbacked_qty = 1 WHERE id = {second}"],
        [("I3", f"{_SECOND}: holds 3 reserved and 0 shipped, its movements made 3 and 1.")],
    ),
    "a line lost": (
        ["DELETE FROM inventory_allocation WHERE id = {first}"],
        [
            ("I3", "allocation {first}, TEA in SH: is not there, its movements made 3 and 2."),
            ("I3", "TEA in SH: 6 units are reserved, order lines hold 3."),
        ],
    ),
    "a line given another SKU": (
        ["UPDATE inventory_allocation SET sku_id = {cup} WHERE id = {second}"],
        [
            ("I3", "line:2, CUP in SH: holds 3 reserved and 1 shipped, its movements made 0 and 0."),
            ("I3", f"{_SECOND}: is not there, its movements made 3 and 1."),
            ("I3", "CUP in SH: 50 units are reserved, order lines hold 53."),
            ("I3", "TEA in SH: 6 units are reserved, order lines hold 3."),
        ],
    ),
    "units reserved that no line holds": (
        [
            _MADE_UP.format(sku="TEA", source="'available'", target="'reserved'"),
            "INSERT INTO inventory_movementkey (key, fingerprint, posted_qty, recorded_at) VALUES ('x', '', 50, '2025-01-02 00:00:00')",
            "UPDATE inventory_balance SET qty = qty - 50 WHERE sku_id = {tea} AND bucket_id = 'available'",
            "UPDATE inventory_balance SET qty = qty + 50 WHERE sku_id = {tea} AND bucket_id = 'reserved'",
        ],
        [("I3", "TEA in SH: 56 units are reserved, order lines hold 6.")],
    ),
    "units taken from the lines that hold them": (
        [
            _MADE_UP.format(sku="CUP", source="'reserved'", target="NULL"),
            "INSERT INTO inventory_movementkey (key, fingerprint, posted_qty, recorded_at) VALUES ('x', '', 50, '2025-01-02 00:00:00')",
            "UPDATE inventory_balance SET qty = 0 WHERE sku_id = {cup} AND bucket_id = 'reserved'",
        ],
        [("I3", "CUP in SH: 0 units are reserved, order lines hold 50.")],
    ),
    "a movement from nowhere to nowhere": (
        [
            f"INSERT INTO inventory_movement ({_MOVEMENT_COLUMNS}) SELECT sku_id, warehouse_id, NULL, NULL, 1, kind, '', '', '', 'void',"
            " occurred_at, recorded_at FROM inventory_movement WHERE key = 'receipt:TEA'",
            "INSERT INTO inventory_movementkey (key, fingerprint, posted_qty, recorded_at) VALUES ('void', '', 1, '2025-01-02 00:00:00')",
        ],
        [("I1", "Movement * of TEA in SH: 1 units from outside to outside cannot be.")],
    ),
    "negative units": (
        [
            "UPDATE inventory_movement SET qty = -5 WHERE key = 'move:wet'",
            "UPDATE inventory_movementkey SET posted_qty = -5 WHERE key = 'move:wet'",
            "UPDATE inventory_balance SET qty = 96 WHERE sku_id = {tea} AND bucket_id = 'available'",
            "UPDATE inventory_balance SET qty = -5 WHERE sku_id = {tea} AND bucket_id = 'inspecting'",
        ],
        [
            ("I1", "Movement * of TEA in SH: -5 units from available to inspecting cannot be."),
            ("I2", "TEA in SH, inspecting: -5 is below zero."),
        ],
    ),
    "a quantity that leaves every bound": (
        ["UPDATE inventory_movement SET qty = 4611686018427387904 WHERE key = 'allocation:{first}:1:reserve'"],
        [
            ("I1", "TEA in SH, available: the ledger adds up to -4611686018427387815, the balance says 86."),
            ("I1", "TEA in SH, reserved: the ledger adds up to 4611686018427387907, the balance says 6."),
            ("I1", "Movement * of TEA in SH: 4611686018427387904 units from available to reserved cannot be."),
            ("I3", "Key allocation:{first}:1:reserve: 1 movements of 4611686018427387904 units, 1 keys of 3 units."),
            ("I3", f"{_FIRST}: holds 3 reserved and 2 shipped, its movements made 4611686018427387904 and 2."),
        ],
    ),
}


@pytest.mark.django_db(transaction=True)
def test_a_proof_outside_of_a_transaction_leaves_none_behind() -> None:
    ledger = make_ledger()
    assert reconcile() == []
    assert (connection.in_atomic_block, connection.get_autocommit()) == (False, True)
    Balance.objects.filter(sku=ledger.cup).update(qty=F("qty") + 1)
    assert [found.invariant for found in reconcile()] == ["I1", "I1", "I3"]


@pytest.mark.django_db(transaction=True)
def test_all_statements_of_a_proof_see_one_moment_and_hold_up_nobody() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("The test database of SQLite is in memory, where readers and writers share one lock.")
    ledger = make_ledger()

    def damage() -> None:
        try:
            Balance.objects.filter(sku=ledger.cup).update(qty=F("qty") + 1)
        finally:
            connection.close()

    with one_moment():
        assert not doubts().balances
        writer = threading.Thread(target=damage)
        writer.start()
        writer.join()
        assert (doubts().balances, wrong_balances()) == (False, [])
    assert (doubts().balances, len(wrong_balances())) == (True, 2)


def test_i3_what_a_platform_reserves_is_held_by_no_order_of_ours(ledger: Ledger, observed: Warehouse) -> None:
    observe_stock(warehouse_id=observed.pk, counts={(ledger.tea.pk, "reserved"): 5}, observed_at=AT)
    assert reconcile() == []
    Warehouse.objects.update(authority=Authority.LEDGER)
    assert told(ledger) == [("I3", "TEA in FBA: 5 units are reserved, order lines hold 0.")]


def test_sums_that_leave_64_bits_are_named_exactly(ledger: Ledger) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite adds in 64 bits and refuses.")
    ledger.damage(
        "UPDATE inventory_movement SET qty = 9223372036854775807 WHERE key LIKE 'receipt:%'",
        "UPDATE inventory_movement SET sku_id = {tea} WHERE key = 'receipt:CUP'",
    )
    assert [text for invariant, text in told(ledger) if invariant == "I1" and "adds up" in text] == [
        "CUP in SH, available: the ledger adds up to -50, the balance says 0.",
        "TEA in SH, available: the ledger adds up to 18446744073709551600, the balance says 86.",
    ]


def test_the_seed_changes_nothing_but_the_hashes(ledger: Ledger) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite needs no checksums.")
    assert {doubts() for _night in range(5)} == {Doubts(False, False, False, False, False, False, 8)}


@pytest.mark.parametrize("kind", DAMAGE)
def test_i1_i2_i3_damage_is_found_and_named(ledger: Ledger, kind: str) -> None:
    statements, expected = DAMAGE[kind]
    ledger.damage(*statements)
    found = [(invariant, _without_id(text)) for invariant, text in told(ledger)]
    assert found == [
        (invariant, text.replace("{first}", str(ledger.first.pk)).replace("{second}", str(ledger.second.pk)))
        for invariant, text in expected
    ]


def _without_id(text: str) -> str:
    """Malformed movements are named by id, which a test does not know."""
    return f"Movement * {text.split(' ', 2)[2]}" if text.startswith("Movement ") else text
