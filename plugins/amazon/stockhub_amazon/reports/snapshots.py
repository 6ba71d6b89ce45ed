"""A report that is a snapshot, as pages of a feed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from stockhub.pluginapi.connectors import ConnectorContext, Page
from stockhub_amazon.reports.flow import Consume, ReportCursor, ReportWish, cursor_pairs, cursor_text, report_steps

R = TypeVar("R")


def snapshot_pages(wish: ReportWish, cursor: str, consume: Consume[R], context: ConnectorContext) -> Iterator[Page[R]]:
    """From the cursor on. `data_until` is when Amazon made the report, however late it was read."""
    for step in report_steps(wish, ReportCursor.of(cursor_pairs(cursor)), consume, context):
        yield Page(
            step.records,
            cursor_text(step.cursor.as_json()),
            data_until=step.data_until,
            rejected=step.rejected,
            again_after=step.again_after,
            is_last=step.cursor.is_done,
            done=step.cursor.row,
            total=step.total,
        )
