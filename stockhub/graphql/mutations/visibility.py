"""What an input names by code, as rows that the user sees: what he does not see is not there for him."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from strawberry import Info

from stockhub.catalog.models import StockPool
from stockhub.channels.models import Account
from stockhub.graphql.pagination import rows_of
from stockhub.values import DomainError


def named(info: Info, model: type[Model], path: str, code: str) -> Any:  # noqa: ANN401 - a row of the model
    """The live row with this code; DomainError `not_found` with the path of the field that names it."""
    row = rows_of(model, info).filter(code=code, deleted_at=None).first()
    if row is None:
        raise DomainError("not_found", _("There is no such code, or you may not see it."), path=(path,), params={"value": code[:200]})
    return row


def ids_by_code(info: Info, model: type[Model], codes: Collection[str], path: str) -> dict[str, int]:
    """The ids of the live rows with these codes; DomainError `not_found` names the first that is missing."""
    found: dict[str, int] = dict(rows_of(model, info).filter(code__in=set(codes), deleted_at=None).values_list("code", "pk"))
    for index, code in enumerate(codes):
        if code not in found:
            message = _("There is no such code, or you may not see it.")
            raise DomainError("not_found", message, path=(path, str(index)), params={"value": code[:200]})
    return found


def require_visible_pools(info: Info, pools: Sequence[str | None], *, bulk: bool) -> None:
    """DomainError `not_found` where a row names a pool that the user does not see: it is not his to buy or plan for."""
    _require_visible(info, StockPool, "pool", pools, bulk=bulk)


def require_visible_accounts(info: Info, accounts: Sequence[str | None], *, bulk: bool) -> None:
    """DomainError `not_found` where a row names an account that the user does not see."""
    _require_visible(info, Account, "account", accounts, bulk=bulk)


def _require_visible(info: Info, model: type[Model], name: str, codes: Sequence[str | None], *, bulk: bool) -> None:
    wanted = {code for code in codes if code}
    if not wanted:
        return
    manager: Any = model._default_manager
    hidden = set(manager.filter(code__in=wanted).values_list("code", flat=True))
    hidden -= set(rows_of(model, info).filter(code__in=wanted).values_list("code", flat=True))
    for index, code in enumerate(codes):
        if code in hidden:
            path = ("rows", str(index), name) if bulk else (name,)
            raise DomainError("not_found", _("There is no such code, or you may not see it."), path=path, params={"value": code})
