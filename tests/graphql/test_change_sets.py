"""Bulk mutations are change sets that can be undone, row by row and only where nobody has changed the object since (H18)."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from stockhub.catalog.models import BundleComponent, Sku, Warehouse
from stockhub.editing.models import ChangeSet
from stockhub.inventory.models import Balance
from stockhub.outbox.models import Event
from stockhub.suppliers.models import LeadTimeLeg, Offer, PriceBreak
from tests.graphql.shop import Ask, World

pytestmark = pytest.mark.both_databases

SKUS = """mutation($rows: [SkuUpsertInput!]!) { skusUpsert(input: {rows: $rows}) {
  changeSetId results { index status errors { code } sku { code version } } errors { code } } }"""
WAREHOUSES = """mutation($rows: [WarehouseUpsertInput!]!) { warehousesUpsert(input: {rows: $rows}) {
  changeSetId results { status errors { code } } errors { code } } }"""
OFFERS = """mutation($rows: [OfferUpsertInput!]!) { offersUpsert(input: {rows: $rows}) {
  changeSetId results { status errors { code message } } errors { code } } }"""
UNDO = """mutation($id: ID!) { changeSetUndo(input: {changeSetId: $id}) {
  changeSet { id entity rowCount undoneCount undoes { id } }
  results { index status errors { code path } node { ... on Sku { code name version deletedAt } } } errors { code path } } }"""
LIST = "{ changeSets { totalCount edges { node { entity rowCount undoneCount actor undoes { id } } } } }"


def bulk(ask: Ask, world: World, query: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    [payload] = ask(world.root, query, {"rows": rows}).data.values()
    assert payload["errors"] == []
    return dict(payload)


def undo(ask: Ask, world: World, change_set_id: str) -> dict[str, Any]:
    return dict(ask(world.root, UNDO, {"id": change_set_id}).data["changeSetUndo"])


def statuses(payload: dict[str, Any]) -> list[str]:
    return [row["status"] for row in payload["results"]]


def test_h18_a_thousand_changes_are_taken_back_as_one(
    world: World, ask: Ask, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    codes = [f"BULK-{n}" for n in range(999)]
    bulk(ask, world, SKUS, [{"code": code, "name": "old"} for code in codes])
    before = list(Sku.objects.filter(code__in=codes).order_by("code").values("code", "name", "brand", "weight_grams", "deleted_at"))
    rows = [
        {"code": code, "name": "new", "brand": "B", "weightGrams": 5, "unitCost": {"amount": "3.5", "currency": "CNY"}} for code in codes
    ]
    changed = bulk(ask, world, SKUS, [*rows, {"code": "BAD", "weightGrams": -1}])
    assert statuses(changed).count("UPDATED") == 999
    assert [row["errors"][0]["code"] for row in changed["results"] if row["status"] == "REFUSED"] == ["invalid_value"]
    # A fixed number, but that SQLite takes a statement in batches.
    with django_assert_max_num_queries(80):
        undone = undo(ask, world, changed["changeSetId"])
    assert undone["errors"] == []
    assert statuses(undone) == ["UPDATED"] * 999
    assert undone["results"][0]["node"] == {"code": "BULK-0", "name": "old", "version": 3, "deletedAt": None}
    assert undone["changeSet"]["undoes"] == {"id": changed["changeSetId"]}
    after = Sku.objects.filter(code__in=codes).order_by("code")
    assert list(after.values("code", "name", "brand", "weight_grams", "deleted_at")) == before
    assert set(after.values_list("unit_cost_amount", "unit_cost_currency", "version")) == {(None, "", 3)}


def test_h18_what_changed_since_is_refused_alone_and_undoing_again_finishes(world: World, ask: Ask) -> None:
    bulk(ask, world, SKUS, [{"code": "A", "name": "a"}, {"code": "B", "name": "b"}])
    changed = bulk(ask, world, SKUS, [{"code": "A", "name": "a2"}, {"code": "B", "name": "b2"}])
    later = bulk(ask, world, SKUS, [{"code": "B", "name": "b3"}])
    first = undo(ask, world, changed["changeSetId"])
    assert statuses(first) == ["UPDATED", "REFUSED"]
    assert first["results"][1]["errors"] == [{"code": "changed_since", "path": ["changeSet", "rows", "1", "version"]}]
    assert first["results"][1]["node"] is None
    assert dict(Sku.objects.filter(code__in="AB").values_list("code", "name")) == {"A": "a", "B": "b3"}
    assert statuses(undo(ask, world, later["changeSetId"])) == ["UPDATED"]
    again = undo(ask, world, changed["changeSetId"])
    assert statuses(again) == ["UNCHANGED", "UPDATED"]
    assert again["changeSet"]["rowCount"] == 1
    assert dict(Sku.objects.filter(code__in="AB").values_list("code", "name")) == {"A": "a", "B": "b"}
    assert statuses(undo(ask, world, changed["changeSetId"])) == ["UNCHANGED", "UNCHANGED"]
    assert Sku.objects.get(code="A").version == 3


def test_h18_undoing_the_undoing_brings_the_change_back(world: World, ask: Ask) -> None:
    bulk(ask, world, SKUS, [{"code": "A", "name": "a"}])
    changed = bulk(ask, world, SKUS, [{"code": "A", "name": "a2", "launchedOn": "2026-01-31", "attributes": {"colour": "red"}}])
    undone = undo(ask, world, changed["changeSetId"])
    redone = undo(ask, world, undone["changeSet"]["id"])
    assert statuses(redone) == ["UPDATED"]
    sku = Sku.objects.get(code="A")
    assert (sku.name, str(sku.launched_on), sku.attributes, sku.version) == ("a2", "2026-01-31", {"colour": "red"}, 4)
    # The change stands again: it is in the way of what lies before it, and can be taken back anew.
    first = ask(world.root, LIST).data["changeSets"]["totalCount"]
    assert first == 4
    made = ChangeSet.objects.order_by("pk").values_list("pk", flat=True)[0]
    assert statuses(undo(ask, world, b64encode(f"ChangeSet:{made}".encode()).decode())) == ["REFUSED"]
    assert statuses(undo(ask, world, changed["changeSetId"])) == ["UPDATED"]
    assert Sku.objects.get(code="A").name == "a"


def test_h18_an_edit_in_between_is_never_lost(world: World, ask: Ask) -> None:
    bulk(ask, world, SKUS, [{"code": "A", "name": "a"}])
    changed = bulk(ask, world, SKUS, [{"code": "A", "name": "a2"}])
    ask(world.root, 'mutation { skuUpsert(input: {code: "A", brand: "B"}) { errors { code } } }')
    later = bulk(ask, world, SKUS, [{"code": "A", "name": "a3"}])
    assert statuses(undo(ask, world, later["changeSetId"])) == ["UPDATED"]
    refused = undo(ask, world, changed["changeSetId"])
    assert [row["errors"][0]["code"] for row in refused["results"]] == ["changed_since"]
    # What writes past the events is not overlooked either.
    again = bulk(ask, world, SKUS, [{"code": "A", "name": "a4"}])
    Sku.objects.filter(code="A").update(version=99)
    assert statuses(undo(ask, world, again["changeSetId"])) == ["REFUSED"]
    sku = Sku.objects.get(code="A")
    assert (sku.name, sku.brand, sku.version) == ("a4", "B", 99)


def test_h18_a_write_past_the_events_is_seen_behind_a_later_undoing(world: World, ask: Ask) -> None:
    changed = bulk(ask, world, SKUS, [{"code": "A", "name": "a"}])
    later = bulk(ask, world, SKUS, [{"code": "A", "name": "a2"}])
    assert statuses(undo(ask, world, later["changeSetId"])) == ["UPDATED"]
    Sku.objects.filter(code="A").update(brand="B", version=99)
    assert statuses(undo(ask, world, changed["changeSetId"])) == ["REFUSED"]
    assert Sku.objects.get(code="A").brand == "B"


def test_h18_what_was_made_is_deleted_again_unless_it_holds_stock(world: World, ask: Ask) -> None:
    made = bulk(ask, world, SKUS, [{"code": "EMPTY"}, {"code": "FULL"}])
    Balance.objects.create(sku=Sku.objects.get(code="FULL"), warehouse=world.mine.warehouse, bucket_id="available", qty=1)
    undone = undo(ask, world, made["changeSetId"])
    assert statuses(undone) == ["UPDATED", "REFUSED"]
    assert undone["results"][1]["errors"][0]["code"] == "stock_left"
    assert Sku.objects.get(code="EMPTY").deleted_at is not None
    assert Sku.objects.get(code="FULL").deleted_at is None


def test_h18_parts_of_bundles_and_of_offers_come_back(world: World, ask: Ask) -> None:
    bulk(ask, world, SKUS, [{"code": "TEA"}, {"code": "CUP"}, {"code": "SET", "components": [{"sku": "TEA", "qty": 2}]}])
    changed = bulk(ask, world, SKUS, [{"code": "SET", "components": [{"sku": "CUP", "qty": 1}, {"sku": "TEA", "qty": 1}]}])
    assert statuses(undo(ask, world, changed["changeSetId"])) == ["UPDATED"]
    assert list(BundleComponent.objects.filter(bundle__code="SET").values_list("component__code", "qty")) == [("TEA", 2)]

    supplier = world.supplier.code
    terms = {"supplier": supplier, "sku": "TEA", "unitPriceAmount": "9.5"}
    breaks, legs = [{"minQty": 10, "unitPriceAmount": "9.123456"}], [{"name": "sea", "days": "30", "sdDays": "2.5"}]
    bulk(ask, world, OFFERS, [terms | {"priceBreaks": breaks, "legs": legs}])
    changed = bulk(ask, world, OFFERS, [terms | {"unitPriceAmount": "8", "priceBreaks": None, "legs": None, "validFrom": "2026-05-01"}])
    assert statuses(undo(ask, world, changed["changeSetId"])) == ["UPDATED"]
    offer = Offer.objects.get(sku__code="TEA")
    assert (str(offer.unit_price_amount), offer.valid_from) == ("9.5", None)
    assert [(b.min_qty, str(b.unit_price_amount)) for b in PriceBreak.objects.filter(offer=offer)] == [(10, "9.123456")]
    assert list(LeadTimeLeg.objects.filter(offer=offer).values_list("position", "name", "days", "sd_days")) == [(1, "sea", 30.0, 2.5)]


def test_h18_a_change_set_of_nothing_and_one_of_warehouses(world: World, ask: Ask) -> None:
    bulk(ask, world, SKUS, [{"code": "A", "name": "a"}])
    assert bulk(ask, world, SKUS, [{"code": "A", "name": "a"}])["changeSetId"] is None
    changed = bulk(ask, world, WAREHOUSES, [{"code": "W9", "capacityUnits": 100, "ledgerStartsAt": "2026-01-01T00:00:00Z"}])
    assert statuses(undo(ask, world, changed["changeSetId"])) == ["UPDATED"]
    assert Warehouse.objects.get(code="W9").deleted_at is not None
    listed = ask(world.root, LIST).data["changeSets"]
    assert [(e["node"]["entity"], e["node"]["rowCount"], e["node"]["undoneCount"]) for e in listed["edges"]] == [
        ("catalog.warehouse", 1, 0),
        ("catalog.warehouse", 1, 1),
        ("catalog.sku", 1, 0),
    ]


def test_i4_nobody_undoes_what_is_not_his(world: World, ask: Ask) -> None:
    changed = bulk(ask, world, SKUS, [{"code": "A", "name": "a"}])
    events = Event.objects.count()
    refused = ask(world.me, UNDO, {"id": changed["changeSetId"]})
    payload = refused.body["data"] and refused.body["data"]["changeSetUndo"]
    assert payload is None or payload["errors"][0]["code"] == "not_found"
    assert ask(None, UNDO, {"id": changed["changeSetId"]}).body["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert undo(ask, world, "Q2hhbmdlU2V0Ojk5OTk5OQ==")["errors"] == [{"code": "not_found", "path": ["input", "changeSetId"]}]
    assert (Event.objects.count(), ChangeSet.objects.count(), Sku.objects.get(code="A").deleted_at) == (events, 1, None)
