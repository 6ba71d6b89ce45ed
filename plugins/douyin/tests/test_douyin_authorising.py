"""How access is got and kept: the fake's tokens by the platform's rules of renewal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from stockhub.pluginapi.connectors import (
    AuthorizationLostError,
    ReadRequest,
    TokenRefusedError,
    Tokens,
    UnavailableError,
    UnreadableAnswerError,
)
from stockhub_douyin.authorising import _tokens
from stockhub_douyin.client import DouyinClient
from stockhub_douyin.fake_shop import FakeShop

SERVICE = {"app_kind": "service", "service_id": "42"}


def test_a_self_use_app_needs_its_shops_number_alone(shop: FakeShop) -> None:
    tokens = shop.connector.obtain(shop.context)
    assert (tokens.subject, tokens.scope) == ("4463798", "SCOPE")
    assert tokens.expires_at == shop.now() + timedelta(days=7)
    assert tokens.refresh_expires_at == shop.now() + timedelta(days=14)
    assert tokens.renew_at == shop.now() + timedelta(days=7) - timedelta(minutes=50)
    assert tokens.access_token not in repr(tokens)


def advance_to_renewal(shop: FakeShop, tokens: Tokens | None) -> None:
    assert tokens is not None
    assert tokens.renew_at is not None
    shop.advance((tokens.renew_at - shop.now()).total_seconds())


def test_too_early_the_same_pair_comes_and_in_the_last_hour_another(shop: FakeShop) -> None:
    tokens = shop.connector.obtain(shop.context)
    shop.advance(86_400)
    assert shop.connector.renew(shop.context, tokens) == tokens
    advance_to_renewal(shop, tokens)
    renewed = shop.connector.renew(shop.context, tokens)
    assert renewed.access_token != tokens.access_token
    assert renewed.expires_at == shop.now() + timedelta(days=7)
    # The answer was lost: the old pair brings the new one once more.
    assert shop.connector.renew(shop.context, tokens) == renewed


def test_a_year_of_renewals_never_loses_the_shop(shop: FakeShop) -> None:
    shop.platform.token()
    for _week in range(52):
        advance_to_renewal(shop, shop.platform.tokens)
        assert shop.connector.test_connection(shop.context).subject == "4463798"
    assert shop.fake.world.tokens.given == 53


def test_a_token_that_ended_is_refused_by_name_and_renewed(shop: FakeShop) -> None:
    token = shop.platform.token()
    shop.control("tokens", expire=True)
    with pytest.raises(TokenRefusedError) as refused:
        DouyinClient(shop.context).read("shop.reputation", {})
    assert refused.value.token == token
    assert shop.platform.tokens is not None
    shop.platform.tokens = shop.connector.renew(shop.context, shop.platform.tokens)
    assert DouyinClient(shop.context).read("shop.reputation", {})


def test_a_self_use_app_whose_pair_is_forgotten_asks_for_the_first_again(shop: FakeShop) -> None:
    tokens = shop.connector.obtain(shop.context)
    shop.fake.world.tokens.forget()
    renewed = shop.connector.renew(shop.context, tokens)
    assert renewed.access_token != tokens.access_token


def test_a_service_app_is_authorised_in_the_browser(open_shop: Callable[..., FakeShop]) -> None:
    shop = open_shop(**SERVICE)
    url = shop.connector.authorization_url(shop.context.config, state="s&1", redirect_url="https://hub.example/back")
    assert (urlsplit(url).netloc, parse_qs(urlsplit(url).query)) == ("fuwu.jinritemai.com", {"service_id": ["42"], "state": ["s&1"]})
    with pytest.raises(AuthorizationLostError, match="open the authorisation page"):
        shop.connector.obtain(shop.context)
    code = shop.fake.world.tokens.new_code()
    tokens = shop.connector.obtain(shop.context, code=shop.connector.code_of({"code": code, "state": "s&1"}))
    assert tokens.subject == "4463798"
    with pytest.raises(AuthorizationLostError) as used:
        shop.connector.obtain(shop.context, code=code)
    assert used.value.code == "code_invalid"


def test_a_code_holds_for_ten_minutes(open_shop: Callable[..., FakeShop]) -> None:
    shop = open_shop(**SERVICE)
    code = shop.fake.world.tokens.new_code()
    shop.advance(601)
    with pytest.raises(AuthorizationLostError, match="ten minutes") as late:
        shop.connector.obtain(shop.context, code=code)
    assert late.value.code == "code_expired"


def test_a_refresh_token_from_elsewhere_opens_the_shop(open_shop: Callable[..., FakeShop]) -> None:
    first = open_shop()
    tokens = first.connector.obtain(first.context)
    service = open_shop(app_kind="service", refresh_token=tokens.refresh_token)
    assert service.connector.obtain(service.context).access_token == tokens.access_token
    assert service.connector.authorization_url(service.context.config, state="s", redirect_url="") == ""
    service.fake.world.tokens.forget()
    with pytest.raises(AuthorizationLostError, match="authorise the shop again"):
        service.connector.renew(service.context, tokens)


def test_a_test_shop_and_a_foreign_shop(open_shop: Callable[..., FakeShop]) -> None:
    tested = open_shop(is_test_shop=True)
    assert tested.connector.obtain(tested.context).subject == "4463798"
    foreign = open_shop(shop_id="999")
    with pytest.raises(AuthorizationLostError, match="has not authorised the app"):
        foreign.connector.obtain(foreign.context)


def test_a_closed_authorisation_a_wrong_secret_and_a_platform_that_is_away(open_shop: Callable[..., FakeShop]) -> None:
    wrong = open_shop(app_secret="another")
    with pytest.raises(AuthorizationLostError, match="check the app key and the app secret"):
        wrong.connector.obtain(wrong.context)
    shop = open_shop()
    shop.platform.token()
    shop.fake.world.tokens.close(closed=True)
    with pytest.raises(AuthorizationLostError, match="have it opened again"):
        list(shop.connector.read_orders(ReadRequest(), shop.context))
    nobody = open_shop(base_url="http://127.0.0.1:9")
    with pytest.raises(UnavailableError):
        nobody.connector.obtain(nobody.context)


def test_a_connection_says_what_is_missing(shop: FakeShop) -> None:
    shop.control("orders", lines=[{"code": "DOWN-BLK-M"}])
    shop.control("faults", mode="no_permission", method="warehouse.list")
    report = shop.connector.test_connection(shop.context)
    assert (report.subject, report.name) == ("4463798", "StockHub测试店")
    [remark] = report.remarks
    assert remark.startswith("Without warehouses: warehouse.list: The app may not do this")


@pytest.mark.parametrize(
    ("shop_id", "expires_in", "ends"),
    [
        ("4463798", 604_800, datetime(2026, 3, 8, 4, tzinfo=UTC)),
        (4463798, "604800", datetime(2026, 3, 8, 4, tzinfo=UTC)),
        (4463798, 1_773_000_000, datetime(2026, 3, 8, 20, tzinfo=UTC)),
    ],
)
def test_ids_and_ends_are_read_in_both_of_their_forms(shop: FakeShop, shop_id: object, expires_in: object, ends: datetime) -> None:
    data = {"access_token": "a", "refresh_token": "r", "shop_id": shop_id, "expires_in": expires_in}
    tokens = _tokens(DouyinClient(shop.context), data)
    assert (tokens.subject, tokens.expires_at) == ("4463798", ends)


@pytest.mark.parametrize("data", [None, [], {}, {"access_token": "a"}, {"access_token": "a", "refresh_token": "r", "expires_in": -1},
                                  {"access_token": "a", "refresh_token": "r", "expires_in": "soon"}])  # fmt: skip
def test_tokens_that_cannot_be_read_are_none(shop: FakeShop, data: object) -> None:
    with pytest.raises(UnreadableAnswerError):
        _tokens(DouyinClient(shop.context), data)
