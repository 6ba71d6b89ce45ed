"""The key figures as a file: every pool, category and site that the viewer may see (H84)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from stockhub.access.models import User
from stockhub.exports.export import Column, Export, Kind, Row
from stockhub.exports.filters import Choice, Filter
from stockhub.overview.kpis import KPIS, UNITS, KpiGrouping, StockKpis, stock_kpis
from stockhub.review.kpi_changes.changes import Comparison, KpiChange

_BY = Choice("by", "One or more of pool, category and site.", choices=lambda: [str(each.value) for each in KpiGrouping])

_FIGURE = Choice("figure", "One or more key figures by their slugs; all unless told otherwise.", choices=lambda: list(KPIS))
_SPAN = Choice("days", "How many days back: 7, 30 (unless told otherwise), 90 or 365.", choices=lambda: ["7", "30", "90", "365"])


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


class KeyFigureChanges(Export):
    """What the page *Why a key figure changed* shows, of every place."""

    name: ClassVar[str] = "key-figure-changes"
    about: ClassVar[str] = (
        "Why key figures changed: categories, SKUs, alerts and incidents with what they contribute, those that contribute most."
    )
    permissions: ClassVar[tuple[str, ...]] = ("demand.view_stockfigures",)
    filters: ClassVar[tuple[Filter, ...]] = (_BY, _FIGURE, _SPAN)
    columns: ClassVar[tuple[Column, ...]] = (
        Column("by", Kind.TEXT, "pool, category or site."),
        Column("code", Kind.TEXT, "The code of the place."),
        Column("figure", Kind.TEXT, "The slug of the figure, such as fill_rate."),
        Column("since", Kind.DAY, "The earlier day; of `turnover_quarter` the end of the quarter before."),
        Column("until", Kind.DAY, "The later day."),
        Column("before", Kind.NUMBER, "The figure on the earlier day."),
        Column("after", Kind.NUMBER, "The figure on the later day."),
        Column("cause", Kind.TEXT, "category, sku, alert, incident or part (another figure)."),
        Column("cause_code", Kind.TEXT, "Its code; empty for SKUs of no category."),
        Column("cause_name", Kind.TEXT, "What it is called, in the reader's language."),
        Column("pool", Kind.TEXT, "The pool's code, where it is about one."),
        Column("contribution", Kind.NUMBER, "How much of the change it is, in the figure's unit; categories add up to the change."),
        Column("share", Kind.NUMBER, "The same as a part of the change."),
    )

    def rows(self, viewer: User, chosen: Mapping[str, Any]) -> Iterator[Row]:
        days = max((int(each) for each in chosen.get(_SPAN.name, ())), default=30)
        kpis = chosen.get(_FIGURE.name, list(KPIS))
        for by in KpiGrouping:
            if by.value not in chosen.get(_BY.name, list(KpiGrouping)):
                continue
            comparison = Comparison(by, viewer, days)
            for code, _name in comparison.places():
                for kpi in kpis:
                    if (change := comparison.change(kpi, code)) is not None:
                        yield from self._rows(by, change)

    @staticmethod
    def _rows(by: KpiGrouping, change: KpiChange) -> Iterator[Row]:
        told = [by.value, change.code, change.kpi, change.since, change.until, change.before, change.after]
        for each in change.causes:
            yield [*told, each.kind.value, each.code, each.name, each.pool, each.contribution, each.share]
