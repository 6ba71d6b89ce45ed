"""The tables of what is pushed: one statement for the messages of a push, each repetition left out."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
from collections.abc import Sequence
from typing import Any

from django.db.models import F

from stockhub.channels.models import Account
from stockhub.channels.payloads import clean
from stockhub.channels.webhooks.models import RefusedWebhook, UnreadableWebhook, WebhookMessage, WebhookStatus
from stockhub.channels.webhooks.reduced import Reduced
from stockhub.core import clock
from stockhub.core.bulk import insert_new
from stockhub.core.encryption import decrypt, encrypt
from stockhub.pluginapi.connectors import WebhookRequest
from stockhub.values import DomainError

logger = logging.getLogger(__name__)
_COLUMNS = ("account_id", "message_id", "kind", "payload", "occurred_at", "received_at", "status")


def store_messages(*, account: Account, messages: Sequence[Reduced]) -> int:
    """Adds the messages that are not here yet, in the caller's transaction; the number of them."""
    now, due = clock.now(), str(WebhookStatus.DUE.value)
    # In one order for all, so that two that bring the same messages wait for each other instead of dying together.
    rows = [
        (account.pk, each.message_id, each.kind, each.text, each.occurred_at, now, due)
        for each in sorted(messages, key=lambda each: each.message_id)
    ]
    return len(insert_new(WebhookMessage, _COLUMNS, rows, returning="message_id"))


def keep_unreadable(*, account: Account, request: WebhookRequest, reason: str) -> None:
    """Keeps a verified push whose messages could not all be read: encrypted, and counted where it comes again.

    Of one that was dismissed nothing is left: what comes now is kept, as of now.
    """
    now = clock.now()
    digest = hashlib.blake2b(request.body, digest_size=16).hexdigest()
    known = UnreadableWebhook.objects.filter(account=account, digest=digest)
    again = {"times": F("times") + 1, "last_received_at": now, "resolved_at": None, "resolved_by": ""}
    if known.exclude(secrets=b"").update(**again, reason=clean(reason)):
        return
    try:
        secrets = encrypt(_texts(request))
    except DomainError as error:
        # Kept without its body rather than not at all: an operator sees that something came, and what to mend.
        secrets, reason = b"", f"{reason} What came was not kept: {error.message}"
    if known.update(**again, reason=clean(reason), secrets=secrets, received_at=now):
        return
    row = UnreadableWebhook(account=account, digest=digest, reason=clean(reason), size=len(request.body), secrets=secrets)
    row.received_at = row.last_received_at = now
    UnreadableWebhook.objects.bulk_create([row], ignore_conflicts=True)


def request_of(push: UnreadableWebhook) -> WebhookRequest | None:
    """The push as it came; None where it could not be kept. DomainError `encryption_key_missing`."""
    kept = decrypt(push.secrets)
    if not kept:
        return None
    texts: dict[str, Any] = json.loads(kept["request"])
    return WebhookRequest(texts["method"], texts["headers"], texts["query"], base64.b64decode(kept["body"]))


def _texts(request: WebhookRequest) -> dict[str, str]:
    told = {"method": request.method, "headers": dict(request.headers), "query": dict(request.query)}
    return {"request": json.dumps(told), "body": base64.b64encode(request.body).decode()}


def count_refusal(*, account: Account, code: str, message: str, status: int) -> None:
    """Counts a refused request under its cause."""
    now, text = clock.now(), clean(message)[:300]
    same = RefusedWebhook.objects.filter(account=account, code=code)
    if same.update(times=F("times") + 1, last_at=now, message=text, status=status):
        return
    first = [(account.pk, code, text, status, now, now)]
    if not insert_new(RefusedWebhook, ("account_id", "code", "message", "status", "first_at", "last_at"), first, returning="code"):
        # Another request was the first of its cause in the same instant.
        same.update(times=F("times") + 1, last_at=now)
