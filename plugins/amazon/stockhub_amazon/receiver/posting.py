"""One POST, with a deadline and a limit on what is read of the answer."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

_MOST_BYTES: Final = 4 << 20


class PostError(Exception):
    """There is no answer, or none that can be used. The message names no secret."""


def post(url: str, headers: Mapping[str, str], body: bytes, *, timeout: float = 20) -> tuple[int, bytes]:
    """Status and body. PostError where nobody answers."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise PostError("An address begins with https:// or http://.")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=timeout)
    try:
        connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read(_MOST_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise PostError(f"{parts.hostname} does not answer: {type(error).__name__}.") from error
    finally:
        connection.close()
