"""The pages of an ERP: the committed operations give what is there, in a number of queries that does not grow with the rows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.access.models import User
from stockhub.catalog.models import Category, Product, Sku
from stockhub.outbox.models import Delivery, Event
from stockhub.outbox.services import emit_event
from stockhub.values import Explanation
from tests.graphql.shop import DAY, NOW, Ask, World, make_offer, make_sku, shortage_tree, stock_and_sell

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
OPERATIONS = Path(__file__).resolve().parents[2] / "frontend_schema" / "operations"


def operation(name: str) -> str:
    return (OPERATIONS / f"{name}.graphql").read_text(encoding="utf-8")


def named(name: str, which: str, ask: Ask, user: User, variables: dict[str, Any], **headers: str) -> dict[str, Any]:
    """Runs one operation of a file that may hold several."""
    text = operation(name)
    start = text.index(f"query {which}")
    return ask(user, text[: text.index("query ")] + text[start:].split("\n# ")[0], variables, **headers).data


def test_the_sku_page_shows_everything_about_a_sku(world: World, ask: Ask) -> None:
    data = ask(world.me, operation("sku"), {"code": "SKU-001"}).data
    sku = data["skuByCode"]
    assert sku["stage"] == {"slug": "growth", "label": "Growth"}
    assert sku["unitCost"] == {"amount": "12.345678", "currency": "CNY"}
    assert sku["price"] == {"amount": "99.9", "currency": "CNY"}
    assert sku["externalRefs"] == [{"system": "erp", "id": "90071992547409931"}]
    assert [(b["qty"], b["bucket"]["slug"], b["warehouse"]["code"]) for b in sku["balances"]] == [
        (50, "available", "mine-wh"),
        (3, "reserved", "mine-wh"),
    ]
    assert sku["offers"][0]["legs"] == [{"name": "production", "days": "20"}]
    assert sku["listingComponents"][0]["listing"]["account"] == {"code": "mine-shop"}
    assert sku["sales"][0]["daily"] == {"from": "2025-06-18", "step": "P1D", "zone": "Asia/Shanghai", "values": ["1", "0", "2.5"]}
    assert sku["forecasts"][0]["mean"]["values"] == ["0.1", "0.2"]
    assert [q["level"] for q in sku["forecasts"][0]["quantiles"]] == ["0.5", "0.9"]
    assert [q["series"]["values"] for q in sku["forecasts"][0]["quantiles"]] == [["0", "0"], ["1", "1"]]
    assert sku["lots"] == [{"code": "OPEN", "receivedOn": "2025-06-18", "expiresOn": None, "remainingQty": 53, "grade": "NEW"}]
    assert [e["node"]["kind"]["slug"] for e in data["alerts"]["edges"]] == ["shortage"]


def test_labels_follow_accept_language(world: World, ask: Ask) -> None:
    query = '{ skuByCode(code: "SKU-001") { stage { slug label } balances { bucket { slug label } } } }'
    sku = ask(world.me, query, accept_language="zh-CN").data["skuByCode"]
    assert sku["stage"] == {"slug": "growth", "label": "成长期"}
    assert sku["balances"][0]["bucket"] == {"slug": "available", "label": "可售"}


def test_the_stock_page_counts_only_where_it_is_asked(world: World, ask: Ask) -> None:
    page = named("stock", "StockPage", ask, world.me, {"first": 1})["skus"]
    assert page["totalCount"] == 2
    assert page["pageInfo"]["hasNextPage"] is True
    with CaptureQueriesContext(connection) as queries:
        ask(world.me, "{ skus(first: 1) { edges { node { code } } } }")
    assert not [q for q in queries if "COUNT(" in q["sql"].upper()]
    with CaptureQueriesContext(connection) as queries:
        assert ask(world.me, "{ skus { totalCount } }").data == {"skus": {"totalCount": 2}}
    assert len([q for q in queries if "catalog_sku" in q["sql"]]) == 1


def test_the_today_page_shows_money_and_the_age_of_its_feeds(world: World, ask: Ask) -> None:
    today = ask(world.me, operation("today")).data["today"]
    assert (today["day"], today["dayZone"], today["asOf"]) == ("2025-06-18", "Asia/Shanghai", "2025-06-18T05:00:00Z")
    assert today["shortage"]["totalCount"] == 1
    assert today["shortage"]["money"] == {"amount": "4800.5", "currency": "CNY"}
    [line] = today["shortage"]["lines"]
    assert line["rank"] == 1
    assert line["money"] == {"value": "4800.5", "unit": "CNY", "reason": None, "asOf": "2025-06-18T04:00:00Z"}
    assert line["alert"]["sku"]["code"] == "SKU-001"
    assert today["excess"] == {"totalCount": 0, "money": {"amount": "0", "currency": "CNY"}, "lines": []}
    [feed] = today["feeds"]
    assert (feed["account"]["code"], feed["kind"], feed["age"]["value"]) == ("mine-shop", "orders", "1")


def evaluated(nodes: list[dict[str, Any]]) -> float | None:
    """The value of an explanation, from the JSON alone: front to back, no recursion."""
    values: list[float | None] = []
    for node in nodes:
        args = [values[i] for i in node["args"]]
        if node["op"] in ("input", "constant"):
            values.append(None if node["value"] is None else float(node["value"]))
        elif node["op"] == "where":
            values.append(None if args[0] is None else args[1] if args[0] else args[2])
        else:
            values.append(Explanation.apply(node["op"], *(Explanation.input("x", a) for a in args)).value)
    return values[-1]


def test_n4_evaluating_the_explanation_gives_the_value(world: World, ask: Ask) -> None:
    from base64 import b64encode

    alert_id = b64encode(f"Alert:{world.mine.alert.pk}".encode()).decode()
    alert = ask(world.me, operation("alert"), {"id": alert_id}).data["alert"]
    value = alert["value"]
    assert value["value"] == "100"
    assert value["explain"]["value"] == "100"
    nodes = value["explain"]["nodes"]
    assert [n["id"] for n in nodes] == list(range(len(nodes)))
    assert all(arg < n["id"] for n in nodes for arg in n["args"])
    assert evaluated(nodes) == 100.0
    assert [(n["op"], n["name"], n["label"], n["value"], n["source"]) for n in nodes if n["op"] == "input"] == [
        ("input", "demand_qty", "Demand", "120", "forecast"),
        ("input", "safety_qty", None, "30", "rule"),
        ("input", "position_qty", None, "50", "ledger"),
    ]
    assert value["explain"]["text"] == "shortage = Demand + safety qty − position qty = 120 + 30 − 50 = 100 unit"
    assert alert["money"]["explain"] is None
    assert alert["dueInDays"] == {"value": None, "unit": "day", "reason": "NO_DUE_DAY", "asOf": "2025-06-18T04:00:00Z", "explain": None}
    assert alert["suggestedQty"]["value"] == "200"


def test_h69_history_and_handling_times_are_on_the_alert(world: World, ask: Ask) -> None:
    alert = world.mine.alert
    alert.acknowledged_at = alert.opened_at + dt.timedelta(seconds=90)
    alert.resolved_at = alert.opened_at + dt.timedelta(hours=2)
    alert.status = "resolved"
    alert.save()
    query = "{ alerts(status: [RESOLVED]) { edges { node { timeToAcknowledge timeToResolve history { what level actor } } } } }"
    [edge] = ask(world.me, query).data["alerts"]["edges"]
    assert edge["node"]["timeToAcknowledge"] == 90
    assert edge["node"]["timeToResolve"] == 7200
    assert edge["node"]["history"] == [{"what": "opened", "level": 3, "actor": "cycle:warnings"}]


def grow(world: World, number: int) -> None:
    """More of everything that a page lists."""
    category, product = Category.objects.get(code="caps"), Product.objects.get(code="CAP")
    template = world.mine.alert.template
    for n in range(number):
        sku = make_sku(100 + n, category, product)
        make_offer(world.supplier, sku)
        stock_and_sell(sku, world.mine.account, world.mine.warehouse, world.mine.pool)
        alert = type(world.mine.alert)(
            kind="shortage", subject=f"{sku.pk}:1", sku=sku, pool=world.mine.pool, side="shortage", level=2, value=1.0, unit="unit",
            money_amount=Decimal(n), template=template, inputs={"demand_qty": 1.0}, due_on=DAY,
        )  # fmt: skip
        alert.save()


TODAY_WITH_STOCK = """{ today { shortage { lines { headline also { id } alert { history { what } sku { stage { label } externalRefs { id }
  balances { qty warehouse { code } } offers { supplier { code } } } pool { code } value { explain { nodes { id } } } } } } } }"""
LISTS = {
    "stock": operation("stock").split("# What an ERP polls", maxsplit=1)[0],
    "today": operation("today"),
    "today with stock": TODAY_WITH_STOCK,
    "alerts": """{ alerts(first: 100) { edges { node { id kind { label } headline owner { name }
        sku { code stage { label } externalRefs { id } } pool { code warehouses { code } } history { what }
        value { value explain { text nodes { id } } } money { value } dueInDays { value }
        suggestedQty { value explain { value } } } } } }""",
    "balances": """{ balances(first: 100) { edges { node { qty bucket { label } sku { code category { code } }
        warehouse { code kind } } } } }""",
    "movements": """{ movements(first: 100) { edges { node { qty kind fromBucket { slug } toBucket { slug } sku { code }
        warehouse { code } } } } }""",
    "lots": "{ lots(first: 100) { edges { node { code sku { code } warehouse { code } } } } }",
    "offers": """{ offers(first: 100) { edges { node { sku { code product { code } } supplier { code } pool { code } priceBreaks { minQty }
        legs { days } } } } }""",
    "listings": """{ listings(first: 100) { edges { node { code account { code feeds { kind age { value } } }
        components { qty sku { code } } } } } }""",
    "sales": "{ allSalesSeries(first: 100) { edges { node { sku { code } account { code } daily { values } } } } }",
    "forecasts": """{ forecasts(first: 100) { edges { node { sku { code } pool { code } mean { zone values } quantiles { level }
        baseMean { values } isNew dayLabels { values } reasons { code label factor } } } } }""",
    "plans": """{ plannedEvents(first: 100) { edges { node { code account { code } pool { code } sku { code } category { code } } } }
        forecastAdjustments(first: 100) { edges { node { code account { code } pool { code } sku { code } } } }
        marketSignals(first: 100) { edges { node { code account { code } pool { code } sku { code } } } }
        dayMarks(first: 100) { edges { node { code account { code } pool { code } sku { code } category { code } } } }
        launchAnalogues(first: 100) { edges { node { scale sku { code } likeSku { code } } } } }""",
}


@pytest.mark.one_database
@pytest.mark.parametrize("name", LISTS)
def test_lists_take_as_many_queries_for_thirty_rows_as_for_one(world: World, ask: Ask, name: str) -> None:
    query = LISTS[name]
    ask(world.me, query)  # fills the caches that live longer than a request
    with CaptureQueriesContext(connection) as few:
        before = ask(world.me, query).data
    grow(world, 15)
    with CaptureQueriesContext(connection) as many:
        after = ask(world.me, query).data
    assert len(str(after)) > 5 * len(str(before))
    assert len(many) == len(few), "\n".join(q["sql"][:400] for q in many)


def test_series_are_cut_to_the_latest_days(world: World, ask: Ask) -> None:
    query = 'query ($n: Int!) { salesSeries(sku: "SKU-001", account: "mine-shop") { daily(lastDays: $n) { from values } } }'
    assert ask(world.me, query, {"n": 2}).data["salesSeries"]["daily"] == {"from": "2025-06-19", "values": ["0", "2.5"]}
    assert ask(world.me, query, {"n": 0}).codes == ["BAD_USER_INPUT"]


def test_deleted_objects_are_tombstones(world: World, ask: Ask) -> None:
    Sku.objects.filter(pk=world.sku.pk).update(deleted_at=dt.datetime(2025, 6, 18, tzinfo=dt.UTC))
    assert [e["node"]["code"] for e in ask(world.me, "{ skus { edges { node { code } } } }").data["skus"]["edges"]] == ["SET"]
    shown = ask(world.me, "{ skus(includeDeleted: true) { edges { node { code deletedAt } } } }").data["skus"]["edges"]
    assert shown[1]["node"] == {"code": "SKU-001", "deletedAt": "2025-06-18T00:00:00Z"}


def test_changes_give_every_event_once_and_a_cursor_that_never_goes_back(world: World, ask: Ask) -> None:
    for n in range(3):
        emit_event("catalog.sku_changed.v1", entity="catalog.sku", entity_id=world.sku.pk, payload={"n": n})
    emit_event(
        "inventory.stock_changed.v1", entity="inventory.stock", entity_id=None, payload={"warehouse_ids": [world.theirs.warehouse.pk]}
    )
    seen, after = [], None
    for _ in range(3):
        data = named("stock", "ChangesSince", ask, world.me, {"first": 2, "after": after})["changes"]
        seen += [e["node"]["entityId"] for e in data["edges"]]
        after = data["pageInfo"]["endCursor"]
    assert seen == [str(world.sku.pk)] * 3
    emit_event("channels.account_changed.v1", entity="channels.account", entity_id=world.mine.account.pk, payload={})
    data = named("stock", "ChangesSince", ask, world.me, {"first": 2, "after": after})["changes"]
    assert [e["node"]["entity"] for e in data["edges"]] == ["channels.account"]


def test_changes_wait_for_events_that_a_running_transaction_may_yet_commit(world: World, ask: Ask) -> None:
    query = "query ($after: String) { changes(after: $after) { edges { node { entityId } } pageInfo { endCursor hasNextPage } } }"

    def record(pk: int, at: dt.datetime) -> None:
        Event.objects.create(pk=pk, kind="catalog.sku_changed.v1", entity="catalog.sku", entity_id=pk, actor="x", recorded_at=at)

    def told(after: str | None = None) -> tuple[list[str], str]:
        data = ask(world.root, query, {"after": after}).data["changes"]
        return [e["node"]["entityId"] for e in data["edges"]], data["pageInfo"]["endCursor"]

    Delivery.objects.all().delete()
    Event.objects.all().delete()
    now = NOW + dt.timedelta(hours=1)
    record(1001, now)
    record(1003, now)  # 1002 is taken by a transaction that has not committed yet
    seen, cursor = told()
    assert seen == ["1001"]
    assert told(cursor)[0] == []
    record(1002, now)
    assert told(cursor)[0] == ["1002", "1003"]
    record(1005, now - dt.timedelta(minutes=5))  # 1004 was rolled back long ago
    assert told(cursor)[0] == ["1002", "1003", "1005"]


@pytest.mark.usefixtures("world")
def test_the_tree_of_the_tests_gives_what_the_alert_says() -> None:
    assert shortage_tree().fill({"demand_qty": 120.0, "safety_qty": 30.0, "position_qty": 50.0}).value == 100.0
