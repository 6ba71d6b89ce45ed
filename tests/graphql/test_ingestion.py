"""Orders by API, the quarantine, kept records and presale positions: over the real door, for those who may."""

from __future__ import annotations

import datetime as dt
from base64 import b64encode
from typing import Any

import pytest

from stockhub.access.models import User
from stockhub.catalog.models import Warehouse
from stockhub.channels.inbox import apply_due
from stockhub.channels.models import Order, Quarantined
from stockhub.channels.received_models import ReceivedRecord
from stockhub.inventory.models import Allocation, Balance, MovementKey
from tests.graphql.shop import NOW, Ask, World

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ERRORS = "errors { __typename code path }"
RESULTS = "results { index status isKept errors { code path } }"


@pytest.fixture(autouse=True)
def _clean(world: World) -> None:
    """The world's own record in quarantine and its presale are for the tests of who sees what."""
    Quarantined.objects.all().delete()
    ReceivedRecord.objects.all().delete()
    Allocation.objects.all().delete()
    Warehouse.objects.update(ledger_starts_at=NOW - dt.timedelta(days=30))


def run(ask: Ask, user: User, name: str, selection: str, given: dict[str, Any]) -> dict[str, Any]:
    kind = f"{name[0].upper()}{name[1:]}Input"
    query = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ {selection} {ERRORS} }} }}"
    told: dict[str, Any] = ask(user, query, {"input": given}).data[name]
    return told


