"""A responsibility for a category is one for all beneath it, and the nearest counts (H70)."""

from __future__ import annotations

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.access.models import User
from stockhub.alerts.models import Alert
from stockhub.alerts.owners import NOBODY, Owners
from stockhub.catalog.models import Category, Product, Sku
from stockhub.channels.models import Responsibility
from tests.worlds import World, make_world, run_cycle

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def line() -> list[Category]:
    """Clothes, of which shoes, of which boots."""
    made: list[Category] = []
    for code in ("clothes", "shoes", "boots"):
        made.append(Category.objects.create(code=code, name=code, parent=made[-1] if made else None))
    return made


def person(name: str) -> User:
    return User.objects.create(username=name)


def owners(world: World, *skus: Sku) -> list[int]:
    ids = np.array([sku.pk for sku in skus], np.int64)
    found: list[int] = Owners.of(ids).of_pairs(ids, np.full(len(ids), world.pool.pk)).tolist()
    return found


def test_h70_who_answers_for_a_category_answers_for_all_beneath_it_and_the_nearest_counts(world: World, line: list[Category]) -> None:
    ana, ben = person("ana"), person("ben")
    # The nearer one is made first: it is not the order that decides.
    Responsibility.objects.create(category=line[1], owner=ben)
    Responsibility.objects.create(category=line[0], owner=ana)
    other = Category.objects.create(code="cups", name="cups")
    skus = [world.sku(f"S{number}") for number in range(5)]
    for sku, category in zip(skus, (*line, other, None), strict=True):
        Sku.objects.filter(pk=sku.pk).update(category=category)
    assert owners(world, *skus) == [ana.pk, ben.pk, ben.pk, NOBODY, NOBODY]


def test_h70_a_nearer_category_counts_before_one_above_it_that_names_the_account(world: World, line: list[Category]) -> None:
    ana, ben, eve, all_else = (person(name) for name in ("ana", "ben", "eve", "all"))
    Responsibility.objects.create(owner=all_else)
    Responsibility.objects.create(category=line[0], account=world.account, owner=ana)
    Responsibility.objects.create(category=line[1], owner=ben)
    boots, sandals, own = world.sku("BOOTS"), world.sku("CLOTHES"), world.sku("OWN")
    Sku.objects.filter(pk__in=(boots.pk, own.pk)).update(category=line[2])
    Sku.objects.filter(pk=sandals.pk).update(category=line[0])
    Responsibility.objects.create(sku=own, owner=eve)
    assert owners(world, boots, sandals, own, world.sku("CUP")) == [ben.pk, ana.pk, eve.pk, all_else.pk]


def test_h70_a_sku_without_a_category_has_that_of_its_product(world: World, line: list[Category]) -> None:
    ana = person("ana")
    Responsibility.objects.create(category=line[0], owner=ana)
    sku = world.sku("BOOT-42")
    Sku.objects.filter(pk=sku.pk).update(product=Product.objects.create(code="BOOT", name="Boot", category=line[2]))
    assert owners(world, sku) == [ana.pk]


def test_h70_the_alert_of_a_sku_beneath_goes_to_the_category_s_owner(world: World, line: list[Category]) -> None:
    ana, boss = person("ana"), person("boss")
    User.objects.filter(pk=boss.pk).update(is_superuser=True)
    Responsibility.objects.create(category=line[0], owner=ana)
    much = world.selling("MUCH", stock=1000, rate=1.0)
    Sku.objects.filter(pk=much.pk).update(category=line[2])
    run_cycle("warnings")
    assert Alert.objects.get(kind="overstock").owner == ana


def test_the_tree_of_categories_is_asked_for_only_where_a_category_has_somebody(world: World, line: list[Category]) -> None:
    sku = world.sku("BOOT")
    Sku.objects.filter(pk=sku.pk).update(category=line[2])
    counts = []
    for given in ({}, {"category": line[0]}):
        Responsibility.objects.create(owner=person(f"of {len(given)}"), **given)
        with CaptureQueriesContext(connection) as captured:
            owners(world, sku)
        counts.append(len(captured))
    # Responsibilities, accounts of pools, SKUs; the tree to order them, and the tree to look up.
    assert counts == [3, 5]
