"""What became of alerts and stock-outs: labels as science.md 10.2 defines them, written once and never changed silently."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from stockhub.access.models import User
from stockhub.alerts.models import Alert, AlertOutcome, Side, StockoutEvent
from stockhub.alerts.outcomes.overstocks import KINDS
from stockhub.alerts.outcomes.selectors import outcomes_by_rule, stockout_counts, stockouts_visible_to
from stockhub.catalog.models import Sku
from stockhub.core import clock
from stockhub.cycles.models import Cycle
from stockhub.formulas.evaluation.alert_labels import Events, merged_events
from stockhub.inventory.models import StockHistory
from stockhub.outbox.models import Event
from stockhub.purchasing.models import PurchaseOrder, PurchaseOrderLine, Shipment, ShipmentLine
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
#: Lead time 15: an alert looks ahead for 29 days.
HORIZON = 29
LAST = DAY - timedelta(days=1)


@pytest.fixture
def world() -> World:
    world = make_world()
    long_ago = NOW - timedelta(days=200)
    Cycle.objects.create(name="warnings", slot_at=long_ago, as_of=long_ago)
    return world


def known_past(world: World, sku: Sku, stock: list[float], *, rate: float = 2.0, last_on: date = LAST) -> None:
    """End-of-day stock up to a day, and sales of so many units on each day with stock."""
    first_on = last_on - timedelta(days=len(stock) - 1)
    StockHistory.objects.update_or_create(
        sku=sku, warehouse=world.warehouse, defaults={"first_on": first_on, "qty": np.array(stock, np.float32)}
    )
    world.sold(sku, [rate if units > 0 else 0.0 for units in stock], last_on=last_on)


def raised(world: World, sku: Sku, days_ago: int, *, kind: str = "shortage", until: int | None = None, side: Side = Side.SHORTAGE) -> Alert:
    """An alert that was opened so many days before `DAY`, and closed `until` days before it."""
    opened, closed = NOW - timedelta(days=days_ago), None if until is None else NOW - timedelta(days=until)
    return Alert.objects.create(
        kind=kind, subject=f"{sku.pk}:{world.pool.pk}:{days_ago}", sku=sku, pool=world.pool, side=side, level=2, opened_at=opened,
        status="resolved" if closed else "open", ending="resolved" if closed else None, resolved_at=closed,
    )  # fmt: skip


def label(at: datetime = NOW) -> Cycle:
    return run_cycle("outcomes", at)


def outcomes(alert: Alert) -> list[tuple[str, int | None, bool | None]]:
    current = alert.outcomes.filter(is_current=True).order_by("raised_on")
    return list(current.values_list("outcome", "lead_days", "is_actionable"))


def out_for(days: int, *, ago: int, of: int = 150) -> list[float]:
    """Stock of `of` days that was gone for `days` days, the last of them `ago` days before the last one."""
    return [0.0 if of - ago - days <= day < of - ago else 50.0 for day in range(of)]


def test_an_alert_before_a_stock_out_was_right_and_says_how_early(world: World) -> None:
    sku = world.sku("OUT")
    known_past(world, sku, out_for(5, ago=10))  # out from day −15 before the last, that is DAY − 15
    early, close = raised(world, sku, 35, until=5), raised(world, sku, 20, until=5, kind="order-due")
    label()
    onset = DAY - timedelta(days=15)
    assert outcomes(early) == [("true_positive", 20, True)]
    assert outcomes(close) == [("true_positive", 5, False)]
    [event] = StockoutEvent.objects.all()
    assert (event.onset_on, event.ended_on, event.outcome) == (onset, onset + timedelta(days=4), "detected")
    assert (event.alert, event.lead_days, event.is_actionable) == (early, 20, True)
    # Five days of two units at 100.
    assert event.lost_units == pytest.approx(10.0)
    assert event.lost_amount == Decimal(1000)


def test_an_alert_of_which_nothing_came_was_wrong_once_its_window_has_passed(world: World) -> None:
    sku = world.sku("FINE")
    known_past(world, sku, [50.0] * 150)
    wrong, pending = raised(world, sku, HORIZON + 1, until=20), raised(world, sku, HORIZON, until=20, kind="order-due")
    label()
    assert outcomes(wrong) == [("false_positive", None, None)]
    assert outcomes(pending) == []
    label(NOW + timedelta(hours=1))
    assert AlertOutcome.objects.count() == 1


def test_an_alert_during_a_stock_out_came_too_late_and_the_stock_out_was_missed(world: World) -> None:
    sku = world.sku("OUT")
    known_past(world, sku, out_for(10, ago=5))
    late = raised(world, sku, 12, until=3)
    label()
    assert outcomes(late) == [("late", None, None)]
    [event] = StockoutEvent.objects.all()
    assert (event.outcome, event.alert, event.lead_days) == ("missed", None, None)
    assert event.lost_units == pytest.approx(20.0)
    counts = stockout_counts(stockouts_visible_to(User.objects.create(username="root", is_superuser=True)))
    assert (counts.detected, counts.missed, counts.recall) == (0, 1, 0.0)


@pytest.mark.one_database
def test_gaps_under_three_days_are_one_stock_out_and_longer_ones_are_two(world: World) -> None:
    short, long = world.sku("SHORTGAP"), world.sku("LONGGAP")
    for sku, gap in ((short, 2), (long, 3)):
        known_past(world, sku, [*[50.0] * 120, 0.0, 0.0, *[9.0] * gap, 0.0, *[50.0] * 20])
    label()
    assert StockoutEvent.objects.filter(sku=short).count() == 1
    assert StockoutEvent.objects.filter(sku=long).count() == 2
    assert StockoutEvent.objects.get(sku=short).lost_units == pytest.approx(6.0)


@pytest.mark.one_database
def test_merging_looks_at_one_sku_at_a_time() -> None:
    row, onset, end = (np.array(its, np.int64) for its in ([0, 0, 0, 1], [1, 5, 12, 13], [2, 6, 12, 14]))
    merged = merged_events(Events(row, onset, end))
    assert [its.tolist() for its in merged] == [[0, 0, 1], [1, 12, 13], [6, 12, 14]]
    nothing = np.zeros(0, np.int64)
    assert len(merged_events(Events(nothing, nothing, nothing)).row) == 0


@pytest.mark.one_database
def test_what_hardly_sells_has_no_stock_outs(world: World) -> None:
    sku = world.sku("SLEEPY")
    known_past(world, sku, out_for(5, ago=10), rate=0.05)
    label()
    assert StockoutEvent.objects.count() == 0


def test_an_order_that_saved_it_makes_the_alert_right(world: World) -> None:
    """Averted: without the order's units the stock would have run out in the window."""
    saved, spared = world.sku("SAVED"), world.sku("SPARED")
    alerts = []
    for sku, stock in ((saved, 50.0), (spared, 400.0)):
        known_past(world, sku, falling_from(stock))
        alerts.append(raised(world, sku, 35, until=10))
        order = PurchaseOrder.objects.create(
            code=f"PO-{sku.code}", supplier=world.supplier, warehouse=world.warehouse, currency="CNY", ordered_on=DAY - timedelta(days=34)
        )
        line = PurchaseOrderLine.objects.create(purchase_order=order, line_no=1, sku=sku, ordered_qty=100)
        shipment = Shipment.objects.create(
            code=f"S-{sku.code}",
            warehouse=world.warehouse,
            supplier=world.supplier,
            status="received",
            received_on=DAY - timedelta(days=18),
        )
        ShipmentLine.objects.create(shipment=shipment, line_no=1, sku=sku, order_line=line, shipped_qty=100, received_qty=100)
    label()
    assert [outcomes(alert) for alert in alerts] == [[("averted", None, None)], [("false_positive", None, None)]]


