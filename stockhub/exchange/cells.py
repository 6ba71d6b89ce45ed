"""Typed values from the cells of a column, and a fault with a reason for each cell that has none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from stockhub.core import clock
from stockhub.core.currencies import CURRENCIES
from stockhub.exchange.columns import Cell, Column
from stockhub.exchange.tables import Fault
from stockhub.values.errors import LazyText

_DAY: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d*)?)?)?")
_SCIENTIFIC: Final = re.compile(r"\d(?:\.\d+)?[eE]\+\d+")
_YES: Final = frozenset(("1", "true", "yes", "y", "是", "t"))
_NO: Final = frozenset(("0", "false", "no", "n", "否", "f"))
#: Types whose equal values look alike too. A float does not: 0.0 equals -0.0.
_PLAIN: Final = frozenset((str, int, datetime))
_OLDEST_YEAR: Final = 1980
#: What a cell is not that cannot be read at all.
_UNREADABLE: Final[dict[Cell, LazyText]] = {
    Cell.TEXT: _("%(column)s cannot be read as text."),
    Cell.CODE: _("%(column)s cannot be read as a code."),
    Cell.WHOLE: _("%(column)s cannot be read as a whole number."),
    Cell.NUMBER: _("%(column)s cannot be read as a number."),
    Cell.AMOUNT: _("%(column)s cannot be read as an amount."),
    Cell.CURRENCY: _("%(column)s cannot be read as a currency."),
    Cell.INSTANT: _("%(column)s cannot be read as a time."),
    Cell.DAY: _("%(column)s cannot be read as a date."),
    Cell.CHOICE: _("%(column)s cannot be read as one of its words."),
    Cell.FLAG: _("%(column)s cannot be read as yes or no."),
}
#: Clocks differ; a fact from further ahead is a wrong date.
_TOLERANCE: Final = timedelta(hours=24)


class CellError(Exception):
    """A cell without a value. Its text is a template over `params`, so that it can be read in another language later."""

    def __init__(self, code: str, text: LazyText, /, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.text = text
        self.params = params


@dataclass(frozen=True, slots=True)
class Reading:
    """How times without a zone are meant, and what is the future."""

    zone: ZoneInfo
    now: datetime


def reading(zone: str) -> Reading:
    return Reading(ZoneInfo(zone), clock.now())


def read_column(column: Column, raw: Sequence[Any], lines: Sequence[int], how: Reading, faults: list[Fault]) -> list[Any]:
    """One value a cell, None for a missing one and for one at fault. Equal cells are parsed once a batch."""
    parse = _PARSERS[column.cell]
    distinct = _distinct(raw)
    if distinct is not None:
        values = {cell: _parsed(parse, column, cell, how) for cell in distinct}
        if not any(type(value) is CellError for value in values.values()):
            return list(map(values.__getitem__, raw))
    return _one_by_one(column, raw, lines, how, faults)


def _distinct(raw: Sequence[Any]) -> set[Any] | None:
    """The different cells of a column whose equal cells are read alike, so that it needs no loop; None for any other column."""
    types = set(map(type, raw)) - {type(None)}
    if len(types) > 1 or not types <= _PLAIN:
        return None
    distinct = set(raw)
    # Instants with zones are equal across zones, but their days are not.
    return None if types == {datetime} and any(cell is not None and cell.tzinfo for cell in distinct) else distinct


def _one_by_one(column: Column, raw: Sequence[Any], lines: Sequence[int], how: Reading, faults: list[Fault]) -> list[Any]:
    """The same for cells of several types, and for those with faults, which name their lines."""
    parse = _PARSERS[column.cell]
    known: dict[Any, Any] = {}
    values: list[Any] = []
    for index, cell in enumerate(raw):
        key = cell if type(cell) is str else (type(cell), cell)
        try:
            value = known[key]
        except KeyError:
            value = known[key] = _parsed(parse, column, cell, how)
        if type(value) is CellError:
            shown = "" if cell is None or column.is_personal else str(cell)[:200].replace("\x00", "�")
            faults.append(Fault(lines[index], column.name, value.code, value.text, shown, value.params))
            value = None
        values.append(value)
    return values


def _parsed(parse: Callable[[Column, Any, Reading], Any], column: Column, cell: Any, how: Reading) -> Any:  # noqa: ANN401 - cells are anything
    text = cell.strip() if isinstance(cell, str) else cell
    if text is None or text == "":
        return CellError("missing", _("%(column)s is missing."), column=column.name) if column.required else None
    try:
        return parse(column, text, how)
    except CellError as error:
        return error
    except (ValueError, OverflowError, InvalidOperation, TypeError):
        return CellError("malformed", _UNREADABLE[column.cell], column=column.name)


def _text(column: Column, cell: Any, _how: Reading) -> str:  # noqa: ANN401
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).strip()
    if "\x00" in text:
        raise CellError("nul", _("%(column)s holds a NUL character."), column=column.name)
    if len(text) > column.length:
        raise CellError(
            "too_long", _("%(column)s has %(length)d characters; at most %(most)d are allowed."), column=column.name, length=len(text),
            most=column.length,
        )  # fmt: skip
    return text


def _code(column: Column, cell: Any, how: Reading) -> str:  # noqa: ANN401
    """Codes are text. A spreadsheet that took them for numbers has lost digits."""
    if isinstance(cell, float) and abs(cell) >= 10**15:
        raise CellError(
            "digits_lost",
            _("%(column)s was saved as a number and has lost digits. Format the column as text and export again."),
            column=column.name,
        )
    text = _text(column, cell, how)
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1].strip()
    if not text and column.required:
        raise CellError("missing", _("%(column)s is missing."), column=column.name)
    if "+" in text and _SCIENTIFIC.fullmatch(text):
        raise CellError("digits_lost", _("%(column)s is a rounded number. Format the column as text and export again."), column=column.name)
    return text


def _number_text(cell: Any) -> str:  # noqa: ANN401
    text = unicodedata.normalize("NFKC", str(cell)).strip()
    if "," in text:
        raise CellError("separator", _("Write the number without thousands separators and with a point, such as 1234.5."))
    return text


def _number(column: Column, cell: Any, _how: Reading) -> Decimal:  # noqa: ANN401
    number = Decimal(_number_text(cell))
    if not number.is_finite():
        raise CellError("not_a_number", _("%(column)s is not a number."), column=column.name)
    if column.least is not None and number < column.least:
        raise CellError("too_small", _("%(column)s must be at least %(least)s."), column=column.name, least=str(column.least))
    if column.most is not None and number > column.most:
        raise CellError(
            "too_large", _("%(column)s must be at most %(most)s: is this the right column?"), column=column.name, most=str(column.most)
        )
    return number


def _whole(column: Column, cell: Any, how: Reading) -> int:  # noqa: ANN401
    number = _number(column, cell, how)
    if number != number.to_integral_value():
        raise CellError("not_whole", _("%(column)s must be a whole number."), column=column.name)
    return int(number)


def _amount(column: Column, cell: Any, how: Reading) -> Decimal:  # noqa: ANN401
    number = _number(column, cell, how)
    if abs(number) > 1_000_000_000:
        raise CellError("too_large", _("%(column)s is more than a thousand million."), column=column.name)
    return number.quantize(Decimal("0.000001")).normalize()


def _currency(column: Column, cell: Any, _how: Reading) -> str:  # noqa: ANN401
    code = str(cell).strip().upper()
    if code not in CURRENCIES:
        raise CellError(
            "unknown_currency",
            _("%(column)s is no currency that is known. Use an ISO 4217 code such as CNY or USD."),
            column=column.name,
        )
    return code


def _instant(column: Column, cell: Any, how: Reading) -> datetime:  # noqa: ANN401
    at = _moment(cell)
    at = (at if at.tzinfo else at.replace(tzinfo=how.zone)).astimezone(UTC)
    if at.year < _OLDEST_YEAR:
        raise CellError("too_old", _("%(column)s lies before %(year)d: is this the right column?"), column=column.name, year=_OLDEST_YEAR)
    if not column.may_be_future and at > how.now + _TOLERANCE:
        raise CellError("future_time", _("%(column)s lies in the future."), column=column.name)
    return at


def _day(column: Column, cell: Any, how: Reading) -> date:  # noqa: ANN401
    day = _moment(cell).date()
    if day.year < _OLDEST_YEAR:
        raise CellError("too_old", _("%(column)s lies before %(year)d: is this the right column?"), column=column.name, year=_OLDEST_YEAR)
    if not column.may_be_future and day > (how.now + _TOLERANCE).astimezone(how.zone).date():
        raise CellError("future_time", _("%(column)s lies in the future."), column=column.name)
    return day


def _moment(cell: Any) -> datetime:  # noqa: ANN401
    """An instant as it is written, naive where it names no zone. Days before months are ambiguous, so they are refused."""
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - the caller adds the zone
    text = str(cell).strip()
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        match = _DAY.fullmatch(unicodedata.normalize("NFKC", text))
    if match is None:
        raise CellError("bad_date", _("This is no date that is known. Write it as 2026-11-01 or 2026-11-01 14:30."))
    try:
        return datetime(*(int(part) for part in match.groups(default="0")))  # type: ignore[arg-type] # noqa: DTZ001
    except ValueError as error:
        raise CellError("bad_date", _("There is no such day or time.")) from error


def _choice(column: Column, cell: Any, _how: Reading) -> str:  # noqa: ANN401
    word = unicodedata.normalize("NFKC", str(cell)).strip().casefold()
    for accepted, meaning in column.choices:
        if word == accepted.casefold():
            return meaning
    known = ", ".join(sorted({meaning for _word, meaning in column.choices}))
    raise CellError("unknown_choice", _("%(column)s must be one of: %(known)s."), column=column.name, known=known)


def _flag(column: Column, cell: Any, _how: Reading) -> bool:  # noqa: ANN401
    word = str(cell).strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellError("unknown_choice", _("%(column)s must be yes or no."), column=column.name)


_PARSERS: Final[dict[Cell, Callable[[Column, Any, Reading], Any]]] = {
    Cell.TEXT: _text,
    Cell.CODE: _code,
    Cell.WHOLE: _whole,
    Cell.NUMBER: _number,
    Cell.AMOUNT: _amount,
    Cell.CURRENCY: _currency,
    Cell.INSTANT: _instant,
    Cell.DAY: _day,
    Cell.CHOICE: _choice,
    Cell.FLAG: _flag,
}
