"""Endpoints, messages, subscriptions and steps over GraphQL: what goes in, what never comes out, and who may."""

from __future__ import annotations

from typing import Any

import pytest

from stockhub.access.models import User
from stockhub.alerts.models import ResponseStep, Subscription
from stockhub.alerts.subscriptions import SubscriptionInput, save_subscription
from stockhub.core.actor import Actor, acting_as
from stockhub.outbox.models import Delivery, DeliveryStatus, Endpoint
from stockhub.values import DomainError
from tests.graphql.shop import Ask, World

pytestmark = pytest.mark.django_db
SECRET = "SEC0123456789abcdef"
UPSERT = """mutation ($input: EndpointUpsertInput!) { endpointUpsert(input: $input) {
    endpoint { id name notifier { slug label } digest quietFrom quietUntil config secretsSet version } errors { code path } } }"""
SUBSCRIBE = """mutation ($input: AlertSubscriptionUpsertInput!) { alertSubscriptionUpsert(input: $input) {
    alertSubscription { id role minLevel sides pools endpoint { name } user { username } } errors { code path } } }"""


def upsert(ask: Ask, user: User, **given: Any) -> Any:  # noqa: ANN401 - an answer
    return ask(user, UPSERT, {"input": given}).data["endpointUpsert"]


def made(ask: Ask, world: World, **given: Any) -> Any:  # noqa: ANN401 - an endpoint of the graph
    url = f"https://erp.example/hook?token={SECRET}"
    whole = {"name": "room", "notifier": "webhook", "config": {"url": url, "secret": SECRET}, **given}
    answer = upsert(ask, world.root, **whole)
    assert answer["errors"] == []
    return answer["endpoint"]


def test_an_endpoint_is_made_and_changed_and_its_secrets_never_come_out(world: World, ask: Ask) -> None:
    endpoint = made(ask, world, digest="DAILY", quietFrom="22:00", quietUntil="07:30")
    assert endpoint["notifier"] == {"slug": "webhook", "label": "Signed webhook"}
    assert (endpoint["config"], endpoint["secretsSet"]) == ({}, ["secret", "url"])
    assert (endpoint["digest"], endpoint["quietFrom"], endpoint["quietUntil"]) == ("DAILY", "22:00", "07:30")
    before = bytes(Endpoint.objects.get(name="room").secrets)
    changed = upsert(ask, world.root, id=endpoint["id"], name="hall", quietFrom=None, quietUntil=None, config={}, expectedVersion=1)
    assert (changed["endpoint"]["name"], changed["endpoint"]["quietFrom"], changed["endpoint"]["version"]) == ("hall", None, 2)
    assert bytes(Endpoint.objects.get(name="hall").secrets) == before
    stale = upsert(ask, world.root, id=endpoint["id"], name="x", expectedVersion=1)
    assert stale["errors"] == [{"code": "stale_version", "path": ["input", "expectedVersion"]}]
    everything = ask(world.root, "{ endpoints { edges { node { name config secretsSet lastError } } } notifiers { configSchema } }")
    assert SECRET not in str(everything.body)


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"notifier": "pigeon"}, "unknown_notifier", ["input", "notifier"]),
        ({"config": {"url": "https://a.example", "secret": "short"}}, "invalid_configuration", ["input", "secret"]),
        ({"config": [1]}, "invalid_configuration", ["input", "config"]),
        ({"quietFrom": "late"}, "invalid_endpoint", ["input", "quietFrom"]),
        ({"quietFrom": "22:00"}, "invalid_endpoint", ["input", "quietUntil"]),
        ({"timeZone": "Mars/Olympus"}, "unknown_time_zone", ["input", "timeZone"]),
    ],
)
def test_what_is_wrong_is_data_and_nothing_is_made(world: World, ask: Ask, given: dict[str, Any], code: str, path: list[str]) -> None:
    whole = {"name": "room", "notifier": "webhook", "config": {"url": "https://a.example", "secret": SECRET}, **given}
    answer = upsert(ask, world.root, **whole)
    assert (answer["endpoint"], answer["errors"]) == (None, [{"code": code, "path": path}])
    assert not Endpoint.objects.filter(user=None).exists()


def test_the_channel_of_an_endpoint_stays(world: World, ask: Ask) -> None:
    endpoint = made(ask, world)
    answer = upsert(ask, world.root, id=endpoint["id"], notifier="wecom")
    assert answer["errors"] == [{"code": "invalid_endpoint", "path": ["input", "notifier"]}]


