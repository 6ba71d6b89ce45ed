"""The page *Live rooms*: what each room and its author sells at this moment, by minute, on the accounts that the user sees (D18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext

from stockhub.access.models import User
from stockhub.access.scopes import visible_account_ids
from stockhub.catalog.models import Sku
from stockhub.channels.live_rooms import MINUTE, LiveSales, live_sales
from stockhub.channels.models import Account
from stockhub.cockpit.charts.minutes import minute_chart
from stockhub.core import clock

TITLE = gettext_lazy("Live rooms")
PERMISSION: Final = "channels.view_order"
#: Hours that one may look back, the first unless another is asked for.
SPANS: Final = (1, 6, 24)
#: What a room sells now is what it sold in so many minutes.
NOW_MINUTES: Final = 5
MOST_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class LiveRow:
    """A SKU in a room as the template shows it. `a_minute` is the mean of the last minutes."""

    room: str
    author: str
    account: str
    sku: str
    link: str
    units: int
    a_minute: float
    last_at: datetime
    chart: SafeString


def live_rooms_page(request: HttpRequest) -> TemplateResponse:
    """The SKUs that sold most units first; bundles are taken apart, and what was cancelled is out again."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(PERMISSION):
        raise PermissionDenied
    asked = request.GET.get("hours", "")
    hours = int(asked) if asked in map(str, SPANS) else SPANS[0]
    until = clock.now()
    since = until - timedelta(hours=hours)
    accounts = Account.objects.filter(deleted_at=None)
    if (seen := visible_account_ids(user)) is not None:
        accounts = accounts.filter(pk__in=seen)
    codes = {account.pk: account.code for account in accounts}
    found = live_sales(accounts=list(accounts), since=since, until=until)
    skus = dict(Sku.objects.filter(pk__in={each.sku_id for each in found[:MOST_ROWS]}).values_list("pk", "code"))
    rows = [_row(each, codes[each.account_id], skus[each.sku_id], since, until) for each in found[:MOST_ROWS]]
    context = admin.site.each_context(request) | {
        "title": TITLE,
        "rows": rows,
        "more": max(len(found) - MOST_ROWS, 0),
        "spans": [(span, _span(span), span == hours) for span in SPANS],
        "minutes": NOW_MINUTES,
    }
    return TemplateResponse(request, "cockpit/live_rooms.html", context)


def _span(hours: int) -> str:
    return ngettext("the last %(count)d hour", "the last %(count)d hours", hours) % {"count": hours}


def _row(each: LiveSales, account: str, sku: str, since: datetime, until: datetime) -> LiveRow:
    lately = sum(units for minute, units in each.minutes if minute > until - MINUTE * NOW_MINUTES - MINUTE)
    about = gettext("Units of %(sku)s by minute") % {"sku": sku}
    return LiveRow(
        room=each.room or "—", author=each.author or "—", account=account, sku=sku,
        link=reverse("admin:catalog_sku_change", args=[each.sku_id]), units=each.units, a_minute=lately / NOW_MINUTES,
        last_at=each.minutes[-1][0], chart=minute_chart(each.columns(since, until), about=about),
    )  # fmt: skip
