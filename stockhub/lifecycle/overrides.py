"""Stages set by hand for a time, with who, why and until when (H9, H64). They revert by themselves, and the history keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from stockhub.access.scopes import require
from stockhub.catalog.models import Sku, Stage
from stockhub.catalog.stage_writing import NewStage, write_stages
from stockhub.core import actor, clock
from stockhub.editing.upserts import MAX_ROWS
from stockhub.formulas.lifecycle.hysteresis import override_holds
from stockhub.lifecycle.models import ChangeKind, StageChange, StageOverride, StageState
from stockhub.outbox.services import emit_events
from stockhub.values.errors import DomainError

#: What should hold for longer is stated in the catalogue.
LONGEST: Final = timedelta(days=366)
#: Why an override ended that nobody ended.
EXPIRED: Final = gettext_noop("Its time is over.")
REPLACED: Final = gettext_noop("Another one was set.")
#: Reasons that nobody typed.
ENDINGS: Final = (EXPIRED, REPLACED)


def today() -> date:
    """The site's day."""
    return clock.business_day(clock.now(), settings.STOCKHUB_TIME_ZONE)


def set_stage(*, sku_ids: Sequence[int], stage: str, until_on: date, reason: str) -> list[StageOverride]:
    """Sets the stage of up to 1,000 SKUs until a day, that day included; all of them or none. An earlier override of theirs ends.

    DomainError `not_found`, `unknown_stage`, `too_many_rows`, `reason_required`, `invalid_override`, `override_in_past`,
    `override_too_long`.
    """
    require("lifecycle.add_stageoverride")
    check(until_on=until_on, reason=reason)
    require_count(sku_ids)
    ids = sorted(set(sku_ids))
    wanted = Stage.objects.filter(slug=stage).first()
    if wanted is None:
        raise DomainError("unknown_stage", _("There is no such stage."), path=("stage",), params={"value": stage[:60]})
    with transaction.atomic():
        skus = list(Sku.objects.select_for_update().filter(pk__in=ids, deleted_at=None).order_by("pk"))
        if len(skus) < len(ids):
            raise DomainError("not_found", _("There is no such SKU."), path=("skus",))
        open_now = list(StageOverride.objects.filter(sku_id__in=ids, ended_at=None))
        _close(open_now, by=actor.current().label, why=REPLACED)
        replaced = {each.sku_id: each.replaced_id for each in open_now}
        now = clock.now()
        made = StageOverride.objects.bulk_create(
            StageOverride(
                sku=sku, stage=wanted, until_on=until_on, reason=reason.strip(), set_by=actor.current().label, set_at=now, updated_at=now,
                replaced_id=replaced.get(sku.pk, sku.stage_id),
            )
            for sku in skus
        )  # fmt: skip
        _write(ChangeKind.OVERRIDDEN, {sku.pk: (sku.stage_id, wanted.pk) for sku in skus}, note=reason.strip())
        _tell("set", made)
    return made


def end_overrides(*, override_ids: Sequence[int], reason: str) -> list[StageOverride]:
    """Ends overrides before their time, all of them or none; the stages are again what they would be without.

    DomainError `not_found`, `override_ended`, `reason_required`.
    """
    require("lifecycle.change_stageoverride")
    if not reason.strip():
        raise DomainError("reason_required", _("Say why the override ends."), path=("reason",))
    require_count(override_ids)
    ids = sorted(set(override_ids))
    with transaction.atomic():
        found = list(StageOverride.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        if len(found) < len(ids):
            raise DomainError("not_found", _("There is no such override, or you may not see it."), path=("ids",))
        if any(each.ended_at is not None for each in found):
            raise DomainError("override_ended", _("This override has ended already."), path=("ids",))
        _end(found, by=actor.current().label, why=reason.strip()[:300])
    return found


def revert_expired(as_of: datetime) -> int:
    """Ends the overrides whose last day is over; returns how many. Called before anything rests on stages, so that none reverts late."""
    day = clock.business_day(as_of, settings.STOCKHUB_TIME_ZONE)
    due = StageOverride.objects.filter(ended_at=None, until_on__lt=day)
    if not due.exists():
        return 0
    with transaction.atomic():
        locked = due.select_for_update().order_by("pk")
        found = [each for each in locked if not override_holds(day, each.until_on)]
        _end(found, by=actor.current().label, why=EXPIRED)
    return len(found)


def require_count(rows: Sequence[object]) -> None:
    """DomainError `too_many_rows`."""
    if len(rows) > MAX_ROWS:
        raise DomainError("too_many_rows", _("Send at most %(max)s rows at a time."), params={"max": MAX_ROWS, "rows": len(rows)})


def check(*, until_on: date, reason: str) -> None:
    """DomainError that says what is wrong with what somebody wants to set."""
    if not reason.strip():
        raise DomainError("reason_required", _("Say why: what the next person reads."), path=("reason",))
    if len(reason.strip()) > 300:
        raise DomainError("invalid_override", _("Say why in 300 characters at most."), path=("reason",))
    if until_on < today():
        raise DomainError("override_in_past", _("The last day of an override is today or later."), path=("untilOn",))
    if until_on - today() > LONGEST:
        raise DomainError(
            "override_too_long",
            _("A stage is set for a year at most; what should hold for longer is stated of the SKU."),
            path=("untilOn",),
        )


def _end(overrides: Sequence[StageOverride], *, by: str, why: str) -> None:
    """Ends them and gives their SKUs the stages that they would have without."""
    _close(overrides, by=by, why=why)
    ids = [each.sku_id for each in overrides]
    settled = dict(StageState.objects.filter(sku_id__in=ids).values_list("sku_id", "stage_id"))
    now_is = dict(Sku.objects.filter(pk__in=ids).values_list("pk", "stage_id"))
    back = {each.sku_id: (now_is[each.sku_id], settled.get(each.sku_id) or each.replaced_id) for each in overrides}
    _write(ChangeKind.REVERTED, back, note=why)
    _tell("ended", overrides)


def _close(overrides: Iterable[StageOverride], *, by: str, why: str) -> None:
    now = clock.now()
    closing = list(overrides)
    for each in closing:
        each.ended_at = each.updated_at = now
        each.ended_by, each.end_reason = by, why
    StageOverride.objects.bulk_update(closing, ["ended_at", "ended_by", "end_reason", "updated_at"])


def _write(kind: ChangeKind, stages: Mapping[int, tuple[int | None, int | None]], *, note: str) -> None:
    """The catalogue's stages, from and to by SKU, and a line of history for each."""
    who, now, day = actor.current().label, clock.now(), today()
    write_stages([NewStage(sku, was, then) for sku, (was, then) in sorted(stages.items()) if was != then])
    StageChange.objects.bulk_create(
        StageChange(
            sku_id=sku, kind=kind, week_on=day, stage_from_id=was, stage_to_id=then, actor=who, note=note, recorded_at=now
        )
        for sku, (was, then) in sorted(stages.items())
    )  # fmt: skip


def _tell(what: str, overrides: Iterable[StageOverride]) -> None:
    emit_events(
        (
            f"lifecycle.stage_override_{what}.v1",
            "lifecycle.stageoverride",
            each.pk,
            {
                "sku": each.sku_id,
                "stage": each.stage.slug,
                "until_on": each.until_on.isoformat(),
                "reason": each.reason if what == "set" else each.end_reason,
            },
        )
        for each in overrides
    )
