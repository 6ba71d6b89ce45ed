"""That a request comes from the seller's own glue: an HMAC over its time and bytes, or a secret in a header.

The latter is all that EventBridge's API destinations can send.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from stockhub.pluginapi.connectors import WebhookRefusedError, WebhookRequest

SIGNATURE: Final = "x-stockhub-signature"
TIMESTAMP: Final = "x-stockhub-timestamp"
_KEY_HEADERS: Final = ("x-api-key", "authorization")
_TOLERANCE: Final = timedelta(minutes=5)


def signed(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    """Headers that prove a body."""
    stamp = str(int(at.timestamp()))
    return {TIMESTAMP: stamp, SIGNATURE: _signature(stamp, body, secret)}


def require_proof(request: WebhookRequest, secret: str, now: datetime) -> None:
    """WebhookRefusedError where neither holds. Every comparison takes the same time."""
    given = request.headers.get(SIGNATURE)
    if given is not None:
        stamp = request.headers.get(TIMESTAMP, "")
        if not hmac.compare_digest(given.encode(), _signature(stamp, request.body, secret).encode()):
            raise WebhookRefusedError(401, "bad_signature", "The signature does not belong to the body.")
        if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12 or abs(now.timestamp() - int(stamp)) > _TOLERANCE.total_seconds():
            raise WebhookRefusedError(401, "stale", "The request is older than five minutes, or from the future.")
        return
    if not any(_holds(request.headers, name, secret) for name in _KEY_HEADERS):
        raise WebhookRefusedError(401, "no_proof", "The request has neither a signature nor the secret in a header.")


def _holds(headers: Mapping[str, str], name: str, secret: str) -> bool:
    given = headers.get(name, "").removeprefix("Bearer ")
    return hmac.compare_digest(given.encode(), secret.encode())


def _signature(stamp: str, body: bytes, secret: str) -> str:
    return "sha256=" + hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
