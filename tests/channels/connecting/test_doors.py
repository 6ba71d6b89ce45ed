"""U24, U25: connecting an account from the admin, from GraphQL and in the browser; what never comes out, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from stockhub.access.models import User
from stockhub.catalog.models import Warehouse
from stockhub.channels.connecting.asking import asking
from stockhub.channels.connecting.models import AccountAuthorization
from stockhub.channels.models import Account, AccountMode
from stockhub.core import clock
from stockhub.outbox.models import Event
from stockhub.pluginapi.connectors import ConnectorError
from tests.channels.connecting.little_market import ask
from tests.channels.connecting.market_server import Market

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
CONNECTION = """account { code mode authorization { state subject reasonCode } }
    connection { ok code message subject remarks warehouses { code isPlatforms isKnown } }"""
CONNECT = f"mutation ($input: AccountConnectInput!) {{ accountConnect(input: $input) {{ {CONNECTION} errors {{ code path message }} }} }}"
TEST = f"mutation ($input: AccountTestInput!) {{ accountTest(input: $input) {{ {CONNECTION} errors {{ code path }} }} }}"
START = "mutation ($input: AccountAuthorizeStartInput!) { accountAuthorizeStart(input: $input) { url errors { code path } } }"
DISCONNECT = """mutation ($input: AccountDisconnectInput!) {
    accountDisconnect(input: $input) { account { authorization { state } } errors { code } } }"""
ADOPT = (
    "mutation ($input: AccountWarehousesAdoptInput!) { accountWarehousesAdopt(input: $input) { warehouses { code } errors { code path } } }"
)


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root", password="correct horse", sees_all_accounts=True, sees_all_warehouses=True)


@pytest.fixture
def browser(root: User) -> Client:
    client = Client()
    client.force_login(root)
    return client


def graph(client: Client, query: str, **given: Any) -> Any:  # noqa: ANN401 - an answer
    body = json.dumps({"query": query, "variables": {"input": given}})
    answer = client.post("/graphql/", body, content_type="application/json").json()
    assert "errors" not in answer, answer
    return next(iter(answer["data"].values()))


def test_an_account_is_connected_read_only_with_a_test_of_the_connection(browser: Client, market: Market) -> None:
    config = {"base_url": market.url, "secret": market.secret}
    answer = graph(browser, CONNECT, code="shop", marketplace="little", site="CN", config=config)
    assert answer["errors"] == []
    assert answer["account"] == {
        "code": "shop", "mode": "READ_ONLY", "authorization": {"state": "AUTHORISED", "subject": "shop-1", "reasonCode": ""},
    }  # fmt: skip
    assert answer["connection"] == {
        "ok": True, "code": "", "message": "", "subject": "shop-1", "remarks": ["Orders are allowed."],
        "warehouses": [{"code": "W1", "isPlatforms": True, "isKnown": False}, {"code": "W2", "isPlatforms": False, "isKnown": False}],
    }  # fmt: skip
    assert Account.objects.get(code="shop").mode == AccountMode.READ_ONLY
    told = json.dumps([event.payload for event in Event.objects.all()])
    assert (market.secret in told, "access-token" in told, "refresh-token" in told) == (False, False, False)


def test_graphql_tells_which_marketplaces_there_are_and_what_each_wants(browser: Client, account: Account) -> None:
    query = """{ marketplaces { marketplace { slug label } sites { site { slug label } timeZone currency }
        configSchema feeds takesWebhooks } accountByCode(code: "little") { webhookPath } }"""
    body = json.dumps({"query": query})
    answer = browser.post("/graphql/", body, content_type="application/json", headers={"accept-language": "zh-hans"}).json()["data"]
    known = {each["marketplace"]["slug"]: each for each in answer["marketplaces"]}
    assert {"amazon", "douyin", "little"} <= set(known)
    douyin, little = known["douyin"], known["little"]
    assert douyin["marketplace"]["label"] == "抖音"
    assert douyin["sites"] == [{"site": {"slug": "CN", "label": "中国"}, "timeZone": "Asia/Shanghai", "currency": "CNY"}]
    assert douyin["configSchema"]["required"] == ["app_key", "app_secret", "shop_id"]
    assert douyin["configSchema"]["properties"]["shop_id"]["title_zh"] == "店铺 ID"
    assert douyin["feeds"] == ["orders", "returns", "stock", "listings", "experience_score"]
    assert (douyin["takesWebhooks"], little["takesWebhooks"]) == (True, False)
    assert {"base_url", "secret"} <= set(little["configSchema"]["properties"])
    assert answer["accountByCode"] == {"webhookPath": ""}


def test_a_wrong_secret_leaves_the_account_there_and_says_what_is_wrong(browser: Client, market: Market) -> None:
    answer = graph(browser, CONNECT, code="shop", marketplace="little", config={"base_url": market.url, "secret": "wrong-secret-of-mine"})
    assert (answer["connection"]["ok"], answer["connection"]["code"]) == (False, "bad_secret")
    assert answer["account"]["authorization"] == {"state": "NONE", "subject": "", "reasonCode": "bad_secret"}
    assert "wrong-secret-of-mine" not in json.dumps(answer)
    again = graph(browser, CONNECT, code="shop", config={"base_url": market.url, "secret": market.secret})
    assert (again["connection"]["ok"], again["account"]["authorization"]["state"]) == (True, "AUTHORISED")


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"marketplace": "nobody"}, "unknown_marketplace", ["input", "marketplace"]),
        ({"marketplace": "little", "config": {"secret": "long enough to be one"}}, "invalid_configuration", ["input", "baseUrl"]),
        ({"marketplace": "little", "config": [1]}, "invalid_configuration", ["input", "config"]),
    ],
)
def test_what_is_wrong_with_the_input_is_data_and_nothing_is_made(
    browser: Client, given: dict[str, Any], code: str, path: list[str]
) -> None:
    answer = graph(browser, CONNECT, code="shop", **given)
    assert [(error["code"], error["path"]) for error in answer["errors"]] == [(code, path)]
    assert not Account.objects.filter(code="shop").exists()


def test_every_setting_at_fault_is_named_in_the_language_of_the_request(browser: Client) -> None:
    given = {"code": "shop", "marketplace": "little", "config": {"secret": 17}}
    answer = graph(browser, CONNECT, **given)
    assert [(error["code"], error["path"]) for error in answer["errors"]] == [
        ("invalid_configuration", ["input", "baseUrl"]),
        ("invalid_configuration", ["input", "secret"]),
    ]
    assert answer["errors"][0]["message"] == "base_url: This field cannot be empty."
    body = json.dumps({"query": CONNECT, "variables": {"input": given}})
    told = browser.post("/graphql/", body, content_type="application/json", headers={"accept-language": "zh-hans"}).json()
    assert told["data"]["accountConnect"]["errors"][0]["message"] == "base_url: 此字段不能为空。"
    assert not Account.objects.filter(code="shop").exists()


def test_tokens_of_another_shop_are_refused_and_the_old_ones_stay(browser: Client, account: Account, market: Market) -> None:
    asking(account, ask)
    before = bytes(AccountAuthorization.objects.get().secrets)
    market.shop = "shop-2"
    answer = graph(browser, CONNECT, code="little")
    assert (answer["connection"]["ok"], answer["connection"]["code"]) == (False, "another_shop")
    assert "shop-2" in answer["connection"]["message"]
    assert bytes(AccountAuthorization.objects.get().secrets) == before


def test_a_lost_authorisation_that_works_again_is_found_by_a_test(browser: Client, account: Account, market: Market) -> None:
    asking(account, ask)
    AccountAuthorization.objects.update(state="lost", reason="The address is not on the list.", reason_code="ip")
    answer = graph(browser, TEST, account="little")
    assert (answer["connection"]["ok"], answer["account"]["authorization"]) == (
        True, {"state": "AUTHORISED", "subject": "shop-1", "reasonCode": ""},
    )  # fmt: skip
    assert asking(account, ask).status == 200


def test_a_platform_that_hangs_ends_with_the_deadline_of_a_test(browser: Client, account: Account, market: Market, settings: Any) -> None:  # noqa: ANN401 - the fixture
    settings.STOCKHUB_TRY_SECONDS = 0.3
    market.slow_token = 2.0
    began = clock.wall()
    answer = graph(browser, TEST, account="little")
    assert (answer["connection"]["ok"], answer["connection"]["code"]) == (False, "deadline_exceeded")
    assert clock.wall() - began < timedelta(seconds=1.8)


def test_a_disconnected_account_asks_nothing_until_it_is_connected_again(browser: Client, account: Account, market: Market) -> None:
    asking(account, ask)
    answer = graph(browser, DISCONNECT, account="little")
    assert answer == {"account": {"authorization": {"state": "DISCONNECTED"}}, "errors": []}
    asked = len(market.calls)
    with pytest.raises(ConnectorError) as failure:
        asking(account, ask)
    assert (failure.value.code, len(market.calls), bytes(AccountAuthorization.objects.get().secrets)) == ("disconnected", asked, b"")
    assert graph(browser, TEST, account="little")["connection"]["code"] == "disconnected"
    assert graph(browser, CONNECT, code="little")["connection"]["ok"] is True


def test_warehouses_are_made_as_the_platform_or_we_count_them(browser: Client, account: Account) -> None:
    answer = graph(browser, ADOPT, account="little", codes=["W1", "W2"])
    assert answer == {"warehouses": [{"code": "W1"}, {"code": "W2"}], "errors": []}
    assert list(Warehouse.objects.order_by("code").values_list("code", "authority", "kind")) == [
        ("W1", "snapshot", "platform_cloud"), ("W2", "ledger", "own"),
    ]  # fmt: skip
    refused = graph(browser, ADOPT, account="little", codes=["W1", "W9"])
    assert refused["errors"] == [{"code": "not_found", "path": ["input", "codes", "1"]}]


def begun(browser: Client) -> str:
    """The state of an authorisation that was begun."""
    answer = graph(browser, START, account="little")
    assert answer["errors"] == []
    query = parse_qs(urlsplit(answer["url"]).query)
    assert query["redirect_url"] == ["http://testserver/connect/little/callback/"]
    return str(query["state"][0])


def test_a_browsers_authorisation_is_taken_once_by_the_one_who_began_it(
    browser: Client, connected: Callable[..., Account], market: Market
) -> None:
    account = connected(in_browser=True)
    market.codes = {"C1", "C2", "C3"}
    assert graph(browser, TEST, account="little")["connection"]["code"] == "not_authorised"
    assert graph(browser, CONNECT, code="little")["connection"]["code"] == "authorise_in_browser"
    state = begun(browser)
    other = Client()
    other.force_login(User.objects.create_superuser("other", password="x", sees_all_accounts=True))
    stolen = other.get("/connect/little/callback/", {"state": state, "code": "C1"}, follow=True)
    assert "belongs to no authorisation that you began" in stolen.content.decode()
    assert market.codes == {"C1", "C2", "C3"}
    done = browser.get("/connect/little/callback/", {"state": state, "code": "C1"})
    assert (done.status_code, done["Location"]) == (302, reverse("admin:channels_account_change", args=[account.pk]))
    row = AccountAuthorization.objects.get()
    assert (row.state, row.subject, market.codes) == ("authorised", "shop-1", {"C2", "C3"})
    replayed = browser.get("/connect/little/callback/", {"state": state, "code": "C2"}, follow=True)
    assert "ended already" in replayed.content.decode()
    assert market.codes == {"C2", "C3"}


@pytest.mark.parametrize("state", ["", "nonsense", "eyJhIjoxfQ:abc", "\x00"])
def test_a_state_that_is_not_ours_is_refused(browser: Client, connected: Callable[..., Account], market: Market, state: str) -> None:
    connected(in_browser=True)
    market.codes = {"C1"}
    answer = browser.get("/connect/little/callback/", {"state": state, "code": "C1"}, follow=True)
    assert "belongs to no authorisation that you began" in answer.content.decode()
    assert market.codes == {"C1"}


def test_a_state_holds_for_ten_minutes(browser: Client, connected: Callable[..., Account], market: Market) -> None:
    connected(in_browser=True)
    market.codes = {"C1"}
    state = begun(browser)
    with clock.at(clock.wall() + timedelta(minutes=10, seconds=1)):
        browser.get("/connect/little/callback/", {"state": state, "code": "C1"})
    assert (market.codes, AccountAuthorization.objects.get().state) == ({"C1"}, "none")


def test_who_is_not_signed_in_or_does_not_see_the_account_authorises_nothing(connected: Callable[..., Account], market: Market) -> None:
    connected(in_browser=True)
    assert Client().get("/connect/little/callback/", {"state": "x"})["Location"].startswith("/admin/login/")
    stranger = Client()
    stranger.force_login(User.objects.create_user("stranger", password="x", is_staff=True))
    assert stranger.get("/connect/little/callback/", {"state": "x"}).status_code == 404
    assert market.calls == []


def test_the_accounts_page_tests_authorises_adopts_and_disconnects(browser: Client, account: Account, market: Market) -> None:
    url = reverse("admin:channels_account_connection", args=[account.pk])
    assert "Not authorised yet" in browser.get(url).content.decode()
    shown = browser.post(url, {"do": "test"}).content.decode()
    assert "The connection works" in shown
    assert 'name="code" value="W1"' in shown
    browser.post(url, {"do": "adopt", "code": ["W1"]})
    assert list(Warehouse.objects.values_list("code", "authority")) == [("W1", "snapshot")]
    market.revoked = True
    shown = browser.post(url, {"do": "authorise"}).content.decode()
    assert "The platform refuses: revoked." in shown
    browser.post(url, {"do": "disconnect"})
    assert AccountAuthorization.objects.get().state == "disconnected"
    for page in (shown, browser.get(url).content.decode()):
        assert (market.secret in page, "access-token" in page) == (False, False)


def test_the_form_of_a_douyin_shop_is_chinese_and_shows_first_what_it_cannot_do_without(browser: Client) -> None:
    made = Account.objects.create(code="dy", name="dy", marketplace="douyin", site="CN")
    url = reverse("admin:channels_account_configure", args=[made.pk])
    shown = browser.get(url, headers={"accept-language": "zh-hans"}).content.decode()
    first, folded = shown.split("<details", 1)
    assert [name in first for name in ('name="app_key"', 'name="app_secret"', 'name="shop_id"')] == [True] * 3
    assert [name in folded for name in ('name="service_id"', 'name="window_hours"', 'name="rates"')] == [True] * 3
    assert ("店铺 ID" in first, "Shop id" in shown, "翻页深度" in folded) == (True, False, True)
    wrong = browser.post(url, {"app_key": "k", "app_secret": "s", "shop_id": "1", "window_hours": "0"}).content.decode()
    assert "open>" in wrong.split("<details", 1)[1][:80]


def test_in_the_browser_the_page_gives_the_platforms_address(browser: Client, connected: Callable[..., Account], market: Market) -> None:
    account = connected(in_browser=True)
    shown = browser.post(reverse("admin:channels_account_connection", args=[account.pk]), {"do": "authorise"}).content.decode()
    assert f"{market.url}/authorize?state=" in shown


def test_a_list_of_accounts_costs_as_many_queries_for_six_as_for_two(
    browser: Client,
    connected: Callable[..., Account],
    django_assert_max_num_queries: Any,  # noqa: ANN401 - the fixture
) -> None:
    def accounts(most: int) -> Any:  # noqa: ANN401 - an answer
        query = "{ accounts { edges { node { code authorization { state expiresAt } } } } }"
        with django_assert_max_num_queries(most) as counted:
            answer = browser.post("/graphql/", json.dumps({"query": query}), content_type="application/json").json()
        return answer["data"]["accounts"]["edges"], len(counted)

    asking(connected("one"), ask)
    connected("two")
    few, number = accounts(20)
    assert [edge["node"]["authorization"] and edge["node"]["authorization"]["state"] for edge in few] == ["AUTHORISED", None]
    for code in ("three", "four", "five", "six"):
        asking(connected(code), ask)
    assert len(accounts(number)[0]) == 6


def test_an_address_that_is_none_of_the_web_is_shown_to_nobody(browser: Client, connected: Callable[..., Account]) -> None:
    account = connected(base_url="javascript:alert(1)//", in_browser=True)
    answer = graph(browser, START, account="little")
    assert (answer["url"], answer["errors"]) == (None, [{"code": "invalid_url", "path": ["input"]}])
    shown = browser.post(reverse("admin:channels_account_connection", args=[account.pk]), {"do": "authorise"}).content.decode()
    assert "javascript:alert" not in shown
