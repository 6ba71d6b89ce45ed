"""U24, U25 and promise 12: what a connector is asked, how tokens are renewed, and what becomes of a lost authorisation."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from stockhub.channels.connecting.asking import asking
from stockhub.channels.connecting.contexts import context_for
from stockhub.channels.connecting.models import AccountAuthorization, AuthorizationState
from stockhub.channels.connecting.rate_limits import HeldBackError
from stockhub.channels.models import Account
from stockhub.outbox.models import Event
from stockhub.pluginapi.connectors import (
    AuthorizationLostError,
    ConnectorContext,
    ConnectorError,
    RequestRefusedError,
    ThrottledError,
    UnavailableError,
)
from stockhub.pluginhost import registry
from stockhub.pluginhost.errors import ProviderFailedError
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.models import Provider
from stockhub.values import DomainError
from tests.channels.connecting.little_market import LittleMarket, ask
from tests.channels.connecting.market_server import Market

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def failing(account: Account, work: Callable[[ConnectorContext], Any] = ask) -> ConnectorError:
    with pytest.raises(ConnectorError) as failure:
        asking(account, work)
    return failure.value


def test_the_first_token_comes_from_the_configuration_and_the_next_call_uses_it(account: Account, market: Market) -> None:
    assert [asking(account, ask).status for _turn in range(3)] == [200, 200, 200]
    row = AccountAuthorization.objects.get()
    assert (market.obtained, market.renewals, row.state, row.subject, row.generation) == (1, 0, AuthorizationState.AUTHORISED, "shop-1", 1)
    assert b"access-token" not in bytes(row.secrets)
    assert [event.payload for event in Event.objects.filter(kind="channels.account_authorised.v1")] == [
        {"account": "little", "subject": "shop-1"}
    ]


def test_a_refused_token_is_renewed_once_and_the_work_runs_again(account: Account, market: Market) -> None:
    asking(account, ask)
    market.valid.clear()
    assert asking(account, ask).status == 200
    assert (market.renewals, AccountAuthorization.objects.get().generation) == (1, 2)


def test_a_second_refusal_is_a_lost_authorisation_that_is_told_once(account: Account, market: Market) -> None:
    asking(account, ask)
    market.answers = [(401, {}, b"{}"), (401, {}, b"{}")]
    error = failing(account)
    assert (type(error), error.code) == (AuthorizationLostError, "token_refused")
    row = AccountAuthorization.objects.get()
    assert (row.state, row.reason_code) == (AuthorizationState.LOST, "token_refused")
    assert row.lost_at is not None
    asked = market.seen("/shop")
    assert type(failing(account)) is AuthorizationLostError
    assert market.seen("/shop") == asked, "none of its feeds runs until somebody has"
    assert Event.objects.filter(kind="channels.account_authorization_lost.v1").count() == 1


def test_a_revoked_authorisation_is_lost_where_the_renewal_says_so(account: Account, market: Market) -> None:
    asking(account, ask)
    market.revoked = True
    market.valid.clear()
    assert failing(account).code == "revoked"
    assert AccountAuthorization.objects.get().reason == "The platform refuses: revoked."


def test_a_429_empties_the_bucket_for_everybody_and_nobody_sleeps(account: Account, market: Market) -> None:
    market.answers = [(429, {"Retry-After": "7"}, b"")]
    error = failing(account)
    assert isinstance(error, ThrottledError)
    assert error.after_seconds == 7.0
    asked = market.seen("/shop")
    again = failing(account)
    assert isinstance(again, HeldBackError)
    assert again.after_seconds == pytest.approx(7.0, abs=1.0)
    assert market.seen("/shop") == asked


def test_a_fault_of_the_connector_is_the_plugins_and_holds_no_secret(account: Account, market: Market) -> None:
    def broken(context: ConnectorContext) -> None:
        raise KeyError(f"{market.secret} {context.platform.token()}")

    with pytest.raises(ProviderFailedError) as failure:
        asking(account, broken)
    assert failure.value.code == "raised"
    assert market.secret not in str(failure.value.message)
    assert "access-token" not in str(failure.value.message)


def test_a_plugin_that_is_away_on_this_worker_is_tried_again(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """Promise 14: it may be there on the next worker, so its feeds are not refused for good."""
    monkeypatch.delitem(registry._built_in, (Kind.MARKETPLACE, LittleMarket.slug))
    registry.reset()
    error = failing(account)
    assert (type(error), error.code) == (UnavailableError, "unknown_provider")


@pytest.mark.parametrize("method", ["rate_scope", "rate_limits_of"])
def test_a_connector_whose_limits_cannot_be_asked_for_is_at_fault_and_holds_no_secret(
    method: str, account: Account, market: Market, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Promise 14: an error, as any other, and none that ends its worker's turn."""

    def broken(_self: LittleMarket, _config: object) -> None:
        raise KeyError(market.secret)

    monkeypatch.setattr(LittleMarket, method, broken)
    error = failing(account)
    assert (type(error), error.code) == (UnavailableError, "raised")
    assert "KeyError" in error.message
    row = Provider.objects.get(slug=LittleMarket.slug)
    assert (row.failures, "in broken" in row.last_error) == (1, True)
    assert market.secret not in error.message + row.last_error + caplog.text


