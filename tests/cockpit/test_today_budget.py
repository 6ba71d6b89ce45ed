"""The start page with an amount of cash: what it is best spent on, what lines have to do with each other, and what is no amount (N7)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from stockhub.access.models import User
from stockhub.alerts.models import Alert
from stockhub.catalog.models import Warehouse
from stockhub.channels.models import Account
from stockhub.core import clock
from tests.alerts.remedy_rows import too_much_here_and_too_little_in_the_east
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root", email="", password=""))
    return client


@pytest.fixture
def world() -> World:
    """Two that run short, of which the first order saves 3,500 and the second 1,750."""
    made = make_world()
    for code, price, stock in (("GONE", "65", 1), ("IN-TIME", "90", 150)):
        made.selling(code, price=price, stock=stock, rate=10.0)
    run_cycle("warnings")
    return made


def page(browser: Client, **asked: str) -> str:
    with clock.at(NOW):
        answer = browser.get(reverse("admin:index"), asked, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_n7_an_amount_in_the_address_is_spent_where_it_saves_most(root: Client, world: World) -> None:
    quantity = {a.sku.code: a.suggested_qty or 0 for a in Alert.objects.filter(kind="shortage").select_related("sku") if a.sku}
    cost = 40 * quantity["IN-TIME"]
    told = page(root, budget=f"{cost + 10:,}")
    assert f"What {cost + 10:,.2f} CNY is best spent on" in told
    assert "3,500.00 CNY can be saved" in told
    assert f"{cost:,.2f} CNY are spent, 10.00 CNY are left." in told
    assert f"<b>order {quantity['IN-TIME']} at sup</b>" in told
    assert f"{40 * quantity['GONE'] - 10:,.2f} CNY more would save 1,750.00 CNY more" in told
    assert "No money for it, or a better one excludes it (1)" in told
    # It stays in the field, and so in the address of the next page.
    assert f'name="budget" value="{cost + 10:,}"' in told
    assert "Nothing that saves money can be done within this amount." in page(root, budget="0")


def test_n7_without_an_amount_nothing_is_planned(root: Client, world: World) -> None:
    told = page(root)
    assert "best spent on" not in told.replace("What it is best spent on is shown below.", "")
    assert 'name="budget" value=""' in told
    assert "Cash to spend (CNY)" in told


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("text", "said"),
    [("lots", "“lots” is no amount of money."), ("-5", "A budget is an amount from 0 to 1,000,000,000,000"),
     ("NaN", "A budget is an amount from 0 to"), ("<b>5</b>", "“&lt;b&gt;5&lt;/b&gt;” is no amount of money.")],
)  # fmt: skip
def test_n7_what_is_no_amount_is_said_beside_the_field(root: Client, world: World, text: str, said: str) -> None:
    told = page(root, budget=text)
    assert said in told
    assert 'aria-invalid="true"' in told
    assert 'id="plan"' not in told
    assert "IN-TIME @ cn" in told


def test_n7_lines_say_what_else_their_action_answers(root: Client) -> None:
    made = make_world()
    Account.objects.filter(pk=made.account.pk).update(marketplace="douyin", site="CN")
    Warehouse.objects.filter(pk=made.warehouse.pk).update(country="CN")
    too_much_here_and_too_little_in_the_east(made)
    told = page(root, budget="100")
    assert "Transfer: it also answers Imbalance, FULL in east." in told
    assert "Transfer: it also answers Overstock, FULL in cn." in told
    # Nobody has stated its freight: it is not taken for free.
    assert "Not decided, and never taken for free (" in told
    assert "cost unknown: no freight was ever stated for this way" in told
    assert "also answers: Overstock, FULL in cn" in told
