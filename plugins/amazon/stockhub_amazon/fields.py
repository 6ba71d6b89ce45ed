"""Fields of Amazon's answers and reports: each is there and of its kind, or it is named in an error."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NoReturn, TypeVar

from stockhub.pluginapi.connectors import Rejected, UnreadableAnswerError

T = TypeVar("T")

#: No shop has more of anything; a larger number is a broken one.
MOST: Final = 1_000_000_000
_LONGEST_TEXT: Final = 500


class FieldError(Exception):
    """A field is missing or cannot be read. `message` names it."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.message = message


def text(row: Mapping[str, Any], name: str) -> str:
    """A text that has to be there."""
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise FieldError(name, f"{name} is missing.")
    return _plain(name, value)


def text_or_empty(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return _plain(name, value) if isinstance(value, str) else ""


def _plain(name: str, value: str) -> str:
    if "\0" in value:
        raise FieldError(name, f"{name} holds a NUL byte.")
    return value.strip()[:_LONGEST_TEXT]


def whole(row: Mapping[str, Any], name: str) -> int:
    """A whole number from 0 on that has to be there."""
    value = whole_or_none(row, name)
    if value is None:
        raise FieldError(name, f"{name} is missing.")
    return value


def whole_or_none(row: Mapping[str, Any], name: str, *, least: int = 0) -> int | None:
    value = row.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        raise FieldError(name, f"{name} is no whole number.")
    number = decimal_of(name, value)
    if number != number.to_integral_value() or not least <= number <= MOST:
        raise FieldError(name, f"{name} is no whole number from {least} to {MOST}: {str(value)[:40]}.")
    return int(number)


def amount_or_none(row: Mapping[str, Any], name: str) -> Decimal | None:
    value = row.get(name)
    if value is None or value == "":
        return None
    return decimal_of(name, value)


def decimal_of(name: str, value: object) -> Decimal:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise FieldError(name, f"{name} is no number: {str(value)[:40]}.") from None
    if not number.is_finite() or abs(number) > MOST:
        raise FieldError(name, f"{name} is no number that can be: {str(value)[:40]}.")
    return number


def instant(row: Mapping[str, Any], name: str) -> datetime:
    """An instant of ISO 8601 with its zone."""
    value = text(row, name)
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise FieldError(name, f"{name} is no instant: {value[:40]}.") from None
    if at.tzinfo is None:
        raise FieldError(name, f"{name} does not say in which zone it is: {value[:40]}.")
    return at.astimezone(UTC)


def instant_or_none(row: Mapping[str, Any], name: str) -> datetime | None:
    return instant(row, name) if row.get(name) else None


def day(row: Mapping[str, Any], name: str, *, day_first: bool = False) -> date:
    """A day as `2026-11-18`, the day of an instant, `11/18/2026`, or `18/11/2026` where the site writes so."""
    value = text(row, name)
    for form in ("%d/%m/%Y", "%d.%m.%Y") if day_first else ("%m/%d/%Y",):
        try:
            return datetime.strptime(value[:10], form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        raise FieldError(name, f"{name} is no day: {value[:40]}.") from None


def mapping(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object that may be absent; what is no object is an error."""
    value = row.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise FieldError(name, f"{name} is no object.")
    return value


def objects(row: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """A list of objects that may be absent."""
    value = row.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise FieldError(name, f"{name} is no list of objects.")
    return value


def required_objects(answer: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The list that an answer is about. Where it is not there the answer says nothing: UnreadableAnswerError, never an empty list."""
    if name not in answer:
        raise UnreadableAnswerError(f"Amazon's answer has no {name}: it was renamed, or the answer is not whole.", code="missing_field")
    try:
        return objects(answer, name)
    except FieldError as error:
        raise UnreadableAnswerError(error.message, code="bad_field") from None


def required_object(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = answer.get(name)
    if not isinstance(value, dict):
        raise UnreadableAnswerError(f"Amazon's answer has no {name}: it was renamed, or the answer is not whole.", code="missing_field")
    return value


def each_record(
    rows: Sequence[Mapping[str, Any]], make: Callable[[Mapping[str, Any]], T | None], *, key: str
) -> tuple[list[T], list[Rejected]]:
    """Records of the rows that can be read, and the others with the reason. A `make` that gives None leaves a row out."""
    records: list[T] = []
    rejected: list[Rejected] = []
    for row in rows:
        try:
            record = make(row)
        except FieldError as error:
            rejected.append(Rejected(str(row.get(key) or "")[:200], "bad_field", error.message, {"field": error.name}))
            continue
        if record is not None:
            records.append(record)
    return records, rejected


def _no_number(text_: str) -> NoReturn:
    raise ValueError(f"{text_} is no number.")


def parse_json(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """JSON with exact numbers. ValueError where it is none; NaN and Infinity are none."""
    return json.loads(body, parse_float=Decimal, parse_constant=_no_number)
