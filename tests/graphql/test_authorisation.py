"""Who may ask for what: nobody, a user without permissions, and a user of another shop, over every field of the schema."""

from __future__ import annotations

import datetime as dt
from base64 import b64encode
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Model
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    get_named_type,
)
from graphql.pyutils import Undefined

from stockhub.access.models import ApiToken
from stockhub.alerts.models import Incident
from stockhub.graphql.nodes import NODE_TYPES, model_of
from stockhub.graphql.permissions import PUBLIC, TYPE_PERMISSIONS, Authorisation
from stockhub.graphql.schema import schema
from tests.graphql.shop import NOW, Ask, Shop, World

pytestmark = [pytest.mark.django_db]
GRAPH = schema._schema
DEPTH = 4
#: A request may ask for a thousand fields.
MOST_WORDS = 1_000


def roots(name: str) -> dict[str, GraphQLField]:
    kind = GRAPH.type_map[name]
    assert isinstance(kind, GraphQLObjectType)
    return dict(kind.fields)


QUERIES = {name: field for name, field in roots("Query").items() if name not in PUBLIC}
MUTATIONS = roots("Mutation")


def node_id(row: Model) -> str:
    name = next(name for name, kind in NODE_TYPES.items() if model_of(kind) is type(row))
    return b64encode(f"{name}:{row.pk}".encode()).decode()


def literal(name: str, kind: GraphQLInputType, known: dict[str, str]) -> str:
    """A value for an argument: what is known by its name, else something of its type."""
    if name in known and not isinstance(get_named_type(kind), GraphQLEnumType):
        return f"[{known[name]}]" if isinstance(kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList) else known[name]
    if isinstance(kind, GraphQLNonNull):
        return literal(name, kind.of_type, known)
    if isinstance(kind, GraphQLList):
        return f"[{literal(name, kind.of_type, known)}]"
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        needed = {
            n: f for n, f in kind.fields.items() if n in known or (isinstance(f.type, GraphQLNonNull) and f.default_value is Undefined)
        }
        return "{" + ", ".join(f"{n}: {literal(n, f.type, known)}" for n, f in needed.items()) + "}"
    samples = {
        "Int": "1",
        "Quantity": "1",
        "Boolean": "true",
        "Decimal": '"1"',
        "Date": '"2025-06-18"',
        "DateTime": '"2035-06-18T04:00:00Z"',
    }
    return samples.get(str(kind), '"x"')


def arguments(field: GraphQLField, known: dict[str, str]) -> str:
    def is_given(name: str, arg: GraphQLArgument) -> bool:
        return name in known or (isinstance(arg.type, GraphQLNonNull) and arg.default_value is Undefined)

    given = [f"{name}: {literal(name, arg.type, known)}" for name, arg in field.args.items() if is_given(name, arg)]
    return f"({', '.join(given)})" if given else ""


def selection(kind: GraphQLOutputType, depth: int = DEPTH, seen: tuple[str, ...] = ()) -> str:
    """Everything that a type has, some levels deep."""
    named = get_named_type(kind)
    if not hasattr(named, "fields") or isinstance(named, GraphQLEnumType):
        return ""
    parts = []
    for name, field in named.fields.items():
        target = get_named_type(field.type)
        if not hasattr(target, "fields") or isinstance(target, GraphQLEnumType):
            parts.append(name)
        elif depth > 0 and target.name not in seen:
            parts.append(name + selection(target, depth - 1, (*seen, named.name)))
    return " { __typename " + " ".join(parts) + " }"


def whole(kind: GraphQLOutputType) -> str:
    """Everything that a type has, as deep as one request may ask: a field takes about a word."""
    deep = selection(kind)
    return deep if len(deep.split()) < MOST_WORDS else selection(kind, DEPTH - 1)


