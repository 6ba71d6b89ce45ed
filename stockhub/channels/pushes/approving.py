"""Approving a push, giving it up, and trying it again: what a person decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.channels.models import Account, AccountMode
from stockhub.channels.pushes.models import OPEN, Push, PushKind, PushRow, PushRowStatus, PushSettings, PushStatus
from stockhub.channels.pushes.planning import beyond_of
from stockhub.channels.pushes.proposing import require_key_length, tell
from stockhub.core import actor, clock
from stockhub.inventory.posting.request_keys import claim_request
from stockhub.outbox.services import ring_after_commit
from stockhub.values.errors import DomainError

APPROVE: Final = "channels.approve_push"
CHANGE: Final = "channels.change_push"
DOORBELL: Final = "pushes"
_HOURS: Final = 6
_RETRYABLE: Final = (PushStatus.FAILED, PushStatus.REFUSED, PushStatus.UNKNOWN, PushStatus.EXPIRED)
_DONE: Final = (PushRowStatus.APPLIED, PushRowStatus.UNCHANGED)
#: A row of a push that was sent and had no effect.
_WITHOUT_EFFECT: Final = (PushRowStatus.PENDING, PushRowStatus.REFUSED, PushRowStatus.FAILED)


def approve_push(
    *,
    push_id: int,
    confirm_large: bool = False,
    confirm_removal: bool = False,
    expected_version: int | None = None,
    idempotency_key: str = "",
) -> Push:
    """Lets a draft be sent. Of two people at once one approves it, and the other is told so.

    `confirm_large`: this very push may go beyond the largest change. `confirm_removal`: the second word that a removal needs. Sent again
    with its key, the same approval gives the push as it is now. DomainErrors `idempotency_key_reused`, `invalid_key`, `push_not_draft`,
    `push_open`, `push_outdated`, `account_read_only`, `pushes_stopped`, `needs_second_person`, `beyond_largest_change`,
    `removal_needs_confirmation`.
    """
    with transaction.atomic():
        push = _locked(push_id, APPROVE, None)
        if idempotency_key and not _is_new(idempotency_key, push_id, confirm_large, confirm_removal, expected_version):
            return push
        _require_version(push, expected_version)
        if push.status != PushStatus.DRAFT:
            raise DomainError(
                "push_not_draft", _("Only a draft can be approved; somebody has decided on this push already."), path=("id",),
                params={"status": push.status, "approved_by": push.approved_by},
            )  # fmt: skip
        settings = PushSettings.objects.filter(account=push.account).first()
        _require_open(push.account, settings)
        _require_way(push)
        _require_other_person(push, settings)
        confirmed = _require_confirmed(push, settings, confirm_large=confirm_large, confirm_removal=confirm_removal)
        who, now = actor.current().label, clock.now()
        push.status, push.approved_by, push.approved_at, push.next_attempt_at = PushStatus.APPROVED, who, now, now
        push.confirmed_by = who if confirmed else ""
        push.expires_at = now + timedelta(hours=settings.expires_after_hours if settings else _HOURS)
        push.error, push.version, push.updated_at = "", push.version + 1, now
        push.save()
        # By the database's clock, which the workers go by.
        Push.objects.filter(pk=push.pk).update(next_attempt_at=Now())
        tell(push, "approved", confirmed=confirmed)
        ring_after_commit(DOORBELL)
    return push


def cancel_push(*, push_id: int, reason: str = "", expected_version: int | None = None) -> Push:
    """Gives a push up that is not being sent. One whose outcome is unknown, or that was taken and cannot be read back, is closed with that:
    a person has seen to it. DomainError `push_not_open`.
    """
    with transaction.atomic():
        push = _locked(push_id, CHANGE, expected_version)
        is_open = push.status in (PushStatus.DRAFT, PushStatus.APPROVED, PushStatus.UNKNOWN) or _waits_taken(push)
        if not is_open or _is_leased(push):
            raise DomainError(
                "push_not_open", _("This push cannot be given up: it is being sent, or it has ended."), path=("id",),
                params={"status": push.status},
            )  # fmt: skip
        push.status, push.finished_at, push.next_attempt_at = PushStatus.CANCELLED, clock.now(), None
        push.error, push.version, push.updated_at = reason[:2000], push.version + 1, clock.now()
        # A worker that was taken for dead may still have it in hand: it writes nothing more.
        push.leased_by, push.lease_until = "", None
        push.save()
        tell(push, "cancelled", reason=reason[:300])
    return push


def retry_push(*, push_id: int, not_done: bool = False, expected_version: int | None = None) -> Push:
    """Tries again what failed or was refused. What is unknown is read back first, under the same key.

    `not_done`: a person has looked on the platform and says that what is unknown, or was taken and cannot be read back, was not done, so
    that it may be sent anew. A removal goes back to a draft, which somebody approves and confirms again. DomainErrors `push_not_retryable`,
    `push_open`, `push_outdated`, `account_read_only`, `pushes_stopped`.
    """
    with transaction.atomic():
        push = _locked(push_id, APPROVE, expected_version)
        if not (push.status in _RETRYABLE or (not_done and _waits_taken(push))) or _is_leased(push):
            raise DomainError("push_not_retryable", _("Only what failed or is unknown can be tried again."), path=("id",))
        settings = PushSettings.objects.filter(account=push.account).first()
        _require_open(push.account, settings)
        rows = PushRow.objects.filter(push=push)
        _require_way(push)
        unknown = rows.filter(status=PushRowStatus.UNKNOWN).exists() and not not_done
        again = [PushRowStatus.FAILED, PushRowStatus.REFUSED]
        if not_done:
            again += [PushRowStatus.UNKNOWN, PushRowStatus.ACCEPTED]
        # While anything is unknown the key stays: under another one it could be done twice.
        renewed = 0 if unknown else rows.filter(status__in=again).update(status=PushRowStatus.PENDING, error_code="", message="")
        push.status = PushStatus.UNKNOWN if unknown else PushStatus.APPROVED
        if renewed:
            push.round += 1
        push.attempts = push.reads = 0
        push.leased_by, push.lease_until = "", None
        push.finished_at, push.error = None, ""
        push.expires_at = clock.now() + timedelta(hours=settings.expires_after_hours if settings else _HOURS)
        push.next_attempt_at = clock.now()
        if push.kind == PushKind.REMOVAL:
            push.status, push.approved_by, push.confirmed_by, push.next_attempt_at = PushStatus.DRAFT, "", "", None
        push.version, push.updated_at = push.version + 1, clock.now()
        push.save()
        if push.next_attempt_at is not None:
            Push.objects.filter(pk=push.pk).update(next_attempt_at=Now())
        tell(push, "retried", not_done=not_done, rows=renewed)
        ring_after_commit(DOORBELL)
    return push


def _locked(push_id: int, permission: str, expected_version: int | None) -> Push:
    """Its account first, as where a push is made: nobody makes one of the same listings meanwhile."""
    account_id = Push.objects.filter(pk=push_id).values_list("account_id", flat=True).first()
    if account_id is None:
        raise DomainError("not_found", _("There is no such push, or you may not see it."), path=("id",))
    require(permission, account_ids=[account_id])
    Account.objects.select_for_update().get(pk=account_id)
    push = Push.objects.select_for_update(of=("self",)).select_related("account").get(pk=push_id)
    _require_version(push, expected_version)
    return push


def _require_version(push: Push, expected_version: int | None) -> None:
    if expected_version not in (None, push.version):
        raise DomainError("stale_version", _("The push was changed by somebody else. Read it again."), path=("expected_version",))


def _require_way(push: Push) -> None:
    """Nothing is sent beside another push of the same listings, nor after one that was decided on what is known since: where a platform
    takes differences, the older number would come on top of the newer one.
    """
    listings = PushRow.objects.filter(push=push, listing__isnull=False).exclude(status__in=_DONE).values("listing_id")
    others = PushRow.objects.filter(push__kind=push.kind, listing_id__in=listings).exclude(push=push)
    if others.filter(push__status__in=OPEN).exists():
        raise DomainError("push_open", _("Another push of the same listings is under way: wait for it, or settle it."), path=("id",))
    newer = others.filter(push__sent_at__gt=push.created_at).exclude(status__in=_WITHOUT_EFFECT).order_by("-push_id").first()
    if newer is not None:
        raise DomainError(
            "push_outdated", _("%(code)s was pushed after this push was decided. Give this one up and make a new one."), path=("id",),
            params={"push": newer.push_id, "code": newer.code},
        )  # fmt: skip


def _is_new(key: str, *parameters: object) -> bool:
    """Whether no approval was made under this key; it is taken with the caller's transaction. DomainError where another one was."""
    require_key_length(key)
    return claim_request(f"push-approve:{key}", *parameters)


