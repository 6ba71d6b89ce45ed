"""Pushed messages taken apart: an array or a single one, their data as text or as an object, ids as text or as numbers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NoReturn

from stockhub.pluginapi.connectors import WebhookMessage
from stockhub_douyin.fields import Facts, FieldError, identifier_or_none, instant_or_none

#: Sent when the address is saved in the open platform; its data have no known shape.
VERIFICATION: Final = "0"
_IDS: Final = ("p_id", "s_id", "aftersale_id", "product_id", "shop_id")
_NUMBERS: Final = ("order_status", "aftersale_status", "aftersale_type", "event")
_TIMES: Final = (
    "update_time", "success_time", "cancel_time", "complete_time", "pay_time", "apply_time", "agree_time", "close_time", "modify_time",
    "create_time",
)  # fmt: skip
_LARGEST: Final = 1_000_000


class UnreadableBodyError(ValueError):
    """The body of a push is none; the message says why."""


def messages_of(body: bytes) -> list[WebhookMessage]:
    """The messages of a body. UnreadableBodyError where there is no way to tell them apart."""
    try:
        found = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise UnreadableBodyError("The body is no JSON.") from None
    items = found if isinstance(found, list) else [found]
    if not items or any(not isinstance(item, dict) for item in items):
        raise UnreadableBodyError("The body holds something else than messages.")
    return [_message(item) for item in items]


def _message(item: Facts) -> WebhookMessage:
    tag = str(item.get("tag", "")).strip()
    if not tag.isascii() or not tag.isdigit() or len(tag) > 10:
        raise UnreadableBodyError("A message has no tag.")
    data = _data(item.get("data"))
    fault = ""
    payload: dict[str, Any] = {}
    occurred_at: datetime | None = None
    if data is None:
        fault = "" if tag == VERIFICATION else "Its data are no JSON object."
    else:
        try:
            payload, occurred_at = _kept(data), _occurred(data)
        except FieldError as error:
            payload, fault = {}, error.message
    if fault:
        payload = {"fault": fault}
    return WebhookMessage(_message_id(item), tag, payload, occurred_at)


def _message_id(item: Facts) -> str:
    """The platform's; of a message without one, what it says stands for it."""
    for name in ("msg_id", "msgId"):
        value = item.get(name)
        if type(value) is int or (isinstance(value, str) and 0 < len(value) <= 120 and value.isprintable()):
            return str(value)
    text = json.dumps(item, sort_keys=True, ensure_ascii=True)
    return "digest:" + hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _data(value: object) -> Facts | None:
    if isinstance(value, str):
        try:
            value = json.loads(value, parse_constant=_no_number)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, Mapping) else None


def _kept(data: Facts) -> dict[str, Any]:
    """What of the data is kept: ids as text, and a few small numbers. No receiver, no words."""
    kept: dict[str, Any] = {name: found for name in _IDS if (found := identifier_or_none(data, name))}
    for name in _IDS:
        if name not in kept and data.get(name) not in (None, "", 0, "0"):
            raise FieldError(name, f"{name} is no id.")
    for name in _NUMBERS:
        value = data.get(name)
        if type(value) is int and 0 <= value <= _LARGEST:
            kept[name] = value
    return kept


def _occurred(data: Facts) -> datetime | None:
    for name in _TIMES:
        if data.get(name):
            return instant_or_none(data, name)
    return None


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
