"""Bodies that a server compresses although nobody asked it to, or because the request did: unpacked, but never beyond the limit."""

from __future__ import annotations

import zlib
from typing import Final

from stockhub.pluginapi import HttpError, HttpResponse

#: Window bits that take gzip and zlib alike.
_EITHER: Final = 32 + zlib.MAX_WBITS
_GZIP: Final = frozenset({"gzip", "x-gzip"})


def decoded(response: HttpResponse, most_bytes: int, host: str) -> HttpResponse:
    """The response with a plain body. HttpError `too_large` for one that swells beyond `most_bytes`, `unreachable` for a broken one."""
    coding = response.headers.get("content-encoding", "").strip().lower()
    if not response.body or coding not in _GZIP | {"deflate"}:
        return response
    unpack = zlib.decompressobj(_EITHER)
    try:
        body = unpack.decompress(response.body, most_bytes + 1)
    except zlib.error:
        raise HttpError("unreachable", f"{host} gave an answer that cannot be unpacked.") from None
    if len(body) > most_bytes:
        raise HttpError("too_large", f"{host} answered with more than {most_bytes} bytes.")
    if not unpack.eof:
        raise HttpError("unreachable", f"{host} gave half of a packed answer.")
    headers = {name: value for name, value in response.headers.items() if name not in ("content-encoding", "content-length")}
    return HttpResponse(response.status, headers, body)
