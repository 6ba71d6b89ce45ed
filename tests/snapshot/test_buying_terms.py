"""What a stage says of buying holds where nobody has said anything of the SKU, and each term says where it comes from (H9)."""

from __future__ import annotations

from typing import Any

import pytest

from stockhub.alerts.models import Alert
from stockhub.catalog.models import Sku, Stage, StockPolicy
from stockhub.lifecycle.models import LifecycleSettings, StageDefault
from stockhub.snapshot.builder import build
from stockhub.snapshot.buying_terms import effective_terms
from tests.worlds import NOW, World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def sku(world: World) -> Sku:
    """Sells ten a day, and runs out in a week."""
    return world.selling("TEA", stock=70, rate=10.0)


def in_stage(sku: Sku, stage: str | None) -> None:
    Sku.objects.filter(pk=sku.pk).update(stage=Stage.objects.filter(slug=stage).first())


def terms(world: World, sku: Sku) -> dict[str, tuple[float, str]]:
    found = effective_terms(sku_id=sku.pk, pool_id=world.pool.pk, as_of=NOW)
    snapshot = build([sku.pk], NOW)
    told = {each.name: (each.value, each.source) for each in found}
    for name in ("is_replenished", "review_period"):
        assert snapshot[name].tolist() == [told[name][0]]
    return told


def test_without_a_stage_nothing_changes(world: World, sku: Sku) -> None:
    assert terms(world, sku) == {
        "is_replenished": (1.0, "default"), "service_level": (0.95, "default"), "review_period": (7.0, "default"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "bought", "level"),
    [
        ("introduction", (1.0, "default"), (0.9, "stage")),
        ("growth", (1.0, "default"), (0.95, "default")),
        ("maturity", (1.0, "default"), (0.95, "default")),
        ("decline", (1.0, "default"), (0.95, "default")),
        ("end_of_life", (0.0, "stage"), (0.95, "default")),
        ("liquidation", (0.0, "stage"), (0.95, "default")),
    ],
)
def test_h9_each_stage_has_its_terms(world: World, sku: Sku, stage: str, bought: tuple[float, str], level: tuple[float, str]) -> None:
    in_stage(sku, stage)
    found = terms(world, sku)
    assert (found["is_replenished"], found["service_level"]) == (bought, level)


def test_h9_what_is_said_of_the_sku_counts_before_its_stage_and_what_it_is_off_the_list_for_before_all(world: World, sku: Sku) -> None:
    in_stage(sku, "end_of_life")
    policy = StockPolicy.objects.create(sku=sku, is_replenished=True, service_level=0.8, review_period_days=3)
    assert terms(world, sku) == {"is_replenished": (1.0, "policy"), "service_level": (0.8, "policy"), "review_period": (3.0, "policy")}
    StockPolicy.objects.filter(pk=policy.pk).update(is_replenished=None)
    StockPolicy.objects.create(sku=sku, pool=world.pool, is_replenished=True)
    assert terms(world, sku)["is_replenished"] == (1.0, "policy")
    Sku.objects.update(is_replenished=False)
    assert terms(world, sku)["is_replenished"] == (0.0, "sku")


def test_h9_an_operator_changes_what_a_stage_says_and_switches_it_off(world: World, sku: Sku) -> None:
    in_stage(sku, "decline")
    StageDefault.objects.filter(stage__slug="decline").update(is_replenished=False, review_period_days=14, service_level=0.85)
    assert terms(world, sku) == {"is_replenished": (0.0, "stage"), "service_level": (0.85, "stage"), "review_period": (14.0, "stage")}
    LifecycleSettings.objects.create(applies_defaults=False)
    assert {source for _value, source in terms(world, sku).values()} == {"default"}


def shortages() -> set[Any]:
    return set(Alert.objects.exclude(status="resolved").filter(side="shortage").values_list("kind", flat=True))


def test_h9_a_sku_at_the_end_of_its_life_raises_no_shortage(world: World, sku: Sku) -> None:
    run_cycle("warnings")
    assert shortages() == {"shortage", "order-due"}
    Alert.objects.all().delete()
    in_stage(sku, "end_of_life")
    run_cycle("warnings", NOW.replace(hour=6))
    assert shortages() == set()
