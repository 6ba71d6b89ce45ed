"""Whose parameters somebody may see and set: those for all are seen by everybody, and set by those who see everything."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from stockhub.access.models import User
from stockhub.access.scopes import NotAllowedError, visible_account_ids
from stockhub.alerts.parameter_models import ParameterScope, RuleParameter
from stockhub.catalog.selectors import visible_pool_ids
from stockhub.core import actor


def visible_parameters(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:  # noqa: ANN401 - Django's user or nobody
    """Those for all, and those for the pools and accounts that the user sees."""
    if not isinstance(user, User):
        return rows.none()
    for path, ids in (("pool_id", visible_pool_ids(user)), ("account_id", visible_account_ids(user))):
        if ids is not None:
            rows = rows.filter(Q(**{f"{path}__isnull": True}) | Q(**{f"{path}__in": ids}))
    return rows


@dataclass(frozen=True, slots=True)
class Reach:
    """What the acting person may set values for; None is everything."""

    accounts: Collection[int] | None
    pools: Collection[int] | None

    @classmethod
    def of_actor(cls) -> Reach:
        who = actor.current()
        user = User.objects.filter(pk=who.user_id).first() if who.user_id is not None else None
        return cls(None, None) if user is None else cls(visible_account_ids(user), visible_pool_ids(user))

    def check(self, parameter: RuleParameter) -> None:
        """NotAllowedError where a value reaches beyond what the person sees."""
        if self.accounts is None and self.pools is None:
            return
        if parameter.scope == ParameterScope.POOL and (self.pools is None or parameter.pool_id in self.pools):
            return
        if parameter.scope == ParameterScope.ACCOUNT and (self.accounts is None or parameter.account_id in self.accounts):
            return
        raise NotAllowedError(_("Set it for a pool or an account of yours: what reaches further is for those who see all of them."))
