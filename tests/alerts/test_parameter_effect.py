"""Parameters in the warning cycle: set, seen by the next evaluation, recorded, ended, and gone by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from stockhub.access.models import User
from stockhub.alerts.models import Alert, ParameterScope, RuleParameter, RuleSetting
from stockhub.alerts.parameters.effective import effective_parameters
from stockhub.alerts.parameters.setting import ParameterInput, end_parameters, set_parameter, set_parameters
from stockhub.catalog.models import Category, Sku
from stockhub.core import actor, clock
from stockhub.core.actor import Actor
from stockhub.outbox.models import Event
from stockhub.values import DomainError
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def world() -> World:
    return make_world()


def put(value: Any = 56.0, *, at: datetime = NOW, by: str = "user:ana", key: str | None = None, **given: Any) -> RuleParameter:  # noqa: ANN401 - any argument
    row = ParameterInput(**{"rule": "shortage", "parameter": "horizon_days", "value": value, "reason": "festival"} | given)
    with clock.at(at), actor.acting_as(Actor(by)):
        return set_parameter(row, request_key=key)


def shown(world: World, sku: Sku, at: datetime = NOW) -> tuple[Any, str]:
    [found] = [
        each
        for each in effective_parameters(rule="shortage", sku_id=sku.pk, pool_id=world.pool.pk, as_of=at)
        if each.name == "horizon_days"
    ]
    return found.value, str(found.source.scope) if found.source else "default"


def open_shortages() -> dict[str, float]:
    found = Alert.objects.filter(kind="shortage").exclude(status="resolved").select_related("sku")
    return {alert.sku.code: alert.inputs["horizon_days"] for alert in found if alert.sku}


def test_each_row_is_judged_with_its_own_parameters_and_the_alert_says_which(world: World) -> None:
    """10 a day, 400 in stock and 15 days of lead time last 28 days and not 56: the category's horizon warns, the default does not."""
    shoes = Category.objects.create(code="shoes", name="Shoes")
    boots = Category.objects.create(code="boots", name="Boots", parent=shoes)
    for code, category in (("BOOT", boots), ("CUP", None), ("SHOE", shoes)):
        sku = world.selling(code, stock=400, rate=10.0)
        Sku.objects.filter(pk=sku.pk).update(category=category)
    run_cycle("warnings")
    assert open_shortages() == {}
    put(scope=ParameterScope.CATEGORY, target=shoes.pk)
    put(30.0, scope=ParameterScope.SKU, target=Sku.objects.get(code="SHOE").pk)
    run_cycle("warnings", NOW + timedelta(minutes=15))
    assert open_shortages() == {"BOOT": 56.0}


def test_h64_an_override_for_a_time_reverts_by_itself_and_who_and_why_are_kept(world: World) -> None:
    sku = world.selling("CUP", stock=400, rate=10.0)
    put(35.0, by="user:li", reason="our usual")
    made = put(until_at=NOW + 2 * HOUR, at=NOW + HOUR)
    assert [shown(world, sku, NOW + hours * HOUR) for hours in (0, 1, 2)] == [(35.0, "global"), (56.0, "global"), (35.0, "global")]
    assert shown(world, sku, NOW + 2 * HOUR - timedelta(microseconds=1)) == (56.0, "global")
    run_cycle("warnings", NOW + HOUR)
    assert open_shortages() == {"CUP": 56.0}
    for quarters in range(1, 3):
        run_cycle("warnings", NOW + 2 * HOUR + quarters * timedelta(minutes=15))
    assert open_shortages() == {}
    kept = RuleParameter.objects.get(pk=made.pk)
    assert (kept.set_by, kept.reason, kept.previous_value, kept.ended_at) == ("user:ana", "festival", 35.0, None)
    event = Event.objects.filter(kind="alerts.parameter_set.v1").order_by("id").last()
    assert event is not None
    assert (event.payload["old"], event.payload["new"], event.payload["reason"]) == (35.0, 56.0, "festival")


def test_h64_a_value_without_an_end_replaces_the_one_before_and_waits_until_what_is_for_a_time_is_over(world: World) -> None:
    sku = world.selling("CUP", stock=400, rate=10.0)
    first = put(35.0)
    for_a_time = put(50.0, until_at=NOW + 3 * HOUR)
    second = put(40.0, at=NOW + HOUR)
    first.refresh_from_db()
    assert (first.ended_at, first.ended_by, first.end_reason) == (NOW + HOUR, "user:ana", "replaced by a later value")
    assert (second.previous_value, for_a_time.previous_value) == (50.0, 35.0)
    assert [shown(world, sku, NOW + hours * HOUR) for hours in (1, 2, 3)] == [(50.0, "global"), (50.0, "global"), (40.0, "global")]
    with clock.at(NOW + HOUR):
        end_parameters([for_a_time.pk], reason="no")
    assert shown(world, sku, NOW + HOUR) == (40.0, "global")
    assert RuleParameter.objects.count() == 3


