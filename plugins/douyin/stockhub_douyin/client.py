"""One call of the open platform: signed, sent through the host, its answer read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast
from urllib.parse import urlencode

from stockhub.pluginapi.connectors import ConnectorContext, RequestRefusedError, UnavailableError, UnreadableAnswerError
from stockhub.pluginapi.http import HttpError, HttpRequest
from stockhub_douyin.account import DouyinAccountConfig
from stockhub_douyin.envelope import Answer, read_answer
from stockhub_douyin.signing import AmbiguousParameterError, SignMethod, canonical_json, require_unambiguous, sign

#: The last one, by its name, keeps the codes of before 2022 out of answers.
_HEADERS: Final = {"content-type": "application/json", "from": "sdk", "sdk-type": "python", "x-open-no-old-err-code": "1"}
JsonValue = Any


class DouyinClient:
    """Calls for one account. An operation is the platform's own name of a method, such as `order.searchList`."""

    def __init__(self, context: ConnectorContext) -> None:
        self.context = context
        self.config = cast("DouyinAccountConfig", context.config)
        self._gateway = str(self.config.base_url).rstrip("/")

    def read(self, operation: str, params: Mapping[str, Any]) -> JsonValue:
        """The data of an answer. Half an answer is none: the page is asked for again."""
        answer = self.call(operation, params)
        if answer.is_partial:
            raise UnreadableAnswerError(f"{operation}: Douyin says that a part of the answer is missing.", code="partial_answer")
        return answer.data

    def call(self, operation: str, params: Mapping[str, Any]) -> Answer:
        """An answer, also one that was done in part only."""
        platform = self.context.platform
        token = platform.token()
        response = platform.send(operation, self.request(operation, params, token=token))
        return read_answer(response, operation=operation, token=token, now=self.context.now())

    def ask_for_token(self, operation: str, params: Mapping[str, Any]) -> JsonValue:
        """The data of `token.create` and `token.refresh`, which are signed but need no token themselves."""
        try:
            response = self.context.http.send(self.request(operation, params))
        except HttpError as error:
            raise UnavailableError(error.message, code=error.code) from error
        return read_answer(response, operation=operation, token="", now=self.context.now()).data

    def request(self, operation: str, params: Mapping[str, Any], *, token: str = "") -> HttpRequest:
        """The signed request. The token stands in the query and is not signed; the body is what was signed."""
        try:
            require_unambiguous(params)
        except AmbiguousParameterError as error:
            raise RequestRefusedError("ambiguous_parameter", f"{operation} is not sent: {error}") from error
        body = canonical_json(params)
        config = self.config
        timestamp = str(int(self.context.now().timestamp()))
        query = {"app_key": config.app_key, "method": operation, "timestamp": timestamp, "v": "2"}
        if config.sign_method is not SignMethod.MD5:
            query["sign_method"] = config.sign_method.value
        if token:
            query["access_token"] = token
        query["sign"] = sign(
            app_key=config.app_key, app_secret=config.app_secret.get_secret_value(), method=operation, param_json=body,
            timestamp=timestamp, sign_method=config.sign_method,
        )  # fmt: skip
        url = f"{self._gateway}/{operation.replace('.', '/')}?{urlencode(query)}"
        return HttpRequest("POST", url, _HEADERS, body.encode())
