"""Where age is charged, and how much: the one place that the snapshot asks (H44, E14; science.md 8).

The rows are `spec/fees/amazon_fees.json`, read on 2026-11-22. A marketplace's fee schedule takes the place of `surcharge_table`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final

from stockhub.formulas.fees.aged_stock import AGED_SURCHARGE
from stockhub.formulas.fees.bands import Band
from stockhub.formulas.fees.rates import ANY_TIER, Confidence, RateRow, RateTable

#: First day of age, rate, and the least a unit.
Tier = tuple[int, str, str | None]

_UP_TO_A_YEAR: Final[tuple[Tier, ...]] = (
    (181, "0.50", None), (211, "1.00", None), (241, "1.50", None), (271, "5.45", None), (301, "5.70", None), (331, "5.90", None),
)  # fmt: skip
#: Country, currency, volume, from when until when, tiers, source and how sure it is.
_TABLES: Final[tuple[tuple[str, str, str, date, date | None, tuple[Tier, ...], str, Confidence], ...]] = (
    (
        "US", "USD", "cuft/month", date(2024, 2, 15), date(2026, 1, 15), (*_UP_TO_A_YEAR, (366, "6.90", "0.15")), "GH_RULES", "C",
    ),
    (
        "US", "USD", "cuft/month", date(2026, 1, 16), None, (*_UP_TO_A_YEAR, (366, "6.90", "0.30"), (456, "7.90", "0.35")), "GH_RULES", "B",
    ),
    (
        "GB", "GBP", "cuft/month", date(2026, 7, 1), None,
        ((241, "1.18", None), (271, "3.14", None), (301, "3.26", None), (331, "3.41", None), (366, "5.71", "0.20"), (456, "6.14", "0.25")),
        "GH_RULES", "C",
    ),
    (
        "DE", "EUR", "m3/month", date(2026, 7, 1), None,
        (
            (241, "47.99", None), (271, "125.16", None), (301, "129.92", None), (331, "135.98", None), (366, "227.63", "0.20"),
            (456, "261.97", "0.25"),
        ),
        "GH_RULES", "C",
    ),
    (
        "CA", "CAD", "m3/month", date(2026, 1, 1), None,
        (
            (181, "24", None), (211, "48", None), (241, "72", None), (271, "156", None), (301, "172", None), (331, "189", None),
            (366, "330", "0.15"),
        ),
        "GH_RULES", "C",
    ),
)  # fmt: skip


@cache
def surcharge_table(country: str) -> RateTable | None:
    """The dated rates of the aged inventory surcharge in the Amazon warehouses of a country; None where none are known."""
    rows = [row for table in _TABLES if table[0] == country for row in _rows(*table)]
    return RateTable(country, rows) if rows else None


def _rows(
    country: str, currency: str, per: str, start: date, end: date | None, tiers: tuple[Tier, ...], source: str, confidence: Confidence
) -> Iterator[RateRow]:
    ends = [*(tier[0] - 1 for tier in tiers[1:]), None]
    for (first, rate, least), last in zip([(0, "0", None), *tiers], [tiers[0][0] - 1, *ends], strict=True):
        yield RateRow(
            marketplace=country, fee=AGED_SURCHARGE, tier=ANY_TIER, effective_from=start, effective_to=end, rate=Decimal(rate), per=per,
            currency=currency, source=source, confidence=confidence, least=None if least is None else Decimal(least),
            band=Band(Decimal(first), None if last is None else Decimal(last), "both"),
        )  # fmt: skip
