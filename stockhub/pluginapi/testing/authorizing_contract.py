"""The contract of authorisation: tokens that are obtained, renewed and refused, and a person fetched where only he can mend it."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from stockhub.pluginapi.connectors import (
    AuthorizationLostError,
    Authorize,
    ConnectionReport,
    ConnectorContext,
    ConnectorError,
    Platform,
    TokenRefusedError,
    Tokens,
)
from stockhub.pluginapi.http import HttpRequest, HttpResponse
from stockhub.pluginapi.testing.connector_contract import ConnectorContract, require
from stockhub.pluginapi.testing.privacy_contract import secrets_of
from stockhub.pluginapi.testing.unreachable_platform import UnreachablePlatform
from stockhub.pluginapi.testing.watched_platform import FAULTS

#: What no platform ever gave.
NO_TOKEN = "contract-not-a-token"  # noqa: S105 - that is the point


class AuthorizingContract(ConnectorContract):
    """`context` has tokens, or its configuration is enough to obtain some."""

    @abstractmethod
    def revoked(self) -> AbstractContextManager[Any]:
        """While it is entered, the seller has taken his authorisation back."""

    def code(self) -> str:
        """A code of a browser's authorisation, where the configuration alone is not enough."""
        return ""

    @property
    def authorizer(self) -> Authorize:
        require(isinstance(self.connector, Authorize), "the connector does not authorise: subclass the contracts of its capabilities only")
        assert isinstance(self.connector, Authorize)  # noqa: S101 - for the type checker
        return self.connector

    def obtained(self) -> Tokens:
        return self.authorizer.obtain(replace(self.context(), platform=UnreachablePlatform()), code=self.code())

    def test_tokens_are_obtained_without_any(self) -> None:
        self._must_be_tokens(self.obtained())

    def test_tokens_are_renewed_and_again_where_the_answer_was_lost(self) -> None:
        first = self.obtained()
        for _time in range(2):
            self._must_be_tokens(self.authorizer.renew(replace(self.context(), platform=UnreachablePlatform()), first))

    def test_the_connection_is_tested_and_says_to_whom(self) -> None:
        report = self.authorizer.test_connection(self.context())
        require(isinstance(report, ConnectionReport) and report.subject.strip(), "the report does not say which shop it is")
        tokens = self.obtained()
        if tokens.subject:
            require(tokens.subject == report.subject, f"tokens are for {tokens.subject}, the connection is to {report.subject}")

    def test_a_token_that_is_refused_is_named_so_that_a_new_one_is_fetched(self) -> None:
        context = self.context()
        worn = replace(context, platform=_WornToken(context.platform))
        try:
            self.authorizer.test_connection(worn)
        except TokenRefusedError as error:
            require(error.token == NO_TOKEN, "the error names another token than the one that was refused")
            require(NO_TOKEN not in error.message, "the message shows the token")
            return
        raise AssertionError("a token that was never given was taken")

    def test_a_revoked_authorisation_fetches_a_person(self) -> None:
        """Re-authorisation: in a reading, a test of the connection, and a renewal alike."""
        tokens, context = self.obtained(), self.context()
        context.platform.token()
        with self.revoked():
            for what, ask in (
                ("the test of the connection", lambda: self.authorizer.test_connection(context)),
                ("renewing", lambda: self.authorizer.renew(replace(context, platform=UnreachablePlatform()), tokens)),
            ):
                try:
                    ask()
                except AuthorizationLostError as error:
                    self._must_say_what_to_do(context, error)
                    continue
                except TokenRefusedError:
                    # Some platforms say so at renewing only.
                    require(what != "renewing", "renewing ends with a refused token, which would be renewed for ever")
                    continue
                raise AssertionError(f"{what} goes on although the seller took his authorisation back")

    def test_bad_answers_are_the_right_errors(self) -> None:
        for fault in FAULTS:
            context, platform = self.watched(fault)
            try:
                self.authorizer.test_connection(context)
            except ConnectorError as error:
                require(isinstance(error, fault.expected), f"{fault.name} led to {error!r}")
                self._must_say_what_to_do(context, error)
            else:
                require(not platform.is_spoiled, f"{fault.name} came, and the connection is said to be good")

    def test_the_address_for_the_browser_carries_the_state_and_no_secret(self) -> None:
        context = self.context()
        url = self.authorizer.authorization_url(context.config, state="state-4711", redirect_url="https://erp.example/back")
        if url:
            require("state-4711" in url, "the address does not carry the state: anybody could finish the authorisation")
            require(not [s for s in secrets_of(context, tokens=False) if s in url], "the address holds a secret")

    def _must_say_what_to_do(self, context: ConnectorContext, error: ConnectorError) -> None:
        require(error.message.strip() and error.code.strip(), "an error without a message")
        require(not [s for s in secrets_of(context, tokens=False) if s in error.message], "the message holds a secret")

    def _must_be_tokens(self, tokens: Tokens) -> None:
        require(isinstance(tokens, Tokens) and tokens.access_token.strip(), "there is no access token")
        for name in ("expires_at", "refresh_expires_at", "renew_at"):
            at = getattr(tokens, name)
            require(at is None or at.tzinfo is not None, f"{name} has no time zone")
        require(tokens.expires_at is None or tokens.expires_at > self.context().now(), "the tokens have ended already")
        require(tokens.access_token not in repr(tokens), "repr shows the token")


class _WornToken(Platform):
    """Goes to the same platform with a token that it never gave."""

    def __init__(self, inner: Platform) -> None:
        self._inner = inner

    def send(self, operation: str, request: HttpRequest) -> HttpResponse:
        return self._inner.send(operation, request)

    def download(self, *args: Any, **options: Any) -> HttpResponse:  # noqa: ANN401 - handed on
        return self._inner.download(*args, **options)

    def token(self) -> str:
        return NO_TOKEN
