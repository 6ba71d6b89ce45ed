"""A SKU that begins to decline, or to end, is told once, with the evidence (H9)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from stockhub.alerts.models import Alert, AlertEvent
from stockhub.alerts.services import acknowledge
from stockhub.alerts.wording import headline
from stockhub.catalog.models import Sku, Stage
from stockhub.core import clock
from stockhub.lifecycle.models import LifecycleSettings, StageChange
from tests.lifecycle.lives import PLATEAU, RAMP, sold_by_week, stage_of
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
WEEK, HOUR = timedelta(days=7), timedelta(hours=1)
FALLING = RAMP + PLATEAU + [80.0] * 4 + [20.0] * 10


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def sku(world: World) -> Sku:
    """Mature four weeks ago, in decline since this week."""
    sku = sold_by_week(world, "TEA", FALLING)
    for back in (8, 4, 3):
        run_cycle("lifecycle", NOW - back * WEEK)
    assert stage_of("TEA") == "decline"
    return sku


def told() -> list[tuple[str, str, int]]:
    return list(Alert.objects.filter(kind="stage-change").order_by("pk").values_list("status", "side", "level"))


def test_h9_a_decline_is_told_once_with_its_evidence_and_goes_when_somebody_has_seen_it(world: World, sku: Sku) -> None:
    run_cycle("warnings")
    alert = Alert.objects.select_related("sku", "pool").get(kind="stage-change")
    assert (told(), alert.sku, alert.pool) == ([("open", "excess", 1)], sku, None)
    change = StageChange.objects.get(kind="changed")
    assert {name: alert.inputs[name] for name in ("from", "to", "change")} == {"from": "maturity", "to": "decline", "change": change.pk}
    assert alert.inputs["share_of_peak_8"] == change.evidence["share_of_peak_8"]
    text = headline(alert)
    assert text.startswith("TEA · Stage has changed · from Maturity to Decline, the last eight weeks sold ")
    assert text.endswith(" % of the peak: plan its clearance while it still sells")
    with translation.override("zh-hans"):
        assert "成熟期" in headline(alert)
        assert "衰退期" in headline(alert)
    run_cycle("warnings", NOW + HOUR)
    assert told() == [("open", "excess", 1)]
    with clock.at(NOW + HOUR):
        acknowledge(alert_ids=[alert.pk])
    for hours in (2, 3):
        run_cycle("warnings", NOW + hours * HOUR)
    alert.refresh_from_db()
    assert (told(), alert.resolution) == ([("resolved", "excess", 1)], "acknowledged")
    steps = list(AlertEvent.objects.filter(alert=alert).order_by("pk").values_list("what", flat=True))
    assert steps == ["opened", "acknowledged", "resolved"]


def test_h9_an_alert_about_a_stage_that_holds_no_longer_is_closed(world: World, sku: Sku) -> None:
    run_cycle("warnings")
    Sku.objects.update(stage=Stage.objects.get(slug="growth"))
    run_cycle("warnings", NOW + HOUR)
    alert = Alert.objects.get(kind="stage-change")
    assert (alert.status, alert.resolution) == ("resolved", "cleared")


def test_h9_a_first_stage_is_no_change_and_an_old_change_no_news(world: World) -> None:
    sold_by_week(world, "OVER", RAMP + PLATEAU + [80.0 * 0.8**week for week in range(20)])
    run_cycle("lifecycle")
    run_cycle("warnings")
    assert (stage_of("OVER"), told()) == ("end_of_life", [])
    change: dict[str, Any] = {"stage_from": Stage.objects.get(slug="decline"), "stage_to": Stage.objects.get(slug="end_of_life")}
    sku = Sku.objects.get(code="OVER")
    for recorded_at in (NOW - timedelta(days=29), NOW - timedelta(days=27)):
        StageChange.objects.create(sku=sku, kind="changed", week_on=NOW.date(), actor="x", recorded_at=recorded_at, **change)
    run_cycle("warnings", NOW + HOUR)
    assert told() == [("open", "excess", 2)]


def test_a_life_cycle_rule_without_an_answer_is_an_alert_until_it_answers(world: World) -> None:
    sold_by_week(world, "TEA", FALLING)
    wanted = LifecycleSettings.objects.create(rule="nowhere")
    run_cycle("lifecycle")
    run_cycle("warnings")
    alert = Alert.objects.get(kind="stages-not-evaluated")
    assert alert.message == "lifecycle_rule nowhere: unknown_provider: There is no lifecycle_rule 'nowhere'; there is: sales-curve."
    LifecycleSettings.objects.filter(pk=wanted.pk).update(rule="")
    run_cycle("lifecycle", NOW + HOUR)
    run_cycle("warnings", NOW + HOUR)
    alert.refresh_from_db()
    assert (alert.status, alert.resolution) == ("resolved", "cleared")
