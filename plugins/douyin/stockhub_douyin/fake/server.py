"""The fake's HTTP server: the platform at its paths, a browser's authorisation, and `/_control/` for whoever runs it."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from stockhub_douyin.fake.control import control
from stockhub_douyin.fake.failures import ControlError
from stockhub_douyin.fake.gateway import Answer, answer
from stockhub_douyin.fake.settings import FakeSettings
from stockhub_douyin.fake.world import World

_CONTROL: Final = "/_control/"
_LARGEST_BODY: Final = 32 * 2**20


class FakeDouyin:
    """A running fake. `world` is for looking at it from the same process, under its lock."""

    def __init__(self, settings: FakeSettings | None = None, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.world = World(settings or FakeSettings())
        self._server = _Server((host, port), self.world)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="fake-douyin", daemon=True)

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self) -> Self:
        self.world.pusher.start()
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self.world.pusher.stop()

    def control(self, path: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - any JSON value
        """What `/_control/<path>` does, without HTTP. ControlError."""
        return control(self.world, path, body or {})

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], world: World) -> None:
        self.world = world
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    #: Answers are written in two pieces, which must not wait for each other.
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 120

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/authorize":
            self._authorize(dict(parse_qsl(url.query)))
        elif url.path.startswith(_CONTROL):
            self._control(url.path, {})
        else:
            self._send(Answer(404, {"Content-Type": "text/plain"}, b"The gateway takes POST."))

    def do_POST(self) -> None:
        url = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        if length > _LARGEST_BODY:
            self.close_connection = True
            self._send(Answer(413, {"Content-Type": "text/plain"}, b""))
            return
        body = self.rfile.read(length)
        if not url.path.startswith(_CONTROL):
            self._send(answer(self._world, url.path, dict(parse_qsl(url.query, keep_blank_values=True)), body))
            return
        try:
            wanted = json.loads(body or b"{}")
        except ValueError:
            wanted = None
        self._control(url.path, wanted)

    @property
    def _world(self) -> World:
        assert isinstance(self.server, _Server)  # noqa: S101 - for the type checker
        return self.server.world

    def _authorize(self, query: dict[str, str]) -> None:
        """A seller who agrees at once."""
        world = self._world
        target = query.get("redirect_uri") or world.settings.callback_url
        with world.lock:
            code = world.tokens.new_code()
        if not target:
            self._send(Answer(200, {"Content-Type": "application/json"}, json.dumps({"code": code}).encode()))
            return
        joiner = "&" if "?" in target else "?"
        location = target + joiner + urlencode({"code": code, "state": query.get("state", "")})
        self._send(Answer(302, {"Location": location}, b""))

    def _control(self, path: str, wanted: object) -> None:
        status = 200
        try:
            given = control(self._world, path.removeprefix(_CONTROL).strip("/"), wanted)
        except ControlError as error:
            status, given = 400, {"error": str(error)}
        except (KeyError, TypeError, ValueError) as error:
            status, given = 400, {"error": f"{type(error).__name__}: {error}"}
        self._send(Answer(status, {"Content-Type": "application/json"}, json.dumps(given, ensure_ascii=False).encode()))

    def _send(self, made: Answer) -> None:
        if made.wait:
            time.sleep(made.wait)
        if made.drop:
            self._drop(reset=made.reset)
            return
        self.send_response(made.status)
        for name, value in made.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(made.body)))
        self.end_headers()
        self.wfile.write(made.body if made.sent is None else made.body[: made.sent])
        if made.sent is not None:
            self.close_connection = True

    def _drop(self, *, reset: bool) -> None:
        self.close_connection = True
        if reset:
            # Closing with a linger of nothing sends a reset.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.shutdown(socket.SHUT_RDWR) if not reset else self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Silent: `/_control/requests` tells what came."""
