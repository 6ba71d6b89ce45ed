"""HTTP: a GET is a file. A session or `Authorization: Bearer <token>` says who asks; nothing is changed, so there is no CSRF to check.

A file is streamed as it is read. What is wrong with a request is said before the first byte; what goes wrong after it ends the connection
early, so that half a file is never taken for a whole one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import IO, Any, Final, TypeVar

from asgiref.sync import sync_to_async
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.asgi import ASGIRequest
from django.db import InterfaceError, OperationalError
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from stockhub.access.models import User
from stockhub.access.services import authenticate_token
from stockhub.core import actor, clock
from stockhub.exports.export import Export
from stockhub.exports.filters import chosen, flag
from stockhub.exports.formats import FORMATS, Format, csv_chunks
from stockhub.exports.registry import EXPORTS
from stockhub.values import DomainError

logger = logging.getLogger("stockhub.exports")
_BEARER: Final = re.compile(r"Bearer +([\x21-\x7e]{1,4096})", re.IGNORECASE)
Response = TypeVar("Response", bound=HttpResponseBase)
#: Starts a CSV with a byte order mark, without which a spreadsheet takes Chinese for something else.
BOM_PARAMETER: Final = "bom"


def listed(request: HttpRequest) -> HttpResponseBase:
    """The exports that the asking user may have, with their columns and filters."""
    user = _known(request)
    if isinstance(user, HttpResponse):
        return user
    mine = [_described(each) for each in EXPORTS.values() if user.has_perms(each.permissions)]
    return _headers(JsonResponse({"exports": mine}, json_dumps_params={"ensure_ascii": False}))


def file(request: HttpRequest, name: str, suffix: str) -> HttpResponseBase:
    """One export as a file."""
    user = _known(request)
    if isinstance(user, HttpResponse):
        return user
    export, form = EXPORTS.get(name), FORMATS.get(suffix)
    if export is None or form is None:
        message = _("There is no export %(name)s.%(suffix)s. See /exports/ for what there is; the formats are %(formats)s.")
        message %= {"name": name, "suffix": suffix, "formats": ", ".join(FORMATS)}
        return _refused(404, "NOT_FOUND", message)
    if lacking := [each for each in export.permissions if not user.has_perm(each)]:
        message = _("The export %(name)s needs the permission %(permission)s; ask an administrator for it.")
        return _refused(403, "FORBIDDEN", message % {"name": name, "permission": lacking[0]})
    try:
        return _sent(request, user, export, form)
    except DomainError as error:
        return _refused(400, error.code, error.message, path=error.path)
    except (OperationalError, InterfaceError):
        logger.exception("Export %s: the database does not answer.", name)
        return _refused(503, "UNAVAILABLE", _("The database does not answer. Try again in a moment."))


def _sent(request: HttpRequest, user: User, export: Export, form: Format) -> HttpResponseBase:
    besides = (BOM_PARAMETER,) if form.as_file is None else ()
    wanted = chosen(export.filters, request.GET, user, besides=besides)
    bom = flag(BOM_PARAMETER, request.GET[BOM_PARAMETER]) if BOM_PARAMETER in request.GET and besides else False
    name = f"{export.name}-{clock.now():%Y%m%dT%H%MZ}.{form.suffix}"
    if request.method == "HEAD":
        return _headers(HttpResponse(content_type=form.content_type), name)
    with actor.acting_as(actor.Actor(user.get_username(), user.pk)):
        rows = export.rows(user, wanted)
        logger.info("Export %s for %s: %s", name, user.get_username(), sorted(wanted))
    if form.as_file is not None:
        return _headers(_whole(form.as_file(export.columns, rows), form), name)
    pieces = csv_chunks(export.columns, rows, bom=bom)
    # What cannot even begin is a refusal, not half a file.
    first = next(pieces)
    return _headers(_streamed(request, first, pieces, form), name)


def _whole(made: IO[bytes], form: Format) -> FileResponse:
    made.seek(0)
    return FileResponse(made, content_type=form.content_type)


def _streamed(request: HttpRequest, first: bytes, rest: Iterator[bytes], form: Format) -> StreamingHttpResponse:
    """Under ASGI an ordinary iterator would be read to its end before the first byte is sent, and the whole file be held in memory."""
    content: Any = _without_blocking(first, rest) if isinstance(request, ASGIRequest) else _all(first, rest)
    return StreamingHttpResponse(content, content_type=form.content_type)


def _all(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


async def _without_blocking(first: bytes, rest: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Each piece is read in the request's own thread, which has its connection to the database."""
    yield first
    while (piece := await sync_to_async(_next, thread_sensitive=True)(rest)) is not None:
        yield piece


def _next(pieces: Iterator[bytes]) -> bytes | None:
    return next(pieces, None)


# --- who asks, and what is said -------------------------------------------------------------------------------------------------


def _known(request: HttpRequest) -> User | HttpResponse:
    """The token's user, or the session's where there is no token; a refusal for everybody else."""
    if request.method not in ("GET", "HEAD"):
        return _refused(405, "METHOD_NOT_ALLOWED", _("An export is a GET."), headers={"Allow": "GET, HEAD"})
    header = request.headers.get("Authorization")
    user: User | AnonymousUser | None = request.user
    if header is not None:
        found = _BEARER.fullmatch(header.strip())
        user = authenticate_token(found.group(1)) if found else None
    if not isinstance(user, User) or not user.is_active:
        message = _("Log in, or send a valid token as `Authorization: Bearer …`.")
        return _refused(401, "UNAUTHENTICATED", message, headers={"WWW-Authenticate": "Bearer"})
    return user


def _refused(status: int, code: str, message: str, *, path: Sequence[str] = (), headers: Mapping[str, str] | None = None) -> HttpResponse:
    """In the shape of the API's errors."""
    extensions = {"code": code, "path": list(path), "correlationId": actor.correlation_id()}
    body = {"errors": [{"message": message, "extensions": extensions}]}
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    for name, value in (headers or {}).items():
        response[name] = value
    return _headers(response)


def _headers(response: Response, name: str = "") -> Response:
    response["Cache-Control"] = "no-store"
    # The same address is another file for another user.
    response["Vary"] = "Authorization, Cookie"
    if name:
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _described(export: Export) -> dict[str, Any]:
    return {
        "name": export.name,
        "about": export.about,
        "urls": [f"/exports/{export.name}.{suffix}" for suffix in FORMATS],
        "columns": [{"name": column.name, "kind": str(column.kind), "about": column.about} for column in export.columns],
        "parameters": [{"name": each.name, "about": each.about, "many": each.is_many} for each in export.filters],
    }
