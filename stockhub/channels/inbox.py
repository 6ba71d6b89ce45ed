"""The inbox: what it has accepted is durable and acknowledged; workers give it its effects, each record's once.

A batch of records and the mark that they are applied are one transaction, so that a worker that dies anywhere leaves both or neither. One
worker at a time applies for an account: it holds the account's row, and others go to another account. A batch that fails is split until
the record at fault stands alone; after three attempts it is in quarantine, and all others went in. That a batch is begun is written down
before: one whose workers die each time is taken record by record, and the record that kills them ends in quarantine, too.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.channels import quarantine as quarantining
from stockhub.channels import received
from stockhub.channels.applying import Payload, apply_payloads
from stockhub.channels.models import Account
from stockhub.channels.order_batch import Anew
from stockhub.channels.order_intake import FAILED, Refusal, RefusedError, check_order
from stockhub.channels.payloads import RECORD_TYPES, AnyRecord, Kept, kept
from stockhub.channels.received_models import WAITING, ReceivedKey, ReceivedRecord, ReceivedStatus
from stockhub.core import actor
from stockhub.core.bulk import is_postgresql
from stockhub.core.kept_texts import kept as kept_text
from stockhub.cycles.attempts import error_sentence, error_text, pause
from stockhub.inventory.transactions import in_transaction
from stockhub.outbox.services import ring_after_commit
from stockhub.pluginapi.records import OrderRecord
from stockhub.values.errors import DomainError

logger = logging.getLogger(__name__)
#: Records of one call: one statement, and what fits into memory many times over.
ACCEPT_ROWS: Final = 5_000
MAX_ATTEMPTS: Final = 3
#: Begun so often without an end, a record is taken alone: workers may die for reasons of their own, and two may begin at the same time.
SUSPECT_AFTER: Final = 3
_DIED: Final = _("Its workers died each time that they began on it.")
_TRIED: Final = _("It could not be taken in %(attempts)d attempts: %(error)s")
#: Ids of records that a log line names.
_NAMED: Final = 20
_DUE: Final = Q(status__in=WAITING, next_attempt_at__lte=Now())
_PLACE: Final = ("status", "next_attempt_at", "id")


@dataclass(frozen=True, slots=True)
class Accepted:
    """`new` records are durable and will be applied; `repeated` ones were here before, word for word. `refused` ones went into quarantine,
    or, where even that could not be, are only here.
    """

    new: int = 0
    repeated: int = 0
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """Records of one kind: good ones, faulty ones with the fault, and faults of those of which nothing can be kept."""

    good: list[Kept]
    refused: list[tuple[Kept, Refusal]]
    lost: list[Refusal]


@dataclass(slots=True)
class Applied:
    """What `apply_due` did: records applied, records that went into quarantine, and attempts that failed and will be repeated."""

    applied: int = 0
    quarantined: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        return self.applied + self.quarantined + self.failed


def accept_records(*, account: Account, kind: str, records: Sequence[AnyRecord], source: str) -> Accepted:
    """Takes records of one kind (order, return, stock, listing) into the inbox in one transaction: once this returns, they are durable.

    A record that is wrong in itself goes into quarantine at once, and the others go in. DomainError `unknown_kind`, `too_many_records`,
    `invalid_source`; then nothing was taken.
    """
    require("channels.add_receivedrecord", account_ids=[account.pk])
    if kind not in RECORD_TYPES:
        raise DomainError(
            "unknown_kind",
            _("There is no kind of record %(kind)r. Use one of: %(record_types)s."),
            path=("kind",),
            params={"kind": kind[:40], "record_types": ", ".join(RECORD_TYPES)},
        )
    if len(records) > ACCEPT_ROWS:
        raise DomainError(
            "too_many_records", _("Send at most %(most)s records at a time."), path=("records",), params={"most": ACCEPT_ROWS}
        )
    if not 0 < len(source) <= 40:
        raise DomainError("invalid_source", _("A source has 1 to 40 characters."), path=("source",))
    checked = check_records(account=account, kind=kind, records=records)
    held = bool(checked.good or checked.refused)
    new = in_transaction(lambda: store_checked(account=account, kind=kind, checked=checked, source=source)) if held else 0
    return Accepted(new, len(checked.good) - new, (*(refusal for _record, refusal in checked.refused), *checked.lost))


def check_records(*, account: Account, kind: str, records: Sequence[AnyRecord]) -> Checked:
    """Records looked at, without a query: what is wrong in itself stands apart."""
    return Checked(*_looked_at(account, kind, records))


def store_checked(*, account: Account, kind: str, checked: Checked, source: str) -> int:
    """Keeps records in the caller's transaction, the faulty ones in quarantine; returns how many of the good ones are new."""
    added = take_in(account=account, kind=kind, records=checked.good, source=source)
    held = [record for record, _refusal in checked.refused]
    received.store(account=account, kind=kind, records=held, source=source, status=ReceivedStatus.QUARANTINED)
    refused = [(record.payload, refusal) for record, refusal in checked.refused]
    quarantining.keep_refused(account=account, kind=kind, refused=refused)
    logger.info(
        f"{len(added)} new records of kind {kind} came in by {source}.",
        extra={"account": account.code, "external_ids": [record.external_id for record in checked.good[:_NAMED]]},
    )
    return len(added)


