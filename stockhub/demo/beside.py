"""Processes that run beside the burst as they do beside `up`: the dispatcher, which warns, and the server, which platforms push to."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from stockhub.core import clock
from stockhub.cycles.models import ProcessHeartbeat, ProcessKind
from stockhub.demo.made_up import HOST

#: Either is there within a moment; on a machine that is busy with other things, within this.
_PATIENCE_SECONDS: Final = 60.0
_ASGI: Final = "stockhub.config.asgi:application"
_SERVER: Final = ("-m", "uvicorn", _ASGI, "--host", HOST, "--no-access-log", "--lifespan", "off", "--timeout-graceful-shutdown", "5")


@contextmanager
def dispatcher() -> Iterator[None]:
    """CommandError where it does not start, with its log."""
    started = clock.now()

    def is_up() -> bool:
        return ProcessHeartbeat.objects.filter(kind=ProcessKind.DISPATCHER, seen_at__gte=started).exists()

    with _running("dispatcher", ("-m", "django", "dispatcher"), is_up):
        yield


@contextmanager
def server() -> Iterator[str]:
    """StockHub's own server at a free port of this machine; its address. CommandError where it does not start, with its log."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    with _running("server", (*_SERVER, "--port", str(port)), lambda: _is_alive(port)):
        yield f"http://{HOST}:{port}"


@contextmanager
def _running(name: str, arguments: Sequence[str], is_up: Callable[[], bool]) -> Iterator[None]:
    log = Path(settings.VAR_DIR) / "demo" / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as out:
        process = subprocess.Popen([sys.executable, *arguments], stdout=out, stderr=subprocess.STDOUT)  # noqa: S603 - our own command, no shell
        try:
            deadline = time.monotonic() + _PATIENCE_SECONDS
            while not is_up():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise CommandError(_("The %(program)s did not start; %(log)s says why.") % {"program": name, "log": log})
                time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def _is_alive(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def ask(url: str, token: str, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    """What GraphQL answers to whoever has the token. CommandError where it answers with anything else."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=_PATIENCE_SECONDS)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        connection.request("POST", "/graphql/", json.dumps({"query": query, "variables": variables}), headers)
        answer = connection.getresponse()
        told = answer.read().decode()
    finally:
        connection.close()
    found = json.loads(told) if answer.status == 200 else {}
    if found.get("errors") or "data" not in found:
        raise CommandError(_("GraphQL at %(url)s did not answer: %(reason)s") % {"url": url, "reason": told[:500]})
    return dict(found["data"])
