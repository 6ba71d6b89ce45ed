"""A worker process of the notifications' benchmark: sends what is due to a receiver of its own until it is told to stop."""

from __future__ import annotations

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """A benchmark is quiet."""


def _wait(told: threading.Event) -> None:
    sys.stdin.readline()
    told.set()


def main() -> None:
    import django

    django.setup()
    from stockhub.outbox.deliveries import deliver_due
    from stockhub.outbox.endpoints import EndpointInput, save_endpoint
    from stockhub.outbox.models import Endpoint
    from stockhub.pluginhost.registry import registry

    server = ThreadingHTTPServer(("127.0.0.1", 0), _Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    registry()
    config = {"url": f"http://127.0.0.1:{server.server_address[1]}/", "secret": "s" * 20}
    for endpoint in Endpoint.objects.filter(notifier="webhook"):
        save_endpoint(endpoint_id=endpoint.pk, given=EndpointInput(config=config))
    told = threading.Event()
    threading.Thread(target=_wait, args=(told,), daemon=True).start()
    print("ready", flush=True)
    sent = 0
    while not told.is_set():
        sent += deliver_due("bench", seconds=1.0, stopping=told.is_set).sent
        told.wait(0.05)
    print(sent, flush=True)


if __name__ == "__main__":
    main()
