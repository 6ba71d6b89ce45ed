"""What waits: which messages a worker may take, for which accounts, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Now

from stockhub.channels.models import Account
from stockhub.channels.webhooks.models import RefusedWebhook, UnreadableWebhook, WebhookMessage, WebhookStatus

#: Due, and held by nobody: never leased, given back, or the lease ran out.
DUE = Q(status=WebhookStatus.DUE, next_attempt_at__lte=Now()) & (Q(lease_until=None) | Q(lease_until__lt=Now()))
_ACTIVE = Q(is_active=True, deleted_at=None)


def due_accounts() -> list[int]:
    """The ids of the accounts that have messages to work on: a unit of work each. Those of a paused account wait."""
    due = WebhookMessage.objects.filter(DUE, account=OuterRef("pk"))
    return list(Account.objects.filter(_ACTIVE, Exists(due)).order_by("pk").values_list("pk", flat=True))


def is_due() -> bool:
    return WebhookMessage.objects.filter(DUE, account__is_active=True, account__deleted_at=None).exists()


def next_account() -> Account | None:
    """The account of the oldest due message. Its row is not locked: the inbox holds that one for as long as it applies a batch."""
    due = WebhookMessage.objects.filter(DUE, account=OuterRef("pk")).order_by("next_attempt_at", "id")
    accounts = Account.objects.filter(_ACTIVE).annotate(oldest=Subquery(due.values("next_attempt_at")[:1])).filter(oldest__isnull=False)
    return accounts.order_by("oldest", "pk").first()


@dataclass(frozen=True, slots=True)
class Backlog:
    """Messages of an account that are due or parked, and when the oldest of them came in."""

    account: str
    status: str
    number: int
    since: datetime | None


def backlog() -> list[Backlog]:
    rows = WebhookMessage.objects.filter(status__in=[WebhookStatus.DUE, WebhookStatus.PARKED]).values_list("account__code", "status")
    told = rows.annotate(number=Count("pk"), since=Min("received_at")).order_by("account__code", "status")
    return [Backlog(*row) for row in told]


def refusals() -> Sequence[tuple[str, str, int]]:
    """(account, cause, times) of requests that were refused."""
    return list(RefusedWebhook.objects.order_by("account__code", "code").values_list("account__code", "code", "times"))


def unreadable() -> Sequence[tuple[str, int]]:
    """(account, number) of pushes that could not be read and that nobody has dealt with; times that they came."""
    rows = UnreadableWebhook.objects.filter(resolved_at=None).order_by().values_list("account__code")
    return list(rows.annotate(number=Sum("times")).order_by("account__code"))
