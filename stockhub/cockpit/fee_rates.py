"""The page *Fees*: the rates in force today for each shop, where each comes from and how sure it is (E14)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from stockhub.access.models import User
from stockhub.access.scopes import visible_account_ids
from stockhub.channels.fee_tables import ShopFees, shop_fees
from stockhub.channels.models import Account
from stockhub.cockpit.fee_names import fee_name, per_name, tier_name
from stockhub.core import clock
from stockhub.formulas.fees.bands import EVERYWHERE
from stockhub.formulas.fees.rates import RateRow

TITLE = gettext_lazy("Fees")
PERMISSION: Final = "channels.view_feeoverride"


@dataclass(frozen=True, slots=True)
class Rate:
    """A row with its names in the active language."""

    row: RateRow
    fee: str
    tier: str
    per: str


@dataclass(frozen=True, slots=True)
class ShopRates:
    """A shop as the template shows it: its rates in force, or why there are none."""

    name: str
    site: str
    problem: str
    rates: Sequence[Rate]


def fee_rates(request: HttpRequest) -> TemplateResponse:
    """The shops that the user sees."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(PERMISSION):
        raise PermissionDenied
    accounts = Account.objects.filter(deleted_at=None).order_by("code")
    visible = visible_account_ids(user)
    if visible is not None:
        accounts = accounts.filter(pk__in=visible)
    names = dict(accounts.values_list("pk", "name"))
    day = clock.business_day(clock.now(), settings.STOCKHUB_TIME_ZONE)
    context = admin.site.each_context(request) | {
        "title": TITLE,
        "day": day,
        "shops": [_rates(fees, names[pk], day) for pk, fees in shop_fees(names).items()],
        "everywhere": EVERYWHERE,
        "add": reverse("admin:channels_feeoverride_add") if user.has_perm("channels.add_feeoverride") else "",
    }
    return TemplateResponse(request, "cockpit/fee_rates.html", context)


def _rates(fees: ShopFees, name: str, day: date) -> ShopRates:
    rows = () if fees.table is None else fees.table.rows_in_force(day)
    rates = [Rate(row, fee_name(row.fee), tier_name(row.tier), per_name(row.per)) for row in rows]
    return ShopRates(name, f"{fees.marketplace} {fees.site}".strip(), fees.problem, rates)
