"""API tokens and grants."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stockhub.access.grants import note_given
from stockhub.access.models import ApiToken, Grant, ScopeKind, User
from stockhub.access.scopes import sees_all
from stockhub.core import actor, clock
from stockhub.outbox.services import emit_event
from stockhub.values.errors import DomainError

#: Marks our tokens, so that one which was pasted somewhere can be found and told from others.
TOKEN_PREFIX: Final = "sh_"  # noqa: S105 - the same for all tokens
_USE_NOTED_EVERY: Final = timedelta(minutes=1)


def create_token(*, user: User, name: str = "", expires_at: datetime | None = None) -> tuple[ApiToken, str]:
    """A new token and its plain text, which is not kept: this is the only time that it can be shown."""
    if expires_at is not None and expires_at <= clock.now():
        raise DomainError("invalid_expiry", _("A token must expire in the future."), path=("expires_at",))
    if not user.is_active:
        raise DomainError("user_inactive", _("This user is not active, so that a token of his would not work."), path=("user",))
    # 256 random bits: nothing to guess, so that a plain digest is enough and a lookup by it leaks nothing about the others.
    plaintext = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(user=user, name=name[:100], prefix=plaintext[:12], digest=_digest(plaintext), expires_at=expires_at)
    emit_event("access.token_created.v1", entity="access.token", entity_id=token.pk, payload={"user_id": user.pk, "name": token.name})
    return token, plaintext


def authenticate_token(plaintext: str) -> User | None:
    """The user of a valid token: neither expired nor revoked, its user active. None for everything else, without saying why."""
    digest = _digest(plaintext)
    now = clock.now()
    token = (
        ApiToken.objects.select_related("user")
        .filter(Q(expires_at=None) | Q(expires_at__gt=now), digest=digest, revoked_at=None, user__is_active=True)
        .first()
    )
    # The index compares a digest of what was sent, never the token; this comparison takes the same time wherever they differ.
    if token is None or not secrets.compare_digest(token.digest, digest):
        return None
    _note_use(token, now)
    return token.user


def _note_use(token: ApiToken, now: datetime) -> None:
    """Writes `last_used_at` at most once a minute: a busy client must not turn every read into a write."""
    if token.last_used_at is not None and token.last_used_at > now - _USE_NOTED_EVERY:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - _USE_NOTED_EVERY)
    ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)


def revoke_token(*, token: ApiToken) -> ApiToken:
    """Ends a token at once. Revoking it again changes nothing."""
    now = clock.now()
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        emit_event("access.token_revoked.v1", entity="access.token", entity_id=token.pk, payload={"user_id": token.user_id})
    token.refresh_from_db()
    return token


def grant_account(*, user: User, account_id: int) -> Grant:
    return _grant(user, ScopeKind.ACCOUNT, account_id)


def grant_warehouse(*, user: User, warehouse_id: int) -> Grant:
    return _grant(user, ScopeKind.WAREHOUSE, warehouse_id)


def grant_makers(kind: ScopeKind, object_ids: Collection[int]) -> None:
    """Lets the acting person, where he sees some of a kind only, see what he has just made of it: else it would be gone for him."""
    maker = actor.current().user_id
    user = User.objects.filter(pk=maker, is_active=True).first() if object_ids and maker is not None else None
    if user is None or sees_all(user, kind):
        return
    for object_id in sorted(object_ids):
        _grant(user, kind, object_id)


def _grant(user: User, kind: ScopeKind, object_id: int) -> Grant:
    grant, created = Grant.objects.get_or_create(user=user, kind=kind, object_id=object_id)
    if created:
        note_given()
        emit_event("access.grant_given.v1", entity="access.user", entity_id=user.pk, payload={"kind": str(kind), "object_id": object_id})
    return grant


def _digest(plaintext: str) -> str:
    return hashlib.sha256(plaintext.encode("utf-8", "surrogatepass")).hexdigest()
