"""The pages about stock that are no model's: at a moment, and out of balance. Each shop's user sees his own, in both languages."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from stockhub.access.models import User
from stockhub.alerts.models import Alert, Side
from stockhub.catalog.models import Sku
from stockhub.cockpit import imbalances, presales, stock_at_moment
from stockhub.core import clock
from stockhub.exports.registry import EXPORTS
from stockhub.inventory.models import Allocation, Balance, CostKind
from stockhub.inventory.services import Receipt, UnitCost, adjust, receive_lots
from tests.graphql.shop import NOW, Shop, World, make_world
from tests.made_once import made_once, own

pytestmark = pytest.mark.django_db

FIRST, SECOND = dt.datetime(2025, 1, 10, 12, tzinfo=dt.UTC), dt.datetime(2025, 1, 20, 12, tzinfo=dt.UTC)
MOMENT, IMBALANCES, PRESALES = (reverse(f"cockpit:{name}") for name in ("stock_at_moment", "imbalances", "presales"))


def _make() -> World:
    """In each warehouse 10 teapots of 2.50 since the tenth, 4 of them written off on the twentieth, and 3 without a cost since then."""
    made = make_world()
    User.objects.filter(pk__in=[made.me.pk, made.other.pk, made.powerless.pk, made.root.pk]).update(is_staff=True)
    teapot = Sku.objects.create(code="TEAPOT")
    cost = UnitCost(kind=CostKind.PURCHASE, unit_amount=Decimal("2.5"), currency="CNY")
    for shop in (made.mine, made.theirs):
        place = shop.warehouse
        type(place).objects.filter(pk=place.pk).update(ledger_starts_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))

        def receipt(code: str, qty: int, at: dt.datetime, costs: tuple[UnitCost, ...], shop: Shop = shop) -> Receipt:
            return Receipt(
                sku_id=teapot.pk, warehouse_id=shop.warehouse.pk, qty=qty, idempotency_key=f"{shop.warehouse.code}-{code}",
                lot_code=f"{shop.warehouse.code}-{code}", occurred_at=at, received_on=at.date(), costs=costs,
            )  # fmt: skip

        with clock.at(FIRST):
            receive_lots([receipt("first", 10, FIRST, (cost,))])
        with clock.at(SECOND):
            receive_lots([receipt("second", 3, SECOND, ())])
            adjust(
                sku_id=teapot.pk, warehouse_id=place.pk, bucket="available", delta_qty=-4, reason="broken",
                idempotency_key=f"{place.code}-broken",
            )  # fmt: skip
    return made


made = made_once(_make)


@pytest.fixture
def world(made: World, db: None) -> World:
    return own(made)


def shown(user: User, address: str, language: str = "en") -> str:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    with clock.at(NOW):
        answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def tables(page: str) -> dict[str, list[list[str]]]:
    """The cells of each section's table, by the section's id."""
    found = {}
    for name, section in re.findall(r'<section class="sh-card" aria-labelledby="(\w+)">(.*?)</section>', page, re.DOTALL):
        body = re.search(r"<tbody>(.*?)</tbody>", section, re.DOTALL)
        rows = re.findall(r"<tr>(.*?)</tr>", body.group(1), re.DOTALL) if body else []
        found[name] = [
            [unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)] for row in rows
        ]
    return found


def test_d1_u16_stock_lots_and_value_of_a_moment(world: World) -> None:
    page = tables(shown(world.me, f"{MOMENT}?sku=TEAPOT&occurred_at=2025-02-20T12:00"))
    assert page == {
        "stock": [["TEAPOT", "mine-wh", "Available", "9"]],
        "lots": [
            ["TEAPOT", "mine-wh", "mine-wh-first", "41", "6", "2.50 CNY", "15.00 CNY"],
            ["TEAPOT", "mine-wh", "mine-wh-second", "31", "3", "unknown", "unknown"],
        ],
        "ages": [["31-60", "15.00 CNY", "6", "3"]],
    }
    assert "2025-02-20 12:00 Asia/Shanghai" in shown(world.me, f"{MOMENT}?sku=TEAPOT&occurred_at=2025-02-20T12:00")
    before = tables(shown(world.me, f"{MOMENT}?sku=TEAPOT&occurred_at=2025-01-09"))
    assert before == {"stock": [], "lots": [], "ages": []}


def test_the_pages_are_in_chinese_for_chinese_readers(world: World) -> None:
    imbalance(world, world.mine, world.mine)
    words = {f"{MOMENT}?sku=TEAPOT": "按库龄的货值", IMBALANCES: "可调出方", PRESALES: "还可承诺"}
    for address, word in words.items():
        assert word in shown(world.me, address, "zh-hans")
        assert word not in shown(world.me, address)
    assert "没有编码为 KETTLE 的 SKU，请检查拼写。" in shown(world.me, f"{MOMENT}?sku=KETTLE", "zh-hans")


def test_d1_what_was_known_then_differs_from_what_is_known_now(world: World) -> None:
    asked = f"{MOMENT}?sku=TEAPOT&occurred_at=2025-01-25T00:00Z"
    assert tables(shown(world.me, asked))["stock"] == [["TEAPOT", "mine-wh", "Available", "9"]]
    assert tables(shown(world.me, f"{asked}&recorded_at=2025-01-15T08:00%2B08:00"))["stock"] == [["TEAPOT", "mine-wh", "Available", "10"]]


def test_i4_each_user_sees_his_warehouses_and_cannot_name_others(world: World) -> None:
    both = tables(shown(world.root, f"{MOMENT}?sku=TEAPOT"))
    assert [row[1] for row in both["stock"]] == ["mine-wh", "theirs-wh"]
    assert "theirs-wh" not in shown(world.me, f"{MOMENT}?sku=TEAPOT")
    said = [shown(world.me, f"{MOMENT}?sku=TEAPOT&warehouse={code}") for code in ("theirs-wh", "no-such")]
    assert all("There is no such warehouse, or you may not see it." in page and tables(page) == {} for page in said)
    one = tables(shown(world.root, f"{MOMENT}?sku=TEAPOT&warehouse=theirs-wh"))
    assert [row[1] for row in one["stock"]] == ["theirs-wh"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("sku=TEAPOT,KETTLE", "There is no SKU with the code KETTLE. Check its spelling."),
        ("sku=,", "Give the code of a SKU."),
        (f"sku={','.join(map(str, range(51)))}", "Give at most 50 SKUs here; the export takes a thousand."),
        ("sku=TEAPOT&occurred_at=yesterday", "Give a date and a time, such as 2025-06-18 12:00"),
        ("sku=TEAPOT&occurred_at=0001-01-01T00:00%2B14:00", "Give a moment from 1970 to 2200."),
        ("sku=TEAPOT&recorded_at=9999-12-31", "Give a moment from 1970 to 2200."),
        ("sku=TEAPOT&currency=XXQ", "Use an ISO 4217 code such as CNY or USD."),
        ("sku=%00", "Null characters are not allowed."),
        ("occurred_at=2025-01-25", "This field is required."),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(world: World, query: str, message: str) -> None:
    page = shown(world.me, f"{MOMENT}?{query}")
    assert message in unescape(page)
    assert tables(page) == {}


def test_the_files_hold_what_the_page_shows(world: World) -> None:
    address = f"{MOMENT}?sku=TEAPOT&warehouse=mine-wh&occurred_at=2025-01-25T00:00Z&recorded_at=2025-01-22&currency=cny"
    links = [unescape(link) for link in re.findall(r'href="(/exports/[^"]+)"', shown(world.me, address))]
    assert [link.split("?")[0] for link in links] == [
        f"/exports/{name}.{suffix}" for name in stock_at_moment.FILES for suffix in ("csv", "xlsx", "parquet")
    ]
    client = Client()
    client.force_login(world.me)
    for link in links:
        answer = client.get(link)
        assert answer.status_code == 200, link
        body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        if ".csv" in link:
            assert b"TEAPOT,mine-wh" in body
            # A moment without an offset is in the user's zone.
            assert b"2025-01-25T00:00:00Z,2025-01-21T16:00:00Z" in body


@pytest.mark.usefixtures("world")
def test_files_are_offered_to_those_who_may_have_them() -> None:
    assert {name: EXPORTS[name].permissions for name in stock_at_moment.FILES} == stock_at_moment.FILES
    assert EXPORTS[presales.FILE].permissions == presales.FILE_PERMISSIONS
    told = {name: set(needed) for name, (_label, needed) in imbalances.FILES.items()}
    assert {name: set(EXPORTS[name].permissions) for name in imbalances.FILES} == told


def test_costs_are_shown_to_those_who_may_see_them_and_the_page_to_those_who_may_see_stock(world: World) -> None:
    world.me.user_permissions.set(Permission.objects.exclude(codename="view_lotcost"))
    page = shown(world.me, f"{MOMENT}?sku=TEAPOT")
    assert tables(page).keys() == {"stock"}
    assert "Lots and values are shown to those who may see lots and what they cost." in page
    assert "/exports/lots-as-of" not in page
    client = Client()
    for address in (MOMENT, IMBALANCES, PRESALES):
        assert client.get(address).status_code == 302
    client.force_login(world.powerless)
    for address in (MOMENT, IMBALANCES, PRESALES):
        assert client.get(address).status_code == 403


def imbalance(world: World, shop: Shop, donor: Shop, cover: float | None = 300.0) -> Alert:
    return Alert.objects.create(
        kind="imbalance", subject=f"{world.sku.pk}:{shop.pool.pk}", sku=world.sku, pool=shop.pool, side=Side.SHORTAGE, level=2, value=210.0,
        unit="unit", money_amount=Decimal(6500), suggested_qty=210, opened_at=NOW, evaluated_at=NOW,
        inputs={
            "available": 20.0, "donor_pool": float(donor.pool.pk), "donor": donor.pool.code, "donor_available": 3000.0,
            "donor_cover_days": cover,
        },
    )  # fmt: skip


def test_h4_imbalances_with_their_alerts_and_files(world: World) -> None:
    own, across = imbalance(world, world.mine, world.mine), imbalance(world, world.theirs, world.mine, cover=2667239.9745)
    page = shown(world.root, IMBALANCES)
    assert all(reverse("admin:alerts_alert_change", args=[alert.pk]) in page for alert in (own, across))
    assert "210 units" in page
    assert "6,500.00 CNY" in page
    assert "300 days" in page
    assert "more than ten years" in page
    assert "2,667,239" not in page
    assert f"{reverse('admin:alerts_alert_changelist')}?kind=imbalance" in page
    assert all(f"/exports/{name}.csv?bom=1" in page for name in imbalances.FILES)
    # Who does not see both pools sees nothing of what the other has.
    mine = shown(world.me, IMBALANCES)
    assert reverse("admin:alerts_alert_change", args=[own.pk]) in mine
    assert reverse("admin:alerts_alert_change", args=[across.pk]) not in mine
    assert "theirs-pool" not in mine
    Alert.objects.filter(kind="imbalance").update(status="resolved")
    assert "No SKU lies too long in one pool" in shown(world.root, IMBALANCES)


def test_presales_of_each_users_warehouses_what_is_oversold_first(world: World) -> None:
    coming = Sku.objects.create(code="COMING")
    Balance.objects.create(sku=coming, warehouse=world.mine.warehouse, bucket_id="on_order", qty=30)
    Allocation.objects.create(reference="p", sku=coming, warehouse=world.mine.warehouse, wanted_qty=4, is_presale=True, ordered_at=NOW)
    page = shown(world.me, PRESALES)
    told = {(row[0], row[1]): row[2:] for row in tables(page)["positions"]}
    assert told["COMING", "mine-wh"] == ["30", "0", "4", "0", "26", "0"]
    assert [row[7] for row in tables(page)["positions"]] == sorted((row[7] for row in tables(page)["positions"]), reverse=True)
    assert {place for _sku, place in told} == {"mine-wh"}
    assert {row[1] for row in tables(shown(world.root, PRESALES))["positions"]} == {"mine-wh", "theirs-wh"}
    client = Client()
    client.force_login(world.me)
    file = b"".join(client.get("/exports/presale-positions.csv?sku=COMING").streaming_content)  # type: ignore[attr-defined]
    assert file.decode().splitlines()[1:] == ["COMING,mine-wh,30,0,4,0,26,0"]
    assert 'href="/exports/presale-positions.csv?bom=1"' in page


def test_the_pages_are_in_the_sidebar_of_those_who_may_open_them(world: World) -> None:
    home = reverse("admin:index")
    page = shown(world.me, home)
    assert all(f'href="{address}"' in page for address in (MOMENT, IMBALANCES, PRESALES))
    world.powerless.user_permissions.set(Permission.objects.filter(codename="view_lot"))
    assert all(address not in shown(world.powerless, home) for address in (MOMENT, IMBALANCES, PRESALES))
