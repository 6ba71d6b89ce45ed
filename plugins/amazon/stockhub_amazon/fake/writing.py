"""Feeds and inbound plans: what the seller asks Amazon to do."""

from __future__ import annotations

import csv
import io
import secrets
from typing import Any

from stockhub_amazon.fake.answers import Answer, RefusedError, Request, instant, invalid
from stockhub_amazon.fake.world import MARKETPLACE, World

_REMOVAL = "POST_FLAT_FILE_FBA_CREATE_REMOVAL"
_OPERATION_SECONDS = 5.0


class Writing:
    def __init__(self, world: World) -> None:
        self._world = world
        self._uploads: dict[str, bytes | None] = {}
        self._feeds: dict[str, dict[str, Any]] = {}
        self._done_at: dict[str, float] = {}
        self._operations: dict[str, tuple[float, list[dict[str, str]]]] = {}
        #: The next plan ends with this problem.
        self.next_problem = ""
        #: How long a feed is worked on.
        self.feed_seconds = 0.0
        #: The next feed's report is this text instead of its own.
        self.next_report = ""
        #: What the next feed ends as instead of DONE.
        self.next_end = ""

    # Feeds

    def create_document(self, request: Request, base_url: str) -> Answer:
        if "contentType" not in request.json():
            raise invalid("contentType is required.")
        name = f"amzn1.tortuga.4.na.{secrets.token_hex(8)}"
        self._uploads[name] = None
        return Answer.of({"feedDocumentId": name, "url": f"{base_url}/uploads/{name}"}, 201)

    def upload(self, request: Request) -> Answer:
        if request.path["document"] not in self._uploads:
            return Answer(403, b"<Error><Code>AccessDenied</Code></Error>", {"Content-Type": "application/xml"})
        self._uploads[request.path["document"]] = request.body
        return Answer(200, b"")

    def create_feed(self, request: Request) -> Answer:
        body = request.json()
        document = self._uploads.get(body["inputFeedDocumentId"])
        if document is None:
            raise invalid("The document was not uploaded.")
        number = self._world.number("feed")
        feed_id = f"{number:014d}"
        report = (
            self._removal(document) if body["feedType"] == _REMOVAL else _report(1, [(1, "", "4000001", "The feed type is not known.")])
        )
        report, self.next_report = self.next_report or report, ""
        result = f"amzn1.tortuga.4.na.result{number}"
        self._uploads[result] = report.encode()
        self._feeds[feed_id] = {
            "feedId": feed_id, "feedType": body["feedType"], "marketplaceIds": [MARKETPLACE], "createdTime": instant(self._world.now()),
            "processingStatus": self.next_end or "DONE", "processingStartTime": instant(self._world.now()),
            "processingEndTime": instant(self._world.now()), "resultFeedDocumentId": result,
        }  # fmt: skip
        self.next_end = ""
        self._done_at[feed_id] = self._world.monotonic() + self.feed_seconds
        return Answer.of({"feedId": feed_id}, 202)

    def get_feed(self, request: Request) -> Answer:
        told = self._feeds.get(request.path["feedId"])
        if told is None:
            raise RefusedError(404, "NotFound", "There is no such feed.")
        if self._world.monotonic() < self._done_at[told["feedId"]]:
            ended = ("processingEndTime", "resultFeedDocumentId")
            told = {name: value for name, value in told.items() if name not in ended} | {"processingStatus": "IN_PROGRESS"}
        return Answer.of(told)

    def search_feeds(self, request: Request) -> Answer:
        """Newest first. Which document a feed was made of is not told."""
        kinds, since, until = request.listed("feedTypes"), request.one("createdSince"), request.one("createdUntil") or "9"
        if not kinds:
            raise invalid("feedTypes or nextToken is required.")
        rows = [each for each in self._feeds.values() if each["feedType"] in kinds and since <= each["createdTime"] <= until]
        return Answer.of({"feeds": rows[::-1][: int(request.one("pageSize", "10"))]})

    def feed_document(self, request: Request, base_url: str) -> Answer:
        name = request.path["feedDocumentId"]
        if self._uploads.get(name) is None:
            raise RefusedError(404, "NotFound", "There is no such document.")
        return Answer.of({"feedDocumentId": name, "url": f"{base_url}/uploads/{name}"})

    def result(self, request: Request) -> Answer:
        body = self._uploads.get(request.path["document"])
        return Answer(200, body, {"Content-Type": "text/plain;charset=utf-8"}) if body is not None else Answer(404, b"")

    def _removal(self, document: bytes) -> str:
        issues: list[tuple[int, str, str, str]] = []
        rows = list(csv.DictReader(io.StringIO(document.decode("utf-8")), dialect="excel-tab"))
        for number, row in enumerate(rows, 1):
            product = self._world.products.get(row.get("MerchantSKU", ""))
            sellable, unsellable = int(row.get("SellableQuantity") or 0), int(row.get("UnsellableQuantity") or 0)
            if product is None or sellable > product.fulfillable or unsellable > product.unfulfillable:
                issues.append((number, row.get("MerchantSKU", ""), "8541", "The quantity is not there."))
                continue
            if any(each["order-id"] == row["MerchantRemovalOrderID"] and each["sku"] == product.sku for each in self._world.removals):
                issues.append((number, product.sku, "8560", "The removal order id was used before."))
                continue
            product.fulfillable -= sellable
            product.unfulfillable -= unsellable
            self._world.removals.append(
                {
                    "request-date": self._world.now().isoformat(timespec="seconds"), "order-id": row["MerchantRemovalOrderID"],
                    "order-type": row["RemovalDisposition"], "order-status": "Processing",
                    "last-updated-date": self._world.now().isoformat(timespec="seconds"), "sku": product.sku, "fnsku": product.fnsku,
                    "disposition": "Sellable" if sellable else "Unsellable", "requested-quantity": str(sellable + unsellable),
                    "cancelled-quantity": "0", "disposed-quantity": "0", "shipped-quantity": "0",
                    "in-process-quantity": str(sellable + unsellable), "removal-fee": "0.61", "currency": "USD",
                }
            )  # fmt: skip
        return _report(len(rows), issues)

    # Inbound plans

    def create_plan(self, request: Request) -> Answer:
        body = request.json()
        if body["destinationMarketplaces"] != [MARKETPLACE]:
            raise invalid("destinationMarketplaces must be one marketplace that the seller sells in.")
        unknown = [each["msku"] for each in body["items"] if each["msku"] not in self._world.products]
        problem = self.next_problem or (f"MSKU {unknown[0]} is not known." if unknown else "")
        self.next_problem = ""
        number = self._world.number("draft")
        plan, operation = f"wf{number:08x}-9999-4222-8333-abcdefabcdef", f"{number:08x}-9999-4222-8333-abcdefabcdef"
        problems = [{"code": "FBA_INB_0001", "message": problem, "severity": "ERROR"}] if problem else []
        self._operations[operation] = (self._world.monotonic() + _OPERATION_SECONDS, problems)
        if not problem:
            self._world.drafts[plan] = {
                "items": {each["msku"]: each["quantity"] for each in body["items"]}, "name": body.get("name", ""),
                "created_at": self._world.now(),
            }  # fmt: skip
        return Answer.of({"inboundPlanId": plan, "operationId": operation}, 202)

    def operation(self, request: Request) -> Answer:
        known = self._operations.get(request.path["operationId"])
        if known is None:
            raise RefusedError(404, "NotFound", "There is no such operation.")
        until, problems = known
        done = self._world.monotonic() >= until
        return Answer.of(
            {
                "operation": "createInboundPlan", "operationId": request.path["operationId"],
                "operationStatus": ("FAILED" if problems else "SUCCESS") if done else "IN_PROGRESS",
                "operationProblems": problems if done else [],
            }
        )  # fmt: skip


def _report(rows: int, issues: list[tuple[int, str, str, str]]) -> str:
    """A flat-file processing report, in the old text form that flat-file feeds still have."""
    lines = [
        "Feed Processing Summary:", f"\tNumber of records processed\t\t{rows}", f"\tNumber of records successful\t\t{rows - len(issues)}",
        "", "original-record-number\tsku\terror-code\terror-type\terror-message",
    ]  # fmt: skip
    lines += [f"{number}\t{sku}\t{code}\tError\t{message}" for number, sku, code, message in issues]
    return "\r\n".join(lines) + "\r\n"
