"""Amazon's planning report of 500,000 rows: read by the connector as pages of records, from the document's address to the last page.

Anchor: Python's csv module alone over the same bytes, which makes lists of 99 texts and nothing of them. Both run in a process of their
own, one after the other, several times, and are measured in its CPU seconds; the value is the median of the ratios.
"""

from __future__ import annotations

import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import parse_qs, urlsplit

ROWS = 500_000
PAIRS = 3
GOAL_RATE, GOAL_MIB = 0.3, 200
_ROW = (
    '2026-11-20 {sku} X00{n:07d} B0{n:08d} LED+Desk+Lamp+(2024+"+model) New {a} 0 20 0 35 {b} 180 100 40 USD 1 6 13 21 Low+traffic 39.99 '
    "35.99 31.50 _ Create+removal+order _ 29.99 60 260 412.75 0.04 0.24 cubic+feet Other 114.0 US gl_home {n} 2036 401 290 253 31.50 35.99 "
    "215.94 480.00 789.00 0 0 0 230 70 {c}.92 0 0 0 0 0 20 11 30 3.60 40 4.80 50 12.00 60 54.72 50 {c}.00 70 73.92 100 165.60 40 {c}.84 "
    "1820.0 _ Excess 0 _ 2026-11-15 Yes No _ _ 2026-11-18 475 0 0 0 2036 unassigned No _ _ _ FBA"
)


def run() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "planning.tsv"
        write_report(path)
        ratios, peaks, plain, ours = [], [], 0.0, 0.0
        for _pair in range(PAIRS):
            plain = _child("plain", path)["seconds"]
            told = _child("ours", path)
            if told["records"] != ROWS:
                raise AssertionError(f"{told['records']} records of {ROWS} rows")
            ours = told["seconds"]
            ratios.append(plain / ours)
            peaks.append(told["mib"])
        size = path.stat().st_size >> 20
    print(
        f"{ROWS:,} rows, {size} MiB; ratios {', '.join(f'{r:.2f}' for r in ratios)} ({plain:.1f} s csv alone, {ours:.1f} s as records); "
        f"peak {', '.join(f'{mib:.0f}' for mib in peaks)} MiB",
        flush=True,
    )
    rate, mib = statistics.median(ratios), max(peaks)
    return [
        {"name": "Amazon's planning report, rate", "value": round(rate, 3), "goal": GOAL_RATE, "better": "higher", "ok": rate >= GOAL_RATE},
        {"name": "Amazon's planning report, peak MiB", "value": round(mib), "goal": GOAL_MIB, "better": "lower", "ok": mib <= GOAL_MIB},
    ]


def write_report(path: Path, rows: int = ROWS) -> None:
    """Rows as Amazon's, of SKUs that differ."""
    from stockhub_amazon.fake.planning_columns import PLANNING

    form = _ROW.replace(" ", "\t").replace("+", " ").replace("_\t", "\t").replace("gl_home", "gl home")
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write("\t".join(PLANNING) + "\r\n")
        for n in range(rows):
            out.write(form.format(sku=f"SKU-{n:06d}", n=n, a=n % 500, b=n % 120, c=n % 977) + "\r\n")


def _child(what: str, path: Path) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-m", "benchmarks.amazon_report", what, str(path)], check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _plain(path: Path) -> int:
    import csv

    with path.open(encoding="utf-8", newline="") as source:
        return sum(1 for _row in csv.reader(source, delimiter="\t", quoting=csv.QUOTE_NONE)) - 1


def _ours(path: Path) -> Callable[[], int]:
    """The reading, ready to begin: what is imported once is not timed."""
    from stockhub.pluginapi import HttpRequest, HttpResponse
    from stockhub.pluginapi.connectors import Platform, ReadRequest
    from stockhub.pluginapi.testing.connector_context import connector_context
    from stockhub_amazon.connector import AmazonConnector
    from stockhub_amazon.reports.planning import PLANNING

    class Stored(Platform):
        """Two reports that are done, and their documents: nothing is stranded."""

        def send(self, operation: str, request: HttpRequest) -> HttpResponse:
            name = parse_qs(urlsplit(request.url).query).get("reportTypes", [PLANNING])[0]
            report = {
                "reportId": "1", "reportType": name, "marketplaceIds": ["ATVPDKIKX0DER"], "processingStatus": "DONE",
                "reportDocumentId": name, "createdTime": "2026-11-20T00:00:00Z",
            }  # fmt: skip
            document = urlsplit(request.url).path.rsplit("/", 1)[-1]
            answer = {
                "getReports": {"reports": [report]},
                "getReportDocument": {"reportDocumentId": document, "url": f"https://s3.invalid/{document}"},
            }
            return HttpResponse(200, {}, json.dumps(answer[operation]).encode())

        def download(self, operation: str, request: HttpRequest, into: BinaryIO, *, most_bytes: int) -> HttpResponse:  # noqa: ARG002
            if request.url.endswith(PLANNING):
                with path.open("rb") as source:
                    shutil.copyfileobj(source, into, 1 << 16)
            else:
                into.write(b"sku\tfulfillable-qty\r\n")
            return HttpResponse(200, {"content-type": "text/plain;charset=utf-8"}, b"")

        def token(self) -> str:
            return "t"

    connector = AmazonConnector()
    config = {
        "lwa_client_id": "a", "lwa_client_secret": "s", "refresh_token": "r", "seller_id": "A1B2C3D4E5", "region": "na",
        "marketplace_ids": ["ATVPDKIKX0DER"],
    }  # fmt: skip
    context = connector_context(connector, config, reaches_network=False)
    object.__setattr__(context, "platform", Stored())
    object.__setattr__(context, "now", _november)
    return lambda: sum(len(page.records) for page in connector.read_ages(ReadRequest(), context))


def _november() -> Any:  # noqa: ANN401 - an instant
    from datetime import UTC, datetime

    return datetime(2026, 11, 21, tzinfo=UTC)


def _main() -> None:
    what, path = sys.argv[1], Path(sys.argv[2])
    work = _ours(path) if what == "ours" else lambda: _plain(path)
    begin = time.process_time()
    records = work()
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"records": records, "seconds": time.process_time() - begin, "mib": mib}))


if __name__ == "__main__":
    _main()