def _waits_taken(push: Push) -> bool:
    """Whether the platform took it and nobody can read what became of it: a person says so."""
    return push.status == PushStatus.SENT and push.next_attempt_at is None


def _is_leased(push: Push) -> bool:
    return push.lease_until is not None and push.lease_until > clock.wall()


def _require_open(account: Account, settings: PushSettings | None) -> None:
    if account.mode != AccountMode.WRITE:
        raise DomainError(
            "account_read_only",
            _("This account is read-only, so nothing is sent. Preview a push, set the largest change, then switch it to writing."),
            path=("id",), params={"account": account.code},
        )  # fmt: skip
    if settings is not None and settings.is_stopped:
        raise DomainError("pushes_stopped", _("Pushes of this account are stopped. Take the stop off in its push settings."), path=("id",))


def _require_other_person(push: Push, settings: PushSettings | None) -> None:
    who = actor.current()
    if settings is not None and settings.needs_second_person and who.user_id is not None and who.user_id == push.created_by_id:
        raise DomainError("needs_second_person", _("Another person than the one who made this push has to approve it."), path=("id",))


def _require_confirmed(push: Push, settings: PushSettings | None, *, confirm_large: bool, confirm_removal: bool) -> bool:
    """Whether somebody had to say more than yes. Limits are those of now: they may have changed since the push was made."""
    reasons = beyond_of(push, settings)
    push.held_reasons = [each.to_json() for each in reasons]
    if reasons and (not confirm_large or actor.current().user_id is None):
        raise DomainError(
            "beyond_largest_change",
            _("This push changes more than the account allows without a person's word: look at it, then confirm it."),
            path=("confirm_large",), params={"reasons": push.held_reasons[:20]},
        )  # fmt: skip
    if push.kind != PushKind.REMOVAL:
        return bool(reasons)
    if not confirm_removal or actor.current().user_id is None:
        raise DomainError(
            "removal_needs_confirmation",
            _("A removal cannot be undone: a person has to confirm it a second time."),
            path=("confirm_removal",),
        )  # fmt: skip
    return True