def take_in(*, account: Account, kind: str, records: Sequence[Kept], source: str) -> set[str]:
    """Stores records without fault in the caller's transaction and rings for a worker; returns the digests of those that are new."""
    added = received.store(account=account, kind=kind, records=records, source=source)
    asked_again = received.ask_again(account=account, records=[record for record in records if record.digest not in added])
    if added or asked_again:
        ring_after_commit("inbox")
    return added


def _looked_at(account: Account, kind: str, records: Sequence[AnyRecord]) -> tuple[list[Kept], list[tuple[Kept, Refusal]], list[Refusal]]:
    """Good records, faulty ones with the fault, and faults of which nothing can be kept."""
    good: list[Kept] = []
    refused: list[tuple[Kept, Refusal]] = []
    lost: list[Refusal] = []
    for record in records:
        try:
            entry = kept(kind, record, account.pk)
        except RefusedError as error:
            external_id = str(getattr(record, "external_id", getattr(record, "code", "")))[:200]
            lost.append(Refusal.of(external_id, error))
            continue
        fault = _fault(record, entry, account.pk)
        if fault is None:
            good.append(entry)
        else:
            refused.append((entry, fault))
    return good, refused, lost


def _fault(record: AnyRecord, entry: Kept, account_id: int) -> Refusal | None:
    """What is wrong with a record in itself, as it came: kept, a wrong type could look right."""
    if isinstance(record, OrderRecord):
        try:
            check_order(record, account_id)
        except RefusedError as error:
            return Refusal.of(entry.external_id, error)
    if entry.is_altered:
        text = _("A field has the wrong type, or holds a NUL. Have the source checked.")
        return Refusal.of(entry.external_id, RefusedError("malformed", text))
    return None


def batch_rows() -> int:
    """Records of one transaction: SQLite has one writer, which others must not wait for longer than a tenth of a second."""
    return 500 if is_postgresql() else 50


def apply_due(limit: int | None = None, *, seconds: float | None = None, stopping: Callable[[], bool] = lambda: False) -> Applied:
    """Applies what is due, in batches, the oldest first: until nothing is, `limit` records were looked at, or `seconds` are used up.

    A database that does not answer raises; everything else that a record does wrong ends in quarantine.
    """
    done = Applied()
    deadline = None if seconds is None else time.monotonic() + seconds
    while not stopping() and (limit is None or done.total < limit) and (deadline is None or time.monotonic() < deadline):
        size = batch_rows() if limit is None else min(batch_rows(), limit - done.total)
        if not is_due() or not _apply_next(size, done):
            break
    return done


def apply_these(*, account: Account, records: Sequence[Kept]) -> dict[str, ReceivedRecord]:
    """Applies records of the account that are in the inbox at once, for a caller who waits; returns what is kept of each, by its digest."""
    waiting = {record.digest: record.external_id for record in records}
    while waiting:
        batch: dict[str, str] = {}
        for digest, external_id in waiting.items():
            # Each id once: a second record of an id builds on the first.
            if len(batch) < batch_rows() and external_id not in batch:
                batch[external_id] = digest
        rows = list(_kept_of(account, set(batch.values())).filter(status__in=WAITING).order_by(*_PLACE))
        for alike in _alike(rows):
            _attempt(lambda alike=alike: _applied(_still_due(alike)), alike, Applied())  # type: ignore[misc]
        waiting = {digest: external_id for digest, external_id in waiting.items() if digest not in batch.values()}
    return {row.digest: row for row in _kept_of(account, {record.digest for record in records})}


