"""Working on messages: in batches under a lease, their records into the inbox and the mark that they are done in one transaction.

The connector is asked outside of any transaction, for it fetches. A platform that does not answer, or wants to be left alone, is no fault
of the messages, which wait; one that a connector cannot cope with is looked for by taking each alone, and is parked after `MAX_ATTEMPTS`.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Now

from stockhub.channels import quarantine as quarantining
from stockhub.channels.connecting.asking import asking
from stockhub.channels.connecting.contexts import connector_of
from stockhub.channels.inbox import ACCEPT_ROWS, check_records, store_checked
from stockhub.channels.models import Account
from stockhub.channels.order_intake import Refusal
from stockhub.channels.payloads import RECORD_KINDS
from stockhub.channels.webhooks.models import WebhookMessage, WebhookStatus
from stockhub.channels.webhooks.waiting import DUE, next_account
from stockhub.core import actor, clock
from stockhub.core.logs import redacted
from stockhub.cycles.attempts import pause
from stockhub.inventory.transactions import in_transaction
from stockhub.pluginapi.connectors import (
    AuthorizationLostError,
    ConnectorContext,
    ConnectorError,
    ReceiveWebhook,
    RequestRefusedError,
    ThrottledError,
    UnavailableError,
    WebhookFacts,
)
from stockhub.pluginapi.connectors import WebhookMessage as Message
from stockhub.pluginhost.errors import ProviderFailedError
from stockhub.values import DomainError

logger = logging.getLogger(__name__)
#: Messages of one call of a connector.
BATCH: Final = 50
#: A platform that is away for two hours and a half costs this many; polling brings what is parked then.
MAX_ATTEMPTS: Final = 12
#: Begun so often without an end, a message is taken alone: workers may die for reasons of their own.
SUSPECT_AFTER: Final = 3
#: So often more, and it is parked: its workers die of it.
_DEADLY: Final = SUSPECT_AFTER + 3
#: A batch may fetch for this long beyond a lease; then another worker takes over what is left of it.
_FETCH_SECONDS: Final = 120.0
_FIRST_PAUSE: Final = 15.0
_LONGEST_PAUSE: Final = 1800.0
#: Where nobody said for how long a platform wants to be left alone, or an authorisation is missing.
_THROTTLED_SECONDS: Final = 30.0
_UNAUTHORISED_SECONDS: Final = 600.0
#: What an operator mends, or time: no message is at fault.
_OUR_TROUBLE: Final = frozenset({
    "unknown_provider", "invalid_configuration", "encryption_key_missing", "encryption_key_invalid", "plugin_disabled",
    "plugin_unavailable", "circuit_open",
})  # fmt: skip
_MENDED_SECONDS: Final = 60.0


@dataclass(slots=True)
class Worked:
    """What `work_due` did with messages: done, parked, and put off for another attempt."""

    done: int = 0
    parked: int = 0
    put_off: int = 0

    @property
    def total(self) -> int:
        return self.done + self.parked + self.put_off


@dataclass(slots=True)
class _Batch:
    account: Account
    holder: str
    rows: list[WebhookMessage]
    #: Ids that are not done yet.
    left: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.left = {row.message_id for row in self.rows}

    @property
    def is_alone(self) -> bool:
        return len(self.rows) == 1

    def held(self) -> QuerySet[WebhookMessage]:
        """Rows of the batch that are not done and that no other worker has taken over."""
        return WebhookMessage.objects.filter(account=self.account, leased_by=self.holder, status=WebhookStatus.DUE)


def work_due(worker: str, *, seconds: float | None = None, stopping: Callable[[], bool] = lambda: False) -> Worked:
    """Works on what is due, the oldest first, until nothing is or `seconds` are used up. A database that does not answer raises."""
    told = Worked()
    deadline = None if seconds is None else time.monotonic() + seconds
    while not stopping() and (deadline is None or time.monotonic() < deadline):
        batch = in_transaction(lambda: _begin(worker))
        if batch is None:
            break
        _work(batch, told)
    return told


def _begin(worker: str) -> _Batch | None:
    """The next batch of an account, leased; None where nothing is due, or other workers are at it."""
    account = next_account()
    if account is None:
        return None
    due = WebhookMessage.objects.filter(DUE, account=account).order_by("next_attempt_at", "id")
    due = due.select_for_update(no_key=True, skip_locked=True)
    oldest = due.first()
    if oldest is None:
        return None
    rows = [oldest] if oldest.begun >= SUSPECT_AFTER else list(due.filter(begun__lt=SUSPECT_AFTER)[:BATCH])
    holder = f"{worker[:100]}:{secrets.token_hex(4)}"
    lease = Now() + timedelta(seconds=settings.STOCKHUB_LEASE_SECONDS + _FETCH_SECONDS)
    WebhookMessage.objects.filter(pk__in=[row.pk for row in rows]).update(leased_by=holder, lease_until=lease, begun=F("begun") + 1)
    return _Batch(account, holder, rows)


def _work(batch: _Batch, told: Worked) -> None:
    if batch.is_alone and batch.rows[0].begun >= _DEADLY:
        _park(batch, "Its workers died each time that they began on it.", told)
        return
    with actor.acting_as(actor.Actor(f"webhook:{batch.account.marketplace}"), correlation=f"webhook-{batch.rows[0].pk}"):
        try:
            # Each message backs off for itself: one that always fails must not keep the feeds of its connector from being read.
            asking(batch.account, lambda context: _ask(batch, context, told), circuit=False)
        except (OperationalError, InterfaceError):
            # The database's trouble: the lease runs out, and whoever called looks again.
            raise
        except Exception as error:  # noqa: BLE001 - each kind has its own consequence, and all of them are written down
            _failed(batch, error, told)
        else:
            if batch.left:
                _not_coped_with(batch, "The connector did not say what became of it.", told)


def _ask(batch: _Batch, context: ConnectorContext, told: Worked) -> None:
    """Has the connector work on what is not done yet: it is asked once more where the platform refuses a token."""
    connector = connector_of(batch.account)
    if not isinstance(connector, ReceiveWebhook):
        raise ProviderFailedError("plugin_unavailable", f"The connector {connector.slug} takes no pushes any more.")
    messages = [Message(row.message_id, row.kind, row.payload, row.occurred_at) for row in batch.rows if row.message_id in batch.left]
    for facts in connector.work_on(messages, context):
        told.done += in_transaction(lambda facts=facts: _take(batch, facts))  # type: ignore[misc]
        batch.left -= set(facts.message_ids)


def _take(batch: _Batch, facts: WebhookFacts) -> int:
    """The records of some messages and the mark that these are done; 0, and nothing, where another worker has taken the messages over.

    Records that finish no message (an order that comes before its return) are kept as well while the batch is this worker's.
    """
    kind = RECORD_KINDS.get(facts.kind)
    if kind is None and (facts.records or facts.rejected):
        raise ConnectorError("unknown_kind", f"Nothing takes records of {facts.kind} that a push leads to.")
    named = batch.left & set(facts.message_ids)
    # Where all of the batch is done, this worker did it, and no other can have it.
    wanted = named or batch.left
    held = batch.held().filter(message_id__in=sorted(wanted)).order_by("pk").select_for_update(no_key=True)
    rows = list(held.values_list("pk", "message_id"))
    if wanted and not rows:
        return 0
    if kind is not None:
        _keep(batch.account, kind, facts)
    done = [pk for pk, message_id in rows if message_id in named]
    WebhookMessage.objects.filter(pk__in=done).update(
        status=WebhookStatus.DONE, done_at=clock.now(), leased_by="", lease_until=None, begun=0, error=""
    )
    return len(done)


def _keep(account: Account, kind: str, facts: WebhookFacts) -> None:
    """The records into the inbox, what is rejected or cannot be kept into quarantine, in the caller's transaction."""
    refused = [(dict(each.payload), Refusal(each.external_id, each.code, each.message)) for each in facts.rejected]
    for start in range(0, len(facts.records), ACCEPT_ROWS):
        checked = check_records(account=account, kind=kind, records=facts.records[start : start + ACCEPT_ROWS])
        store_checked(account=account, kind=kind, checked=checked, source="webhook")
        refused += [({}, refusal) for refusal in checked.lost]
    quarantining.keep_refused(account=account, kind=kind, refused=refused)


