"""What a connector raises, so that the host knows what to do: come back later, ask for a new token, fetch a person, or set a page apart.

Messages are shown to operators; none may repeat a secret, a token or a buyer's data. Any other exception is a fault of the connector.
"""

from __future__ import annotations


class ConnectorError(Exception):
    """Something went wrong at the platform. `code` is one word for programs, `message` says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class ThrottledError(ConnectorError):
    """The platform, or the host for it, wants to be left alone. `after_seconds` is None where nobody said for how long.

    `operation` is the one whose limit is used up, as the connector declares it; empty where the whole account has to wait. It is no
    failure: nothing is counted against the account.
    """

    def __init__(self, message: str, *, after_seconds: float | None = None, operation: str = "") -> None:
        super().__init__("throttled", message)
        self.after_seconds = after_seconds
        self.operation = operation


class UnavailableError(ConnectorError):
    """The platform does not answer, or answers that it cannot: tried again with pauses that grow. `after_seconds` as it asked for."""

    def __init__(self, message: str, *, code: str = "unavailable", after_seconds: float | None = None) -> None:
        super().__init__(code, message)
        self.after_seconds = after_seconds


class TokenRefusedError(ConnectorError):
    """The platform does not take `token` any more. The host gets a new one, once for all processes, and asks again."""

    def __init__(self, message: str, *, token: str) -> None:
        super().__init__("token_refused", message)
        self.token = token


class AuthorizationLostError(ConnectorError):
    """Only a person can mend it: the seller revoked the authorisation, a secret expired, an address is not on the platform's list.

    The account is shown as to be authorised again, an alert says so, and none of its feeds runs until somebody has.
    """


class RequestRefusedError(ConnectorError):
    """The platform understood the request and refuses it for good: trying again changes nothing until somebody changes something."""


class UnreadableAnswerError(ConnectorError):
    """An answer that is none: HTML, half a document, an empty 200, a field that was renamed. The page is asked for again, whole.

    An answer that cannot be read never means that there is nothing: stale data is dated, never zeroed.
    """

    def __init__(self, message: str, *, code: str = "unreadable") -> None:
        super().__init__(code, message)
