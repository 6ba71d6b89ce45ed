"""Lists: in a stable order, every row once, and no more than asked for, whatever the arguments hold."""

from __future__ import annotations

import datetime as dt
from base64 import urlsafe_b64encode
from decimal import Decimal

import pytest

from stockhub.alerts.models import Alert
from stockhub.catalog.models import Sku, StockPool
from tests.graphql.shop import NOW, Ask, World

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SKUS = "query ($first: Int!, $after: String, $offset: Int) { skus(first: $first, after: $after, offset: $offset) { edges { node { code } } pageInfo { endCursor hasNextPage } } }"  # noqa: E501
ALERTS = "query ($after: String, $orderBy: AlertOrder!) { alerts(first: 3, after: $after, orderBy: $orderBy) { edges { node { subject } } pageInfo { endCursor hasNextPage } } }"  # noqa: E501


def test_a_cursor_walks_every_row_once_although_rows_come_and_go(world: World, ask: Ask) -> None:
    for n in range(7):
        Sku.objects.create(code=f"T{n}")
    seen, after = [], None
    while True:
        page = ask(world.me, SKUS, {"first": 4, "after": after}).data["skus"]
        seen += [e["node"]["code"] for e in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
        Sku.objects.get_or_create(code="A-new, before everything")
        Sku.objects.filter(code="SET").delete()
    assert seen == ["SET", "SKU-001", "T0", "T1", "T2", "T3", "T4", "T5", "T6"]


def test_alerts_without_money_and_of_equal_money_are_each_given_once(world: World, ask: Ask) -> None:
    for n, amount in enumerate([None, None, Decimal(0), Decimal(5000), Decimal(5000), None]):
        pool = StockPool.objects.create(code=f"p{n}", name="p")
        Alert.objects.create(
            kind="x",
            subject=f"s{n}",
            sku=world.sku,
            pool=pool,
            side="excess",
            level=1,
            money_amount=amount,
            opened_at=NOW - dt.timedelta(hours=n),
        )
    for order, expected in {
        "MONEY": ["s3", "s4", f"{world.sku.pk}:{world.mine.pool.pk}", f"{world.sku.pk}:{world.theirs.pool.pk}", "s2", "s0", "s1", "s5"],
        "LATEST": [f"{world.sku.pk}:{world.mine.pool.pk}", f"{world.sku.pk}:{world.theirs.pool.pk}", "s0", "s1", "s2", "s3", "s4", "s5"],
    }.items():
        seen, after = [], None
        for _ in range(3):
            page = ask(world.root, ALERTS, {"after": after, "orderBy": order}).data["alerts"]
            seen += [e["node"]["subject"] for e in page["edges"]]
            after = page["pageInfo"]["endCursor"]
        assert sorted(seen) == sorted(expected)
        if order == "MONEY":
            assert seen == expected
        assert page["pageInfo"]["hasNextPage"] is False


def test_offsets_serve_grids_and_have_an_end(world: World, ask: Ask) -> None:
    page = ask(world.me, SKUS, {"first": 1, "offset": 1}).data["skus"]
    assert page["edges"] == [{"node": {"code": "SKU-001"}}]
    for wrong in (
        {"first": 101},
        {"first": -1},
        {"first": 1, "offset": 10_001},
        {"first": 1, "offset": -1},
        {"first": 1, "offset": 1, "after": "x"},
    ):
        assert ask(world.me, SKUS, wrong).codes == ["BAD_USER_INPUT"], wrong


def cursor(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


def test_a_cursor_that_is_none_is_refused_and_never_reaches_the_database(world: World, ask: Ask) -> None:
    end = ask(world.me, ALERTS, {"orderBy": "MONEY"}).data["alerts"]["pageInfo"]["endCursor"]
    assert ask(world.me, ALERTS, {"orderBy": "LATEST", "after": end}).codes == ["BAD_USER_INPUT"]
    good = '[["code","pk"],["A",%s]]'
    for bad in (
        "", "x", "\u00e9", cursor("[]"), cursor("{}"), cursor("7"), cursor("[" * 5000), cursor('[["code"],["A"]]'),
        cursor('[["code","pk"],["A"]]'),
        cursor(good % "null"), cursor(good % "[1]"), cursor(good % "99999999999999999999"), cursor(good % '"x"'), cursor(good % "1.5"),
        cursor('[["code","pk"],["A\\u0000",1]]'), cursor('[["code","pk"],["\\ud800",1]]'), cursor('[["code","pk"],[{"a":1},1]]'),
    ):  # fmt: skip
        assert ask(world.me, SKUS, {"first": 1, "after": bad}).codes == ["BAD_USER_INPUT"], bad
        assert ask(world.me, "query ($after: String) { changes(after: $after) { edges { cursor } } }", {"after": bad}).codes == [
            "BAD_USER_INPUT"
        ]


def test_a_search_for_a_novel_is_refused(world: World, ask: Ask) -> None:
    """SQLite's own refusal of a long pattern would look like a database that is away."""
    assert ask(world.me, "query ($v: String!) { skus(search: $v) { totalCount } }", {"v": "%_" * 100_000}).codes == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    "value", ["' OR 1=1 --", "%", "_", "\\", "\u0130\u0130", "a" * 200, "", "[", "*", "SKU-001'; DROP TABLE catalog_sku; --"]
)
def test_filters_take_any_text_and_never_give_more_rows(world: World, ask: Ask, value: str) -> None:
    query = """query ($v: String!, $vs: [String!]) {
        skus(codes: $vs, search: $v, stage: $v, category: $v) { totalCount } alerts(kinds: $vs, skus: $vs, pool: $v) { totalCount }
        stockDisputes(skus: $vs, warehouse: $v) { totalCount } movements(reference: $v) { totalCount } listings(account: $v) { totalCount }
        offers(supplier: $v) { totalCount } cycles(name: $v) { totalCount } skuByCode(code: $v) { code }
        skuByExternalRef(system: $v, id: $v) { code } }"""
    data = ask(world.me, query, {"v": value, "vs": [value]}).data
    fields = ("skus", "alerts", "stockDisputes", "listings", "offers", "cycles")
    assert {field: data[field]["totalCount"] for field in fields} == dict.fromkeys(fields, 0)
    # What is asked of stock is refused by its name, because nothing there would read as no stock.
    stock = ask(
        world.me, "query ($v: String!, $vs: [String!]) { balances(skus: $vs, warehouse: $v) { totalCount } }", {"v": value, "vs": [value]}
    )
    assert [error["extensions"]["reason"] for error in stock.body["errors"]] == ["unknown_sku"]
    assert (data["skuByCode"], data["skuByExternalRef"]) == (None, None)
    assert Sku.objects.count() == 2


def test_instants_and_numbers_out_of_range_are_refused(world: World, ask: Ask) -> None:
    query = "query ($at: DateTime) { skus(updatedSince: $at) { totalCount } }"
    wrong: list[object] = ["2025-06-18", "2025-06-18T04:00:00", "0001-01-01T00:00:00+14:00", "x", 7, ""]
    for bad in wrong:
        assert ask(world.me, query, {"at": bad}).codes == ["GRAPHQL_VALIDATION_FAILED"], bad
    assert ask(world.me, query, {"at": "2100-01-01T00:00:00+08:00"}).data == {"skus": {"totalCount": 0}}
    assert ask(world.me, "{ alerts(minLevel: 99999999999) { totalCount } }").codes == ["GRAPHQL_VALIDATION_FAILED"]
    assert ask(world.me, "{ alerts(minLevel: 2147483647) { totalCount } }").data == {"alerts": {"totalCount": 0}}
    money = 'mutation ($a: Decimal!) { skuUpsert(input: {code: "M", price: {amount: $a, currency: "CNY"}}) { errors { code } } }'
    wrong = ["NaN", "Infinity", "1e999999", "", "1,5", 1.5, "9" * 30]
    for bad in wrong:
        assert ask(world.me, money, {"a": bad}).codes == ["GRAPHQL_VALIDATION_FAILED"], bad
    assert not Sku.objects.filter(code="M").exists()
