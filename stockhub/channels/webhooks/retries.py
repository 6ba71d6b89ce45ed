"""What an operator does about messages and pushes: try them again, or say that nobody needs them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.channels.connecting.contexts import connector_of, context_for
from stockhub.channels.payloads import clean
from stockhub.channels.webhooks.models import UnreadableWebhook, WebhookMessage, WebhookStatus
from stockhub.channels.webhooks.reduced import Reduced, reduced
from stockhub.channels.webhooks.storing import request_of, store_messages
from stockhub.core import actor, clock
from stockhub.inventory.transactions import in_transaction
from stockhub.outbox.services import emit_event, ring_after_commit
from stockhub.pluginapi.connectors import ReceiveWebhook, WebhookRefusedError
from stockhub.values import DomainError

#: Ids of one call.
ROWS: Final = 1_000


def retry_messages(ids: Sequence[int]) -> int:
    """Makes messages that were parked or wait for another attempt due at once, with all their attempts ahead; others stay as they are.

    Returns how many. DomainError `too_many_rows`, `not_allowed`.
    """
    _require_few(ids)
    rows = WebhookMessage.objects.filter(pk__in=ids, status__in=[WebhookStatus.PARKED, WebhookStatus.DUE], lease_until=None)
    accounts = set(rows.values_list("account_id", flat=True))
    require("channels.change_webhookmessage", account_ids=accounts)

    def change() -> int:
        chosen = list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
        number = WebhookMessage.objects.filter(pk__in=chosen).update(
            status=WebhookStatus.DUE, attempts=0, begun=0, next_attempt_at=Now(), error=""
        )
        if number:
            emit_event("channels.webhooks_retried.v1", entity="channels.webhookmessage", entity_id=None, payload={"count": number})
            ring_after_commit("webhooks")
        return number

    return in_transaction(change)


@dataclass(frozen=True, slots=True)
class Read:
    """Pushes that could be read now, and messages of them that are new; pushes that still cannot be."""

    read: int = 0
    messages: int = 0
    left: int = 0


def read_again(ids: Sequence[int]) -> Read:
    """Has the connectors read pushes once more, as of the moment when they came in: after a connector was mended. DomainError as above."""
    _require_few(ids)
    pushes = list(UnreadableWebhook.objects.filter(pk__in=ids, resolved_at=None).select_related("account").order_by("pk"))
    require("channels.change_unreadablewebhook", account_ids={push.account_id for push in pushes})
    read = messages = 0
    for push in pushes:
        new = _read(push)
        if new is not None:
            read, messages = read + 1, messages + new
    return Read(read, messages, len(pushes) - read)


def dismiss_pushes(ids: Sequence[int]) -> int:
    """Settles pushes that nobody needs and forgets what came; the number of them."""
    _require_few(ids)
    rows = UnreadableWebhook.objects.filter(pk__in=ids, resolved_at=None)
    require("channels.change_unreadablewebhook", account_ids=set(rows.values_list("account_id", flat=True)))
    return rows.update(resolved_at=clock.now(), resolved_by=actor.current().label[:150], secrets=b"")


def _read(push: UnreadableWebhook) -> int | None:
    """The number of messages that are new; None where it still cannot be read, with the reason in its row."""
    try:
        messages, reason = _messages_of(push)
    except (DomainError, WebhookRefusedError) as error:
        messages, reason = {}, error.message
    except Exception as error:  # noqa: BLE001 - a connector's fault is told by its type alone: its text may repeat what came
        messages, reason = {}, f"The connector failed: {type(error).__name__}."
    if reason:
        UnreadableWebhook.objects.filter(pk=push.pk).update(reason=clean(reason)[:1000])
        return None

    def change() -> int:
        new = store_messages(account=push.account, messages=list(messages.values()))
        settled = {"resolved_at": clock.now(), "resolved_by": actor.current().label[:150], "secrets": b""}
        UnreadableWebhook.objects.filter(pk=push.pk).update(**settled)
        ring_after_commit("webhooks")
        return new

    return in_transaction(change)


def _messages_of(push: UnreadableWebhook) -> tuple[dict[str, Reduced], str]:
    """What the connector reads in it now, and why something of it still cannot be read."""
    connector: Any = connector_of(push.account)
    request = request_of(push)
    if request is None:
        raise DomainError("not_kept", _("What came was not kept, for there was no key to encrypt it with."))
    if not isinstance(connector, ReceiveWebhook):
        raise DomainError("connector_away", _("This account's connector takes no pushes."))
    # Whoever verifies how old a push is verifies it as it came.
    context = dataclasses.replace(context_for(push.account, with_network=False), now=lambda: push.received_at)
    told = connector.receive(request, context)
    messages, fault = reduced(told.messages)
    return messages, " ".join(part for part in (str(told.unreadable), fault) if part)


def _require_few(ids: Sequence[int]) -> None:
    if not 1 <= len(ids) <= ROWS:
        raise DomainError("invalid_rows", _("Name 1 to %(most)s of them."), path=("ids",), params={"most": ROWS})
