"""Previewing a push, which changes nothing anywhere, and making one that waits for approval."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.access.scopes import require
from stockhub.channels.models import Account
from stockhub.channels.pushes.inputs import PushInput
from stockhub.channels.pushes.models import ENDED, OPEN, Push, PushRow, PushSettings, PushStatus
from stockhub.channels.pushes.planning import Plan, plan
from stockhub.channels.pushes.platform_calls import divide, require_supported, send
from stockhub.core import actor, clock
from stockhub.inventory.posting.request_keys import claim_request
from stockhub.outbox.services import emit_event
from stockhub.pluginapi.connectors import ConnectorError, PushResult
from stockhub.pluginapi.connectors import PushStatus as Told
from stockhub.values.errors import DomainError

PERMISSION: Final = "channels.add_push"
_DIGEST: Final = 40
#: Characters of an idempotency key.
_KEY_LENGTH: Final = 100
_GOOD: Final = (Told.APPLIED, Told.ACCEPTED, Told.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be pushed, and what the platform or its connector says to each row."""

    plan: Plan
    results: tuple[PushResult, ...]

    @property
    def is_good(self) -> bool:
        return bool(self.results) and all(result.status in _GOOD for result in self.results)


def preview_push(wanted: PushInput) -> Preview:
    """Computes the rows and has the platform try them out: nothing is changed there, and no push is made here.

    A good preview is noted, because an account may be switched to writing only soon after one. DomainErrors of `plan`, `not_supported`, and
    `platform_…` where the platform could not be asked.
    """
    account = _account(wanted.account)
    require(PERMISSION, account_ids=[account.pk])
    require_supported(account, wanted.kind)
    made = plan(account, wanted, PushSettings.objects.filter(account=account).first())
    divide(account, made.kind, made.rows)
    results: list[PushResult] = []
    for call in sorted({row.call for row in made.rows}):
        rows = [row for row in made.rows if row.call == call]
        try:
            told = send(account, made.kind, rows, f"preview-{digest_of(made)}-{call}", preview=True)
        except ConnectorError as error:
            raise DomainError(f"platform_{error.code}"[:60], error.message, path=("account",)) from error
        results += [
            PushResult(row.place, each.status, each.code, each.message, each.reference) for row, each in zip(rows, told, strict=True)
        ]
    preview = Preview(made, tuple(results))
    if preview.is_good:
        with transaction.atomic():
            PushSettings.objects.get_or_create(account=account)
            PushSettings.objects.filter(account=account).update(last_preview_at=clock.now())
    return preview


def propose_push(wanted: PushInput, *, is_automatic: bool = False) -> Push:
    """A draft of a push. The same decision on the same facts is the same push; a new one supersedes drafts about the same listings.

    DomainErrors of `plan`, `not_supported`, `nothing_to_push`, `push_open`, `invalid_key`, `idempotency_key_reused`.
    """
    account = _account(wanted.account)
    require(PERMISSION, account_ids=[account.pk])
    fingerprint = hashlib.sha256(repr((wanted.account, wanted.kind, wanted.rows, wanted.reason)).encode()).hexdigest()
    require_key_length(wanted.idempotency_key)
    require_supported(account, wanted.kind)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        if wanted.idempotency_key and (earlier := _earlier(account, wanted.idempotency_key, fingerprint)):
            return earlier
        made = plan(account, wanted, PushSettings.objects.filter(account=account).first(), is_automatic=is_automatic)
        if not made.rows:
            told = ", ".join(sorted({each.reason for each in made.skipped})) or "no listings"
            skipped = len(made.skipped)
            raise DomainError(
                "nothing_to_push", _("There is nothing to push (%(told)s)."), path=("rows",), params={"skipped": skipped, "told": told}
            )
        return _write(made, wanted, fingerprint, is_automatic=is_automatic)


def require_key_length(key: str) -> None:
    if len(key) > _KEY_LENGTH:
        raise DomainError(
            "invalid_key", _("An idempotency key has at most %(most)s characters."), path=("idempotency_key",), params={"most": _KEY_LENGTH}
        )


def _account(code: str) -> Account:
    account = Account.objects.filter(code=code, deleted_at=None).first()
    if account is None:
        raise DomainError("not_found", _("There is no such account, or you may not see it."), path=("account",))
    return account


