"""Transfers and what belongs to them through GraphQL; and every ledger-writing mutation sent twice (H82)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLInputType, get_named_type

from stockhub.access.models import Grant, ScopeKind
from stockhub.catalog.models import Warehouse
from stockhub.inventory.models import Balance, Lot, Movement, StockVariance, Transfer
from tests.graphql.shop import NOW, Ask, World
from tests.graphql.test_authorisation import MUTATIONS, contents

pytestmark = pytest.mark.django_db

UPSERT = """mutation ($input: TransferUpsertInput!) { transferUpsert(input: $input) {
    transfer { id code version status fromWarehouseCode toWarehouseCode lateDays events { status }
        lines { lineNo sku { code } bucket { slug } plannedQty shippedQty receivedQty damagedQty missingQty lostQty
            freight { amount currency } bundle { code } } }
    errors { code path message params } } }"""


@pytest.fixture
def far(world: World) -> Warehouse:
    """A second warehouse that the user may change, with stock of its own in the ledger."""
    warehouse = Warehouse.objects.create(code="far", name="Far", ledger_starts_at=NOW - dt.timedelta(days=60))
    Warehouse.objects.filter(code="mine-wh").update(ledger_starts_at=NOW - dt.timedelta(days=60))
    Grant.objects.create(user=world.me, kind=ScopeKind.WAREHOUSE, object_id=warehouse.pk)
    return warehouse


def held(code: str) -> dict[str, int]:
    rows = Balance.objects.filter(warehouse__code=code, sku__code="SKU-001").exclude(qty=0)
    return dict(rows.values_list("bucket_id", "qty"))


def ship(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of the input
    line = {"sku": "SKU-001", "shippedQty": 30, "freight": {"amount": "0.25", "currency": "USD"}} | fields.pop("line", {})
    return {
        "code": "TR-9", "fromWarehouse": "mine-wh", "toWarehouse": "far", "status": "IN_TRANSIT", "expectedOn": "2025-06-10",
        "lines": [line],
    } | fields  # fmt: skip


def test_a_transfer_is_made_shipped_and_received(world: World, far: Warehouse, ask: Ask) -> None:
    told = ask(world.me, UPSERT, {"input": ship()}).data["transferUpsert"]
    assert told["errors"] == []
    assert told["transfer"] | {"id": None} == {
        "id": None, "code": "TR-9", "version": 1, "status": "IN_TRANSIT", "fromWarehouseCode": "mine-wh", "toWarehouseCode": "far",
        "lateDays": 8, "events": [{"status": "IN_TRANSIT"}],
        "lines": [
            {
                "lineNo": 1, "sku": {"code": "SKU-001"}, "bucket": {"slug": "available"}, "plannedQty": 30, "shippedQty": 30,
                "receivedQty": 0, "damagedQty": 0, "missingQty": 30, "lostQty": 0, "freight": {"amount": "0.25", "currency": "USD"},
                "bundle": None,
            }
        ],
    }  # fmt: skip
    assert (held("mine-wh"), held("far")) == ({"available": 20, "reserved": 3}, {"in_transit": 30})
    line = {"sku": "SKU-001", "receivedQty": 29, "damagedQty": 2}
    told = ask(world.me, UPSERT, {"input": {"code": "TR-9", "status": "RECEIVED", "lines": [line]}}).data["transferUpsert"]
    assert (told["errors"], told["transfer"]["status"], told["transfer"]["lateDays"]) == ([], "RECEIVED", 0)
    assert held("far") == {"available": 27, "unsellable": 2, "researching": 1}
    by_code = f'{{ transferByCode(code: "TR-9") {{ id status }} nodes(ids: ["{told["transfer"]["id"]}"]) {{ id }} }}'
    answer = ask(world.me, by_code).data
    assert answer["transferByCode"]["status"] == "RECEIVED"
    assert answer["nodes"] == [{"id": told["transfer"]["id"]}]


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"fromWarehouse": "theirs-wh"}, "not_found", ["input", "fromWarehouse"]),
        ({"toWarehouse": "mine-wh"}, "same_warehouse", ["input", "toWarehouse"]),
        ({"line": {"sku": "NONE"}}, "not_found", ["input", "lines", "0"]),
        ({"line": {"shippedQty": 31, "bucket": "unsellable"}}, "insufficient_stock", ["input", "lines"]),
        ({"line": {"damagedQty": 1}}, "invalid_quantity", ["input", "lines", "0", "damagedQty"]),
        ({"code": "theirs-wh-tr"}, "not_found", ["input", "code"]),
        ({"expectedVersion": 4}, "not_found", ["input", "expectedVersion"]),
    ],
)
def test_a_refused_transfer_says_what_is_wrong_and_changes_nothing(
    world: World, far: Warehouse, ask: Ask, fields: dict[str, Any], code: str, path: list[str]
) -> None:
    ask(world.me, "{ me { username } }")
    before = contents()
    told = ask(world.me, UPSERT, {"input": ship(**fields)}).data["transferUpsert"]
    assert [(error["code"], error["path"]) for error in told["errors"]] == [(code, path)]
    assert told["transfer"] is None
    assert contents() == before


def test_lists_filter_by_warehouse_status_and_lateness(world: World, far: Warehouse, ask: Ask) -> None:
    ask(world.me, UPSERT, {"input": ship()})
    ask(world.me, UPSERT, {"input": ship(code="TR-10", expectedOn="2025-07-01", line={"shippedQty": 1})})
    query = "query ($late: Boolean, $status: TransferStatus, $warehouse: String) { transfers(late: $late, status: $status, warehouse: $warehouse) { edges { node { code } } } }"  # noqa: E501

    def codes(**variables: Any) -> list[str]:  # noqa: ANN401 - of the query
        return [edge["node"]["code"] for edge in ask(world.me, query, variables).data["transfers"]["edges"]]

    assert codes() == ["TR-10", "TR-9", "mine-wh-tr"]
    assert codes(late=True) == ["TR-9"]
    assert codes(late=False) == ["TR-10", "mine-wh-tr"]
    assert codes(status="RECEIVED") == ["mine-wh-tr"]
    assert codes(warehouse="far") == ["TR-10", "TR-9"]
    assert [e["node"]["code"] for e in ask(world.other, query).data["transfers"]["edges"]] == ["theirs-wh-tr"]


RESOLVE = """mutation ($input: StockVarianceResolveInput!) { stockVarianceResolve(input: $input) {
    stockVariance { status foundQty differenceQty variancePct note resolvedBy } errors { code path } } }"""


def open_task(world: World, ask: Ask) -> str:
    ask(world.me, UPSERT, {"input": ship()})
    line = {"sku": "SKU-001", "receivedQty": 27}
    ask(world.me, UPSERT, {"input": {"code": "TR-9", "status": "RECEIVED", "lines": [line]}})
    found = ask(
        world.me, '{ stockVariance(reference: "transfer:TR-9", lineNo: 1, sku: "SKU-001") { id status variancePct warehouse { code } } }'
    ).data["stockVariance"]
    assert found | {"id": None} == {"id": None, "status": "OPEN", "variancePct": "-10", "warehouse": {"code": "far"}}
    return str(found["id"])


def test_h83_a_variance_is_seen_and_resolved(world: World, far: Warehouse, ask: Ask) -> None:
    task = open_task(world, ask)
    listed = ask(world.me, "{ stockVariances(status: OPEN) { edges { node { reference differenceQty } } } }").data["stockVariances"]
    assert {edge["node"]["reference"]: edge["node"]["differenceQty"] for edge in listed["edges"]} == {
        "transfer:TR-9": -3, "transfer:mine-wh-tr": -6
    }  # fmt: skip
    told = ask(world.me, RESOLVE, {"input": {"id": task, "outcome": "FOUND", "qty": 1, "idempotencyKey": "a"}}).data["stockVarianceResolve"]
    assert (told["errors"], told["stockVariance"]["status"], told["stockVariance"]["foundQty"]) == ([], "OPEN", 28)
    given = {"id": task, "outcome": "ACCEPTED", "note": "gone", "idempotencyKey": "b"}
    told = ask(world.me, RESOLVE, {"input": given}).data["stockVarianceResolve"]
    assert told["stockVariance"] == {
        "status": "ACCEPTED", "foundQty": 28, "differenceQty": -2, "variancePct": "-6.67", "note": "gone", "resolvedBy": "me"
    }  # fmt: skip
    assert held("far") == {"available": 28}
    theirs = ask(world.other, RESOLVE, {"input": given | {"idempotencyKey": "c"}}).data["stockVarianceResolve"]
    assert theirs == {"stockVariance": None, "errors": [{"code": "not_found", "path": ["input", "id"]}]}


def test_removing_to_another_warehouse_is_a_transfer(world: World, far: Warehouse, ask: Ask) -> None:
    mutation = """mutation ($input: StockRemoveInput!) { stockRemove(input: $input) {
        movement { qty } transfer { status toWarehouseCode lines { shippedQty } } errors { code } } }"""
    given = {"sku": "SKU-001", "warehouse": "mine-wh", "toWarehouse": "far", "qty": 4, "reason": "too many", "idempotencyKey": "k"}
    for _again in range(2):
        assert ask(world.me, mutation, {"input": given}).data["stockRemove"] == {
            "movement": None, "transfer": {"status": "IN_TRANSIT", "toWarehouseCode": "far", "lines": [{"shippedQty": 4}]}, "errors": []
        }  # fmt: skip
    assert (held("mine-wh")["available"], held("far")) == (46, {"in_transit": 4})


def test_a_receipt_makes_a_lot_with_its_costs(world: World, far: Warehouse, ask: Ask) -> None:
    mutation = """mutation ($input: ReceiptRecordInput!) { receiptRecord(input: $input) {
        movement { kind qty } lot { code receivedQty expiresOn } wasRecordedBefore errors { code path } } }"""
    given = {
        "sku": "SKU-001", "warehouse": "far", "qty": 7, "lotCode": "B-1", "receivedOn": "2025-06-01", "expiresOn": "2026-06-01",
        "costs": [{"kind": "PURCHASE", "unitCost": {"amount": "3.25", "currency": "CNY"}}], "idempotencyKey": "k",
    }  # fmt: skip
    assert ask(world.me, mutation, {"input": given}).data["receiptRecord"] == {
        "movement": {"kind": "RECEIVE", "qty": 7}, "lot": {"code": "B-1", "receivedQty": 7, "expiresOn": "2026-06-01"},
        "wasRecordedBefore": False, "errors": [],
    }  # fmt: skip
    [cost] = Lot.objects.get(code="B-1").costs.all()
    assert (cost.kind, cost.unit_amount, cost.currency, cost.rate_on) == ("purchase", Decimal("3.25"), "CNY", dt.date(2025, 6, 1))


def test_a_returned_bundle_comes_in_as_its_components(world: World, far: Warehouse, ask: Ask) -> None:
    mutation = """mutation ($input: ReturnRecordInput!) { returnRecord(input: $input) {
        movements { sku { code } toBucket { slug } qty } wasRecordedBefore errors { code params } } }"""
    given = {"sku": "SET", "warehouse": "far", "qty": 2, "grade": "DAMAGED", "idempotencyKey": "k"}
    for again in (False, True):
        assert ask(world.me, mutation, {"input": given}).data["returnRecord"] == {
            "movements": [{"sku": {"code": "SKU-001"}, "toBucket": {"slug": "unsellable"}, "qty": 4}], "wasRecordedBefore": again,
            "errors": [],
        }  # fmt: skip
    refused = ask(
        world.me,
        """mutation { movementRecord(input: {sku: "SET", warehouse: "far", qty: 1, toBucket: "available", reason: "x", idempotencyKey: "x"})
            { errors { code params } } }""",
    ).data["movementRecord"]
    params = {"sku": "SET", "components": [["SKU-001", 2]], "named": "2 × SKU-001"}
    assert refused["errors"] == [{"code": "bundle_has_no_stock", "params": params}]


#: Every mutation that writes the ledger: (its input, what to change for another request with the same key).
WRITES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "movementRecord": ({"qty": 2, "toBucket": "available", "reason": "found"}, {"qty": 3}),
    "stockRemove": ({"qty": 2, "reason": "owner"}, {"qty": 3}),
    "stockDispose": ({"qty": 2, "bucket": "available", "reason": "broken"}, {"reason": "stolen"}),
    "returnRecord": ({"qty": 2, "grade": "NEW"}, {"grade": "DAMAGED"}),
    "receiptRecord": ({"qty": 2, "lotCode": "L"}, {"expiresOn": "2027-01-01"}),
    "transferUpsert": (ship(), {"status": "PLANNED"}),
    "stockVarianceResolve": ({"outcome": "FOUND", "qty": 1}, {"qty": 2}),
}


def _fields(kind: GraphQLInputType) -> Collection[str]:
    named = get_named_type(kind)
    return named.fields if isinstance(named, GraphQLInputObjectType) else ()


@pytest.mark.usefixtures("world")
def test_h82_every_mutation_that_writes_the_ledger_is_listed() -> None:
    """One that is added later must be replayed here as well: an idempotency key in the input tells that it writes the ledger."""
    keyed = {name for name, field in MUTATIONS.items() if "idempotencyKey" in _fields(field.args["input"].type)}
    assert set(WRITES) <= keyed
    assert keyed - set(WRITES) - NOT_STOCK <= ELSEWHERE


#: Keyed, because a repeated row would be a second one, but of no stock.
NOT_STOCK = {"ruleParameterCreate", "ruleParametersCreate"}
#: Replayed by tests of their own subjects.
ELSEWHERE = {
    "listingSuggestionsAccept", "lotCostsRecord", "ordersSubmit", "pushApprove", "pushCreate", "pushLeverCreate", "pushRevert",
    "stockCountRecord", "stockDisputeOpen", "stockDisputeResolve",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(WRITES))
def test_h82_sent_again_it_has_no_second_effect_and_other_values_are_refused(world: World, far: Warehouse, ask: Ask, name: str) -> None:
    given, other = WRITES[name]
    given = given | {"idempotencyKey": "erp-1"}
    if name == "stockVarianceResolve":
        given["id"] = open_task(world, ask)
    elif name != "transferUpsert":
        given |= {"sku": "SKU-001", "warehouse": "mine-wh"}
    kind = f"{name[0].upper()}{name[1:]}Input"
    document = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ errors {{ __typename code }} }} }}"
    movements = Movement.objects.count()
    assert ask(world.me, document, {"input": given}).data[name]["errors"] == []
    assert Movement.objects.count() > movements
    after = contents()
    for _again in range(3):
        assert ask(world.me, document, {"input": given}).data[name]["errors"] == []
    assert contents() == after
    errors = ask(world.me, document, {"input": given | other}).data[name]["errors"]
    assert errors == [{"__typename": "ConflictError", "code": "idempotency_key_reused"}]
    assert contents() == after


def test_h82_a_replay_after_later_changes_still_changes_nothing(world: World, far: Warehouse, ask: Ask) -> None:
    first = ship(idempotencyKey="ship")
    ask(world.me, UPSERT, {"input": first})
    ask(world.me, UPSERT, {"input": {"code": "TR-9", "status": "RECEIVED", "idempotencyKey": "receive"}})
    before = contents()
    told = ask(world.me, UPSERT, {"input": first}).data["transferUpsert"]
    assert (told["errors"], told["transfer"]["status"]) == ([], "RECEIVED")
    assert contents() == before
    assert Transfer.objects.filter(code="TR-9").count() == 1
    assert not StockVariance.objects.filter(reference="transfer:TR-9").exists()
