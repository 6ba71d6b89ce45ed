"""The platform's score of a shop, as observed."""

from __future__ import annotations

import math
from datetime import datetime

from django.db import transaction

from stockhub.channels.feeds import record_success
from stockhub.channels.models import Account, ExperienceScore
from stockhub.core import clock
from stockhub.outbox.services import emit_event
from stockhub.values.errors import DomainError


def record_experience_score(*, account: Account, score: float, occurred_at: datetime | None = None) -> ExperienceScore:
    """Adds a score from 0 to 100. The same score observed at the same instant is the same fact."""
    if not math.isfinite(score) or not 0 <= score <= 100:
        raise DomainError("invalid_score", "A score is a number from 0 to 100.", path=("score",))
    at = occurred_at or clock.now()
    if at.tzinfo is None:
        raise DomainError("naive_time", "The time needs a time zone.", path=("occurred_at",))
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        known = ExperienceScore.objects.filter(account=account, occurred_at=at, score=score).first()
        if known is not None:
            return known
        row = ExperienceScore.objects.create(account=account, score=score, occurred_at=at)
        payload = {"account": account.code, "score": score, "floor": account.experience_score_floor}
        emit_event(
            "channels.experience_score_observed.v1", entity="channels.account", entity_id=account.pk, payload=payload, occurred_at=at
        )
    record_success(account=account, kind="experience_score", rows=1, data_until_at=at)
    return row
