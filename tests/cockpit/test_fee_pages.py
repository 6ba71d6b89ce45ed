"""Fees in the admin: what is in force with its source, what somebody states instead, and the start page narrowed to a shop."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from stockhub.access.models import User
from stockhub.channels.fee_models import FeeOverride
from stockhub.channels.fee_tables import shop_fees
from stockhub.channels.models import Account
from stockhub.core import clock
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = pytest.mark.django_db
FORM = {
    "marketplace": "douyin", "site": "CN", "account": "", "fee": "oos_compensation", "tier": "order", "rate": "0.03", "fixed_amount": "0",
    "least_amount": "", "most_amount": "", "above": "", "up_to": "48", "currency": "CNY", "effective_from": "2026-01-01",
    "effective_to": "", "reason": "Read in the shop's rules",
}  # fmt: skip


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root", "root@example.com", "x"))
    return client


@pytest.fixture
def douyin() -> Account:
    return Account.objects.create(code="dy", name="Flagship", marketplace="douyin", site="CN")


def page(client: Client, **query: str) -> str:
    with clock.at(NOW):
        answer = client.get(reverse("cockpit:fee_rates"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_e14_the_rates_in_force_are_shown_with_source_and_confidence(root: Client, douyin: Account) -> None:
    Account.objects.create(code="jp", name="Tokyo", marketplace="amazon", site="JP", currency="JPY")
    shown = page(root)
    assert "Flagship · douyin CN" in shown
    assert "oos_compensation" in shown
    assert "ebrun article" in shown
    assert "no fee schedule knows this site" in shown


def test_a_rate_is_stated_and_ended_with_a_reason(root: Client, douyin: Account) -> None:
    answer = root.post(reverse("admin:channels_feeoverride_add"), FORM)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    [made] = FeeOverride.objects.all()
    assert (made.rate, made.up_to, made.set_by) == (Decimal("0.03"), Decimal(48), "root")
    table = shop_fees()[douyin.pk].table
    assert table is not None
    assert table.row("oos_compensation", "order", date(2026, 3, 2), at=48).rate == Decimal("0.03")
    assert "override" in page(root)
    ending = {"action": "end", "_selected_action": str(made.pk), "apply": "1", "reason": "Withdrawn"}
    root.post(reverse("admin:channels_feeoverride_changelist"), ending)
    made.refresh_from_db()
    assert (made.ended_by, made.end_reason) == ("root", "Withdrawn")


def test_what_makes_no_sense_is_said_at_the_form(root: Client) -> None:
    answer = root.post(reverse("admin:channels_feeoverride_add"), FORM | {"least_amount": "9", "most_amount": "8"})
    assert answer.status_code == 200
    assert "The least amount must not pass the most." in answer.content.decode()
    assert not FeeOverride.objects.exists()


def test_nobody_without_the_permission_sees_fees(client: Client, douyin: Account) -> None:
    client.force_login(User.objects.create_user("clerk", password="x", is_staff=True))
    assert client.get(reverse("cockpit:fee_rates")).status_code == 403


def test_n7_the_start_page_shows_savings_and_is_narrowed_to_a_shop(root: Client) -> None:
    world: World = make_world()
    world.selling("SHORT", stock=100, rate=10.0)
    run_cycle("warnings")
    other = Account.objects.create(code="other", name="Other shop", marketplace="file")
    with clock.at(NOW):
        whole = root.get(reverse("admin:index")).content.decode()
        narrowed = root.get(reverse("admin:index"), {"account": other.code}).content.decode()
    # 120 are missing until the next review's order, 50 of them before one of today arrives.
    assert "4,200.00 CNY can be saved" in whole
    assert "SHORT @ cn" in whole
    assert "SHORT @ cn" not in narrowed
    assert "Other shop" in narrowed
