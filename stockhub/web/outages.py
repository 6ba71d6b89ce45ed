"""A database that is away, or whose disk is full, is a clear 503 at every address, and never a page about a bug."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Any, Final

from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.debug import ExceptionReporter

from stockhub.core import actor
from stockhub.core.outages import is_outage, remedy

logger = logging.getLogger(__name__)
#: When a client should ask again.
RETRY_AFTER_SECONDS: Final = 5
_FLAG: Final = "stockhub_outage"


class _NoReport(ExceptionReporter):
    """With DEBUG on Django writes a page about the error, which is thrown away here, and would ask the database for what it shows."""

    def get_traceback_html(self) -> SafeString:
        return SafeString()

    def get_traceback_text(self) -> SafeString:
        return SafeString()


def _note(request: HttpRequest | None = None, **_kwargs: Any) -> None:  # noqa: ANN401 - Django's signal
    """Django turns what any layer raises into an answer of its own before an outer middleware sees it; this signal tells what it was."""
    error = sys.exc_info()[1]
    if request is not None and error is not None and is_outage(error):
        setattr(request, _FLAG, True)
        request.exception_reporter_class = _NoReport
        logger.error("%s", remedy(error))


got_request_exception.connect(_note, dispatch_uid="stockhub.web.outages")


class OutageMiddleware:
    """Stands outside of everything that reads the database, sessions and users included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        return _unavailable(request) if getattr(request, _FLAG, False) else response


def _unavailable(request: HttpRequest) -> HttpResponse:
    """JSON in the shape of the API's other errors for those who sent JSON or ask for it, else a page."""
    text, correlation = _("The database does not answer. Try again in a moment."), actor.correlation_id()
    if request.content_type == "application/json" or not request.accepts("text/html"):
        error = {"message": text, "extensions": {"code": "UNAVAILABLE", "correlationId": correlation}}
        response: HttpResponse = JsonResponse({"errors": [error]}, status=503, json_dumps_params={"ensure_ascii": False})
    else:
        page = '<!doctype html><html lang="{}"><meta charset="utf-8"><title>503</title><h1>{}</h1><p>{}</p></html>'
        response = HttpResponse(format_html(page, get_language() or "en", text, correlation), status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response
