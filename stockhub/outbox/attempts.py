"""One attempt at one message: whether it may go now, what became of it, and what its endpoint learns from that."""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stockhub.core import actor, clock
from stockhub.core.encryption import decrypt
from stockhub.core.logs import logged_with
from stockhub.outbox.models import Delivery, DeliveryStatus, Endpoint
from stockhub.outbox.pacing import paced
from stockhub.outbox.quiet_hours import quiet_end
from stockhub.outbox.spoken import NO_CHANNEL, WORKER_DIED
from stockhub.pluginapi import Message
from stockhub.pluginhost.calls import FAILURES_TO_OPEN, pause_after
from stockhub.pluginhost.delivering import Outcome
from stockhub.pluginhost.errors import ProviderFailedError
from stockhub.pluginhost.notifying import notifiers, notify
from stockhub.values import DomainError

logger = logging.getLogger(__name__)
MAX_ATTEMPTS: Final = 8
#: The pauses are 10, 20, 40 … seconds, an hour at most: eight attempts span some 21 minutes.
_FIRST_PAUSE_SECONDS: Final = 10.0
_LONGEST_PAUSE_SECONDS: Final = 3600.0
#: How long a message waits for a notifier that is left alone for a while, and then looks again.
_CIRCUIT_SECONDS: Final = 60.0
_RELEASED: Final[Mapping[str, Any]] = {"leased_by": "", "lease_until": None}


def attempt(delivery: Delivery) -> bool | None:
    """Tries a message that was claimed, in the name of the event that it tells of. False where it failed, which is noted on the row; None
    where it was put off, which costs it no attempt.
    """
    correlation = delivery.event.correlation_id or actor.correlation_id()
    named = logged_with(delivery_id=delivery.pk, event_id=delivery.event_id)
    with actor.acting_as(actor.Actor("job:deliver"), correlation=correlation), named:
        if delivery.attempts > MAX_ATTEMPTS:
            # Its worker died each time.
            return _failed(delivery, Outcome(error=delivery.error or WORKER_DIED, is_final=True))
        if (later := _not_before(delivery)) is not None:
            _put_off(delivery, later)
            return None
        return _sent(delivery)


def _sent(delivery: Delivery) -> bool | None:
    try:
        outcome = notify(delivery.channel, _message(delivery), _configuration(delivery))
    except ProviderFailedError as error:
        if error.code == "circuit_open":
            _put_off(delivery, Now() + timedelta(seconds=_CIRCUIT_SECONDS), error=error.message)
            return None
        outcome = Outcome(error=_told(delivery, error))
    except DomainError as error:
        # Its secrets cannot be read: no attempt changes that, an operator does.
        outcome = Outcome(error=error.message, is_final=True)
    if outcome.error:
        _note_failure(delivery, outcome)
        return _failed(delivery, outcome)
    _note_success(delivery)
    _held(delivery).update(
        status=DeliveryStatus.DELIVERED, delivered_at=clock.now(), error="", reference=outcome.reference, **_RELEASED
    )  # fmt: skip
    logger.info("It was delivered by %s at attempt %s.", delivery.channel, delivery.attempts)
    return True


def _told(delivery: Delivery, error: ProviderFailedError) -> str:
    if error.code == "unknown_provider":
        return NO_CHANNEL.format(channel=repr(delivery.channel))
    return f"{error.code}: {error.message}"


def _message(delivery: Delivery) -> Message:
    key = f"{delivery.pk}-{delivery.event_id}"
    if delivery.message is None:
        return Message(key=key, language="en", subject=delivery.subject, text=delivery.body)
    return replace(Message.from_json(delivery.message), key=key)


def _configuration(delivery: Delivery) -> dict[str, Any]:
    endpoint = delivery.endpoint
    if endpoint is not None and not endpoint.is_active:
        raise DomainError("endpoint_inactive", _("The endpoint is switched off: switch it on, then try again."))
    if endpoint is None or endpoint.user_id is not None:
        return {"recipients": [delivery.recipient]}
    return {**endpoint.config, **decrypt(endpoint.secrets)}


