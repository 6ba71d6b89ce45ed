"""A page of a connector: looked at before anything of it is believed."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from stockhub.channels.inbox import Checked, check_records
from stockhub.channels.models import Account, Feed
from stockhub.channels.order_intake import Refusal
from stockhub.channels.payloads import ALTERED, clean
from stockhub.core import clock
from stockhub.core.logs import redacted
from stockhub.pluginapi.connectors import Page, Rejected, UnreadableAnswerError
from stockhub.pluginhost.errors import InvalidAnswerError

CURSOR_CHARS: Final = 4_000
#: More than a page of any platform, and what fits into memory many times over.
MOST_RECORDS: Final = 10_000
_LONGEST_WAIT: Final = 86_400.0
_REJECTED_BYTES: Final = 16 * 1024
_MOST_COUNTED: Final = 2**53


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """What of a page is kept: good records, faulty ones with their faults, and the rest of it within its bounds."""

    records: Checked
    rejected: list[tuple[dict[str, Any], Refusal]]
    number: int
    cursor: str
    data_until: datetime | None
    again_after: float | None
    is_last: bool
    done: int | None
    total: int | None

    @property
    def set_apart(self) -> int:
        return len(self.rejected) + len(self.records.refused) + len(self.records.lost)


def checked_page(page: object) -> Page[Any]:
    """The page, where it is one. InvalidAnswerError is the connector's fault."""
    if not isinstance(page, Page):
        raise InvalidAnswerError("wrong_type", f"It gave {type(page).__name__} for a page.")
    _check_cursor(page.cursor)
    for name in ("records", "rejected"):
        rows = getattr(page, name)
        if not isinstance(rows, Sequence) or isinstance(rows, str | bytes):
            raise InvalidAnswerError("wrong_type", f"The {name} of a page are a list.")
        if len(rows) > MOST_RECORDS:
            raise InvalidAnswerError("too_large", f"A page has at most {MOST_RECORDS} {name}; this one has {len(rows)}.")
    if not all(isinstance(part, Rejected) for part in page.rejected):
        raise InvalidAnswerError("wrong_type", "What is rejected is told as Rejected.")
    if page.data_until is not None and (not isinstance(page.data_until, datetime) or page.data_until.tzinfo is None):
        raise InvalidAnswerError("wrong_type", "data_until is an instant with a time zone.")
    _check_numbers(page)
    return page


def _check_cursor(cursor: object) -> None:
    if not isinstance(cursor, str):
        raise InvalidAnswerError("wrong_type", "A cursor is text.")
    if len(cursor) > CURSOR_CHARS:
        raise InvalidAnswerError("too_large", f"A cursor has at most {CURSOR_CHARS} characters; this one has {len(cursor)}.")
    if clean(cursor) != cursor:
        raise InvalidAnswerError("wrong_type", "A cursor holds a NUL or half a character.")


def _check_numbers(page: Page[Any]) -> None:
    wait = page.again_after
    if wait is not None and (not isinstance(wait, int | float) or not math.isfinite(wait) or wait < 0):
        raise InvalidAnswerError("not_finite", "again_after is a number of seconds.")
    for name in ("done", "total"):
        number = getattr(page, name)
        if number is not None and (not isinstance(number, int) or not 0 <= number <= _MOST_COUNTED):
            raise InvalidAnswerError("negative", f"{name} is a count.")


def looked_at(page: Page[Any], account: Account, kind: str) -> CheckedPage:
    """What of a page is kept, without a query. A page that says it reaches into the future reaches until now."""
    now = clock.now()
    return CheckedPage(
        check_records(account=account, kind=kind, records=page.records),
        [(_kept_of(part), Refusal(_name_of(part), clean(part.code)[:60] or "rejected", redacted(clean(part.message))[:2000]))
         for part in page.rejected],
        len(page.records), page.cursor, None if page.data_until is None else min(page.data_until, now),
        None if page.again_after is None else min(float(page.again_after), _LONGEST_WAIT),
        page.is_last, page.done, page.total,
    )  # fmt: skip


def _name_of(part: Rejected) -> str:
    """The row's id, or what stands for it: rows without one must not be taken for one and the same."""
    return clean(part.external_id)[:200] or f"?{digest_of(_whole_of(part))}"


def _whole_of(part: Rejected) -> str:
    """All of the payload, as far as it can be written, for a digest alone: what is kept of two may be the same."""
    try:
        return json.dumps(dict(part.payload), default=str)
    except (TypeError, ValueError, RecursionError):
        return f"{part.code} {part.message}"


def _kept_of(part: Rejected) -> dict[str, Any]:
    """The payload as it may be kept: marked as no record, so that nothing takes it for one."""
    try:
        text = json.dumps(dict(part.payload), allow_nan=False, default=str, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return {ALTERED: True}
    if len(text) > _REJECTED_BYTES:
        return {ALTERED: True}
    kept: dict[str, Any] = json.loads(clean(text).replace("\\u0000", "�"))
    return kept | {ALTERED: True}


def digest_of(cursor: str) -> str:
    return hashlib.blake2b(cursor.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def refuse_loop(feed: Feed, page: Page[Any], seen: set[str]) -> None:
    """UnreadableAnswerError `cursor_loop` where a page's cursor came before in this reading, although the page is not the last.

    `seen` holds the cursors that this worker saw; a longer loop comes by the feed's mark, whichever worker reads. A page that says *again
    later* may keep its place, and a last page repeats nothing.
    """
    if page.is_last or page.again_after is not None:
        return
    digest = digest_of(page.cursor)
    if page.cursor == feed.cursor or digest in seen or digest == feed.loop_mark:
        raise UnreadableAnswerError(
            "The platform's pages lead back to one that was read already: the reading is ended, and begun again later.", code="cursor_loop"
        )
    seen.add(digest)


def mark_after(feed: Feed, page: CheckedPage) -> str:
    """The mark with one page more: its cursor where the number of pages is a power of two."""
    pages = feed.reading_pages + 1
    return digest_of(page.cursor) if pages & (pages - 1) == 0 else feed.loop_mark
