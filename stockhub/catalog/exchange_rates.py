"""Dated exchange rates: the last one known on or before a day. An unknown rate is None or NaN, never a silent 1."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

import numpy as np
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from stockhub.catalog.models import ExchangeRate
from stockhub.values.errors import DomainError

_PLACES: Final = Decimal("0.00000001")


def rate_on(day: date, source: str, target: str) -> Decimal | None:
    """What one unit of `source` was worth in `target` on a day; from the opposite rate where only that is known. None where neither is."""
    if source == target:
        return Decimal(1)
    if not source or not target:
        return None
    either = Q(source_currency=source, target_currency=target) | Q(source_currency=target, target_currency=source)
    # On the same day the direct rate is preferred to the opposite one.
    rows = ExchangeRate.objects.filter(either, day__lte=day).order_by("-day")[:2]
    latest = [row for row in rows if row.day == rows[0].day] if rows else []
    for row in sorted(latest, key=lambda row: row.source_currency != source):
        rate = Decimal(row.rate)
        return rate if row.source_currency == source else Decimal(1) / rate
    return None


def rates_on(days: Sequence[date], sources: Sequence[str], target: str) -> NDArray[np.float64]:
    """Rates (n,) of currencies (n,) on days (n,) into one currency; NaN where unknown. One query."""
    result = np.full(len(days), np.nan)
    if not len(days):
        return result
    result[np.array([source == target for source in sources], bool)] = 1.0
    wanted = sorted({source for source in sources if source and source != target})
    known = _known(wanted, target, max(days))
    ordinals = np.array([day.toordinal() for day in days], np.int64)
    names = np.array(sources, dtype=object)
    for source in wanted:
        if source not in known:
            continue
        since, rate = known[source]
        rows = np.flatnonzero(names == source)
        at = np.searchsorted(since, ordinals[rows], side="right") - 1
        result[rows] = np.where(at >= 0, rate[np.maximum(at, 0)], np.nan)
    return result


def _known(sources: Sequence[str], target: str, until: date) -> dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """By currency: the days (k,) as ordinals, ascending, and the rates (k,) that hold from each on."""
    either = Q(source_currency__in=sources, target_currency=target) | Q(source_currency=target, target_currency__in=sources)
    rows = ExchangeRate.objects.filter(either, day__lte=until).values_list("source_currency", "target_currency", "day", "rate")
    by_currency: dict[str, dict[int, float]] = {}
    # Opposite rates first, so that a direct one of the same day replaces them.
    for source, other, day, text in sorted(rows, key=lambda row: row[0] != target):
        direct = other == target
        by_currency.setdefault(source if direct else other, {})[day.toordinal()] = float(text) if direct else 1.0 / float(text)
    return {
        currency: (np.array(sorted(rates), np.int64), np.array([rates[day] for day in sorted(rates)], np.float64))
        for currency, rates in by_currency.items()
    }


def exact_rates_on(wanted: Collection[tuple[date, str]], target: str) -> dict[tuple[date, str], Decimal]:
    """`rate_on` of many (day, currency), as exact decimals for money; those that are unknown are left out. One query."""
    sources = sorted({source for _day, source in wanted if source and source != target})
    exact: dict[tuple[date, str], Decimal] = {(day, source): Decimal(1) for day, source in wanted if source and source == target}
    if not sources:
        return exact
    either = Q(source_currency__in=sources, target_currency=target) | Q(source_currency=target, target_currency__in=sources)
    rows = ExchangeRate.objects.filter(either, day__lte=max(day for day, _source in wanted))
    by_currency: dict[str, dict[date, Decimal]] = {}
    # Opposite rates first, so that a direct one of the same day replaces them.
    for source, other, day, text in sorted(
        rows.values_list("source_currency", "target_currency", "day", "rate"), key=lambda row: row[1] == target
    ):
        direct = other == target
        by_currency.setdefault(source if direct else other, {})[day] = Decimal(text) if direct else Decimal(1) / Decimal(text)
    for source, rates in by_currency.items():
        days = sorted(rates)
        for day in {day for day, its in wanted if its == source}:
            if place := bisect_right(days, day):
                exact[day, source] = rates[days[place - 1]]
    return exact


def record_rates(rows: Iterable[tuple[date, str, str, Decimal | str]], *, origin: str = "") -> int:
    """Stores rates (day, source, target, rate); one that is known already stays as it was. Returns how many were given."""
    records = []
    for index, (day, source, target, given) in enumerate(rows):
        try:
            rate = Decimal(given).quantize(_PLACES, rounding=ROUND_HALF_UP)
        except InvalidOperation as error:
            raise _invalid(index, given) from error
        if not rate.is_finite() or rate <= 0 or source == target:
            raise _invalid(index, given)
        records.append(ExchangeRate(day=day, source_currency=source, target_currency=target, rate=f"{rate:f}", origin=origin))
    ExchangeRate.objects.bulk_create(records, ignore_conflicts=True)
    return len(records)


def _invalid(index: int, given: object) -> DomainError:
    return DomainError(
        "invalid_rate",
        _("An exchange rate is a decimal above 0 between two currencies."),
        path=(str(index), "rate"),
        params={"rate": str(given)},
    )
