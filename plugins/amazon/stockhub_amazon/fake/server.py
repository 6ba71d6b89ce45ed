"""The fake as an HTTP server: routes, tokens, quotas, faults, and what every answer of Amazon's carries."""

from __future__ import annotations

import re
import socket
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar, Self
from urllib.parse import parse_qs, unquote, urlsplit

from stockhub_amazon.fake.answers import Answer, RefusedError, Request, errors
from stockhub_amazon.fake.control import Control
from stockhub_amazon.fake.faults import REFUSALS, Faults, changed
from stockhub_amazon.fake.login import Login
from stockhub_amazon.fake.notifications import Notifications
from stockhub_amazon.fake.offers import Offers
from stockhub_amazon.fake.paging import Pages
from stockhub_amazon.fake.quotas import RATES, Quotas
from stockhub_amazon.fake.reading import Reading
from stockhub_amazon.fake.reports import Reports
from stockhub_amazon.fake.upstream import Upstream
from stockhub_amazon.fake.world import World
from stockhub_amazon.fake.writing import Writing

#: A body of a request; Amazon refuses larger ones, too.
_MOST_BYTES = 10 * 2**20
_TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class _Route:
    """`operation` is Amazon's name; without one neither token nor quota are asked for."""

    method: str
    pattern: re.Pattern[str]
    operation: str
    answer: Callable[[Request], Answer]


