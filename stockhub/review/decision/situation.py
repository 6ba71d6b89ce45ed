"""What is known on the day of a decision, read from a folder: `request.json`, `history.csv`, `orders.csv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from stockhub.values import DomainError

FloatArray = NDArray[np.float64]
HISTORY: Final = ("sku", "date", "sold", "start_on_hand", "on_hand")
ORDERS: Final = ("sku", "order_date", "qty", "promised_date", "received_date")
_Days = Annotated[float, Field(gt=0, le=3650, allow_inf_nan=False)]


class SituationError(DomainError):
    """The folder cannot be read; the message names the file, and the row where it is one."""


class Request(BaseModel):
    """`request.json`. Unknown fields are left alone: a later judge may tell more."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    as_of: date
    track: Literal["warn", "replen"] = "warn"
    horizon_days: int = Field(ge=1, le=730)
    review_days: _Days = 7.0
    service_level: float = Field(gt=0.0, lt=1.0, default=0.95)
    quoted_lead_days: _Days
    past_lead_days: tuple[_Days, ...] = ()
    fastest_eta_days: float = Field(ge=0.0, le=3650.0, allow_inf_nan=False, default=0.0)


@dataclass(frozen=True, slots=True)
class OpenOrders:
    """Orders that have not come (m,): position of their SKU, units, days since they were placed, and days until they were promised."""

    row: NDArray[np.int64]
    qty: FloatArray
    age: FloatArray
    promised_in: FloatArray


@dataclass(frozen=True, slots=True)
class Situation:
    """`skus` (n,) in the order of the file; `sold`, `opening` and `closing` (n, t) a day, the last column being `as_of`.

    `opening` and `closing` are stock after receipts and at the day's end, NaN where nobody recorded it; `sold` is NaN before a SKU's first
    row. `taken_days` (k,) are the lead times of all orders that have come, the request's past ones among them.
    """

    request: Request
    skus: list[str]
    first_on: date
    sold: FloatArray
    opening: FloatArray
    closing: FloatArray
    orders: OpenOrders
    taken_days: FloatArray


def read_situation(folder: Path) -> Situation:
    """Reads the three files. SituationError where one is missing, is no such table, or contradicts itself."""
    request = _request(folder / "request.json")
    history = _table(folder / "history.csv", HISTORY)
    skus = list(dict.fromkeys(history["sku"]))
    if not skus:
        raise SituationError("empty_history", "history.csv has no rows: there is nothing to decide.")
    place = {sku: row for row, sku in enumerate(skus)}
    day = _days(history, "date", "history.csv")
    last = np.datetime64(request.as_of, "D")
    if (day > last).any():
        raise SituationError("history_after_as_of", f"history.csv has rows after {request.as_of}, the day of the decision.")
    first = day.min()
    at = np.array([place[sku] for sku in history["sku"]]), (day - first).astype(np.int64)
    days = int((last - first).astype(np.int64)) + 1
    keys = at[0] * days + at[1]
    if len(np.unique(keys)) < len(keys):
        raise SituationError("duplicate_day", "history.csv has two rows of one SKU and day.")
    facts = {}
    for name in HISTORY[2:]:
        facts[name] = np.full((len(skus), days), np.nan)
        facts[name][at] = _amounts(history, name, "history.csv")
    orders, taken = _orders(_table(folder / "orders.csv", ORDERS), place, last)
    return Situation(
        request, skus, first.item(), facts["sold"], facts["start_on_hand"], facts["on_hand"], orders,
        np.concatenate([request.past_lead_days, taken]),
    )  # fmt: skip


