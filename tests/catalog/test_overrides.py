"""Overrides of lines: they hold for their time and revert by themselves; who, why and until when is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from stockhub.access.scopes import NotAllowedError
from stockhub.alerts.models import Alert
from stockhub.catalog.models import Sku, StockPolicy
from stockhub.catalog.override_models import Line, StockOverride
from stockhub.catalog.overrides import OverrideTarget, end_override, set_override
from stockhub.core import clock
from stockhub.core.actor import Actor, acting_as
from stockhub.outbox.models import Event
from stockhub.snapshot.effective_lines import EffectiveLine, effective_lines
from stockhub.values import DomainError
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HOUR = timedelta(hours=1)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def sku(world: World) -> Sku:
    """A SKU with a warning line of 100 and a fixed safety stock of 300."""
    sku = world.selling("TEA", stock=500, rate=10.0)
    StockPolicy.objects.create(sku=sku, alert_threshold_qty=100, safety_stock_method="fixed", safety_stock_qty=300)
    return sku


def override(world: World, sku: Sku, *, by: str = "user:ana", at: datetime = NOW, **given: Any) -> StockOverride:  # noqa: ANN401 - any argument of the service
    wanted: dict[str, Any] = {"until_at": NOW + 24 * HOUR, "reason": "live show"} | given
    target = OverrideTarget(sku_id=sku.pk, pool_id=wanted.pop("pool_id", world.pool.pk))
    with clock.at(at), acting_as(Actor(by)):
        return set_override(target, **wanted)


def lines(world: World, sku: Sku, at: datetime = NOW) -> dict[str, EffectiveLine]:
    return {each.line.value: each for each in effective_lines(sku_id=sku.pk, pool_id=world.pool.pk, as_of=at)}


def shown(world: World, sku: Sku, at: datetime = NOW, line: str = "alert_threshold") -> tuple[float | None, str]:
    found = lines(world, sku, at)[line]
    return found.value, found.source


def test_h64_an_override_expires_and_reverts_and_who_and_why_are_kept(world: World, sku: Sku) -> None:
    made = override(world, sku, qty=600)
    held = lines(world, sku)["alert_threshold"]
    assert (held.value, held.base, held.source, held.override) == (600.0, 100.0, "override", made)
    end = NOW + 24 * HOUR
    assert shown(world, sku, end - timedelta(microseconds=1)) == (600.0, "override")
    assert shown(world, sku, end) == (100.0, "policy")
    kept = StockOverride.objects.get()
    assert (kept.set_by, kept.reason, kept.set_at, kept.until_at, kept.ended_at) == ("user:ana", "live show", NOW, end, None)
    event = Event.objects.get(kind="catalog.override_set.v1")
    assert (event.actor, event.payload["reason"], event.payload["qty"], event.entity_id) == ("user:ana", "live show", 600, made.pk)


def test_h64_the_warning_comes_with_the_override_and_goes_after_it(world: World, sku: Sku) -> None:
    override(world, sku, qty=600)
    run_cycle("warnings", NOW + HOUR)
    alert = Alert.objects.get(kind="below-threshold")
    assert (alert.value, alert.inputs["alert_threshold"]) == (100.0, 600.0)
    for hours in (25, 26):
        run_cycle("warnings", NOW + hours * HOUR)
    alert.refresh_from_db()
    assert (alert.status, alert.resolution) == ("resolved", "cleared")


def test_h64_one_that_begins_later_waits_for_its_time(world: World, sku: Sku) -> None:
    override(world, sku, qty=600, starts_at=NOW + HOUR)
    assert [shown(world, sku, at)[0] for at in (NOW, NOW + HOUR)] == [100.0, 600.0]


def test_d4_a_factor_multiplies_the_line_within_its_window_and_goes_on_following_it(world: World, sku: Sku) -> None:
    override(world, sku, line=Line.SAFETY_STOCK, factor=1.5, reason="spring festival")
    assert shown(world, sku, line="safety_stock") == (450.0, "factor")
    StockPolicy.objects.update(safety_stock_qty=500)
    assert shown(world, sku, line="safety_stock") == (750.0, "factor")
    assert shown(world, sku, NOW + 24 * HOUR, line="safety_stock") == (500.0, "policy")
    # The other line has none.
    assert shown(world, sku) == (100.0, "policy")


def test_h64_of_several_the_one_for_the_pool_counts_then_the_one_set_last(world: World, sku: Sku) -> None:
    override(world, sku, qty=200, pool_id=None, at=NOW + HOUR)
    assert shown(world, sku, NOW + 2 * HOUR) == (200.0, "override")
    override(world, sku, qty=300)
    assert shown(world, sku, NOW + 2 * HOUR) == (300.0, "override")
    later = override(world, sku, factor=4.0, at=NOW + HOUR, until_at=NOW + 3 * HOUR)
    assert lines(world, sku, NOW + 2 * HOUR)["alert_threshold"].override == later
    # When the later one has ended, the earlier one still has time.
    assert [shown(world, sku, NOW + hours * HOUR) for hours in (2, 3)] == [(400.0, "factor"), (300.0, "override")]


def test_h64_an_override_is_ended_early_once_with_a_reason(world: World, sku: Sku) -> None:
    made = override(world, sku, qty=600)
    with clock.at(NOW + HOUR), acting_as(Actor("user:bo")):
        for reason, code in ((" ", "reason_required"), ("show is off", None), ("again", "override_ended")):
            if code is None:
                end_override(override_id=made.pk, reason=reason)
                continue
            with pytest.raises(DomainError) as refused:
                end_override(override_id=made.pk, reason=reason)
            assert refused.value.code == code
    assert [shown(world, sku, at)[0] for at in (NOW, NOW + HOUR)] == [600.0, 100.0]
    made.refresh_from_db()
    assert (made.reason, made.ended_by, made.end_reason, made.ended_at) == ("live show", "user:bo", "show is off", NOW + HOUR)
    assert Event.objects.get(kind="catalog.override_ended.v1").payload["reason"] == "show is off"


def test_a_line_that_nobody_drew_has_nothing_to_multiply(world: World) -> None:
    cup = world.selling("CUP", stock=50, rate=1.0)
    override(world, cup, factor=2.0)
    assert shown(world, cup) == (None, "none")
    override(world, cup, qty=80, at=NOW + HOUR)
    assert shown(world, cup, NOW + HOUR) == (80.0, "override")


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"qty": 1, "factor": 2.0}, "invalid_override", "qty"),
        ({}, "invalid_override", "qty"),
        ({"qty": -1}, "invalid_override", "qty"),
        ({"qty": 2**31}, "invalid_override", "qty"),
        ({"factor": -0.5}, "invalid_override", "factor"),
        ({"factor": float("nan")}, "invalid_override", "factor"),
        ({"factor": 101.0}, "invalid_override", "factor"),
        ({"qty": 1, "line": "moon"}, "invalid_override", "line"),
        ({"qty": 1, "reason": "  "}, "reason_required", "reason"),
        ({"qty": 1, "reason": "x" * 301}, "invalid_override", "reason"),
        ({"qty": 1, "until_at": NOW}, "override_in_past", "untilAt"),
        ({"qty": 1, "until_at": NOW + HOUR, "starts_at": NOW + 2 * HOUR}, "override_in_past", "untilAt"),
        ({"qty": 1, "until_at": NOW + timedelta(days=367)}, "override_too_long", "untilAt"),
        ({"qty": 1, "until_at": datetime(2026, 4, 1)}, "instant_without_zone", "untilAt"),  # noqa: DTZ001 - what is refused
    ],
)  # fmt: skip
def test_h64_what_makes_no_sense_is_refused_and_nothing_is_set(world: World, sku: Sku, given: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(DomainError) as refused:
        override(world, sku, **given)
    assert (refused.value.code, refused.value.path) == (code, (path,))
    assert not StockOverride.objects.exists()
    assert not Event.objects.filter(kind__startswith="catalog.override").exists()


def test_h64_nobody_sets_an_override_without_the_permission(world: World, sku: Sku) -> None:
    with acting_as(Actor("anonymous")), clock.at(NOW), pytest.raises(NotAllowedError):
        set_override(OverrideTarget(sku_id=sku.pk, pool_id=world.pool.pk), qty=1, until_at=NOW + HOUR, reason="x")
    assert not StockOverride.objects.exists()


def test_the_database_refuses_one_without_a_value_or_without_an_end(world: World, sku: Sku) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    for given in ({"qty": None}, {"qty": 1, "factor": 1.0}, {"qty": 1, "until_at": at}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StockOverride.objects.create(**({"sku": sku, "starts_at": at, "until_at": at + HOUR, "reason": "x", "set_by": "x"} | given))
