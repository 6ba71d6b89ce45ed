"""The reference page says what the exports are; the lists of the admin lead to them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from stockhub.access.models import User
from stockhub.exports.reference import reference
from stockhub.exports.registry import EXPORTS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "exports.md"
LISTS = {
    "inventory_movement": "movements", "inventory_balance": "balances", "inventory_lot": "lots", "inventory_allocation": "allocations",
    "channels_quarantined": "quarantine", "demand_modelaccuracy": "forecast-accuracy", "demand_forecasttrack": "forecast-lean",
    "inventory_transfer": "transfers", "inventory_stockvariance": "variances", "inventory_lotcost": "lot-costs",
    "channels_receivedrecord": "received-records", "alerts_ruleparameter": "rule-parameters", "alerts_stockoutevent": "stockouts",
    "lifecycle_stagestate": "stages", "lifecycle_stagechange": "stage-history",
    "channels_platformshipment": "platform-shipments", "channels_stockage": "stock-ages", "channels_feeestimate": "fee-estimates",
    "channels_settlement": "settled-charges", "channels_dailytraffic": "traffic", "channels_listingsignal": "listing-signals",
    "channels_marketobservation": "market-observations", "channels_markettrend": "market-trends",
}  # fmt: skip


def test_the_reference_page_says_what_the_exports_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(EXPORTS.values())


@pytest.mark.parametrize("name", EXPORTS)
def test_no_column_has_the_name_of_another_and_all_say_what_they_hold(name: str) -> None:
    export = EXPORTS[name]
    names = [column.name for column in export.columns]
    assert len(set(names)) == len(names)
    said = [column.about for column in export.columns] + [each.about for each in export.filters]
    assert all(about.endswith(".") for about in said)
    assert all("." in permission for permission in export.permissions)


@pytest.mark.django_db
@pytest.mark.parametrize(("page", "name"), LISTS.items())
def test_h17_a_list_of_the_admin_leads_to_its_file(page: str, name: str) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    shown = client.get(reverse(f"admin:{page}_changelist"))
    button = reverse(f"admin:{page}_export")
    assert button in shown.content.decode()
    answer = client.get(button)
    assert (answer.status_code, answer["Location"]) == (302, f"/exports/{name}.csv?bom=1")
    file = client.get(answer["Location"])
    assert file.status_code == 200
    assert b"".join(file.streaming_content).startswith(b"\xef\xbb\xbf")  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_who_may_not_see_a_list_is_led_nowhere() -> None:
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_lot"))
    client = Client()
    client.force_login(user)
    assert client.get(reverse("admin:inventory_movement_export")).status_code == 403