def _earlier(account: Account, key: str, fingerprint: str) -> Push | None:
    """The push that the same request has led to; None for a new key, which is taken. DomainError `idempotency_key_reused`.

    A request that found its decision made before left no push of its own key: the key is taken all the same.
    """
    earlier = Push.objects.filter(request_key=key).first()
    if earlier is None:
        return None if claim_request(f"push:{key}", fingerprint) else _alike(account, fingerprint)
    if earlier.fingerprint != fingerprint:
        raise DomainError(
            "idempotency_key_reused", _("This key was used for another push. Use a new key."), path=("idempotency_key",)
        )  # fmt: skip
    return earlier


def _alike(account: Account, fingerprint: str) -> Push | None:
    return Push.objects.filter(account=account, fingerprint=fingerprint).order_by("-id").first()


def digest_of(made: Plan) -> str:
    """What the push does and what was known when it was decided, in forty characters."""
    parts = [
        (row.code_kind, row.code, row.warehouse, row.after_qty, row.after_amount and str(row.after_amount.normalize()), row.currency,
         row.days, row.presale_until and row.presale_until.isoformat(), row.unsellable_qty, row.disposition, str(row.expires_on or ""),
         row.base_version)
        for row in made.rows
    ]  # fmt: skip
    return hashlib.sha256(repr((made.account.code, str(made.kind), sorted(map(repr, parts)))).encode()).hexdigest()[:_DIGEST]


def _write(made: Plan, wanted: PushInput, fingerprint: str, *, is_automatic: bool) -> Push:
    digest = digest_of(made)
    earlier = list(Push.objects.filter(key__startswith=digest).order_by("id"))
    if earlier and _still_stands(earlier[-1], made.rows):
        return _named(earlier[-1], wanted.idempotency_key, fingerprint)
    _make_way(made)
    who = actor.current()
    push = Push.objects.create(
        account=made.account, kind=made.kind, key=digest if not earlier else f"{digest}-{len(earlier)}",
        request_key=wanted.idempotency_key, fingerprint=fingerprint, reason=wanted.reason[:300], rule_snapshot=made.rules,
        held_reasons=[each.to_json() for each in made.beyond], is_automatic=is_automatic, created_by=who.label, created_by_id=who.user_id,
        created_at=clock.now(), updated_at=clock.now(),
    )  # fmt: skip
    divide(made.account, made.kind, made.rows)
    for row in made.rows:
        row.push = push
    PushRow.objects.bulk_create(made.rows, batch_size=500)
    tell(push, "proposed", rows=len(made.rows), held=len(made.beyond))
    return push


def _named(push: Push, key: str, fingerprint: str) -> Push:
    """A push that was made without a key is found by that of the request that asked for the same."""
    if key and not push.request_key:
        push.request_key, push.fingerprint = key, fingerprint
        push.save(update_fields=["request_key", "fingerprint"])
    return push


def _still_stands(push: Push, rows: Sequence[PushRow]) -> bool:
    """Whether the same decision was made before, and is open or was done: what was known then is what is known now."""
    if push.status in (PushStatus.DRAFT, *OPEN):
        return True
    return push.status not in ENDED and all(row.base_version is not None for row in rows)


def _make_way(made: Plan) -> None:
    """Older drafts about the same listings are superseded; what may already be on its way is waited for."""
    its = PushRow.objects.filter(
        push__account=made.account, push__kind=made.kind, listing__in=[row.listing_id for row in made.rows if row.listing_id]
    )  # fmt: skip
    under_way = its.filter(push__status__in=OPEN).order_by("push_id").values_list("push_id", "code").first()
    if under_way is not None:
        raise DomainError(
            "push_open", _("Another push of %(code)s is under way: wait for it, or settle it."), path=("rows",),
            params={"push": under_way[0], "code": under_way[1]},
        )  # fmt: skip
    drafts = Push.objects.select_for_update().filter(pk__in=its.filter(push__status=PushStatus.DRAFT).values("push_id")).order_by("pk")
    for draft in drafts:
        draft.status, draft.finished_at, draft.error = PushStatus.CANCELLED, clock.now(), "A newer push took its place."
        draft.version, draft.updated_at = draft.version + 1, clock.now()
        draft.save(update_fields=["status", "finished_at", "error", "version", "updated_at"])
        tell(draft, "cancelled", superseded=True)


def tell(push: Push, what: str, **details: object) -> None:
    """The event of a push, in the caller's transaction."""
    payload = {"kind": push.kind, "account": push.account_id, "status": str(push.status), "key": push.key, **details}
    emit_event(f"channels.push_{what}.v1", entity="channels.push", entity_id=push.pk, payload=payload)
