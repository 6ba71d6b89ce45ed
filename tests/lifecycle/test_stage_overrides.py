"""Stages set by hand: they hold until their day is over, revert by themselves, and the history keeps who and why."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from stockhub.access.scopes import NotAllowedError
from stockhub.catalog.models import Sku, Stage
from stockhub.core import clock
from stockhub.core.actor import Actor, acting_as
from stockhub.lifecycle.models import StageChange, StageOverride, StageState
from stockhub.lifecycle.overrides import end_overrides, revert_expired, set_stage
from stockhub.outbox.models import Event
from stockhub.values import DomainError
from tests.lifecycle.lives import PLATEAU, RAMP, sold_by_week, stage_of
from tests.worlds import DAY, NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ONE_DAY = timedelta(days=1)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def sku(world: World) -> Sku:
    """Mature, by its sales."""
    sku = sold_by_week(world, "TEA", RAMP + PLATEAU)
    run_cycle("lifecycle")
    return sku


def override(*skus: Sku, by: str = "user:ana", **given: Any) -> list[StageOverride]:  # noqa: ANN401 - any argument of the service
    wanted: dict[str, Any] = {"stage": "liquidation", "until_on": DAY + ONE_DAY, "reason": "sell out by Monday"} | given
    with clock.at(NOW), acting_as(Actor(by)):
        return set_stage(sku_ids=[each.pk for each in skus], **wanted)


def test_h9_an_override_holds_on_its_last_day_too_and_reverts_by_itself_with_the_warning_cycle(world: World, sku: Sku) -> None:
    [made] = override(sku)
    assert stage_of("TEA") == "liquidation"
    run_cycle("warnings", NOW + ONE_DAY)
    assert stage_of("TEA") == "liquidation"
    run_cycle("warnings", NOW + 2 * ONE_DAY)
    assert stage_of("TEA") == "maturity"
    made.refresh_from_db()
    assert (made.set_by, made.reason, made.ended_by, made.end_reason) == (
        "user:ana", "sell out by Monday", "cycle:warnings", "Its time is over.",
    )  # fmt: skip
    lines = StageChange.objects.order_by("pk").values_list("kind", "stage_from__slug", "stage_to__slug", "rule", "actor", "note")
    assert list(lines)[1:] == [
        ("overridden", "maturity", "liquidation", "", "user:ana", "sell out by Monday"),
        ("reverted", "liquidation", "maturity", "", "cycle:warnings", "Its time is over."),
    ]
    kinds = list(Event.objects.filter(kind__startswith="lifecycle.").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["lifecycle.stage_override_set.v1", "lifecycle.stage_override_ended.v1"]


def test_h9_evaluations_go_on_beneath_an_override(world: World, sku: Sku) -> None:
    override(sku, stage="decline", until_on=DAY + timedelta(days=10))
    run_cycle("lifecycle", NOW + timedelta(days=7))
    state = StageState.objects.select_related("stage").get()
    assert (stage_of("TEA"), state.stage and state.stage.slug, state.weeks_in_stage) == ("decline", "maturity", 1)
    assert not StageChange.objects.filter(kind="stated").exists()
    run_cycle("lifecycle", NOW + timedelta(days=14))
    assert stage_of("TEA") == "maturity"


def test_h9_an_override_is_ended_early_once_with_a_reason(sku: Sku) -> None:
    [made] = override(sku)
    with clock.at(NOW), acting_as(Actor("user:bo")):
        with pytest.raises(DomainError) as refused:
            end_overrides(override_ids=[made.pk], reason=" ")
        assert refused.value.code == "reason_required"
        end_overrides(override_ids=[made.pk], reason="a buyer was found")
        with pytest.raises(DomainError) as refused:
            end_overrides(override_ids=[made.pk], reason="again")
    assert (refused.value.code, stage_of("TEA")) == ("override_ended", "maturity")
    made.refresh_from_db()
    assert (made.ended_by, made.end_reason, made.ended_at) == ("user:bo", "a buyer was found", NOW)


def test_h9_a_later_override_takes_the_place_of_an_earlier_one_and_reverts_to_what_was_before_both(world: World) -> None:
    sku = world.sku("UNSEEN")
    Sku.objects.update(stage=Stage.objects.get(slug="growth"))
    first = override(sku)[0]
    second = override(sku, stage="decline")[0]
    first.refresh_from_db()
    assert (first.end_reason, stage_of("UNSEEN")) == ("Another one was set.", "decline")
    assert StageOverride.objects.get(ended_at=None) == second
    with clock.at(NOW + 2 * ONE_DAY):
        assert revert_expired(clock.now()) == 1
        assert revert_expired(clock.now()) == 0
    assert stage_of("UNSEEN") == "growth"


def test_h9_many_skus_at_once_all_or_none(world: World, sku: Sku) -> None:
    other = world.sku("CUP")
    assert len(override(sku, other, stage="decline")) == 2
    assert [stage_of(code) for code in ("TEA", "CUP")] == ["decline", "decline"]
    with pytest.raises(DomainError) as refused, clock.at(NOW):
        set_stage(sku_ids=[sku.pk, 10**9], stage="growth", until_on=DAY, reason="x")
    assert (refused.value.code, stage_of("TEA")) == ("not_found", "decline")


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"stage": "moon"}, "unknown_stage"),
        ({"reason": "  "}, "reason_required"),
        ({"reason": "x" * 301}, "invalid_override"),
        ({"until_on": DAY - ONE_DAY}, "override_in_past"),
        ({"until_on": date(2028, 1, 1)}, "override_too_long"),
    ],
)
def test_h9_what_makes_no_sense_is_refused_and_nothing_is_set(sku: Sku, given: dict[str, Any], code: str) -> None:
    with pytest.raises(DomainError) as refused:
        override(sku, **given)
    assert refused.value.code == code
    assert not StageOverride.objects.exists()
    assert (stage_of("TEA"), Event.objects.filter(kind__startswith="lifecycle.").count()) == ("maturity", 0)


def test_h9_nobody_sets_a_stage_without_the_permission(sku: Sku) -> None:
    with pytest.raises(NotAllowedError):
        override(sku, by="anonymous")
    assert stage_of("TEA") == "maturity"