def test_h64_a_value_that_was_planned_first_holds_from_its_day_on_whatever_was_set_meanwhile(world: World) -> None:
    sku = world.selling("CUP", stock=400, rate=10.0)
    planned = put(50.0, starts_at=NOW + 30 * DAY)
    until_then = put(20.0, at=NOW + 5 * DAY)
    day = {days: shown(world, sku, NOW + days * DAY)[0] for days in (4, 5, 29, 30, 31)}
    assert day == {4: 28.0, 5: 20.0, 29: 20.0, 30: 50.0, 31: 50.0}
    every = effective_parameters(rule="shortage", sku_id=sku.pk, pool_id=world.pool.pk, as_of=NOW + 31 * DAY)
    [found] = [each for each in every if each.name == "horizon_days"]
    assert (found.source, list(found.lost)) == (planned, [until_then])
    # What is set after it has begun replaces it.
    put(25.0, at=NOW + 40 * DAY)
    assert shown(world, sku, NOW + 40 * DAY) == (25.0, "global")
    planned.refresh_from_db()
    assert planned.ended_at == NOW + 40 * DAY


def test_h64_of_two_values_for_a_time_the_one_that_began_last_holds(world: World) -> None:
    """The days of the festival were planned before the month around them."""
    sku = world.selling("CUP", stock=400, rate=10.0)
    put(60.0, starts_at=NOW + 10 * DAY, until_at=NOW + 12 * DAY)
    put(40.0, at=NOW + HOUR, starts_at=NOW + DAY, until_at=NOW + 20 * DAY)
    day = {days: shown(world, sku, NOW + days * DAY)[0] for days in (0, 1, 9, 10, 11, 12, 19, 20)}
    assert day == {0: 28.0, 1: 40.0, 9: 40.0, 10: 60.0, 11: 60.0, 12: 40.0, 19: 40.0, 20: 28.0}


def test_h64_a_value_is_never_older_than_its_setting_however_early_it_is_dated(world: World) -> None:
    sku = world.selling("CUP", stock=400, rate=10.0)
    put(60.0, starts_at=NOW, until_at=NOW + 9 * DAY)
    put(40.0, at=NOW + DAY, starts_at=NOW - 30 * DAY, until_at=NOW + 9 * DAY)
    assert shown(world, sku, NOW + DAY)[0] == 40.0


def test_the_page_tells_what_lost_in_the_order_in_which_it_would_hold(world: World) -> None:
    sku = world.selling("CUP", stock=400, rate=10.0)
    own = {"account": world.account.pk, "pool": world.pool.pk, "sku": sku.pk}
    for number, scope in enumerate(("sku", "global", "pool", "account")):
        put(30.0 + number, scope=ParameterScope(scope), target=own.get(scope))
    every = effective_parameters(rule="shortage", sku_id=sku.pk, pool_id=world.pool.pk, as_of=NOW)
    [found] = [each for each in every if each.name == "horizon_days"]
    assert (found.value, found.default, found.unit, found.label.en) == (30.0, 28.0, "day", "Days ahead, at least")
    assert [(str(row.scope), row.value) for row in found.lost] == [("pool", 32.0), ("account", 33.0), ("global", 31.0)]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"rule": "moon"}, "unknown_rule", ("rule",)),
        ({"parameter": "moon"}, "unknown_parameter", ("parameter",)),
        ({"value": -1}, "invalid_parameters", ("value",)),
        ({"value": "much"}, "invalid_parameters", ("value",)),
        ({"reason": " "}, "reason_required", ("reason",)),
        ({"reason": "x" * 301}, "reason_too_long", ("reason",)),
        ({"target": 5}, "invalid_scope", ("target",)),
        ({"scope": ParameterScope.SKU}, "invalid_scope", ("target",)),
        ({"until_at": NOW}, "ends_before_start", ("untilAt",)),
        ({"until_at": datetime(2027, 1, 1)}, "instant_without_zone", ("untilAt",)),  # noqa: DTZ001 - what is refused
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(world: World, given: dict[str, Any], code: str, path: tuple[str, ...]) -> None:
    with pytest.raises(DomainError) as refused:
        put(**given)
    assert (refused.value.code, refused.value.path) == (code, path)
    assert not RuleParameter.objects.exists()
    assert not Event.objects.filter(kind__startswith="alerts.parameter").exists()


