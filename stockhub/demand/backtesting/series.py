"""Series on one calendar, and what was wrong with each."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

import numpy as np
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from stockhub.demand.backtesting.files import Rows
from stockhub.formulas.elementwise import FloatArray
from stockhub.values.errors import DomainError

#: More units in one period than any seller sells of one SKU.
IMPLAUSIBLE_QTY: Final = 1e9


class Frequency(StrEnum):
    DAY = "D"
    WEEK = "W"
    MONTH = "M"


#: By frequency: the usual season, the history before the first cutoff that a series needs, and the lead times in periods by their days.
SEASONS: Final[Mapping[Frequency, int]] = {Frequency.DAY: 7, Frequency.WEEK: 52, Frequency.MONTH: 12}
LEAST_HISTORY: Final[Mapping[Frequency, int]] = {Frequency.DAY: 28, Frequency.WEEK: 12, Frequency.MONTH: 12}
#: Older rows than so many days are not looked at.
MOST_DAYS: Final[Mapping[Frequency, int]] = {Frequency.DAY: 1460, Frequency.WEEK: 3650, Frequency.MONTH: 7300}
LEAD_TIMES: Final[Mapping[Frequency, Mapping[int, int]]] = {
    Frequency.DAY: {7: 7, 14: 14, 28: 28},
    Frequency.WEEK: {7: 1, 14: 2, 28: 4},
    Frequency.MONTH: {},
}


class Problem(StrEnum):
    """What is wrong with a series. It takes part all the same, mended as said, unless the problem is among `LEFT_OUT`."""

    UNREADABLE_DATE = "unreadable_date"  # its rows are left out
    FUTURE_DATE = "future_date"  # its rows after today are left out
    DUPLICATES = "duplicates"  # rows of one period are added up
    GAPS = "gaps"  # periods without a row are taken as 0, as in a file that lists sales only
    NEGATIVE_QTY = "negative_qty"  # taken as 0
    MISSING_QTY = "missing_qty"  # unknown: neither learned from nor judged
    IMPLAUSIBLE_QTY = "implausible_qty"
    MIXED_FREQUENCY = "mixed_frequency"
    ONE_POINT = "one_point"
    NO_SALES = "no_sales"
    SHORT_HISTORY = "short_history"


LEFT_OUT: Final = frozenset({Problem.IMPLAUSIBLE_QTY, Problem.MIXED_FREQUENCY, Problem.ONE_POINT, Problem.NO_SALES, Problem.SHORT_HISTORY})


@dataclass(frozen=True, slots=True)
class SeriesSet:
    """n series over t periods, ending with the last one of the file. `values` (n, t) float64, NaN before the first sale and where unknown.

    `open_days` (n, t), `price` (n, t) and `drivers` (n, t) by name, NaN where unknown. `problems` by series, of those left out too.
    """

    frequency: Frequency
    names: list[str]
    start_on: date
    last_on: date
    values: FloatArray
    open_days: NDArray[np.bool_] | None
    price: FloatArray | None
    drivers: Mapping[str, FloatArray]
    problems: Mapping[str, list[Problem]] = field(default_factory=dict)
    #: Codes (n, levels) of the categories that a series is in, as `Panel` has them.
    categories: NDArray[np.int64] | None = None

    @property
    def ids(self) -> NDArray[np.int64]:
        """(n,) numbers that stay the same whatever else is in the file."""
        digests = [hashlib.blake2b(name.encode(), digest_size=8).digest() for name in self.names]
        return np.frombuffer(b"".join(digests), "<u8").astype(np.uint64).view(np.int64) & np.int64(2**62 - 1)

    def some(self, rows: NDArray[np.intp], problems: Mapping[str, list[Problem]]) -> SeriesSet:
        return SeriesSet(
            self.frequency,
            [self.names[row] for row in rows],
            self.start_on,
            self.last_on,
            self.values[rows],
            None if self.open_days is None else self.open_days[rows],
            None if self.price is None else self.price[rows],
            {name: values[rows] for name, values in self.drivers.items()},
            problems,
            None if self.categories is None else self.categories[rows],
        )


def series_of(rows: Rows, frequency: Frequency, today: date) -> SeriesSet:
    """Puts rows on a calendar. DomainError `no_series` where nothing is left."""
    names, code = np.unique(rows.series.astype(str), return_inverse=True)
    found: dict[str, set[Problem]] = {str(name): set() for name in names}

    def note(problem: Problem, at: NDArray[np.bool_]) -> None:
        for place in np.unique(code[at]):
            found[str(names[place])].add(problem)

    unreadable = np.isnat(rows.days)
    future = ~unreadable & (rows.days > np.datetime64(today))
    note(Problem.UNREADABLE_DATE, unreadable)
    note(Problem.FUTURE_DATE, future)
    note(Problem.NEGATIVE_QTY, rows.qty < 0)
    note(Problem.MISSING_QTY, np.isnan(rows.qty))
    note(Problem.IMPLAUSIBLE_QTY, np.abs(rows.qty) >= IMPLAUSIBLE_QTY)
    used = ~unreadable & ~future
    mixed = _mixed(code[used], rows.days[used], frequency, len(names))
    for place in np.flatnonzero(mixed):
        found[str(names[place])].add(Problem.MIXED_FREQUENCY)
    used &= ~mixed[code] & ~np.isin(code, [i for i, name in enumerate(names) if Problem.IMPLAUSIBLE_QTY in found[str(name)]])
    if not used.any():
        raise DomainError(
            "no_series", _("No row can be used: %(found)s. Correct the file, or name another --freq."), params={"found": _summary(found)}
        )
    whole = _matrix(rows, code, used, names, frequency, found)
    problems = {name: sorted(kinds) for name, kinds in found.items() if kinds}
    kept = np.array([row for row, name in enumerate(whole.names) if not LEFT_OUT & found[name]], np.intp)
    if not kept.size:
        raise DomainError("no_series", _("No series can be used: %(found)s. Correct the file."), params={"found": _summary(found)})
    return whole.some(kept, problems)


def _summary(found: Mapping[str, set[Problem]]) -> str:
    counts = {problem: sum(problem in kinds for kinds in found.values()) for problem in Problem}
    return ", ".join(f"{count} × {problem}" for problem, count in counts.items() if count) or "no rows"


def period_of(days: NDArray[np.datetime64], frequency: Frequency, anchor: np.datetime64) -> NDArray[np.int64]:
    """The period's number, from that of `anchor` on."""
    if frequency is Frequency.MONTH:
        months: NDArray[np.int64] = (days.astype("datetime64[M]") - anchor.astype("datetime64[M]")).astype(np.int64)
        return months
    periods: NDArray[np.int64] = (days - anchor).astype(np.int64) // (7 if frequency is Frequency.WEEK else 1)
    return periods


