"""Units that lie at Amazon and that no active offer sells: of its report of stranded stock, which is one of the inputs of IPI (H16).

It stands beside the planning report of the same reading and holds it up for nothing: where it is not to be had, how many are stranded is
unknown, never 0, and a person is told why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from stockhub.pluginapi.connectors import ConnectorContext, Rejected, RequestRefusedError, UnavailableError, UnreadableAnswerError
from stockhub_amazon.calls import account_of
from stockhub_amazon.fields import FieldError, whole
from stockhub_amazon.reports.documents import Document
from stockhub_amazon.reports.flow import ReportCursor, ReportWish, report_steps
from stockhub_amazon.reports.planning import sku_of
from stockhub_amazon.reports.tables import Column, Row, Slice, Table

STRANDED: Final = "GET_STRANDED_INVENTORY_UI_DATA"
STRANDED_TABLE: Final = Table(STRANDED, (Column("sku"), Column("fulfillable-qty", ("fulfillable-quantity",))))
#: How often it is asked for in one reading: Amazon cancels a report that would be empty, of which the second time is sure.
_MOST_FAILURES: Final = 2


@dataclass(slots=True)
class StrandedStep:
    """What was set apart on the way, and after how many seconds to go on."""

    rejected: list[Rejected] = field(default_factory=list)
    again_after: float | None = None


class StrandedUnits:
    """Where the report stands, and what it told once `is_settled`. The cursor holds the former only: rows are read again by who goes on."""

    def __init__(self, saved: Mapping[str, Any]) -> None:
        self._cursor = ReportCursor.of(saved.get("report", {}))
        self._is_given_up = bool(saved.get("given_up"))
        self._units: dict[str, int | None] = {}
        #: What is known of a SKU that the report does not name.
        self._others: int | None = None
        self._unreadable = 0
        self.is_settled = self._is_given_up

    def as_json(self) -> dict[str, Any]:
        return {"given_up": True} if self._is_given_up else {"report": self._cursor.as_json()}

    def units_of(self, sku: str) -> int | None:
        """Stranded units of a SKU; 0 where the report was read and does not name it, None where it is not known."""
        return None if self._is_given_up else self._units.get(sku, self._others)

    @property
    def is_asked(self) -> bool:
        """Whether Amazon was asked for the report, or will not be in this reading."""
        return self.is_settled or bool(self._cursor.report_id)

    def ask(self, context: ConnectorContext) -> StrandedStep:
        """Asks Amazon for the report and reads nothing of it yet, where it is there already as well."""
        return next(self.steps(context), StrandedStep())

    def steps(self, context: ConnectorContext) -> Iterator[StrandedStep]:
        """Until it is settled, or a step that says to come again later. Raises only what stops the whole account, or passes by itself."""
        wish = ReportWish(STRANDED, (account_of(context).home.marketplace_id,), reuse_for=timedelta(hours=8), cancelled_is_empty=True)
        if self._cursor.is_done and not self._cursor.document_id:
            self._settle()
        was_read = self._cursor.is_done
        while not self.is_settled:
            self._units, self._unreadable = {}, 0
            rejected: list[Rejected] = []
            self._cursor = replace(self._cursor, row=0, is_done=False)
            failures = self._cursor.failures
            try:
                for step in report_steps(wish, self._cursor, self._consume, context):
                    is_reading = step.cursor.row > self._cursor.row
                    self._cursor = step.cursor
                    rejected += step.rejected
                    # Its rows are read in one go: a place among them is no use to another process, which does not know those before it.
                    if not is_reading and not step.cursor.is_done:
                        yield StrandedStep([], step.again_after)
                    if step.again_after is not None:
                        return
                self._settle()
                if rejected and not was_read:
                    yield StrandedStep(rejected)
            except (RequestRefusedError, UnavailableError, UnreadableAnswerError) as error:
                is_of_the_report = isinstance(error, RequestRefusedError) or self._cursor.failures > failures
                if not is_of_the_report:
                    raise
                if isinstance(error, UnavailableError) and self._cursor.failures < _MOST_FAILURES:
                    continue
                self._is_given_up = self.is_settled = True
                context.log.warning("Stranded units are not known: %s", error.message)
                yield StrandedStep([Rejected(STRANDED, error.code, f"Stranded units are unknown in this reading. {error.message}"[:300])])

    def _settle(self) -> None:
        self._others = None if self._unreadable else 0
        self.is_settled = True

    def _consume(self, document: Document, _after: int) -> Iterator[Slice[Row]]:
        part: Slice[Row]
        for part in STRANDED_TABLE.slices(document, self._take):
            self._unreadable += sum(1 for each in part.rejected if not each.payload.get("field") or each.payload["field"] == "sku")
            yield part

    def _take(self, row: Row) -> None:
        """Adds a row to its SKU. One whose units cannot be read makes this SKU's unknown; one without a SKU might be anybody's."""
        sku = sku_of(row["sku"])
        known = self._units.get(sku, 0)
        try:
            units = whole(row, "fulfillable-qty")
        except FieldError:
            self._units[sku] = None
            raise
        self._units[sku] = None if known is None else known + units
