"""Scalars: how numbers, instants and free-form values travel.

Quantities are `Quantity`: whole base units as a JSON number. A 32-bit Int would overflow on sums and a string would burden every grid,
while 2^53 - 1 units are exact in JavaScript and more than anybody stocks. Everything with a fraction, money above all, is `Decimal`, a
string.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from decimal import Decimal
from typing import Any, NewType

import strawberry
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition

Quantity = NewType("Quantity", int)
BigInt = NewType("BigInt", int)

#: The largest integer that a double holds exactly.
MAX_QUANTITY = 2**53 - 1
_DECIMAL = re.compile(r"-?\d{1,18}(\.\d{1,12})?")


def _to_decimal(value: object) -> Decimal:
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise ValueError('A Decimal is a string such as "12.50", with at most 18 digits before the point and 12 after it.')
    return Decimal(value)


def _from_decimal(value: Decimal | float) -> str:
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


#: Beyond these a date is a mistake, and one that no zone can be applied to breaks every page that shows it.
_FIRST_YEAR, _LAST_YEAR = 1970, 2200


def _to_instant(value: object) -> dt.datetime:
    with contextlib.suppress(ValueError, OverflowError):
        instant = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
        if instant is not None and instant.tzinfo is not None and _FIRST_YEAR <= instant.year <= _LAST_YEAR:
            return instant.astimezone(dt.UTC)
    raise ValueError('A DateTime is an ISO-8601 instant with its offset, from 1970 to 2200, such as "2025-06-18T04:00:00Z".')


def _from_instant(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _to_day(value: object) -> dt.date:
    with contextlib.suppress(ValueError):
        day = dt.date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2025-06-18") else None
        if day is not None and _FIRST_YEAR <= day.year <= _LAST_YEAR:
            return day
    raise ValueError('A Date is a calendar day from 1970 to 2200, such as "2025-06-18".')


def _to_time(value: object) -> dt.time:
    with contextlib.suppress(ValueError):
        moment = dt.time.fromisoformat(value) if isinstance(value, str) else None
        if moment is not None and moment.tzinfo is None:
            return moment
    raise ValueError('A Time is a time of day without an offset, such as "20:30:00".')


def _quantity(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > MAX_QUANTITY:
        raise ValueError("A Quantity is a whole number of base units of at most 2^53 - 1.")
    return value


def _big_int(value: object) -> int:
    if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,19}", value):
        raise ValueError('A BigInt is a string of digits such as "12345678901".')
    return int(value)


def _scalar(name: str, description: str, **functions: Any) -> ScalarDefinition:  # noqa: ANN401 - handed through
    definition: ScalarDefinition = strawberry.scalar(name=name, description=description, **functions)
    return definition


SCALARS: dict[object, ScalarDefinition] = {
    Quantity: _scalar("Quantity", "Whole base units as a JSON integer, exact up to 2^53 - 1.", serialize=int, parse_value=_quantity),
    BigInt: _scalar("BigInt", "A 64-bit integer as a string of digits.", serialize=str, parse_value=_big_int),
    Decimal: _scalar(
        "Decimal", 'A decimal number as a string, such as "12.50"; never a float.', serialize=_from_decimal, parse_value=_to_decimal
    ),
    dt.time: _scalar(
        "Time", "A time of day in ISO-8601; a day and a zone beside it say which.", serialize=dt.time.isoformat, parse_value=_to_time
    ),
    dt.datetime: _scalar("DateTime", "An instant in ISO-8601, in UTC.", serialize=_from_instant, parse_value=_to_instant),
    dt.date: _scalar(
        "Date", "A calendar day in ISO-8601; a zone field beside it says whose day.", serialize=dt.date.isoformat, parse_value=_to_day
    ),
    JSON: _scalar("JSON", "Any JSON value.", serialize=lambda value: value, parse_value=lambda value: value),
}
