"""How the months of the year sell, of a SKU and of its category, on the pages of their stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db.models.functions import Coalesce
from django.utils import formats
from django.utils.dates import MONTHS
from django.utils.translation import gettext, gettext_noop

from stockhub.access.models import User
from stockhub.access.scopes import visible_account_ids
from stockhub.catalog.models import Category, Sku
from stockhub.core import clock
from stockhub.lifecycle.models import CategoryStage, StageState
from stockhub.lifecycle.season_index import SeasonIndex, category_season, sku_season

#: Why there is no index.
_REASONS: Final[Mapping[str, str]] = {
    "NO_SALES_DATA": gettext_noop("no whole month of sales is known"),
    "NO_SALES": gettext_noop("nothing was sold"),
    "SHORT_HISTORY": gettext_noop("fewer than two whole years of sales are known"),
    "HOLES_IN_HISTORY": gettext_noop("a month of the year was never observed: no stock, an event, or figures that cannot be"),
}


@dataclass(frozen=True, slots=True)
class SeasonCard:
    """What the template needs of one index: `months` are names and numbers as text, none where there is a `problem`."""

    title: str
    months: Sequence[tuple[str, str]]
    problem: str
    first_on: date | None
    last_on: date | None
    skus: int
    of_skus: int


def season_cards(row: StageState | CategoryStage, user: User | AnonymousUser) -> list[SeasonCard]:
    """Of a SKU's stage its own and its category's, of a category's its own.

    None for who does not see all accounts, whose sales they add up.
    """
    if visible_account_ids(user) is not None:
        return []
    now = clock.now()
    if isinstance(row, CategoryStage):
        return [_card(row.category.name, category_season(row.category_id, now))]
    cards = [_card(row.sku.code, sku_season(row.sku_id, now))]
    of_sku = Sku.objects.filter(pk=row.sku_id).values_list(Coalesce("category_id", "product__category_id"), flat=True)
    category = Category.objects.filter(pk__in=of_sku, deleted_at=None).first()
    return cards if category is None else [*cards, _card(category.name, category_season(category.pk, now))]


def _card(title: str, found: SeasonIndex) -> SeasonCard:
    problem = "" if found.reason is None else gettext(_REASONS[found.reason])
    values = [] if problem else found.values.tolist()
    months = [(str(MONTHS[number]), formats.number_format(round(value, 2), 2)) for number, value in enumerate(values, 1)]
    return SeasonCard(title, months, problem, found.first_on, found.last_on, found.skus, found.of_skus)
