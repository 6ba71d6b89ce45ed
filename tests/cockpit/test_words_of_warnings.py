"""Words on the pages of warnings: nothing is told by a number or a slug that has a name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import translation

from stockhub.access.models import User
from stockhub.alerts.alert_page import page_of
from stockhub.alerts.explanation_tree import Branch, tree_of
from stockhub.alerts.models import Alert, ParameterScope, RuleParameter, Subscription
from stockhub.alerts.stage_alerts import STAGE_CHANGE
from stockhub.catalog.models import Stage
from stockhub.core import clock
from stockhub.demand.reason_texts import reason_lines
from stockhub.values import Explanation
from tests.cockpit.made_up_shop import Shop

pytestmark = pytest.mark.django_db
MakeShop = Callable[..., Shop]
CHINESE = {"accept-language": "zh-hans"}


def test_an_alert_of_an_account_is_about_its_code_and_its_score_has_points(browser: Client, shop: MakeShop) -> None:
    made = shop(1)
    alert = Alert.objects.create(
        kind="experience-score", subject="account:1", side="shortage", level=2, message="x", value=72.5,
        opened_cycle=made.alert.opened_cycle,
        inputs={"score": 72.5, "floor": 75.0, "account": "demo-douyin"},
    )  # fmt: skip
    assert str(alert) == f"demo-douyin #{alert.pk}"
    page = browser.get(reverse("admin:alerts_alert_change", args=[alert.pk])).content.decode()
    assert "<dt>What it is about</dt><dd>demo-douyin</dd>" in page
    assert "<dt>SKU</dt>" not in page
    assert "account:1" not in page
    assert page_of(alert).value == "72.5 points"


@pytest.mark.parametrize("ended", ["over", "acknowledged"])
def test_why_an_alert_ended_by_itself_is_told_in_words(shop: MakeShop, ended: str) -> None:
    alert = shop(1).alert
    alert.resolution = ended
    with translation.override("en"):
        assert page_of(alert).resolution == {
            "over": "Its event is over.", "acknowledged": "Somebody has seen it, and there is nothing more to it.",
        }[ended]  # fmt: skip


def test_an_unknown_part_of_a_number_that_is_known_is_no_fault() -> None:
    """0 units times an unknown cost is 0; an unknown sum shows which of its parts is unknown."""
    cost = Explanation(op="input", value=None, name="unit_cost", unit="CNY")
    qty = Explanation(op="input", value=0.0, name="qty", unit="unit")

    def missing(value: float | None) -> list[tuple[str, bool]]:
        tree = tree_of(Explanation(op="mul", value=value, name="money", unit="CNY", args=(qty, cost)), {})
        return [(tree.name, tree.is_missing), *((part.name, part.is_missing) for part in tree.parts)]

    assert [each[1] for each in missing(0.0)] == [False, False, False]
    assert [each[1] for each in missing(None)] == [True, False, True]
    assert isinstance(tree_of(qty, {}), Branch)


def test_h64_the_form_of_a_parameter_names_stages_and_parameters(browser: Client) -> None:
    address = reverse("admin:alerts_ruleparameter_add")
    page = browser.get(address, headers=CHINESE).content.decode()
    assert ">衰退期</option>" in page
    assert ">decline</option>" not in page
    [options] = [part.split("</datalist>")[0] for part in page.split("<datalist")[1:]]
    assert '<option value="times_safety_stock">超储上限（安全库存倍数）（库存积压）</option>' in options
    english = browser.get(address).content.decode()
    assert '<option value="times_safety_stock">Excess, in times the safety stock (Overstock)</option>' in english
    stage = Stage.objects.get(slug="decline")
    now = clock.now()
    RuleParameter.objects.create(
        rule="shortage", parameter="horizon_days", value=30, scope=ParameterScope.STAGE, stage=stage, reason="x", set_by="ana",
        starts_at=now, set_at=now,
    )  # fmt: skip
    listed = browser.get(reverse("admin:alerts_ruleparameter_changelist"), headers=CHINESE).content.decode()
    assert "衰退期" in listed


def test_subscriptions_name_sides_and_kinds(browser: Client) -> None:
    Subscription.objects.all().delete()
    user = User.objects.get(is_superuser=True)
    Subscription.objects.create(name="mine", user=user, sides=["shortage", "excess"], kinds=[STAGE_CHANGE])
    page = browser.get(reverse("admin:alerts_subscription_changelist"))
    assert '["shortage"' not in page.content.decode()
    admin_page = page.context["cl"].model_admin
    [mine] = page.context["cl"].queryset
    with translation.override("en"):
        assert (admin_page.shown_sides(mine), admin_page.shown_kinds(mine)) == ("Shortage · Excess", "Stage has changed")
        assert (admin_page.shown_name(mine), admin_page.shown_role(mine)) == ("mine", "")
        mine.name, mine.user, mine.role = "First response: sales", None, Group.objects.get(name="sales")
        assert (admin_page.shown_name(mine), admin_page.shown_role(mine)) == ("First response: Sales", "Sales")
        mine.sides, mine.kinds = [], []
        assert (admin_page.shown_sides(mine), admin_page.shown_kinds(mine)) == ("all", "all")


def test_a_reason_of_a_forecast_names_the_calendar_that_told_of_it() -> None:
    reason = {
        "code": "EVENT", "label": {"en": "12.12 shopping festival", "zh": "双12大促"}, "factor": 1.04, "origin": "learned",
        "first_on": "2026-12-10", "last_on": "2026-12-12", "why": "", "made_by": "commerce-festivals",
    }  # fmt: skip
    with translation.override("en"):
        assert reason_lines([reason, {**reason, "made_by": "ana"}]) == [
            "12.12 shopping festival · × 1.04 · learned · 2026-12-10 – 2026-12-12 · calendar of online commerce",
            "12.12 shopping festival · × 1.04 · learned · 2026-12-10 – 2026-12-12 · ana",
        ]


def test_the_inbox_tells_days_on_one_line_and_the_minute_where_one_points(browser: Client, shop: MakeShop) -> None:
    alert = shop(1).alert
    Alert.objects.filter(pk=alert.pk).update(
        due_on=date(2031, 12, 7), acknowledge_by_at=None, opened_at=datetime(2021, 3, 2, 4, tzinfo=UTC)
    )
    page = browser.get(reverse("admin:alerts_alert_changelist")).content.decode()
    assert '<span class="sh-instant">2031-12-07</span>' in page
    assert '<span title="2021-03-02 12:00"><span class="sh-instant">2021-03-02</span></span>' in page
