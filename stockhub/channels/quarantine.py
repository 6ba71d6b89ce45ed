"""Records that could not be taken: kept without personal data, shown, and tried again once their cause is mended."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import F

from stockhub.channels.models import Account, Quarantined
from stockhub.channels.order_intake import Refusal
from stockhub.channels.payloads import AnyRecord, clean, reduced
from stockhub.core import clock, kept_texts
from stockhub.outbox.services import emit_event

#: So many ids are looked up; of more it is cheaper to read what is open.
_FEW = 500

__all__ = ["AnyRecord", "keep_refused", "quarantine", "resolve"]


def quarantine(*, account: Account, kind: str, refused: Sequence[tuple[AnyRecord, Refusal]]) -> None:
    """Keeps refused records, one row for each id and cause; one that comes again counts its attempts."""
    keep_refused(account=account, kind=kind, refused=[(reduced(record, account.pk), refusal) for record, refusal in refused])


def keep_refused(*, account: Account, kind: str, refused: Sequence[tuple[dict[str, object], Refusal]]) -> None:
    """The same of records that are reduced already: (payload, refusal)."""
    if not refused:
        return
    now = clock.now()
    rows = {}
    for payload, refusal in refused:
        key = (clean(refusal.external_id)[:200], refusal.code)
        told = kept_texts.kept(refusal.text, refusal.params)
        rows[key] = Quarantined(
            account=account,
            kind=kind,
            external_id=key[0],
            code=refusal.code,
            message=told.message,
            template=told.template,
            params=told.params,
            payload=payload,
            first_seen_at=now,
            last_seen_at=now,
            dismissed_by=None,
            dismissed_reason=None,
        )
    with transaction.atomic():
        known = Quarantined.objects.filter(account=account, kind=kind, external_id__in={external_id for external_id, _code in rows})
        known.filter(code__in={code for _id, code in rows}).update(attempts=F("attempts") + 1)
        Quarantined.objects.bulk_create(
            # In one order for all, so that two workers that refuse the same records wait for each other instead of dying together.
            [rows[key] for key in sorted(rows)],
            update_conflicts=True,
            unique_fields=["account", "kind", "external_id", "code"],
            update_fields=["message", "template", "params", "payload", "last_seen_at", "resolved_at", "dismissed_by", "dismissed_reason"],
            batch_size=500,
        )
        emit_event(
            "channels.records_quarantined.v1",
            entity="channels.account",
            entity_id=account.pk,
            payload={"account": account.code, "kind": kind, "count": len(rows), "codes": sorted({code for _id, code in rows})},
        )


def resolve(*, account: Account, kind: str, external_ids: Collection[str]) -> None:
    """A good record of the same id went in: what was in quarantine is settled."""
    open_ = Quarantined.objects.filter(account=account, kind=kind, resolved_at=None)
    if len(external_ids) <= _FEW:
        open_ = open_.filter(external_id__in=list(external_ids))
    settled = [pk for pk, external_id in open_.order_by("id").values_list("id", "external_id") if external_id in external_ids]
    if settled:
        Quarantined.objects.filter(id__in=settled).update(resolved_at=clock.now())
