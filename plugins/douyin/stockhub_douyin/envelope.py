"""What an answer says: its data, or an error of the platform as what the host has to do about it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NoReturn

from stockhub.pluginapi.connectors import (
    AuthorizationLostError,
    ConnectorError,
    RequestRefusedError,
    ThrottledError,
    TokenRefusedError,
    UnavailableError,
    UnreadableAnswerError,
    raise_for_pressure,
)
from stockhub.pluginapi.http import HttpResponse

SUCCESS: Final = 10_000
PART_FAILED: Final = 10_001
_SAFE: Final = re.compile(r"[^A-Za-z0-9_.:\-]")
#: What may be the matter with a token that is asked for, and what to do.
_TOKEN_REMEDIES: Final = {
    "code-expired": "The code of the authorisation holds for ten minutes: authorise the shop again.",
    "code-invalid": "The code of the authorisation is unknown or was used already: authorise the shop again.",
    "app-id-invalid": "Douyin does not know the app key: check it.",
    "app-secret-invalid": "The app secret is not the app's: check it.",
    "app-forbidden": "Douyin has closed the app: see its page in the open platform.",
    "no-authorization": "The shop has not authorised the app: have it authorised in the service market.",
    "token-expired": "The refresh token has ended: authorise the shop again.",
    "token-invalid": "The refresh token is not valid any more: authorise the shop again.",
}


class AlreadyDoneError(RequestRefusedError):
    """A write with this idempotency id was taken before: it is done, and was not done again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The data of an answer. `is_partial`: the platform says that a part of the request failed; its rows say which."""

    data: Any
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class _Refusal:
    code: int
    sub_code: str
    operation: str
    token: str
    log_id: str

    def text(self, what: str) -> str:
        """For an operator: nothing of the platform's own text, which may repeat what was sent."""
        reference = f" ({self.code} {self.sub_code}, log {self.log_id})" if self.log_id else f" ({self.code} {self.sub_code})"
        return f"{self.operation}: {what}{reference}"


def read_answer(response: HttpResponse, *, operation: str, token: str, now: datetime) -> Answer:
    """The answer's data. ConnectorError for everything else; HTTP's status comes first, the platform's own code second."""
    raise_for_pressure(response, now, operation=operation)
    envelope = _envelope(response)
    code = envelope.get("code")
    if type(code) is not int:
        raise UnreadableAnswerError(f"{operation}: the answer has no code.", code="no_code")
    if code == SUCCESS:
        return Answer(envelope.get("data"))
    sub_code = _clean(envelope.get("sub_code"))
    if code == PART_FAILED or sub_code.startswith("isv.business-part-failed"):
        return Answer(envelope.get("data"), is_partial=True)
    raise _error(_Refusal(code, sub_code, operation, token, _clean(envelope.get("log_id"))))


def _envelope(response: HttpResponse) -> dict[str, Any]:
    if not response.body.strip():
        raise UnreadableAnswerError(f"Douyin answered {response.status} with nothing.", code="empty_answer")
    try:
        found = json.loads(response.body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        kind = response.headers.get("content-type", "no content type").partition(";")[0][:60]
        raise UnreadableAnswerError(f"Douyin answered {response.status} with no JSON, but {kind}.", code="no_json") from None
    if not isinstance(found, dict):
        raise UnreadableAnswerError("Douyin answered with JSON that is no object.", code="no_object")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _clean(text: object) -> str:
    return _SAFE.sub("", str(text or ""))[:120]


def _error(refusal: _Refusal) -> ConnectorError:
    for prefix, error_of in _BY_SUB_CODE:
        if refusal.sub_code.startswith(prefix):
            return error_of(refusal)
    return _BY_CODE.get(refusal.code, _unknown)(refusal)


def _throttled(of: _Refusal) -> ConnectorError:
    return ThrottledError(of.text("Douyin wants fewer calls."), operation=of.operation)


def _unavailable(of: _Refusal) -> ConnectorError:
    return UnavailableError(of.text("Douyin's service is not available."), code="service_error")


def _unknown(of: _Refusal) -> ConnectorError:
    return UnavailableError(of.text("Douyin answered an error that is not known here."), code=f"code_{of.code}")


def _token_refused(of: _Refusal) -> ConnectorError:
    return TokenRefusedError(of.text("Douyin does not take the token."), token=of.token)


def _authorization_lost(of: _Refusal) -> ConnectorError:
    return AuthorizationLostError(
        "authorization_closed", of.text("The shop has closed its authorisation of the app: have it opened again.")
    )


def _address_unknown(of: _Refusal) -> ConnectorError:
    return AuthorizationLostError(
        "ip_not_listed", of.text("Add the address from which this server reaches the internet to the app's IP whitelist.")
    )


def _signature_refused(of: _Refusal) -> ConnectorError:
    return AuthorizationLostError("signature_invalid", of.text("Douyin refuses the signature: check the app key and the app secret."))


def _token_not_given(of: _Refusal) -> ConnectorError:
    reason = of.sub_code.partition(":")[2]
    remedy = _TOKEN_REMEDIES.get(reason, "Douyin gives no token: check the app, its secret and the shop's authorisation.")
    return AuthorizationLostError(reason.replace("-", "_") or "no_token", of.text(remedy))


def _clock(of: _Refusal) -> ConnectorError:
    return UnavailableError(of.text("Douyin refuses the time of the request: set this server's clock."), code="timestamp_invalid")


def _already_done(of: _Refusal) -> ConnectorError:
    return AlreadyDoneError("already_done", of.text("This write was taken before."))


def _no_permission(of: _Refusal) -> ConnectorError:
    return RequestRefusedError("no_permission", of.text("The app may not do this: apply for the package of interfaces that holds it."))


def _gone(of: _Refusal) -> ConnectorError:
    return RequestRefusedError("operation_gone", of.text("Douyin has taken this interface offline: update the connector."))


def _refused(of: _Refusal) -> ConnectorError:
    return RequestRefusedError(of.sub_code.replace(".", "_").replace("-", "_")[:60] or f"code_{of.code}", of.text("Douyin refuses it."))


#: By the beginning of `sub_code`, which may carry a suffix; the first that fits counts.
_BY_SUB_CODE: Final[tuple[tuple[str, Callable[[_Refusal], ConnectorError]], ...]] = (
    ("isv.traffic-limited", _throttled),
    ("isv.access-token-", _token_refused),
    ("isv.invalid_ip", _address_unknown),
    ("isv.signature-invalid", _signature_refused),
    ("isv.timestamp-invalid", _clock),
    ("isv.idempotent-id-existed", _already_done),
    ("isv.app-permissions-insufficient", _no_permission),
    ("dop.authorization-", _authorization_lost),
    ("dop.token-generate-failed", _token_not_given),
    ("dop.service-error", _unavailable),
    ("isp.service-error", _unavailable),
    ("isp.api-service-off", _gone),
)
#: Where `sub_code` says nothing that is known.
_BY_CODE: Final[dict[int, Callable[[_Refusal], ConnectorError]]] = {
    20_000: _unavailable, 30_001: _no_permission, 30_002: _address_unknown, 40_001: _refused, 40_002: _refused, 40_003: _refused,
    50_001: _unavailable, 50_002: _refused, 60_000: _throttled, 70_000: _gone, 90_000: _unknown,
}  # fmt: skip
