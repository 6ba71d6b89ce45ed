"""Ages as the platform tells them go before those of our lots, and raise the alert with its date (H44, E14)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from stockhub.catalog.models import ExchangeRate, Warehouse
from stockhub.channels.fact_models import LatestStockAge, StockAge
from stockhub.channels.inbox import Applied
from stockhub.channels.models import Feed
from stockhub.channels.quarantine_retries import retry_mended
from stockhub.inventory.models import Lot, MovementKind
from stockhub.inventory.posting.ledger import Posting, post
from stockhub.pluginapi.platform_records import StockAgeRecord
from stockhub.pluginapi.records import StockCountRecord
from stockhub.snapshot.builder import build
from tests.channels.facts.conftest import NOW, Send, refused
from tests.channels.shop import LEDGER_START, Shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SEEN = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
BRACKETS = ((0, 90, 40), (91, 180, 60), (181, 270, 20), (271, 365, 0), (366, None, 5))


def ages(brackets: tuple[Any, ...] = BRACKETS, *, at: datetime = SEEN, code: str = "a-1", **changes: Any) -> StockAgeRecord:  # noqa: ANN401 - any field
    return StockAgeRecord(code, "FBA-US", at, brackets, **changes)


def count(qty: int, at: datetime = SEEN, code: str = "a-1") -> StockCountRecord:
    return StockCountRecord(code, "FBA-US", (("available", qty),), at)


def lots(shop: Shop, sku: str = "A", at: datetime = NOW) -> list[tuple[float, float]]:
    """Age and units of what is charged for its age."""
    found = build([shop.skus[sku].pk], at).lots
    return sorted(zip(found.age.tolist(), found.qty.tolist(), strict=True))


def test_ages_become_a_fact_and_what_holds_now(shop: Shop, fba: Warehouse, send: Send) -> None:
    assert send("age", ages(surcharge=Decimal("12.5"), storage=Decimal("3.2"), currency="USD")) == Applied(applied=1)
    fact = StockAge.objects.get()
    assert (fact.units, fact.surcharge_amount, fact.storage_amount, fact.currency) == (125, Decimal("12.5"), Decimal("3.2"), "USD")
    assert fact.brackets[-1] == [366, None, 5]
    now = LatestStockAge.objects.get()
    # The business day of the warehouse in California, where it is two in the morning.
    assert (now.observed_on, now.brackets[:6].tolist()) == (date(2026, 3, 11), [0, 90, 40, 91, 180, 60])
    assert Feed.objects.get(kind="ages").data_until_at == SEEN


def test_h16_e15_what_the_platform_reckons_is_a_fact_by_sku_and_day(shop: Shop, fba: Warehouse, send: Send) -> None:
    """Days of supply, sell-through, excess and its fee: what IPI is made of, and never a score."""
    told: dict[str, Any] = {
        "supply_days_30": Decimal("12.5"), "supply_days_90": Decimal("26.1"), "supply_days_ahead": Decimal(140),
        "sell_through": Decimal("0.83"), "excess_qty": 17, "stranded_qty": 6,
        "low_fee_exempt": False, "low_fee_applied": True, "health": "Low stock",
    }  # fmt: skip
    assert send("age", ages(**told)) == Applied(applied=1)
    send("stock", count(125))
    fact = StockAge.objects.get()
    assert {name: getattr(fact, name) for name in told} == {name: float(n) if isinstance(n, Decimal) else n for name, n in told.items()}
    snapshot = build([shop.skus["A"].pk], NOW)
    assert [snapshot[name].tolist() for name in ("platform_supply_30", "platform_supply_90", "low_fee_exempt")] == [[12.5], [26.1], [0.0]]
    # A later reading that does not say it has nothing to say of now; one of long ago neither.
    assert np.isnan(build([shop.skus["A"].pk], NOW + timedelta(days=20))["platform_supply_30"]).all()
    send("age", ages(at=SEEN + timedelta(hours=1)))
    assert np.isnan(build([shop.skus["A"].pk], NOW)["platform_supply_30"]).all()


def test_h16_what_a_platform_cannot_reckon_is_set_apart(fba: Warehouse, send: Send) -> None:
    for told in (
        {"supply_days_30": Decimal(-1)},
        {"sell_through": Decimal("NaN")},
        {"excess_qty": -2},
        {"stranded_qty": -1},
        {"health": "x" * 61},
    ):
        assert send("age", ages(**told)) == Applied(quarantined=1), told
    assert not StockAge.objects.exists()


def test_i3_disorder_and_repetition_end_with_the_newest(fba: Warehouse, send: Send) -> None:
    newer, older = ages(((0, 90, 7),), at=SEEN), ages(((0, 90, 9),), at=SEEN - timedelta(days=1))
    send("age", newer)
    send("age", older)
    send("age", newer)
    assert StockAge.objects.count() == 2
    assert LatestStockAge.objects.get().brackets.tolist() == [0, 90, 7]


def test_h44_the_platforms_brackets_take_the_place_of_our_lots(shop: Shop, fba: Warehouse, send: Send) -> None:
    sku = shop.skus["A"]
    Lot.objects.create(sku=sku, warehouse=fba, code="OURS", received_on=date(2026, 3, 1), received_qty=125, remaining_qty=125)
    send("stock", count(125))
    snapshot = build([sku.pk], NOW)
    assert (snapshot["oldest_age"].tolist(), snapshot["aged_over_90"].tolist()) == ([11.0], [0.0])
    send("age", ages())
    snapshot = build([sku.pk], NOW)
    # A day older than it was seen.
    assert snapshot["oldest_age"].tolist() == [367.0]
    assert snapshot["aged_over_180"].tolist() == [25.0]
    assert snapshot["aged_over_90"].tolist() == [85.0]
    assert sum(qty for _age, qty in lots(shop)) == 125.0


def test_what_has_left_since_left_oldest_first_and_what_came_is_young(shop: Shop, fba: Warehouse, send: Send) -> None:
    send("age", ages())
    send("stock", count(105, SEEN + timedelta(hours=1)))
    assert build([shop.skus["A"].pk], NOW)["aged_over_180"].tolist() == [5.0]
    send("stock", count(300, SEEN + timedelta(hours=2)))
    snapshot = build([shop.skus["A"].pk], NOW)
    assert snapshot["aged_over_180"].tolist() == [25.0]
    assert sum(qty for _age, qty in lots(shop)) == 125.0


def test_h103_stale_ages_keep_ageing_and_are_never_zero(shop: Shop, fba: Warehouse, send: Send) -> None:
    send("stock", count(30))
    send("age", ages(((150, 150, 30),)))
    later = NOW + timedelta(days=40)
    assert lots(shop, at=later) == [(191.0, 30.0)]
    assert LatestStockAge.objects.get().observed_at == SEEN


def test_e14_the_platforms_own_surcharge_goes_before_our_rates(shop: Shop, fba: Warehouse, send: Send) -> None:
    ExchangeRate.objects.create(day=date(2026, 3, 1), source_currency="USD", target_currency="CNY", rate="7")
    send("stock", count(25))
    send("age", ages(((300, 300, 20), (10, 10, 5)), surcharge=Decimal(30), currency="USD"))
    found = build([shop.skus["A"].pk], NOW).lots
    due = found.take(found.assessed_in == 3.0)  # the 15th
    assert (due.qty.tolist(), due.charge.tolist()) == ([20.0], [pytest.approx(30 * 7 / 20)])
    # An exempt category, which no rate of ours knows.
    send("age", ages(((300, 300, 20), (10, 10, 5)), at=SEEN + timedelta(hours=1), surcharge=Decimal(0), currency="USD"))
    found = build([shop.skus["A"].pk], NOW).lots
    assert found.take(found.assessed_in == 3.0).charge.tolist() == [0.0]
    # What was said of a snapshot that is over says nothing of the next.
    later = build([shop.skus["A"].pk], NOW + timedelta(days=20)).lots
    assert later.charge.tolist() != [0.0, 0.0]


def test_lots_that_expire_are_still_ours_to_know(shop: Shop, fba: Warehouse, send: Send) -> None:
    sku = shop.skus["A"]
    post([
        Posting(
            sku_id=sku.pk, warehouse_id=fba.pk, from_bucket=None, to_bucket="available", qty=50, kind=MovementKind.OPENING, key="o",
            occurred_at=LEDGER_START,
        )
    ])  # fmt: skip
    Lot.objects.create(
        sku=sku, warehouse=fba, code="L", received_on=date(2026, 2, 1), expires_on=date(2026, 4, 1), received_qty=50, remaining_qty=50
    )
    send("age", ages(((200, 200, 50),)))
    found = build([sku.pk], NOW).lots
    assert sorted(found.qty.tolist()) == [50.0, 50.0]
    assert [each for each in found.expires_in.tolist() if each == each] == [20.0]  # noqa: PLR0124 - not NaN
    assert build([sku.pk], NOW)["oldest_age"].tolist() == [201.0]


def test_codes_of_one_sku_add_up_and_packs_count_their_units(shop: Shop, fba: Warehouse, send: Send) -> None:
    shop.listing("a-6", A=6)
    send("stock", count(10), count(2, code="a-6"))
    send("age", ages(((200, 200, 10),)), ages(((200, 200, 2),), code="a-6"))
    assert sum(qty for _age, qty in lots(shop)) == 22.0


def test_an_unlinked_code_waits_for_its_link(shop: Shop, fba: Warehouse, send: Send) -> None:
    assert send("age", ages(code="new-1")) == Applied(quarantined=1)
    assert refused() == {"FBA-US/new-1": "unmapped"}
    shop.listing("new-1", B=1)
    assert retry_mended().taken == 1
    assert StockAge.objects.get().sku == shop.skus["B"]


FAULTS: dict[str, tuple[Any, dict[str, Any], str]] = {
    "overlap": (((0, 90, 1), (90, 180, 1)), {}, "brackets"),
    "ends before it begins": (((90, 10, 1),), {}, "brackets"),
    "open in the middle": (((0, None, 1), (90, 180, 1)), {}, "brackets"),
    "none": ((), {}, "brackets"),
    "below zero": (((0, 90, -1),), {}, "quantity"),
    "absurd": (((0, 90, 10**12),), {}, "quantity"),
    "absurd day": (((0, 10**9, 1),), {}, "quantity"),
    "not whole": (((0, 90, 1.5),), {}, "malformed"),
    "NaN surcharge": (BRACKETS, {"surcharge": Decimal("NaN"), "currency": "USD"}, "amount"),
    "surcharge below zero": (BRACKETS, {"surcharge": Decimal(-1), "currency": "USD"}, "amount"),
    "no currency": (BRACKETS, {"surcharge": Decimal(1)}, "currency"),
    "future": (BRACKETS, {"at": NOW + timedelta(days=2)}, "future_time"),
    "NUL": (BRACKETS, {"code": "a\x00"}, "malformed"),
    "float money": (BRACKETS, {"surcharge": 1.5, "currency": "USD"}, "malformed"),
    "triples that are none": (((0, 90),), {}, "malformed"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_promise_12_faults_stand_alone_with_their_reason(fba: Warehouse, send: Send, fault: str) -> None:
    brackets, changes, code = FAULTS[fault]
    send("age", ages(brackets, **changes), ages(code="b-1"))
    assert list(refused().values()) == [code]
    assert StockAge.objects.count() == 1


def test_a_warehouse_that_we_count_has_its_lots(shop: Shop, send: Send) -> None:
    send("age", StockAgeRecord("a-1", "CN1", SEEN, BRACKETS))
    assert refused() == {"CN1/a-1": "counted_here"}
