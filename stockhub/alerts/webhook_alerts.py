"""Webhooks that an operator has to look at: what was given up or could not be read, and accounts whose pushes are all turned away (I6)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any, Final

from django.db.models import Count, Max
from django.utils.translation import gettext

from stockhub.channels.webhooks.models import RefusedWebhook, UnreadableWebhook, WebhookMessage, WebhookStatus
from stockhub.cycles.models import Cycle

WEBHOOKS_WAITING: Final = "webhooks-waiting"
WEBHOOKS_REFUSED: Final = "webhooks-refused"
#: A refusal of longer ago is no news: whoever sent it has stopped.
_NEWS: Final = timedelta(days=1)


def waiting_webhooks() -> dict[int, int]:
    """By account: messages that were given up, and pushes that could not be read and that nobody has dealt with."""
    found: Counter[int] = Counter()
    of_live = {"account__is_active": True, "account__deleted_at": None}
    parked = WebhookMessage.objects.filter(status=WebhookStatus.PARKED, **of_live)
    unreadable = UnreadableWebhook.objects.filter(resolved_at=None, **of_live)
    for rows in (parked, unreadable):
        found.update(dict(rows.order_by("account_id").values_list("account_id").annotate(Count("pk"))))
    return dict(found)


def refused_webhooks(cycle: Cycle) -> dict[int, dict[str, Any]]:
    """By account: its code, the last cause of a refusal, and how often there was that one; where nothing was taken since.

    A stranger who knocks at the address of an account whose pushes arrive is no alert.
    """
    rows = RefusedWebhook.objects.filter(last_at__gt=cycle.as_of - _NEWS, account__is_active=True, account__deleted_at=None).select_related(
        "account"
    )
    last = {row.account_id: row for row in rows.order_by("account_id", "last_at", "pk")}
    taken = WebhookMessage.objects.filter(account__in=last, received_at__gt=cycle.as_of - _NEWS).order_by()
    taken_at = dict(taken.values_list("account_id").annotate(Max("received_at")))
    return {
        account: {"account": row.account.code, "code": row.code, "reason": row.message or row.code, "times": row.times}
        for account, row in last.items()
        if account not in taken_at or taken_at[account] < row.last_at
    }


def refused_message(inputs: dict[str, Any]) -> str:
    """Why, and what to do, in the active language."""
    text = gettext(
        "What is pushed to its address is refused, %(times)d times for this cause: %(reason)s See that the secret and the address are the "
        "platform's; until then orders come by polling alone."
    )
    return text % inputs
