"""Exchange rates on a day: the last one known on or before it, directly, inverted, or through the base currency. Never a silent 1."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings

from stockhub.catalog.models import ExchangeRate

_PLACES = Decimal("0.00000001")


def rate_on(day: date, source: str, target: str) -> Decimal | None:
    """What one unit of `source` is worth in `target`, eight places; None where no rate is known on or before `day`."""
    if source == target:
        return Decimal(1)
    if (rate := _direct(day, source, target)) is not None:
        return rate
    base = settings.STOCKHUB_BASE_CURRENCY
    if base in (source, target):
        return None
    first, second = _direct(day, source, base), _direct(day, base, target)
    return None if first is None or second is None else (first * second).quantize(_PLACES, rounding=ROUND_HALF_UP)


def _direct(day: date, source: str, target: str) -> Decimal | None:
    known = ExchangeRate.objects.filter(day__lte=day).order_by("-day")
    if rate := known.filter(source_currency=source, target_currency=target).values_list("rate", flat=True).first():
        return Decimal(rate)
    if rate := known.filter(source_currency=target, target_currency=source).values_list("rate", flat=True).first():
        return (1 / Decimal(rate)).quantize(_PLACES, rounding=ROUND_HALF_UP)
    return None
