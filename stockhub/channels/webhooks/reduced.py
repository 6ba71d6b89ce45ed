"""Messages of a push as they can be stored. A connector reduces; what it gives is looked at all the same before it meets a database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from stockhub.channels.payloads import clean
from stockhub.pluginapi.connectors import WebhookMessage

#: Of one message. Those of platforms carry ids and have a few hundred bytes.
MESSAGE_BYTES: Final = 64 * 1024
#: Of one push: platforms send some ten.
MESSAGES: Final = 1_000
_ID: Final = 200
_KIND: Final = 60


@dataclass(frozen=True, slots=True)
class Reduced:
    message_id: str
    kind: str
    text: str
    occurred_at: datetime | None


class _UnfitError(Exception):
    """What is wrong with a message, in words that repeat nothing of it."""


def reduced(messages: Sequence[WebhookMessage]) -> tuple[dict[str, Reduced], str]:
    """The messages that can be stored, each id once, and why another one cannot; empty where all can."""
    good: dict[str, Reduced] = {}
    if len(messages) > MESSAGES:
        return good, f"It has {len(messages)} messages; {MESSAGES} are taken at once."
    fault = ""
    for message in messages:
        try:
            kept = _reduced(message)
        except _UnfitError as error:
            fault = f"A message cannot be stored: {error}"
            continue
        except (ValueError, TypeError, AttributeError, RecursionError, OverflowError) as error:
            # Python's own sentence may repeat a value.
            fault = f"A message cannot be stored: what the connector made of it is no JSON ({type(error).__name__})."
            continue
        good.setdefault(kept.message_id, kept)
    return good, fault


def _reduced(message: WebhookMessage) -> Reduced:
    if not isinstance(message.message_id, str) or not 0 < len(message.message_id) <= _ID:
        raise _UnfitError(f"its id is no text of 1 to {_ID} characters.")
    if not isinstance(message.kind, str) or len(message.kind) > _KIND:
        raise _UnfitError(f"its kind is no text of up to {_KIND} characters.")
    text = json.dumps(dict(message.payload), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if clean(message.message_id) != message.message_id or clean(message.kind) != message.kind or "\\u0000" in text or clean(text) != text:
        raise _UnfitError("it holds a NUL, or half a character.")
    if len(text.encode()) > MESSAGE_BYTES:
        raise _UnfitError(f"it has more than {MESSAGE_BYTES // 1024} KiB.")
    if message.occurred_at is not None and message.occurred_at.tzinfo is None:
        raise _UnfitError("its time has no zone.")
    # An instant at the ends of time has no equal in UTC, which is an OverflowError.
    occurred_at = None if message.occurred_at is None else message.occurred_at.astimezone(UTC)
    return Reduced(message.message_id, message.kind, text, occurred_at)