def test_many_at_once_are_refused_one_by_one_and_the_same_request_sets_nothing_again(world: World) -> None:
    skus = [world.sku(f"S{number}") for number in range(3)]
    rows = [
        ParameterInput(
            rule="shortage", parameter="horizon_days", value=value, scope=ParameterScope.SKU, target=sku.pk, reason="by hand"
        )
        for sku, value in zip(skus, (30.0, -1.0, 32.0), strict=True)
    ]  # fmt: skip
    with clock.at(NOW):
        told = set_parameters(rows, request_key="req-1")
        again = set_parameters(rows, request_key="req-1")
    assert [(each.index, str(each.status), each.error.code if each.error else None) for each in told] == [
        (0, "created", None), (1, "refused", "invalid_parameters"), (2, "created", None),
    ]  # fmt: skip
    assert [(str(each.status), each.id) for each in again] == [("unchanged", told[0].id), ("refused", None), ("unchanged", told[2].id)]
    assert list(RuleParameter.objects.order_by("id").values_list("sku_id", "value")) == [(skus[0].pk, 30.0), (skus[2].pk, 32.0)]


def test_a_value_is_ended_once_with_a_reason_and_from_the_version_that_was_read(world: World) -> None:
    made = put()
    with clock.at(NOW + HOUR):
        for reason, version, code in ((" ", None, "reason_required"), ("x", 7, "stale_version")):
            with pytest.raises(DomainError) as refused:
                end_parameters([made.pk], reason=reason, expected_version=version)
            assert refused.value.code == code
        end_parameters([made.pk], reason="over", expected_version=1)
        with pytest.raises(DomainError) as refused:
            end_parameters([made.pk], reason="again")
    assert refused.value.code == "parameter_ended"
    made.refresh_from_db()
    assert (made.ended_at, made.end_reason, made.version) == (NOW + HOUR, "over", 2)


def test_i4_who_sees_one_pool_sets_values_for_it_alone(world: World) -> None:
    from django.contrib.auth.models import Permission

    from stockhub.access.models import Grant, ScopeKind

    ana = User.objects.create_user("ana")
    ana.user_permissions.set(Permission.objects.filter(codename__in=("add_ruleparameter", "change_ruleparameter")))
    Grant.objects.create(user=ana, kind=ScopeKind.WAREHOUSE, object_id=world.warehouse.pk)
    row: dict[str, Any] = {"rule": "shortage", "parameter": "horizon_days", "value": 30, "reason": "mine"}
    with actor.acting_as(Actor("ana", ana.pk)):
        set_parameter(ParameterInput(**row, scope=ParameterScope.POOL, target=world.pool.pk))
        for scope, target in ((ParameterScope.GLOBAL, None), (ParameterScope.ACCOUNT, world.account.pk), (ParameterScope.CLASS, "A")):
            with pytest.raises(DomainError) as refused:
                set_parameter(ParameterInput(**row, scope=scope, target=target))
            assert refused.value.code == "not_allowed"
    assert RuleParameter.objects.count() == 1


def test_a_value_that_the_rule_takes_no_more_is_an_alert_and_the_others_go_on(world: World) -> None:
    world.selling("SHORT", stock=10, rate=10.0)
    RuleParameter.objects.create(rule="shortage", parameter="horizon_days", value=-1, reason="old", set_by="x", starts_at=NOW, set_at=NOW)
    run_cycle("warnings")
    assert [a.subject for a in Alert.objects.filter(kind="rule-not-evaluated")] == ["rule:shortage"]
    assert Alert.objects.filter(kind="order-due").count() == 1


def test_the_database_refuses_a_target_that_does_not_fit_the_scope(world: World) -> None:
    made = {"rule": "shortage", "parameter": "horizon_days", "value": 1, "reason": "x", "set_by": "x"}
    for wrong in ({"scope": "pool"}, {"scope": "global", "pool": world.pool}, {"scope": "class"}, {"scope": "sku", "pool": world.pool}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RuleParameter.objects.create(**made | wrong)


def test_what_was_set_before_scopes_holds_on_for_all(world: World) -> None:
    """The migration's own step, on the tables as they are now."""
    RuleSetting.objects.create(rule="shortage", parameters={"notice_days": 5, "horizon_days": 35}, updated_at=NOW)
    RuleSetting.objects.create(rule="overstock", enabled=False)
    import_module("stockhub.alerts.migrations.0004_rule_parameters").keep_what_was_set(apps, None)
    assert list(RuleParameter.objects.order_by("parameter").values_list("rule", "parameter", "value", "scope", "starts_at")) == [
        ("shortage", "horizon_days", 35, "global", NOW), ("shortage", "notice_days", 5, "global", NOW),
    ]  # fmt: skip
    world.selling("CUP", stock=300, rate=10.0)
    run_cycle("warnings")
    assert open_shortages() == {"CUP": 35}
    assert not Alert.objects.filter(kind="overstock").exists()
