"""API tokens, roles, and what a user may see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.management import call_command

from stockhub.access.models import ApiToken, Grant, User
from stockhub.access.scopes import NotAllowedError, require, visible_account_ids, visible_warehouse_ids
from stockhub.access.services import authenticate_token, create_token, grant_account, grant_warehouse, revoke_token
from stockhub.catalog.models import PoolWarehouse, Sku, StockPool, Warehouse
from stockhub.catalog.selectors import pools_visible_to, skus_visible_to, visible_pool_ids, warehouses_visible_to
from stockhub.core import clock
from stockhub.core.actor import Actor, acting_as
from stockhub.outbox.models import Event
from stockhub.values.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

NOW = datetime(2025, 1, 2, tzinfo=UTC)


@pytest.fixture
def ana() -> User:
    return User.objects.create_user("ana")


def test_a_token_is_its_users_and_kept_as_a_digest_only(ana: User) -> None:
    token, plaintext = create_token(user=ana, name="ERP")
    assert authenticate_token(plaintext) == ana
    assert plaintext.startswith(token.prefix)
    stored = str(ApiToken.objects.values().get()) + str(list(Event.objects.values()))
    assert plaintext not in stored
    assert plaintext[12:] not in stored


@pytest.mark.parametrize("wrong", ["", "sh_", "nonsense", "\x00", "\ud800", "密"])
def test_anything_else_is_nobody(ana: User, wrong: str) -> None:
    create_token(user=ana)
    assert authenticate_token(wrong) is None


def test_a_token_ends_when_it_expires_is_revoked_or_its_user_leaves(ana: User) -> None:
    with clock.at(NOW):
        token, plaintext = create_token(user=ana, expires_at=NOW + timedelta(days=1))
        assert authenticate_token(plaintext) == ana
        with clock.at(NOW + timedelta(days=1)):
            assert authenticate_token(plaintext) is None
        User.objects.update(is_active=False)
        assert authenticate_token(plaintext) is None
        User.objects.update(is_active=True)
        revoke_token(token=token)
        revoke_token(token=token)
        assert authenticate_token(plaintext) is None
    assert Event.objects.filter(kind="access.token_revoked.v1").count() == 1


def test_use_is_noted_at_most_once_a_minute(ana: User) -> None:
    token, plaintext = create_token(user=ana)
    noted = []
    for seconds in (0, 30, 59, 60, 90):
        with clock.at(NOW + timedelta(seconds=seconds)):
            authenticate_token(plaintext)
        noted.append(int((ApiToken.objects.get(pk=token.pk).last_used_at - NOW).total_seconds()))  # type: ignore[operator]
    assert noted == [0, 0, 0, 60, 60]


def test_a_token_that_has_expired_already_is_not_made(ana: User) -> None:
    with pytest.raises(DomainError) as caught:
        create_token(user=ana, expires_at=clock.now() - timedelta(seconds=1))
    assert caught.value.code == "invalid_expiry"
    assert ApiToken.objects.count() == 0


def test_the_command_prints_a_working_token(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        call_command("create_token", "bo")
    assert stopped.value.code == 1
    assert User.objects.count() == 0
    capsys.readouterr()
    call_command("create_token", "bo", "--create", "--role", "operator", "--name", "CI")
    user = authenticate_token(capsys.readouterr().out.strip())
    assert user is not None
    assert (user.username, user.has_usable_password(), user.is_staff) == ("bo", False, False)
    assert user.has_perm("catalog.change_sku")
    assert not user.has_perm("access.change_user")


def test_roles_are_there_after_migrating() -> None:
    permissions = {
        role: {f"{p.content_type.app_label}.{p.codename}" for p in Group.objects.get(name=role).permissions.select_related("content_type")}
        for role in ("viewer", "operator", "admin")
    }
    assert permissions["viewer"] < permissions["operator"] < permissions["admin"]
    assert {permission.partition(".")[2].partition("_")[0] for permission in permissions["viewer"]} == {"view"}
    assert not {permission for permission in permissions["viewer"] if permission.startswith(("access.", "outbox.", "pluginhost."))}
    assert "inventory.add_movement" in permissions["operator"]
    assert "channels.change_account" in permissions["admin"] - permissions["operator"]
    assert "access.change_user" in permissions["admin"] - permissions["operator"]


def test_i4_a_user_sees_what_was_granted(ana: User) -> None:
    assert (visible_account_ids(ana), visible_warehouse_ids(ana)) == (set(), set())
    grant_account(user=ana, account_id=7)
    grant_account(user=ana, account_id=7)
    grant_warehouse(user=ana, warehouse_id=8)
    ana = User.objects.get(pk=ana.pk)
    assert (visible_account_ids(ana), visible_warehouse_ids(ana)) == ({7}, {8})
    assert Grant.objects.count() == 2
    ana.sees_all_accounts = True
    assert (visible_account_ids(ana), visible_warehouse_ids(ana)) == (None, {8})
    ana.is_active = False
    assert visible_account_ids(ana) == set()
    assert visible_account_ids(AnonymousUser()) == set()


def test_i4_a_pool_is_visible_where_all_of_its_warehouses_are(ana: User) -> None:
    near, far = (Warehouse.objects.create(code=code, name=code) for code in ("NEAR", "FAR"))
    mine, mixed, empty = (StockPool.objects.create(code=code, name=code) for code in ("MINE", "MIXED", "EMPTY"))
    for pool, warehouse in ((mine, near), (mixed, near), (mixed, far)):
        PoolWarehouse.objects.create(pool=pool, warehouse=warehouse)
    grant_warehouse(user=ana, warehouse_id=near.pk)
    assert list(warehouses_visible_to(ana)) == [near]
    assert list(pools_visible_to(ana)) == [mine]
    assert visible_pool_ids(ana) == {mine.pk}
    ana.sees_all_warehouses = True
    assert set(pools_visible_to(ana)) == {mine, mixed, empty}
    assert visible_pool_ids(ana) is None


def test_skus_are_for_all_who_may_view_them(ana: User) -> None:
    sku = Sku.objects.create(code="TEA")
    assert list(skus_visible_to(ana)) == []
    ana.groups.add(Group.objects.get(name="viewer"))
    assert list(skus_visible_to(User.objects.get(pk=ana.pk))) == [sku]


def test_the_system_may_everything_and_nobody_nothing(ana: User) -> None:
    require("catalog.change_sku", warehouse_ids=[1])
    for who in (Actor("anonymous"), Actor("ana", ana.pk), Actor("gone", 10**9)):
        with acting_as(who), pytest.raises(NotAllowedError):
            require("catalog.change_sku")
