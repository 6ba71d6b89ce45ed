"""What becomes of a push by what became of its rows: ended, to be read back, to be sent again, or for a person to decide."""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from stockhub.channels.models import Account, PriceFact
from stockhub.channels.pushes.models import OPEN, Push, PushKind, PushRow, PushRowStatus, PushStatus
from stockhub.channels.pushes.planning import effective_prices
from stockhub.channels.pushes.platform_calls import can_read_back
from stockhub.channels.pushes.proposing import tell
from stockhub.channels.pushes.shown import Seen, note_shown
from stockhub.core import clock

logger = logging.getLogger(__name__)
MOST_SENDS: Final = 5
MOST_READS: Final = 8
_FIRST_READ_SECONDS: Final = 5.0
_LONGEST_PAUSE_SECONDS: Final = 1800.0
#: So long a platform may take over what it has accepted.
_ACCEPTED_FOR: Final = timedelta(hours=24)
#: A removal is followed by reports that take minutes: its pauses begin as if it had been read so often.
_SLOWER: Final = 4
_RELEASED: Final[dict[str, Any]] = {"leased_by": "", "lease_until": None}
_DONE: Final = (PushRowStatus.APPLIED, PushRowStatus.UNCHANGED)


def held(push: Push) -> QuerySet[Push]:
    """The push while it is this worker's and open: empty where another worker has taken it over, or a person has decided on it."""
    return Push.objects.filter(pk=push.pk, leased_by=push.leased_by, status__in=OPEN)


def note_rows(push: Push, rows: Sequence[PushRow], columns: Sequence[str]) -> bool:
    """Writes what became of rows; False, and nothing, where the push is no longer this worker's."""
    with transaction.atomic():
        if not held(push).select_for_update().exists():
            logger.warning("Push %s was taken over or decided on meanwhile: what came of its request is not noted.", push.pk)
            return False
        PushRow.objects.bulk_update(rows, columns, batch_size=200)
    return True


def put_off(push: Push, seconds: float, *, error: str, costs_nothing: bool = False) -> None:
    """Lets the push go until later; what it has sent stays as it is noted."""
    attempts = F("attempts") - 1 if costs_nothing else F("attempts")
    status = PushStatus(push.status)
    if status in (PushStatus.APPROVED, PushStatus.SENDING):
        unknown = PushRow.objects.filter(push=push, status=PushRowStatus.UNKNOWN).exists()
        status = PushStatus.UNKNOWN if unknown else PushStatus.APPROVED
    held(push).update(
        status=status, attempts=attempts, next_attempt_at=Now() + timedelta(seconds=seconds), error=error[:2000],
        updated_at=clock.now(), **_RELEASED,
    )  # fmt: skip


def settle(push: Push, *, expired: bool = False, error: str = "") -> bool:
    """Moves a held push on; True where it ended."""
    account = Account.objects.get(pk=push.account_id)
    with transaction.atomic():
        if not held(push).select_for_update().exists():
            return False
        rows = list(PushRow.objects.filter(push=push).order_by("place"))
        if expired or push.attempts >= MOST_SENDS:
            _give_up(rows, "expired" if expired else "too_many_attempts")
        status, pause = _next(push, account, {PushRowStatus(row.status) for row in rows}, expired=expired)
        ended = pause is None and status not in (PushStatus.UNKNOWN, PushStatus.SENT)
        told = error or next((row.message for row in rows if row.message and row.status not in _DONE), "")
        changes: dict[str, Any] = {
            "status": status, "error": told[:2000], "updated_at": clock.now(), "version": F("version") + 1,
            "reference": next((row.reference for row in rows if row.reference), push.reference),
            "next_attempt_at": None if pause is None else Now() + timedelta(seconds=pause), **_RELEASED,
        }  # fmt: skip
        if ended:
            changes["finished_at"] = clock.now()
        Push.objects.filter(pk=push.pk).update(**changes)
        before, push.status = push.status, status
        if ended or pause is None or status != before:
            tell(push, str(status), rows=_counts(rows))
    if pause is None and not ended:
        logger.error("Push %s waits for a person: %s", push.pk, told)
    return ended


def _give_up(rows: list[PushRow], code: str) -> None:
    texts = {"expired": "The approval ended before it was sent.", "too_many_attempts": "It was sent five times and never done."}
    given_up = [row for row in rows if row.status == PushRowStatus.PENDING]
    for row in given_up:
        row.status, row.error_code, row.message = PushRowStatus.FAILED, code, row.message or texts[code]
    PushRow.objects.bulk_update(given_up, ["status", "error_code", "message"], batch_size=200)


def _next(push: Push, account: Account, statuses: set[PushRowStatus], *, expired: bool) -> tuple[PushStatus, float | None]:
    """The status, and the seconds until the next step; None where there is none by itself."""
    readable = can_read_back(account, push.kind)
    reads = push.reads + _SLOWER if push.kind == PushKind.REMOVAL else push.reads
    if PushRowStatus.UNKNOWN in statuses:
        return PushStatus.UNKNOWN, _pause(reads) if readable and push.reads < MOST_READS else None
    if PushRowStatus.PENDING in statuses:
        return PushStatus.APPROVED, _pause(push.attempts)
    if PushRowStatus.ACCEPTED in statuses:
        late = push.first_sent_at is not None and push.first_sent_at + _ACCEPTED_FOR <= clock.now()
        if late and push.kind == PushKind.REMOVAL:
            # Whoever ended it here could ask for it a second time, while the platform still works on the first.
            return PushStatus.SENT, None
        if late and readable:
            return PushStatus.EXPIRED, None
        return PushStatus.SENT, _pause(reads) if readable else None
    return _end(statuses, expired=expired), None


def _end(statuses: set[PushRowStatus], *, expired: bool) -> PushStatus:
    if statuses <= set(_DONE):
        return PushStatus.CONFIRMED
    if expired and not statuses & set(_DONE):
        return PushStatus.EXPIRED
    return PushStatus.REFUSED if statuses == {PushRowStatus.REFUSED} else PushStatus.FAILED


def _pause(times: int) -> float:
    return min(_LONGEST_PAUSE_SECONDS, _FIRST_READ_SECONDS * 2.0**times) * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load


def note_applied(push: Push, rows: Sequence[PushRow]) -> None:
    """What was applied just now is what the platform shows or what it costs, so that the next change and the way back begin there.

    To be called once for each row, when it is heard of: a later turn of the push would overwrite what was seen since.
    """
    applied = [row for row in rows if row.status == PushRowStatus.APPLIED]
    if push.kind == PushKind.STOCK:
        now = clock.now()
        note_shown(
            Seen(row.listing_id, row.warehouse, row.after_qty, now) for row in applied if row.listing_id and row.after_qty is not None
        )
    elif push.kind == PushKind.PRICE:
        _note_prices(applied)


def _note_prices(rows: Sequence[PushRow]) -> None:
    applied = {row.listing_id: row for row in rows if row.listing_id and row.after_amount is not None}
    known = effective_prices(set(applied))
    told = {pk: (fact.amount, fact.currency) for pk, fact in known.items()}
    news = {pk: row for pk, row in applied.items() if told.get(pk) != (row.after_amount, row.currency)}
    seen: dict[str, Any] = {"kind": "effective", "reason": "push", "occurred_at": clock.now()}
    PriceFact.objects.bulk_create(
        PriceFact(listing_id=pk, amount=row.after_amount, currency=row.currency, **seen) for pk, row in news.items()
    )


def _counts(rows: list[PushRow]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[str(row.status)] = counts.get(str(row.status), 0) + 1
    return counts
