"""Saying who is told of which alerts. One's own is one's own business; others, roles and chat rooms are for those who manage people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.access.models import User
from stockhub.access.scopes import NotAllowedError
from stockhub.alerts.models import Side, Subscription
from stockhub.alerts.system_kinds import LABELS
from stockhub.core import actor
from stockhub.core.unset import UNSET, Unset
from stockhub.outbox.models import Endpoint
from stockhub.outbox.services import emit_event
from stockhub.pluginhost.registry import registry
from stockhub.values import DomainError

MANAGES_PEOPLE: Final = "access.change_user"
_PLAIN: Final = ("name", "min_level", "max_level", "sides", "kinds", "is_active")
_MANY: Final = ("accounts", "pools", "categories")
#: Reports that are asked for like a kind of alert, by their slugs (H84).
WEEKLY_REPORT, MONTHLY_REPORT = "kpi-report-weekly", "kpi-report-monthly"
#: Rules that one subscription names.
_MOST_KINDS: Final = 200


@dataclass(frozen=True, slots=True)
class SubscriptionInput:
    """What somebody wants; what is unset stays. The target is named once, when it is made; without one it is the acting person."""

    user: User | None = None
    role: Group | None = None
    endpoint: Endpoint | None = None
    name: str | Unset = UNSET
    min_level: int | Unset = UNSET
    max_level: int | Unset = UNSET
    sides: Sequence[str] | Unset = UNSET
    kinds: Sequence[str] | Unset = UNSET
    is_active: bool | Unset = UNSET
    accounts: Sequence[int] | Unset = UNSET
    pools: Sequence[int] | Unset = UNSET
    categories: Sequence[int] | Unset = UNSET


def save_subscription(*, given: SubscriptionInput, subscription_id: int | None = None) -> Subscription:
    """Makes a subscription, or changes one. DomainError `not_found`, `invalid_subscription`; NotAllowedError for what is another's."""
    with transaction.atomic():
        found = _locked(subscription_id) if subscription_id is not None else _new(given)
        for name in _PLAIN:
            if not isinstance(value := getattr(given, name), Unset):
                setattr(found, name, list(value) if name in ("sides", "kinds") else value)
        check_subscription(found)
        found.save()
        for name in _MANY:
            if not isinstance(ids := getattr(given, name), Unset):
                getattr(found, name).set(ids)
        _tell(found, "created" if subscription_id is None else "changed")
    return found


def delete_subscription(*, subscription_id: int) -> None:
    """It is gone; what it brought stays where it is."""
    with transaction.atomic():
        found = _locked(subscription_id)
        _tell(found, "deleted")
        found.delete()


def _new(given: SubscriptionInput) -> Subscription:
    targets = {name: value for name in ("user", "role", "endpoint") if (value := getattr(given, name)) is not None}
    if not targets:
        targets = {"user": User.objects.filter(pk=actor.current().user_id or 0).first()}
    if len(targets) != 1 or None in targets.values():
        raise DomainError("invalid_subscription", _("Name one target: a user, a role or an endpoint."), path=("endpoint",))
    made = Subscription(**targets)
    _require_own_or_manager(made)
    return made


def _locked(pk: int) -> Subscription:
    found = Subscription.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise DomainError("not_found", _("There is no such subscription, or you may not see it."), path=("id",))
    _require_own_or_manager(found)
    return found


def _require_own_or_manager(subscription: Subscription) -> None:
    who = actor.current()
    if who.user_id is None or subscription.user_id == who.user_id:
        return
    user = User.objects.filter(pk=who.user_id, is_active=True).first()
    if user is None or not user.has_perm(MANAGES_PEOPLE):
        raise NotAllowedError(_("Only your own subscriptions are yours to change: others are for those who manage people."))


def check_subscription(subscription: Subscription) -> None:
    """DomainError `invalid_subscription` that says what is wrong with what somebody asks for."""
    low, high = subscription.min_level, subscription.max_level
    if not 1 <= low <= high <= 3:
        raise DomainError("invalid_subscription", _("Levels go from 1 to 3, the first not above the last."), path=("min_level",))
    if unknown := sorted(set(subscription.sides or []) - set(Side.values)):
        message = _("There is no side %(unknown).40r; there are shortage, excess and data.")
        raise DomainError("invalid_subscription", message, path=("sides",), params={"unknown": unknown[0]})
    if len(subscription.kinds) > _MOST_KINDS or not all(isinstance(kind, str) and len(kind) <= 60 for kind in subscription.kinds):
        raise DomainError(
            "invalid_subscription",
            _("Name at most %(most)s kinds by their slugs."),
            path=("kinds",),
            params={"most": _MOST_KINDS},
        )
    if strange := _unknown_kinds(subscription):
        message = _("There is no kind %(unknown).60r. It is the slug of a rule, or of a report: %(reports)s.")
        reports = f"{WEEKLY_REPORT}, {MONTHLY_REPORT}"
        params = {"unknown": strange[0], "reports": reports}
        raise DomainError("invalid_subscription", message, path=("kinds",), params=params)
    if len(subscription.name) > 120:
        raise DomainError("invalid_subscription", _("A name has 120 characters at most."), path=("name",))


def _unknown_kinds(subscription: Subscription) -> list[str]:
    """Kinds that nothing raises or sends. Those that it has named before stay: a plugin may be away for a while."""
    known = {*registry().alert_rules, *LABELS, WEEKLY_REPORT, MONTHLY_REPORT}
    strange = [kind for kind in subscription.kinds if kind not in known]
    if not strange or subscription.pk is None:
        return strange
    before = set(Subscription.objects.filter(pk=subscription.pk).values_list("kinds", flat=True).first() or ())
    return [kind for kind in strange if kind not in before]


def _tell(subscription: Subscription, what: str) -> None:
    payload: dict[str, Any] = {name: getattr(subscription, name) for name in _PLAIN}
    payload |= {name: getattr(subscription, f"{name}_id") for name in ("user", "role", "endpoint")}
    emit_event(f"alerts.subscription_{what}.v1", entity="alerts.subscription", entity_id=subscription.pk, payload=payload)
