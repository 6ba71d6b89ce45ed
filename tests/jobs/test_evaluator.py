"""The evaluator: which SKUs events touch, and when they are judged."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from stockhub.alerts import incremental
from stockhub.alerts.models import Alert
from stockhub.catalog.models import StockPolicy
from stockhub.core import clock
from stockhub.inventory.allocations import AllocationTarget, set_targets
from stockhub.jobs.evaluator import Evaluator
from stockhub.outbox.cursor import RecentEvents
from stockhub.outbox.models import Event
from stockhub.outbox.services import emit_event
from tests.worlds import NOW, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def evaluator() -> Evaluator:
    return Evaluator("test", lambda: False)


def moved(*skus: int) -> Event:
    return emit_event("inventory.stock_changed.v1", entity="inventory.stock", entity_id=None, payload={"sku_ids": list(skus)})


def test_h13_a_stock_change_is_judged_at_the_next_look(evaluator: Evaluator) -> None:
    world = make_world()
    sku = world.sku("LINE")
    StockPolicy.objects.create(sku=sku, alert_threshold_qty=100)
    with clock.at(NOW):
        world.stock(sku, 101)
        evaluator.turn()
        evaluator.evaluated_at = float("-inf")
        set_targets(
            [
                AllocationTarget(
                    reference="order:1", sku_id=sku.pk, warehouse_id=world.warehouse.pk, account_id=world.account.pk, wanted_qty=2,
                    ship_qty=0, ordered_at=NOW, occurred_at=NOW,
                )
            ]
        )  # fmt: skip
        evaluator.turn()
    alert = Alert.objects.get(kind="below-threshold")
    assert (alert.sku, alert.value, alert.status) == (sku, 1.0, "open")


def test_what_a_storm_touches_waits_a_moment_and_is_judged_together(evaluator: Evaluator) -> None:
    # As though it had evaluated something this very moment, on a machine of any speed.
    evaluator.evaluated_at = time.monotonic() + 60
    for number in range(5):
        moved(number, 7)
        evaluator.turn()
    assert evaluator.touched == {0, 1, 2, 3, 4, 7}
    evaluator.evaluated_at = float("-inf")
    evaluator.turn()
    assert evaluator.touched == set()
    [told] = Event.objects.filter(kind="alerts.skus_evaluated.v1", payload__sku_ids=[0, 1, 2, 3, 4, 7])
    assert told.actor == "cycle:incremental"


def test_other_events_touch_nothing(evaluator: Evaluator) -> None:
    emit_event("alerts.skus_evaluated.v1", entity="alerts.alert", entity_id=None, payload={"sku_ids": [3]})
    emit_event("inventory.stock_changed.v1", entity="inventory.stock", entity_id=None, payload={})
    evaluator.turn()
    assert evaluator.touched == set()
    assert evaluator.evaluated_at == float("-inf")


def test_what_was_touched_while_nobody_looked_is_judged_later() -> None:
    moved(3)
    with clock.at(clock.now() - timedelta(minutes=16)):
        moved(4)
    turns = iter([False, True])
    found = Evaluator("test", lambda: next(turns, True))
    found.catch_up()
    assert found.touched == {3}


def test_f7_what_a_lost_database_cut_off_is_due_still(evaluator: Evaluator, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_args: object, **_options: object) -> object:
        raise DatabaseError("the server is gone")

    evaluator.catch_up()
    moved(3)
    monkeypatch.setattr(incremental, "evaluate_skus", gone)
    with pytest.raises(DatabaseError):
        evaluator.turn()
    assert evaluator.touched == {3}


def test_i6_whatever_goes_wrong_is_logged_and_it_begins_anew(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    began = []

    class Broken(Evaluator):
        def catch_up(self) -> RecentEvents:
            began.append(1)
            raise RuntimeError("no luck")

    def no_pause(_seconds: Any) -> None:  # noqa: ANN401 - as `time.sleep`
        return None

    monkeypatch.setattr("stockhub.jobs.evaluator.time.sleep", no_pause)
    monkeypatch.setattr("stockhub.jobs.evaluator.connection.close", lambda: None)
    with caplog.at_level(logging.ERROR):
        Broken("test", lambda: len(began) == 2).run()
    assert [record.message for record in caplog.records] == [
        "SKUs that events touch are not judged at the moment; looking again in a second."
    ] * 2
    assert "no luck" in str(caplog.records[0].exc_info)
