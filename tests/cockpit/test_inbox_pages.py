"""The inbox and the incidents in the admin: what people do there, and what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from stockhub.access.models import User
from stockhub.alerts import services
from stockhub.alerts.models import Alert, Incident
from stockhub.channels.models import Account
from stockhub.core import clock
from tests.cockpit.made_up_shop import Shop

pytestmark = pytest.mark.django_db
MakeShop = Callable[..., Shop]
LIST = "admin:alerts_alert_changelist"


def selected(action: str, *rows: Model, **more: str) -> dict[str, Any]:
    return {"action": action, "_selected_action": [row.pk for row in rows], **more}


def test_two_people_at_once_the_second_reads_that_somebody_was_quicker(browser: Client, shop: MakeShop) -> None:
    alert = shop(1).alert
    seen = str(alert.version)
    assert browser.post(reverse("admin:alerts_alert_acknowledge", args=[alert.pk]), {"version": seen}).status_code == 302
    late = browser.post(reverse("admin:alerts_alert_start", args=[alert.pk]), {"version": seen}, follow=True)
    assert "Somebody changed the alert since you read it." in late.content.decode()
    changed = Alert.objects.get(pk=alert.pk)
    assert (changed.status, changed.started_at) == ("acknowledged", None)


def test_many_are_assigned_and_what_is_refused_is_told(browser: Client, shop: MakeShop) -> None:
    made = shop(2)
    alerts = list(Alert.objects.filter(kind="shortage"))
    Alert.objects.filter(pk=alerts[0].pk).update(status="resolved", ending="expired", resolution="gone")
    ana = User.objects.create(username="ana")
    url = f"{reverse(LIST)}?status=all"
    asked = browser.post(url, selected("assign", *alerts))
    assert asked.status_code == 200
    done = browser.post(url, selected("assign", *alerts, owner=str(ana.pk), apply="1"), follow=True).content.decode()
    assert "1 alert was changed." in done
    assert "The alert is resolved already." in done
    assert set(Alert.objects.filter(owner=ana).values_list("pk", flat=True)) == {made.alert.pk}


def test_h71_a_false_alarm_asks_for_its_cause(browser: Client, shop: MakeShop) -> None:
    alert = shop(1).alert
    url = reverse("admin:alerts_alert_false_alarm", args=[alert.pk])
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"apply": "1", "cause": "bad luck"}).status_code == 200
    assert Alert.objects.get(pk=alert.pk).status == "open"
    assert browser.post(url, {"apply": "1", "cause": "late_delivery", "note": "truck"}).status_code == 302
    changed = Alert.objects.get(pk=alert.pk)
    assert (changed.ending, changed.false_alarm_cause, changed.resolution) == ("false_alarm", "late_delivery", "truck")
    page = browser.get(reverse("admin:alerts_alert_change", args=[alert.pk])).content.decode()
    assert "A delivery was late" in page


def test_h70_the_list_shows_of_each_alert_its_state_its_progress_and_whose_it_is(browser: Client, shop: MakeShop) -> None:
    made = shop(1)
    ana = User.objects.create(username="ana", first_name="Ana", last_name="Li")
    with clock.at(made.alert.opened_at + timedelta(hours=2)):
        services.assign(alert_ids=[made.alert.pk], owner=ana)
        services.start(alert_ids=[made.alert.pk])
    page = browser.get(reverse(LIST)).content.decode()
    [row] = [part for part in page.split("<tr")[2:] if reverse("admin:alerts_alert_change", args=[made.alert.pk]) in part]
    assert "In progress" in row
    assert "Ana Li" in row or "ana" in row
    story = browser.get(reverse("admin:alerts_alert_change", args=[made.alert.pk])).content.decode()
    assert "Started" in story


def test_the_list_narrows_by_clock_state_money_and_incident(browser: Client, shop: MakeShop) -> None:
    made = shop(3)
    Alert.objects.filter(pk=made.alert.pk).update(resolve_by_at=clock.now() - timedelta(hours=1))
    for query, count in (("overdue=yes", 1), ("overdue=no", 8), (f"incident__id__exact={made.incident.pk}", 1), ("min_money=1000", 3),
                         ("status=false_alarm", 0), ("category=none", 0), ("account=none", 0)):  # fmt: skip
        found = browser.get(f"{reverse(LIST)}?{query}").context["cl"].queryset.count()
        assert found == count, query


def test_h70_an_account_without_a_pool_shows_its_alerts_to_whoever_asks_for_it(browser: Client, shop: MakeShop) -> None:
    made = shop(2)
    bare = Account.objects.create(code="no-pool", name="No pool", marketplace="file")
    lost = Alert.objects.create(
        kind="authorization-lost", subject=f"account:{bare.pk}", side="data", level=3, message="x", account_id=bare.pk,
        opened_cycle=made.alert.opened_cycle, changed_cycle=made.alert.changed_cycle,
    )  # fmt: skip
    assert list(browser.get(f"{reverse(LIST)}?account=no-pool").context["cl"].queryset) == [lost]
    query = '{ alerts(filter: { account: "no-pool" }) { edges { node { subject } } } }'
    answer = browser.post("/graphql/", json.dumps({"query": query}), content_type="application/json").json()
    assert answer["data"]["alerts"]["edges"] == [{"node": {"subject": f"account:{bare.pk}"}}]


def test_n14_the_page_of_an_incident_tells_its_story_and_takes_steps_with_its_alerts(browser: Client, shop: MakeShop) -> None:
    made = shop(1)
    url = reverse("admin:alerts_incident_change", args=[made.incident.pk])
    page = browser.get(url).content.decode()
    assert "Kettle delivers late · 1 alert · 4,801.00 CNY at stake" in page
    assert "Alerts joined · 1" in page
    acknowledge = reverse("admin:alerts_incident_acknowledge", args=[made.incident.pk])
    assert browser.get(acknowledge).status_code == 403
    assert browser.post(acknowledge).status_code == 302
    assert (Incident.objects.get().status, Alert.objects.get(pk=made.alert.pk).status) == ("acknowledged", "acknowledged")
    resolve = reverse("admin:alerts_incident_resolve", args=[made.incident.pk])
    assert browser.post(resolve, {"apply": "1", "resolution": "arrived"}).status_code == 302
    assert (Incident.objects.get().status, Alert.objects.get(pk=made.alert.pk).resolution) == ("resolved", "arrived")
    assert reverse("admin:alerts_incident_resolve", args=[made.incident.pk]) not in browser.get(url).content.decode()


def test_a_hostile_name_is_inert_on_the_page_of_an_incident(browser: Client, shop: MakeShop) -> None:
    made = shop(1, name="<img src=x onerror=alert(1)>")
    for address in (
        reverse("admin:alerts_incident_change", args=[made.incident.pk]),
        reverse("admin:alerts_incident_changelist"),
        reverse(LIST),
    ):
        assert "<img src=x" not in browser.get(address).content.decode()


def test_the_list_exports_what_it_shows(browser: Client, shop: MakeShop) -> None:
    shop(1)
    for query, parameter in (("", "state=acknowledged"), ("status=expired", "state=expired"), ("status=all", "bom=1")):
        answer = browser.get(f"{reverse('admin:alerts_alert_export')}?{query}")
        assert answer.status_code == 302
        assert parameter in answer["Location"]
        assert browser.get(answer["Location"]).status_code == 200


def test_snoozing_is_offered_until_tomorrow_morning_in_the_sites_time(browser: Client, shop: MakeShop) -> None:
    alert = shop(1).alert
    with clock.at(datetime(2026, 3, 2, 23, 30, tzinfo=UTC)):
        # In Shanghai it is half past seven in the morning of the third.
        page = browser.get(reverse("admin:alerts_alert_snooze", args=[alert.pk])).content.decode()
    assert re.search(r'name="until_at_0"[^>]*value="2026-03-04"', page) or re.search(r'value="2026-03-04"[^>]*name="until_at_0"', page)
    assert re.search(r'value="09:00(:00)?"', page)
