"""U24: an account that has to be authorised again is an alert that says what to do, and closes itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import translation
from pydantic import BaseModel

from stockhub.alerts.models import Alert
from stockhub.alerts.wording import headline
from stockhub.channels.connecting.models import AccountAuthorization
from stockhub.channels.models import Account
from stockhub.pluginapi import MarketplaceConnector
from stockhub.pluginapi.connectors import Authorize, ConnectionReport, ConnectorContext, Tokens
from stockhub.pluginhost import registry
from stockhub.pluginhost.kinds import Kind
from stockhub.values import Label
from tests.worlds import DAY, NOW, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def shown(kind: str) -> list[Alert]:
    return list(Alert.objects.filter(kind=kind).exclude(status="resolved"))


def test_u24_a_lost_authorisation_is_one_urgent_alert_until_somebody_has_authorised_again() -> None:
    world = make_world()
    row = AccountAuthorization.objects.create(
        account=world.account, state="lost", reason_code="revoked", reason="The seller has revoked it.", lost_at=NOW
    )
    run_cycle("warnings")
    [alert] = shown("authorization-lost")
    assert (alert.account_id, alert.level, alert.side, alert.inputs["code"]) == (world.account.pk, 3, "data", "revoked")
    assert headline(alert) == (
        "dy · To be authorised again · The platform does not let us in any more: The seller has revoked it. Nothing is read or pushed "
        "until somebody authorises the account again, on its page."
    )
    run_cycle("warnings", NOW + timedelta(minutes=15))
    assert len(shown("authorization-lost")) == 1
    AccountAuthorization.objects.filter(pk=row.pk).update(state="authorised")
    run_cycle("warnings", NOW + timedelta(minutes=30))
    assert shown("authorization-lost") == []


def test_u24_an_authorisation_that_ends_in_a_few_days_and_is_not_renewed_is_an_alert() -> None:
    world = make_world()
    row = AccountAuthorization.objects.create(
        account=world.account, state="authorised", expires_at=NOW + timedelta(hours=1), refresh_expires_at=NOW + timedelta(days=5)
    )
    run_cycle("warnings")
    assert shown("authorization-ends") == [], "it is renewed in an hour, with a later end"
    AccountAuthorization.objects.filter(pk=row.pk).update(expires_at=NOW - timedelta(hours=1))
    run_cycle("warnings", NOW + timedelta(minutes=15))
    [alert] = shown("authorization-ends")
    assert (alert.level, alert.inputs["days"]) == (2, 4)
    with translation.override("en"):
        assert "ends in 4 days, on" in headline(alert)
    AccountAuthorization.objects.filter(pk=row.pk).update(refresh_expires_at=NOW + timedelta(days=1, hours=12))
    run_cycle("warnings", NOW + timedelta(minutes=30))
    [alert] = shown("authorization-ends")
    assert alert.level == 3
    AccountAuthorization.objects.filter(pk=row.pk).update(refresh_expires_at=NOW + timedelta(days=30))
    run_cycle("warnings", NOW + timedelta(minutes=45))
    assert shown("authorization-ends") == []


class _Config(BaseModel):
    ends_on: date | None = None
    is_broken: bool = False


class _Ending(Authorize, MarketplaceConnector):
    """A market whose app's secret ends on a day that the configuration knows."""

    slug = "ending"
    name = Label("Ending", "到期")
    account_config_model = _Config

    def obtain(self, context: ConnectorContext, *, code: str = "") -> Tokens:
        raise NotImplementedError

    def renew(self, context: ConnectorContext, tokens: Tokens) -> Tokens:
        raise NotImplementedError

    def test_connection(self, context: ConnectorContext) -> ConnectionReport:
        raise NotImplementedError

    def credentials_end_on(self, config: BaseModel) -> date | None:
        assert isinstance(config, _Config)
        if config.is_broken:
            raise RuntimeError("no day")
        return config.ends_on


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(registry, "_built_in", {**registry._built_in, (Kind.MARKETPLACE, _Ending.slug): _Ending()})
    registry.reset()
    yield
    registry.reset()


def account_of(code: str, **config: object) -> Account:
    return Account.objects.create(code=code, name=code, marketplace="ending", config=config)


@pytest.mark.usefixtures("ending")
def test_u24_a_secret_that_a_person_has_to_rotate_is_an_alert_before_it_ends() -> None:
    """Its token renews every hour: that is no help on the day on which the secret ends."""
    make_world()
    account = account_of("amz", ends_on=(DAY + timedelta(days=20)).isoformat())
    account_of("later", ends_on=(DAY + timedelta(days=21)).isoformat())
    account_of("never")
    account_of("broken", is_broken=True)
    AccountAuthorization.objects.create(account=account, state="authorised", expires_at=NOW + timedelta(hours=1))
    run_cycle("warnings")
    [alert] = shown("authorization-ends")
    assert (alert.account_id, alert.level, alert.inputs["days"]) == (account.pk, 2, 20)
    with translation.override("en"):
        assert "The secret of its app ends in 20 days, on" in headline(alert)
    run_cycle("warnings", NOW + timedelta(days=19))
    told = {alert.inputs["account"]: (alert.level, alert.inputs["days"]) for alert in shown("authorization-ends")}
    assert told == {"amz": (3, 1), "later": (2, 2)}
    run_cycle("warnings", NOW + timedelta(days=20))
    ended = next(alert for alert in shown("authorization-ends") if alert.account_id == account.pk)
    with translation.override("en"):
        assert "The secret of its app ended on" in headline(ended)


@pytest.mark.usefixtures("ending")
def test_u24_the_alert_ends_when_the_new_secrets_day_is_entered_or_the_account_is_no_longer_in_use() -> None:
    make_world()
    account, other = (account_of(code, ends_on=DAY.isoformat()) for code in ("amz", "gone"))
    run_cycle("warnings")
    assert {alert.account_id for alert in shown("authorization-ends")} == {account.pk, other.pk}
    Account.objects.filter(pk=account.pk).update(config={"ends_on": (DAY + timedelta(days=180)).isoformat()})
    AccountAuthorization.objects.create(account=other, state="disconnected")
    run_cycle("warnings", NOW + timedelta(minutes=15))
    assert shown("authorization-ends") == []
