"""Lookups of our own: what they find is what the ORM's find."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.catalog.models import Sku, Warehouse
from stockhub.inventory.models import Balance

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

CODES = ['TEA "green"', "back\\slash", "{braces,comma}", "NULL", "茶", "plain", ""]


def test_any_of_finds_what_in_finds() -> None:
    skus = [Sku.objects.create(code=code) for code in CODES]
    for wanted in ([], CODES, CODES[:3], [*CODES[4:], "absent", "x" * 500]):
        found = set(Sku.objects.filter(code__any_of=wanted))
        assert found == set(Sku.objects.filter(code__in=wanted)) == {sku for sku in skus if sku.code in wanted}
    ids = [sku.pk for sku in skus]
    assert set(Sku.objects.filter(id__any_of=ids[2:])) == set(skus[2:])
    warehouse = Warehouse.objects.create(code="SH", name="Shanghai")
    balances = [Balance.objects.create(sku=sku, warehouse=warehouse, bucket_id="available", qty=1) for sku in skus]
    assert Balance.objects.filter(bucket__any_of=["available", "reserved"]).count() == len(skus)
    assert list(Balance.objects.filter(sku_id__any_of={ids[1], ids[3], 10**12}).order_by("id")) == [balances[1], balances[3]]


def test_any_of_takes_lists_of_any_length() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert not Sku.objects.filter(id__any_of=range(1, 50_001)).exists()
    assert len(queries) == 1


@pytest.mark.parametrize("model", [Sku, Warehouse])
def test_any_of_does_not_cut_what_is_too_long(model: type[Sku | Warehouse]) -> None:
    length = model._meta.get_field("code").max_length
    assert length is not None
    model.objects.create(code="y" * length)
    assert not model.objects.filter(code__any_of=["y" * (length + 1)]).exists()
