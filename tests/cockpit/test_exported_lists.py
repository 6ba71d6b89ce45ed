"""The file of a list holds what the list shows: search and filters lead on to it, and what cannot is said before the file is sent."""

from __future__ import annotations

import csv
import io
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from stockhub.catalog.models import Sku
from stockhub.inventory.models import Balance, Bucket, Movement, StockDispute
from tests.graphql.shop import NOW, World, make_world
from tests.made_once import made_once, own

pytestmark = pytest.mark.django_db


def _make() -> World:
    """Beside the two shops a second SKU, whose code begins as the first's, and a movement that an order caused."""
    made = make_world()
    bucket = Bucket.objects.get(slug="reserved")
    Balance.objects.create(sku=Sku.objects.create(code="SKU-001-B", name="Other"), warehouse=made.mine.warehouse, bucket=bucket, qty=7)
    Movement.objects.create(
        sku=made.sku, warehouse=made.mine.warehouse, to_bucket=bucket, qty=1, kind="reserve", reference="order:x:1", actor="ana",
        key="reserve:1", occurred_at=NOW,
    )  # fmt: skip
    return made


made = made_once(_make)


@pytest.fixture
def world(made: World, db: None) -> World:
    return own(made)


@pytest.fixture
def browser(world: World) -> Client:
    client = Client()
    client.force_login(world.root)
    return client


def file_of(browser: Client, page: str, query: str) -> tuple[dict[str, list[str]], list[dict[str, str]]]:
    """The parameters to which the button of a list leads, and the rows of the file."""
    shown = unescape(browser.get(f"{reverse(f'admin:{page}_changelist')}?{query}").content.decode())
    button = f"{reverse(f'admin:{page}_export')}?{query}"
    assert f'href="{button}"' in shown
    answer = browser.get(button)
    assert answer.status_code == 302, answer.content.decode()
    file = browser.get(answer["Location"])
    assert file.status_code == 200
    text = b"".join(file.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert asked.pop("bom") == ["1"]
    return asked, list(csv.DictReader(io.StringIO(text, newline="")))


def test_h17_filters_of_a_list_narrow_its_file(browser: Client, world: World) -> None:
    mine = world.mine.warehouse
    asked, rows = file_of(browser, "inventory_balance", f"warehouse__id__exact={mine.pk}&bucket__slug__exact=reserved&o=1&p=1")
    assert asked == {"warehouse": [mine.code], "bucket": ["reserved"]}
    assert [(row["sku"], row["warehouse"], row["bucket"], row["qty"]) for row in rows] == [
        ("SKU-001", mine.code, "reserved", "3"), ("SKU-001-B", mine.code, "reserved", "7"),
    ]  # fmt: skip
    kind = world.mine.movement.kind
    span = "occurred_at__gte=2020-01-01+00%3A00%3A00%2B08%3A00&occurred_at__lt=2030-01-01+00%3A00%3A00%2B08%3A00"
    asked, rows = file_of(browser, "inventory_movement", f"kind__exact={kind}&{span}")
    assert asked.keys() == {"kind", "occurred_from", "occurred_to"}
    assert {row["kind"] for row in rows} == {kind}
    asked, rows = file_of(browser, "channels_quarantined", "resolved_at__isempty=1&kind=order&code=unknown_warehouse")
    assert (asked, len(rows)) == ({"open": ["1"], "kind": ["order"], "code": ["unknown_warehouse"]}, 2)


def test_h17_disputes_are_exported_as_they_are_listed_those_that_hold_decisions_unless_all_are_asked_for(
    browser: Client, world: World
) -> None:
    StockDispute.objects.filter(warehouse=world.theirs.warehouse).update(resolved_at=NOW)
    asked, rows = file_of(browser, "inventory_stockdispute", "cause__exact=count")
    assert (asked, [row["warehouse"] for row in rows]) == ({"open": ["1"], "cause": ["count"]}, ["mine-wh"])
    asked, rows = file_of(browser, "inventory_stockdispute", "status=all")
    assert (asked, sorted(row["warehouse"] for row in rows)) == ({}, ["mine-wh", "theirs-wh"])


def test_h17_a_search_for_skus_narrows_the_file_to_them(browser: Client, world: World) -> None:
    asked, rows = file_of(browser, "inventory_balance", "q=sku-001-b")
    assert (asked, {row["sku"] for row in rows}) == ({"sku": ["SKU-001-B"]}, {"SKU-001-B"})
    asked, rows = file_of(browser, "inventory_balance", "q=SKU-001")
    assert (asked, {row["sku"] for row in rows}) == ({"sku": ["SKU-001,SKU-001-B"]}, {"SKU-001", "SKU-001-B"})
    # A movement is found by the whole code, and by its reference.
    asked, rows = file_of(browser, "inventory_movement", "q=sku-001")
    assert (asked, {row["sku"] for row in rows}) == ({"sku": ["SKU-001"]}, {"SKU-001"})
    asked, rows = file_of(browser, "inventory_movement", "q=order%3Ax%3A1")
    assert (asked, [row["reference"] for row in rows]) == ({"reference": ["order:x:1"]}, ["order:x:1"])


@pytest.mark.parametrize(
    ("page", "query", "words", "kept"),
    [
        ("inventory_movement", "q=no-such-thing", "Search: no-such-thing", ""),
        ("inventory_allocation", "is_presale__exact=1&warehouse__id__exact={mine}", "Presale: 1", "warehouse: mine-wh"),
        ("inventory_lot", "expires_on__gte=2026-01-01&grade__exact=new", "Expires: 2026-01-01", "grade: new"),
        ("inventory_balance", "warehouse__id__exact=99999999", "Warehouse: 99999999", ""),
    ],
)
def test_h17_what_the_file_cannot_be_narrowed_by_is_said_first(
    browser: Client, world: World, page: str, query: str, words: str, kept: str
) -> None:
    asked = query.format(mine=world.mine.warehouse.pk)
    answer = browser.get(f"{reverse(f'admin:{page}_export')}?{asked}")
    assert answer.status_code == 200
    told = unescape(answer.content.decode())
    assert f"<li>{words}</li>" in told
    assert (f"<li>{kept}</li>" in told) if kept else ("Everything that you may see." in told)
    assert "/exports/" in told
    assert f"{reverse(f'admin:{page}_changelist')}?{asked}" in told


def test_a_search_that_finds_more_than_skus_is_not_taken_for_one_of_skus(browser: Client, world: World) -> None:
    Sku.objects.create(code="order:x:1")
    answer = browser.get(f"{reverse('admin:inventory_movement_export')}?q=order:x:1")
    assert answer.status_code == 200
    assert "<li>Search: order:x:1</li>" in answer.content.decode()
