"""The page of live rooms: who sells what at this moment, by minute, for those who see the account (D18)."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from stockhub.access.models import User
from stockhub.channels.ingestion import ingest_orders
from stockhub.cockpit.charts.minutes import minute_chart
from stockhub.core import clock
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord
from tests.graphql.shop import NOW, Shop, World, make_world

pytestmark = pytest.mark.django_db
PAGE = reverse("cockpit:live_rooms")


@pytest.fixture
def world(db: None) -> World:
    made = make_world()
    User.objects.filter(pk__in=[made.me.pk, made.other.pk, made.powerless.pk, made.root.pk]).update(is_staff=True)
    return made


def sell(shop: Shop, name: str, *, minutes_ago: float, qty: int, room: str = "7454000000000000001", author: str = "An author") -> None:
    line = OrderLineRecord(code=shop.listing.code, code_kind=shop.listing.kind, qty=qty, unit_price=Decimal(9), line_id="1")
    at = NOW - timedelta(minutes=minutes_ago)
    record = OrderRecord(name, "paid", at, "CNY", (line,), version=1, live_room=room, live_author=author)
    with clock.at(NOW):
        told = ingest_orders(account=shop.account, orders=[record], source="webhook")
    assert (told.new, told.refusals) == (1, ())


def shown(user: User, address: str = PAGE, language: str = "en") -> str:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    with clock.at(NOW):
        answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def cells(page: str) -> list[list[str]]:
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", body.group(1), re.DOTALL) if body else []
    return [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)][:6] for row in rows]


def test_d18_rooms_are_shown_with_their_author_account_units_and_minutes_to_those_who_see_the_account(world: World) -> None:
    sell(world.mine, "L1", minutes_ago=2, qty=3)
    sell(world.mine, "L2", minutes_ago=30, qty=4)
    sell(world.mine, "L3", minutes_ago=200, qty=40)
    sell(world.mine, "L4", minutes_ago=3, qty=1, room="", author="Only an author")
    sell(world.theirs, "L5", minutes_ago=1, qty=9, author="Their author")
    mine = shown(world.me)
    sku = world.mine.listing.components.get().sku.code
    assert cells(mine) == [
        ["7454000000000000001", "An author", "mine-shop", sku, "7", "0.6"], ["—", "Only an author", "mine-shop", sku, "1", "0.2"],
    ]  # fmt: skip
    assert mine.count('class="sh-chart sh-minutes"') == 2
    assert "<title>3</title>" in mine
    assert [row[4] for row in cells(shown(world.me, f"{PAGE}?hours=6"))] == ["47", "1"]
    assert [row[4] for row in cells(shown(world.me, f"{PAGE}?hours=999"))] == ["7", "1"], "another span is the shortest"
    assert [row[1] for row in cells(shown(world.root))] == ["Their author", "An author", "Only an author"]
    assert [row[1] for row in cells(shown(world.other))] == ["Their author"]


def test_a_page_without_rooms_says_so_and_nobody_without_the_permission_opens_it(world: World) -> None:
    assert "No live room has sold anything." in shown(world.me)
    assert f'href="{PAGE}"' in shown(world.me, reverse("admin:index"))
    world.powerless.user_permissions.set(Permission.objects.filter(codename="view_lot"))
    client = Client()
    client.force_login(world.powerless)
    assert client.get(PAGE).status_code == 403
    assert PAGE not in shown(world.powerless, reverse("admin:index"))


def test_many_minutes_share_a_column() -> None:
    drawn = minute_chart([1, 0, 2], about="<b>")
    assert re.findall(r"<title>(\d+)</title>", drawn) == ["1", "2"]
    assert 'aria-label="&lt;b&gt;"' in drawn
    assert re.findall(r"<title>(\d+)</title>", minute_chart([1] * 360, about="x")) == ["5"] * 72
    assert "<rect" not in minute_chart([], about="x")