def _failed(batch: _Batch, error: Exception, told: Worked) -> None:
    """What follows from an error, for the messages of the batch that are not done."""
    logger.warning("Messages of %s were not worked on: %s", batch.account.code, _text(error), extra={"messages": len(batch.left)})
    match error:
        case ThrottledError():
            _put_off(batch, error.after_seconds or _THROTTLED_SECONDS, _text(error), told)
        case AuthorizationLostError():
            _put_off(batch, _UNAUTHORISED_SECONDS, _text(error), told)
        case DomainError() | RequestRefusedError() if error.code in _OUR_TROUBLE:
            _put_off(batch, _MENDED_SECONDS, _text(error), told)
        case RequestRefusedError() if batch.is_alone:
            _park(batch, _text(error), told)
        case UnavailableError():
            _try_later(batch, _text(error), told, at_least=error.after_seconds or 0.0)
        case _:
            _not_coped_with(batch, _text(error), told)


def _put_off(batch: _Batch, seconds: float, text: str, told: Worked) -> None:
    """No failure: nothing is counted."""
    told.put_off += batch.held().update(next_attempt_at=_later(seconds), leased_by="", lease_until=None, begun=0, error=text)


def _try_later(batch: _Batch, text: str, told: Worked, *, at_least: float = 0.0) -> None:
    """One more attempt that failed, for all of them; those that have had enough are parked."""
    highest = max(row.attempts for row in batch.rows) + 1
    seconds = max(min(pause(highest, _FIRST_PAUSE), _LONGEST_PAUSE), at_least)
    enough = Q(attempts__gte=MAX_ATTEMPTS - 1)
    parked = batch.held().filter(enough).count()
    number = batch.held().update(
        attempts=F("attempts") + 1, next_attempt_at=_later(seconds), leased_by="", lease_until=None, begun=0, error=text,
        status=Case(When(enough, then=Value(WebhookStatus.PARKED.value)), default=Value(WebhookStatus.DUE.value)),
    )  # fmt: skip
    told.parked += parked
    told.put_off += number - parked


def _not_coped_with(batch: _Batch, text: str, told: Worked) -> None:
    """The connector fails at some message: one alone has failed, and of many each is taken alone next."""
    if batch.is_alone:
        _try_later(batch, text, told)
    else:
        told.put_off += batch.held().update(next_attempt_at=Now(), leased_by="", lease_until=None, begun=SUSPECT_AFTER, error=text)


def _park(batch: _Batch, text: str, told: Worked) -> None:
    told.parked += batch.held().update(status=WebhookStatus.PARKED, leased_by="", lease_until=None, begun=0, error=text)


def _later(seconds: float) -> object:
    return Now() + timedelta(seconds=seconds)


def _text(error: Exception) -> str:
    """For operators: what a connector says of the platform. What a bug of it says may repeat what a platform sent, and is left out."""
    if isinstance(error, ProviderFailedError) and error.code in ("raised", "circuit_open"):
        return f"{error.code}: The connector failed. Its plugin's page says where, and until when it is left alone."
    if isinstance(error, ConnectorError | DomainError):
        return redacted(f"{error.code}: {error.message}")[:1000]
    return f"The host failed: {type(error).__name__}."
