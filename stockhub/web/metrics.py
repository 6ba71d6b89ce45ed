"""`/metrics`, in the text format of Prometheus.

What it says of the site comes from the database at the time of the scrape, in a fixed number of queries: any process answers for all. Only
HTTP requests are counted by each process for itself, under a label of its own.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, disable_created_metrics
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from stockhub.web import data_metrics, request_metrics, work_metrics
from stockhub.web.families import Family

# When a series began says nothing here: those of the site are made anew at each scrape.
disable_created_metrics()  # type: ignore[no-untyped-call]
_CLOSED = "Set STOCKHUB_METRICS_TOKEN, and have the scraper send it: Authorization: Bearer <token>."
_WRONG = "Send the value of STOCKHUB_METRICS_TOKEN: Authorization: Bearer <token>."


class SiteCollector(Collector):
    """Reads the database whenever it is asked."""

    def collect(self) -> Iterator[Family]:
        yield from work_metrics.collect()
        yield from data_metrics.collect()


def metrics(request: HttpRequest) -> HttpResponse:
    """All metrics; 403 while no token is set and DEBUG is off, 401 for another token than that."""
    token = settings.STOCKHUB_METRICS_TOKEN
    if not token and not settings.DEBUG:
        return HttpResponse(_CLOSED, status=403, content_type="text/plain")
    if token and not hmac.compare_digest(_bearer(request).encode(), token.encode()):
        return HttpResponse(_WRONG, status=401, content_type="text/plain", headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry(auto_describe=False)
    registry.register(request_metrics.REQUESTS)
    registry.register(SiteCollector())
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(registry), content_type=content_type, headers={"Cache-Control": "no-store"})


def _bearer(request: HttpRequest) -> str:
    scheme, _space, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""
