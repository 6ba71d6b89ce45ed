"""What all contracts of a running connector share: how its context is made, and how its feeds are read as the host reads them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, ClassVar, Final

from stockhub.pluginapi.connectors import FEED_CAPABILITIES, ConnectorContext, ConnectorError, FeedKind, Page, ReadRequest
from stockhub.pluginapi.marketplace import MarketplaceConnector
from stockhub.pluginapi.testing.connector_context import HandSetClock
from stockhub.pluginapi.testing.watched_platform import Fault, WatchedPlatform

#: A reading with more pages than this does not end.
MOST_PAGES: Final = 2_000


def require(condition: object, message: str) -> None:
    """Fails the test. Not `assert`, which pytest does not explain outside test files and `python -O` removes."""
    if not condition:
        raise AssertionError(message)


@dataclass(slots=True)
class Reading:
    """What came of reading a feed as the host does: page by page, the cursor kept with each."""

    pages: list[Page[Any]] = field(default_factory=list)
    cursor: str = ""
    is_done: bool = False
    error: ConnectorError | None = None

    @property
    def records(self) -> list[Any]:
        return [record for page in self.pages for record in page.records]

    @property
    def rejected(self) -> int:
        return sum(len(page.rejected) for page in self.pages)


class ConnectorContract(ABC):
    """The base of contracts that need a platform to talk to: a fake, a sandbox, recorded answers. Subclass those of its subclasses
    that the connector's capabilities ask for, all in one class if you like, and make a context whose account is on that platform.

        class TestMyConnectorReads(ReadingContract, FaultsContract, PrivacyContract):
            connector = MyConnector()
            planted = ("Jane Sentinel",)

            def context(self) -> ConnectorContext:
                return connector_context(self.connector, account_on_my_fake(), clock=HandSetClock(at))

    Each call of `context` is for the same account with the same data. Each feed has to have something to read, better several pages.
    """

    connector: ClassVar[MarketplaceConnector]
    #: A buyer's name, number and address as they stand in the platform's answers and pushes.
    planted: ClassVar[tuple[str, ...]] = ()
    #: How far a first reading reaches back.
    reach: ClassVar[timedelta] = timedelta(days=30)

    @abstractmethod
    def context(self) -> ConnectorContext:
        """A context for an account on the running platform."""

    def later(self, context: ConnectorContext, seconds: float) -> None:
        """Lets time pass on the platform and for the connector, such as while a report is made."""
        if isinstance(context.now, HandSetClock):
            context.now.move(timedelta(seconds=seconds))

    def feeds(self) -> tuple[FeedKind, ...]:
        """The feeds that the connector's capabilities bring."""
        return tuple(kind for kind, (capability, _method) in FEED_CAPABILITIES.items() if isinstance(self.connector, capability))

    def watched(self, fault: Fault | None = None, at: int = 0) -> tuple[ConnectorContext, WatchedPlatform]:
        """A context whose platform keeps what comes, and spoils call number `at`."""
        context = self.context()
        platform = WatchedPlatform(context.platform, context.now, fault, at)
        return replace(context, platform=platform), platform

    def read(
        self, kind: FeedKind, context: ConnectorContext, *, cursor: str = "", connector: MarketplaceConnector | None = None
    ) -> Reading:
        """Reads until the connector says that it is done, or an error ends it."""
        reading = Reading(cursor=cursor)
        try:
            while not reading.is_done:
                before = len(reading.pages)
                self._read_on(kind, context, reading, connector or self.connector)
                if len(reading.pages) == before:
                    break
        except ConnectorError as error:
            reading.error = error
        return reading

    def _read_on(self, kind: FeedKind, context: ConnectorContext, reading: Reading, connector: MarketplaceConnector) -> None:
        """One call of the connector, from the newest cursor on."""
        since = None if reading.cursor else context.now() - self.reach
        for page in getattr(connector, FEED_CAPABILITIES[kind][1])(ReadRequest(reading.cursor, since), context):
            require(isinstance(page, Page), f"{kind}: {type(page).__name__} is no Page")
            reading.pages.append(page)
            reading.cursor = page.cursor
            require(len(reading.pages) <= MOST_PAGES, f"{kind}: no end after {MOST_PAGES} pages")
            if page.again_after is not None:
                self.later(context, page.again_after)
                return
            if page.is_last:
                reading.is_done = True
                return
