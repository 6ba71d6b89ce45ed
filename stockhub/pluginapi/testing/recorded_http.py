"""Exchanges with a real platform, recorded once into a file without secrets, and replayed in tests: pure Python, for plugin authors.

    http = recorded_http(Path("tests/recorded/orders.json"), live=None, ignored=("sign", "timestamp"))

Where the file is there, it answers from it and reaches nobody. Where it is not, `live` is asked, and `http.save()` writes the file.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from stockhub.pluginapi.http import HttpClient, HttpRequest, HttpResponse

REDACTED: Final = "[redacted]"
#: Names of query values, headers and JSON members whose values are never written down.
_SECRET_NAME: Final = re.compile(
    r"(?i)(secret|token|password|passwd|authorization|cookie|signature|^sign$|api[-_]?key|app[-_]?key|^code$|credential)"
)
#: What a platform may tell of a buyer; a recording is committed to a repository.
_PERSONAL_NAME: Final = re.compile(r"(?i)(buyer|receiver|recipient|phone|mobile|address|email|e_mail|^tel$|id_?card|open_?id)")


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was asked and answered, as it stands in the file."""

    method: str
    url: str
    body: str
    status: int
    headers: Mapping[str, str]
    answer: str
    #: The answer is base64: no text.
    is_binary: bool = False


class RecordedHttp:
    """A client that replays exchanges: each once, the first that fits. AssertionError, which says what was asked, where none does."""

    def __init__(self, exchanges: Collection[Exchange], *, ignored: Collection[str] = ()) -> None:
        self._left = list(exchanges)
        self._ignored = frozenset(ignored)

    def send(self, request: HttpRequest) -> HttpResponse:
        asked = (request.method, redacted_url(request.url, ignored=self._ignored))
        for index, exchange in enumerate(self._left):
            if (exchange.method, exchange.url) == asked:
                del self._left[index]
                return _response(exchange)
        raise AssertionError(f"Nothing was recorded for {asked[0]} {asked[1]}, or it was asked for more often. Left: {self.left()}.")

    def download(self, request: HttpRequest, into: BinaryIO, *, most_bytes: int) -> HttpResponse:
        """As the host's: the body of a 2xx goes into the file."""
        response = self.send(request)
        if not 200 <= response.status < 300:
            return response
        if len(response.body) > most_bytes:
            raise AssertionError(f"The recorded document has {len(response.body)} bytes, more than {most_bytes}.")
        into.write(response.body)
        return HttpResponse(response.status, response.headers, b"")

    def left(self) -> list[str]:
        """What was recorded and not asked for."""
        return [f"{exchange.method} {exchange.url}" for exchange in self._left]

    def save(self) -> None:
        """Does nothing: it is saved."""


class Recorder:
    """A client that asks another one, and keeps what came. `secrets` are values that are hidden wherever they stand."""

    def __init__(self, live: HttpClient, path: Path, *, secrets: Collection[str] = (), ignored: Collection[str] = ()) -> None:
        self._live = live
        self._path = path
        self._secrets = sorted((each for each in secrets if each), key=len, reverse=True)
        self._ignored = frozenset(ignored)
        self.exchanges: list[Exchange] = []

    def send(self, request: HttpRequest) -> HttpResponse:
        response = self._live.send(request)
        self.exchanges.append(self._exchange(request, response))
        return response

    def download(self, request: HttpRequest, into: BinaryIO, *, most_bytes: int) -> HttpResponse:
        """Asked as any other request: recordings are small."""
        response = self.send(request)
        if not 200 <= response.status < 300:
            return response
        if len(response.body) > most_bytes:
            raise AssertionError(f"The document has {len(response.body)} bytes, more than {most_bytes}.")
        into.write(response.body)
        return HttpResponse(response.status, response.headers, b"")

    def left(self) -> list[str]:
        """Nothing: it is being recorded."""
        return []

    def save(self) -> None:
        """Writes the file: indented JSON, so that a change of a recording can be read."""
        rows = [
            {
                "method": each.method, "url": each.url, "body": each.body, "status": each.status, "headers": dict(each.headers),
                "answer": each.answer, "is_binary": each.is_binary,
            }
            for each in self.exchanges
        ]  # fmt: skip
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    def _exchange(self, request: HttpRequest, response: HttpResponse) -> Exchange:
        headers = {name: REDACTED if _SECRET_NAME.search(name) else self._hidden(value) for name, value in response.headers.items()}
        answer, is_binary = _text_of(response.body)
        return Exchange(
            request.method, self._hidden(redacted_url(request.url, ignored=self._ignored)),
            self._hidden(redacted_body(_text_of(request.body)[0])), response.status, headers,
            answer if is_binary else self._hidden(redacted_body(answer)), is_binary,
        )  # fmt: skip

    def _hidden(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, REDACTED).replace(quote(secret, safe=""), REDACTED)
        return text


def recorded_http(
    path: Path, *, live: HttpClient | None = None, secrets: Collection[str] = (), ignored: Collection[str] = ()
) -> RecordedHttp | Recorder:
    """Replays the file, or records it anew where it is not there. `ignored`: query values that differ each time, such as a timestamp.

    FileNotFoundError where there is neither a file nor a client to record with.
    """
    if path.exists():
        return RecordedHttp([Exchange(**row) for row in json.loads(path.read_text(encoding="utf-8"))], ignored=ignored)
    if live is None:
        raise FileNotFoundError(f"{path} was not recorded. Give `live` a client that reaches the platform, and call save().")
    return Recorder(live, path, secrets=secrets, ignored=ignored)


def redacted_url(url: str, *, ignored: Collection[str] = ()) -> str:
    """The address with its secret values hidden, and those that are ignored left out. Values in order of their names."""
    parts = urlsplit(url)
    pairs = sorted((name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in ignored)
    query = urlencode([(name, REDACTED if _SECRET_NAME.search(name) else value) for name, value in pairs], safe="[]")
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))


def redacted_body(text: str) -> str:
    """A JSON text with secret and personal members hidden; a form's likewise; any other text as it is."""
    try:
        value = json.loads(text)
    except ValueError:
        if re.fullmatch(r"[^\s{}<>]+=[^\s{}<>]*", text):
            pairs = parse_qsl(text, keep_blank_values=True)
            return urlencode([(name, REDACTED if _SECRET_NAME.search(name) else value) for name, value in pairs], safe="[]")
        return text
    return json.dumps(_redacted(value), ensure_ascii=False) if isinstance(value, dict | list) else text


def _redacted(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {name: _redacted_member(name, member) for name, member in value.items()}
    return [_redacted(member) for member in value] if isinstance(value, list) else value


def _redacted_member(name: str, member: Any) -> Any:  # noqa: ANN401 - any JSON value
    hides = bool(_SECRET_NAME.search(name) or _PERSONAL_NAME.search(name))
    # A number called a code says what went wrong, and is no secret.
    if hides and isinstance(member, str) and member and not (name.lower() == "code" and member.isdigit()):
        return REDACTED
    return _redacted(member)


def _text_of(body: bytes) -> tuple[str, bool]:
    try:
        return body.decode("utf-8"), False
    except UnicodeDecodeError:
        return base64.b64encode(body).decode("ascii"), True


def _response(exchange: Exchange) -> HttpResponse:
    body = base64.b64decode(exchange.answer) if exchange.is_binary else exchange.answer.encode()
    return HttpResponse(exchange.status, dict(exchange.headers), body)
