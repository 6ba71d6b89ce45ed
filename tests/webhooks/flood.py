"""A platform in a hurry: pushes at a fixed pace, whether or not the last one was answered, over connections of their own."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.webhooks.bazaar import signed

REPOSITORY = Path(__file__).resolve().parents[2]
ADDRESS = "/webhooks/bazaar/dy-main/"


@contextmanager
def serving(environment: dict[str, str], log: Path) -> Iterator[int]:
    """A server at a free port of this machine, which answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    options = ("--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--lifespan", "off")
    command = [sys.executable, "-m", "uvicorn", "tests.webhooks.app:application", *options]
    server = subprocess.Popen(command, env=environment, cwd=REPOSITORY, stdout=log.open("w"), stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 90
        while asyncio.run(_answer(port, b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")) != 200:
            if time.monotonic() > deadline or server.poll() is not None:
                raise RuntimeError(log.read_text()[-2000:])
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def flood(port: int, bodies: Sequence[bytes], *, a_second: float) -> tuple[list[float], list[int]]:
    """Seconds from the moment that each push was due to its answer, and the statuses."""
    return asyncio.run(_flood(port, bodies, a_second))


async def _flood(port: int, bodies: Sequence[bytes], a_second: float) -> tuple[list[float], list[int]]:
    started = time.perf_counter()

    async def push(number: int, body: bytes) -> tuple[float, int]:
        due = started + number / a_second
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        # A proxy that speaks HTTPS stands before a server in production.
        headers = {
            "Host": "127.0.0.1", "Connection": "close", "Content-Length": str(len(body)), "X-Forwarded-Proto": "https",
            **signed(body, datetime.now(UTC)),
        }  # fmt: skip
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        status = await _answer(port, f"POST {ADDRESS} HTTP/1.1\r\n{head}\r\n".encode() + body)
        return time.perf_counter() - due, status

    told = await asyncio.gather(*(push(number, body) for number, body in enumerate(bodies)))
    return [seconds for seconds, _status in told], [status for _seconds, status in told]


async def _answer(port: int, request: bytes) -> int:
    """The status of the answer; 0 where nobody answers."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return 0
    try:
        writer.write(request)
        await writer.drain()
        told = await reader.read()
    except OSError:
        return 0
    finally:
        writer.close()
    return int(told.split(b" ", 2)[1]) if told.startswith(b"HTTP/1.1 ") else 0
