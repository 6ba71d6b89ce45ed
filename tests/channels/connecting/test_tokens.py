"""U25: tokens are renewed before they end, kept whole and encrypted, and survive a crash, a busy platform, and another process."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models.functions import Now
from django.utils import timezone
from pytest_django import Settings

from stockhub.channels.connecting import tokens
from stockhub.channels.connecting.asking import asking
from stockhub.channels.connecting.models import AccountAuthorization, RateBucket
from stockhub.channels.connecting.rate_limits import HeldBackError
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.core.encryption import decrypt
from stockhub.outbox.models import Event
from stockhub.pluginapi.connectors import (
    AuthorizationLostError,
    ConnectorContext,
    ThrottledError,
    TokenRefusedError,
    Tokens,
    UnavailableError,
)
from tests.channels.connecting.conftest import KEY
from tests.channels.connecting.little_market import LittleMarket, ask
from tests.channels.connecting.market_server import Market

#: Another one than the fixtures'.
NEW_KEY = "bmV3a2V5bmV3a2V5bmV3a2V5bmV3a2V5bmV3a2V5bmU="
pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def row() -> AccountAuthorization:
    return AccountAuthorization.objects.get()


def test_a_token_is_renewed_before_it_ends(account: Account, market: Market) -> None:
    asking(account, ask)
    soon = clock.wall() + timedelta(seconds=market.life - 200)
    with clock.at(soon):
        asking(account, ask)
    assert (market.renewals, row().generation, decrypt(row().secrets)["access_token"]) == (1, 2, "access-token-0002")


def test_a_platform_that_renews_only_in_the_last_hour_is_not_asked_before(account: Account, market: Market) -> None:
    """Douyin gives a new pair only in the last hour of the old one."""
    market.life, market.renew_from = 7 * 86400.0, 7 * 86400.0 - 3600
    asking(account, ask)
    for seconds, renewals in ((7 * 86400 - 3700, 0), (7 * 86400 - 3500, 1)):
        with clock.at(clock.wall() + timedelta(seconds=seconds)):
            asking(account, ask)
        assert market.renewals == renewals


def test_a_short_token_is_not_renewed_at_every_call(account: Account, market: Market) -> None:
    market.life = 30.0
    for _turn in range(3):
        asking(account, ask)
    assert (market.obtained, market.renewals) == (1, 0)


def test_others_use_the_old_token_while_one_renews_and_wait_where_it_does_not_hold(account: Account, market: Market) -> None:
    asking(account, ask)
    AccountAuthorization.objects.update(leased_by="another", lease_until=Now() + timedelta(seconds=60))
    with clock.at(clock.wall() + timedelta(seconds=market.life - 100)):
        assert asking(account, ask).status == 200
    with clock.at(clock.wall() + timedelta(seconds=market.life + 100)), pytest.raises(ThrottledError) as failure:
        asking(account, ask)
    assert (failure.value.after_seconds, market.renewals) == (1.0, 0)


def test_the_lease_of_a_process_that_died_is_taken_over_with_the_old_tokens(account: Account, market: Market) -> None:
    asking(account, ask)
    AccountAuthorization.objects.update(leased_by="dead", lease_until=Now() - timedelta(seconds=1))
    market.valid.clear()
    assert asking(account, ask).status == 200
    assert (market.renewals, row().leased_by) == (1, "")


def test_a_crash_between_the_answer_and_the_store_is_recovered(account: Account, market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    asking(account, ask)
    market.valid.clear()

    def dies(*_arguments: object, **_options: object) -> bool:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(tokens, "store_tokens", dies)
        with pytest.raises(SystemExit):
            asking(account, ask)
    assert (market.renewals, decrypt(row().secrets)["refresh_token"], row().generation) == (1, "refresh-token-0001", 1)
    AccountAuthorization.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert asking(account, ask).status == 200
    assert (market.renewals, decrypt(row().secrets)["refresh_token"], row().generation) == (2, "refresh-token-0003", 2)


def test_who_lost_its_lease_writes_nothing_over_newer_tokens(account: Account, market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    asking(account, ask)
    market.valid.clear()
    real = LittleMarket.renew

    def slow(self: LittleMarket, context: ConnectorContext, old: Tokens) -> Tokens:
        new = real(self, context, old)
        newer = real(self, context, old)
        assert tokens.store_tokens(account, newer)
        return new

    monkeypatch.setattr(LittleMarket, "renew", slow)
    with pytest.raises(ThrottledError):
        asking(account, ask)
    assert decrypt(row().secrets)["access_token"] == "access-token-0003"
    assert asking(account, ask).status == 200


def test_a_busy_platform_is_left_alone_while_the_old_token_holds(account: Account, market: Market) -> None:
    asking(account, ask)
    market.token_status = 503
    with clock.at(clock.wall() + timedelta(seconds=market.life - 100)):
        assert [asking(account, ask).status for _turn in range(3)] == [200, 200, 200]
    assert (market.seen("/token"), row().failures) == (2, 1)
    assert row().next_attempt_at is not None
    with clock.at(clock.wall() + timedelta(seconds=market.life + 1)), pytest.raises(UnavailableError) as failure:
        asking(account, ask)
    # Promise 12: seen as a failure by whoever misses the token, until when it is tried again.
    assert (failure.value.code, market.seen("/token")) == ("http_503", 2)
    assert failure.value.after_seconds == pytest.approx(4, abs=2)
    assert "could not be renewed, 1 times in a row" in failure.value.message
    AccountAuthorization.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    with clock.at(clock.wall() + timedelta(seconds=market.life + 1)), pytest.raises(UnavailableError) as failure:
        asking(account, ask)
    assert (failure.value.code, row().failures, row().state) == ("http_503", 2, "authorised")


def test_a_renewal_that_the_platform_refuses_as_a_token_is_a_lost_authorisation(
    account: Account, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking(account, ask)
    market.valid.clear()

    def refuses(_self: LittleMarket, _context: ConnectorContext, old: Tokens) -> Tokens:
        raise TokenRefusedError("It has ended.", token=old.refresh_token)

    monkeypatch.setattr(LittleMarket, "renew", refuses)
    with pytest.raises(AuthorizationLostError) as failure:
        asking(account, ask)
    assert (failure.value.code, row().state, row().reason) == (
        "refresh_refused", "lost", "The platform does not renew the token: It has ended.",
    )  # fmt: skip


def test_others_wait_as_the_platform_asks_while_it_does_not_renew(account: Account, market: Market) -> None:
    """No failure: a platform that asks to wait is waited for, by all who miss the token."""
    asking(account, ask)
    market.token_status = 429
    market.valid.clear()
    with pytest.raises(ThrottledError):
        asking(account, ask)
    with pytest.raises(HeldBackError) as failure:
        asking(account, ask)
    assert failure.value.after_seconds == pytest.approx(4, abs=2)
    assert row().reason_code == "throttled"
    market.token_status = 200
    RateBucket.objects.all().delete()
    AccountAuthorization.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    assert asking(account, ask).status == 200
    assert (row().reason_code, row().reason, row().failures) == ("", "", 0)


def test_what_is_written_of_a_renewal_that_failed_holds_no_token(account: Account, market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    """I7: the connector's own words may repeat what it renews with."""
    asking(account, ask)
    market.valid.clear()

    def talkative(_self: LittleMarket, _context: ConnectorContext, old: Tokens) -> Tokens:
        raise AuthorizationLostError("revoked", f"{old.refresh_token} of {old.access_token} and {market.secret} is revoked.")

    monkeypatch.setattr(LittleMarket, "renew", talkative)
    with pytest.raises(AuthorizationLostError) as failure:
        asking(account, ask)
    told = "[redacted] of [redacted] and [redacted] is revoked."
    [event] = Event.objects.filter(kind="channels.account_authorization_lost.v1")
    assert (failure.value.message, row().reason, event.payload["reason"]) == (told, told, told)


def test_the_rotation_of_keys_covers_tokens(account: Account, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """Promise 22."""
    asking(account, ask)
    settings.STOCKHUB_ENCRYPTION_KEYS = [NEW_KEY, KEY]
    call_command("rotate_secrets")
    assert "1 tokens," in capsys.readouterr().out
    settings.STOCKHUB_ENCRYPTION_KEYS = [NEW_KEY]
    assert decrypt(row().secrets)["access_token"] == "access-token-0001"
    assert asking(Account.objects.get(), ask).status == 200
