"""Which live rooms and authors are behind a burst: what an alert about it names (D18)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from stockhub.alerts.models import Alert
from stockhub.alerts.rules.burn_rate import BurnRateRule
from stockhub.channels.live_rooms import LiveSales, floored, live_sales_within
from stockhub.channels.models import Account, PoolAccount
from stockhub.snapshot.bursts import WINDOW

#: Rooms that a line of text names.
_NAMED: Final = 3
#: The pace looks at orders until the evaluation; the clock that told of it may be a little behind.
_AFTER: Final = timedelta(minutes=1)
_Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class LiveSeller:
    """A room that sells the alert's SKU, and by how much in the minutes that the alert's pace was taken from."""

    account: str
    room: str
    author: str
    units: int

    @property
    def text(self) -> str:
        """`room 7301, author 98 (dy-main): 40`."""
        names = [_("room %(room)s") % {"room": self.room}] if self.room else []
        names += [_("author %(author)s") % {"author": self.author}] if self.author else []
        return _("%(who)s (%(account)s): %(units)d") % {"who": ", ".join(names), "account": self.account, "units": self.units}


def live_sellers(alert: Alert, *, seen: Collection[int] | None) -> list[LiveSeller]:
    """The rooms that sold the SKU of a burst's alert on the accounts of its pool, the most units first; none for any other alert.

    `seen`: the ids of the accounts that the reader may see; None for all.
    """
    return sellers_of([alert], seen=seen)[alert.pk]


def sellers_of(alerts: Sequence[Alert], *, seen: Collection[int] | None) -> dict[int, list[LiveSeller]]:
    """The same of many alerts, by their ids, in as many queries as for one."""
    found: dict[int, list[LiveSeller]] = {alert.pk: [] for alert in alerts}
    bursts = [each for each in alerts if each.kind == BurnRateRule.slug and each.sku_id is not None and each.pool_id is not None]
    accounts: dict[int, Account] = {}
    served: defaultdict[int, set[int]] = defaultdict(set)
    pools = {each.pool_id for each in bursts}
    for row in PoolAccount.objects.filter(pool_id__in=pools).select_related("account") if pools else ():
        if seen is None or row.account_id in seen:
            accounts[row.account_id] = row.account
            served[row.pool_id].add(row.account_id)
    if not accounts:
        return found
    skus = {each.sku_id for each in bursts if each.sku_id is not None}
    sold: defaultdict[int, list[LiveSales]] = defaultdict(list)
    for told in live_sales_within(accounts=list(accounts.values()), spans=_merged(map(_span, bursts)), sku_ids=skus):
        sold[told.sku_id].append(told)
    for alert in bursts:
        own = [each for each in sold[alert.sku_id or 0] if each.account_id in served[alert.pool_id or 0]]
        found[alert.pk] = _sellers(own, _span(alert), accounts)
    return found


def _sellers(sold: Sequence[LiveSales], span: _Span, accounts: Mapping[int, Account]) -> list[LiveSeller]:
    """Those that sold anything within the span, the most units first, then in the order in which they come."""
    since, until = span
    told = [
        LiveSeller(accounts[each.account_id].code, each.room, each.author, sum(qty for at, qty in each.minutes if since <= at < until))
        for each in sorted(sold, key=lambda each: (each.account_id, each.room, each.author))
    ]
    return sorted((each for each in told if each.units), key=lambda each: -each.units)


def _span(alert: Alert) -> _Span:
    """Whole minutes: those that the alert's pace was taken from."""
    return floored(alert.evaluated_at - WINDOW), floored(alert.evaluated_at + _AFTER)


def _merged(spans: Iterable[_Span]) -> list[_Span]:
    """Those that overlap or touch as one."""
    merged: list[_Span] = []
    for since, until in sorted(spans):
        if merged and since <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], until)
        else:
            merged.append((since, until))
    return merged


def sellers_text(alert: Alert, *, seen: Collection[int] | None) -> str:
    """The first rooms in a line, and how many more there are; empty where there is none."""
    sellers = live_sellers(alert, seen=seen)
    more = [_("%(count)d more") % {"count": len(sellers) - _NAMED}] if len(sellers) > _NAMED else []
    return " · ".join([seller.text for seller in sellers[:_NAMED]] + more)
