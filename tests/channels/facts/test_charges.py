"""What platforms expect to charge and what they charged: what is settled wins (science.md 8; H52)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from stockhub.catalog.models import ExchangeRate, Warehouse
from stockhub.channels.fact_models import FeeEstimate, LatestFeeEstimate, SettledFee, Settlement
from stockhub.channels.fee_overrides import FeeOverrideInput, set_fee_override
from stockhub.channels.inbox import Applied
from stockhub.channels.models import Feed
from stockhub.channels.quarantine_retries import retry_mended
from stockhub.pluginapi.platform_records import FeeEstimateRecord, SettlementRecord
from stockhub.pluginapi.records import ListingRecord, StockCountRecord
from stockhub.snapshot.builder import build
from tests.channels.facts.conftest import NOW, Send, refused
from tests.channels.shop import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AT = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)


def estimate(total: str = "4.5", *, price: str = "20", at: datetime = AT, code: str = "a-1", **changes: Any) -> FeeEstimateRecord:  # noqa: ANN401 - any field
    fields: dict[str, Any] = {
        "code": code, "observed_at": at, "price": Decimal(price), "currency": "USD",
        "fees": (("ReferralFee", Decimal(3)), ("FBAFees", Decimal(total) - 3)),
    }  # fmt: skip
    return FeeEstimateRecord(**fields | changes)


def charge(number: int, amount: str, fee: str = "referral", *, at: datetime = AT, qty: int | None = 1, **changes: Any) -> SettlementRecord:  # noqa: ANN401 - any field
    fields: dict[str, Any] = {
        "external_id": f"T{number}", "fee": fee, "amount": Decimal(amount), "currency": "USD", "posted_at": at, "code": "a-1", "qty": qty,
    }  # fmt: skip
    return SettlementRecord(**fields | changes)


@pytest.fixture
def priced(shop: Shop, fba: Warehouse, send: Send) -> Shop:
    """A SKU at the platform alone, for 20 dollars; the shop's rates say 15 % commission and nothing of sending."""
    from stockhub.catalog.models import PoolWarehouse

    PoolWarehouse.objects.filter(warehouse=shop.warehouse).delete()
    ExchangeRate.objects.create(day=date(2026, 3, 1), source_currency="USD", target_currency="CNY", rate="7")
    set_fee_override(
        FeeOverrideInput(
            marketplace="file", site="", fee="technical_service", tier="default", rate=Decimal("0.15"), currency="CNY",
            effective_from=date(2026, 1, 1), reason="A test.",
        )
    )  # fmt: skip
    send("listing", ListingRecord("a-1", AT, effective_price=Decimal(20), currency="USD"))
    send("stock", StockCountRecord("a-1", "FBA-US", (("available", 10),), AT))
    return shop


def selling_fee(shop: Shop, at: datetime = NOW) -> float:
    snapshot = build([shop.skus["A"].pk], at)
    [fee] = snapshot["selling_fee"].tolist()
    return float(fee)


def test_a_settled_charge_wins_over_the_platforms_estimate_and_this_over_our_rates(priced: Shop, send: Send) -> None:
    assert selling_fee(priced) == pytest.approx(140 * 0.15)
    send("fee_estimate", estimate("4.5"))
    assert selling_fee(priced) == pytest.approx(4.5 * 7)
    send("settlement", charge(1, "2.8"), charge(2, "3.2", qty=1), charge(3, "5.4", "fulfilment", qty=2))
    assert selling_fee(priced) == pytest.approx((3.0 + 2.7) * 7)
    # A credit for what came back, and a charge without units, say nothing of the next sale.
    send("settlement", charge(4, "-3.2"), charge(5, "100", qty=None))
    assert selling_fee(priced) == pytest.approx((3.0 + 2.7) * 7)


def test_h103_an_estimate_of_another_price_or_of_long_ago_is_not_used(priced: Shop, send: Send) -> None:
    by_rates = pytest.approx(140 * 0.15)
    send("fee_estimate", estimate("4.5", price="25"))
    assert selling_fee(priced) == by_rates
    send("fee_estimate", estimate("4.5", price="20.1", at=AT + timedelta(hours=1)))
    assert selling_fee(priced) == pytest.approx(4.5 * 7)
    assert selling_fee(priced, NOW + timedelta(days=31)) == by_rates
    send("settlement", charge(1, "2"))
    assert selling_fee(priced, NOW + timedelta(days=31)) == pytest.approx(2 * 7)
    assert selling_fee(priced, NOW + timedelta(days=62)) == by_rates


def test_a_charge_of_nothing_is_a_charge(priced: Shop, send: Send) -> None:
    send("settlement", charge(1, "0"))
    assert selling_fee(priced) == 0.0


def test_the_mean_is_of_the_last_sixty_days_and_of_the_latest_currency(priced: Shop, send: Send) -> None:
    send(
        "settlement", charge(1, "9", at=AT - timedelta(days=61)), charge(2, "2", at=AT - timedelta(days=59), qty=3), charge(3, "4"),
        charge(4, "50", at=AT - timedelta(days=1), currency="CNY"),
    )  # fmt: skip
    fee = SettledFee.objects.get()
    assert (fee.unit_amount, fee.units, fee.currency, fee.posted_on) == (Decimal("1.5"), 4, "USD", date(2026, 3, 11))


