"""The page *Stock by hand*: what it shows is what it books, and nothing is booked that was not shown."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from stockhub.access.models import User
from stockhub.catalog.models import Authority, BundleComponent, Sku, Warehouse
from stockhub.cockpit.by_hand_forms import FORMS
from stockhub.core import clock
from stockhub.inventory.models import Balance, Lot, Movement, StockDispute, Transfer
from stockhub.inventory.proof.reconciliation import reconcile
from stockhub.inventory.services import AllocationTarget, Receipt, receive_lots, set_targets
from stockhub.outbox.models import Event
from tests.graphql.shop import NOW, make_user
from tests.made_once import made_once, own

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@dataclass
class World:
    """People and their warehouses."""

    mine: Warehouse
    me: User
    other: User
    root: User
    powerless: User


def _make() -> World:
    """Ten teapots in each warehouse, three of them reserved in mine; an empty warehouse, and one that its platform counts."""
    teapot = Sku.objects.create(code="TEAPOT")
    mine, theirs, _far = [
        Warehouse.objects.create(code=code, name=code, ledger_starts_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
        for code in ("mine-wh", "theirs-wh", "far")
    ]
    Warehouse.objects.create(code="fba", name="FBA", authority=Authority.SNAPSHOT)
    made = World(
        mine, make_user("me", warehouses=(mine,)), make_user("other", warehouses=(theirs,)), User.objects.create_superuser("root"),
        make_user("powerless", permissions=False),
    )  # fmt: skip
    User.objects.update(is_staff=True)
    with clock.at(NOW - dt.timedelta(days=1)):
        receive_lots([Receipt(sku_id=teapot.pk, warehouse_id=each.pk, qty=10, idempotency_key=each.code) for each in (mine, theirs)])
        order(teapot, made, "first", 3)
    return made


made = made_once(_make)


@pytest.fixture
def world(made: World, db: None) -> World:
    return own(made)


def order(sku: Sku, world: World, reference: str, qty: int) -> None:
    set_targets(
        [
            AllocationTarget(
                reference=reference, sku_id=sku.pk, warehouse_id=world.mine.pk, account_id=None, wanted_qty=qty, ship_qty=0,
                ordered_at=NOW, occurred_at=NOW,
            )
        ]
    )  # fmt: skip


class Page:
    """Somebody at the page; keeps the last answer, and sends its hidden fields back as a browser does."""

    def __init__(self, user: User, kind: str) -> None:
        self.client = Client()
        self.client.force_login(user)
        self.address = reverse("cockpit:stock_by_hand", args=[kind])
        self.text = self._read(self.client.get(self.address))

    @staticmethod
    def _read(answer: object) -> str:
        assert answer.status_code == 200  # type: ignore[attr-defined]
        return unescape(answer.content.decode())  # type: ignore[attr-defined]

    def _value(self, name: str) -> str:
        found = re.search(rf'name="{name}"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="{name}"', self.text)
        return next(filter(None, found.groups()), "") if found else ""

    def preview(self, **fields: object) -> Page:
        self.fields = {"sku": "TEAPOT", "warehouse": "mine-wh", "reason": "shelf", **fields}
        return self._send("preview")

    def book(self, **changed: object) -> Page:
        self.fields |= {"at": self._value("at"), **changed}
        return self._send("book")

    def _send(self, step: str) -> Page:
        hidden = {"key": self._value("key"), "shown": self._value("shown"), "step": step}
        self.sent = {**self.fields, **hidden}
        with clock.at(NOW):
            self.text = self._read(self.client.post(self.address, self.sent, follow=True))
        return self

    def again(self) -> Page:
        """The same request a second time, as a double click sends it."""
        with clock.at(NOW):
            self.text = self._read(self.client.post(self.address, self.sent, follow=True))
        return self

    @property
    def effect(self) -> list[list[str]]:
        section = re.search(r'aria-labelledby="effect">(.*?)</section>', self.text, re.DOTALL)
        body = re.search(r"<tbody>(.*?)</tbody>", section.group(1), re.DOTALL) if section else None
        rows = re.findall(r"<tr>(.*?)</tr>", body.group(1), re.DOTALL) if body else []
        return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)] for row in rows]


def state() -> tuple[object, ...]:
    cells = Balance.objects.filter(sku__code="TEAPOT").exclude(qty=0)
    return (
        sorted(cells.values_list("warehouse__code", "bucket_id", "qty")),
        *(model.objects.count() for model in (Movement, Event, StockDispute, Transfer, Lot)),
    )


def mine(**expected: int) -> None:
    cells = Balance.objects.filter(sku__code="TEAPOT", warehouse__code="mine-wh").exclude(qty=0)
    assert dict(cells.values_list("bucket_id", "qty")) == expected
    assert reconcile() == []


def test_h6_a_count_of_the_shelf_shows_its_difference_before_it_is_booked(world: World) -> None:
    before, page = state(), Page(world.me, "count")
    page.preview(bucket="", qty=9)
    assert page.effect == [
        ["TEAPOT", "mine-wh", "Available", "7", "6", "-1"],
        ["TEAPOT", "mine-wh", "Reserved", "3", "3", ""],
    ]
    assert "The book said 10, 9 were counted: -1." in page.text
    assert "opens a dispute" in page.text  # ten per cent
    assert state() == before, "a preview changes nothing"
    page.book()
    assert "Booked. The book said 10, 9 were counted: -1." in page.text
    mine(available=6, reserved=3)
    movement = Movement.objects.latest("id")
    assert (movement.kind, movement.qty, movement.reason, movement.actor) == ("count", 1, "shelf", world.me.username)
    assert StockDispute.objects.get(sku__code="TEAPOT").deviation_pct == -10


def test_h6_a_count_of_one_bucket_and_one_that_agrees(world: World) -> None:
    page = Page(world.me, "count").preview(bucket="inspecting", qty=2)
    assert page.effect[-1] == ["TEAPOT", "mine-wh", "Inspecting", "0", "2", "+2"]
    page.book()
    mine(available=7, reserved=3, inspecting=2)
    page = Page(world.me, "count").preview(bucket="inspecting", qty=2)
    assert [row[-1] for row in page.effect] == ["", "", ""]
    moved = Movement.objects.count()
    page.book()
    assert Movement.objects.count() == moved


def test_missing_units_that_orders_hold_are_told(world: World) -> None:
    page = Page(world.me, "count").preview(bucket="", qty=1)
    assert "2 missing units cannot be taken" in page.text
    page.book()
    mine(reserved=3)


@pytest.mark.parametrize(
    ("kind", "fields", "after"),
    [
        ("adjust", {"bucket": "available", "qty": -2}, {"available": 5, "reserved": 3}),
        ("adjust", {"bucket": "unsellable", "qty": 4}, {"available": 7, "reserved": 3, "unsellable": 4}),
        ("move", {"from_bucket": "available", "to_bucket": "quarantined", "qty": 5}, {"available": 2, "reserved": 3, "quarantined": 5}),
        ("remove", {"bucket": "available", "qty": 7}, {"reserved": 3}),
        ("dispose", {"bucket": "available", "qty": 1}, {"available": 6, "reserved": 3}),
        ("send", {"bucket": "available", "to_warehouse": "far", "qty": 6}, {"available": 1, "reserved": 3}),
        ("return", {"grade": "damaged", "qty": 2}, {"available": 7, "reserved": 3, "unsellable": 2}),
        ("return", {"grade": "", "qty": 2}, {"available": 7, "reserved": 3, "inspecting": 2}),
    ],
)
def test_what_is_shown_is_what_is_booked_once(world: World, kind: str, fields: dict[str, object], after: dict[str, int]) -> None:
    user = world.root if kind == "send" else world.me
    before, page = state(), Page(user, kind).preview(**fields)
    assert state() == before, "a preview changes nothing"
    names = {"available": "Available", "reserved": "Reserved", "unsellable": "Unsellable", "quarantined": "Quarantined"}
    shown = {row[2]: int(row[4]) for row in page.effect if row[1] == "mine-wh"}
    assert {bucket: shown[names.get(bucket, "Inspecting")] for bucket in after} == after
    page.book()
    assert "Booked." in page.text
    mine(**after)
    done = state()
    page.again()
    assert "This was booked before; nothing has changed now." in page.text
    assert state() == done


def test_a_transfer_shows_both_warehouses(world: World) -> None:
    page = Page(world.root, "send").preview(bucket="available", to_warehouse="far", qty=6)
    assert ["TEAPOT", "far", "In transit", "0", "6", "+6"] in page.effect
    page.book()
    sent = Transfer.objects.get(to_warehouse__code="far")
    assert f"Booked. Transfer {sent.code}." in page.text
    assert sent.status == "in_transit"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("adjust", {"bucket": "available", "qty": -8}, "Only 7 units are there, not 8."),
        ("adjust", {"bucket": "available", "qty": 0}, "A difference of nothing changes nothing."),
        ("adjust", {"bucket": "reserved", "qty": 1}, "Select a valid choice"),
        ("adjust", {"bucket": "available", "qty": 1, "reason": ""}, "This field is required."),
        ("adjust", {"bucket": "available", "qty": 1, "reason": "  "}, "This field is required."),
        ("adjust", {"bucket": "available", "qty": 1, "sku": "TEAPT"}, "There is no SKU with the code TEAPT."),
        ("adjust", {"bucket": "available", "qty": 1, "sku": "NUL\x00"}, "Null characters are not allowed."),
        ("adjust", {"bucket": "available", "qty": 1, "warehouse": "theirs-wh"}, "There is no such warehouse, or you may not see it."),
        ("adjust", {"bucket": "available", "qty": 1, "at": "2023-01-01 12:00"}, "The warehouse's ledger starts later than that."),
        ("adjust", {"bucket": "available", "qty": 1, "at": "yesterday"}, "Give a date and a time"),
        ("adjust", {"bucket": "available", "qty": 1, "sku": "SET"}, "SET is a bundle and has no stock of its own"),
        ("count", {"bucket": "", "qty": -1}, "greater than or equal to 0"),
        ("count", {"bucket": "", "qty": 1, "at": "2026-01-01 12:00"}, "That has not happened yet"),
        ("move", {"from_bucket": "available", "to_bucket": "available", "qty": 1}, "Choose another bucket"),
        ("dispose", {"bucket": "unsellable", "qty": 1}, "Only 0 units are there, not 1."),
        ("send", {"bucket": "available", "to_warehouse": "mine-wh", "qty": 1}, "Choose another warehouse"),
    ],
)
def test_a_refused_form_says_why_beside_its_field_and_changes_nothing(
    world: World, kind: str, fields: dict[str, object], said: str
) -> None:
    bundle = Sku.objects.create(code="SET", is_bundle=True)
    BundleComponent.objects.create(bundle=bundle, component=Sku.objects.get(code="TEAPOT"), qty=2)
    before, page = state(), Page(world.me, kind).preview(**fields)
    assert said in page.text
    assert 'aria-labelledby="effect"' not in page.text
    page.book()
    assert state() == before


def test_a_warehouse_that_its_platform_counts_is_refused(world: World) -> None:
    page = Page(world.root, "adjust").preview(bucket="available", qty=1, warehouse="fba")
    assert "The platform counts this warehouse" in page.text


def test_a_returned_bundle_shows_its_components(world: World) -> None:
    bundle = Sku.objects.create(code="SET", is_bundle=True)
    BundleComponent.objects.create(bundle=bundle, component=Sku.objects.get(code="TEAPOT"), qty=2)
    page = Page(world.me, "return").preview(sku="SET", grade="new", qty=2)
    assert page.effect[0] == ["TEAPOT", "mine-wh", "Available", "7", "11", "+4"]
    page.book()
    mine(available=11, reserved=3)


def test_stock_that_has_changed_since_is_shown_again_before_anything_is_booked(world: World) -> None:
    teapot = Sku.objects.get(code="TEAPOT")
    page = Page(world.me, "adjust").preview(bucket="available", qty=5)
    assert page.effect[0] == ["TEAPOT", "mine-wh", "Available", "7", "12", "+5"]
    order(teapot, world, "owed", 9)  # two of them will be served from what is added
    before = state()
    page.book()
    assert "This is not what was shown before" in page.text
    assert page.effect == [
        ["TEAPOT", "mine-wh", "Available", "0", "3", "+3"],
        ["TEAPOT", "mine-wh", "Reserved", "10", "12", "+2"],
    ]
    assert state() == before
    page.book()
    mine(available=3, reserved=12)


def test_what_was_typed_after_the_preview_is_shown_before_it_is_booked(world: World) -> None:
    before, page = state(), Page(world.me, "adjust").preview(bucket="available", qty=5)
    page.book(qty=50)
    assert "This is not what was shown before" in page.text
    assert state() == before


def test_h6_a_dispute_is_opened_and_settled_by_hand(world: World) -> None:
    page = Page(world.me, "dispute").preview(bucket="available", reason="The box is open.")
    assert "This opens a dispute" in page.text
    assert not StockDispute.objects.filter(sku__code="TEAPOT").exists()
    page.book()
    dispute = StockDispute.objects.get(sku__code="TEAPOT")
    assert (dispute.cause, dispute.note, dispute.buckets, dispute.resolved_at) == ("operator", "The box is open.", ["available"], None)
    mine(available=7, reserved=3)
    settle = reverse("admin:inventory_stockdispute_settle_this", args=[dispute.pk])
    form = page.client.get(settle).content.decode()
    assert "The box is open." in form
    assert page.client.post(settle, {"resolution": ""}).status_code == 200
    dispute.refresh_from_db()
    assert dispute.resolved_at is None
    page.client.post(settle, {"resolution": "Found behind the shelf."})
    dispute.refresh_from_db()
    assert (dispute.resolution, dispute.resolved_by) == ("Found behind the shelf.", world.me.username)
    told = page.client.post(settle, {"resolution": "Again."}, follow=True).content.decode()
    assert "The dispute is settled already." in told
    doubt = page.client.get(reverse("admin:inventory_stockdispute_doubt"))
    assert doubt["Location"] == reverse("cockpit:stock_by_hand", args=["dispute"])
    stranger = Client()
    stranger.force_login(world.other)
    assert stranger.post(settle, {"resolution": "Not mine."}).status_code == 404


def test_who_may_not_is_refused_and_a_form_that_there_is_not_is_not_found(world: World) -> None:
    client = Client()
    for kind in FORMS:
        address = reverse("cockpit:stock_by_hand", args=[kind])
        client.force_login(world.powerless)
        assert client.get(address).status_code == client.post(address).status_code == 403
    client.force_login(world.me)
    assert client.get(reverse("cockpit:stock_by_hand", args=["nothing"])).status_code == 404
    world.powerless.user_permissions.set(Permission.objects.filter(codename="add_stockdispute"))
    client.force_login(world.powerless)
    page = client.get(reverse("cockpit:stock_by_hand", args=["dispute"])).content.decode()
    assert reverse("cockpit:stock_by_hand", args=["adjust"]) not in page
    assert client.get(reverse("cockpit:stock_by_hand", args=["adjust"])).status_code == 403


def test_the_address_fills_the_form_in(world: World) -> None:
    client = Client()
    client.force_login(world.me)
    page = client.get(reverse("cockpit:stock_by_hand", args=["count"]), {"sku": "TEAPOT", "warehouse": "mine-wh"}).content.decode()
    assert 'value="TEAPOT"' in page
    assert re.search(r'<option value="mine-wh" selected', page)
