"""What a connector says is told in the reader's language, wherever an operator reads it; rows and logs keep it as it was said (U20)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from stockhub.access.models import User
from stockhub.alerts.authorization_alerts import lost_message
from stockhub.alerts.feed_alerts import stale_message
from stockhub.channels import spoken
from stockhub.channels.connecting.models import AccountAuthorization
from stockhub.channels.connecting.trying import try_account
from stockhub.channels.models import Account, Feed, Quarantined
from stockhub.channels.spoken import told
from stockhub.core import clock
from tests.channels.connecting.little_market import LittleMarket
from tests.channels.connecting.market_server import Market
from tests.graphql.shop import post
from tests.worlds import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SAID = "The platform refuses: wrong_secret."
CHINESE = "平台拒绝：wrong_secret。"
CHINESE_PLEASE, ENGLISH_PLEASE = {"accept-language": "zh-hans"}, {"accept-language": "en"}


@pytest.fixture(autouse=True)
def _speaks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    phrases = {"The platform refuses: {reason}.": "平台拒绝：{reason}。", "Orders are allowed.": "可以读取订单。"}
    monkeypatch.setattr(LittleMarket, "phrases", phrases, raising=False)
    # What a connector says is remembered by its class.
    spoken._book.cache_clear()
    yield
    spoken._book.cache_clear()


def test_u20_each_page_tells_it_in_the_readers_language(account: Account) -> None:
    Feed.objects.create(account=account, kind="orders", error=SAID, error_code="wrong_secret", error_at=NOW)
    Quarantined.objects.create(account=account, kind="order", external_id="O1", code="bad", message=SAID, payload={})
    AccountAuthorization.objects.update_or_create(account=account, defaults={"state": "lost", "reason": SAID, "lost_at": NOW})
    client = Client()
    client.force_login(User.objects.create_superuser("root", language="zh-hans"))
    for page in ("channels_feed", "channels_quarantined", "channels_accountauthorization"):
        answer = client.get(reverse(f"admin:{page}_changelist"), headers={"accept-language": "zh-hans"})
        assert CHINESE in answer.content.decode(), page
    query = "{ feeds { lastError { message code } } }"
    chinese = post(client, query, None, **CHINESE_PLEASE).data["feeds"][0]["lastError"]
    english = post(client, query, None, **ENGLISH_PLEASE).data["feeds"][0]["lastError"]
    assert (chinese["message"], english["message"], chinese["code"]) == (CHINESE, SAID, "wrong_secret")
    assert Feed.objects.get(account=account, kind="orders").error == SAID


def test_u20_a_test_of_the_connection_speaks_to_whoever_asks(account: Account, market: Market) -> None:
    with translation.override("zh-hans"), clock.at(None):
        assert try_account(account).remarks == ("可以读取订单。",)
    with translation.override("en"):
        assert try_account(account).remarks == ("Orders are allowed.",)


def test_u20_alerts_quote_it_in_the_language_of_the_page() -> None:
    with translation.override("zh-hans"):
        assert CHINESE in stale_message({"feed": "orders", "hours": 3, "error": SAID})
        assert CHINESE in lost_message({"reason": SAID, "account": "little"})
    with translation.override("en"):
        assert SAID in stale_message({"feed": "orders", "hours": 3, "error": SAID})


def test_u20_what_nobody_translated_stays_as_it_was_said() -> None:
    with translation.override("zh-hans"):
        assert told("Somebody said something else.") == "Somebody said something else."
        assert told("") == ""
