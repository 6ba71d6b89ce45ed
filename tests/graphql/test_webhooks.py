"""Messages of platforms, suggestions for listings and live rooms: over the real door, for those who may."""

from __future__ import annotations

import datetime as dt
from base64 import b64encode

import pytest

from stockhub.access.models import User
from stockhub.catalog.models import Sku
from stockhub.channels.ingestion import ingest_orders
from stockhub.channels.models import Listing, ListingComponent, OrderLine
from stockhub.channels.webhooks.models import WebhookMessage
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord
from tests.graphql.shop import NOW, Ask, World

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
RETRY = "mutation ($input: WebhookRetryInput!) { webhookRetry(input: $input) { dueCount errors { code path } } }"
ACCEPT = """mutation ($input: ListingSuggestionsAcceptInput!) { listingSuggestionsAccept(input: $input) {
    results { index isLinked recountedLines errors { code path } } errors { code path } } }"""


def message_id(row: WebhookMessage) -> str:
    return b64encode(f"WebhookMessage:{row.pk}".encode()).decode()


def test_messages_are_listed_and_tried_again_by_those_who_see_their_account(world: World, ask: Ask) -> None:
    query = """query ($status: WebhookStatus, $account: String) { webhookMessages(status: $status, account: $account) {
        totalCount edges { node { messageId kind status attempts error payload account { code } } } } }"""
    listed = ask(world.me, query, {"status": "PARKED", "account": "mine-shop"}).data["webhookMessages"]
    node = {"messageId": "mine", "kind": "order", "status": "PARKED", "attempts": 0, "error": "", "payload": {"order": "x"}}
    assert listed == {"totalCount": 1, "edges": [{"node": node | {"account": {"code": "mine-shop"}}}]}
    assert ask(world.other, query, {"account": "mine-shop"}).data["webhookMessages"]["totalCount"] == 0
    assert ask(world.me, query, {"status": "DONE"}).data["webhookMessages"]["totalCount"] == 0
    mine, theirs = (WebhookMessage.objects.get(message_id=code) for code in ("mine", "theirs"))

    def retried(user: User, *rows: WebhookMessage) -> object:
        return ask(user, RETRY, {"input": {"ids": [message_id(row) for row in rows]}}).data["webhookRetry"]

    assert retried(world.me, mine, theirs) == {"dueCount": 0, "errors": [{"code": "not_found", "path": ["input", "ids", "1"]}]}
    assert retried(world.me, mine) == {"dueCount": 1, "errors": []}
    assert retried(world.me) == {"dueCount": 0, "errors": [{"code": "invalid_rows", "path": ["input", "ids"]}]}
    assert list(WebhookMessage.objects.order_by("message_id").values_list("status", flat=True)) == ["due", "parked"]


def test_u24_listings_without_a_link_have_suggestions_that_are_accepted_in_bulk(world: World, ask: Ask) -> None:
    account, sku = world.mine.account, Sku.objects.get(code="SKU-001")
    Listing.objects.create(account=account, code="sku 001", title="Cap x2")
    Listing.objects.create(account=account, code="zzz", title="")
    at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    line = OrderLineRecord(code="sku 001", qty=1, line_id="1")
    ingest_orders(account=account, orders=[OrderRecord("late", "paid", at, "CNY", (line,))], source="webhook")
    query = """query ($account: String!, $first: Int, $after: String) {
        listingSuggestions(account: $account, first: $first, afterCode: $after)
            { code kind title suggestions { sku skuName qty score reason } } }"""
    told = ask(world.me, query, {"account": account.code}).data["listingSuggestions"]
    suggestion = {"sku": "SKU-001", "skuName": sku.name, "qty": 2, "score": "0.9", "reason": "ALIKE_CODE"}
    assert told[0] == {"code": "sku 001", "kind": "sku", "title": "Cap x2", "suggestions": [suggestion]}
    assert (told[1]["code"], told[1]["suggestions"]) == ("zzz", [])
    assert [each["code"] for each in ask(world.me, query, {"account": account.code, "after": "sku 001"}).data["listingSuggestions"]] == [
        "zzz"
    ]
    assert ask(world.me, query, {"account": account.code, "first": 101}).codes == ["BAD_USER_INPUT"]
    rows = [{"code": "sku 001", "sku": "SKU-001", "qty": 2}, {"code": "nothing", "sku": "SKU-001"}]
    given = {"account": account.code, "rows": rows, "idempotencyKey": "k"}
    done = ask(world.me, ACCEPT, {"input": given}).data["listingSuggestionsAccept"]
    assert done["errors"] == []
    assert done["results"] == [
        {"index": 0, "isLinked": True, "recountedLines": 1, "errors": []},
        {"index": 1, "isLinked": False, "recountedLines": 0, "errors": [{"code": "not_found", "path": ["input", "rows", "1", "code"]}]},
    ]
    assert OrderLine.objects.get(order__external_id="late").sku == sku
    assert [each["code"] for each in ask(world.me, query, {"account": account.code}).data["listingSuggestions"]] == ["zzz"]
    hidden = ask(world.other, ACCEPT, {"input": given}).data["listingSuggestionsAccept"]
    assert hidden == {"results": [], "errors": [{"code": "not_found", "path": ["input", "account"]}]}


def test_d18_live_rooms_are_told_by_minute_to_those_who_see_the_account(world: World, ask: Ask) -> None:
    account, sku = world.mine.account, Sku.objects.get(code="SKU-001")
    ListingComponent.objects.create(listing=Listing.objects.create(account=account, code="live-1"), sku=sku)
    now = NOW + dt.timedelta(hours=1)  # when `ask` asks
    for number, minutes in enumerate((3, 3, 1)):
        at = now - dt.timedelta(minutes=minutes)
        line = OrderLineRecord(code="live-1", qty=2, line_id="1")
        record = OrderRecord(f"live-{number}", "paid", at, "CNY", (line,), live_room="7301", live_author="98")
        ingest_orders(account=account, orders=[record], source="webhook")
    query = """query ($since: DateTime!, $skus: [String!]) { liveRooms(since: $since, skus: $skus) {
        account sku room author units series { from step unit values } } }"""
    since = (now - dt.timedelta(minutes=4)).isoformat()
    told = ask(world.me, query, {"since": since}).data["liveRooms"]
    assert ask(world.other, query, {"since": since}).data["liveRooms"] == []
    none = {"since": since, "skus": [Sku.objects.create(code="UNSOLD", name="Unsold").code]}
    assert ask(world.me, query, none).data["liveRooms"] == []
    assert ask(world.me, query, {"since": (now - dt.timedelta(days=3)).isoformat()}).codes == ["BAD_USER_INPUT"]
    [room] = told
    series = room.pop("series")
    assert room == {"account": "mine-shop", "sku": "SKU-001", "room": "7301", "author": "98", "units": 6}
    assert (series["step"], series["unit"], series["values"]) == ("PT1M", "unit", [0, 4, 0, 2])