def falling_from(units: float) -> list[float]:
    """Units that fall by two a day from day −35 on, and a hundred that arrive on day −18."""
    stock = []
    for day in range(-150, 0):
        units -= 2.0 if day >= -35 else 0.0
        units += 100.0 if day == -18 else 0.0
        stock.append(units)
    return stock


def test_an_alert_that_stays_open_is_judged_again_every_horizon(world: World) -> None:
    sku = world.sku("OUT")
    known_past(world, sku, out_for(5, ago=10))
    alert = raised(world, sku, 15 + 2 * HORIZON + 5)
    label()
    # Raised 78, 49 and 20 days ago; the stock-out began 15 days ago.
    assert outcomes(alert) == [("false_positive", None, None), ("false_positive", None, None), ("true_positive", 5, False)]


def test_history_with_holes_tells_nothing_and_says_so(world: World) -> None:
    sku = world.sku("HOLES")
    known_past(world, sku, [np.nan if day == 130 else 50.0 for day in range(150)])
    alert = raised(world, sku, 35, until=20)
    label()
    assert outcomes(alert) == [("censored", None, None)]


def test_a_stock_out_from_before_anybody_watched_was_not_missed(world: World) -> None:
    Cycle.objects.update(as_of=NOW - timedelta(days=10))
    sku = world.sku("OUT")
    known_past(world, sku, out_for(5, ago=20))
    label()
    assert StockoutEvent.objects.get().outcome == "unforeseeable"


