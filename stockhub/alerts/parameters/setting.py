"""Setting and ending parameters of rules, one or a thousand at a time, with who, why and what held before (H64)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from stockhub.access.scopes import require
from stockhub.alerts.parameter_models import TARGETS, ParameterScope, RuleParameter
from stockhub.alerts.parameters.candidates import precedence_of
from stockhub.alerts.parameters.reach import Reach
from stockhub.catalog.services import RowResult, RowStatus
from stockhub.core import actor, clock
from stockhub.editing.upserts import require_size
from stockhub.outbox.services import emit_events
from stockhub.pluginhost.registry import registry
from stockhub.pluginhost.rules import valid_parameters
from stockhub.values import DomainError

REPLACED: Final = gettext_noop("replaced by a later value")
LONGEST_REASON: Final = 300
_Target = tuple[str, str, str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterInput:
    """What somebody wants to set. `target` is the id of the category, stage, account, pool or SKU, or the text of the class."""

    rule: str
    parameter: str
    value: Any
    scope: ParameterScope = ParameterScope.GLOBAL
    target: int | str | None = None
    starts_at: datetime | None = None
    until_at: datetime | None = None
    reason: str = ""


def set_parameter(row: ParameterInput, *, request_key: str | None = None) -> RuleParameter:
    """Sets one value; the DomainError of the row where it is refused."""
    [result] = set_parameters([row], request_key=request_key)
    if result.error is not None or result.id is None:
        raise result.error or DomainError("refused_before", _("This was refused when the request came first."))
    return RuleParameter.objects.get(pk=result.id)


def set_parameters(rows: Sequence[ParameterInput], *, request_key: str | None = None) -> list[RowResult]:
    """Sets values, each from its `starts_at` (now) until its `until_at`, when it reverts by itself; one result for each row.

    A value without an end that holds from now on ends those of the same target that have no end either and have begun; every other one
    stays. While one for a time holds, it counts before one without an end; of equals the one that began last does. The same `request_key`
    again gives the earlier results. DomainErrors of rows: `unknown_rule`, `unknown_parameter`, `invalid_parameters`, `invalid_scope`,
    `reason_required`, `ends_before_start`, `instant_without_zone`,
    `not_allowed`.
    """
    require("alerts.add_ruleparameter")
    require_size(rows)
    now, reach = clock.now(), Reach.of_actor()
    with transaction.atomic():
        if request_key is not None and (earlier := _earlier(request_key, len(rows))):
            return earlier
        made: dict[int, RuleParameter] = {}
        errors: dict[int, DomainError] = {}
        for index, row in enumerate(rows):
            try:
                made[index] = _checked(row, now, reach)
            except DomainError as error:
                errors[index] = error
        for index, parameter in made.items():
            parameter.request_key = _key_of(request_key, index) if request_key is not None else None
        _write(list(made.values()), now)
    return [
        RowResult(index, RowStatus.REFUSED, error=errors[index])
        if index in errors
        else RowResult(index, RowStatus.CREATED, id=made[index].pk, version=made[index].version)
        for index in range(len(rows))
    ]


def end_parameters(
    ids: Collection[int], *, reason: str, visible: Collection[int] | None = None, expected_version: int | None = None
) -> list[RuleParameter]:
    """Ends values before their time, all or none: what held without them holds again. DomainError `not_found`, `parameter_ended`,
    `reason_required`, `stale_version`.
    """
    require("alerts.change_ruleparameter")
    if not reason.strip():
        raise DomainError("reason_required", _("Say why it ends."), path=("reason",))
    now, reach = clock.now(), Reach.of_actor()
    with transaction.atomic():
        found = list(RuleParameter.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        if visible is not None:
            found = [each for each in found if each.pk in visible]
        if {each.pk for each in found} != set(ids):
            raise DomainError("not_found", _("There is no such value, or you may not see it."), path=("id",))
        for each in found:
            reach.check(each)
            if each.ended_at is not None or (each.until_at is not None and each.until_at <= now):
                raise DomainError("parameter_ended", _("This value has ended already."), path=("id",), params={"id": each.pk})
            if expected_version is not None and each.version != expected_version:
                raise DomainError(
                    "stale_version", _("Somebody changed it since you read it. Read it again."), path=("expectedVersion",),
                    params={"version": each.version},
                )  # fmt: skip
        _end(found, reason.strip()[:LONGEST_REASON], now)
    return found


# --- what is set ----------------------------------------------------------------------------------------------------------------


def _checked(row: ParameterInput, now: datetime, reach: Reach) -> RuleParameter:
    starts_at = row.starts_at or now
    parameter = RuleParameter(
        rule=row.rule, parameter=row.parameter, value=valid_value(row.rule, row.parameter, row.value), scope=row.scope,
        starts_at=starts_at, until_at=row.until_at, reason=row.reason.strip(), set_by=actor.current().label, set_at=now, updated_at=now,
        **_target(row),
    )  # fmt: skip
    if not parameter.reason:
        raise DomainError("reason_required", _("Say why: what the next person reads."), path=("reason",))
    if len(parameter.reason) > LONGEST_REASON:
        raise DomainError(
            "reason_too_long",
            _("Say why in %(most)s characters at most."),
            path=("reason",),
            params={"most": LONGEST_REASON},
        )
    for path, instant in (("startsAt", row.starts_at), ("untilAt", row.until_at)):
        if instant is not None and instant.tzinfo is None:
            raise DomainError(
                "instant_without_zone",
                _("%(path)s needs a time zone, such as 2026-03-01T02:30:00+08:00."),
                path=(path,),
                params={"path": path},
            )
    if row.until_at is not None and row.until_at <= max(starts_at, now):
        raise DomainError("ends_before_start", _("A value ends after it begins, and in the future."), path=("untilAt",))
    reach.check(parameter)
    return parameter


def valid_value(slug: str, parameter: str, value: Any) -> Any:  # noqa: ANN401 - whatever the rule's model takes
    """The value as the rule's own model has it, as JSON; DomainError `unknown_rule`, `unknown_parameter`, `invalid_parameters`."""
    rule = registry().alert_rules.get(slug)
    if rule is None:
        raise DomainError("unknown_rule", _("There is no such rule; `rules` lists them."), path=("rule",), params={"value": slug[:60]})
    if parameter not in rule.parameters_model.model_fields:
        names = ", ".join(rule.parameters_model.model_fields)
        raise DomainError(
            "unknown_parameter", _("The rule has no such parameter; it has: %(names)s."), path=("parameter",), params={"names": names}
        )
    try:
        valid = valid_parameters(rule, {parameter: value})
    except DomainError as error:
        raise DomainError("invalid_parameters", error.text, path=("value",), params=error.params) from error
    return valid.model_dump(mode="json")[parameter]


