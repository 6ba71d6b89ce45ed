"""Which live rooms and authors are behind a burst: what an alert about it names (D18)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from stockhub.alerts.models import Alert
from stockhub.alerts.rules.burn_rate import BurnRateRule
from stockhub.channels.live_rooms import LiveSales, live_sales
from stockhub.channels.models import Account
from stockhub.snapshot.bursts import WINDOW

#: Rooms that a line of text names.
_NAMED: Final = 3
#: The pace looks at orders until the evaluation; the clock that told of it may be a little behind.
_AFTER: Final = timedelta(minutes=1)


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
    if alert.kind != BurnRateRule.slug or alert.sku_id is None or alert.pool_id is None:
        return []
    rows = Account.objects.filter(pool_accounts__pool_id=alert.pool_id).distinct()
    accounts = {account.pk: account for account in rows if seen is None or account.pk in seen}
    told = _sold(alert, list(accounts.values()))
    units: dict[tuple[str, str, str], int] = {}
    for each in told:
        key = (accounts[each.account_id].code, each.room, each.author)
        units[key] = units.get(key, 0) + each.units
    return [LiveSeller(*key, number) for key, number in units.items()]


def _sold(alert: Alert, accounts: Sequence[Account]) -> list[LiveSales]:
    if not accounts or alert.sku_id is None:
        return []
    return live_sales(accounts=accounts, since=alert.evaluated_at - WINDOW, until=alert.evaluated_at + _AFTER, sku_ids={alert.sku_id})


def sellers_text(alert: Alert, *, seen: Collection[int] | None) -> str:
    """The first rooms in a line, and how many more there are; empty where there is none."""
    sellers = live_sellers(alert, seen=seen)
    more = [_("%(count)d more") % {"count": len(sellers) - _NAMED}] if len(sellers) > _NAMED else []
    return " · ".join([seller.text for seller in sellers[:_NAMED]] + more)
