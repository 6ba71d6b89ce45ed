"""A file of demand as columns: CSV or parquet, by name or by a mapping."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from stockhub.exchange.encodings import detect_encoding
from stockhub.exchange.mapping import MappingError, normalised
from stockhub.exchange.tables import FileError

REQUIRED: Final = ("series_id", "date", "qty")
#: Columns that are taken by their name, mapped or not. All others are drivers.
NAMED: Final = (*REQUIRED, "price", "open", "category")
#: Drivers that are found by name although a mapping is given, which otherwise says all that is to be read.
_USUAL_DRIVERS: Final = ("promo",)
_WORDS: Final = {"true": "1", "false": "0", "yes": "1", "no": "0", "是": "1", "否": "0"}
_FALSE: Final = frozenset({"0", "0.0", "false", "f", "no", "n", "closed", "否", ""})
#: A date with its year at the end, whose first two parts are day and month or month and day.
_YEAR_LAST: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}\b")


@dataclass(frozen=True, slots=True)
class Rows:
    """The file's rows (r,): `series` as text, `days` (NaT where unreadable), `qty` (NaN where unreadable), and what else it says."""

    series: NDArray[np.object_]
    days: NDArray[np.datetime64]
    qty: NDArray[np.float64]
    price: NDArray[np.float64] | None
    is_open: NDArray[np.bool_] | None
    #: As text, such as `Drinks > Juice`; a path goes from the broadest to the narrowest.
    category: NDArray[np.object_] | None
    drivers: Mapping[str, NDArray[np.float64]]
    #: Columns that hold no number.
    ignored: list[str]
    #: Rows without a series id, which are left out.
    nameless: int = 0


def read_rows(path: Path, mapping: Mapping[str, Any] | None = None) -> Rows:
    """Reads the file. FileError where that is impossible, MappingError where its columns are not those that are needed."""
    frame = _table(path)
    places = _places([str(name) for name in frame.columns], mapping or {})
    rows = len(frame)
    ids = frame[places["series_id"]]
    frame = frame[ids.notna() & (ids.astype(str).str.strip() != "")]
    if frame.empty:
        raise _no_rows(path)
    series = frame[places["series_id"]].astype(str).str.strip().to_numpy(object)
    drivers = {name: _numbers(frame[place]) for name, place in places.items() if name not in NAMED}
    known = {name: values for name, values in drivers.items() if not np.isnan(values).all()}
    return Rows(
        series,
        _days(frame[places["date"]]),
        _numbers(frame[places["qty"]]),
        _numbers(frame[places["price"]]) if "price" in places else None,
        _flags(frame[places["open"]]) if "open" in places else None,
        frame[places["category"]].fillna("").astype(str).str.strip().to_numpy(object) if "category" in places else None,
        known,
        sorted(set(drivers) - set(known)),
        rows - len(frame),
    )


def _no_rows(path: Path) -> FileError:
    return FileError("empty", _("%(path)s has no rows."), params={"path": path.name})


def _table(path: Path) -> pd.DataFrame:
    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            return pd.read_parquet(path)
        if path.suffix.lower() in (".xlsx", ".xls"):
            raise FileError(
                "workbook", _("%(path)s is a workbook. Save the sheet as CSV in UTF-8, or as parquet."), params={"path": path.name}
            )
        encoding = detect_encoding(path)
        with path.open(encoding=encoding) as handle:
            header = handle.readline()
        separator = max(",;\t", key=header.count)
        return pd.read_csv(path, sep=separator, dtype=str, encoding=encoding, keep_default_na=False)
    except pd.errors.EmptyDataError as error:
        raise _no_rows(path) from error
    except FileNotFoundError as error:
        raise FileError("missing", _("There is no file %(path)s."), params={"path": path}) from error
    except (OSError, ValueError, pd.errors.ParserError) as error:
        raise FileError(
            "unreadable", _("%(path)s cannot be read as CSV or parquet: %(error)s"), params={"path": path.name, "error": str(error)[:200]}
        ) from error


def _places(header: list[str], mapping: Mapping[str, Any]) -> dict[str, str]:
    """The file's column for each of ours."""
    by_name = {normalised(name): name for name in header}
    places: dict[str, str] = {}
    for name, place in mapping.items():
        if not isinstance(place, str) or place not in header:
            raise MappingError(
                "unknown_column",
                _("The mapping gives %(place)r for %(name)r; the file has the columns %(header)s."),
                params={"place": place, "name": name, "header": ", ".join(header[:30])},
            )
        places[name] = place
    for name in (*NAMED, *_USUAL_DRIVERS):
        if name not in places and normalised(name) in by_name:
            places[name] = by_name[normalised(name)]
    if missing := [name for name in REQUIRED if name not in places]:
        raise MappingError(
            "missing_columns",
            _(
                "The file lacks %(missing)s; it has %(header)s. Name its columns with --mapping, a JSON file such as "
                '{"series_id": "sku", "mailer": "n_mailer"}.'
            ),
            params={"missing": ", ".join(missing), "header": ", ".join(header[:30])},
        )
    if not mapping:
        taken = set(places.values())
        places |= {name: name for name in header if name not in taken and name}
    return places


def _days(column: pd.Series[Any]) -> NDArray[np.datetime64]:
    if pd.api.types.is_datetime64_any_dtype(column):
        return np.asarray(column.dt.tz_localize(None).to_numpy(), "datetime64[D]")
    text = column.astype(str).str.strip().str.replace(r"[年月]", "-", regex=True).str.replace("日", "")
    days = np.array(pd.to_datetime(text, errors="coerce", format="mixed", dayfirst=_day_first(text)).to_numpy(), "datetime64[D]")
    # Nanoseconds end in 2262; a year mistyped as 2999 is a date all the same.
    for row in np.flatnonzero(np.isnat(days)):
        with contextlib.suppress(ValueError):
            days[row] = np.datetime64(date.fromisoformat(text.iloc[row][:10]))
    return days


def _day_first(text: pd.Series[Any]) -> bool:
    """Whether dates that end with their year begin with the day: a column is of one kind, and a first part above 12 is no month."""
    parts = text.drop_duplicates().str.extract(_YEAR_LAST)
    return bool((pd.to_numeric(parts[0]) > 12).any())


def _numbers(column: pd.Series[Any]) -> NDArray[np.float64]:
    if pd.api.types.is_numeric_dtype(column):
        numbers = column
    else:
        text = column.astype(str).str.strip().str.casefold()
        numbers = pd.to_numeric(text.map(_WORDS).fillna(text), errors="coerce")
    values = numbers.to_numpy(np.float64, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def _flags(column: pd.Series[Any]) -> NDArray[np.bool_]:
    return np.asarray(~column.astype(str).str.strip().str.casefold().isin(_FALSE), np.bool_)
