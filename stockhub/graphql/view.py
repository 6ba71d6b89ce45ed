"""HTTP: POST of one JSON object in, one JSON object out; GET shows the explorer to those who may use it.

A session's POST needs a CSRF token; a bearer token needs none, because no browser adds it by itself. Form bodies are refused, so that no
page of another site can send an operation without a preflight.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.utils.translation import gettext
from graphql import GraphQLError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from stockhub.access.models import User
from stockhub.access.services import authenticate_token
from stockhub.core import actor
from stockhub.graphql.context import Context
from stockhub.graphql.errors import RefusedError, code_of, present
from stockhub.graphql.limits import storable
from stockhub.graphql.permissions import IDE_PERMISSION, may_use_ide
from stockhub.graphql.schema import schema

MAX_BODY = 2 * 2**20
_BEARER = re.compile(r"Bearer +([\x21-\x7e]{1,4096})", re.IGNORECASE)
_STATUS = {
    "BAD_REQUEST": 400,
    "UNAUTHENTICATED": 401,
    "CSRF_FAILED": 403,
    "BODY_TOO_LARGE": 413,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "UNAVAILABLE": 503,
}


class _CsrfCheck(CsrfViewMiddleware):
    """Django's check, with its reason instead of a page."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:  # noqa: ANN401, ARG002 - Django's signature
        return reason


def answer(request: HttpRequest) -> HttpResponse:
    """The response to any request at /graphql/."""
    if request.method == "GET":
        return _explorer(request)
    if request.method != "POST":
        return _refused(405, "METHOD_NOT_ALLOWED", "Send operations by POST.", Allow="GET, POST")
    try:
        user = _authenticated(request)
        body = _body(request)
    except RefusedError as refusal:
        code = code_of(refusal)
        return _refused(_STATUS.get(code, 400), code, refusal.message)
    if not isinstance(user, User):
        return _executed(request, body)
    with actor.acting_as(actor.Actor(user.get_username(), user.pk)):
        return _executed(request, body)


def _authenticated(request: HttpRequest) -> User | AnonymousUser:
    """The token's user, or the session's where there is no token; checks CSRF for the latter."""
    header = request.headers.get("Authorization")
    if header is not None:
        found = _BEARER.fullmatch(header.strip())
        user = authenticate_token(found.group(1)) if found else None
        if user is None:
            raise RefusedError("UNAUTHENTICATED", gettext("The token is not valid, or no longer. Send `Authorization: Bearer <token>`."))
        request.user = user
        return user
    if request.user.is_authenticated:
        check = _CsrfCheck(lambda _: HttpResponse())
        check.process_request(request)
        if reason := check.process_view(request, answer, (), {}):
            raise RefusedError(
                "CSRF_FAILED",
                gettext("%(reason)s Send the header X-CSRFToken with the value of the csrftoken cookie.") % {"reason": reason},
            )
    return request.user


# --- the body ------------------------------------------------------------------------------------------------------------------


def _body(request: HttpRequest) -> dict[str, Any]:
    """The request's one JSON object, checked in shape and in what it may hold."""
    if request.content_type != "application/json":
        raise RefusedError("UNSUPPORTED_MEDIA_TYPE", gettext("Send application/json."))
    length = request.headers.get("Content-Length") or "0"
    if length.isdigit() and int(length) > MAX_BODY:
        raise RefusedError("BODY_TOO_LARGE", gettext("A body has at most %(most)d bytes.") % {"most": MAX_BODY})
    try:
        raw = request.body
    except RequestDataTooBig as error:
        raise RefusedError("BODY_TOO_LARGE", gettext("A body has at most %(most)d bytes.") % {"most": MAX_BODY}) from error
    except UnreadablePostError as error:
        raise RefusedError("BAD_REQUEST", gettext("The body ended too early.")) from error
    if len(raw) > MAX_BODY:
        raise RefusedError("BODY_TOO_LARGE", gettext("A body has at most %(most)d bytes.") % {"most": MAX_BODY})
    body = _json(raw)
    if isinstance(body, list):
        raise RefusedError("BATCH_REFUSED", gettext("Send one operation a request; batches are not taken."))
    shapes: tuple[tuple[str, type | tuple[type, ...]], ...] = (
        ("query", str), ("variables", (dict, type(None))), ("operationName", (str, type(None))), ("extensions", (dict, type(None))),
    )  # fmt: skip
    if not isinstance(body, dict) or not all(isinstance(body.get(name), shape) for name, shape in shapes):
        raise RefusedError("BAD_REQUEST", gettext('Send an object such as {"query": "…", "variables": {…}, "operationName": "…"}.'))
    _check_values(body)
    return body


def _json(raw: bytes) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return json.loads(raw, parse_constant=_no_constant)
    except RecursionError as error:
        raise RefusedError("BAD_REQUEST", gettext("The JSON is nested too deeply.")) from error
    except ValueError as error:
        raise RefusedError("BAD_REQUEST", gettext("The body is no JSON in UTF-8.")) from error


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON.")


def _check_values(body: Mapping[str, Any]) -> None:
    """Refuses texts that a database cannot hold and numbers that are none. Without recursion: depth is the sender's choice."""
    waiting: list[Any] = [body]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value
        elif (isinstance(value, str) and not storable(value)) or (isinstance(value, float) and not math.isfinite(value)):
            raise RefusedError("BAD_USER_INPUT", gettext("The body holds NUL, half of a surrogate pair or a number that is not finite."))


# --- the answer ----------------------------------------------------------------------------------------------------------------


def _executed(request: HttpRequest, body: Mapping[str, Any]) -> HttpResponse:
    try:
        result = schema.execute_sync(
            body["query"],
            variable_values=body.get("variables") or {},
            operation_name=body.get("operationName"),
            context_value=Context(request),
            allowed_operation_types={OperationType.QUERY, OperationType.MUTATION},
        )
    except MissingQueryError:
        return _refused(400, "BAD_REQUEST", "The query is empty.")
    except (CannotGetOperationTypeError, InvalidOperationTypeError):
        message = "Name one query or mutation of the document in operationName; subscriptions are not taken here."
        return _refused(400, "BAD_REQUEST", message)
    return _presented(result, with_suggestions=may_use_ide(request.user))


def _presented(result: ExecutionResult, *, with_suggestions: bool) -> HttpResponse:
    payload: dict[str, Any] = {"data": result.data}
    status = 200
    if result.errors:
        payload["errors"] = [present(e, with_suggestions=with_suggestions) for e in result.errors]
        status = max((_STATUS.get(e["extensions"]["code"], 200) for e in payload["errors"]), default=200)
    response = HttpResponse(json.dumps(payload, ensure_ascii=False, separators=(",", ":")), content_type="application/json", status=status)
    return _headers(response, status)


def _refused(status: int, code: str, message: str, **headers: str) -> HttpResponse:
    """A refusal before anything was run, in the shape of every other error."""
    error = present(GraphQLError(message, extensions={"code": code}), with_suggestions=True)
    response = JsonResponse({"errors": [error]}, status=status, json_dumps_params={"ensure_ascii": False})
    for name, value in headers.items():
        response[name] = value
    return _headers(response, status)


def _headers(response: HttpResponse, status: int) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _explorer(request: HttpRequest) -> HttpResponse:
    """The explorer for those who may use it. Operations are never taken from an address."""
    user = request.user
    if not (user.has_perm(IDE_PERMISSION) or (settings.DEBUG and getattr(user, "is_staff", False))):
        return _refused(405, "METHOD_NOT_ALLOWED", "Send operations by POST.", Allow="POST")
    return _headers(render(request, "graphql_api/explorer.html"), 200)
