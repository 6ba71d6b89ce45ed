"""Faults on demand: what goes wrong with the next answers of an operation."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from functools import cache
from typing import Any, Final

from stockhub_amazon.fake.answers import Answer, errors
from stockhub_amazon.fake.world import World

#: Instead of an answer.
REFUSALS: Final = (
    "throttle", "throttle_bare", "throttle_seconds", "throttle_date", "error_500", "html_503", "no_answer", "empty_200", "garbage",
    "expired_token", "forbidden", "gzip_bomb",
)  # fmt: skip
#: Done to the answer.
CHANGES: Final = ("half", "short_page", "duplicate_rows", "nan", "negative", "future", "renamed", "repeated_token", "timeout_after")
_INSTANT: Final = re.compile(r"^\d{4}-\d\d-\d\dT")
#: What the rows of an answer are called.
_ROWS: Final = (
    "inventorySummaries", "orders", "ShipmentData", "ItemData", "inboundPlans", "items", "reports", "responses", "shipments",
    "inventory",
)  # fmt: skip


@dataclass(slots=True)
class Fault:
    operation: str
    mode: str
    times: int


class Faults:
    def __init__(self, world: World) -> None:
        self._world = world
        self._waiting: list[Fault] = []

    def add(self, operation: str, mode: str, times: int = 1) -> None:
        """`operation` may be `*`."""
        if mode not in REFUSALS + CHANGES:
            raise ValueError(f"Unknown mode {mode!r}; there is: {', '.join(REFUSALS + CHANGES)}.")
        self._waiting.append(Fault(operation, mode, times))

    def next(self, operation: str) -> str:
        """The mode for this call, or an empty text."""
        with self._world.lock:
            for fault in self._waiting:
                if fault.operation in (operation, "*") and fault.times > 0:
                    fault.times -= 1
                    return fault.mode
        return ""

    def clear(self) -> None:
        self._waiting.clear()

    def refusal(self, mode: str) -> Answer | None:
        """The answer instead; None where the connection is to be cut."""
        if mode == "no_answer":
            return None
        if mode.startswith("throttle_") and mode != "throttle_bare":
            answer = errors(429, *_QUOTA)
            at = format_datetime(self._world.now() + timedelta(seconds=9), usegmt=True)
            answer.headers["Retry-After"] = "7" if mode == "throttle_seconds" else at
            return answer
        return _REFUSED[mode]()


@cache
def bomb(filling: bytes) -> bytes:
    """Half a gibibyte of one byte, packed a thousandfold: that takes seconds."""
    return gzip.compress(filling * (512 * 2**20), 9)


_QUOTA: Final = ("QuotaExceeded", "You exceeded your quota for the requested resource.")
_DENIED: Final = "Access to requested resource is denied."
_JSON: Final = {"Content-Type": "application/json"}
_REFUSED: Final[Mapping[str, Callable[[], Answer]]] = {
    "throttle": lambda: errors(429, *_QUOTA),
    "throttle_bare": lambda: Answer(429, b""),
    "error_500": lambda: errors(500, "InternalFailure", "We encountered an internal error. Please try again."),
    "html_503": lambda: Answer(503, b"<html><body><h1>503 Service Unavailable</h1></body></html>", {"Content-Type": "text/html"}),
    "empty_200": lambda: Answer(200, b"", dict(_JSON)),
    "garbage": lambda: Answer(200, b"\x00\xff{not json", dict(_JSON)),
    "expired_token": lambda: errors(403, "Unauthorized", _DENIED, "The access token you provided has expired."),
    "forbidden": lambda: errors(403, "Unauthorized", _DENIED, ""),
    "gzip_bomb": lambda: Answer(200, bomb(b" "), _JSON | {"Content-Encoding": "gzip"}),
}


def changed(answer: Answer, mode: str) -> Answer:
    """The answer with a fault in it; `half` is cut by the server itself."""
    if mode == "half" or answer.status >= 300 or not answer.body:
        return answer
    value = json.loads(answer.body)
    if mode == "nan":
        body = re.sub(rb'("(?:\w*[qQ]uantity\w*|Amount)": )-?[\d.]+', rb"\1NaN", answer.body)
        return Answer(answer.status, body, answer.headers)
    if mode in ("short_page", "duplicate_rows"):
        _rows(value, mode)
    elif mode in ("negative", "future", "renamed"):
        value = _walked(value, mode)
    return Answer(answer.status, json.dumps(value).encode(), answer.headers)


def _rows(value: Any, mode: str) -> None:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in _ROWS and isinstance(inner, list) and inner:
                value[name] = inner[: max(1, len(inner) // 2)] if mode == "short_page" else [*inner, *inner]
            else:
                _rows(inner, mode)


def _walked(value: Any, mode: str) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {(f"new_{name}" if mode == "renamed" and name in _ROWS else name): _walked(inner, mode) for name, inner in value.items()}
    if isinstance(value, list):
        return [_walked(inner, mode) for inner in value]
    if mode == "negative" and isinstance(value, int) and not isinstance(value, bool):
        return -abs(value) - 1
    if mode == "future" and isinstance(value, str) and _INSTANT.match(value):
        return f"{int(value[:4]) + 3}{value[4:]}"
    return value
