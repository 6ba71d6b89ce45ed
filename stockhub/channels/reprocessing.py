"""Kept records once more: after a setting was corrected or a bug mended, what they should have caused is worked out again.

Nothing is undone and nothing doubled: an order line has a target in the ledger, and the difference to what was posted is posted. Where
nothing has changed, reprocessing everything changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.channels.models import Account
from stockhub.channels.payloads import RECORD_TYPES
from stockhub.channels.received_models import ReceivedRecord, ReceivedStatus
from stockhub.core import clock
from stockhub.inventory.transactions import in_transaction
from stockhub.outbox.services import emit_event, ring_after_commit
from stockhub.values.errors import DomainError

#: Ids of one call.
IDS: Final = 1_000
#: Rows of one transaction.
_ROWS: Final = 1_000


def reprocess(
    *,
    account: Account,
    since: datetime | None = None,
    until: datetime | None = None,
    external_ids: Collection[str] = (),
    kinds: Collection[str] = (),
    rerouting: bool = False,
) -> int:
    """Makes kept records of an account due again: those received in [since, until), or with these ids, or both. Returns their number.

    Applied, they set the stock that their orders want and the units that count as sold to what is right today, even where the order itself
    is unchanged. With `rerouting` lines of which nothing has left look for their warehouse anew, under today's pools; without, a line
    stays where it is served. New records go first. Dismissed records stay so. DomainError `required`, `too_many_rows`, `unknown_kind`,
    `instant_without_zone`, `invalid_range`.
    """
    require("channels.change_receivedrecord", account_ids=[account.pk])
    _require_valid(since, until, external_ids, kinds)
    rows = ReceivedRecord.objects.filter(account=account, status__in=[ReceivedStatus.APPLIED, ReceivedStatus.QUARANTINED])
    rows = rows.filter(received_at__gte=since) if since else rows
    # What comes in while we look is new, and needs no second time.
    rows = rows.filter(received_at__lt=until or clock.now())
    rows = rows.filter(external_id__in=list(external_ids)) if external_ids else rows
    rows = rows.filter(kind__in=list(kinds)) if kinds else rows
    number, after = 0, 0
    while ids := list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:_ROWS]):
        number += in_transaction(lambda ids=ids: _made_due(rows, ids, rerouting=rerouting))  # type: ignore[misc]
        after = ids[-1]
    if number:
        payload = {"account": account.code, "count": number, "rerouting": rerouting}
        emit_event("channels.records_reprocessed.v1", entity="channels.account", entity_id=account.pk, payload=payload)
    return number


def _made_due(rows: QuerySet[ReceivedRecord], ids: Collection[int], *, rerouting: bool) -> int:
    number = rows.filter(pk__in=ids).update(
        status=ReceivedStatus.REPLAY, attempts=0, begun=0, next_attempt_at=Now(), applied_at=None, is_rerouted=rerouting
    )
    ring_after_commit("inbox")
    return number


def _require_valid(since: datetime | None, until: datetime | None, external_ids: Collection[str], kinds: Collection[str]) -> None:
    if since is None and not external_ids:
        raise DomainError("required", _("Say since when the records were received, or name their ids."), path=("since",))
    if len(external_ids) > IDS:
        raise DomainError("too_many_rows", _("Name at most %(most)s ids."), path=("external_ids",), params={"most": IDS})
    for kind in kinds:
        if kind not in RECORD_TYPES:
            raise DomainError(
                "unknown_kind",
                _("There is no kind of record %(kind)r. Use: %(record_types)s."),
                path=("kinds",),
                params={"kind": kind[:40], "record_types": ", ".join(RECORD_TYPES)},
            )
    for path, instant in (("since", since), ("until", until)):
        if instant is not None and instant.tzinfo is None:
            raise DomainError(
                "instant_without_zone",
                _("%(path)s needs a time zone, such as 2026-03-01T02:30:00+08:00."),
                path=(path,),
                params={"path": path},
            )
    if since is not None and until is not None and until <= since:
        raise DomainError("invalid_range", _("The range must end after it begins."), path=("until",))
