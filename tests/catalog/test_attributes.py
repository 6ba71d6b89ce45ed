"""Attributes of SKUs and products are bounded, by every way that writes them."""

from __future__ import annotations

from typing import Any

import pytest
from django.forms import modelform_factory

from stockhub.catalog.admin import AttributesForm
from stockhub.catalog.attributes import BYTES_MOST, NAMES_MOST
from stockhub.catalog.inputs import ProductInput, SkuInput
from stockhub.catalog.models import Product, Sku
from stockhub.catalog.services import upsert_products, upsert_skus

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def nested(deep: int) -> dict[str, Any]:
    value: Any = 1
    for _turn in range(deep):
        value = {"a": value}
    return dict(value)


FITS: Any = [{}, {"colour": "red", "sizes": [1, 2.5, None, True]}, nested(5), {"a": "x" * (BYTES_MOST - 10)}, {"path": "C:\\u0000"}, None]
TOO_MUCH: Any = [
    ({f"n{number}": 1 for number in range(NAMES_MOST + 1)}, "too_many_attributes"),
    ({"a": "茶" * (BYTES_MOST // 3)}, "too_many_attributes"),
    ({"a" * 101: 1}, "invalid_value"),
    ({"": 1}, "invalid_value"),
    (nested(6), "invalid_value"),
    (nested(5000), "invalid_value"),
    ({"a": "\x00"}, "invalid_value"),
    ({"a": float("nan")}, "invalid_value"),
    (["colour"], "invalid_value"),
    ("colour", "invalid_value"),
]


@pytest.mark.parametrize("given", FITS)
def test_what_a_seller_notes_is_kept_as_it_is(given: Any) -> None:  # noqa: ANN401 - JSON
    [result] = upsert_skus([SkuInput(code="S", attributes=given)])
    assert (result.error, Sku.objects.get(code="S").attributes) == (None, given or {})


@pytest.mark.parametrize(("given", "code"), TOO_MUCH)
def test_too_much_is_refused_alone_and_changes_nothing(given: Any, code: str) -> None:  # noqa: ANN401 - JSON
    bad, good = upsert_skus([SkuInput(code="S", attributes=given), SkuInput(code="T", attributes={"a": 1})])
    assert bad.error is not None
    assert (bad.error.code, bad.error.path) == (code, ("attributes",))
    assert (good.error, list(Sku.objects.values_list("code", flat=True))) == (None, ["T"])
    [product] = upsert_products([ProductInput(code="P", attributes=given)])
    assert product.error is not None
    assert (product.error.code, Product.objects.count()) == (code, 0)


def test_the_admin_refuses_the_same() -> None:
    form_class = modelform_factory(Sku, form=AttributesForm, fields=["code", "attributes"])
    form = form_class({"code": "S", "attributes": '{"a": {"a": {"a": {"a": {"a": {"a": 1}}}}}}'})
    assert form.errors["attributes"] == ["Attributes may be nested at most 5 deep."]
    assert form_class({"code": "S", "attributes": '{"a": 1}'}).is_valid()
