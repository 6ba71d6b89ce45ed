"""Orders that a program sends through the API: into the inbox, with an answer for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.channels import inbox
from stockhub.channels.models import Account
from stockhub.channels.order_intake import RefusedError, check_order
from stockhub.channels.payloads import Kept, RecordKind, kept
from stockhub.channels.received_models import ReceivedRecord, ReceivedStatus
from stockhub.inventory.posting.request_keys import claim_request
from stockhub.inventory.transactions import in_transaction
from stockhub.pluginapi.records import OrderRecord
from stockhub.values.errors import DomainError

#: Orders of one call.
ROWS: Final = 1_000
SOURCE: Final = "api"


class SubmissionStatus(StrEnum):
    """What became of an order."""

    ACCEPTED = "accepted"
    APPLIED = "applied"
    REPEATED = "repeated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Submitted:
    """The order at `index`. A refused one carries its error; with `is_kept` it waits in quarantine for its cause to be mended."""

    index: int
    status: SubmissionStatus
    error: DomainError | None = None
    is_kept: bool = False


def submit_orders(*, account: Account, orders: Sequence[OrderRecord], wait: bool = False, idempotency_key: str = "") -> list[Submitted]:
    """Takes orders into the inbox, where they are durable, and answers for each; with `wait` their effects are there, too.

    An order that is wrong in itself is refused alone, and nothing of it is kept: the caller is told. Sent again, the same orders have no
    second effect, with or without a key. DomainError `too_many_rows`, `invalid_key`, `idempotency_key_reused`; then nothing was taken.
    """
    require("channels.add_order", account_ids=[account.pk])
    if len(orders) > ROWS:
        raise DomainError("too_many_rows", _("Send at most %(most)s orders at a time."), path=("orders",), params={"most": ROWS})
    if len(idempotency_key) > 100:
        raise DomainError("invalid_key", _("An idempotency key has at most 100 characters."), path=("idempotency_key",))
    looked_at = [_looked_at(account, index, order) for index, order in enumerate(orders)]
    good = [entry for entry in looked_at if isinstance(entry, Kept)]

    def write() -> set[str]:
        if idempotency_key:
            claim_request(f"orders:{account.pk}:{idempotency_key}", sorted(record.digest for record in good))
        return inbox.take_in(account=account, kind=RecordKind.ORDER, records=good, source=SOURCE)

    added = in_transaction(write)
    stored = inbox.apply_these(account=account, records=good) if wait and good else {}
    return [
        entry if isinstance(entry, Submitted) else _answer(index, entry, added, stored.get(entry.digest))
        for index, entry in enumerate(looked_at)
    ]


def _looked_at(account: Account, index: int, order: OrderRecord) -> Kept | Submitted:
    try:
        check_order(order, account.pk)
        entry = kept(RecordKind.ORDER, order, account.pk)
        if not entry.is_altered:
            return entry
        error = DomainError("malformed", _("A text of the order holds a NUL, or what is no text."), path=("orders", str(index)))
    except RefusedError as refused:
        error = DomainError(refused.code, refused.text, path=("orders", str(index)), params=refused.params)
    return Submitted(index, SubmissionStatus.REFUSED, error)


def _answer(index: int, entry: Kept, added: set[str], row: ReceivedRecord | None) -> Submitted:
    """The answer for an order that was taken in; `row` is what is kept of it where the caller waited."""
    if row is not None and row.status == ReceivedStatus.QUARANTINED:
        message = _("It is kept, and in quarantine until its cause is mended: look there for what to do.")
        error = DomainError(row.error or "quarantined", message, path=("orders", str(index)))
        return Submitted(index, SubmissionStatus.REFUSED, error, is_kept=True)
    if entry.digest not in added:
        return Submitted(index, SubmissionStatus.REPEATED, is_kept=True)
    done = row is not None and row.status == ReceivedStatus.APPLIED
    return Submitted(index, SubmissionStatus.APPLIED if done else SubmissionStatus.ACCEPTED, is_kept=True)
