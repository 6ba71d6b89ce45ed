"""Checks a request's signature as the platform does: it puts the parameters into canonical form itself and signs them anew.

Not the connector's code: that would only show that it agrees with itself.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any, Final

_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_ESCAPES_OF_LINES: Final = {"\u2028": "\\u2028", "\u2029": "\\u2029"}


class _Number(str):
    """A number as it was written: one that is read and written again may look different."""

    __slots__ = ()


def parse(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """JSON with numbers as they were written. ValueError."""
    return json.loads(body.decode("utf-8"), parse_float=_Number, parse_int=_Number, parse_constant=_refuse)


def _refuse(name: str) -> Any:  # noqa: ANN401 - never returns
    raise ValueError(f"{name} is no JSON.")


def canonical(value: object) -> str:
    """Keys sorted at every level, nothing between the tokens, text as it is."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{_text(key)}:{canonical(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(element) for element in value) + "]"
    if isinstance(value, _Number):
        return str.__str__(value)
    if isinstance(value, str):
        return _text(value)
    if value is None:
        return "null"
    return "true" if value is True else "false"


def _text(value: str) -> str:
    return '"' + "".join(_character(c) for c in value) + '"'


def _character(c: str) -> str:
    if c in _ESCAPES:
        return _ESCAPES[c]
    if c < " ":
        return f"\\u{ord(c):04x}"
    return _ESCAPES_OF_LINES.get(c, c)


def sign(secret: str, *, app_key: str, method: str, param_json: str, timestamp: str, sign_method: str) -> str:
    message = f"{secret}app_key{app_key}method{method}param_json{param_json}timestamp{timestamp}v2{secret}".encode()
    if sign_method == "hmac-sha256":
        return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    return hashlib.md5(message, usedforsecurity=False).hexdigest()


def is_signed(secret: str, query: dict[str, str], body: bytes) -> bool:
    """Whether the query's `sign` is that of the query and the body. A body that is no JSON has no signature."""
    try:
        param_json = canonical(parse(body or b"{}"))
    except (ValueError, RecursionError):
        return False
    expected = sign(
        secret, app_key=query.get("app_key", ""), method=query.get("method", ""), param_json=param_json,
        timestamp=query.get("timestamp", ""), sign_method=query.get("sign_method", "md5"),
    )  # fmt: skip
    return hmac.compare_digest(expected.encode(), query.get("sign", "").encode())


def event_sign(app_key: str, body: bytes, secret: str) -> str:
    """The signature of a push."""
    return hashlib.md5(app_key.encode() + body + secret.encode(), usedforsecurity=False).hexdigest()
