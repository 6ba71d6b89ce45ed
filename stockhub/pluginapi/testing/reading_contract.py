"""The contract of reading: pages in order, cursors that suffice, records that hold what their class says."""

from __future__ import annotations

import copy
from collections import Counter
from datetime import timedelta
from typing import Any, Final

from stockhub.pluginapi.connectors import FeedKind, ReadRequest, ReadStock, ReadWarehouses
from stockhub.pluginapi.platform_records import WarehouseRecord
from stockhub.pluginapi.testing.connector_contract import ConnectorContract, Reading, require
from stockhub.pluginapi.testing.record_values import RECORD_TYPES, problems_of

LONGEST_CURSOR: Final = 4_000
#: So many stops are tried of a long reading: its beginning and its end.
_STOPS: Final = 6


class ReadingContract(ConnectorContract):
    """Of every feed that the connector's capabilities bring."""

    def whole(self, kind: FeedKind) -> Reading:
        """A reading from beginning to end, which has to bring something: nothing is proved by nothing."""
        reading = self.read(kind, self.context())
        if reading.error is not None:
            raise reading.error
        require(reading.records, f"{kind}: the platform of this test has nothing to read")
        return reading

    def test_there_is_something_to_read(self) -> None:
        require(self.feeds(), "the connector has no feed: subclass the contracts of its capabilities only")
        for kind in self.feeds():
            self.whole(kind)

    def test_a_reading_ends_and_says_so(self) -> None:
        for kind in self.feeds():
            require(self.whole(kind).is_done, f"{kind}: the last page does not say is_last")

    def test_cursors_lead_on_and_are_not_too_long(self) -> None:
        for kind in self.feeds():
            cursors = [page.cursor for page in self.whole(kind).pages]
            again, times = Counter(cursors).most_common(1)[0]
            require(times == 1, f"{kind}: cursor {again[:60]!r} came {times} times, which is a loop")
            require(all(isinstance(c, str) and len(c) <= LONGEST_CURSOR for c in cursors), f"{kind}: a cursor is no text, or too long")
            require(all(cursors[:-1]), f"{kind}: an empty cursor leads back to the beginning")

    def test_a_cursor_is_enough_for_another_process_to_go_on_after_any_page(self) -> None:
        """What it reads then is what the first would have read: nothing is left out, and nothing is new."""
        for kind in self.feeds():
            fresh = copy.deepcopy(self.connector)
            whole = self.whole(kind)
            places = range(len(whole.pages) - 1)
            for place in [*places[: _STOPS // 2], *places[len(places) - _STOPS // 2 :]] if len(places) > _STOPS else places:
                if whole.pages[place].again_after is not None:
                    continue
                rest = [repr(record) for page in whole.pages[place + 1 :] for record in page.records]
                resumed = self.read(kind, self.context(), cursor=whole.pages[place].cursor, connector=copy.deepcopy(fresh))
                require(resumed.error is None, f"{kind}: after page {place} the reading does not go on: {resumed.error}")
                got = {repr(record) for record in resumed.records}
                lost = [record for record in rest if record not in got]
                require(not lost, f"{kind}: after page {place} {len(lost)} records are lost, such as {lost[:1]}")
                new = got - {repr(record) for record in whole.records}
                require(not new, f"{kind}: after page {place} come records that the whole reading does not have: {sorted(new)[:1]}")

    def test_the_next_reading_goes_on_where_the_last_one_ended(self) -> None:
        """A feed that is no snapshot has nothing new to tell at once, beyond its overlap; a snapshot is the same again."""
        for kind in self.feeds():
            whole = self.whole(kind)
            plan = self.connector.feed_plans[kind]
            again = self.read(kind, self.context(), cursor="" if plan.is_snapshot else whole.cursor)
            require(again.error is None and again.is_done, f"{kind}: the next reading does not end: {again.error}")
            known = Counter(repr(record) for record in whole.records)
            if plan.is_snapshot:
                require(Counter(repr(r) for r in again.records) == known, f"{kind}: the same snapshot is another one the second time")
            else:
                require(set(map(repr, again.records)) <= set(known), f"{kind}: the next reading changes what was read")

    def test_records_hold_what_their_class_says(self) -> None:
        """Aware instants, money that is Decimal, ids that are text, units that are whole and not negative."""
        for kind in self.feeds():
            for record in self.whole(kind).records:
                problems = problems_of(record, RECORD_TYPES[kind])
                require(not problems, f"{kind}: {'; '.join(problems[:3])}")

    def test_what_is_told_is_told_until_an_instant_that_never_goes_back(self) -> None:
        for kind in self.feeds():
            context = self.context()
            told = [page.data_until for page in self.read(kind, context).pages if page.data_until is not None]
            require(all(at.tzinfo is not None for at in told), f"{kind}: data_until has no time zone")
            require(told == sorted(told), f"{kind}: data_until goes back")
            # The platform's clock may be a little ahead.
            limit = context.now() + timedelta(minutes=10)
            require(all(at <= limit for at in told), f"{kind}: data_until lies in the future")

    def test_progress_counts_up_to_its_total(self) -> None:
        for kind in self.feeds():
            pages = self.whole(kind).pages
            done = [page.done for page in pages if page.done is not None]
            require(done == sorted(done), f"{kind}: progress goes back")
            over = [p for p in pages if p.done is not None and p.total is not None and p.done > p.total]
            require(not over, f"{kind}: more is done than there is")

    def test_nothing_that_is_given_is_changed(self) -> None:
        for kind in self.feeds():
            context = self.context()
            before = context.config.model_dump()
            self.read(kind, context)
            require(context.config.model_dump() == before, f"{kind}: the account's configuration was changed")

    def test_stock_of_some_codes_is_of_these_alone(self) -> None:
        connector = self.connector
        if not isinstance(connector, ReadStock):
            return
        codes = sorted({record.code for record in self.whole(FeedKind.STOCK).records})[:2]
        pages = list(connector.read_stock(ReadRequest(codes=tuple(codes)), self.context()))
        got: set[Any] = {record.code for page in pages for record in page.records}
        require(got == set(codes), f"asked for {codes}, stock of {sorted(got)} came")

    def test_warehouses_have_codes_of_their_own(self) -> None:
        connector = self.connector
        if not isinstance(connector, ReadWarehouses):
            return
        found = list(connector.read_warehouses(self.context()))
        for record in found:
            problems = problems_of(record, WarehouseRecord)
            require(not problems, "; ".join(problems))
        codes = [record.code for record in found]
        require(found and len(codes) == len(set(codes)), f"warehouses have no code of their own: {codes}")
