"""Login with Amazon: a refresh token becomes an access token of an hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from pydantic import BaseModel

from stockhub.pluginapi import HttpError, HttpRequest, HttpResponse
from stockhub.pluginapi.connectors import (
    AuthorizationLostError,
    Authorize,
    ConnectionReport,
    ConnectorContext,
    RequestRefusedError,
    ThrottledError,
    Tokens,
    UnavailableError,
    UnreadableAnswerError,
    retry_after,
)
from stockhub_amazon.account import AmazonAccountConfig
from stockhub_amazon.calls import USER_AGENT, account_of, call, json_of
from stockhub_amazon.fields import FieldError, decimal_of, mapping, parse_json, required_objects, text, text_or_empty

SECRET_LASTS: Final = timedelta(days=180)
_WARN_BEFORE: Final = timedelta(days=21)
_LOST: Final = {
    "invalid_grant": "The seller revoked the authorisation, or the refresh token is of another app: let the seller authorise again.",
    "invalid_client": "Login with Amazon does not know the client id with this secret: rotate the secret and enter the new one.",
    "unauthorized_client": "The app may not use this refresh token: check the app's client id, and let the seller authorise again.",
}


class AmazonAuthorization(Authorize):
    """The configuration alone suffices: the refresh token in it survives a new secret and is never renewed."""

    def obtain(self, context: ConnectorContext, *, code: str = "") -> Tokens:  # noqa: ARG002 - a seller's own app has no code
        config = account_of(context)
        asked = context.now()
        response = _ask(context, config)
        _raise_for(response, context, config)
        answer = json_of(response)
        if not isinstance(answer, dict):
            raise UnreadableAnswerError("Login with Amazon answered with no object.", code="no_object")
        return _tokens(answer, asked_at=asked, config=config)

    def credentials_end_on(self, config: BaseModel) -> date | None:
        """When the client secret's 180 days are over; None where the day of its last rotation is not entered."""
        if not isinstance(config, AmazonAccountConfig):
            raise TypeError(f"The configuration is no Amazon account: {type(config).__name__}.")
        return config.secret_rotated_on + SECRET_LASTS if config.secret_rotated_on else None

    def renew(self, context: ConnectorContext, tokens: Tokens) -> Tokens:  # noqa: ARG002 - the refresh token is the account's own
        return self.obtain(context)

    def test_connection(self, context: ConnectorContext) -> ConnectionReport:
        config = account_of(context)
        answer = call(context, "getMarketplaceParticipations", "GET", "/sellers/v1/marketplaceParticipations")
        names, remarks = _participations(required_objects(answer, "payload"), config)
        return ConnectionReport(config.seller_id, names, (*remarks, *secret_remarks(context)))


def secret_remarks(context: ConnectorContext) -> tuple[str, ...]:
    """What there is to say of the client secret's age."""
    config = account_of(context)
    if config.secret_rotated_on is None:
        return ("The day of the client secret's last rotation is not entered, so nobody is warned before its 180 days end.",)
    ends = config.secret_rotated_on + SECRET_LASTS
    today = context.now().date()
    if today >= ends:
        return (f"The client secret ended on {ends}: rotate it in the developer console and enter the new one.",)
    if today >= ends - _WARN_BEFORE:
        return (f"The client secret ends on {ends}, in {(ends - today).days} days: rotate it in the developer console.",)
    return ()


def _ask(context: ConnectorContext, config: AmazonAccountConfig) -> HttpResponse:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": config.refresh_token.get_secret_value(),
        "client_id": config.lwa_client_id,
        "client_secret": config.lwa_client_secret.get_secret_value(),
    }
    headers = {"content-type": "application/x-www-form-urlencoded", "user-agent": USER_AGENT, "accept": "application/json"}
    try:
        return context.http.send(HttpRequest("POST", str(config.token_url), headers, urlencode(form).encode()))
    except HttpError as error:
        raise UnavailableError(f"Login with Amazon: {error.message}", code=error.code) from None


def _raise_for(response: HttpResponse, context: ConnectorContext, config: AmazonAccountConfig) -> None:
    if response.status == 200:
        return
    after = retry_after(response.headers, context.now())
    if response.status == 429:
        raise ThrottledError("Login with Amazon wants to be left alone.", after_seconds=after)
    if response.status >= 500:
        raise UnavailableError(f"Login with Amazon answered {response.status}.", code=f"http_{response.status}", after_seconds=after)
    code = _login_error(response)
    if code in _LOST:
        issued = f" It was issued on {config.secret_rotated_on}." if code == "invalid_client" and config.secret_rotated_on else ""
        raise AuthorizationLostError(code, _LOST[code] + issued)
    if not code:
        raise UnreadableAnswerError(f"Login with Amazon answered {response.status} without a reason.", code="no_reason")
    raise RequestRefusedError(code, f"Login with Amazon refused the request ({response.status}, {code}): check the account's settings.")


def _login_error(response: HttpResponse) -> str:
    try:
        answer = parse_json(response.body)
    except (ValueError, RecursionError):
        return ""
    error = answer.get("error") if isinstance(answer, dict) else None
    return error[:60] if isinstance(error, str) else ""


def _tokens(answer: dict[str, Any], *, asked_at: datetime, config: AmazonAccountConfig) -> Tokens:
    try:
        lasts = decimal_of("expires_in", answer.get("expires_in"))
        return Tokens(text_of_token(answer), asked_at + timedelta(seconds=float(lasts)), subject=config.seller_id)
    except FieldError as error:
        raise UnreadableAnswerError(f"Login with Amazon: {error.message}", code="bad_field") from None


def text_of_token(answer: dict[str, Any]) -> str:
    """Whole: tokens are longer than any other text."""
    token = answer.get("access_token")
    if not isinstance(token, str) or not token:
        raise FieldError("access_token", "access_token is missing.")
    return token


def _participations(rows: Sequence[Mapping[str, Any]], config: AmazonAccountConfig) -> tuple[str, tuple[str, ...]]:
    found: dict[str, bool] = {}
    name = ""
    try:
        for row in rows:
            marketplace = text(mapping(row, "marketplace"), "id")
            taking_part = mapping(row, "participation")
            found[marketplace] = bool(taking_part.get("isParticipating")) and not taking_part.get("hasSuspendedListings")
            name = name or text_or_empty(row, "storeName")
    except FieldError as error:
        raise UnreadableAnswerError(error.message, code="bad_field") from None
    missing = [m for m in config.marketplace_ids if m not in found]
    silent = [m for m in config.marketplace_ids if found.get(m) is False]
    remarks = [f"The seller is not on {m}: take the marketplace out of the account." for m in missing]
    remarks += [f"The seller does not take part on {m}, or has suspended listings there." for m in silent]
    return name, tuple(remarks)
