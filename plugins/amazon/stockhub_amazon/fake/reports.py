"""Reports: asked for, prepared for a while, then DONE with a document, or CANCELLED, or FATAL."""

from __future__ import annotations

import gzip
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from stockhub_amazon.fake.answers import Answer, RefusedError, Request, instant, invalid, parsed
from stockhub_amazon.fake.faults import bomb
from stockhub_amazon.fake.paging import Pages
from stockhub_amazon.fake.report_rows import KINDS, ReportKind, text_of
from stockhub_amazon.fake.world import MARKETPLACE, World

#: A daily FBA report is not made again before; asked for sooner, it ends CANCELLED.
DAILY: Final = timedelta(hours=4)
_DAILY_KINDS: Final = frozenset({"GET_FBA_INVENTORY_PLANNING_DATA", "GET_RESTOCK_INVENTORY_RECOMMENDATIONS_REPORT"})
_URL_SECONDS: Final = 300


@dataclass(slots=True)
class Report:
    report_id: str
    kind: str
    created_at: datetime
    since: datetime
    until: datetime
    options: dict[str, str] = field(default_factory=dict)
    ends_as: str = "DONE"
    fault: str = ""
    document_id: str = ""


@dataclass(slots=True)
class _Document:
    body: bytes
    is_gzip: bool
    keys: dict[str, float] = field(default_factory=dict)


