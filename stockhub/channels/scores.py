"""The platform's score of a shop, as observed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.channels.facts.intake import Written, check_instant, check_text, take
from stockhub.channels.feeds import record_success
from stockhub.channels.models import Account, ExperienceScore
from stockhub.channels.order_intake import RefusedError
from stockhub.channels.payloads import RecordKind
from stockhub.channels.returns import SimpleResult
from stockhub.core import clock
from stockhub.outbox.services import emit_event
from stockhub.pluginapi.connectors.reading import FeedKind
from stockhub.pluginapi.platform_records import ScoreRecord
from stockhub.values.errors import DomainError

Parts = Sequence[tuple[str, float]]
_PARTS: Final = 100


def record_experience_score(
    *, account: Account, score: float, occurred_at: datetime | None = None, parts: Parts | None = None
) -> ExperienceScore:
    """Adds a score from 0 to 100, with its parts by the platform's names. The same score observed at the same instant is the same fact."""
    if not math.isfinite(score) or not 0 <= score <= 100:
        raise DomainError("invalid_score", _("A score is a number from 0 to 100."), path=("score",))
    at = occurred_at or clock.now()
    if at.tzinfo is None:
        raise DomainError("naive_time", _("The time needs a time zone."), path=("occurred_at",))
    row, _is_new = _add(account, score, at, parts)
    record_success(account=account, kind="experience_score", rows=1, data_until_at=at)
    return row


def _add(account: Account, score: float, at: datetime, parts: Parts | None) -> tuple[ExperienceScore, bool]:
    kept = None if parts is None else [[name, number] for name, number in parts]
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        known = ExperienceScore.objects.filter(account=account, occurred_at=at, score=score).first()
        if known is not None:
            return known, False
        row = ExperienceScore.objects.create(account=account, score=score, parts=kept, occurred_at=at)
        payload = {"account": account.code, "score": score, "floor": account.experience_score_floor}
        emit_event(
            "channels.experience_score_observed.v1", entity="channels.account", entity_id=account.pk, payload=payload, occurred_at=at
        )
    return row, True


def ingest_scores(*, account: Account, scores: Sequence[ScoreRecord]) -> SimpleResult:
    """Takes scores in as the platform tells them."""

    def write(records: Sequence[ScoreRecord]) -> Written[ScoreRecord]:
        added = [_add(account, float(record.score), record.observed_at, record.parts or None)[1] for record in records]
        return Written(new=sum(added))

    return take(
        account=account,
        kind=RecordKind.SCORE,
        feed=FeedKind.EXPERIENCE_SCORE,
        records=scores,
        check=_check,
        write=write,
        until=lambda record: record.observed_at,
    )


def _check(record: ScoreRecord) -> None:
    check_instant(record.observed_at)
    if isinstance(record.score, bool) or not math.isfinite(record.score) or not 0 <= record.score <= 100:
        raise RefusedError("score", _("A score is a number from 0 to 100."))
    if len(record.parts) > _PARTS:
        raise RefusedError("parts", _("A score has at most %(most)d parts."), most=_PARTS)
    for name, number in record.parts:
        check_text(_("The name of a part"), name, 120)
        if isinstance(number, bool) or not math.isfinite(number):
            raise RefusedError("parts", _("A part of the score is no number."))