def _kept_of(account: Account, digests: set[str]) -> QuerySet[ReceivedRecord]:
    keys = ReceivedKey.objects.filter(digest__in=digests).aggregate(first=Min("received_at"), last=Max("received_at"))
    return ReceivedRecord.objects.filter(account=account, digest__in=digests, received_at__range=(keys["first"], keys["last"]))


def _alike(rows: Sequence[ReceivedRecord]) -> list[list[ReceivedRecord]]:
    groups: dict[tuple[object, ...], list[ReceivedRecord]] = {}
    for row in rows:
        groups.setdefault((row.kind, row.source, row.status, row.is_rerouted), []).append(row)
    return list(groups.values())


def is_due() -> bool:
    return ReceivedRecord.objects.filter(_DUE).exists()


def due_accounts() -> list[int]:
    """The ids of the accounts that have due records: a unit of work each."""
    due = ReceivedRecord.objects.filter(_DUE, account=OuterRef("pk"))
    return list(Account.objects.filter(Exists(due)).order_by("pk").values_list("pk", flat=True))


def waiting_since() -> datetime | None:
    """When the oldest record that is due came in, or was made due again; None where none is."""
    since: datetime | None = ReceivedRecord.objects.filter(_DUE).aggregate(since=Min("next_attempt_at"))["since"]
    return since


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many records are not applied, and when the oldest of those that are new came in."""

    number: int
    since: datetime | None


def backlog() -> Backlog:
    """What waits, also for another attempt. One query."""
    new = Q(status=ReceivedStatus.DUE)
    row = ReceivedRecord.objects.filter(status__in=WAITING).aggregate(number=Count("pk"), since=Min("received_at", filter=new))
    return Backlog(row["number"], row["since"])


def _apply_next(size: int, done: Applied) -> bool:
    """One batch; False where all that is due is in other workers' hands."""
    chosen = in_transaction(lambda: _begin(size))
    if chosen is None:
        return False
    if not chosen:
        return True
    if len(chosen) == 1 and chosen[0].begun >= SUSPECT_AFTER + MAX_ATTEMPTS:
        row = chosen[0]
        in_transaction(lambda: _give_up(row, RefusedError(FAILED, _DIED)))
        done.quarantined += 1
        return True
    _attempt(lambda: _applied(_still_due(chosen)), chosen, done)
    return True


def _begin(size: int) -> list[ReceivedRecord] | None:
    """The next batch, noted as begun; None where all that is due is in other workers' hands.

    Empty where another worker finished the account between the query that saw it due and the lock on its row.
    """
    account = _next_account()
    if account is None:
        return None
    chosen = _batch(account, size)
    ReceivedRecord.objects.filter(pk__in=[row.pk for row in chosen]).update(begun=F("begun") + 1)
    return chosen