def known_of(world: World, shop: Shop) -> dict[str, str]:
    """Arguments that name things of one shop."""
    return {
        "id": f'"{node_id(shop.alert)}"',
        "ids": f'"{node_id(shop.alert)}"',
        "account": f'"{shop.account.code}"',
        "warehouse": f'"{shop.warehouse.code}"',
        "pool": f'"{shop.pool.code}"',
        "sku": '"SKU-001"',
        "skus": '"SKU-001"',
        "supplier": '"S1"',
        "bucket": '"available"',
        "key": f'"{shop.movement.key}"',
        "subject": f'"{shop.alert.subject}"',
        "kind": '"shortage"',
        "system": '"erp"',
        "toBucket": '"available"',
        "reason": '"x"',
        "resolution": '"x"',
        "idempotencyKey": '"matrix"',
        "name": '"warnings"',
        "slotAt": '"2025-06-18T04:00:00Z"',
        "untilAt": '"2035-01-01T00:00:00Z"',
    }


def contents() -> dict[str, list[str]]:
    """Every row of every table of ours, as the database gives it: the ORM takes ten times as long."""
    ours = [m for m in apps.get_models() if m.__module__.startswith("stockhub") and m._meta.managed]
    found = {}
    with connection.cursor() as cursor:
        for model in ours:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608 - own names
            found[model._meta.label] = sorted(str(row) for row in cursor.fetchall())
    return found


def documents(world: World, shop: Shop) -> Iterator[tuple[str, str]]:
    known = known_of(world, shop)
    named = {
        "liveRooms": {"since": f'"{NOW.isoformat()}"'},
        "platformShipment": {"externalId": '"F1"'},
        "settledCharge": {"externalId": '"T1"'},
        "listingTraffic": {"code": f'"{shop.listing.code}"', "codeKind": '"sku_id"'},
        "effectiveRuleParameters": {"rule": '"shortage"'},
        "push": {"key": f'"key-{shop.account.code}"'},
        "stockRule": {"listing": f'"{shop.listing.code}"'},
        "kpiChange": {"kpi": '"fill_rate"', "code": f'"{shop.pool.code}"'},
    }
    for name, field in QUERIES.items():
        mine = known | named.get(name, {})
        if name == "lot":
            mine = {**known, "code": '"OPEN"'}
        elif name == "incident":
            mine = {**known, "id": f'"{node_id(Incident.objects.get(alerts=shop.alert))}"'}
        elif name in ("feed", "listing"):
            mine = {**known, "kind": '"orders"' if name == "feed" else '"sku_id"', "code": f'"{shop.listing.code}"'}
        elif name.endswith("ByCode"):
            codes = {
                "account": shop.account.code,
                "warehouse": shop.warehouse.code,
                "stockPool": shop.pool.code,
                "transfer": shop.transfer.code,
                "contingencyPlan": f"{shop.account.code}-typhoon",
                "plannedEvent": f"{shop.account.code}-plan",
                "forecastAdjustment": f"{shop.account.code}-factor",
                "dayMark": f"{shop.account.code}-mark",
                "marketSignal": f"{shop.account.code}-signal",
            }
            mine = {**known, "code": f'"{codes.get(name.removesuffix("ByCode"), "SKU-001")}"'}
        yield name, f"query {{ {name}{arguments(field, mine)}{whole(field.type)} }}"
    for name, field in MUTATIONS.items():
        mine = {**known, "kind": '"sku_id"', "code": f'"{shop.listing.code}"'} if name == "listingLink" else known
        if name == "ordersSubmit":
            mine = {key: value for key, value in known.items() if key != "kind"}  # there it is of an order, and an enum
        if name == "incidentStepSubmit":
            mine = {**known, "id": f'"{node_id(Incident.objects.get(alerts=shop.alert))}"'}
        if name.startswith("warehouse"):
            mine = {"code": f'"{shop.warehouse.code}"'}
        mine = {"code": '"SKU-001"', **mine}
        yield name, f"mutation {{ {name}{arguments(field, mine)}{selection(field.type, 2)} }}"


def test_every_field_refuses_nobody_and_changes_nothing(world: World, ask: Ask) -> None:
    ask(None, "{ service { name } }")
    before = contents()
    for name, document in documents(world, world.mine):
        answer = ask(None, document)
        assert (answer.status, answer.body["data"], answer.codes) == (401, None, ["UNAUTHENTICATED"]), name
        assert answer.body["errors"][0]["extensions"]["correlationId"]
    assert contents() == before


