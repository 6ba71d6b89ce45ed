"""Sending pushes: each request at most once, unless the platform is seen not to have done it (promise 13).

A row is marked before its request goes out and noted after its answer. Where a worker dies in between, or no answer comes, the row is
unknown: it is read back before anything is repeated, and repeated under the same key. What cannot be read back waits for a person.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from stockhub.channels.models import Account, AccountMode
from stockhub.channels.pushes.models import OPEN, Push, PushRow, PushRowStatus, PushSettings, PushStatus
from stockhub.channels.pushes.platform_calls import request_key, send
from stockhub.channels.pushes.reading_back import read_back
from stockhub.channels.pushes.settling import held, note_applied, note_rows, put_off, settle
from stockhub.core import actor, clock
from stockhub.core.claims import claim
from stockhub.core.logs import logged_with
from stockhub.pluginapi.connectors import (
    AuthorizationLostError,
    PushResult,
    RequestRefusedError,
    ThrottledError,
)
from stockhub.pluginapi.connectors import PushStatus as Told
from stockhub.pluginhost.errors import ProviderFailedError

logger = logging.getLogger(__name__)
#: One attempt may take this long beyond the lease that all work has: some requests, one after the other.
_LONGEST_SECONDS: Final = 120.0
#: How long a push waits that may not be sent now: its account is stopped, read-only, or has to be authorised again.
_HINDERED_SECONDS: Final = 60.0
_LOST_SECONDS: Final = 600.0
#: With these the connector was never called, so that no request was made.
_NOT_CALLED: Final = frozenset({"circuit_open", "unknown_provider", "plugin_disabled", "plugin_unavailable"})
_DUE: Final = Q(status__in=OPEN, next_attempt_at__lte=Now()) & (Q(lease_until=None) | Q(lease_until__lt=Now()))
#: What a turn changes. Never the lease: what is read anew could be another worker's.
_MOVED: Final = ("status", "attempts", "reads", "sent_at", "first_sent_at")
_ROW_OF: Final = {
    Told.APPLIED: PushRowStatus.APPLIED,
    Told.ACCEPTED: PushRowStatus.ACCEPTED,
    Told.UNCHANGED: PushRowStatus.UNCHANGED,
    Told.REFUSED: PushRowStatus.REFUSED,
    Told.FAILED: PushRowStatus.FAILED,
    Told.UNKNOWN: PushRowStatus.UNKNOWN,
}


@dataclass(slots=True)
class Sent:
    """What one call of `send_due_pushes` did: pushes that it looked at, and those that ended."""

    taken: int = 0
    ended: int = 0


def due() -> QuerySet[Push]:
    """What could be sent or read back now, the oldest first."""
    return Push.objects.filter(_DUE).order_by("next_attempt_at", "pk")


def send_due_pushes(worker: str, *, seconds: float | None = None, stopping: Callable[[], bool] = lambda: False) -> Sent:
    """Sends and reads back what is due, one push at a time, until nothing is or `seconds` are used up."""
    done, seen = Sent(), set[int]()
    deadline = None if seconds is None else time.monotonic() + seconds
    while not stopping() and (deadline is None or time.monotonic() < deadline):
        holder = f"{worker[:60]}:{uuid.uuid4().hex[:12]}"
        lease = Now() + timedelta(seconds=settings.STOCKHUB_LEASE_SECONDS + _LONGEST_SECONDS)
        push = claim(due().exclude(pk__in=seen), while_still=_DUE, leased_by=holder, lease_until=lease)
        if push is None:
            break
        seen.add(push.pk)
        done.taken += 1
        with actor.acting_as(actor.Actor("job:push")), logged_with(push_id=push.pk):
            done.ended += _turn(push)
    return done


def _turn(push: Push) -> bool:
    """One step of a push that is held; True where it ended with that."""
    account = Account.objects.get(pk=push.account_id)
    if push.status == PushStatus.SENDING:
        # Its worker died: nobody knows which of the rows that it had marked went out.
        rows = PushRow.objects.filter(push=push, status=PushRowStatus.SENDING)
        rows.update(
            status=PushRowStatus.UNKNOWN, error_code="worker_died", message="The worker that sent it died before it could note the answer."
        )
    if PushRow.objects.filter(push=push, status__in=(PushRowStatus.UNKNOWN, PushRowStatus.ACCEPTED)).exists():
        return read_back(account, push)
    if hindered := _hindered(push.account_id):
        put_off(push, _HINDERED_SECONDS, error=hindered)
        return False
    if push.expires_at is not None and push.expires_at <= clock.now():
        return settle(push, expired=True)
    return _send(push)


def _hindered(account_id: int) -> str:
    """Why nothing may be sent to an account now, as it is at this moment; empty where it may."""
    if PushSettings.objects.filter(account_id=account_id, is_stopped=True).exists():
        return "Pushes of this account are stopped."
    open_ = Account.objects.filter(pk=account_id, mode=AccountMode.WRITE, is_active=True, deleted_at=None)
    return "" if open_.exists() else "The account is read-only, inactive or deleted."


def _send(push: Push) -> bool:
    now = clock.now()
    marked = held(push).update(
        status=PushStatus.SENDING, attempts=F("attempts") + 1, sent_at=now, first_sent_at=push.first_sent_at or now, updated_at=now
    )
    if not marked:
        return False  # another worker has it
    push.refresh_from_db(fields=_MOVED)
    pending = list(PushRow.objects.filter(push=push, status=PushRowStatus.PENDING).order_by("place"))
    for call in sorted({row.call for row in pending}):
        if not _request(push, [row for row in pending if row.call == call]):
            break
    push.refresh_from_db(fields=_MOVED)
    return push.status == PushStatus.SENDING and settle(push)


def _request(push: Push, rows: Sequence[PushRow]) -> bool:
    """Makes one request and notes what became of its rows; False where the ones after it have to wait.

    Whoever pulls the emergency stop, or takes writing away, stops the next request, not the next push.
    """
    if hindered := _hindered(push.account_id):
        put_off(push, _HINDERED_SECONDS, error=hindered, costs_nothing=True)
        return False
    account = Account.objects.get(pk=push.account_id)
    lease = Now() + timedelta(seconds=settings.STOCKHUB_LEASE_SECONDS + _LONGEST_SECONDS)
    if not held(push).update(lease_until=lease) or not _mark(push, rows, PushRowStatus.SENDING):
        return False
    try:
        results = send(account, push.kind, rows, request_key(push, rows[0].call), preview=False)
    except ThrottledError as error:
        # The platform took nothing of it.
        _mark(push, rows, PushRowStatus.PENDING)
        put_off(push, error.after_seconds or _HINDERED_SECONDS, error=error.message, costs_nothing=True)
        return False
    except AuthorizationLostError as error:
        _mark(push, rows, PushRowStatus.PENDING)
        put_off(push, _LOST_SECONDS, error=error.message, costs_nothing=True)
        return False
    except ProviderFailedError as error:
        if error.code in _NOT_CALLED:
            _mark(push, rows, PushRowStatus.PENDING)
            put_off(push, _LOST_SECONDS, error=error.message, costs_nothing=True)
            return False
        results = _unknown(rows, error.code, error.message)
    except RequestRefusedError as error:
        results = [PushResult(index, Told.REFUSED, error.code, error.message) for index in range(len(rows))]
    except Exception as error:  # noqa: BLE001 - whatever a connector raises: the request may have been made
        logger.warning("A push has no answer: %s", type(error).__name__)
        results = _unknown(rows, getattr(error, "code", "no_answer"), getattr(error, "message", f"No answer came: {type(error).__name__}."))
    return _note(push, rows, results)


def _mark(push: Push, rows: Sequence[PushRow], status: PushRowStatus) -> bool:
    for row in rows:
        row.status = status
    return note_rows(push, rows, ["status"])


def _unknown(rows: Sequence[PushRow], code: str, message: str) -> list[PushResult]:
    return [PushResult(index, Told.UNKNOWN, code[:60], message[:500]) for index in range(len(rows))]


def _note(push: Push, rows: Sequence[PushRow], results: Sequence[PushResult]) -> bool:
    for row, result in zip(rows, results, strict=True):
        row.status, row.error_code, row.message = _ROW_OF[result.status], result.code, result.message
        row.reference = result.reference or row.reference
    with transaction.atomic():
        if not note_rows(push, rows, ["status", "error_code", "message", "reference"]):
            return False
        note_applied(push, rows)
    return True