def test_a_test_message_is_sent_and_an_endpoint_deleted(world: World, ask: Ask) -> None:
    endpoint = made(ask, world)
    test = """mutation ($id: ID!) { endpointTest(input: {id: $id}) { delivery { subject status endpoint { name } } errors { code } } }"""
    assert ask(world.root, test, {"id": endpoint["id"]}).data["endpointTest"] == {
        "delivery": {"subject": "Test message of StockHub", "status": "DUE", "endpoint": {"name": "room"}},
        "errors": [],
    }
    delete = """mutation ($id: ID!) { endpointDelete(input: {id: $id}) { endpoint { deletedAt secretsSet } errors { code } } }"""
    gone = ask(world.root, delete, {"id": endpoint["id"]}).data["endpointDelete"]
    assert (gone["endpoint"]["deletedAt"] is not None, gone["endpoint"]["secretsSet"]) == (True, [])
    assert ask(world.root, test, {"id": endpoint["id"]}).data["endpointTest"]["errors"] == [{"code": "not_found"}]


def test_f19_a_dead_letter_is_seen_with_its_error_and_tried_again(world: World, ask: Ask) -> None:
    query = "{ deliveries(status: [DEAD]) { edges { node { id recipient attempts error } } } }"
    [mine] = ask(world.me, query).data["deliveries"]["edges"]
    assert (mine["node"]["recipient"], mine["node"]["error"]) == ("me@example.com", "x")
    retry = """mutation ($id: ID!) { deliveryRetry(input: {id: $id}) { delivery { status attempts } errors { code path } } }"""
    asked = {"id": mine["node"]["id"]}
    assert ask(world.other, retry, asked).data["deliveryRetry"]["errors"] == [{"code": "not_found", "path": ["input", "id"]}]
    assert Delivery.objects.filter(status=DeliveryStatus.DEAD).count() == 2
    assert ask(world.me, retry, asked).data["deliveryRetry"] == {"delivery": {"status": "DUE", "attempts": 0}, "errors": []}
    assert ask(world.me, retry, asked).data["deliveryRetry"]["errors"] == [{"code": "delivery_not_dead", "path": ["input", "id"]}]


def test_i4_the_company_s_endpoints_are_for_those_who_see_all_of_it(world: World, ask: Ask) -> None:
    endpoint = made(ask, world)
    query = "{ endpoints { edges { node { name } } } }"
    assert [e["node"]["name"] for e in ask(world.me, query).data["endpoints"]["edges"]] == ["me"]
    assert [e["node"]["name"] for e in ask(world.root, query).data["endpoints"]["edges"]] == ["me", "other", "room"]
    assert upsert(ask, world.me, id=endpoint["id"], name="mine now")["errors"] == [{"code": "not_found", "path": ["input", "id"]}]
    refused = ask(world.me, UPSERT, {"input": {"name": "x", "notifier": "webhook", "config": {}}})
    assert refused.codes == ["FORBIDDEN"]
    assert set(Endpoint.objects.values_list("name", flat=True)) == {"me", "other", "room"}


def test_subscriptions_name_a_role_an_endpoint_or_oneself(world: World, ask: Ask) -> None:
    endpoint = made(ask, world)
    role = {"role": "purchasing", "minLevel": 2, "sides": ["SHORTAGE"], "pools": ["mine-pool"]}
    assert ask(world.root, SUBSCRIBE, {"input": role}).data["alertSubscriptionUpsert"]["alertSubscription"] | {"id": ""} == {
        "id": "", "role": "purchasing", "minLevel": 2, "sides": ["SHORTAGE"], "pools": ["mine-pool"], "endpoint": None, "user": None,
    }  # fmt: skip
    to_room = ask(world.root, SUBSCRIBE, {"input": {"endpoint": endpoint["id"]}}).data["alertSubscriptionUpsert"]
    assert to_room["alertSubscription"]["endpoint"] == {"name": "room"}
    both = ask(world.root, SUBSCRIBE, {"input": {"endpoint": endpoint["id"], "role": "sales"}}).data["alertSubscriptionUpsert"]
    assert both["errors"] == [{"code": "invalid_subscription", "path": ["input", "endpoint"]}]
    own = ask(world.root, SUBSCRIBE, {"input": {}}).data["alertSubscriptionUpsert"]
    assert own["alertSubscription"]["user"] == {"username": "root"}
    levels = ask(world.root, SUBSCRIBE, {"input": {"minLevel": 3, "maxLevel": 1}}).data["alertSubscriptionUpsert"]
    assert levels["errors"] == [{"code": "invalid_subscription", "path": ["input", "minLevel"]}]


