"""Suppliers and offers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.catalog.models import Sku, StockPool
from stockhub.outbox.models import Event
from stockhub.suppliers.models import LeadTimeLeg, Offer, PriceBreak, Supplier
from stockhub.suppliers.services import LegInput, OfferInput, PriceBreakInput, SupplierInput, upsert_offer, upsert_offers, upsert_supplier
from stockhub.values.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def supplier() -> Supplier:
    Sku.objects.create(code="TEA")
    StockPool.objects.create(code="CN", name="China")
    return upsert_supplier(SupplierInput(code="ACME", name="Acme", currency="USD", email="a@example.com"))


def test_an_offer_is_known_by_supplier_sku_and_pool() -> None:
    everywhere = upsert_offer(OfferInput(supplier="ACME", sku="TEA", unit_price_amount=Decimal("2.5"), moq=100))
    china = upsert_offer(OfferInput(supplier="ACME", sku="TEA", pool="CN", currency="CNY"))
    again = upsert_offer(OfferInput(supplier="ACME", sku="TEA", moq=50))
    assert (everywhere.currency, china.currency) == ("USD", "CNY")
    assert (again.pk, again.moq, again.unit_price_amount, again.version) == (everywhere.pk, 50, Decimal("2.5"), 2)
    assert Offer.objects.count() == 2


def test_price_breaks_and_legs_are_replaced_as_a_whole() -> None:
    breaks = [PriceBreakInput(min_qty=500, unit_price_amount=Decimal(2)), PriceBreakInput(min_qty=100, unit_price_amount=Decimal("2.2"))]
    legs = [LegInput(name="production", days=20, sd_days=3), LegInput(name="sea", days=30)]
    offer = upsert_offer(OfferInput(supplier="ACME", sku="TEA", price_breaks=breaks, legs=legs))
    assert list(PriceBreak.objects.values_list("min_qty", "unit_price_amount")) == [(100, Decimal("2.2")), (500, Decimal(2))]
    assert list(LeadTimeLeg.objects.values_list("position", "name", "days", "sd_days")) == [
        (1, "production", 20.0, 3.0),
        (2, "sea", 30.0, 0.0),
    ]
    assert upsert_offer(OfferInput(supplier="ACME", sku="TEA", price_breaks=breaks[::-1], legs=legs)).version == 1
    changed = upsert_offer(OfferInput(supplier="ACME", sku="TEA", price_breaks=None, legs=legs[:1]))
    assert (changed.pk, changed.version, PriceBreak.objects.count(), LeadTimeLeg.objects.count()) == (offer.pk, 2, 0, 1)
    assert Event.objects.latest("id").kind == "suppliers.offer_changed.v1"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"supplier": "NONE"}, "unknown_supplier", ("supplier",)),
        ({"sku": "NONE"}, "unknown_sku", ("sku",)),
        ({"pool": "NONE"}, "unknown_pool", ("pool",)),
        ({"moq": 0}, "invalid_value", ("moq",)),
        ({"lead_time_days": -1.0}, "invalid_value", ("lead_time_days",)),
        ({"unit_price_amount": Decimal(-1)}, "negative_amount", ("unit_price_amount",)),
        (
            {"price_breaks": [PriceBreakInput(min_qty=0, unit_price_amount=Decimal(1))]},
            "invalid_quantity",
            ("price_breaks", "0", "min_qty"),
        ),
        ({"legs": [LegInput(name="sea", days=float("nan"))]}, "invalid_leg", ("legs", "0")),
    ],
)
def test_a_bad_offer_is_refused(fields: dict[str, object], code: str, path: tuple[str, ...]) -> None:
    with pytest.raises(DomainError) as caught:
        upsert_offer(OfferInput(**{"supplier": "ACME", "sku": "TEA"} | fields))  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.path) == (code, path)
    assert Offer.objects.count() == 0


def test_a_bulk_write_takes_a_fixed_number_of_queries() -> None:
    Sku.objects.bulk_create(Sku(code=f"S{n}") for n in range(40))

    def queries(start: int, stop: int) -> int:
        breaks = [PriceBreakInput(min_qty=10, unit_price_amount=Decimal(1))]
        with CaptureQueriesContext(connection) as made:
            upsert_offers([OfferInput(supplier="ACME", sku=f"S{n}", price_breaks=breaks) for n in range(start, stop)])
        return len(made)

    assert queries(0, 2) == queries(2, 40)