# --- is it the time? ------------------------------------------------------------------------------------------------------------------


def _not_before(delivery: Delivery) -> datetime | None:
    """When the message may go, where that is not now."""
    endpoint = delivery.endpoint
    if endpoint is None or not endpoint.is_active:
        return None
    if (quiet := quiet_end(endpoint, clock.now(), delivery.level or 0)) is not None:
        return quiet
    notifier = notifiers().get(delivery.channel)
    limit = notifier.limits.per_minute if notifier else None
    return None if limit is None else _reserved(endpoint, limit)


def _reserved(endpoint: Endpoint, per_minute: int) -> datetime | None:
    """Takes a place among those of this minute; when the next one is free, where there is none now."""
    now = clock.wall()
    while True:
        may_go, mark = paced(now, endpoint.paced_until_at, per_minute)
        mine = Endpoint.objects.filter(pk=endpoint.pk, paced_until_at=endpoint.paced_until_at)
        if may_go > now:
            # All that waits for this endpoint waits with it.
            Endpoint.objects.filter(pk=endpoint.pk).update(next_attempt_at=may_go)
            return may_go
        if mine.update(paced_until_at=mark):
            return None
        endpoint.refresh_from_db(fields=["paced_until_at"])  # another worker was faster


def _put_off(delivery: Delivery, later: Any, *, error: str = "") -> None:  # noqa: ANN401 - an instant or an expression of one
    _held(delivery).update(
        status=DeliveryStatus.DUE, attempts=F("attempts") - 1, next_attempt_at=later, error=error or delivery.error, **_RELEASED
    )  # fmt: skip


# --- what became of it? -----------------------------------------------------------------------------------------------------------------


def _failed(delivery: Delivery, outcome: Outcome) -> bool:
    text = outcome.error[:2000]
    if outcome.is_final or delivery.attempts >= MAX_ATTEMPTS:
        logger.error("%s is given up after %s attempts: %s", delivery, delivery.attempts, text)
        _held(delivery).update(status=DeliveryStatus.DEAD, error=text, **_RELEASED)
    else:
        logger.warning("%s failed at attempt %s of %s: %s", delivery, delivery.attempts, MAX_ATTEMPTS, text)
        later = Now() + timedelta(seconds=max(_pause(delivery.attempts), outcome.after_seconds or 0.0))
        _held(delivery).update(status=DeliveryStatus.DUE, error=text, next_attempt_at=later, **_RELEASED)
    return False


def _held(delivery: Delivery) -> Any:  # noqa: ANN401 - a queryset
    """The row, while it is still this worker's."""
    return Delivery.objects.filter(pk=delivery.pk, leased_by=delivery.leased_by, attempts=delivery.attempts)


def _note_success(delivery: Delivery) -> None:
    if delivery.endpoint_id is not None:
        Endpoint.objects.filter(pk=delivery.endpoint_id).update(consecutive_failures=0, last_ok_at=clock.wall(), last_error="")


def _note_failure(delivery: Delivery, outcome: Outcome) -> None:
    """An endpoint that failed three times in a row is left alone for a minute, then for twice as long each time, an hour at most."""
    endpoint = delivery.endpoint
    if endpoint is None:
        return
    now, failures = clock.wall(), endpoint.consecutive_failures + 1
    columns: dict[str, Any] = {"consecutive_failures": failures, "last_error_at": now, "last_error": outcome.error[:2000]}
    if failures >= FAILURES_TO_OPEN:
        columns["next_attempt_at"] = now + pause_after(failures)
    Endpoint.objects.filter(pk=endpoint.pk).update(**columns)


def _pause(attempts: int) -> float:
    """Seconds until the next attempt, spread so that messages which failed together do not come back together."""
    return min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 2.0 ** (attempts - 1)) * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load
