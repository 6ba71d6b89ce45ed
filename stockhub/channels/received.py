"""The table of received records: written with one statement for any number of them, each exact repetition left out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models.functions import Now

from stockhub.channels.models import Account
from stockhub.channels.payloads import Kept
from stockhub.channels.received_models import ReceivedRecord, ReceivedStatus
from stockhub.core import clock
from stockhub.core.bulk import is_postgresql, stored

# The digests are inserted in one order for all, so that two that bring the same records wait for each other and cannot deadlock. A key that
# another transaction has just written is waited for, and its record left out.
_STORE_POSTGRESQL: Final = """
WITH fresh AS (
    INSERT INTO channels_receivedkey (digest, received_at)
    SELECT digest, %(now)s FROM unnest(%(keys)s::varchar[]) AS asked (digest)
    ON CONFLICT (digest) DO NOTHING RETURNING digest
)
INSERT INTO channels_receivedrecord (account_id, kind, external_id, source, payload, digest, received_at, status, applied_at)
SELECT %(account_id)s, %(kind)s, external_id, %(source)s, payload, digest, %(now)s, %(status)s, %(applied_at)s
FROM unnest(%(external_ids)s::varchar[], %(payloads)s::jsonb[], %(digests)s::varchar[]) WITH ORDINALITY
    AS asked (external_id, payload, digest, place)
JOIN fresh USING (digest) ORDER BY place
RETURNING digest
"""
_KEYS_SQLITE: Final = """
INSERT INTO channels_receivedkey (digest, received_at) SELECT value, %s FROM json_each(%s) WHERE true
ON CONFLICT (digest) DO NOTHING RETURNING digest
"""


def store(*, account: Account, kind: str, records: Iterable[Kept], source: str, status: ReceivedStatus = ReceivedStatus.DUE) -> set[str]:
    """Adds the records that are not kept yet, in the caller's transaction and in their order; returns the digests of the added ones."""
    rows = {record.digest: record for record in records}
    if not rows:
        return set()
    now = clock.now()
    applied_at = now if status == ReceivedStatus.APPLIED else None
    if is_postgresql():
        return _store_postgresql(account, kind, rows, source, str(status.value), now, applied_at)
    return _store_sqlite(account, kind, rows, source, str(status.value), now, applied_at)


def _store_postgresql(
    account: Account, kind: str, rows: dict[str, Kept], source: str, status: str, now: datetime, applied_at: datetime | None
) -> set[str]:
    values: dict[str, Any] = {
        "account_id": account.pk,
        "kind": kind,
        "source": source,
        "status": status,
        "now": now,
        "applied_at": applied_at,
        "keys": sorted(rows),
        "digests": list(rows),
        "external_ids": [record.external_id for record in rows.values()],
        "payloads": [record.text for record in rows.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORE_POSTGRESQL, values)
        return {digest for (digest,) in cursor.fetchall()}


def _store_sqlite(
    account: Account, kind: str, rows: dict[str, Kept], source: str, status: str, now: datetime, applied_at: datetime | None
) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_KEYS_SQLITE, [stored(now), json.dumps(list(rows))])
        fresh = {digest for (digest,) in cursor.fetchall()}
        cursor.executemany(
            "INSERT INTO channels_receivedrecord (account_id, kind, external_id, source, payload, digest, received_at, status, applied_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (account.pk, kind, each.external_id, source, each.text, each.digest, stored(now), status, stored(applied_at))
                for each in rows.values()
                if each.digest in fresh
            ],
        )
    return fresh


def ask_again(*, account: Account, records: Collection[Kept]) -> int:
    """Repetitions of records that are in quarantine are tried again; the number of them."""
    if not records:
        return 0
    held = ReceivedRecord.objects.filter(account=account, status=ReceivedStatus.QUARANTINED)
    held = held.filter(external_id__in={record.external_id for record in records}, digest__in={record.digest for record in records})
    return held.update(status=ReceivedStatus.DUE, attempts=0, begun=0, next_attempt_at=Now())


def settle(rows: Sequence[ReceivedRecord], status: ReceivedStatus, *, error: str = "") -> None:
    """Marks rows in the transaction of their effects. The range of `received_at` lets a partitioned table leave out other months."""
    if not rows:
        return
    instants = [row.received_at for row in rows]
    ReceivedRecord.objects.filter(pk__in=[row.pk for row in rows], received_at__range=(min(instants), max(instants))).update(
        status=status, applied_at=clock.now() if status == ReceivedStatus.APPLIED else None, error=error, is_rerouted=False, begun=0
    )


def settle_quarantined(*, account: Account, kind: str, external_ids: Collection[str], status: ReceivedStatus) -> int:
    """What was kept of records in quarantine follows them: taken in the end, or dismissed."""
    held = ReceivedRecord.objects.filter(account=account, kind=kind, external_id__in=list(external_ids), status=ReceivedStatus.QUARANTINED)
    return held.update(status=status, applied_at=clock.now() if status == ReceivedStatus.APPLIED else None)
