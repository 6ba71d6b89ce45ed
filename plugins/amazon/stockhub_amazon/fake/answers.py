"""Requests and answers as the fake's handlers see them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """`query` has each name's values; `path` the placeholders of the route."""

    method: str
    query: Mapping[str, list[str]]
    path: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def one(self, name: str, default: str = "") -> str:
        return self.query.get(name, [default])[0]

    def listed(self, name: str) -> list[str]:
        """Values of a list, which Amazon's clients send joined by commas."""
        return [part for value in self.query.get(name, []) for part in value.split(",") if part]

    def json(self) -> Any:  # noqa: ANN401 - any JSON value
        return json.loads(self.body or b"null")


@dataclass(slots=True)
class Answer:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, value: object, status: int = 200) -> Answer:
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json"})


class RefusedError(Exception):
    """The handler refuses: `status` with Amazon's list of errors."""

    def __init__(self, status: int, code: str, message: str, details: str = "") -> None:
        super().__init__(message)
        self.answer = errors(status, code, message, details)


def errors(status: int, code: str, message: str, details: str = "") -> Answer:
    return Answer.of({"errors": [{"code": code, "message": message, "details": details}]}, status)


def invalid(message: str) -> RefusedError:
    return RefusedError(400, "InvalidInput", message)


def instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parsed(text: str) -> datetime:
    """An instant of a request; a 400 where it is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(f"{text[:40]!r} is no date-time.") from None
    if at.tzinfo is None:
        raise invalid("A date-time needs its offset.")
    return at
