"""What levels 2 and 3 ask for is recorded and ticked off (H65, E5)."""

from __future__ import annotations

import pytest
from django.utils import translation

from stockhub.alerts.models import Alert, ResponseStep, Side
from stockhub.alerts.response_steps import STEPS, STEPS_OF_KIND, TEXTS, complete_step, text_of
from stockhub.alerts.system_kinds import LABELS
from stockhub.core import clock
from stockhub.outbox.models import Event
from stockhub.pluginhost.registry import registry
from stockhub.values import DomainError
from tests.alerts.opened_alerts import opened, respond
from tests.worlds import NOW, World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world() -> World:
    return make_world()


def test_h65_e5_levels_two_and_three_record_what_is_to_be_done_by_side(world: World) -> None:
    mild, short, grave = opened(world, "A", level=1), opened(world, "B", level=2), opened(world, "C", level=3)
    much = opened(world, "D", level=3, side=Side.EXCESS, kind="overstock")
    late = opened(world, "E", level=3, side=Side.DATA, kind="late-supply")
    strange = opened(world, "F", level=2, side=Side.DATA, kind="of-a-plugin")
    opened(world, "G", level=1, side=Side.DATA, kind="old-benchmarks")
    respond()
    respond()
    steps = {
        alert.pk: list(ResponseStep.objects.filter(alert=alert).order_by("pk").values_list("step", flat=True))
        for alert in (mild, short, grave, much, late, strange)
    }
    assert steps == {
        mild.pk: [],
        short.pk: ["plan-transfer"],
        grave.pk: ["plan-transfer", "freeze-outbound", "tell-management"],
        much.pk: ["plan-promotion", "freeze-purchasing", "tell-management"],
        late.pk: ["chase-supplier", "tell-management"],
        strange.pk: ["mend-data"],
    }
    assert ResponseStep.objects.count() == 10


def test_h65_kinds_that_no_transfer_cures_ask_for_what_does(world: World) -> None:
    """A shop's score, a single supplier, a late delivery: each has steps of its own, and kinds without any those of their side."""
    kinds = ("experience-score", "single-source", "late-inbound", "emergency-order", "oversold-listings", "low-inventory-fee")
    alerts = {kind: opened(world, kind, level=2, kind=kind) for kind in kinds}
    worth = opened(world, "W", level=3, side=Side.EXCESS, kind="write-down")
    respond()
    told = {kind: list(alert.response_steps.order_by("pk").values_list("step", flat=True)) for kind, alert in alerts.items()}
    assert told == {
        "experience-score": ["mend-service"], "single-source": ["find-supplier"], "late-inbound": ["chase-supplier", "plan-transfer"],
        "emergency-order": ["order-fast"], "oversold-listings": ["push-stock"], "low-inventory-fee": ["send-to-platform"],
    }  # fmt: skip
    assert list(worth.response_steps.order_by("pk").values_list("step", flat=True)) == [
        "value-stock",
        "freeze-purchasing",
        "tell-management",
    ]


def test_h65_every_kind_about_data_asks_for_what_mends_it(world: World) -> None:
    """It is mended where it comes from: each kind of the system that gets to level 2 has its own step."""
    of_level_one = {"unmapped-listings", "quarantined-records", "missing-facts", "old-benchmarks", "routing-incomplete"}
    others = {"experience-score", "oversold-listings", "contingency-plan", "stage-change"}
    assert set(LABELS) - of_level_one - others <= set(STEPS_OF_KIND)
    kinds = {
        "authorization-lost": "authorise-again", "authorization-ends": "authorise-again", "stale-feed": "mend-feed",
        "shifted-times": "check-times", "webhooks-waiting": "mend-webhooks", "webhooks-refused": "mend-webhooks",
        "pushes-waiting": "decide-pushes", "stock-differences": "count-stock", "stock-dispute": "count-stock",
        "open-variances": "find-units", "late-supply": "chase-supplier", "ledger-discrepancy": "prove-ledger",
        "missing-partitions": "see-workers", "stale-forecast": "see-workers", "rule-not-evaluated": "mend-rule",
        "stages-not-evaluated": "mend-rule", "forecast-bias": "correct-forecast", "doubtful-data": "mend-data",
    }  # fmt: skip
    alerts = {kind: opened(world, kind, level=3, side=Side.DATA, kind=kind) for kind in kinds}
    respond()
    told = {kind: list(alert.response_steps.order_by("pk").values_list("step", flat=True)) for kind, alert in alerts.items()}
    assert told == {kind: [step, "tell-management"] for kind, step in kinds.items()}


def test_every_step_has_words_and_every_kind_with_steps_of_its_own_exists(world: World) -> None:
    assert {step for its in (*STEPS.values(), *STEPS_OF_KIND.values()) for _level, step in its} == set(TEXTS)
    assert set(STEPS_OF_KIND) <= {*registry().alert_rules, *LABELS}
    with translation.override("en"):
        assert text_of("freeze-purchasing") == "Hold purchase orders and shipments of this SKU that can still be held."
        assert text_of("of-a-later-release") == "of-a-later-release"


def test_a_step_is_ticked_off_once_by_whoever_sees_its_alert(world: World) -> None:
    opened(world, "A", level=2)
    respond()
    [step] = ResponseStep.objects.all()
    with pytest.raises(DomainError) as hidden:
        complete_step(step_id=step.pk, visible=Alert.objects.none())
    assert hidden.value.code == "not_found"
    with clock.at(NOW):
        done = complete_step(step_id=step.pk, visible=Alert.objects.all(), note=" 200 units from eu ")
    assert (done.done_at, done.note) == (NOW, "200 units from eu")
    again = complete_step(step_id=step.pk, visible=Alert.objects.all(), note="other")
    assert (again.done_at, again.note) == (NOW, "200 units from eu")
    assert Event.objects.filter(kind="alerts.step_completed.v1").count() == 1
    respond()
    step.refresh_from_db()
    assert step.done_at == NOW
