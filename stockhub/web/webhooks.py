"""`/webhooks/<plugin>/<account>/`: where platforms push to. No session, no CSRF: the connector verifies who sends."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from stockhub.channels.webhooks.receiving import BODY_BYTES, PushRefusedError, receive_push, too_large
from stockhub.core import actor
from stockhub.pluginapi.connectors import WebhookRequest
from stockhub.web.outages import RETRY_AFTER_SECONDS

#: When a platform should push again where its account cannot be served for the moment.
_AWAY = 503


@csrf_exempt
def receive(request: HttpRequest, plugin: str, account: str) -> HttpResponse:
    """The connector's own answer once the messages are stored, or a refusal in JSON that tells a stranger nothing."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    with actor.acting_as(actor.Actor(f"webhook:{plugin[:60]}")):
        try:
            body = request.read(BODY_BYTES + 1)
            if len(body) > BODY_BYTES:
                too_large(connector=plugin, account_code=account)
            received = receive_push(connector=plugin, account_code=account, request=_as_pushed(request, body))
        except PushRefusedError as error:
            return _refused(error)
    answer = received.answer
    return HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)


def _as_pushed(request: HttpRequest, body: bytes) -> WebhookRequest:
    headers = {name.lower(): value for name, value in request.headers.items()}
    return WebhookRequest(str(request.method), headers, request.GET.dict(), body)


def _refused(error: PushRefusedError) -> JsonResponse:
    response = JsonResponse({"error": {"code": error.code, "message": error.message}}, status=error.status)
    if error.status == _AWAY:
        response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


urlpatterns = [
    path("<str:plugin>/<str:account>/", receive, name="webhook"),
    # A redirect to the address with its slash would lose what was pushed.
    path("<str:plugin>/<str:account>", receive),
]
