"""Views and visits of every SKU by day, from the sales and traffic report, which tells of one span at a time: a day each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from stockhub.pluginapi.connectors import ConnectorContext, Page, ReadRequest, ReadTraffic, UnreadableAnswerError
from stockhub.pluginapi.platform_records import TrafficRecord
from stockhub_amazon.calls import account_of
from stockhub_amazon.fields import FieldError, each_record, mapping, parse_json, required_object, required_objects, text, whole_or_none
from stockhub_amazon.reports.documents import Document
from stockhub_amazon.reports.flow import Consume, ReportCursor, ReportWish, cursor_pairs, cursor_text, report_steps
from stockhub_amazon.reports.tables import Slice

TRAFFIC: Final = "GET_SALES_AND_TRAFFIC_REPORT"
#: A day's figures settle in two days.
_SETTLES: Final = timedelta(days=2)
_MOST_CHARACTERS: Final = 64 << 20


class AmazonTraffic(ReadTraffic):
    def read_traffic(self, request: ReadRequest, context: ConnectorContext) -> Iterator[Page[TrafficRecord]]:
        zone = ZoneInfo(account_of(context).home.site.time_zone)
        latest = (context.now() - _SETTLES).astimezone(zone).date()
        at = cursor_pairs(request.cursor)
        if not at:
            at = {"day": (request.since or context.now() - timedelta(days=7)).astimezone(zone).date().isoformat()}
        while date.fromisoformat(at["day"]) <= latest:
            of = date.fromisoformat(at["day"])
            for step in report_steps(_wish(of, context), ReportCursor.of(at.get("report", {})), _consume(of), context):
                if step.cursor.is_done:
                    break
                at = {"day": of.isoformat(), "report": step.cursor.as_json()}
                yield Page(step.records, cursor_text(at), rejected=step.rejected, again_after=step.again_after)
            else:
                return
            at = {"day": (of + timedelta(days=1)).isoformat()}
            until = datetime.combine(of + timedelta(days=1), time(), zone)
            yield Page((), cursor_text(at), data_until=until, is_last=of == latest)
            if of == latest:
                return
        turn = (int(at.get("turn", 0)) + 1) % 1_000
        yield Page((), cursor_text({"day": at["day"], "turn": turn}), is_last=True)


def _wish(of: date, context: ConnectorContext) -> ReportWish:
    start = datetime.combine(of, time(), ZoneInfo("UTC"))
    options = {"dateGranularity": "DAY", "asinGranularity": "SKU"}
    return ReportWish(TRAFFIC, (account_of(context).home.marketplace_id,), start, start, options, cancelled_is_empty=True, is_table=False)


def _consume(of: date) -> Consume[TrafficRecord]:
    def consume(document: Document, after: int) -> Iterator[Slice[TrafficRecord]]:
        if not after:
            yield traffic_of(document, of)

    return consume


def traffic_of(document: Document, of: date) -> Slice[TrafficRecord]:
    """All SKUs of the day: a few megabytes of JSON, which is read whole and no larger than that."""
    with document.text() as source:
        said = source.read(_MOST_CHARACTERS + 1)
    if len(said) > _MOST_CHARACTERS:
        raise UnreadableAnswerError("The sales and traffic report of one day has more than 64 million characters.", code="too_large")
    try:
        report = parse_json(said.encode())
    except (ValueError, RecursionError):
        raise UnreadableAnswerError("The sales and traffic report is no JSON.", code="no_json") from None
    if not isinstance(report, dict):
        raise UnreadableAnswerError("The sales and traffic report is no object.", code="no_object")
    _require_day(required_object(report, "reportSpecification"), of)
    rows = required_objects(report, "salesAndTrafficByAsin")
    records, rejected = each_record(rows, lambda row: _traffic(row, of), key="sku")
    return Slice(records, rejected, max(len(rows), 1))


def _require_day(specification: Mapping[str, Any], of: date) -> None:
    try:
        days = text(specification, "dataStartTime")[:10], text(specification, "dataEndTime")[:10]
    except FieldError as error:
        raise UnreadableAnswerError(error.message, code="bad_field") from None
    if days != (of.isoformat(), of.isoformat()):
        raise UnreadableAnswerError(f"The report is of {days[0]} to {days[1]}, not of {of}.", code="other_day")


def _traffic(row: Mapping[str, Any], of: date) -> TrafficRecord:
    traffic = mapping(row, "trafficByAsin")
    return TrafficRecord(text(row, "sku"), of, views=whole_or_none(traffic, "pageViews"), visitors=whole_or_none(traffic, "sessions"))
