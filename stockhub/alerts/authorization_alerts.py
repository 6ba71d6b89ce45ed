"""Accounts whose authorisation is lost, or ends soon: one alert each, which closes itself when somebody has authorised again (U24)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext

from stockhub.channels.connecting.ending_credentials import ending_credentials
from stockhub.channels.connecting.models import AccountAuthorization, AuthorizationState
from stockhub.channels.spoken import told
from stockhub.core import clock
from stockhub.cycles.models import Cycle

AUTHORIZATION_LOST: Final = "authorization-lost"
AUTHORIZATION_ENDS: Final = "authorization-ends"
#: How long before its end an authorisation is an alert, and when it is an urgent one.
ENDS_WITHIN: Final = timedelta(days=7)
URGENT_WITHIN: Final = timedelta(days=2)
#: A secret that a person rotates at the platform and enters in every account that uses it takes longer.
CREDENTIALS_WITHIN: Final = timedelta(days=21)


def lost_authorizations() -> dict[int, dict[str, Any]]:
    """By account: its code, why the authorisation was lost, and since when."""
    rows = _of_active_accounts().filter(state=AuthorizationState.LOST)
    return {
        row.account_id: {
            "account": row.account.code, "reason": row.reason, "code": row.reason_code,
            "lost_at": row.lost_at.isoformat() if row.lost_at else None,
        }
        for row in rows
    }  # fmt: skip


def ending_authorizations(cycle: Cycle) -> dict[int, dict[str, Any]]:
    """By account: its code, and the days until nothing can be renewed any more. One that renews by itself tells no end that comes near.

    What ends first counts: the authorisation, or the configuration's own secret, whatever is renewed meanwhile.
    """
    rows = _of_active_accounts().filter(state=AuthorizationState.AUTHORISED, refresh_expires_at__lt=cycle.as_of + ENDS_WITHIN)
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        if row.refresh_expires_at is not None and not _renews_in_time(row, cycle.as_of):
            days = max((row.refresh_expires_at - cycle.as_of) // timedelta(days=1), 0)
            found[row.account_id] = {"account": row.account.code, "days": days, "ends_at": row.refresh_expires_at.isoformat()}
    for account, (code, ends_on) in ending_credentials().items():
        days = max((ends_on - clock.business_day(cycle.as_of, settings.STOCKHUB_TIME_ZONE)).days, 0)
        if days < CREDENTIALS_WITHIN.days and (account not in found or days <= found[account]["days"]):
            found[account] = {"account": code, "days": days, "ends_on": ends_on.isoformat(), "what": "credentials"}
    return found


def _renews_in_time(row: AccountAuthorization, as_of: datetime) -> bool:
    """Whether a renewal that is still to come brings a later end, and none has failed."""
    renewal = row.renew_at or row.expires_at
    return renewal is not None and row.refresh_expires_at is not None and as_of <= renewal < row.refresh_expires_at and not row.failures


def lost_message(inputs: dict[str, Any]) -> str:
    """Why, and what to do, in the active language."""
    text = gettext(
        "The platform does not let us in any more: %(reason)s Nothing is read or pushed until somebody authorises the account again, "
        "on its page."
    )
    return text % {"reason": told(str(inputs["reason"]))}


def ends_message(inputs: dict[str, Any]) -> str:
    """When it ends, and what to do, in the active language."""
    days = int(inputs["days"])
    if inputs.get("what") == "credentials":
        return _credentials_message(days, date.fromisoformat(inputs["ends_on"]))
    day = formats.date_format(timezone.localtime(datetime.fromisoformat(inputs["ends_at"])), "SHORT_DATE_FORMAT")
    text = ngettext(
        "Its authorisation ends in %(count)d day, on %(day)s: authorise the account again on its page.",
        "Its authorisation ends in %(count)d days, on %(day)s: authorise the account again on its page.",
        days,
    )
    return text % {"count": days, "day": day}


def _credentials_message(days: int, ends_on: date) -> str:
    day = formats.date_format(ends_on, "SHORT_DATE_FORMAT")
    if days == 0:
        text = gettext(
            "The secret of its app ended on %(day)s: rotate it at the platform, enter the new one and the day in the account, and "
            "authorise the account again."
        )
        return text % {"day": day}
    text = ngettext(
        "The secret of its app ends in %(count)d day, on %(day)s: rotate it at the platform, and enter the new one and the day in the "
        "account.",
        "The secret of its app ends in %(count)d days, on %(day)s: rotate it at the platform, and enter the new one and the day in the "
        "account.",
        days,
    )
    return text % {"count": days, "day": day}


def _of_active_accounts() -> Any:  # noqa: ANN401 - a QuerySet
    rows = AccountAuthorization.objects.filter(account__is_active=True, account__deleted_at=None)
    return rows.select_related("account").order_by("account_id")