def _attempt(work: Callable[[], tuple[int, int]], rows: list[ReceivedRecord], done: Applied) -> None:
    """Runs a transaction of rows; what makes it fail is found by halving."""
    try:
        applied, refused = in_transaction(work)
    except (OperationalError, InterfaceError):
        # The database's trouble, not the records': whoever called looks again.
        raise
    except Exception as error:
        if not rows:
            raise
        if len(rows) == 1:
            _note_failure(rows[0], error, done)
        else:
            logger.warning("A batch of %s records failed (%s); looking for the one at fault.", len(rows), type(error).__name__)
            for part in (rows[: len(rows) // 2], rows[len(rows) // 2 :]):
                _attempt(lambda part=part: _applied(_still_due(part)), part, done)  # type: ignore[misc]
        return
    done.applied += applied
    done.quarantined += refused


def _next_account() -> Account | None:
    """The account of the oldest due record that no other worker is at, its row locked; new records go before those that are done again."""
    for status in WAITING:
        due = ReceivedRecord.objects.filter(_DUE, account=OuterRef("pk"), status=status).order_by("next_attempt_at", "id")
        accounts = Account.objects.annotate(oldest=Subquery(due.values("next_attempt_at")[:1])).filter(oldest__isnull=False)
        account = accounts.order_by("oldest", "pk").select_for_update(of=("self",), no_key=True, skip_locked=True).first()
        if account is not None:
            return account
    return None


def _batch(account: Account, size: int) -> list[ReceivedRecord]:
    """The oldest due record of the account and those like it, each id once: a second record of an id builds on the first.

    One that has failed before, or was begun too often, is taken alone, so that it spoils no other batch.
    """
    due = ReceivedRecord.objects.filter(_DUE, account=account).order_by(*_PLACE)
    oldest = due.first()
    if oldest is None:
        return []
    if oldest.attempts or oldest.begun >= SUSPECT_AFTER:
        return [oldest]
    alike = due.filter(kind=oldest.kind, source=oldest.source, status=oldest.status, is_rerouted=oldest.is_rerouted)
    chosen: dict[str, ReceivedRecord] = {}
    for row in alike.filter(attempts=0, begun__lt=SUSPECT_AFTER)[:size]:
        chosen.setdefault(row.external_id, row)
    return list(chosen.values())


def _still_due(rows: Sequence[ReceivedRecord]) -> list[ReceivedRecord]:
    """The rows again, under the account's lock: another worker may have had them in the meantime."""
    Account.objects.select_for_update(no_key=True).get(pk=rows[0].account_id)
    return list(ReceivedRecord.objects.filter(_DUE, pk__in=[row.pk for row in rows]).order_by(*_PLACE))


def _applied(rows: Sequence[ReceivedRecord]) -> tuple[int, int]:
    """Gives rows that are alike their effects and marks them; how many were applied and refused."""
    if not rows:
        return 0, 0
    first = rows[0]
    anew = Anew.NO if first.status == ReceivedStatus.DUE else Anew.ROUTES if first.is_rerouted else Anew.TARGETS
    account = Account.objects.get(pk=first.account_id)
    # Where a request waits for it, this is a part of the request.
    with actor.acting_as(actor.Actor(f"inbox:{first.source}"), correlation=actor.correlation_id() or f"inbox-{first.pk}"):
        payloads = [Payload(row.external_id, row.payload) for row in rows]
        refused = apply_payloads(account=account, kind=first.kind, payloads=payloads, source=first.source, anew=anew)
        logger.info(
            f"{len(rows) - len(refused)} records of kind {first.kind} are applied, {len(refused)} refused.",
            extra={"account": account.code, "external_ids": [row.external_id for row in rows[:_NAMED]]},
        )
    taken = [row for row in rows if row.external_id not in refused]
    received.settle(taken, ReceivedStatus.APPLIED)
    for row in rows:
        if row.external_id in refused:
            received.settle([row], ReceivedStatus.QUARANTINED, error=refused[row.external_id].code)
    return len(taken), len(rows) - len(taken)


def _note_failure(row: ReceivedRecord, error: Exception, done: Applied) -> None:
    """One more attempt that failed; after the third the record is in quarantine."""
    logger.error("The record %s of kind %s failed at attempt %s.", row.pk, row.kind, row.attempts + 1, exc_info=error)
    text = error_text(error)
    if row.attempts + 1 >= MAX_ATTEMPTS:
        in_transaction(lambda: _give_up(row, RefusedError(FAILED, _TRIED, attempts=MAX_ATTEMPTS, error=error_sentence(error))))
        done.quarantined += 1
        return
    later = Now() + timedelta(seconds=pause(row.attempts + 1, settings.STOCKHUB_RETRY_SECONDS))
    in_transaction(lambda: _held(row).update(attempts=F("attempts") + 1, next_attempt_at=later, error=text))
    done.failed += 1


def _held(row: ReceivedRecord) -> QuerySet[ReceivedRecord]:
    return ReceivedRecord.objects.filter(pk=row.pk, received_at=row.received_at, status__in=WAITING)


def _give_up(row: ReceivedRecord, error: RefusedError) -> None:
    """Into quarantine, where an operator sees it and can have it tried again."""
    refusal = Refusal.of(row.external_id, error)
    _held(row).update(
        status=ReceivedStatus.QUARANTINED, attempts=F("attempts") + 1, error=kept_text(error.text, error.params).message[:2000]
    )
    quarantining.keep_refused(account=row.account, kind=row.kind, refused=[(row.payload, refusal)])