def test_every_field_refuses_a_user_without_permissions_and_changes_nothing(world: World, ask: Ask) -> None:
    ask(world.powerless, "{ service { name } }")  # logs in
    before = contents()
    for name, document in documents(world, world.mine):
        answer = ask(world.powerless, document)
        assert (answer.status, answer.codes) == (200, ["FORBIDDEN"]), name
        assert answer.body["data"] in (None, {name: None})
    assert contents() == before


def test_i4_another_shops_user_gets_nothing_of_a_shop_and_changes_nothing(world: World, ask: Ask) -> None:
    ask(world.other, "{ service { name } }")  # logs in
    before = contents()
    private = (
        "mine-shop",
        "mine-wh",
        "mine-pool",
        # Between quotes, because a time of day can hold the same digits.
        f"'{world.sku.pk}:{world.mine.pool.pk}'",
        node_id(world.mine.alert),
        node_id(world.mine.balance),
    )
    shared = {"skuUpsert", "skusUpsert", "supplierUpsert", "suppliersUpsert", "launchAnalogueUpsert", "launchAnalogueCancel", "cycleRun"}
    for name, document in documents(world, world.mine):
        if name in shared:
            continue  # the company's, not a shop's
        if name == "ruleParametersCreate":
            continue  # refuses row by row, as its own tests show
        answer = ask(world.other, document)
        if name in MUTATIONS:  # their errors repeat what was sent
            told = answer.body["data"] and answer.data[name]
            assert not told or told["errors"] or all(row["errors"] for row in told["results"]), name
        elif (errors := answer.body.get("errors")) is not None:  # they too
            assert answer.body["data"] is None, name
            assert [error["extensions"]["reason"] for error in errors] in (["unknown_warehouse"], ["unknown_pool"], ["not_found"]), name
        else:
            assert not [text for text in private if text in str(answer.data)], name
    assert contents() == before


ASKED_FOR_WRONGLY = {
    "categoryByCode", "categoryStage", "changeSets", "changes", "cycle", "endpoint", "offer", "openAlert",
    "pluginBySlug", "productByCode", "provider",
    "quarantinedRecord", "skuByExternalRef", "stockVariance", "supplierByCode",
    # Shown to those who see all accounts.
    "skuLifeCurve", "skuSeasonIndex", "categorySeasonIndex",
    # Shown to those who see both of its pools; it has facts and tests of its own.
    "imbalances",
    # Those of a SKU are asked for; the shop has one of its pool.
    "ruleParameters",
}  # fmt: skip


def test_a_user_of_the_shop_gets_what_is_its_own(world: World, ask: Ask) -> None:
    """The same documents that find nothing for the other do find something for him, so that the tests above test something."""
    empty = []
    for name, document in documents(world, world.mine):
        if name in MUTATIONS:
            continue
        answer = ask(world.me, document)
        data = answer.data[name]
        if data is None or data == [None] or (isinstance(data, dict) and data.get("edges") == []):
            empty.append(name)
    # These are asked for by codes of other kinds of things.
    assert set(empty) <= ASKED_FOR_WRONGLY


def test_nodes_are_found_by_those_who_see_them_only(world: World, ask: Ask) -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    shops = (world.mine, world.theirs)
    ids = [
        node_id(row)
        for shop in shops
        for row in (shop.account, shop.warehouse, shop.pool, shop.listing, shop.alert, shop.movement, shop.balance)
    ]
    shown = ask(world.me, query, {"ids": ids}).data["nodes"]
    assert [node and node["id"] for node in shown] == [*ids[:7], *[None] * 7]
    assert ask(world.powerless, query, {"ids": ids}).codes == ["FORBIDDEN"]
    for bad in ("", "x", b64encode(b"Sku:-1").decode(), b64encode(b"Sku:99999999999999999999").decode(), b64encode(b"User:1").decode()):
        assert ask(world.root, query, {"ids": [bad]}).codes == ["BAD_USER_INPUT"], bad
    assert ask(world.root, query, {"ids": [ids[0]] * 101}).codes == ["BAD_USER_INPUT"]