def test_i3_a_charge_is_one_fact_however_often_it_comes(shop: Shop, send: Send) -> None:
    assert send("settlement", charge(1, "2"), charge(2, "3")) == Applied(applied=2)
    send("settlement", charge(1, "99"))
    assert sorted(Settlement.objects.values_list("amount", flat=True)) == [Decimal(2), Decimal(3)]
    assert SettledFee.objects.get().unit_amount == Decimal("2.5")
    assert Feed.objects.get(kind="settlements").data_until_at == AT


def test_charges_of_packs_are_of_units_and_those_of_sets_and_of_nothing_are_kept(shop: Shop, send: Send) -> None:
    shop.listing("a-6", A=6)
    shop.listing("set", A=1, B=1)
    send("settlement", charge(1, "6", code="a-6", qty=2), charge(2, "8", code="set"), charge(3, "39.99", "subscription", code="", qty=None))
    rows = dict(Settlement.objects.values_list("external_id", "qty"))
    assert rows == {"T1": 12, "T2": 1, "T3": None}
    assert set(Settlement.objects.exclude(sku=None).values_list("external_id", flat=True)) == {"T1"}
    assert SettledFee.objects.get().unit_amount == Decimal("0.5")


def test_an_unlinked_code_waits_for_its_link(shop: Shop, send: Send) -> None:
    send("settlement", charge(1, "2", code="new-1"))
    send("fee_estimate", estimate(code="new-1"))
    assert refused() == {"T1": "unmapped", "new-1": "unmapped"}
    shop.listing("new-1", B=2)
    assert retry_mended().taken == 2
    assert Settlement.objects.get().sku == shop.skus["B"]
    latest = LatestFeeEstimate.objects.get()
    assert (latest.price_amount, latest.total_amount) == (Decimal(10), Decimal("2.25"))


def test_i3_estimates_end_with_the_newest(shop: Shop, send: Send) -> None:
    send("fee_estimate", estimate("5"))
    send("fee_estimate", estimate("6", at=AT - timedelta(days=1)))
    send("fee_estimate", estimate("5"))
    assert FeeEstimate.objects.count() == 2
    assert LatestFeeEstimate.objects.get().total_amount == Decimal(5)
    assert FeeEstimate.objects.order_by("id")[0].fees == [["ReferralFee", "3"], ["FBAFees", "2"]]


ESTIMATE_FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "NaN": ({"price": Decimal("NaN")}, "amount"),
    "below zero": ({"price": Decimal(-1)}, "amount"),
    "absurd": ({"price": Decimal("1e30")}, "amount"),
    "no fees": ({"fees": ()}, "fees"),
    "a fee that is NaN": ({"fees": (("x", Decimal("NaN")),)}, "amount"),
    "a fee that is no pair": ({"fees": ("x",)}, "malformed"),
    "a float": ({"fees": (("x", 1.5),)}, "malformed"),
    "NUL": ({"fees": (("x\x00", Decimal(1)),)}, "malformed"),
    "currency": ({"currency": "XXXX"}, "currency"),
    "future": ({"observed_at": NOW + timedelta(days=9)}, "future_time"),
}
CHARGE_FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "NaN": ({"amount": Decimal("NaN")}, "amount"),
    "absurd": ({"amount": Decimal("-1e30")}, "amount"),
    "no fee": ({"fee": ""}, "fee"),
    "NUL": ({"fee": "a\x00"}, "malformed"),
    "no id": ({"external_id": ""}, "id"),
    "long id": ({"external_id": "x" * 121}, "id"),
    "units below zero": ({"qty": -1}, "quantity"),
    "absurd units": ({"qty": 10**15}, "quantity"),
    "half a unit": ({"qty": 0.5}, "malformed"),
    "currency": ({"currency": ""}, "currency"),
    "future": ({"posted_at": NOW + timedelta(days=9)}, "future_time"),
    "no time zone": ({"posted_at": datetime(2026, 1, 1)}, "future_time"),  # noqa: DTZ001 - the fault
}


@pytest.mark.parametrize("fault", ESTIMATE_FAULTS)
def test_promise_12_faulty_estimates_stand_alone_with_their_reason(shop: Shop, send: Send, fault: str) -> None:
    changes, code = ESTIMATE_FAULTS[fault]
    send("fee_estimate", estimate(**changes), estimate(code="b-1"))
    assert list(refused().values()) == [code]
    assert FeeEstimate.objects.get().sku.code == "B"


@pytest.mark.parametrize("fault", CHARGE_FAULTS)
def test_promise_12_faulty_charges_stand_alone_with_their_reason(shop: Shop, send: Send, fault: str) -> None:
    changes, code = CHARGE_FAULTS[fault]
    send("settlement", replace(charge(1, "2"), **changes), charge(2, "3"))
    assert list(refused().values()) == [code]
    assert Settlement.objects.get().external_id == "T2"