def test_i4_nobody_is_made_to_hear_of_another_s_alerts_by_those_who_do_not_manage_people(world: World, ask: Ask) -> None:
    world.me.user_permissions.remove(*world.me.user_permissions.filter(codename="change_user"))
    before = Subscription.objects.count()
    for target in ({"role": "sales"}, {"username": "other"}):
        assert ask(world.me, SUBSCRIBE, {"input": target}).codes == ["FORBIDDEN"]
    hidden = {"pools": ["theirs-pool"]}
    assert ask(world.me, SUBSCRIBE, {"input": hidden}).data["alertSubscriptionUpsert"]["errors"] == [
        {"code": "not_found", "path": ["input", "pools", "0"]}
    ]
    assert Subscription.objects.count() == before
    query = "{ alertSubscriptions { edges { node { id user { username } } } } }"
    [own] = ask(world.me, query).data["alertSubscriptions"]["edges"]
    assert own["node"]["user"] == {"username": "me"}
    delete = "mutation ($id: ID!) { alertSubscriptionDelete(input: {id: $id}) { errors { code } } }"
    assert ask(world.me, delete, {"id": own["node"]["id"]}).data["alertSubscriptionDelete"] == {"errors": []}
    assert Subscription.objects.count() == before - 1


def test_h65_an_alert_says_what_is_to_be_done_and_who_did_it(world: World, ask: Ask) -> None:
    query = "{ alerts { edges { node { responseSteps { id step { slug label severity } doneAt doneBy } } } } }"
    [mine] = ask(world.me, query).data["alerts"]["edges"]
    [step] = mine["node"]["responseSteps"]
    assert step["step"] == {"slug": "freeze-outbound", "severity": 3, "label": (
        "Hold outbound that can wait: samples, transfers, orders of low priority."
    )}  # fmt: skip
    complete = """mutation ($id: ID!) { responseStepComplete(input: {id: $id, note: "held 12"}) {
        responseStep { doneBy note } errors { code } } }"""
    refused = ask(world.other, complete, {"id": step["id"]}).data["responseStepComplete"]
    assert refused == {"responseStep": None, "errors": [{"code": "not_found"}]}
    assert not ResponseStep.objects.exclude(done_at=None).exists()
    done = ask(world.me, complete, {"id": step["id"]}).data["responseStepComplete"]
    assert done == {"responseStep": {"doneBy": "me", "note": "held 12"}, "errors": []}


def test_h84_a_kind_that_nothing_raises_or_sends_is_refused_by_name(world: World, ask: Ask) -> None:
    def subscribed(**given: Any) -> dict[str, Any]:  # noqa: ANN401 - the input
        answer: dict[str, Any] = ask(world.root, SUBSCRIBE, {"input": given}).data["alertSubscriptionUpsert"]
        return answer

    refused = subscribed(kinds=["shortage", "kpi-report-weakly"])
    assert refused["errors"] == [{"code": "invalid_subscription", "path": ["input", "kinds"]}]
    assert not Subscription.objects.filter(user=world.root).exists()
    kinds = ["shortage", "stale-feed", "kpi-report-weekly", "kpi-report-monthly"]
    assert subscribed(kinds=kinds)["errors"] == []
    own = Subscription.objects.get(user=world.root)
    assert own.kinds == kinds
    # The rule of a plugin that is away for a while may stay; another stranger may not join it.
    Subscription.objects.filter(pk=own.pk).update(kinds=["of-a-plugin"])
    with acting_as(Actor("user:root", world.root.pk)):
        save_subscription(given=SubscriptionInput(name="Mine", kinds=["of-a-plugin", "shortage"]), subscription_id=own.pk)
        with pytest.raises(DomainError, match="There is no kind 'shortige'"):
            save_subscription(given=SubscriptionInput(kinds=["of-a-plugin", "shortige"]), subscription_id=own.pk)
    own.refresh_from_db()
    assert (own.name, own.kinds) == ("Mine", ["of-a-plugin", "shortage"])
