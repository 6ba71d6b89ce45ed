"""The page *Alert rules* lists every rule that runs, so that it can be switched off."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from stockhub.access.models import User
from stockhub.alerts.evaluation import enabled_rules
from stockhub.alerts.models import RuleSetting
from stockhub.pluginhost.registry import registry

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LIST = reverse("admin:alerts_rulesetting_changelist")


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def test_h64_every_installed_rule_is_listed_as_it_is_and_can_be_switched_off(browser: Client) -> None:
    RuleSetting.objects.create(rule="overstock", enabled=False)
    RuleSetting.objects.create(rule="of-a-plugin-that-left")
    before = enabled_rules()
    for _twice in range(2):
        page = browser.get(LIST)
        listed = {row.rule: row.enabled for row in page.context["cl"].queryset}
        assert listed == {"of-a-plugin-that-left": True} | {slug: slug != "overstock" for slug in registry().alert_rules}
    assert enabled_rules() == before
    assert "Stock-out risk" in page.content.decode()
    shortage = RuleSetting.objects.get(rule="shortage")
    assert browser.post(reverse("admin:alerts_rulesetting_change", args=[shortage.pk]), {}).status_code == 302
    assert enabled_rules() == [slug for slug in before if slug != "shortage"]


def test_who_may_not_see_the_page_makes_nothing() -> None:
    client = Client()
    client.force_login(User.objects.create_user("ana", is_staff=True))
    assert client.get(LIST).status_code == 403
    assert not RuleSetting.objects.exists()
