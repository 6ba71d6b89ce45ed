"""The contract of bad days: what a connector makes of answers that are none. Promise 12, as far as it is the connector's."""

from __future__ import annotations

from stockhub.pluginapi.connectors import ConnectorError, FeedKind, ThrottledError, UnavailableError
from stockhub.pluginapi.testing.connector_contract import ConnectorContract, Reading, require
from stockhub.pluginapi.testing.record_values import RECORD_TYPES, problems_of
from stockhub.pluginapi.testing.spoiled_json import ABSURD, DOUBLED, MAY_BE_CODES, RENAMED
from stockhub.pluginapi.testing.watched_platform import FAULTS, ONE_OF_EACH, Fault


class FaultsContract(ConnectorContract):
    """Answers are spoiled between the platform and the connector, so that any platform will do."""

    def test_each_bad_answer_is_the_right_error(self) -> None:
        """At the first and the last call of a reading. Where the connector can do without the answer, it may."""
        for kind in self.feeds():
            good, calls = self._good(kind)
            for fault in FAULTS:
                for at in sorted({0, calls - 1}):
                    reading, is_spoiled = self._spoiled(kind, fault, at)
                    if not is_spoiled or (reading.error is None and _texts(reading) == _texts(good)):
                        continue
                    self._must_be(kind, fault, reading.error)

    def _must_be(self, kind: FeedKind, fault: Fault, error: ConnectorError | None) -> None:
        expected = " or ".join(e.__name__ for e in fault.expected)
        require(isinstance(error, fault.expected), f"{kind}: {fault.name} led to {error!r} and not to {expected}")
        require(error is not None and error.message.strip() and error.code.strip(), f"{kind}: {fault.name}: the error says nothing")
        if fault.after_seconds is not None and isinstance(error, ThrottledError | UnavailableError):
            waits = error.after_seconds
            near = waits is not None and abs(waits - fault.after_seconds) <= 2
            require(near, f"{kind}: {fault.name} asks for {fault.after_seconds} s, the error says {waits}")

    def test_a_bad_answer_loses_nothing(self) -> None:
        """What was read before it stays, and the next reading goes on from there."""
        for kind in self.feeds():
            good, calls = self._good(kind)
            for at in sorted({0, calls // 2, calls - 1}):
                for fault in ONE_OF_EACH:
                    reading, _is_spoiled = self._spoiled(kind, fault, at)
                    rest = self.read(kind, self.context(), cursor=reading.cursor) if not reading.is_done else Reading()
                    lost = _texts(good) - (_texts(reading) | _texts(rest))
                    require(not lost, f"{kind}: after {fault.name} at call {at}, {len(lost)} records are lost")

    def test_an_answer_with_other_names_is_never_an_empty_one(self) -> None:
        """It is an error, or its rows are set apart with a reason: what cannot be read is not nothing."""
        for kind in self.feeds():
            good, _calls = self._good(kind)
            for fault in RENAMED:
                reading, _is_spoiled = self._spoiled(kind, fault, 0)
                self._must_show(kind, fault, reading, good)

    def test_absurd_numbers_never_become_records(self) -> None:
        """NaN, below zero, forty digits, words, null: such rows are an error or set apart, each with its reason."""
        for kind in self.feeds():
            good, _calls = self._good(kind)
            for fault in ABSURD:
                reading, _is_spoiled = self._spoiled(kind, fault, 0)
                for record in reading.records:
                    problems = problems_of(record, RECORD_TYPES[kind])
                    require(not problems, f"{kind}: {fault.name} became a record: {'; '.join(problems[:2])}")
                if fault not in MAY_BE_CODES:
                    self._must_show(kind, fault, reading, good)
                reasons = [r for page in reading.pages for r in page.rejected if not (r.code and r.message)]
                require(not reasons, f"{kind}: {fault.name}: a row was set apart without a reason")

    def test_rows_that_come_twice_are_the_same_records(self) -> None:
        """They may come twice, which has one effect, and may not become others, or end the reading for good."""
        for kind in self.feeds():
            good, _calls = self._good(kind)
            reading, _is_spoiled = self._spoiled(kind, DOUBLED, 0)
            if reading.error is None:
                same = {_identity(record) for record in reading.records} == {_identity(record) for record in good.records}
                require(same, f"{kind}: rows that come twice became other records")

    def _must_show(self, kind: FeedKind, fault: Fault, reading: Reading, good: Reading) -> None:
        left = len(reading.records)
        require(
            reading.error is not None or reading.rejected or left >= len(good.records),
            f"{kind}: {fault.name} left {left} of {len(good.records)} records, no error, and none set apart: it was taken for nothing",
        )

    def _good(self, kind: FeedKind) -> tuple[Reading, int]:
        context, platform = self.watched()
        reading = self.read(kind, context)
        require(reading.error is None and reading.records, f"{kind}: nothing could be read without any fault: {reading.error}")
        return reading, platform.calls

    def _spoiled(self, kind: FeedKind, fault: Fault, at: int) -> tuple[Reading, bool]:
        """What came of it. An exception that is no ConnectorError is a fault of the connector."""
        context, platform = self.watched(fault, at)
        try:
            return self.read(kind, context), platform.is_spoiled
        except AssertionError:
            raise
        except Exception as error:
            raise AssertionError(f"{kind}: {fault.name} led to {type(error).__name__}: {error}, which is no ConnectorError") from error


def _identity(record: object) -> tuple[str, str, str]:
    """By what the host knows a record: an order of the doubled rows may have its lines twice, which the host sees as they are."""
    return tuple(str(getattr(record, name, "")) for name in ("external_id", "code", "warehouse"))  # type: ignore[return-value]


def _texts(reading: Reading) -> set[str]:
    return {repr(record) for record in reading.records}
