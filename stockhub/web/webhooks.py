"""`/webhooks/<plugin>/<account>/`: where platforms push to. No session, no CSRF: the connector verifies who sends."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from stockhub.channels.webhooks.addresses import PREFIX
from stockhub.channels.webhooks.receiving import BODY_BYTES, PushRefusedError, receive_push, too_large
from stockhub.core import actor
from stockhub.pluginapi.connectors import WebhookRequest
from stockhub.web.outages import RETRY_AFTER_SECONDS

#: When a platform should push again where its account cannot be served for the moment.
_AWAY: Final = 503
_ADDRESS: Final = re.compile(r"([^/]+)/([^/]+)/?")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def answer_to(address: str, request: WebhookRequest) -> Answer:
    """The connector's own answer once the messages are stored, or a refusal in JSON that tells a stranger nothing."""
    named = _ADDRESS.fullmatch(address.removeprefix(PREFIX))
    if named is None:
        return refusal(404, "not_found", "There is no such address.")
    if request.method != "POST":
        return refusal(405, "method_not_allowed", "Only POST is taken.", Allow="POST")
    connector, account = named.groups()
    with actor.acting_as(actor.Actor(f"webhook:{connector[:60]}")):
        try:
            if len(request.body) > BODY_BYTES:
                too_large(connector=connector, account_code=account)
            told = receive_push(connector=connector, account_code=account, request=request).answer
        except PushRefusedError as error:
            return away(error.code, error.message) if error.status == _AWAY else refusal(error.status, error.code, error.message)
    return Answer(told.status, told.body, told.content_type)


def away(code: str, message: str) -> Answer:
    """Not now: a platform pushes again."""
    return refusal(_AWAY, code, message, **{"Retry-After": str(RETRY_AFTER_SECONDS)})


def refusal(status: int, code: str, message: str, **headers: str) -> Answer:
    """In JSON, and in words that tell a stranger nothing."""
    return Answer(status, json.dumps({"error": {"code": code, "message": message}}).encode(), headers=headers)


@csrf_exempt
def receive(request: HttpRequest, plugin: str, account: str) -> HttpResponse:  # noqa: ARG001 - the address is read where both doors read it
    """Behind servers that speak WSGI, and in tests; ASGI's has a lane of its own."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    pushed = WebhookRequest(str(request.method), headers, request.GET.dict(), request.read(BODY_BYTES + 1))
    answer = answer_to(unquote(request.path), pushed)
    response = HttpResponse(answer.body, status=answer.status, content_type=answer.content_type, headers=dict(answer.headers))
    response["Cache-Control"] = "no-store"
    return response


urlpatterns = [
    path("<str:plugin>/<str:account>/", receive, name="webhook"),
    # A redirect to the address with its slash would lose what was pushed.
    path("<str:plugin>/<str:account>", receive),
]