def order(external_id: str = "1", **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    line = {"code": "L-SKU-001", "codeKind": "sku_id", "qty": changes.pop("qty", 2), "unitPrice": "9.90", "lineId": "1"}
    line |= {"warehouse": changes.pop("warehouse", "")}
    return {
        "externalId": external_id, "status": "PAID", "orderedAt": "2025-06-18T04:00:00Z", "currency": "CNY", "lines": [line],
    } | changes  # fmt: skip


def submit(ask: Ask, world: World, *orders: dict[str, Any], **options: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - any field
    told = run(ask, world.me, "ordersSubmit", RESULTS, {"account": "mine-shop", "orders": list(orders), **options})
    assert told["errors"] == []
    return [(row["status"], row["isKept"], [(e["code"], e["path"]) for e in row["errors"]]) for row in told["results"]]


def held(world: World, bucket: str = "reserved") -> int:
    return Balance.objects.get(warehouse=world.mine.warehouse, bucket_id=bucket).qty


def test_orders_are_durable_at_once_and_have_their_effects_once_a_worker_looks(world: World, ask: Ask) -> None:
    assert submit(ask, world, order("1"), order("2", version="7")) == [("ACCEPTED", True, [])] * 2
    assert Order.objects.count() == 0
    assert apply_due().applied == 2
    assert list(Order.objects.order_by("external_id").values_list("external_id", "source_version")) == [("1", 0), ("2", 7)]
    assert held(world) == 3 + 4
    assert submit(ask, world, order("1"), order("1", status="CANCELLED", lines=[])) == [("REPEATED", True, []), ("ACCEPTED", True, [])]
    apply_due()
    assert held(world) == 3 + 2


def test_whoever_waits_is_answered_when_the_effects_are_there(world: World, ask: Ask) -> None:
    first, second = order("1", version="1"), order("1", version="2", status="SHIPPED")
    assert submit(ask, world, first, second, wait=True) == [("APPLIED", True, [])] * 2
    assert (Order.objects.get().status, held(world), held(world, "available")) == ("shipped", 3, 48)
    assert submit(ask, world, first, second, wait=True) == [("REPEATED", True, [])] * 2
    assert apply_due().total == 0


def test_bad_orders_are_refused_alone_with_a_path(world: World, ask: Ask) -> None:
    bad = [order("1", qty=0), order("2"), order("", qty=1), order("3", warehouse="nowhere"), order("4", currency="yuan")]
    told = submit(ask, world, *bad, wait=True)
    assert told == [
        ("REFUSED", False, [("quantity", ["input", "orders", "0"])]),
        ("APPLIED", True, []),
        ("REFUSED", False, [("order_id", ["input", "orders", "2"])]),
        ("REFUSED", True, [("unknown_warehouse", ["input", "orders", "3"])]),
        ("REFUSED", False, [("currency", ["input", "orders", "4"])]),
    ]
    assert list(Order.objects.values_list("external_id", flat=True)) == ["2"]
    assert list(Quarantined.objects.values_list("external_id", "code")) == [("3", "unknown_warehouse")]


def test_f17_a_key_used_again_with_other_orders_is_refused_and_nothing_is_taken(world: World, ask: Ask) -> None:
    assert submit(ask, world, order("1"), idempotencyKey="k") == [("ACCEPTED", True, [])]
    assert submit(ask, world, order("1"), idempotencyKey="k") == [("REPEATED", True, [])]
    given = {"account": "mine-shop", "orders": [order("2")], "idempotencyKey": "k"}
    told = run(ask, world.me, "ordersSubmit", RESULTS, given)
    assert told == {
        "results": [],
        "errors": [{"__typename": "ConflictError", "code": "idempotency_key_reused", "path": ["input", "idempotencyKey"]}],
    }
    assert ReceivedRecord.objects.count() == 1
    assert MovementKey.objects.filter(key__startswith="orders:").count() == 1


def test_another_shop_too_many_and_nobody_are_refused_and_nothing_is_taken(world: World, ask: Ask) -> None:
    foreign = run(ask, world.other, "ordersSubmit", RESULTS, {"account": "mine-shop", "orders": [order()]})
    assert [error["code"] for error in foreign["errors"]] == ["not_found"]
    many = run(ask, world.me, "ordersSubmit", RESULTS, {"account": "mine-shop", "orders": [order(str(n)) for n in range(1_001)]})
    assert [error["code"] for error in many["errors"]] == ["too_many_rows"]
    query = "mutation ($input: OrdersSubmitInput!) { ordersSubmit(input: $input) { errors { code } } }"
    answer = ask(world.powerless, query, {"input": {"account": "mine-shop", "orders": [order()]}})
    assert answer.codes == ["FORBIDDEN"]
    assert (ReceivedRecord.objects.count(), Order.objects.count()) == (0, 0)


def record_id(row: Quarantined) -> str:
    return b64encode(f"QuarantinedRecord:{row.pk}".encode()).decode()


def test_the_quarantine_is_listed_tried_again_and_dismissed(world: World, ask: Ask) -> None:
    submit(ask, world, order("1", warehouse="new"), order("2", warehouse="new"), order("3", warehouse="other"), wait=True)
    query = """query ($account: String, $cause: String, $open: Boolean, $kind: RecordKind) {
        quarantinedRecords(account: $account, cause: $cause, open: $open, recordKind: $kind) {
            totalCount edges { node { externalId code kind attempts account { code } payload } } } }"""
    shown = ask(world.me, query, {"account": "mine-shop", "cause": "unknown_warehouse", "open": True, "kind": "ORDER"})
    listed = shown.data["quarantinedRecords"]
    assert (listed["totalCount"], {edge["node"]["externalId"] for edge in listed["edges"]}) == (3, {"1", "2", "3"})
    assert listed["edges"][0]["node"]["account"] == {"code": "mine-shop"}
    assert ask(world.me, query, {"open": False}).data["quarantinedRecords"]["totalCount"] == 0
    assert ask(world.me, query, {"kind": "STOCK"}).data["quarantinedRecords"]["totalCount"] == 0
    assert ask(world.other, query, {}).data["quarantinedRecords"]["totalCount"] == 0
    one = """{ quarantinedRecord(account: "mine-shop", recordKind: ORDER, externalId: "3", code: "unknown_warehouse") { message } }"""
    message = "There is no warehouse 'other'. Create it, then try the record again."
    assert ask(world.me, one).data["quarantinedRecord"] == {"message": message}

    counts = "takenCount leftCount"
    assert run(ask, world.me, "quarantineRetry", counts, {"account": "mine-shop"}) == {"takenCount": 0, "leftCount": 3, "errors": []}
    Warehouse.objects.create(code="new", name="New", ledger_starts_at=NOW - dt.timedelta(days=30))
    by_cause = {"account": "mine-shop", "recordKind": "ORDER", "cause": "unknown_warehouse"}
    assert run(ask, world.me, "quarantineRetry", counts, by_cause) == {"takenCount": 2, "leftCount": 1, "errors": []}
    left = Quarantined.objects.get(resolved_at=None)
    by_id = {"ids": [record_id(left)]}
    assert run(ask, world.me, "quarantineRetry", counts, by_id) == {"takenCount": 0, "leftCount": 1, "errors": []}
    told = run(ask, world.me, "quarantineDismiss", "dismissedCount", {**by_id, "reason": "A test"})
    assert told == {"dismissedCount": 1, "errors": []}
    left.refresh_from_db()
    assert (left.dismissed_by, left.dismissed_reason) == ("me", "A test")
    assert run(ask, world.me, "quarantineDismiss", "dismissedCount", {**by_id, "reason": "Again"})["dismissedCount"] == 0


def test_what_is_not_ones_own_or_makes_no_sense_is_refused_and_changes_nothing(world: World, ask: Ask) -> None:
    submit(ask, world, order("1", warehouse="new"), wait=True)
    row = Quarantined.objects.get()
    mine = {"ids": [record_id(row)]}
    cases: list[tuple[User, str, dict[str, Any], str, list[str]]] = [
        (world.other, "quarantineRetry", mine, "not_found", ["input", "ids", "0"]),
        (world.other, "quarantineDismiss", {**mine, "reason": "x"}, "not_found", ["input", "ids", "0"]),
        (world.other, "recordsReprocess", {"account": "mine-shop", "externalIds": ["1"]}, "not_found", ["input", "account"]),
        (world.me, "quarantineRetry", {}, "required", ["input", "ids"]),
        (world.me, "quarantineRetry", {**mine, "account": "mine-shop"}, "required", ["input", "ids"]),
        (world.me, "quarantineDismiss", {**mine, "reason": " "}, "required", ["input", "reason"]),
        (world.me, "quarantineDismiss", {"ids": [], "reason": "x"}, "invalid_rows", ["input", "ids"]),
        (world.me, "recordsReprocess", {"account": "mine-shop"}, "required", ["input", "since"]),
    ]
    for user, name, given, code, path in cases:
        [error] = run(ask, user, name, "__typename", given)["errors"]
        assert (error["code"], error["path"]) == (code, path), (name, given)
    row.refresh_from_db()
    assert (row.attempts, row.resolved_at) == (1, None)


def test_h82_kept_records_are_listed_and_applied_again_without_a_second_effect(world: World, ask: Ask) -> None:
    submit(ask, world, order("1"), order("2"), wait=True)
    query = """{ receivedRecords(account: "mine-shop", externalId: "1", status: APPLIED, recordKind: ORDER) {
        edges { node { source status payload kind error } } } }"""
    [edge] = ask(world.me, query).data["receivedRecords"]["edges"]
    assert (edge["node"]["source"], edge["node"]["status"], edge["node"]["kind"]) == ("api", "APPLIED", "ORDER")
    assert edge["node"]["payload"]["external_id"] == "1"
    assert ask(world.other, query).data["receivedRecords"]["edges"] == []
    before = list(Balance.objects.order_by("id").values_list())
    given = {"account": "mine-shop", "since": "2025-06-01T00:00:00Z", "until": "2035-01-01T00:00:00Z", "recordKinds": ["ORDER"]}
    assert run(ask, world.me, "recordsReprocess", "dueCount", given) == {"dueCount": 2, "errors": []}
    assert apply_due().applied == 2
    assert list(Balance.objects.order_by("id").values_list()) == before


def test_presale_positions_are_shown_for_the_users_warehouses(world: World, ask: Ask) -> None:
    Balance.objects.create(sku=world.sku, warehouse=world.mine.warehouse, bucket_id="on_order", qty=5)
    presale = {"presaleKind": "full", "shipByAt": "2025-07-18T04:00:00Z"}
    submit(ask, world, order("1", qty=4, **presale), order("2", qty=3, **presale), wait=True)
    query = """{ presalePositions(skus: ["SKU-001"]) {
        sku warehouse incomingQty owedQty promisedQty reservedQty availableToPromiseQty oversoldQty } }"""
    assert ask(world.me, query).data["presalePositions"] == [
        {
            "sku": "SKU-001", "warehouse": "mine-wh", "incomingQty": 5, "owedQty": 0, "promisedQty": 7, "reservedQty": 0,
            "availableToPromiseQty": -2, "oversoldQty": 2,
        }
    ]  # fmt: skip
    assert ask(world.other, query).data["presalePositions"] == []
    assert ask(world.me, "{ presalePositions(skus: []) { sku } }").codes == ["BAD_USER_INPUT"]


def test_errors_of_kept_records_are_told_in_the_language_of_the_request(world: World, ask: Ask) -> None:
    submit(ask, world, order("1", warehouse="new"), wait=True)
    query = """{ receivedRecords(account: "mine-shop", externalId: "1") { edges { node { error } } }
        quarantinedRecords(account: "mine-shop") { edges { node { externalId message } } } }"""

    def told(**headers: str) -> tuple[str, str]:
        data = ask(world.me, query, **headers).data
        [said] = [edge["node"]["message"] for edge in data["quarantinedRecords"]["edges"] if edge["node"]["externalId"] == "1"]
        return data["receivedRecords"]["edges"][0]["node"]["error"], said

    english, chinese = told(), told(accept_language="zh-CN")
    assert english == (Quarantined.objects.get(external_id="1").message,) * 2
    assert chinese[0] == chinese[1] != english[0]
