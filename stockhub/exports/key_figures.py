"""The key figures as a file: every pool, category and site that the viewer may see (H84)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from stockhub.access.models import User
from stockhub.exports.export import Column, Export, Kind, Row
from stockhub.exports.filters import Choice, Filter
from stockhub.overview.kpis import KPIS, UNITS, KpiGrouping, StockKpis, stock_kpis

_BY = Choice("by", "One or more of pool, category and site.", choices=lambda: [str(each.value) for each in KpiGrouping])


def _about(name: str) -> str:
    return f"{KPIS[name].text('en')}{', 0 to 1' if UNITS[name] == 'share' else ''}; empty where it is unknown."


class KeyFigures(Export):
    """The same numbers as on the page and in the reports."""

    name: ClassVar[str] = "key-figures"
    about: ClassVar[str] = "Turnover, stock to sales, dead stock, fill rate and health of each pool, category and site, of the last day."
    permissions: ClassVar[tuple[str, ...]] = ("demand.view_stockfigures",)
    filters: ClassVar[tuple[Filter, ...]] = (_BY,)
    columns: ClassVar[tuple[Column, ...]] = (
        Column("by", Kind.TEXT, "pool, category or site."),
        Column("code", Kind.TEXT, "The code of the place; empty for SKUs of no category and pools that serve no shop."),
        Column("name", Kind.TEXT, "What it is called."),
        Column("day", Kind.DAY, "The day of the figures."),
        Column("skus", Kind.INTEGER, "SKUs whose stock is known."),
        *(Column(name, Kind.NUMBER, _about(name)) for name in KPIS),
    )

    def rows(self, viewer: User, chosen: Mapping[str, Any]) -> Iterator[Row]:
        wanted = [each for each in KpiGrouping if each.value in chosen.get(_BY.name, list(KpiGrouping))]
        found = [(by, place) for by in wanted for place in stock_kpis(by, viewer=viewer)]
        return iter([self._row(by, place) for by, place in found])

    @staticmethod
    def _row(by: KpiGrouping, place: StockKpis) -> Row:
        return [by.value, place.code, place.name, place.day, place.skus, *(place.metrics[name].value for name in KPIS)]