def _mixed(code: NDArray[np.int64], days: NDArray[np.datetime64], frequency: Frequency, n: int) -> NDArray[np.bool_]:
    """Series (n,) whose dates are those of another frequency."""
    mixed = np.zeros(n, np.bool_)
    order = np.lexsort((days, code))
    code, days = code[order], days[order]
    gaps = np.where(code[1:] == code[:-1], (days[1:] - days[:-1]).astype(np.int64), 0)
    owner = code[1:][gaps > 0]
    gaps = gaps[gaps > 0]
    count = np.bincount(owner, minlength=n)
    least, most = np.full(n, 10**6), np.zeros(n, np.int64)
    np.minimum.at(least, owner, gaps)
    np.maximum.at(most, owner, gaps)
    if frequency is Frequency.DAY:
        # Sales by day have gaps of all lengths; gaps of exactly a week or a month throughout are no accident.
        mixed[(count >= 4) & (least == 7) & (most == 7)] = True
        mixed[(count >= 4) & (least >= 28) & (most <= 31)] = True
    elif frequency is Frequency.WEEK:
        mixed[(count >= 4) & (least < 7)] = True
        mixed[(count >= 4) & (least >= 28) & (most <= 31)] = True
    else:
        mixed[(count >= 4) & (least < 28)] = True
    return mixed


