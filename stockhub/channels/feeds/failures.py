"""What becomes of a feed whose reading ended with an error: when it is tried again, and what its operator reads."""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import Q
from django.db.models.functions import Now

from stockhub.channels.feeds.storing import let_go
from stockhub.channels.models import Feed, FeedHold
from stockhub.core import clock
from stockhub.core.logs import redacted
from stockhub.outbox.services import emit_event
from stockhub.pluginapi.connectors import (
    AuthorizationLostError,
    ConnectorError,
    RequestRefusedError,
    ThrottledError,
    UnavailableError,
)
from stockhub.pluginhost.calls import pause_after
from stockhub.values import DomainError

logger = logging.getLogger(__name__)
#: After so many failures in a row a feed is left alone: a minute, then twice as long each time, an hour at most.
FAILURES_TO_OPEN: Final = 5
_FIRST_PAUSE: Final = 2.0
_LONGEST_PAUSE: Final = 900.0
#: What a platform that says *later* and not when is spared at least.
_LEAST_WAIT: Final = 1.0
#: An account whose authorisation was lost is looked at again after this, should it be well by then.
_LOOK_AGAIN: Final = 60.0


@dataclass(frozen=True, slots=True)
class Fault:
    """An error as the feed's row tells it. `after_seconds`: not before then, as the platform asked."""

    code: str
    message: str
    after_seconds: float | None = None


def note_throttled(feed: Feed, error: ThrottledError) -> None:
    """Later, as the platform asks: no failure. Where it means the whole account, the other feeds wait as well."""
    seconds = error.after_seconds if error.after_seconds is not None else _LEAST_WAIT + full_jitter(feed.consecutive_throttles + 1)
    until = clock.wall() + timedelta(seconds=max(seconds, 0.0))
    logger.info("%s waits %.1f s, as the platform asks (%s).", feed.kind, seconds, error.operation or "all of it")
    let_go(feed, until, throttled_until=until, consecutive_throttles=feed.consecutive_throttles + 1, begun=0)
    if not error.operation:
        others = Feed.objects.filter(account_id=feed.account_id, next_attempt_at__lt=until, leased_by="").exclude(pk=feed.pk)
        others.filter(Q(throttled_until=None) | Q(throttled_until__lt=until)).update(next_attempt_at=until, throttled_until=until)


def note_failure(feed: Feed, fault: Fault, *, resets_cursor: bool = False) -> None:
    """Again later, whole: pauses grow and are spread; after several failures in a row the circuit opens, and one reading tries it."""
    failures, now = feed.consecutive_failures + 1, clock.wall()
    changes = _told(fault) | {"consecutive_failures": failures, "begun": 0}
    if failures >= FAILURES_TO_OPEN:
        wait = pause_after(failures - FAILURES_TO_OPEN + 3).total_seconds() * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load
    else:
        wait = full_jitter(failures)
    later = now + timedelta(seconds=max(wait, fault.after_seconds or 0.0))
    if failures >= FAILURES_TO_OPEN:
        changes["open_until"] = later
    if resets_cursor:
        changes |= {"cursor": "", "reading_started_at": None}
    logger.warning("%s failed %s times in a row: %s: %s", feed.kind, failures, fault.code, fault.message)
    if let_go(feed, later, **changes) and failures == FAILURES_TO_OPEN:
        _tell_stopped(feed, fault)


def note_refused(feed: Feed, fault: Fault) -> None:
    """Until somebody changes something."""
    logger.error("%s is not read until something is changed: %s: %s", feed.kind, fault.code, fault.message)
    changes = _told(fault) | {"hold": FeedHold.REFUSED.value, "consecutive_failures": feed.consecutive_failures + 1, "begun": 0}
    if let_go(feed, Now(), **changes):
        _tell_stopped(feed, fault)


def note_not_connected(feed: Feed, fault: Fault) -> None:
    """The account's own state keeps its feeds from being read until a person has authorised it; an event and an alert tell of that."""
    let_go(feed, clock.wall() + timedelta(seconds=_LOOK_AGAIN), begun=0, **_told(fault))


def note_error(feed: Feed, error: Exception, *, is_snapshot: bool) -> None:
    """Any end of a reading but a good one."""
    match error:
        case ThrottledError():
            note_throttled(feed, error)
        case AuthorizationLostError():
            note_not_connected(feed, fault_of(error))
        case RequestRefusedError(code="disconnected"):
            note_not_connected(feed, fault_of(error))
        case RequestRefusedError():
            note_refused(feed, fault_of(error))
        case _:
            fault = fault_of(error)
            note_failure(feed, fault, resets_cursor=is_snapshot and fault.code == "cursor_loop")


def fault_of(error: Exception) -> Fault:
    """What the row tells of an error; secrets in its text are hidden."""
    match error:
        case UnavailableError():
            return Fault(error.code, error.message, error.after_seconds)
        case ConnectorError() | DomainError():
            return Fault(error.code, error.message)
    return Fault("failed", f"{type(error).__name__}: {error}")


def full_jitter(failures: int) -> float:
    """Seconds between nothing and twice as much each time, so that those that failed together do not come back together."""
    return random.uniform(0.0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(failures - 1, 20)))  # noqa: S311 - spreads load


def _told(fault: Fault) -> dict[str, Any]:
    text = redacted(str(fault.message).replace("\x00", "�"))[:2000]
    return {"error_code": str(fault.code)[:60], "error": text, "error_at": clock.now()}


def _tell_stopped(feed: Feed, fault: Fault) -> None:
    payload: Mapping[str, Any] = {"account": feed.account.code, "feed": feed.kind, "code": fault.code}
    emit_event("channels.feed_stopped.v1", entity="channels.account", entity_id=feed.account_id, payload=payload)