def test_nested_fields_stay_within_the_users_shop(world: World, ask: Ask) -> None:
    query = """{ skuByCode(code: "SKU-001") { balances { warehouse { code } } sales { account { code } } forecasts { pool { code } }
        lots { warehouse { code } } listingComponents { listing { account { code } } } }
        stockPools { edges { node { code warehouses { code } } } } }"""
    mine, root = str(ask(world.me, query).data), str(ask(world.root, query).data)
    assert "theirs" not in mine
    assert mine.count("mine-") == 8
    assert root.count("theirs-") == 8


def test_a_nested_type_needs_its_own_permission_wherever_it_is(world: World, ask: Ask) -> None:
    world.me.user_permissions.remove(Permission.objects.get(codename="view_offer"))
    for query in (
        '{ skuByCode(code: "SKU-001") { offers { moq } } }',
        '{ skuByCode(code: "SKU-001") { ...F } } fragment F on Sku { offers { moq } }',
        '{ node(id: "U2t1OjE=") { ... on Sku { offers { id } } } }',
        '{ node(id: "U2t1OjE=") { ... on Offer { id } } }',
    ):
        answer = ask(world.me, query)
        assert (answer.codes, answer.body["errors"][0]["extensions"]["permission"]) == (["FORBIDDEN"], "suppliers.view_offer")
    assert ask(world.me, '{ skuByCode(code: "SKU-001") { code } }').data == {"skuByCode": {"code": "SKU-001"}}


def test_public_fields_answer_nobody(world: World, ask: Ask) -> None:
    data = ask(None, "{ me { username } service { name baseCurrency } __typename }").data
    assert data == {"me": None, "service": {"name": "stockhub", "baseCurrency": "CNY"}, "__typename": "Query"}


def test_a_root_field_without_a_declaration_is_refused(world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    from stockhub.graphql import permissions

    monkeypatch.setattr(permissions, "declared_permission", lambda *_: None)
    answer = ask(world.root, "{ skus { totalCount } }")
    assert answer.codes == ["FORBIDDEN"]
    assert "declares no permission" in answer.body["errors"][0]["message"]
    assert Authorisation in schema.extensions


def test_every_declared_permission_exists(world: World) -> None:
    from stockhub.graphql.permissions import BY_TYPE, IDE_PERMISSION, declared_permission

    existing = {f"{app}.{name}" for app, name in Permission.objects.values_list("content_type__app_label", "codename")}
    declared = {declared_permission(GRAPH, "Query", name) for name in QUERIES} | {
        declared_permission(GRAPH, "Mutation", name) for name in MUTATIONS
    }
    assert {*declared, *TYPE_PERMISSIONS.values(), IDE_PERMISSION} - {BY_TYPE} <= existing


def test_changes_of_another_shop_are_not_told(world: World, ask: Ask) -> None:
    from stockhub.outbox.services import emit_event

    emit_event("channels.account_changed.v1", entity="channels.account", entity_id=world.theirs.account.pk, payload={"secret": 1})
    emit_event("access.token_created.v1", entity="access.token", entity_id=1, payload={})
    both = [world.mine.warehouse.pk, world.theirs.warehouse.pk]
    emit_event("inventory.stock_changed.v1", entity="inventory.stock", entity_id=None, payload={"warehouse_ids": both})
    query = "{ changes { edges { node { entity payload } } } }"
    shown = [e["node"] for e in ask(world.me, query).data["changes"]["edges"]]
    assert shown == [{"entity": "inventory.stock", "payload": None}]
    # These, and the news of two cycles.
    assert len(ask(world.root, query).data["changes"]["edges"]) == 5


def test_tokens_are_the_users_and_end(world: World, ask: Ask) -> None:
    from stockhub.access.services import create_token

    token, plaintext = create_token(user=world.me, name="erp", expires_at=dt.datetime(2100, 1, 1, tzinfo=dt.UTC))
    query = "{ me { username } skus { totalCount } }"
    assert ask(None, query, authorization=f"Bearer {plaintext}").data == {"me": {"username": "me"}, "skus": {"totalCount": 2}}
    ApiToken.objects.filter(pk=token.pk).update(revoked_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    for header in (f"Bearer {plaintext}", "Bearer x", "Basic eDp5", "Bearer", f"Bearer {plaintext} x"):
        answer = ask(None, query, authorization=header)
        assert (answer.status, answer.codes) == (401, ["UNAUTHENTICATED"])
