"""Reading an answer: its status first, its body only then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from stockhub.pluginapi.connectors.errors import ThrottledError, UnavailableError, UnreadableAnswerError
from stockhub.pluginapi.http import HttpResponse

#: No platform means longer; such a header is broken.
_LONGEST_WAIT: Final = 86_400.0


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds of a `Retry-After`, in either form; None where there is none or it cannot be read."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.replace(".", "", 1).isdigit():
        return min(float(text), _LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    seconds = (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds()
    return min(max(seconds, 0.0), _LONGEST_WAIT)


def raise_for_pressure(response: HttpResponse, now: datetime, *, operation: str = "") -> None:
    """ThrottledError for a 429 and UnavailableError for a 5xx, whatever their body says."""
    if response.status == 429:
        raise ThrottledError("The platform answered 429.", after_seconds=retry_after(response.headers, now), operation=operation)
    if response.status >= 500:
        after = retry_after(response.headers, now)
        raise UnavailableError(f"The platform answered {response.status}.", code=f"http_{response.status}", after_seconds=after)


def json_object(response: HttpResponse) -> Mapping[str, Any]:
    """The body as a JSON object. UnreadableAnswerError for everything else, an empty body among it."""
    if not response.body.strip():
        raise UnreadableAnswerError(f"The platform answered {response.status} with nothing.", code="empty_answer")
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        kind = response.headers.get("content-type", "no content type").partition(";")[0][:60]
        raise UnreadableAnswerError(f"The platform answered {response.status} with no JSON, but {kind}.", code="no_json") from None
    if not isinstance(answer, dict):
        raise UnreadableAnswerError("The platform answered with JSON that is no object.", code="no_object")
    return answer
