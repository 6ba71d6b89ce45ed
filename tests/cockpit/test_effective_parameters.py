"""The page that says which parameters a rule uses for a SKU in a pool, and why."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from stockhub.access.models import User
from stockhub.alerts.models import RuleParameter
from stockhub.alerts.parameters.admin import ValueField
from tests.worlds import NOW, World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
PAGE = reverse("cockpit:effective_parameters")
HOSTILE = "<img src=x>"


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def test_it_shows_what_holds_where_it_comes_from_and_what_lost(world: World, browser: Client) -> None:
    sku = world.sku("CAP")
    common = {"rule": "shortage", "parameter": "horizon_days", "starts_at": NOW, "set_at": NOW, "set_by": "ana"}
    RuleParameter.objects.create(**common, value=35.0, reason="our usual")
    RuleParameter.objects.create(**common, value=56.5, scope="sku", sku=sku, reason=HOSTILE)
    page = browser.get(PAGE, {"rule": "shortage", "sku": "CAP", "pool": "cn"})
    [row] = [row for row in page.context["rows"] if row.name == "horizon_days"]
    assert (row.label, row.value, row.default) == ("Days ahead, at least", "56.5 days", "28")
    assert (row.source.of, row.source.why) == ("SKU: CAP", "<img src=x> (ana)")
    assert [(held.of, held.value, held.why) for held in row.lost] == [("All SKUs", "35", "our usual (ana)")]
    assert page.context["trust"] is None
    world.stock(sku, 5)
    assert browser.get(PAGE, {"rule": "shortage", "sku": "CAP", "pool": "cn"}).context["trust"][0] == "low"
    assert HOSTILE not in page.content.decode()
    assert "the rule&#x27;s default: 28" in page.content.decode() or "the rule's default: 28" in page.content.decode()


def test_h27_the_page_says_when_times_the_safety_stock_changes_nothing(world: World, browser: Client) -> None:
    world.sku("CAP")
    shown = {}
    for language in ("en", "zh-hans"):
        page = browser.get(PAGE, {"rule": "overstock", "sku": "CAP", "pool": "cn"}, headers={"accept-language": language})
        abouts = {row.name: row.about for row in page.context["rows"]}
        assert {name for name, about in abouts.items() if about} == {"times_safety_stock"}
        assert abouts["times_safety_stock"] in page.content.decode()
        shown[language] = abouts["times_safety_stock"]
    assert shown["en"].startswith("One of three lines, and the lowest warns.")
    assert shown["zh-hans"].startswith("三条界线之一，任一达到即预警。")


def test_it_asks_first_and_says_what_it_does_not_know(world: World, browser: Client) -> None:
    assert browser.get(PAGE).context["rows"] is None
    wrong = browser.get(PAGE, {"rule": "moon", "sku": "NONE", "pool": "mars"})
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (200, {"rule", "sku", "pool"})


def test_it_is_for_those_who_may_see_parameters(world: World) -> None:
    client = Client()
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert client.get(PAGE).status_code == 403


def test_a_row_leads_to_the_form_that_sets_another_value_filled_in(world: World, browser: Client) -> None:
    sku = world.sku("CAP")
    page = browser.get(PAGE, {"rule": "shortage", "sku": "CAP", "pool": "cn"})
    [row] = [row for row in page.context["rows"] if row.name == "horizon_days"]
    assert row.setting in page.content.decode().replace("&amp;", "&")
    form = browser.get(row.setting).context["adminform"].form
    asked = {name: form[name].value() for name in ("rule", "parameter", "value", "scope", "sku")}
    assert asked == {"rule": "shortage", "parameter": "horizon_days", "value": "28", "scope": "sku", "sku": str(sku.pk)}
    empty = browser.get(reverse("admin:alerts_ruleparameter_add")).context["adminform"].form
    assert "null" not in str(empty["value"])


def test_who_may_not_set_parameters_is_offered_no_form(world: World) -> None:
    world.sku("CAP")
    ana = User.objects.create_user("ana", is_staff=True, sees_all_warehouses=True, sees_all_accounts=True)
    ana.user_permissions.set(Permission.objects.filter(codename="view_ruleparameter"))
    client = Client()
    client.force_login(ana)
    page = client.get(PAGE, {"rule": "shortage", "sku": "CAP", "pool": "cn"})
    assert {row.setting for row in page.context["rows"]} == {""}


@pytest.mark.parametrize(("typed", "kept"), [("weekly", "weekly"), (' "weekly" ', "weekly"), ("28", 28), ("0.5", 0.5), ("true", True)])
def test_a_word_is_typed_without_quotes(typed: str, kept: object) -> None:
    assert ValueField().clean(typed) == kept
