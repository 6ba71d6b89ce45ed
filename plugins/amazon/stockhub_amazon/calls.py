"""One call of the Selling Partner API: its status first, its body only then.

Codes within Amazon's errors are not consistent, so that the status decides. A 503 in HTML, a 429 without a body and an empty 200 are
errors: none of them is "no stock".
"""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote, urlencode

from stockhub.pluginapi import HttpRequest, HttpResponse
from stockhub.pluginapi.connectors import (
    ConnectorContext,
    RequestRefusedError,
    ThrottledError,
    TokenRefusedError,
    UnavailableError,
    UnreadableAnswerError,
    retry_after,
)
from stockhub_amazon.account import AmazonAccountConfig
from stockhub_amazon.fields import parse_json
from stockhub_amazon.limits import RATE_LIMITS

USER_AGENT: Final = f"StockHub/0.1 (Language=Python/{platform.python_version()})"
#: Amazon answers 403 both for a token that has ended and for a role that is missing; only its words tell them apart.
_TOKEN_WORDS: Final = ("expired", "access token", "token is invalid", "invalid token")

Query = Mapping[str, str | int | bool | Sequence[str] | None]


def account_of(context: ConnectorContext) -> AmazonAccountConfig:
    """The account's configuration, of which the host promises the type."""
    if not isinstance(context.config, AmazonAccountConfig):
        raise TypeError(f"The configuration is no Amazon account: {type(context.config).__name__}.")
    return context.config


def path_of(*parts: str) -> str:
    """A path whose parts are quoted whole: SKUs hold slashes, blanks and percent signs."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


def query_of(query: Query) -> str:
    """Booleans as Amazon wants them (`true`), lists with commas, nothing for None."""
    pairs = []
    for name, value in query.items():
        if value is None:
            continue
        if isinstance(value, bool):
            pairs.append((name, "true" if value else "false"))
        elif isinstance(value, str | int):
            pairs.append((name, str(value)))
        else:
            pairs.append((name, ",".join(value)))
    return urlencode(pairs, quote_via=quote, safe=",:")


def request_of(context: ConnectorContext, token: str, method: str, path: str, query: Query, body: object | None) -> HttpRequest:
    url = account_of(context).endpoint + path
    asked = query_of(query)
    headers = {"x-amz-access-token": token, "user-agent": USER_AGENT, "accept": "application/json"}
    if body is not None:
        headers["content-type"] = "application/json"
    return HttpRequest(
        method,
        f"{url}?{asked}" if asked else url,
        headers,
        b"" if body is None else json.dumps(body, separators=(",", ":"), default=_number).encode(),
    )


def _number(value: object) -> float:
    """Amounts are exact here; Amazon wants JSON numbers."""
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} cannot be sent.")


def call(
    context: ConnectorContext, operation: str, method: str, path: str, *, query: Query | None = None, body: object | None = None
) -> Mapping[str, Any]:
    """The answer as a JSON object. Every ConnectorError that Amazon's answer may be."""
    answer = call_any(context, operation, method, path, query=query, body=body)
    if not isinstance(answer, dict):
        raise UnreadableAnswerError("Amazon answered with JSON that is no object.", code="no_object")
    if answer.get("errors") and "payload" not in answer and not set(answer) - {"errors"}:
        code, message = _first_error(answer)
        raise RequestRefusedError(code or "refused", f"Amazon refused {operation}: {message}")
    return answer


def call_any(
    context: ConnectorContext, operation: str, method: str, path: str, *, query: Query | None = None, body: object | None = None
) -> Any:  # noqa: ANN401 - any JSON value
    token = context.platform.token()
    response = context.platform.send(operation, request_of(context, token, method, path, query or {}, body))
    raise_for_status(response, context, operation, token)
    return json_of(response)


def json_of(response: HttpResponse) -> Any:  # noqa: ANN401 - any JSON value
    if not response.body.strip():
        raise UnreadableAnswerError(f"Amazon answered {response.status} with nothing.", code="empty_answer")
    try:
        return parse_json(response.body)
    except (ValueError, RecursionError):
        kind = response.headers.get("content-type", "no content type").partition(";")[0][:60]
        raise UnreadableAnswerError(f"Amazon answered {response.status} with no JSON, but {kind}.", code="no_json") from None


def raise_for_status(response: HttpResponse, context: ConnectorContext, operation: str, token: str = "") -> None:
    """The error that a status means; nothing for a 2xx."""
    status = response.status
    if 200 <= status < 300:
        return
    code, message = _errors_of(response)
    if status == 429:
        raise ThrottledError(
            f"Amazon's limit of {operation} is used up.", after_seconds=_wait(response, context, operation), operation=operation
        )
    if status >= 500:
        after = retry_after(response.headers, context.now())
        raise UnavailableError(f"Amazon answered {status} to {operation}.", code=f"http_{status}", after_seconds=after)
    if status in (401, 403) and token and (status == 401 or any(word in message.lower() for word in _TOKEN_WORDS)):
        raise TokenRefusedError(f"Amazon does not take the access token any more ({status}).", token=token)
    if status in (401, 403):
        raise RequestRefusedError(
            code or "forbidden",
            f"Amazon refuses {operation} to this app ({status}: {message}). Give the app the role that it needs in the developer console, "
            "then authorise the seller again.",
        )
    raise RequestRefusedError(code or f"http_{status}", f"Amazon refused {operation} ({status}): {message}")


def _wait(response: HttpResponse, context: ConnectorContext, operation: str) -> float | None:
    """Amazon sends no `Retry-After`; the rate that it names, else the declared one, says when one more call fits."""
    asked = retry_after(response.headers, context.now())
    if asked is not None:
        return asked
    try:
        rate = float(response.headers.get("x-amzn-ratelimit-limit", ""))
    except ValueError:
        rate = 0.0
    if not 0 < rate < 1_000:
        rate = RATE_LIMITS[operation].per_second if operation in RATE_LIMITS else 0.0
    return 1 / rate if rate else None


def _errors_of(response: HttpResponse) -> tuple[str, str]:
    try:
        answer = parse_json(response.body)
    except (ValueError, RecursionError):
        return "", "no reason was given"
    return _first_error(answer)


def _first_error(answer: object) -> tuple[str, str]:
    errors = answer.get("errors") if isinstance(answer, dict) else answer
    for error in errors if isinstance(errors, list) else []:
        if isinstance(error, dict):
            said = " ".join(str(error.get(part) or "") for part in ("message", "details")).strip()
            return str(error.get("code") or "")[:60], said[:300] or "no reason was given"
    return "", "no reason was given"
