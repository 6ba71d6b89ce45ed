"""Reading fields of answers: a field that is missing or no such value ends in an error with its name, never in a zero."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from stockhub.pluginapi.connectors import UnreadableAnswerError

Facts = Mapping[str, Any]
_WHOLE: Final = re.compile(r"-?[0-9]{1,20}")
#: A year that no order lies in: what is beyond was written in milliseconds or is no time.
_LATEST: Final = 4_102_444_800
_CENT: Final = Decimal(100)
_MILLIONTH: Final = Decimal("0.000001")


class FieldError(ValueError):
    """A field of a part of an answer that cannot be read. `name` is the field's."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.message = message


def rows_of(data: Any, name: str, operation: str) -> list[Facts]:  # noqa: ANN401 - an answer's data
    """The list `name` of an answer's data. UnreadableAnswerError where it is missing: that does not mean that there is nothing."""
    found = data.get(name) if isinstance(data, dict) else None
    return checked_rows(found, f"{operation}: the answer has no list {name!r}.")


def checked_rows(found: Any, message: str) -> list[Facts]:  # noqa: ANN401 - an answer's data
    """A list of objects."""
    if not isinstance(found, list) or any(not isinstance(row, dict) for row in found):
        raise UnreadableAnswerError(message, code="renamed_field")
    return found


def whole(row: Facts, name: str) -> int:
    """A whole number, also one in quotes. FieldError where it is missing or something else."""
    value = row.get(name)
    if type(value) is int:
        return value
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    raise FieldError(name, f"{name} is no whole number.")


def whole_or(row: Facts, name: str, default: int) -> int:
    """A whole number, or `default` where the field is missing, null or empty."""
    return default if row.get(name) in (None, "") else whole(row, name)


def count(row: Facts, name: str) -> int:
    """A number of units: whole, and not below 0."""
    value = whole(row, name)
    if value < 0:
        raise FieldError(name, f"{name} is below 0.")
    return value


def identifier(row: Facts, *names: str) -> str:
    """The first of the fields that holds an id, as text: such numbers pass 2^53. FieldError where none does."""
    found = identifier_or_none(row, *names)
    if not found:
        raise FieldError(names[0], f"{names[0]} is missing.")
    return found


def identifier_or_none(row: Facts, *names: str) -> str:
    """As `identifier`; empty where there is none. 0 is the platform's way of saying so."""
    for name in names:
        value = row.get(name)
        if type(value) is int and 0 < value < 2**64:
            return str(value)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20 and value.strip("0"):
            return value
    return ""


def text_of(row: Facts, name: str, longest: int) -> str:
    """A text without its outer spaces, cut at `longest`; empty where there is none."""
    value = row.get(name)
    return value.replace("\x00", "").strip()[:longest] if isinstance(value, str) else ""


def instant(row: Facts, name: str) -> datetime:
    """An instant in unix seconds. FieldError where there is none."""
    found = instant_or_none(row, name)
    if found is None:
        raise FieldError(name, f"{name} is missing.")
    return found


def instant_or_none(row: Facts, name: str) -> datetime | None:
    """As `instant`; None for 0, which is the platform's way of saying that it has not happened."""
    seconds = whole_or(row, name, 0)
    if not 0 <= seconds < _LATEST:
        raise FieldError(name, f"{name} is no time in seconds.")
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def yuan(row: Facts, name: str) -> Decimal | None:
    """An amount that comes in cents (分); None where it is not told."""
    if row.get(name) in (None, ""):
        return None
    cents = whole(row, name)
    if cents < 0:
        raise FieldError(name, f"{name} is below 0.")
    return Decimal(cents) / _CENT


def each_of(total: Decimal | None, units: int) -> Decimal | None:
    """What one of `units` is of a total, to a millionth."""
    return None if total is None else (total / units).quantize(_MILLIONTH).normalize() + 0
