"""How a request is signed: its parameters in one canonical form, and a keyed digest over them. Checked by all of the 40 agreed vectors."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_DIGITS: Final = re.compile(r"[0-9]+")


class SignMethod(StrEnum):
    """What a request is signed with. `md5` is the legacy of 2021: without a `sign_method` in the query."""

    HMAC_SHA256 = "hmac-sha256"
    MD5 = "md5"


class AmbiguousParameterError(ValueError):
    """Implementations of the platform's own authors disagree on how such a value is written, so that its signature may be refused."""


def canonical_json(params: Mapping[str, Any]) -> str:
    """Keys sorted at every level, no spaces, UTF-8 as it is, whole numbers exact. This text is signed, and these bytes are sent."""
    text = json.dumps(params, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def pattern(*, app_key: str, app_secret: str, method: str, param_json: str, timestamp: str) -> str:
    """What is digested."""
    return f"{app_secret}app_key{app_key}method{method}param_json{param_json}timestamp{timestamp}v2{app_secret}"


def sign(
    *, app_key: str, app_secret: str, method: str, param_json: str, timestamp: str, sign_method: SignMethod = SignMethod.HMAC_SHA256
) -> str:
    """The signature in lower-case hexadecimal digits. The secret is the key and stands in the message, too: so it is documented."""
    message = pattern(app_key=app_key, app_secret=app_secret, method=method, param_json=param_json, timestamp=timestamp).encode()
    if sign_method is SignMethod.MD5:
        return hashlib.md5(message, usedforsecurity=False).hexdigest()
    return hmac.digest(app_secret.encode(), message, "sha256").hex()


def push_signature(*, app_key: str, app_secret: str, body: bytes) -> str:
    """`event-sign` of a pushed message, over the bytes as they came. MD5 is the platform's choice; there is no other."""
    return hashlib.md5(app_key.encode() + body + app_secret.encode(), usedforsecurity=False).hexdigest()


def require_unambiguous(params: Mapping[str, Any]) -> None:
    """AmbiguousParameterError for what the official SDKs write in different ways: such a request is not sent."""
    for value in params.values():
        _require(value, in_list=False)


def _require(value: object, *, in_list: bool) -> None:
    if isinstance(value, bool) or value is None or isinstance(value, int):
        return
    if isinstance(value, str):
        if _CONTROL.search(value) or "\u2028" in value or "\u2029" in value:
            raise AmbiguousParameterError("A text holds a control character or a line separator.")
    elif isinstance(value, dict):
        _require_object(value)
    elif isinstance(value, (list, tuple)):
        if in_list:
            raise AmbiguousParameterError("A list stands in a list.")
        for each in value:
            _require(each, in_list=True)
    else:
        raise AmbiguousParameterError(f"A {type(value).__name__} is no JSON value that is written in one way: use whole numbers and text.")


def _require_object(value: Mapping[str, object]) -> None:
    if not value:
        raise AmbiguousParameterError("A nested object is empty.")
    if any(_DIGITS.fullmatch(name) for name in value):
        raise AmbiguousParameterError("A name of a nested object is a number.")
    for each in value.values():
        _require(each, in_list=False)
