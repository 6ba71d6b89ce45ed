"""Promise 12: an Amazon that refuses, throttles, is half there or talks nonsense is never one without stock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from stockhub.pluginapi.connectors import (
    AuthorizationLostError,
    ConnectorContext,
    ConnectorError,
    ReadRequest,
    RequestRefusedError,
    ThrottledError,
    TokenRefusedError,
    UnavailableError,
    UnreadableAnswerError,
)
from stockhub.pluginapi.testing.connector_context import connector_context
from stockhub_amazon.calls import path_of, query_of
from stockhub_amazon.connector import AmazonConnector
from stockhub_amazon.fake.login import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from stockhub_amazon.fake.server import Fake
from stockhub_amazon.fake.world import MARKETPLACE, SELLER

CONNECTOR = AmazonConnector()


@pytest.fixture(scope="module")
def here() -> Iterator[Fake]:
    with Fake(rates=0) as fake:
        for number in range(4):
            fake.world.add_product(f"SKU-{number}", fulfillable=10 + number)
        yield fake


@pytest.fixture
def config(here: Fake) -> dict[str, Any]:
    here.faults.clear()
    here.login.is_revoked = here.login.secret_expired = False
    return {
        "lwa_client_id": CLIENT_ID, "lwa_client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN, "seller_id": SELLER, "region": "na",
        "marketplace_ids": [MARKETPLACE], "base_url": here.base_url, "token_url": f"{here.base_url}/auth/o2/token",
    }  # fmt: skip


@pytest.fixture
def context(here: Fake, config: dict[str, Any]) -> ConnectorContext:
    return connector_context(CONNECTOR, config, clock=here.world.now)


def read_stock(context: ConnectorContext) -> list[Any]:
    return [record for page in CONNECTOR.read_stock(ReadRequest(), context) for record in page.records]


@pytest.mark.parametrize(
    ("mode", "error", "code"),
    [
        ("error_500", UnavailableError, "http_500"),
        ("html_503", UnavailableError, "http_503"),
        ("no_answer", UnavailableError, "unreachable"),
        ("empty_200", UnreadableAnswerError, "empty_answer"),
        ("garbage", UnreadableAnswerError, "no_json"),
        ("nan", UnreadableAnswerError, "no_json"),
        ("renamed", UnreadableAnswerError, "missing_field"),
        ("expired_token", TokenRefusedError, "token_refused"),
        ("forbidden", RequestRefusedError, "Unauthorized"),
    ],
)
def test_what_is_no_answer_is_an_error(here: Fake, context: ConnectorContext, mode: str, error: type[ConnectorError], code: str) -> None:
    # Twice: a connection that was kept open is tried once more by whoever uses it.
    here.faults.add("getInventorySummaries", mode, 2)
    with pytest.raises(error) as raised:
        read_stock(context)
    assert raised.value.code == code
    assert REFRESH_TOKEN not in str(raised.value)


@pytest.mark.parametrize(("mode", "seconds"), [("throttle", 0.5), ("throttle_bare", 0.5), ("throttle_seconds", 7)])
def test_a_429_with_and_without_a_body_says_when_to_come_back(here: Fake, context: ConnectorContext, mode: str, seconds: float) -> None:
    here.faults.add("getInventorySummaries", mode)
    with pytest.raises(ThrottledError) as raised:
        read_stock(context)
    assert raised.value.operation == "getInventorySummaries"
    assert raised.value.after_seconds == pytest.approx(seconds)


def test_a_429_of_orders_waits_for_the_next_call_that_fits(here: Fake, context: ConnectorContext) -> None:
    """One call in 179 s: coming back sooner is no use."""
    here.faults.add("searchOrders", "throttle_bare")
    with pytest.raises(ThrottledError) as raised:
        list(CONNECTOR.read_orders(ReadRequest(since=context.now()), context))
    assert raised.value.after_seconds is not None
    assert raised.value.after_seconds >= 178


@pytest.mark.parametrize("mode", ["negative", "short_page", "duplicate_rows"])
def test_nothing_wrong_is_read(here: Fake, context: ConnectorContext, mode: str) -> None:
    here.faults.add("getInventorySummaries", mode)
    pages = list(CONNECTOR.read_stock(ReadRequest(), context))
    counts = {record.code: dict(record.quantities).get("available") for page in pages for record in page.records}
    assert all(qty is not None and qty == 10 + int(code[-1]) for code, qty in counts.items())
    rejected = [each for page in pages for each in page.rejected]
    assert (len(counts), len(rejected)) == {"negative": (0, 4), "short_page": (2, 0), "duplicate_rows": (4, 0)}[mode]


def test_a_revoked_authorisation_is_for_a_person(here: Fake, context: ConnectorContext) -> None:
    here.login.is_revoked = True
    with pytest.raises(AuthorizationLostError) as raised:
        CONNECTOR.obtain(context)
    assert raised.value.code == "invalid_grant"
    assert "authorise again" in raised.value.message


def test_a_client_secret_that_ended_says_when_it_was_issued(here: Fake, config: dict[str, Any]) -> None:
    here.login.secret_expired = True
    told = connector_context(CONNECTOR, config | {"lwa_rotated_on": "2026-01-05"}, clock=here.world.now)
    with pytest.raises(AuthorizationLostError, match="issued on 2026-01-05"):
        CONNECTOR.obtain(told)


@pytest.mark.parametrize(("age", "said"), [(10, ()), (165, ("in 15 days",)), (181, ("ended on",))])
def test_the_age_of_the_client_secret_is_told_in_time(here: Fake, config: dict[str, Any], age: int, said: tuple[str, ...]) -> None:
    issued = here.world.now().date() - timedelta(days=age)
    told = connector_context(CONNECTOR, config | {"lwa_rotated_on": issued.isoformat()}, clock=here.world.now)
    remarks = CONNECTOR.test_connection(told).remarks
    assert len(remarks) == len(said)
    assert all(part in remark for part, remark in zip(said, remarks, strict=True))
    assert isinstance(issued, date)


@pytest.mark.parametrize(
    ("mode", "error"), [("error_500", UnavailableError), ("html_503", UnavailableError), ("throttle_bare", ThrottledError),
                        ("empty_200", UnreadableAnswerError), ("garbage", UnreadableAnswerError)],
)  # fmt: skip
def test_login_with_amazon_fails_as_what_it_is(here: Fake, context: ConnectorContext, mode: str, error: type[ConnectorError]) -> None:
    here.faults.add("token", mode)
    with pytest.raises(error):
        CONNECTOR.obtain(context)


def test_tokens_say_when_they_end_and_show_nothing(context: ConnectorContext) -> None:
    tokens = CONNECTOR.obtain(context)
    assert tokens.subject == SELLER
    assert tokens.expires_at is not None
    assert timedelta(minutes=59) < tokens.expires_at - context.now() <= timedelta(hours=1)
    assert tokens.access_token not in repr(tokens)
    assert CONNECTOR.renew(context, tokens).access_token != tokens.access_token


def test_a_page_token_that_ended_begins_the_reading_anew(here: Fake, context: ConnectorContext) -> None:
    """Tokens of inventory pages live for 30 seconds."""
    for number in range(60):
        here.world.add_product(f"MANY-{number}", fulfillable=1)
    first = next(CONNECTOR.read_stock(ReadRequest(), context))
    here.world.advance(60)
    (page,) = CONNECTOR.read_stock(ReadRequest(cursor=first.cursor), context)
    assert (len(page.records), page.is_last) == (0, False)
    rest = list(CONNECTOR.read_stock(ReadRequest(cursor=page.cursor), context))
    assert sum(len(each.records) for each in rest) == 64
    for number in range(60):
        del here.world.products[f"MANY-{number}"]


def test_queries_are_written_as_amazon_reads_them() -> None:
    assert query_of({"details": True, "x": False, "list": ["A", "B"], "none": None, "n": 20}) == "details=true&x=false&list=A,B&n=20"
    assert query_of({"token": "a+b/c=="}) == "token=a%2Bb%2Fc%3D%3D"
    assert path_of("items", "A/B 50% C") == "/items/A%2FB%2050%25%20C"


def test_who_shares_limits() -> None:
    """Accounts of two marketplaces of one seller in a region share Amazon's buckets; another region's do not."""
    base = {
        "lwa_client_id": "a", "lwa_client_secret": "s", "refresh_token": "r", "seller_id": "A1B2C3D4E5",
    }  # fmt: skip
    model = CONNECTOR.account_config_model
    us = model.model_validate(base | {"region": "na", "marketplace_ids": ["ATVPDKIKX0DER"]})
    ca = model.model_validate(base | {"region": "na", "marketplace_ids": ["A2EUQ1WTGCTBG2"]})
    de = model.model_validate(base | {"region": "eu", "marketplace_ids": ["A1PA6795UKMFR9"]})
    assert CONNECTOR.rate_scope(us) == CONNECTOR.rate_scope(ca) != CONNECTOR.rate_scope(de)
    assert "s" not in CONNECTOR.rate_scope(us).split(":")
