"""API tokens: made, found again by their digest, revoked. The token itself is given out once and stored nowhere."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from stockhub.access.models import ApiToken, User
from stockhub.core import clock
from stockhub.outbox.services import emit_event, emit_events
from stockhub.values import DomainError

_PREFIX = "sh_"
_SHOWN_CHARACTERS = 9


def digest_of(plaintext: str) -> str:
    """SHA-256: a token has 256 random bits, so a slow hash would add nothing."""
    return hashlib.sha256(plaintext.encode()).hexdigest()


@transaction.atomic
def create_token(*, user: User, name: str, expires_at: datetime | None = None) -> tuple[ApiToken, str]:
    """A new token of a user and its plaintext, which nothing can show again. DomainError `token_expired_at_birth`."""
    if expires_at is not None and expires_at <= clock.now():
        raise DomainError("token_expired_at_birth", "The token would have expired already: choose a later moment.", path=("expires_at",))
    plaintext = _PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user, name=name, prefix=plaintext[:_SHOWN_CHARACTERS], digest=digest_of(plaintext), expires_at=expires_at
    )
    emit_event("access.token_created.v1", entity="access.apitoken", entity_id=token.pk, payload={"user": user.pk, "name": name})
    return token, plaintext


def find_token(plaintext: str) -> ApiToken | None:
    """The valid token of an active user, with its user; None for every other text."""
    valid = Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=clock.now()))
    return ApiToken.objects.select_related("user").filter(valid, digest=digest_of(plaintext), user__is_active=True).first()


@transaction.atomic
def revoke_tokens(*, token_ids: Sequence[int]) -> int:
    """Ends those of the tokens that are not revoked yet. Gives how many."""
    ids = list(ApiToken.objects.filter(pk__in=token_ids, revoked_at=None).order_by("pk").select_for_update().values_list("pk", flat=True))
    ApiToken.objects.filter(pk__in=ids).update(revoked_at=clock.now())
    emit_events([("access.token_revoked.v1", "access.apitoken", pk, {}) for pk in ids])
    return len(ids)
