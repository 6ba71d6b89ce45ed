"""Runs one notifier for one message and names what became of it. The same code for built-in notifiers and in the runner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from pydantic import ValidationError

from stockhub.pluginapi import HttpError, Message, NotDeliveredError, Notifier, PluginContext
from stockhub.pluginhost.validation import require

#: Addresses that will be no better tomorrow.
_FINAL: Final = frozenset({"invalid_url", "address_refused"})
LONGEST_REFERENCE: Final = 300
LONGEST_ERROR: Final = 2000


@dataclass(frozen=True, slots=True)
class Outcome:
    """`reference` is what the receiver calls the message. An `error` says why it did not arrive; `is_final` that it never will."""

    reference: str = ""
    error: str = ""
    is_final: bool = False
    after_seconds: float | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def deliver(notifier: Notifier, message: Message, endpoint: Mapping[str, Any], context: PluginContext) -> Outcome:
    """One attempt. What the receiver or the network refuses is an outcome; what else the notifier raises is its fault and goes through."""
    try:
        config = notifier.endpoint_model.model_validate(dict(endpoint))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        return Outcome(error=f"The configuration of the endpoint is not valid: {where}: {first['msg']}.", is_final=True)
    try:
        reference = notifier.send(message, config, context)
    except NotDeliveredError as error:
        after = error.after_seconds
        told = float(after) if isinstance(after, int | float) and 0 < after < 7 * 86400 else None
        return Outcome(error=str(error.message)[:LONGEST_ERROR] or "It was refused.", is_final=bool(error.is_final), after_seconds=told)
    except HttpError as error:
        return Outcome(error=error.message[:LONGEST_ERROR], is_final=error.code in _FINAL)
    require(isinstance(reference, str), "wrong_type", f"send must return a text, not {type(reference).__name__}.")
    return Outcome(reference=reference[:LONGEST_REFERENCE])
