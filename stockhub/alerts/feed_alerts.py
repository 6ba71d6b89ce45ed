"""Feeds that have stopped, and orders whose times are off: one alert an account, whatever the number of its SKUs (N17, H103)."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext, gettext_noop, ngettext

from stockhub.channels.feeds.staleness import DECISIVE, stopped_feeds
from stockhub.channels.models import Account
from stockhub.channels.spoken import told
from stockhub.cycles.models import Cycle
from stockhub.snapshot.contradictions import shifted_accounts

STALE_FEED: Final = "stale-feed"
SHIFTED_TIMES: Final = "shifted-times"
KIND_NAMES: Final = {
    "orders": gettext_noop("Orders"),
    "returns": gettext_noop("Returns"),
    "stock": gettext_noop("Stock"),
    "listings": gettext_noop("Listings"),
    "prices": gettext_noop("Prices"),
    "inbound": gettext_noop("Inbound"),
    "ages": gettext_noop("Ages of stock"),
    "fees": gettext_noop("Fees"),
    "settlements": gettext_noop("Settlements"),
    "traffic": gettext_noop("Traffic"),
    "signals": gettext_noop("Market signals"),
    "experience_score": gettext_noop("Experience score"),
}


def stale_feeds(cycle: Cycle) -> dict[int, dict[str, Any]]:
    """By account: its code, and the feed that matters most and is furthest behind, with whole hours since it last brought something.

    `error` is what hinders it, where a reading said so; `others` is how many more of the account's feeds have stopped.
    """
    found: dict[int, dict[str, Any]] = {}
    for each in stopped_feeds(cycle.as_of):
        feed = each.feed
        known = found.get(feed.account_id)
        # They come by how much they matter.
        if known is not None:
            known["others"] += 1
            continue
        found[feed.account_id] = {
            "account": feed.account.code, "feed": feed.kind, "hours": each.hours(cycle.as_of), "since": each.since.isoformat(),
            "code": feed.error_code, "error": feed.error[:300], "others": 0,
        }  # fmt: skip
    return found


def stale_level(inputs: dict[str, Any]) -> int:
    """Decisions rest on orders and stock; the rest is worth knowing."""
    return 2 if inputs["feed"] in DECISIVE else 1


def stale_message(inputs: dict[str, Any]) -> str:
    """What is old and what to do, in the active language."""
    hours, error = int(inputs["hours"]), told(str(inputs.get("error", "")))
    what = {"what": gettext(KIND_NAMES.get(inputs["feed"], inputs["feed"])), "count": hours, "error": error}
    if error:
        text = ngettext(
            "%(what)s last came in %(count)d hour ago: %(error)s", "%(what)s last came in %(count)d hours ago: %(error)s", hours
        )  # fmt: skip
        return text % what
    text = ngettext(
        "%(what)s last came in %(count)d hour ago: see the account's connection, or import a file.",
        "%(what)s last came in %(count)d hours ago: see the account's connection, or import a file.",
        hours,
    )
    return text % what


def shifted_times(cycle: Cycle) -> dict[int, dict[str, Any]]:
    """By account: its code, and the whole hours that the times of its orders are ahead (above 0) or behind (below 0)."""
    shifts = shifted_accounts(cycle.as_of)
    codes = dict(Account.objects.filter(pk__in=shifts).values_list("pk", "code"))
    return {account: {"account": codes[account], "hours": int(hours)} for account, hours in shifts.items()}


def shifted_message(inputs: dict[str, Any]) -> str:
    """Which way, how far and what to do, in the active language."""
    hours = int(inputs["hours"])
    if hours > 0:
        text = ngettext(
            "Orders come from %(count)d hour in the future: a time zone is wrong. Correct the account's, or the file's, and read again.",
            "Orders come from %(count)d hours in the future: a time zone is wrong. Correct the account's, or the file's, and read again.",
            hours,
        )
    else:
        text = ngettext(
            "No order is younger than %(count)d hour although they are read often: a time zone is wrong. Correct the account's.",
            "No order is younger than %(count)d hours although they are read often: a time zone is wrong. Correct the account's.",
            -hours,
        )
    return text % {"count": abs(hours)}
