"""The roles that every installation has, as groups of Django's. An administrator may add his own beside them.

Three say what somebody may do; two, purchasing and sales, say what he is told of: alerts reach people by their role.
"""

from __future__ import annotations

from typing import Any, Final

from django.apps import AppConfig
from django.utils.translation import gettext, gettext_noop

VIEWER: Final = "viewer"
OPERATOR: Final = "operator"
ADMIN: Final = "admin"
ROLES: Final = (VIEWER, OPERATOR, ADMIN)
PURCHASING: Final = "purchasing"
SALES: Final = "sales"
#: Whose members read the business as a viewer does, and deal with its alerts.
TOLD_ROLES: Final = (PURCHASING, SALES)
#: What people call them; the groups' own names are what permissions and imports go by.
_LABELS: Final = {
    VIEWER: gettext_noop("Viewer"),
    OPERATOR: gettext_noop("Operator"),
    ADMIN: gettext_noop("Administrator"),
    PURCHASING: gettext_noop("Purchasing"),
    SALES: gettext_noop("Sales"),
}

#: Areas whose rows are about the system rather than the business: a viewer does not see them, an operator does not change them.
_SYSTEM_AREAS: Final = frozenset(
    {"access", "auth", "admin", "contenttypes", "sessions", "django_celery_beat", "core", "pluginhost", "outbox", "cycles"}
)
#: What an operator may not add or change although it belongs to the business: whole shops.
_ADMINS_ONLY: Final = frozenset({("channels", "account")})
#: What an operator may ask for: a run of a cycle, now.
_OPERATOR_ADDS: Final = frozenset({("cycles", "cycle")})
#: What an operator must read to see why something failed.
_OPERATOR_READS: Final = frozenset({"cycles", "outbox", "pluginhost"})


def role_label(name: str) -> str:
    """The role in the active language; one that an administrator added by its own name."""
    return gettext(_LABELS[name]) if name in _LABELS else name


def install_roles(sender: AppConfig, **_kwargs: Any) -> None:  # noqa: ANN401 - a signal's
    """Gives each role the permissions of the area that was just migrated.

    Runs after Django made that area's permissions, for every area and every time, so that a new model's permissions reach the roles of an
    existing installation. It only adds: what an administrator gave besides stays.
    """
    from django.contrib.auth.models import Group, Permission

    area = sender.label
    permissions = Permission.objects.filter(content_type__app_label=area).select_related("content_type")
    given: dict[str, list[Permission]] = {role: [] for role in (*ROLES, *TOLD_ROLES)}
    for permission in permissions:
        for role in _roles_of(area, permission.content_type.model, permission.codename):
            given[role].append(permission)
    for role, its in given.items():
        group, _created = Group.objects.get_or_create(name=role)
        if its:
            group.permissions.add(*its)


def _roles_of(area: str, model: str, codename: str) -> tuple[str, ...]:
    """The roles that get a permission. Custom permissions of the business are an operator's, deleting is an administrator's."""
    verb = codename.partition("_")[0]
    if area in _SYSTEM_AREAS:
        asks = verb == "add" and (area, model) in _OPERATOR_ADDS
        return (OPERATOR, ADMIN) if asks or (verb == "view" and area in _OPERATOR_READS) else (ADMIN,)
    if verb == "view":
        return (*ROLES, *TOLD_ROLES)
    if (area, codename) == ("alerts", "change_alert"):
        return OPERATOR, ADMIN, *TOLD_ROLES
    if verb == "delete" or (area, model) in _ADMINS_ONLY:
        return (ADMIN,)
    return OPERATOR, ADMIN