def _target(row: ParameterInput) -> dict[str, Any]:
    if row.scope is ParameterScope.GLOBAL:
        if row.target is not None:
            raise DomainError("invalid_scope", _("A value for all SKUs has no target."), path=("target",))
        return {}
    if row.target is None or (isinstance(row.target, str) and not row.target.strip()):
        raise DomainError("invalid_scope", _("Say for which %(scope)s."), path=("target",), params={"scope": row.scope.value})
    if row.scope is ParameterScope.CLASS:
        return {"sku_class": str(row.target).strip()[:40]}
    return {f"{TARGETS[row.scope]}_id": row.target}


def _key(parameter: RuleParameter) -> _Target:
    own = TARGETS.get(ParameterScope(parameter.scope))
    target = None if own is None else parameter.sku_class.upper() if own == "sku_class" else getattr(parameter, f"{own}_id")
    return parameter.rule, parameter.parameter, parameter.scope, target


def _write(made: Sequence[RuleParameter], now: datetime) -> None:
    """In a number of queries that does not grow with the rows."""
    if not made:
        return
    before: dict[_Target, list[RuleParameter]] = {}
    for each in _unended(made, now):
        before.setdefault(_key(each), []).append(each)
    replaced: dict[int, RuleParameter] = {}
    for new in made:
        earlier = before.setdefault(_key(new), [])
        holding = [each for each in earlier if each.starts_at <= new.starts_at and (each.until_at is None or each.until_at > new.starts_at)]
        new.previous_value = max(holding, key=precedence_of).value if holding else None
        if new.until_at is None and new.starts_at <= now:
            replaced |= {each.pk: each for each in earlier if each.until_at is None and each.starts_at <= now and each.pk is not None}
        earlier.insert(0, new)
    _end(list(replaced.values()), REPLACED, now)
    RuleParameter.objects.bulk_create(made)
    emit_events(_event("alerts.parameter_set.v1", each, each.reason) for each in made)


def _unended(made: Sequence[RuleParameter], now: datetime) -> list[RuleParameter]:
    """What has not ended of the same rules, parameters and targets, the one that was set last first. Locked: two people take turns."""
    skus = [each.sku_id for each in made if each.sku_id is not None]
    rows = RuleParameter.objects.select_for_update(of=("self",)).filter(
        Q(ended_at=None), Q(until_at=None) | Q(until_at__gt=now), Q(sku=None) | Q(sku_id__any_of=skus),
        rule__in={each.rule for each in made}, parameter__in={each.parameter for each in made},
    )  # fmt: skip
    return sorted(rows.order_by("pk"), key=lambda each: (each.set_at, each.pk), reverse=True)


def _end(rows: Sequence[RuleParameter], reason: str, now: datetime) -> None:
    for each in rows:
        each.ended_at, each.ended_by, each.end_reason = now, actor.current().label, reason
        each.version, each.updated_at = each.version + 1, now
    RuleParameter.objects.bulk_update(rows, ["ended_at", "ended_by", "end_reason", "version", "updated_at"], batch_size=200)
    emit_events(_event("alerts.parameter_ended.v1", each, reason) for each in rows)


def _event(kind: str, each: RuleParameter, reason: str) -> tuple[str, str, int, dict[str, Any]]:
    _rule, _parameter, scope, target = _key(each)
    return kind, "alerts.ruleparameter", each.pk, {
        "rule": each.rule, "parameter": each.parameter, "scope": str(scope), "target": target, "old": each.previous_value,
        "new": each.value, "starts_at": each.starts_at.isoformat(), "until_at": each.until_at.isoformat() if each.until_at else None,
        "reason": reason,
    }  # fmt: skip


def _key_of(request_key: str, index: int) -> str:
    """Keys are each user's own."""
    return f"{actor.current().user_id or 0}:{request_key}:{index}"


def _earlier(request_key: str, rows: int) -> list[RowResult]:
    """What the same request gave before; its refused rows are unchanged now, whatever they were."""
    keys = {_key_of(request_key, index): index for index in range(rows)}
    found = {keys[each.request_key or ""]: each for each in RuleParameter.objects.filter(request_key__in=keys)}
    if not found:
        return []
    return [
        RowResult(index, RowStatus.UNCHANGED, id=found[index].pk, version=found[index].version)
        if index in found
        else RowResult(
            index, RowStatus.REFUSED, error=DomainError("refused_before", _("This row was refused when the request came first."))
        )
        for index in range(rows)
    ]