class Fake:
    """One seller's Amazon. `serve` runs it in a thread; `base_url` is its address."""

    def __init__(self, *, port: int = 0, seed: int = 1, rates: float = 1.0, seen_as: str = "") -> None:
        self.world = World(seed)
        self.quotas = Quotas(self.world, rates)
        self.faults = Faults(self.world)
        self.pages = Pages(self.world)
        self.login = Login(self.world)
        self.reports = Reports(self.world, self.pages)
        self.offers = Offers(self.world, self.pages)
        self.writing = Writing(self.world)
        self.notifications = Notifications(self.world)
        self._routes = list(_routes(self))
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.fake = self
        self.base_url = f"http://127.0.0.1:{self._server.server_address[1]}"
        #: The address that documents are fetched from, where a judge stands before this one.
        self.seen_as = seen_as or self.base_url
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="amazon-fake", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer_for(self, other: Fake) -> None:
        """Whoever asks at the address of `other` is answered by this one from now on."""
        other._server.fake = self
        self.base_url = self.seen_as = other.base_url

    def serve_forever(self) -> None:
        self._server.serve_forever()

    def end(self) -> None:
        """Ends `serve_forever`, from another thread."""
        self._server.shutdown()

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[Answer | None, str]:
        """The answer and the fault that the server itself has to act out; no answer means that the connection is cut."""
        parts = urlsplit(target)
        for route in self._routes:
            found = route.pattern.fullmatch(parts.path)
            if found and route.method == method:
                path = {name: unquote(value) for name, value in found.groupdict().items()}
                request = Request(method, parse_qs(parts.query, keep_blank_values=True), path, headers, body)
                return self._routed(route, request)
        return errors(404, "NotFound", f"There is no {method} {parts.path[:200]}."), ""

    def _routed(self, route: _Route, request: Request) -> tuple[Answer | None, str]:
        mode = self.faults.next(route.operation) if route.operation else ""
        if mode in REFUSALS:
            return self.faults.refusal(mode), mode
        refused = self._refused(route, request) if route.operation and route.operation != "token" else None
        if refused is not None:
            return refused, ""
        try:
            with self.world.lock:
                answer = route.answer(request)
        except RefusedError as error:
            answer = error.answer
        except (KeyError, TypeError, ValueError) as error:
            answer = errors(400, "InvalidInput", f"The request is malformed: {type(error).__name__}.")
        if route.operation in RATES:
            answer.headers["x-amzn-RateLimit-Limit"] = str(float(RATES[route.operation][0]))
        return changed(answer, mode) if mode else answer, mode

    def _refused(self, route: _Route, request: Request) -> Answer | None:
        token = request.headers.get("x-amz-access-token", "")
        if not token:
            return errors(403, "MissingToken", "Access to requested resource is denied.", "The access token is missing.")
        if not self.login.holds(token):
            details = "The access token you provided has expired."
            return errors(403, "Unauthorized", "Access to requested resource is denied.", details)
        if not self.quotas.take(route.operation):
            # As Amazon's models have it: no Retry-After, and the rate is not told.
            return errors(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")
        return None


def _routes(fake: Fake) -> list[_Route]:
    reading, control, upstream = Reading(fake.world, fake.pages), Control(fake), Upstream(fake.world, fake.pages)
    inbound = "/inbound/fba/2024-03-20"
    plan = inbound + "/inboundPlans/{inboundPlanId}"
    listings = "/listings/2021-08-01/items/{sellerId}"

    def at(call: Callable[[Request, str], Answer]) -> Callable[[Request], Answer]:
        return lambda request: call(request, fake.seen_as)

    table: list[tuple[str, str, str, Callable[[Request], Answer]]] = [
        ("POST", "/auth/o2/token", "token", fake.login.token),
        ("GET", "/sellers/v1/marketplaceParticipations", "getMarketplaceParticipations", fake.offers.participations),
        ("GET", "/fba/inventory/v1/summaries", "getInventorySummaries", reading.inventory_summaries),
        ("GET", "/orders/2026-01-01/orders", "searchOrders", reading.search_orders),
        ("GET", "/orders/2026-01-01/orders/{orderId}", "getOrder", reading.get_order),
        ("GET", "/fba/inbound/v0/shipments", "getShipments", reading.shipments_v0),
        ("GET", "/fba/inbound/v0/shipmentItems", "getShipmentItems", reading.shipment_items_v0),
        ("GET", "/fba/inbound/v0/shipments/{shipmentId}/items", "getShipmentItemsByShipmentId", reading.items_of_shipment_v0),
        ("GET", "/awd/2024-05-09/inventory", "listInventory", upstream.inventory),
        ("GET", "/awd/2024-05-09/inboundShipments", "listInboundShipments", upstream.shipments),
        ("GET", "/awd/2024-05-09/inboundShipments/{shipmentId}", "getInboundShipment", upstream.shipment),
        ("GET", inbound + "/inboundPlans", "listInboundPlans", reading.inbound_plans),
        ("POST", inbound + "/inboundPlans", "createInboundPlan", fake.writing.create_plan),
        ("GET", plan, "getInboundPlan", reading.inbound_plan),
        ("GET", plan + "/shipments/{shipmentId}", "getShipment", reading.inbound_shipment),
        ("GET", plan + "/shipments/{shipmentId}/items", "listShipmentItems", reading.inbound_shipment_items),
        ("GET", inbound + "/operations/{operationId}", "getInboundOperationStatus", fake.writing.operation),
        ("POST", "/reports/2021-06-30/reports", "createReport", at(fake.reports.create)),
        ("GET", "/reports/2021-06-30/reports", "getReports", fake.reports.search),
        ("GET", "/reports/2021-06-30/reports/{reportId}", "getReport", fake.reports.get),
        ("GET", "/reports/2021-06-30/documents/{reportDocumentId}", "getReportDocument", at(fake.reports.document)),
        ("GET", "/documents/{document}", "", fake.reports.download),
        ("GET", listings, "searchListingsItems", fake.offers.search_listings),
        ("GET", listings + "/{sku}", "getListingsItem", fake.offers.get_listing),
        ("PATCH", listings + "/{sku}", "patchListingsItem", fake.offers.patch_listing),
        ("GET", "/catalog/2022-04-01/items", "searchCatalogItems", fake.offers.search_catalogue),
        (
            "POST", "/batches/products/pricing/2022-05-01/items/competitiveSummary", "getCompetitiveSummary",
            fake.offers.competitive_summary,
        ),
        ("POST", "/products/fees/v0/feesEstimate", "getMyFeesEstimates", fake.offers.fee_estimates),
        ("POST", "/feeds/2021-06-30/documents", "createFeedDocument", at(fake.writing.create_document)),
        ("PUT", "/uploads/{document}", "", fake.writing.upload),
        ("GET", "/uploads/{document}", "", fake.writing.result),
        ("POST", "/feeds/2021-06-30/feeds", "createFeed", fake.writing.create_feed),
        ("GET", "/feeds/2021-06-30/feeds", "getFeeds", fake.writing.search_feeds),
        ("GET", "/feeds/2021-06-30/feeds/{feedId}", "getFeed", fake.writing.get_feed),
        ("GET", "/feeds/2021-06-30/documents/{feedDocumentId}", "getFeedDocument", at(fake.writing.feed_document)),
        ("POST", "/_control/{action}", "", control.call),
    ]  # fmt: skip
    return [_Route(method, _pattern(path), operation, call) for method, path, operation, call in table]


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path)))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    fake: Fake


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    #: Set on the connection: small answers are not held back.
    disable_nagle_algorithm: ClassVar[bool] = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """A test's output is not the place for access lines."""

    def _serve(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), _MOST_BYTES)
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer, mode = self.server.fake.answer(self.command, self.path, headers, body)
        if mode == "timeout_after":
            # It was done, and nobody hears of it.
            self.connection.settimeout(_TIMEOUT_SECONDS)
            self._wait_until_left()
            answer = None
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("x-amzn-RequestId", str(uuid.uuid4()))
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body[: len(answer.body) // 2] if mode == "half" else answer.body)
        if mode == "half":
            self.close_connection = True

    def _wait_until_left(self) -> None:
        try:
            self.connection.recv(1, socket.MSG_PEEK)
        except OSError:
            return

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - the base class's names