def _matrix(
    rows: Rows,
    code: NDArray[np.int64],
    used: NDArray[np.bool_],
    names: NDArray[np.str_],
    frequency: Frequency,
    found: dict[str, set[Problem]],
) -> SeriesSet:
    newest = rows.days[used].max()
    used = used & (rows.days >= newest - np.timedelta64(MOST_DAYS[frequency], "D"))
    days, owner = rows.days[used], code[used]
    anchor = days.min()
    place = period_of(days, frequency, anchor)
    n, t = len(names), int(place.max()) + 1
    flat = owner * t + place
    times = np.bincount(flat, minlength=n * t).reshape(n, t)
    qty = rows.qty[used]
    unknown = np.isnan(qty)
    values: FloatArray = np.bincount(flat, np.where(unknown, 0.0, np.maximum(qty, 0.0)), n * t).reshape(n, t).astype(np.float64)
    values[np.bincount(flat, unknown, n * t).reshape(n, t) > 0] = np.nan
    present = times > 0
    before_first = ~(np.maximum.accumulate(np.nan_to_num(values) > 0, axis=1))
    last_row = t - 1 - np.argmax(present[:, ::-1], axis=1)
    gap = ~present & ~before_first & (np.arange(t) <= last_row[:, None])
    for row, name in enumerate(map(str, names)):
        kinds = found[name]
        if times[row].max() > 1:
            kinds.add(Problem.DUPLICATES)
        if gap[row].any():
            kinds.add(Problem.GAPS)
        if present[row].sum() == 1:
            kinds.add(Problem.ONE_POINT)
        elif before_first[row].all() and not kinds & LEFT_OUT:
            kinds.add(Problem.NO_SALES)
    values[before_first] = np.nan

    def aligned(column: NDArray[np.float64]) -> FloatArray:
        known = ~np.isnan(column)
        total = np.bincount(flat, np.where(known, column, 0.0), n * t).reshape(n, t)
        count = np.bincount(flat, known, n * t).reshape(n, t)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    return SeriesSet(
        frequency,
        [str(name) for name in names],
        anchor.astype(date),
        days.max().astype(date),
        values,
        None if rows.is_open is None else _opened(rows.is_open[used], flat, present),
        None if rows.price is None else aligned(rows.price[used]),
        {name: aligned(column[used]) for name, column in rows.drivers.items()},
        categories=None if rows.category is None else _categories(rows.category[used], owner, n),
    )


#: Between a category and one beneath it.
_BENEATH: Final = " > "


def _categories(names: NDArray[np.object_], owner: NDArray[np.int64], n: int) -> NDArray[np.int64] | None:
    """The categories (n, levels) of series by the last of their rows that names one, a number for each in the order of their names."""
    named = np.flatnonzero(names.astype(bool))
    of_series = dict(zip(owner[named].tolist(), names[named].tolist(), strict=True))
    parts = {row: str(name).split(_BENEATH) for row, name in of_series.items()}
    paths = {row: [_BENEATH.join(path[: level + 1]) for level in range(len(path))] for row, path in parts.items()}
    codes = {name: code for code, name in enumerate(sorted({name for path in paths.values() for name in path}))}
    if not codes:
        return None
    found = np.full((n, max(map(len, paths.values()))), -1, np.int64)
    for row, path in paths.items():
        found[row, : len(path)] = [codes[name] for name in path]
    return found


def _opened(is_open: NDArray[np.bool_], flat: NDArray[np.int64], present: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The calendar (n, t). Where a series has no row, it is open when others are: a shop closes for all."""
    n, t = present.shape
    opened: NDArray[np.bool_] = np.bincount(flat, is_open, n * t).reshape(n, t).astype(np.bool_)
    of_others = np.logical_or(np.any(opened & present, axis=0), ~np.any(present, axis=0))
    return np.where(present, opened, np.asarray(of_others)[None, :])
