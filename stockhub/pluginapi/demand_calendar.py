"""Demand calendars: dated events that many sellers share, such as 618 or a public holiday."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from stockhub.values import Label


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One occurrence of an event, from its first to its last day, both included.

    `event_type` is a slug that all occurrences share: what the past ones lifted, the next one is expected to. It concerns accounts in one
    of the `countries` (ISO 3166-1 alpha-2) on one of the `marketplaces` (slugs of connectors); empty is all. An account whose data come
    from files has no marketplace: its country decides.
    """

    event_type: str
    label: Label
    first_on: date
    last_on: date
    countries: frozenset[str] = frozenset()
    marketplaces: frozenset[str] = frozenset()


class DemandCalendar(ABC):
    """Says when. What an event lifts is learned from the seller's own sales, or stated by him."""

    slug: ClassVar[str]
    name: ClassVar[Label]

    @abstractmethod
    def events(self, year: int, countries: frozenset[str]) -> Iterable[CalendarEvent]:
        """The events of a year, as far as they concern one of these countries. The same year always gives the same events.

        Does no I/O. Years of which nothing is known give nothing.
        """
