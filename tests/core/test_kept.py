"""Queries that keep their text give what the ORM's own would, whatever their arguments are, and write it once for each shape."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from stockhub.catalog.models import Sku
from stockhub.core.columns import BLOB, DAY, INT, TEXT, days_of, read
from stockhub.core.kept import Kept, KeptIds, Place, kept
from stockhub.core.ranges import LISTED, id_filter
from stockhub.demand.models import SalesSeries
from tests.worlds import make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
COLUMNS = {"id": INT, "code": TEXT, "launched_on": DAY}
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def recent(skus: KeptIds | Any, day: Place | date, since: Place | datetime, brand: str) -> QuerySet[Sku]:  # noqa: ANN401 - ids, or their place
    return Sku.objects.filter(**id_filter("id", skus), launched_on__lte=day, updated_at__gte=since, brand=brand).order_by("id")


@pytest.fixture
def skus() -> list[int]:
    """Launched a day after each other; every second of one brand."""
    made = Sku.objects.bulk_create(
        [Sku(code=f"茶-{n:03}", brand="Acme" if n % 2 else "", launched_on=date(2026, 1, 1) + timedelta(days=n)) for n in range(10)]
    )
    Sku.objects.update(updated_at=AT)
    return [sku.pk for sku in made]


def same(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert found.keys() == wanted.keys()
    for name, column in wanted.items():
        np.testing.assert_array_equal(found[name], column)


def test_every_argument_is_a_parameter_of_one_text(skus: list[int]) -> None:
    query: Kept = kept(COLUMNS)(recent)
    for ids in (skus, skus[:3], [], np.array(skus[4:]), set(skus[2:5])):
        for day in (date(2026, 1, 3), date(2026, 1, 8)):
            for since in (AT, AT + timedelta(microseconds=1), AT - timedelta(days=1)):
                given: dict[str, Any] = {"skus": ids, "day": day, "since": since, "brand": ""}
                same(query(**given), read(recent(**{**given, "skus": list(ids)}), COLUMNS))
    assert len(query._texts) == 1
    assert query(skus=skus, day=date(2026, 1, 4), since=AT, brand="Acme")["code"].tolist() == ["茶-001", "茶-003"]
    assert len(query._texts) == 2


def test_one_query_is_asked_and_the_orm_writes_none(skus: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    query: Kept = kept(COLUMNS)(recent)
    given: dict[str, Any] = {"skus": skus, "day": date(2026, 1, 4), "since": AT, "brand": ""}
    first = query(**given)
    monkeypatch.setattr(query, "make", None)
    with CaptureQueriesContext(connection) as queries:
        same(query(**given), first)
    assert len(queries) == 1


def test_many_ids_are_a_range_and_have_a_text_of_their_own(skus: list[int]) -> None:
    query: Kept = kept(COLUMNS)(recent)
    many = np.arange(skus[0], skus[0] + LISTED + 1)
    for ids in (many, set(many.tolist()), many[::-1].copy()):
        found = query(skus=ids, day=date(2026, 1, 8), since=AT, brand="")
        assert found["id"].tolist() == skus[:8:2]
    assert len(query._texts) == 1
    assert "BETWEEN" not in next(iter(query._texts.values())).sql
    assert query(skus=skus[:2], day=date(2026, 1, 8), since=AT, brand="")["id"].tolist() == [skus[0]]
    assert len(query._texts) == 2


def test_a_series_is_cut_to_days_that_are_parameters() -> None:
    @kept({"part": BLOB})
    def parts(skus: KeptIds, since: Place, days: Place) -> QuerySet[SalesSeries]:
        part = days_of("daily", begins="first_on", since=since, days=days, size=4)
        return SalesSeries.objects.filter(sku_id__any_of=skus.every).annotate(part=part)

    world = make_world()
    sku = world.sku("TEA")
    world.sold(sku, [1.0, 2.0, 3.0, 4.0], last_on=date(2026, 3, 4))
    for since, days, wanted in (
        (date(2026, 3, 2), 2, [2.0, 3.0]), (date(2026, 2, 27), 4, [1.0, 2.0]), (date(2026, 3, 4), 9, [4.0]), (date(2026, 3, 9), 2, []),
    ):  # fmt: skip
        found = parts(skus=[sku.pk], since=since, days=days)["part"]
        assert np.frombuffer(found.flat, "<f4").tolist() == wanted
    assert len(parts._texts) == 1


def test_small_tables_are_read_as_tuples(skus: list[int]) -> None:
    @kept({"id": INT, "code": TEXT})
    def all_of(brand: str) -> QuerySet[Sku]:
        return Sku.objects.filter(brand=brand).order_by("id")

    assert all_of.tuples(brand="Acme")[:2] == [(skus[1], "茶-001"), (skus[3], "茶-003")]
    assert all_of.tuples(brand="nobody") == []


def test_rows_that_the_orm_knows_not_to_exist_are_none_and_no_text_is_kept() -> None:
    @kept({"id": INT})
    def none(skus: KeptIds) -> QuerySet[Sku]:
        return Sku.objects.none()

    assert none(skus=[1])["id"].tolist() == []
    assert none._texts == {}


def test_an_argument_of_another_kind_is_refused() -> None:
    @kept({"id": INT})
    def priced(price: Any) -> QuerySet[Sku]:  # noqa: ANN401 - what is refused
        return Sku.objects.filter(price_amount=price)

    with pytest.raises(TypeError, match="price is a float"):
        priced(price=1.5)


def test_a_query_that_the_server_has_prepared_still_has_its_text_in_the_log(skus: list[int]) -> None:
    asked = kept({"id": INT})(lambda ids: Sku.objects.filter(**id_filter("id", ids)).order_by("id"))
    with CaptureQueriesContext(connection) as queries:
        for _turn in range(12):
            assert asked(ids=skus[:3])["id"].tolist() == skus[:3]
    assert [("catalog_sku" in query["sql"], "UPDATE" in query["sql"]) for query in queries] == [(True, False)] * 12
