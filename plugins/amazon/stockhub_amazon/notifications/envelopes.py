"""Notifications out of what carries them: an SQS record, an SNS message, an EventBridge event, the receiver's list, or nothing at all.

Amazon begins the names of some types with capitals and those of others without: both are read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from stockhub_amazon.fields import parse_json

_DEEPEST: Final = 4
MOST_MESSAGES: Final = 100


class EnvelopeError(Exception):
    """What came is no notification."""


@dataclass(frozen=True, slots=True)
class Notification:
    notification_id: str
    kind: str
    occurred_at: datetime | None
    payload: Mapping[str, Any]


def notifications_of(body: bytes) -> list[Notification]:
    """All notifications in a request's body. EnvelopeError where there are none, or something else stands among them."""
    try:
        said = parse_json(body)
    except (ValueError, RecursionError):
        raise EnvelopeError("The body is no JSON.") from None
    found = [_read(each) for each in _unwrapped(said, 0)]
    if not 0 < len(found) <= MOST_MESSAGES:
        raise EnvelopeError(f"The body holds {len(found)} notifications; 1 to {MOST_MESSAGES} are taken.")
    return found


def _unwrapped(said: Any, depth: int) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - any JSON value
    if depth > _DEEPEST:
        raise EnvelopeError("Envelopes are nested too deeply.")
    if isinstance(said, str):
        try:
            said = parse_json(said.encode())
        except (ValueError, RecursionError):
            raise EnvelopeError("An envelope holds text that is no JSON.") from None
    if isinstance(said, list):
        for each in said:
            yield from _unwrapped(each, depth + 1)
        return
    if not isinstance(said, dict):
        raise EnvelopeError("An envelope holds no object.")
    inner = _inner(said)
    if inner is None:
        yield said
    else:
        yield from _unwrapped(inner, depth + 1)


def _inner(said: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
    """What an envelope holds; None where this is a notification itself."""
    if member(said, "NotificationType") is not None:
        return None
    if said.get("Type") in ("SubscriptionConfirmation", "UnsubscribeConfirmation"):
        raise EnvelopeError("An SNS subscription has to be confirmed by hand, in AWS.")
    for name in ("Records", "messages", "Messages", "body", "Body", "Message", "detail"):
        if name in said:
            return said[name]
    raise EnvelopeError("An object is neither a notification nor an envelope that is known here.")


def _read(said: Mapping[str, Any]) -> Notification:
    kind = member(said, "NotificationType")
    payload = member(said, "Payload")
    if not isinstance(kind, str) or not 0 < len(kind) <= 80 or not isinstance(payload, dict):
        raise EnvelopeError("A notification has no type or no payload.")
    at = _instant(member(said, "EventTime"))
    metadata = member(said, "NotificationMetadata")
    named = member(metadata, "NotificationId") if isinstance(metadata, dict) else None
    known = named if isinstance(named, str) and 0 < len(named) <= 100 else _digest(kind, at, payload)
    # A type's own object, where its payload is wrapped in one.
    inner = next((v for k, v in payload.items() if k.lower().endswith("notification") and isinstance(v, dict)), payload)
    return Notification(known, kind, at, inner)


def _digest(kind: str, at: datetime | None, payload: Mapping[str, Any]) -> str:
    """The name of a notification that Amazon gives none, as of FBA's stock."""
    said = json.dumps([kind, at.isoformat() if at else "", payload], sort_keys=True, default=str)
    return f"d:{hashlib.blake2b(said.encode(), digest_size=16).hexdigest()}"


def _instant(said: object) -> datetime | None:
    if not isinstance(said, str):
        return None
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        raise EnvelopeError("A notification's event time is no instant.") from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def member(said: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - any JSON value
    """A field by its name with a capital, in either casing; None where it is not there."""
    return said[name] if name in said else said.get(name[0].lower() + name[1:])