def test_a_second_run_writes_nothing_and_a_stock_out_that_ends_gets_a_version(world: World) -> None:
    sku = world.sku("OUT")
    known_past(world, sku, out_for(4, ago=0))
    raised(world, sku, 20)
    assert label().counts["stockouts"] == 1
    before = list(StockoutEvent.objects.values()), list(AlertOutcome.objects.values())
    again = label(NOW + timedelta(hours=2))
    assert (again.counts.get("stockouts", 0), again.counts.get("outcomes", 0)) == (0, 0)
    assert (list(StockoutEvent.objects.values()), list(AlertOutcome.objects.values())) == before
    history = StockHistory.objects.get()
    history.qty = np.concatenate([history.qty, np.full(4, 30.0, np.float32)])
    history.save()
    label(NOW + timedelta(days=4))
    assert list(StockoutEvent.objects.order_by("version").values_list("version", "is_current", "reason", "ended_on")) == [
        (1, False, "known", None), (2, True, "ended", LAST),
    ]  # fmt: skip


def test_late_facts_make_a_new_version_and_leave_the_old_one(world: World) -> None:
    sku = world.sku("LATE")
    known_past(world, sku, [50.0] * 150)
    alert = raised(world, sku, 35, until=20)
    label()
    assert outcomes(alert) == [("false_positive", None, None)]
    StockHistory.objects.update(qty=np.array(out_for(5, ago=10), np.float32))
    with clock.at(NOW):
        label(NOW + timedelta(hours=1))
    versions = alert.outcomes.order_by("version").values_list("version", "outcome", "reason", "is_current")
    assert list(versions) == [(1, "false_positive", "known", False), (2, "true_positive", "late_facts", True)]
    StockHistory.objects.update(qty=np.array([50.0] * 150, np.float32))
    label(NOW + timedelta(hours=2))
    assert list(StockoutEvent.objects.order_by("version").values_list("outcome", "is_current")) == [
        ("detected", False), ("withdrawn", True),
    ]  # fmt: skip
    assert outcomes(alert) == [("false_positive", None, None)]
    # A third and fourth run find nothing new in that.
    assert label(NOW + timedelta(hours=3)).counts.get("stockouts", 0) == 0


def test_what_has_been_known_for_long_is_history(world: World) -> None:
    sku = world.sku("OLD")
    known_past(world, sku, [50.0] * 200)
    alert = raised(world, sku, 100, until=90)
    label()
    StockHistory.objects.update(qty=np.array(out_for(5, ago=80, of=200), np.float32))
    label(NOW + timedelta(hours=1))
    assert outcomes(alert) == [("false_positive", None, None)]


