"""The address's function. The schema is built at the first request, so that commands start without it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def graphql(request: HttpRequest) -> HttpResponse:
    """CSRF is checked by the view itself: for sessions, not for bearer tokens."""
    from stockhub.graphql.view import answer

    return answer(request)
