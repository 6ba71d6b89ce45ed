"""Stages in the admin: the weeks and the evidence, stages set by hand and ended, and the files (H9, H21)."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import numpy as np
import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from stockhub.access.models import User
from stockhub.catalog.models import Category, Sku, Stage
from stockhub.core import clock
from stockhub.demand.models import StockoutSeries
from stockhub.lifecycle.models import CategoryStage, LifecycleSettings, StageChange, StageOverride, StageState
from tests.lifecycle.lives import LAST_ON, LIVES, PLATEAU, RAMP, sold_by_week, stage_of
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def browser(world: World) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def text_of(browser: Client, page: str, *args: object) -> str:
    with clock.at(NOW):
        answer = browser.get(reverse(f"admin:lifecycle_{page}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_h9_the_page_of_a_stage_shows_its_weeks_with_those_left_out_and_its_evidence(world: World, browser: Client) -> None:
    sku = sold_by_week(world, "TEA", RAMP + PLATEAU[:16] + [0.0] * 2 + PLATEAU[:2])
    StockoutSeries.objects.create(sku=sku, pool=world.pool, first_on=LAST_ON - timedelta(days=27), in_stock=np.zeros(14, np.uint8))
    run_cycle("lifecycle")
    page = text_of(browser, "stagestate_change", StageState.objects.get().pk)
    assert "Units a week over 32 weeks, of which 2 are left out." in page
    assert "2 weeks left out" in page
    assert "Weeks on sale" in page
    assert "Still to be sold by it" in page or "unreliable" in page
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_stagestate"))
    other = Client()
    other.force_login(user)
    narrow = text_of(other, "stagestate_change", StageState.objects.get().pk)
    assert "Units a week over" not in narrow
    assert "Weeks on sale" in narrow


def test_h21_the_pages_of_stages_show_the_season_index_of_the_sku_and_of_its_category(world: World, browser: Client) -> None:
    category = Category.objects.create(code="fans", name="Fans <b>")
    sku = world.sku("FAN")
    Sku.objects.filter(pk=sku.pk).update(category=category)
    days = [LAST_ON - timedelta(days=back) for back in range(1200, -1, -1)]
    world.sold(sku, [30.0 if day.month in (6, 7, 8) else 10.0 for day in days], last_on=LAST_ON)
    new = sold_by_week(world, "NEW", LIVES["UP"])
    run_cycle("lifecycle")
    page = text_of(browser, "stagestate_change", StageState.objects.get(sku=sku).pk)
    assert page.count("Season index · ") == 2
    assert "Season index · FAN" in page
    assert "Season index · Fans &lt;b&gt;" in page
    assert "of cleaned sales from 2023-03-01 to 2026-02-28." in page
    assert re.findall(r'<td class="sh-figure">([^<]*)</td>', page) == (["0.67"] * 5 + ["2.00"] * 3 + ["0.67"] * 4) * 2
    of_category = text_of(browser, "categorystage_change", CategoryStage.objects.get().pk)
    assert of_category.count("Season index · Fans &lt;b&gt;") == 1
    assert of_category.count('<th scope="col">') == 12
    short = text_of(browser, "stagestate_change", StageState.objects.get(sku=new).pk)
    assert "There is none: fewer than two whole years of sales are known" in short
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=("view_stagestate", "view_categorystage")))
    other = Client()
    other.force_login(user)
    for shown, model in (("stagestate_change", StageState), ("categorystage_change", CategoryStage)):
        assert "Season index" not in text_of(other, shown, model.objects.latest("pk").pk)


def test_h9_a_stage_is_set_and_ended_in_the_admin(world: World, browser: Client) -> None:
    sku = sold_by_week(world, "TEA", RAMP + PLATEAU)
    run_cycle("lifecycle")
    given = {
        "sku": sku.pk, "stage": Stage.objects.get(slug="liquidation").pk, "until_on": "2020-01-01", "reason": "sell out",
    }  # fmt: skip
    url = reverse("admin:lifecycle_stageoverride_add")
    with clock.at(NOW):
        refused = browser.post(url, given)
        assert "The last day of an override is today or later." in refused.content.decode()
        assert browser.post(url, given | {"until_on": "2026-03-05"}).status_code == 302
        assert browser.post(url, given | {"until_on": "2026-03-06"}).status_code == 302
    assert (stage_of("TEA"), StageOverride.objects.filter(ended_at=None).count()) == ("liquidation", 1)
    chosen = {"action": "end", "_selected_action": [StageOverride.objects.get(ended_at=None).pk]}
    with clock.at(NOW):
        assert 'name="reason"' in browser.post(reverse("admin:lifecycle_stageoverride_changelist"), chosen).content.decode()
        browser.post(reverse("admin:lifecycle_stageoverride_changelist"), chosen | {"apply": "1", "reason": "a buyer came"})
    assert (stage_of("TEA"), StageOverride.objects.filter(ended_at=None).exists()) == ("maturity", False)
    assert StageChange.objects.latest("pk").note == "a buyer came"


def test_h9_the_rule_is_chosen_among_those_that_are_installed(browser: Client) -> None:
    page = text_of(browser, "lifecyclesettings_add")
    assert '<option value="sales-curve">Sales curve</option>' in page
    browser.post(reverse("admin:lifecycle_lifecyclesettings_add"), {"rule": "nowhere", "applies_defaults": "on"})
    assert not LifecycleSettings.objects.exists()
    browser.post(reverse("admin:lifecycle_lifecyclesettings_add"), {"rule": "sales-curve", "applies_defaults": "on"})
    assert LifecycleSettings.objects.get().rule == "sales-curve"


def rows(browser: Client, name: str, query: str = "") -> list[dict[str, str]]:
    answer = browser.get(f"/exports/{name}.csv{query}")
    assert answer.status_code == 200, answer.content
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode(), newline="")))  # type: ignore[attr-defined]


def test_h21_stages_and_their_history_as_files(world: World, browser: Client) -> None:
    for code in ("DOWN", "UP"):
        sold_by_week(world, code, LIVES[code])
    world.sku("NEVER")
    Sku.objects.filter(code="NEVER").update(stage=Stage.objects.get(slug="growth"))
    run_cycle("lifecycle")
    stages = {row["sku"]: row for row in rows(browser, "stages")}
    assert {code: (row["in_force"], row["settled"], row["found"], row["reason"]) for code, row in stages.items()} == {
        "DOWN": ("decline", "decline", "decline", ""), "UP": ("growth", "growth", "growth", ""),
        "NEVER": ("growth", "growth", "", "NO_SALES"),
    }  # fmt: skip
    assert float(stages["DOWN"]["age_weeks"]) == 44.0
    share = StageState.objects.get(sku__code="DOWN").evidence["share_of_peak_8"]
    assert float(stages["DOWN"]["share_of_peak_8"]) == pytest.approx(share, abs=1e-4)
    assert (stages["NEVER"]["age_weeks"], [row["sku"] for row in rows(browser, "stages", "?stage=decline")]) == ("", ["DOWN"])
    history = rows(browser, "stage-history", "?sku=UP")
    assert [(row["kind"], row["stage_from"], row["stage_to"], row["actor"]) for row in history] == [
        ("first", "", "growth", "cycle:lifecycle")
    ]
    assert rows(browser, "stage-history", "?kind=changed") == []