def test_errors_of_the_caller_come_through(account: Account) -> None:
    def refuses(_context: ConnectorContext) -> None:
        raise DomainError("mine", "It is mine.")

    with pytest.raises(DomainError) as failure:
        asking(account, refuses)
    assert failure.value.code == "mine"


@pytest.mark.django_db(transaction=True)
def test_a_platform_is_never_asked_within_a_transaction(account: Account) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="within a transaction"):
        asking(account, ask)


def test_a_private_address_is_refused_with_the_setting_to_change(account: Account, settings: Settings) -> None:
    settings.STOCKHUB_ALLOW_PRIVATE_URLS = []
    error = failing(account)
    assert (type(error), error.code) == (RequestRefusedError, "address_refused")
    assert "STOCKHUB_ALLOW_PRIVATE_URLS" in error.message


def test_a_platform_that_is_away_is_unavailable(connected: Callable[..., Account]) -> None:
    error = failing(connected(base_url="http://127.0.0.1:9"))
    assert (type(error), error.code) == (UnavailableError, "unreachable")


def test_a_lost_encryption_key_is_a_clear_error_and_loses_nothing(account: Account, settings: Settings) -> None:
    """Promise 22."""
    asking(account, ask)
    settings.STOCKHUB_ENCRYPTION_KEYS = ["bG9zdGxvc3Rsb3N0bG9zdGxvc3Rsb3N0bG9zdGxvc3Q="]
    error = failing(account)
    assert (type(error), error.code) == (RequestRefusedError, "encryption_key_missing")
    assert AccountAuthorization.objects.get().state == AuthorizationState.AUTHORISED


def test_nothing_that_a_connector_logs_holds_a_secret(account: Account, market: Market, caplog: pytest.LogCaptureFixture) -> None:
    """I7."""

    def talkative(context: ConnectorContext) -> None:
        token = context.platform.token()
        context.log.warning("with %s and %s", market.secret, token)
        try:
            int(token)
        except ValueError:
            context.log.exception("it broke")

    with caplog.at_level(logging.INFO):
        asking(account, talkative)
    assert "with [redacted] and [redacted]" in caplog.text
    assert market.secret not in caplog.text
    assert "access-token" not in caplog.text


def test_without_the_network_nothing_is_reached(account: Account, market: Market) -> None:
    context = context_for(account, with_network=False)
    with pytest.raises(RequestRefusedError) as failure:
        ask(context)
    assert (failure.value.code, market.calls) == ("no_network", [])


def test_notes_are_kept_forgotten_and_bounded(account: Account) -> None:
    memory = context_for(account, with_network=False).memory
    memory.set("rows", {"count": 3})
    memory.set("rows", {"count": 4})
    assert (memory.get("rows"), memory.get("other")) == ({"count": 4}, None)
    memory.set("rows", None)
    assert memory.get("rows") is None
    for value in ("x" * 20_000, float("nan"), object()):
        with pytest.raises(ValueError, match="note"):
            memory.set("rows", value)
