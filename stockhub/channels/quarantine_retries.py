"""Trying quarantined records again: by hand, all of one cause, or by themselves once what was missing is there; or dismissing them."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import InterfaceError, OperationalError
from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.catalog.models import Warehouse
from stockhub.channels import quarantine as quarantining
from stockhub.channels import received
from stockhub.channels.applying import Payload, apply_payloads
from stockhub.channels.models import Account, Listing, Quarantined
from stockhub.channels.order_intake import FAILED, Refusal, RefusedError
from stockhub.channels.received_models import ReceivedStatus
from stockhub.core import actor, clock
from stockhub.core.bulk import is_postgresql
from stockhub.cycles.attempts import error_sentence
from stockhub.inventory.transactions import in_transaction
from stockhub.outbox.services import emit_event
from stockhub.values.errors import DomainError

logger = logging.getLogger(__name__)
#: Records of one call by hand.
ROWS: Final = 1_000
#: Records looked at by one round by itself.
_ROUND: Final = 1_000
#: Tried again by itself after this long, doubled each time, at the longest after a day.
_FIRST_PAUSE: Final = timedelta(minutes=1)
_LONGEST_PAUSE: Final = timedelta(days=1)
#: What configuration or time can mend. All other faults lie in the record itself. (`counted_here` is of older releases, which had no use
#: for what a platform shows of a warehouse that we count.)
MENDABLE: Final = ("unknown_warehouse", "unmapped", "set", "counted_here", "future_time")
_REASON: Final = 200
_FAILED_AGAIN: Final = _("It failed when it was tried again: %(error)s")


@dataclass(frozen=True, slots=True)
class Retried:
    """Records that were taken, and those that are still refused, with another attempt counted."""

    taken: int = 0
    left: int = 0

    def __add__(self, other: Retried) -> Retried:
        return Retried(self.taken + other.taken, self.left + other.left)


def retry_quarantined(ids: Collection[int]) -> Retried:
    """Tries these open records again, of any kind, at most a thousand. Records that are settled already are left alone."""
    if len(ids) > ROWS:
        raise DomainError("too_many_rows", _("Try at most %(most)s records again at a time."), path=("ids",), params={"most": ROWS})
    rows = Quarantined.objects.filter(id__in=list(ids), resolved_at=None)
    require("channels.change_quarantined", account_ids=set(rows.values_list("account_id", flat=True)))
    return _retry(rows)


def retry_matching(*, account: Account, kind: str = "", code: str = "") -> Retried:
    """Tries all open records of an account again, those of one kind or cause where these are named."""
    require("channels.change_quarantined", account_ids=[account.pk])
    rows = Quarantined.objects.filter(account=account, resolved_at=None)
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(code=code) if code else rows
    # One that is refused for another cause stands in a new row, which this call does not try once more.
    rows = rows.filter(pk__lte=rows.aggregate(last=Max("pk"))["last"] or 0)
    total, after = Retried(), 0
    while ids := list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:ROWS]):
        total += _retry(Quarantined.objects.filter(pk__in=ids))
        after = ids[-1]
    return total


def dismiss_quarantined(*, ids: Collection[int], reason: str) -> int:
    """Settles open records without taking them: they are wrong, and nobody needs them. Returns their number; a repetition changes nothing.

    DomainError `required`, `text_too_long`, `too_many_rows`.
    """
    if len(ids) > ROWS:
        raise DomainError("too_many_rows", _("Dismiss at most %(most)s records at a time."), path=("ids",), params={"most": ROWS})
    if not reason.strip():
        raise DomainError("required", _("Say why the records are not needed."), path=("reason",))
    if len(reason) > _REASON:
        raise DomainError("text_too_long", _("The reason has at most %(most)s characters."), path=("reason",), params={"most": _REASON})
    asked = Quarantined.objects.filter(id__in=list(ids), resolved_at=None)
    require("channels.change_quarantined", account_ids=set(asked.values_list("account_id", flat=True)))

    def write() -> int:
        rows = list(asked.select_for_update(of=("self",)).select_related("account").order_by("id"))
        changes = {"resolved_at": clock.now(), "dismissed_by": actor.current().label[:150], "dismissed_reason": reason.strip()}
        Quarantined.objects.filter(id__in=[row.pk for row in rows]).update(**changes)
        for account, kind, group in _groups(rows):
            external_ids = {row.external_id for row in group}
            received.settle_quarantined(account=account, kind=kind, external_ids=external_ids, status=ReceivedStatus.DISMISSED)
            payload = {"account": account.code, "kind": kind, "count": len(group), "reason": reason.strip()}
            emit_event("channels.records_dismissed.v1", entity="channels.account", entity_id=account.pk, payload=payload)
        return len(rows)

    return in_transaction(write)


def retry_mended() -> Retried:
    """Tries records again whose cause is gone: their warehouse exists, their listing is linked, their time has come.

    One that is refused all the same waits twice as long each time. Running it again finds nothing to do.
    """
    now = clock.now()
    open_ = Quarantined.objects.filter(resolved_at=None, code__in=MENDABLE).exclude(next_retry_at__gt=now)
    rows = list(open_.select_related("account").order_by("id")[:_ROUND])
    mended = _Mended(rows)
    chosen = [row.pk for row in rows if mended.holds(row)]
    return _retry(Quarantined.objects.filter(pk__in=chosen)) if chosen else Retried()


def _retry(rows: QuerySet[Quarantined]) -> Retried:
    total = Retried()
    listed = rows.filter(resolved_at=None).select_related("account").order_by("account_id", "kind", "id")
    for account, kind, group in _groups(list(listed)):
        for part in _parts(group):
            total += _attempt(account, kind, part)
    return total


def _attempt(account: Account, kind: str, rows: Sequence[Quarantined]) -> Retried:
    """A transaction of rows; where it fails, they are tried one by one, so that a record which cannot be taken keeps no other waiting."""
    try:
        return in_transaction(lambda: _retry_part(account, kind, rows))
    except (OperationalError, InterfaceError):
        # The database's trouble, not the records': whoever called tries again.
        raise
    except Exception as error:
        if len(rows) > 1:
            return sum((_attempt(account, kind, [row]) for row in rows), Retried())
        logger.exception("The quarantined record %s of kind %s failed.", rows[0].pk, kind)
        refusal = Refusal.of(rows[0].external_id, RefusedError(FAILED, _FAILED_AGAIN, error=error_sentence(error)))
        in_transaction(lambda: _wait(rows[0], refusal))
        return Retried(0, 1)


def _wait(row: Quarantined, refusal: Refusal) -> None:
    quarantining.keep_refused(account=row.account, kind=row.kind, refused=[(row.payload, refusal)])
    _note_refusal(row, refusal)


def _retry_part(account: Account, kind: str, rows: Sequence[Quarantined]) -> Retried:
    """Records of one account and kind, each id once, in one transaction."""
    # As the inbox does: one at a time works on an account's records.
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    payloads = [Payload(row.external_id, row.payload) for row in rows]
    refused = apply_payloads(account=account, kind=kind, payloads=payloads, source="retry")
    for row in rows:
        if row.external_id in refused:
            _note_refusal(row, refused[row.external_id])
    return Retried(len(rows) - len(refused), len(refused))


def _note_refusal(row: Quarantined, refusal: Refusal) -> None:
    """The record waits twice as long; where it stands under a new cause now, the earlier one is mended."""
    pause = min(_FIRST_PAUSE * 2 ** min(row.attempts, 20), _LONGEST_PAUSE)
    mended = {} if refusal.code == row.code else {"resolved_at": clock.now()}
    Quarantined.objects.filter(pk=row.pk).update(next_retry_at=clock.now() + pause, **mended)


def _groups(rows: Sequence[Quarantined]) -> Iterator[tuple[Account, str, list[Quarantined]]]:
    by_place: dict[tuple[int, str], list[Quarantined]] = {}
    for row in rows:
        by_place.setdefault((row.account_id, row.kind), []).append(row)
    for (_account_id, kind), group in sorted(by_place.items()):
        yield group[0].account, kind, group


def _parts(rows: Sequence[Quarantined]) -> Iterator[list[Quarantined]]:
    """Transactions of bounded size, each id once: a second record of an id builds on the first."""
    limit = 500 if is_postgresql() else 50
    part: dict[str, Quarantined] = {}
    for row in rows:
        if row.external_id in part or len(part) >= limit:
            yield list(part.values())
            part = {}
        part[row.external_id] = row
    if part:
        yield list(part.values())


class _Mended:
    """Tells of quarantined records, with three queries for all of them, whether what they lacked is there."""

    def __init__(self, rows: Sequence[Quarantined]) -> None:
        self._warehouses = set(Warehouse.objects.filter(deleted_at=None).values_list("code", flat=True))
        codes = {str(code) for row in rows if row.code in ("unmapped", "set") for _kind, code in _codes_of(row.payload)}
        linked = Listing.objects.filter(code__in=codes, components__isnull=False, deleted_at=None) if codes else Listing.objects.none()
        self._linked = set(linked.values_list("account_id", "kind", "code"))

    def holds(self, row: Quarantined) -> bool:
        payload = row.payload
        if row.code == "unknown_warehouse":
            return all(code in self._warehouses for code in _warehouses_of(payload))
        if row.code in ("unmapped", "set"):
            return all((row.account_id, kind, code) in self._linked for kind, code in _codes_of(payload))
        # Time alone mends what lay in the future, and this release what an older one had no use for; looking is the only way to know.
        return True


def _codes_of(payload: Mapping[str, Any]) -> set[tuple[object, object]]:
    """The codes that a record names, with their kinds."""
    parts = [payload, *payload.get("lines", [])]
    return {(part.get("code_kind"), part["code"]) for part in parts if part.get("code")}


def _warehouses_of(payload: Mapping[str, Any]) -> set[str]:
    """The warehouses that a record names."""
    named = [payload.get("warehouse"), *(line.get("warehouse") for line in payload.get("lines", []))]
    return {code for code in named if code}
