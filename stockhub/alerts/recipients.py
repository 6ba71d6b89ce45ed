"""Whether anybody is told of what level 1 is for: a warning that reaches no one is none (H65)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from stockhub.access.models import User
from stockhub.access.roles import role_label
from stockhub.alerts.models import Side, Subscription
from stockhub.outbox.models import Endpoint

#: What purchasing and sales are told of; doubts about data are the administrators'.
_SIDES: Final = (Side.SHORTAGE, Side.EXCESS)


@dataclass(frozen=True, slots=True)
class Unheard:
    """Sides of whose alerts of level 1 nobody is told, and roles that are to be told and have no member who could be."""

    sides: tuple[Side, ...]
    roles: tuple[str, ...]

    @property
    def text(self) -> str:
        """What is wrong and what to do, in the active language."""
        parts = [_("Nobody is told of alerts of level 1 (%(sides)s).") % {"sides": " · ".join(str(side.label) for side in self.sides)}]
        if not self.roles:
            return " ".join([*parts, _("Subscribe a person or a chat room.")])
        parts.append(_("No active member with an address has the role %(roles)s.") % {"roles": " · ".join(map(role_label, self.roles))})
        return " ".join([*parts, _("Give somebody such a role, or subscribe a person or a chat room.")])


def unheard() -> Unheard | None:
    """None where somebody is told of each side, were it of a part of it. Two queries, whatever there is."""
    rows = list(Subscription.objects.filter(is_active=True, min_level=1).select_related("role", "endpoint").order_by("pk"))
    people, members = _people(rows)
    heard: set[str] = set()
    roles: dict[str, bool] = {}
    for each in rows:
        its = set(each.sides or _SIDES) & set(_SIDES)
        if each.role is not None and its:
            roles[each.role.name] = each.role.pk in members
        if _is_reached(each, people, members):
            heard |= its
    silent = tuple(side for side in _SIDES if side not in heard)
    return Unheard(silent, tuple(name for name, has_members in roles.items() if not has_members)) if silent else None


def _people(rows: list[Subscription]) -> tuple[set[int], set[int]]:
    """Of the people that subscriptions name, by themselves or by a role, those who can be told; and the roles of them."""
    roles = [each.role_id for each in rows if each.role_id is not None]
    named = Q(pk__in=[each.user_id for each in rows if each.user_id is not None]) | Q(groups__in=roles)
    switched_off = Endpoint.objects.filter(Q(is_active=False) | Q(deleted_at__isnull=False), user__isnull=False).values("user")
    found = User.objects.filter(named, is_active=True).exclude(email="").exclude(pk__in=switched_off)
    told = list(found.values_list("pk", "groups"))
    return {pk for pk, _group in told}, {group for _pk, group in told if group is not None}


def _is_reached(subscription: Subscription, people: set[int], roles: set[int]) -> bool:
    endpoint = subscription.endpoint
    if endpoint is not None:
        return endpoint.is_active and endpoint.deleted_at is None
    return subscription.user_id in people or subscription.role_id in roles
