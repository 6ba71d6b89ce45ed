"""The demo works in an empty database or its own, and in no other."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from stockhub.catalog.models import Sku
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.core.models import ExternalRef
from stockhub.demo import ownership
from stockhub.demo.ownership import Recipe
from stockhub.demo.places import DOUYIN
from stockhub.values import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
RECIPE = Recipe(NOW, 60, 150, 7)


def own() -> Account:
    account = Account.objects.create(code=DOUYIN, name="Demo", marketplace="douyin")
    ownership.remember(RECIPE)
    return account


def test_an_empty_database_is_taken() -> None:
    ownership.require_own_database()
    assert ownership.recipe() is None


@pytest.mark.parametrize("what", ["account", "sku"])
def test_a_database_with_somebody_elses_data_is_refused_and_left_alone(what: str) -> None:
    if what == "account":
        Account.objects.create(code="my-shop", name="Mine", marketplace="file")
    else:
        Sku.objects.create(code="MINE-1")
    with pytest.raises(CommandError, match="Nothing was changed") as refused:
        call_command("demo", "--no-serve")
    assert refused.value.returncode == 2
    assert list(Account.objects.values_list("code", flat=True)) == (["my-shop"] if what == "account" else [])
    assert list(Sku.objects.values_list("code", flat=True)) == (["MINE-1"] if what == "sku" else [])
    assert not ExternalRef.objects.exists()
    # Quiet is the demo alone: who called it is still told what rooms do.
    assert [logging.getLogger(f"stockhub.{room}").level for room in ("channels", "cycles")] == [logging.NOTSET] * 2


def test_a_demo_to_which_somebody_added_his_own_shop_is_refused() -> None:
    own()
    Account.objects.create(code="my-shop", name="Mine", marketplace="file")
    with pytest.raises(DomainError, match="my-shop") as refused:
        ownership.require_own_database()
    assert refused.value.code == "foreign_data"


def test_a_recipe_is_remembered_as_it_was() -> None:
    own()
    assert ownership.recipe() == RECIPE
    ownership.remember(Recipe(NOW, 60, 150, 7, is_loaded=True))
    assert ownership.recipe() == Recipe(NOW, 60, 150, 7, is_loaded=True)


def test_only_a_shop_of_today_with_the_same_recipe_is_used_again() -> None:
    own()
    with clock.at(NOW + timedelta(hours=3)):
        assert ownership.reusable(Recipe(clock.now(), 60, 150, 7)) == RECIPE
        assert ownership.reusable(Recipe(clock.now(), 61, 150, 7)) is None
        assert ownership.reusable(Recipe(clock.now(), 60, 150, 8)) is None
    with clock.at(NOW + timedelta(hours=13)):
        assert ownership.reusable(Recipe(clock.now(), 60, 150, 7)) is None


def test_a_shop_that_is_too_small_is_wrong_usage_and_leaves_the_earlier_one() -> None:
    own()
    with pytest.raises(CommandError, match="at least") as refused:
        call_command("demo", "--no-serve", "--scale", "0.01")
    assert refused.value.returncode == 2
    assert ownership.recipe() == RECIPE


def test_checking_without_a_shop_says_what_to_do() -> None:
    with pytest.raises(CommandError, match="Make one first"):
        call_command("demo", "--check")
