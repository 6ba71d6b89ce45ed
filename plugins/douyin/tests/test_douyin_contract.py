"""The connector keeps the contract that every marketplace connector keeps, and refuses bad accounts."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

import stockhub_douyin.plugin
from stockhub.pluginapi import ReduceOn
from stockhub.pluginapi.connectors import FEED_CAPABILITIES, RateLimit
from stockhub.pluginapi.testing import MarketplaceContract
from stockhub_douyin.account import AppKind, DouyinAccountConfig
from stockhub_douyin.connector import DouyinConnector

VALID = {"app_key": "7000000000000000001", "app_secret": "not-a-real-secret", "shop_id": "4463798"}


class TestDouyinConnector(MarketplaceContract):
    plugin = stockhub_douyin.plugin
    connector = DouyinConnector()
    valid_account = VALID


def test_it_declares_what_it_can_and_limits_all_that_it_calls() -> None:
    assert DouyinConnector.capabilities() == (
        "Authorize", "PushPrices", "PushShipTimes", "PushStock", "ReadExperienceScore", "ReadListings", "ReadOrders", "ReadReturns",
        "ReadStock", "ReadWarehouses", "ReceiveWebhook",
    )  # fmt: skip
    feeds = {kind for kind, (capability, _method) in FEED_CAPABILITIES.items() if issubclass(DouyinConnector, capability)}
    assert set(DouyinConnector.feed_plans) == feeds
    source = "".join(
        path.read_text("utf-8")
        for path in Path(stockhub_douyin.plugin.__file__).parent.glob("*.py")
        if path.stem not in {"limits", "health"}
    )
    named = set(re.findall(r'"((?:order|product|sku|afterSale|warehouse|shop|promise)\.[A-Za-z0-9]+)"', source))
    assert named == set(DouyinConnector.rate_limits)


def test_each_field_of_an_account_is_there_in_english_and_chinese() -> None:
    chinese = re.compile("[一-鿿]")
    for name, field in DouyinAccountConfig.model_fields.items():
        extra = field.json_schema_extra
        assert isinstance(extra, dict), name
        assert field.title, name
        assert field.description, name
        assert chinese.search(str(extra["title_zh"])), name
        assert chinese.search(str(extra["description_zh"])), name


def test_an_account_says_what_its_app_may_do() -> None:
    connector = DouyinConnector()
    config = DouyinAccountConfig.model_validate(VALID | {"reads_per_second": 8, "rates": {"sku.list": 0.5, "no.such": 9}})
    limits = connector.rate_limits_of(config)
    assert (limits["order.searchList"], limits["sku.list"]) == (RateLimit(8, 8), RateLimit(0.5, 1))
    assert limits["sku.syncStock"] == RateLimit(2, 2)
    assert set(limits) == set(connector.rate_limits)
    assert connector.rate_scope(config) == "7000000000000000001:4463798"
    assert connector.subject_of(config) == "4463798"
    assert connector.subject_of(config.model_copy(update={"is_test_shop": True})) == ""


def test_the_business_day_is_shanghais_and_orders_take_stock_when_created() -> None:
    (site,) = DouyinConnector.sites
    assert (site.code, site.time_zone, site.currency) == ("CN", "Asia/Shanghai", "CNY")
    assert DouyinConnector.reduce_on is ReduceOn.CREATE


def test_a_self_use_app_needs_no_token_and_uses_the_production_gateway() -> None:
    account = DouyinAccountConfig.model_validate(VALID)
    assert (account.app_kind, account.refresh_token) == (AppKind.SELF_USE, None)
    assert str(account.base_url) == "https://openapi-fxg.jinritemai.com/"


def test_the_gateway_can_be_a_test_server() -> None:
    account = DouyinAccountConfig.model_validate(VALID | {"base_url": "http://127.0.0.1:4900"})
    assert str(account.base_url) == "http://127.0.0.1:4900/"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"app_kind": "service"}, "A service app needs the refresh token"),
        ({"app_kind": "service", "refresh_token": ""}, "A service app needs the refresh token"),
        ({"shop_id": "my shop"}, "String should match pattern"),
        ({"app_key": " "}, "at least 1 character"),
        ({"app_secret": ""}, "at least 1"),
        ({"base_url": "javascript:alert(1)"}, "URL scheme should be 'http' or 'https'"),
        ({"surprise": 1}, "Extra inputs are not permitted"),
    ],
)
def test_a_bad_account_is_refused_with_what_to_do(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        DouyinAccountConfig.model_validate(VALID | change)