class Reports:
    def __init__(self, world: World, pages: Pages) -> None:
        self._world = world
        self._pages = pages
        self.reports: dict[str, Report] = {}
        self._documents: dict[str, _Document] = {}
        #: How long a report is in the queue, and then in progress.
        self.queue_seconds = 15.0
        self.progress_seconds = 30.0
        self.charset = "utf-8"
        self.compresses = True
        #: Faults of the next report of any kind: fatal, cancelled, five_percent, renamed_column, missing_column, extra_columns, half,
        #: gzip_bomb, no_rows.
        self.next_faults: list[str] = []

    def create(self, request: Request, base_url: str) -> Answer:  # noqa: ARG002 - one signature for all
        body = request.json()
        kind = body.get("reportType", "")
        if body.get("marketplaceIds") != [MARKETPLACE]:
            raise invalid("marketplaceIds must be one marketplace that the seller sells in.")
        if kind not in KINDS:
            raise invalid(f"The report type {kind[:80]!r} is not known.")
        now = self._world.now()
        since = parsed(body["dataStartTime"]) if body.get("dataStartTime") else now - timedelta(days=1)
        until = parsed(body["dataEndTime"]) if body.get("dataEndTime") else now
        report = Report(f"{self._world.number('report'):014d}", kind, now, since, until, dict(body.get("reportOptions") or {}))
        if self.next_faults:
            report.fault = self.next_faults.pop(0)
        if report.fault in ("fatal", "cancelled"):
            report.ends_as = report.fault.upper()
        elif kind in _DAILY_KINDS and any(
            each.kind == kind and each.ends_as == "DONE" and now - each.created_at < DAILY for each in self.reports.values()
        ):
            report.ends_as = "CANCELLED"
        self.reports[report.report_id] = report
        return Answer.of({"reportId": report.report_id}, 202)

    def get(self, request: Request) -> Answer:
        report = self.reports.get(request.path["reportId"])
        if report is None:
            raise RefusedError(404, "NotFound", "There is no such report.")
        return Answer.of(self._told(report))

    def search(self, request: Request) -> Answer:
        kinds, states = request.listed("reportTypes"), request.listed("processingStatuses")
        if not kinds and not request.one("nextToken"):
            raise invalid("reportTypes or nextToken is required.")
        since = parsed(request.one("createdSince")) if request.one("createdSince") else self._world.now() - timedelta(days=90)
        told = [self._told(each) for each in self.reports.values() if each.kind in kinds and each.created_at >= since]
        told = sorted(
            (each for each in told if not states or each["processingStatus"] in states), key=lambda e: e["createdTime"], reverse=True
        )
        size = int(request.one("pageSize", "10"))
        page, token = self._pages.cut(told, asked=request.one("nextToken"), query="reports", size=size, seconds=3_600)
        return Answer.of({"reports": list(page)} | ({"nextToken": token} if token else {}))

    def document(self, request: Request, base_url: str) -> Answer:
        document = self._documents.get(request.path["reportDocumentId"])
        if document is None:
            raise RefusedError(404, "NotFound", "There is no such document.")
        key = secrets.token_urlsafe(16)
        document.keys[key] = self._world.monotonic() + _URL_SECONDS
        name = request.path["reportDocumentId"]
        answer: dict[str, Any] = {"reportDocumentId": name, "url": f"{base_url}/documents/{name}?X-Amz-Signature={key}"}
        if document.is_gzip:
            answer["compressionAlgorithm"] = "GZIP"
        return Answer.of(answer)

    def download(self, request: Request) -> Answer:
        """The pre-signed address: no token, but a key that ends."""
        document = self._documents.get(request.path["document"])
        until = document.keys.get(request.one("X-Amz-Signature"), 0.0) if document else 0.0
        if document is None or self._world.monotonic() > until:
            return Answer(403, b"<Error><Code>AccessDenied</Code></Error>", {"Content-Type": "application/xml"})
        return Answer(200, document.body, {"Content-Type": f"text/plain;charset={self.charset}"})

    # How far a report is

    def _told(self, report: Report) -> dict[str, Any]:
        age = (self._world.now() - report.created_at).total_seconds()
        started = report.created_at + timedelta(seconds=self.queue_seconds)
        ended = started + timedelta(seconds=self.progress_seconds)
        status = "IN_QUEUE" if age < self.queue_seconds else "IN_PROGRESS" if self._world.now() < ended else report.ends_as
        told: dict[str, Any] = {
            "reportId": report.report_id, "reportType": report.kind, "marketplaceIds": [MARKETPLACE],
            "createdTime": instant(report.created_at), "dataStartTime": instant(report.since), "dataEndTime": instant(report.until),
            "processingStatus": status,
        }  # fmt: skip
        if status != "IN_QUEUE":
            told["processingStartTime"] = instant(started)
        if status in ("DONE", "CANCELLED", "FATAL"):
            told["processingEndTime"] = instant(ended)
        if status == "DONE":
            told["reportDocumentId"] = self._written(report)
        return told

    def _written(self, report: Report) -> str:
        if not report.document_id:
            report.document_id = f"amzn1.spdoc.1.4.na.{report.report_id}"
            self._documents[report.document_id] = self._document(report)
        return report.document_id

    def _document(self, report: Report) -> _Document:
        if report.fault == "gzip_bomb":
            return _Document(bomb(b"\t"), is_gzip=True)
        kind = KINDS[report.kind]
        body = _faulty(kind, self._world, report).encode(self.charset, "replace")
        if report.fault == "half":
            body = body[: len(body) // 2]
        return _Document(gzip.compress(body) if self.compresses else body, self.compresses)


def _faulty(kind: ReportKind, world: World, report: Report) -> str:
    if kind.text is not None:
        return _faulty_text(kind.text(world, report.since, report.until, report.options), report.fault)
    columns, rows = list(kind.columns), kind.rows(world, report.since, report.until)
    match report.fault:
        case "five_percent":
            rows = rows[: max(1, len(rows) // 20)]
        case "no_rows":
            rows = []
        case "renamed_column":
            columns = ["seller-sku" if name == "sku" else name.upper().replace("-", " ") for name in columns]
            rows = [
                {("seller-sku" if name == "sku" else name.upper().replace("-", " ")): value for name, value in row.items()} for row in rows
            ]
        case "missing_column":
            columns = [name for name in columns if name not in ("sku", "MSKU", "available", "inv-age-0-to-90-days")]
        case "extra_columns":
            columns = ["brand-new-column", *columns, "another-one"]
    return text_of(kind, rows, columns)


def _faulty_text(said: str, fault: str) -> str:
    """The same faults, done to a document that is JSON."""
    match fault:
        case "renamed_column" | "missing_column":
            return said.replace('"salesAndTrafficByAsin"', '"salesAndTrafficBySku"')
        case "no_rows":
            told = json.loads(said)
            return json.dumps(told | {"salesAndTrafficByAsin": []})
        case "extra_columns":
            return json.dumps(json.loads(said) | {"brandNew": {"a": 1}})
    return said
