"""Columns as arrays: the same on both databases, whatever is null, early or empty."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from stockhub.catalog.models import Sku
from stockhub.channels.models import Account
from stockhub.core.columns import BLOB, DAY, FLAG, FLOAT, INSTANT, INT, NO_INSTANT, Blobs, code, days_of, read
from stockhub.demand.models import SalesSeries

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AT = datetime(2026, 3, 1, 23, 59, 59, 123456, tzinfo=UTC)
KINDS = {
    "id": INT, "price_amount": FLOAT, "is_bundle": FLAG, "launched_on": DAY, "updated_at": INSTANT, "price_currency": code(3),
}  # fmt: skip


def test_each_kind_of_column_arrives_as_it_was_stored() -> None:
    first = Sku.objects.create(code="A", price_amount="12.345678", price_currency="CNY", launched_on=date(1999, 12, 31))
    second = Sku.objects.create(code="B", is_bundle=True)
    Sku.objects.update(updated_at=AT)
    with CaptureQueriesContext(connection) as queries:
        found = read(Sku.objects.order_by("id"), KINDS)
    assert len(queries) == 1
    assert (found["id"].tolist(), found["is_bundle"].tolist()) == ([first.pk, second.pk], [False, True])
    np.testing.assert_array_equal(found["price_amount"], [12_345_678.0, np.nan])
    np.testing.assert_array_equal(found["launched_on"], [date(1999, 12, 31).toordinal(), np.nan])
    assert found["updated_at"].tolist() == [1_772_409_599_123_456] * 2
    assert found["price_currency"].tolist() == [b"CNY", b""]


@pytest.mark.parametrize("rows", [Sku.objects.all(), Sku.objects.filter(id__in=[])], ids=["none there", "none asked for"])
def test_no_rows_are_empty_arrays(rows: object) -> None:
    found = read(rows, KINDS)  # type: ignore[arg-type]
    assert {name: (len(column), column.dtype.kind) for name, column in found.items()} == {
        "id": (0, "i"), "price_amount": (0, "f"), "is_bundle": (0, "b"), "launched_on": (0, "f"), "updated_at": (0, "i"),
        "price_currency": (0, "S"),
    }  # fmt: skip
    blobs = read(SalesSeries.objects.all(), {"daily": BLOB})["daily"]
    assert (blobs.flat, blobs.sizes.tolist()) == (b"", [])


def test_an_unknown_instant_and_a_null_where_none_may_be() -> None:
    series = _series(date(2026, 1, 1), 3)
    assert read(SalesSeries.objects.all(), {"last_sold_at": INSTANT})["last_sold_at"].tolist() == [NO_INSTANT]
    Sku.objects.filter(pk=series.sku_id).update(weight_grams=None)
    with pytest.raises((ValueError, TypeError)):
        read(Sku.objects.all(), {"weight_grams": INT})


def test_a_series_is_cut_to_the_days_that_are_asked_for() -> None:
    since = date(2026, 1, 10)
    begins = [since + timedelta(days=days) for days in (-9, -2, 0, 3, 4, 9, -20)]
    for first_on in begins:
        _series(first_on, 6)
    rows = SalesSeries.objects.order_by("id").annotate(part=days_of("daily", begins="first_on", since=since, days=4, size=4))
    found = read(rows, {"part": BLOB, "first_on": DAY})
    points = np.frombuffer(found["part"].flat, "<f4")
    cut = [part.tolist() for part in np.split(points, np.cumsum(found["part"].sizes // 4)[:-1])]
    assert cut == [[], [2, 3, 4, 5], [0, 1, 2, 3], [0], [], [], []]
    assert found["first_on"].tolist() == [day.toordinal() for day in begins]


def test_blobs_of_parts_tell_their_sizes() -> None:
    blobs = Blobs.of([b"ab", b"", b"c"])
    assert (blobs.flat, blobs.sizes.tolist(), len(blobs)) == (b"abc", [2, 0, 1], 3)


def test_rows_keep_the_order_that_was_asked_for() -> None:
    for number in range(200):
        Sku.objects.create(code=f"S{number:03}", weight_grams=(number * 7919) % 200)
    found = read(Sku.objects.order_by("-weight_grams"), {"weight_grams": INT})
    assert found["weight_grams"].tolist() == list(range(199, -1, -1))
    doubled = read(Sku.objects.annotate(doubled=F("weight_grams") * 2).order_by("weight_grams"), {"weight_grams": INT, "doubled": INT})
    np.testing.assert_array_equal(doubled["doubled"], 2 * doubled["weight_grams"])


def _series(first_on: date, days: int) -> SalesSeries:
    account, _made = Account.objects.get_or_create(code="a", defaults={"name": "a", "marketplace": "file"})
    sku = Sku.objects.create(code=f"S{Sku.objects.count()}")
    return SalesSeries.objects.create(
        sku=sku, account=account, first_on=first_on, daily=np.arange(days, dtype=np.float32), hourly=np.zeros(0, np.float32)
    )
