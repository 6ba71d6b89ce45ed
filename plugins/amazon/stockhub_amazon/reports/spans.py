"""Spans of time, one report after the other: for what happened rather than what is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from stockhub.pluginapi.connectors import ConnectorContext, Page
from stockhub_amazon.reports.flow import Consume, ReportCursor, ReportWish, cursor_text, report_steps

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Spans(Generic[R]):
    """`wish` makes the report of a span. `longest` is what Amazon gives in one report, `overlap` what is asked for twice."""

    wish: Callable[[datetime, datetime], ReportWish]
    consume: Callable[[ReportWish], Consume[R]]
    longest: timedelta
    overlap: timedelta = timedelta()
    shortest: timedelta = timedelta(hours=1)

    def pages(self, at: dict[str, Any], latest: datetime, context: ConnectorContext) -> Iterator[tuple[Page[R], dict[str, Any]]]:
        """Pages with their cursors, up to `latest`. The last one's cursor is where the next reading begins."""
        begin = datetime.fromisoformat(at["from"])
        if "to" not in at and latest - begin < self.shortest:
            at = {"from": at["from"], "turn": (int(at.get("turn", 0)) + 1) % 1_000}
            yield Page((), cursor_text(at), data_until=begin, is_last=True), at
            return
        while True:
            end = datetime.fromisoformat(at["to"]) if "to" in at else min(begin + self.longest, latest)
            wish = self.wish(begin - self.overlap, end)
            for step in report_steps(wish, ReportCursor.of(at.get("report", {})), self.consume(wish), context):
                if step.cursor.is_done:
                    break
                at = {"from": begin.isoformat(), "to": end.isoformat(), "report": step.cursor.as_json()}
                yield Page(step.records, cursor_text(at), rejected=step.rejected, again_after=step.again_after), at
            else:
                return
            begin = end
            at = {"from": begin.isoformat()}
            last = latest - begin < self.shortest
            yield Page(step.records, cursor_text(at), data_until=end, rejected=step.rejected, is_last=last), at
            if last:
                return
