"""U24: an account that has to be authorised again is an alert that says what to do, and closes itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from stockhub.alerts.models import Alert
from stockhub.alerts.wording import headline
from stockhub.channels.connecting.models import AccountAuthorization
from tests.worlds import NOW, make_world, run_cycle

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
