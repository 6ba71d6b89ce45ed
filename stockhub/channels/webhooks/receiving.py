"""A push: verified over its raw bytes, stored, and only then acknowledged. All in a web process, with a fixed number of queries.

What comes in is a stranger's until the connector says otherwise, so nothing of it is kept or told before; and nothing that he sends may
look like a fault of ours, or the platform would push it for ever.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from django.db import DatabaseError
from django.db.models import Exists, OuterRef

from stockhub.channels.connecting.contexts import context_for
from stockhub.channels.models import Account
from stockhub.channels.webhooks.reduced import Reduced, reduced
from stockhub.channels.webhooks.storing import count_refusal, keep_unreadable, store_messages
from stockhub.core.logs import redacted
from stockhub.inventory.transactions import in_transaction
from stockhub.outbox.services import ring_after_commit
from stockhub.pluginapi.connectors import ReceiveWebhook, WebhookAnswer, WebhookPush, WebhookRefusedError, WebhookRequest
from stockhub.pluginhost.calls import find, note_fault
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.models import Provider
from stockhub.pluginhost.registry import registry
from stockhub.values import DomainError

logger = logging.getLogger(__name__)
#: Of a body. Platforms push some hundred bytes a message; a batch of a thousand has a tenth of this.
BODY_BYTES: Final = 1024 * 1024
#: What a connector may answer a stranger.
_REFUSALS: Final = frozenset({400, 401, 403, 404, 413})
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CONTENT_TYPE: Final = re.compile(r"[\w.+-]+/[\w.+-]+(; ?charset=[\w-]+)?")
_HAS_A_CODE: Final = re.compile(r"[^\x00-\x1f]{1,60}")


class PushRefusedError(Exception):
    """Not taken. `status` is 503 where the same push may well be taken later."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Received:
    """What the platform wants to hear, and how many messages are new."""

    answer: WebhookAnswer
    new: int
    repeated: int


def receive_push(*, connector: str, account_code: str, request: WebhookRequest) -> Received:
    """Stores what a push to the account's address says; once this returns, its messages are durable and can be acknowledged.

    PushRefusedError where it is not the platform's, or cannot be taken. An account that is paused is pushed to all the same: its messages
    wait. A database that is away raises its own error.
    """
    account = _account(connector, account_code)
    try:
        push = _verified(account, request)
    except PushRefusedError as error:
        logger.warning("A push to %s was refused: %s", account.code, error.code, extra={"status": error.status})
        count_refusal(account=account, code=error.code, message=error.message, status=error.status)
        raise
    messages, fault = reduced(push.messages)
    unreadable = " ".join(part for part in (_reason(push), fault) if part)
    new = in_transaction(lambda: _stored(account, request, messages, unreadable)) if messages or unreadable else 0
    return Received(push.answer, new, len(messages) - new)


def too_large(*, connector: str, account_code: str) -> NoReturn:
    """Refuses a body beyond `BODY_BYTES`, of which nothing was looked at."""
    account = _account(connector, account_code)
    error = PushRefusedError(413, "too_large", f"A push may have {BODY_BYTES // 1024} KiB.")
    count_refusal(account=account, code=error.code, message=error.message, status=error.status)
    raise error


def _account(connector: str, account_code: str) -> Account:
    """The account, with whether its plugin is switched off; one refusal for all that is not there, so that nobody can look for accounts."""
    account = None
    if _HAS_A_CODE.fullmatch(account_code) and _HAS_A_CODE.fullmatch(connector):
        known = Provider.objects.filter(kind=Kind.MARKETPLACE, slug=OuterRef("marketplace"))
        rows = Account.objects.filter(code=account_code, marketplace=connector, deleted_at=None)
        account = rows.annotate(is_off=Exists(known.filter(plugin__enabled=False)), was_there=Exists(known)).first()
    if account is None or not _takes_pushes(account):
        raise PushRefusedError(404, "not_found", "There is no such address.")
    return account


def _takes_pushes(account: Account) -> bool:
    """Whether its connector does; one that could not be loaded here, but was there before, is taken to."""
    installed = registry().marketplaces.get(account.marketplace)
    return account.was_there if installed is None else isinstance(installed, ReceiveWebhook)  # type: ignore[attr-defined]  # annotated


def _verified(account: Account, request: WebhookRequest) -> WebhookPush:
    # A class of its own kind and a mix-in: mypy holds that nothing is both.
    connector: Any = registry().marketplaces.get(account.marketplace)
    if connector is None or account.is_off:  # type: ignore[attr-defined]  # annotated
        raise PushRefusedError(503, "connector_away", "This account's plugin is switched off or could not be loaded. Push again later.")
    try:
        context = context_for(account, with_network=False)
    except DomainError as error:
        logger.error("Pushes to %s cannot be verified: %s", account.code, redacted(error.message))  # noqa: TRY400 - nothing of it helps
        raise PushRefusedError(503, "not_configured", "This account's connection is not set up. Push again later.") from error
    try:
        push: WebhookPush = connector.receive(request, context)
        _require_push(push)
    except WebhookRefusedError as error:
        raise _refusal(error) from error
    except DatabaseError:
        raise
    except Exception as error:
        note_fault(find(Kind.MARKETPLACE, account.marketplace), error)
        raise PushRefusedError(400, "unreadable", "This cannot be read.") from error
    return push


def _refusal(error: WebhookRefusedError) -> PushRefusedError:
    status = error.status if error.status in _REFUSALS else 400
    code = error.code if isinstance(error.code, str) and _CODE.fullmatch(error.code) else "refused"
    return PushRefusedError(status, code, redacted(str(error.message))[:300])


def _require_push(push: WebhookPush) -> None:
    """TypeError where a connector answers with something else than it promised."""
    answer = push.answer
    if not isinstance(answer, WebhookAnswer) or not isinstance(answer.body, bytes) or not 200 <= answer.status < 500:
        raise TypeError("A push needs a WebhookAnswer of a status from 200 to 499 with a body of bytes.")
    if not _CONTENT_TYPE.fullmatch(answer.content_type):
        raise TypeError("The answer's content_type is none.")
    list(push.messages)


def _reason(push: WebhookPush) -> str:
    return redacted(str(push.unreadable))[:1000]


def _stored(account: Account, request: WebhookRequest, messages: dict[str, Reduced], unreadable: str) -> int:
    """Messages and what could not be read, together or not at all; the number of messages that are new."""
    new = store_messages(account=account, messages=list(messages.values()))
    if unreadable:
        keep_unreadable(account=account, request=request, reason=unreadable)
    if new:
        ring_after_commit("webhooks")
    return new