def _request(path: Path) -> Request:
    try:
        return Request.model_validate_json(path.read_bytes())
    except OSError as error:
        raise SituationError("no_request", f"{path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise SituationError("bad_request", f"request.json, {where}: {first['msg']}.") from error


def _table(path: Path, columns: tuple[str, ...]) -> dict[str, list[str]]:
    """The cells of the file's columns by name, without the blanks around them."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header, *rows = csv.reader(file)
    except OSError as error:
        raise SituationError("no_file", f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, csv.Error) as error:
        raise SituationError("no_table", f"{path.name} is no CSV table: {' '.join(str(error).split())[:200]}.") from error
    names = [name.strip() for name in header]
    if missing := [name for name in columns if name not in names]:
        raise SituationError("missing_columns", f"{path.name} lacks the columns {', '.join(missing)}.")
    rows = [row for row in rows if row]
    if (ragged := next((line for line, row in enumerate(rows, 2) if len(row) != len(names)), None)) is not None:
        raise SituationError("ragged_row", f"{path.name}, line {ragged}: it has not as many cells as the header.")
    table = {name: [row[place].strip() for row in rows] for name, place in [(name, names.index(name)) for name in columns]}
    if "" in table["sku"]:
        raise SituationError("no_sku", f"{path.name}, line {table['sku'].index('') + 2}: the SKU is empty.")
    return table


def _amounts(table: dict[str, list[str]], name: str, file: str) -> FloatArray:
    """Numbers of units, at least 0; NaN where the cell is empty."""
    cells = table[name]
    try:
        found = np.array([cell or "nan" for cell in cells], np.str_).astype(np.float64)
    except ValueError:
        found = np.array([_number(cell) for cell in cells], np.float64)
    empty = np.array([not cell for cell in cells], np.bool_)
    wrong = np.flatnonzero(~empty & ~(np.isfinite(found) & (found >= 0)))
    if len(wrong):
        raise SituationError("bad_number", f"{file}, line {wrong[0] + 2}: {name} is not a number of units, 0 or more.")
    return found


def _number(cell: str) -> float:
    """Minus one, which no amount may be, for what is no number."""
    try:
        return float(cell or "nan")
    except ValueError:
        return -1.0


def _days(table: dict[str, list[str]], name: str, file: str, *, may_be_empty: bool = False) -> NDArray[np.datetime64]:
    """Dates; NaT where the cell is empty, if it may be."""
    known: dict[str, date | None] = {"": None} if may_be_empty else {}
    for line, cell in enumerate(table[name], 2):
        if cell not in known:
            try:
                known[cell] = date.fromisoformat(cell)
            except ValueError:
                message = f"{file}, line {line}: {name} is not a date such as 2026-11-27."
                raise SituationError("bad_date", message) from None
    return np.array([known[cell] for cell in table[name]], "datetime64[D]")


def _orders(table: dict[str, list[str]], place: dict[str, int], today: np.datetime64) -> tuple[OpenOrders, FloatArray]:
    """The open orders, and the lead times of those that have come."""
    if unknown := sorted(set(table["sku"]) - set(place)):
        raise SituationError("unknown_sku", f"orders.csv names {unknown[0]}, which history.csv does not know.")
    row = np.array([place[sku] for sku in table["sku"]], np.int64)
    ordered, qty = _days(table, "order_date", "orders.csv"), _amounts(table, "qty", "orders.csv")
    promised = _days(table, "promised_date", "orders.csv", may_be_empty=True)
    received = _days(table, "received_date", "orders.csv", may_be_empty=True)
    if np.isnan(qty).any():
        raise SituationError("bad_number", f"orders.csv, line {np.flatnonzero(np.isnan(qty))[0] + 2}: qty is empty.")
    if (ordered > today).any() or (received < ordered).any():
        raise SituationError("bad_date", "orders.csv has an order after the day of the decision, or one that came before it was placed.")
    is_open = np.isnat(received) | (received > today)
    waiting = np.where(np.isnat(promised), np.nan, (promised - today).astype(np.float64))
    orders = OpenOrders(row[is_open], qty[is_open], (today - ordered)[is_open].astype(np.float64), waiting[is_open])
    return orders, (received - ordered)[~is_open].astype(np.float64)
