"""Who gets which rows: nobody, a user without permissions, the user of each shop and one who sees all, over every export there is."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import override_settings

from stockhub.access.models import ApiToken
from stockhub.access.services import create_token, revoke_token
from stockhub.exports.formats import FORMATS
from stockhub.exports.registry import EXPORTS
from tests.exports.conftest import Fetch, content, table
from tests.graphql.shop import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", EXPORTS)
def test_nobody_gets_nothing(fetch: Fetch, name: str) -> None:
    for suffix in FORMATS:
        answer = fetch(None, f"/exports/{name}.{suffix}")
        assert (answer.status_code, answer["WWW-Authenticate"], answer["Cache-Control"]) == (401, "Bearer", "no-store")
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", EXPORTS)
def test_each_permission_of_an_export_is_needed(fetch: Fetch, world: World, name: str) -> None:
    assert EXPORTS[name].permissions
    for lacking in EXPORTS[name].permissions:
        app, codename = lacking.split(".")
        world.powerless.user_permissions.set(Permission.objects.exclude(content_type__app_label=app, codename=codename))
        answer = fetch(world.powerless, f"/exports/{name}.csv")
        assert answer.status_code == 403, lacking
        error = answer.json()["errors"][0]  # type: ignore[attr-defined]
        assert (error["extensions"]["code"], lacking in error["message"]) == ("FORBIDDEN", True)
        assert error["extensions"]["correlationId"]


#: Figures of forecasters, which belong to no shop: the same file for everybody who may have it.
OF_NO_SHOP = {"forecast-accuracy", "stages", "stage-history"}


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", EXPORTS)
def test_i4_each_shops_user_gets_its_own_rows_and_none_of_the_others(fetch: Fetch, world: World, name: str, suffix: str) -> None:
    if name in OF_NO_SHOP:
        assert content(fetch(world.me, f"/exports/{name}.csv")) == content(fetch(world.root, f"/exports/{name}.csv"))
    elif suffix == "csv":
        mine, theirs = (content(fetch(user, f"/exports/{name}.csv")).decode() for user in (world.me, world.other))
        assert ("mine-" in mine, "theirs-" in mine) == (True, False), mine
        assert ("mine-" in theirs, "theirs-" in theirs) == (False, True), theirs
        both = content(fetch(world.root, f"/exports/{name}.csv")).decode()
        assert ("mine-" in both, "theirs-" in both) == (True, True)
    else:
        assert fetch(world.powerless, f"/exports/{name}.{suffix}").status_code == 403
        assert fetch(world.me, f"/exports/{name}.{suffix}").status_code == 200


@pytest.mark.parametrize("name", EXPORTS)
def test_i4_an_object_of_another_shop_cannot_be_told_from_one_that_is_not_there(fetch: Fetch, world: World, name: str) -> None:
    known = {each.name for each in EXPORTS[name].filters}
    theirs = {"warehouse": world.theirs.warehouse.code, "account": world.theirs.account.code, "pool": world.theirs.pool.code}
    for parameter in known & theirs.keys():
        said = [fetch(world.me, f"/exports/{name}.csv?{parameter}={code}") for code in (theirs[parameter], "no-such")]
        assert [answer.status_code for answer in said] == [400, 400]
        first, second = (answer.json()["errors"][0]["message"] for answer in said)  # type: ignore[attr-defined]
        assert first.replace(theirs[parameter], "no-such") == second


def test_i4_an_imbalance_between_two_shops_is_in_nobodys_file_but_his_who_sees_both(fetch: Fetch, world: World) -> None:
    from stockhub.alerts.models import Alert

    alert = Alert.objects.get(kind="imbalance", pool=world.mine.pool)
    alert.inputs |= {"donor_pool": float(world.theirs.pool.pk), "donor": world.theirs.pool.code}
    alert.save()
    assert table(fetch(world.me, "/exports/imbalances.csv")) == []
    assert {row["donor"] for row in table(fetch(world.root, "/exports/imbalances.csv"))} == {"theirs-pool"}


def test_a_token_opens_what_its_user_may_see_until_it_is_revoked(fetch: Fetch, world: World) -> None:
    token, plain = create_token(user=world.me)
    rows = table(fetch(None, "/exports/balances.csv", Authorization=f"Bearer {plain}"))
    assert {row["warehouse"] for row in rows} == {"mine-wh"}
    assert ApiToken.objects.get().last_used_at is not None
    revoke_token(token=token)
    for header in (f"Bearer {plain}", "Bearer ", "Basic x", "Bearer sh_wrong"):
        # A wrong token is refused even where a session would do.
        assert fetch(world.me, "/exports/balances.csv", Authorization=header).status_code == 401, header


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_file_is_got_and_nothing_else(fetch: Fetch, world: World, method: str) -> None:
    answer = fetch(world.root, "/exports/balances.csv", method)
    assert (answer.status_code in (403, 405), answer.status_code == 200) == (True, False)


def test_head_gives_the_headers_and_no_rows(fetch: Fetch, world: World) -> None:
    answer = fetch(world.me, "/exports/balances.csv", "head")
    assert (answer.status_code, content(answer)) == (200, b"")
    assert answer["Content-Disposition"] == 'attachment; filename="balances-20250618T0500Z.csv"'


def test_the_list_names_what_a_user_may_have(fetch: Fetch, world: World) -> None:
    def names(user: object) -> list[str]:
        return [each["name"] for each in fetch(user, "/exports/").json()["exports"]]  # type: ignore[attr-defined]

    assert names(world.me) == list(EXPORTS)
    assert names(world.powerless) == []
    world.powerless.user_permissions.set(Permission.objects.filter(codename__in=["view_quarantined", "view_account"]))
    assert names(type(world.powerless).objects.get(pk=world.powerless.pk)) == ["quarantine"]
    assert fetch(None, "/exports/").status_code == 401


@pytest.mark.parametrize("path", ["nothing.csv", "movements.ods", "movements.csvx"])
def test_what_there_is_not_is_not_found(fetch: Fetch, world: World, path: str) -> None:
    answer = fetch(world.root, f"/exports/{path}")
    assert answer.status_code == 404
    assert "csv, xlsx, parquet" in answer.json()["errors"][0]["message"]  # type: ignore[attr-defined]


@override_settings(CORS_ALLOWED_ORIGINS=["https://erp.example"])
def test_a_frontend_of_an_allowed_origin_may_read_files_and_no_other(fetch: Fetch, world: World) -> None:
    for origin, allowed in (("https://erp.example", "https://erp.example"), ("https://evil.example", None)):
        answer = fetch(world.me, "/exports/balances.csv", origin=origin)
        assert (answer.status_code, answer.headers.get("Access-Control-Allow-Origin")) == (200, allowed)
