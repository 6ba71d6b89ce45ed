"""Planned events from a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from stockhub.demand.models import PlannedEvent
from stockhub.exchange.models import RowError
from stockhub.suppliers.models import Supplier
from tests.channels.shop import Shop

pytestmark = [pytest.mark.django_db]


def test_events_come_in_by_code_once_and_bad_rows_are_told(
    shop: Shop, run: Callable[..., tuple[int, str]], write: Callable[[str], Path]
) -> None:
    path = write(
        "code,kind,event_type,name,starts_on,ends_on,account,lift,reason\n"
        f"618,促销,618,618,2026-06-10,2026-06-18,{shop.account.code},2.6,\n"
        "closed,closure,stocktaking,Stocktaking,2026-07-01,2026-07-02,,,Once a year\n"
        "bad,promotion,618,Backwards,2026-07-02,2026-07-01,,,x\n"
        "nobody,promotion,618,Nobody,2026-07-01,2026-07-02,NO-SUCH,,x\n"
    )
    status, text = run("import_events", path)
    assert "4 rows read, 2 new or changed, 0 unchanged, 2 refused." in text
    assert status == 0
    event = PlannedEvent.objects.get(code="618")
    assert (event.kind, event.event_type, event.account, event.expected_lift) == ("promotion", "618", shop.account, 2.6)
    assert (event.starts_on, event.ends_on, event.reason) == (date(2026, 6, 10), date(2026, 6, 18), path.name)
    assert sorted(RowError.objects.values_list("line", "column", "code")) == [
        (4, "ends_on", "ends_before_start"),
        (5, "account", "unknown_account"),
    ]
    PlannedEvent.objects.filter(code="618").update(reason="Agreed with the platform")
    assert "0 new or changed, 2 unchanged, 2 refused." in run("import_events", path)[1]
    assert PlannedEvent.objects.get(code="618").reason == "Agreed with the platform"


def test_f6_a_deal_comes_in_with_its_units(shop: Shop, run: Callable[..., tuple[int, str]], write: Callable[[str], Path]) -> None:
    path = write(
        "code,kind,event_type,name,starts_on,ends_on,sku,units,lift\n"
        "deal,promotion,lightning-deal,Deal,2026-06-10,2026-06-11,A,300,\n"
        "both,promotion,lightning-deal,Deal,2026-06-10,2026-06-11,A,300,2.5\n"
        "none,promotion,lightning-deal,Deal,2026-06-10,2026-06-11,,300,\n"
    )
    run("import_events", path)
    assert list(PlannedEvent.objects.values_list("code", "expected_units")) == [("deal", 300.0)]
    assert sorted(RowError.objects.values_list("line", "column", "code")) == [
        (3, "expected_units", "units_of_a_sku"),
        (4, "expected_units", "units_of_a_sku"),
    ]


def test_f6_a_delay_of_supply_comes_in_with_its_days(shop: Shop, run: Callable[..., tuple[int, str]], write: Callable[[str], Path]) -> None:
    Supplier.objects.create(code="maker", name="Maker")
    path = write(
        "code,kind,event_type,name,starts_on,ends_on,供应商,supplier_country,延迟天数\n"
        "cny,供应延迟,spring-festival,Chinese New Year,2027-02-01,2027-02-28,maker,CN,14\n"
        "half,delay,spring-festival,Chinese New Year,2027-02-01,2027-02-28,,CN,\n"
        "nobody,delay,spring-festival,Chinese New Year,2027-02-01,2027-02-28,NO-SUCH,,14\n"
    )
    run("import_events", path)
    told = PlannedEvent.objects.values_list("code", "kind", "supplier__code", "supplier_country", "extra_lead_time_days")
    assert list(told) == [("cny", "delay", "maker", "CN", 14.0)]
    assert sorted(RowError.objects.values_list("line", "column", "code")) == [
        (3, "extra_lead_time_days", "days_of_a_delay"),
        (4, "supplier", "unknown_supplier"),
    ]