def test_an_overstock_was_right_if_more_is_left_after_its_weeks_than_was_acceptable(world: World) -> None:
    slow, fast, blind = world.sku("SLOW"), world.sku("FAST"), world.sku("BLIND")
    alerts = {}
    for sku, rate in ((slow, 1.0), (fast, 4.0), (blind, 1.0)):
        known_past(world, sku, [500.0] * 150, rate=rate)
        alerts[sku.code] = raised(world, sku, 60, kind="overstock", side=Side.EXCESS)
        inputs = {"weeks": 8.0, "available": 300.0, "safety_stock": 20.0, "times_safety_stock": 4.0, "floor_units": 10.0}
        Alert.objects.filter(pk=alerts[sku.code].pk).update(inputs=inputs | ({"safety_stock": None} if sku == blind else {}))
    label()
    # 56 days: 244 and 76 units are left of 300, where 80 are acceptable.
    assert {code: outcomes(alert) for code, alert in alerts.items()} == {
        "SLOW": [("true_positive", None, None)], "FAST": [("false_positive", None, None)], "BLIND": [("censored", None, None)],
    }  # fmt: skip
    [rule] = outcomes_by_rule(Alert.objects.all())
    assert (rule.kind, rule.counts["true_positive"], rule.counts["false_positive"], rule.precision) == ("overstock", 1, 1, 0.5)


@pytest.mark.one_database
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "overstock"])
def test_every_kind_that_says_too_much_lies_here_is_judged_by_what_is_left_after_the_weeks(world: World, kind: str) -> None:
    alerts = {}
    # What another rule means by `weeks` is nothing to the label.
    inputs = {"weeks": 2.0, "available": 300.0, "safety_stock": 20.0, "remedy_times_safety_stock": 4.0, "remedy_floor_units": 10.0}
    for code, rate, kept in (("SLOW", 1.0, {"remedy_weeks": 8.0}), ("FAST", 4.0, {"remedy_weeks": 8.0}), ("EARLIER", 1.0, {})):
        sku = world.sku(code)
        known_past(world, sku, [500.0] * 150, rate=rate)
        alerts[code] = raised(world, sku, 60, kind=kind, side=Side.EXCESS)
        Alert.objects.filter(pk=alerts[code].pk).update(inputs=inputs | kept)
    label()
    # 56 days: 244 and 76 units are left of 300, where 80 are acceptable. One from before the weeks were kept has no outcome.
    assert {code: outcomes(alert) for code, alert in alerts.items()} == {
        "SLOW": [("true_positive", None, None)], "FAST": [("false_positive", None, None)], "EARLIER": [],
    }  # fmt: skip


@pytest.mark.one_database
@pytest.mark.parametrize("kind", ["write-down", "surcharge-ahead", "expiring-stock", "demand-cliff"])
def test_what_is_left_says_nothing_of_alerts_about_a_fee_a_value_or_a_date(world: World, kind: str) -> None:
    sku = world.sku("SLOW")
    known_past(world, sku, [500.0] * 150, rate=1.0)
    alert = raised(world, sku, 60, kind=kind, side=Side.EXCESS)
    kept = {"remedy_weeks": 8.0, "remedy_times_safety_stock": 4.0, "remedy_floor_units": 10.0}
    Alert.objects.filter(pk=alert.pk).update(inputs=kept | {"available": 300.0, "safety_stock": 20.0})
    label()
    assert outcomes(alert) == []


def test_what_became_known_is_told_in_one_event(world: World) -> None:
    for number in range(3):
        sku = world.sku(f"FINE{number}")
        known_past(world, sku, [50.0] * 150)
        raised(world, sku, 40, until=20)
    label()
    [event] = Event.objects.filter(kind="alerts.outcomes_known.v1")
    assert event.payload == {"outcomes": 3}
