"""What the answers of receivers mean: arrived, worth another attempt, or never."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Final

from stockhub.pluginapi import HttpRequest, HttpResponse, NotDeliveredError, PluginContext

#: Statuses that another attempt may change: time-outs, conflicts, too early, too many, and whatever is wrong at the other end.
_WORTH_ANOTHER: Final = frozenset({408, 409, 423, 425, 429})
_LONGEST_WAIT: Final = 3600.0


def post_json(context: PluginContext, url: str, document: Mapping[str, Any]) -> HttpResponse:
    """Posts a JSON object. NotDeliveredError where the status is no success."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return accepted(context.http.send(HttpRequest("POST", url, {"Content-Type": "application/json; charset=utf-8"}, body)))


def accepted(response: HttpResponse) -> HttpResponse:
    """The answer where its status is a success; NotDeliveredError otherwise. Nothing of the body is repeated: it may echo a secret."""
    if 200 <= response.status < 300:
        return response
    final = response.status < 500 and response.status not in _WORTH_ANOTHER
    raise NotDeliveredError(f"The receiver answered with status {response.status}.", is_final=final, after_seconds=_retry_after(response))


def require_code(response: HttpResponse, names: Collection[str], *, busy: Collection[int]) -> None:
    """The answer of a chat robot: JSON with a code that is 0. A code in `busy` is worth another attempt, any other is final."""
    try:
        answer = response.json()
    except ValueError:
        answer = None
    codes = [answer[name] for name in names if name in answer] if isinstance(answer, dict) else []
    if not codes:
        raise NotDeliveredError("The receiver's answer is none of a robot: check the address.")
    if codes[0] != 0:
        text = str(answer.get("errmsg") or answer.get("msg") or "")[:200]
        raise NotDeliveredError(f"The robot refused it with code {codes[0]}: {text}", is_final=codes[0] not in busy)


def _retry_after(response: HttpResponse) -> float | None:
    text = response.headers.get("retry-after", "").strip()
    return min(float(text), _LONGEST_WAIT) if text.isdecimal() and len(text) < 10 else None
