"""Writing what is to be done when an event of a type comes (H3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stockhub.access.models import User
from stockhub.access.scopes import NotAllowedError, require, visible_account_ids
from stockhub.channels.models import Account
from stockhub.core import actor, clock
from stockhub.demand.models import ContingencyPlan
from stockhub.demand.plans.inputs import ContingencyPlanInput
from stockhub.editing.upserts import Change, assign_columns, codes, collect, resolve, results, the_one, valid, write
from stockhub.values.errors import DomainError

_NOUN: Final = "demand.contingency_plan"
_COLUMNS: Final = ("event_type", "days_before", "plan")
#: Tasks of a plan, and letters of one: what a person can read when it is urgent.
_TASKS: Final = 50
_LETTERS: Final = 500


def upsert_contingency_plan(row: ContingencyPlanInput) -> ContingencyPlan:
    """Makes or changes a plan by its code. DomainError `invalid_tasks` for tasks that are no texts, `invalid_value`, `unknown_account`."""
    require("demand.change_contingencyplan")
    with transaction.atomic():
        existing = {plan.code: plan for plan in ContingencyPlan.objects.select_for_update().filter(code=row.code)}
        accounts = codes(Account, [row.account])
        changes, errors = collect(
            [row],
            key=lambda row: row.code,
            existing=existing,
            new=lambda row: ContingencyPlan(code=row.code),
            assign=lambda change, row: _assign(change, row, accounts),
        )
        write(ContingencyPlan, changes, noun=_NOUN)
        return ContingencyPlan.objects.get(pk=the_one(results([row], changes, errors)))


def _assign(change: Change[ContingencyPlan], row: ContingencyPlanInput, accounts: Mapping[str, int]) -> None:
    if change.is_new:
        valid(change.obj, "code", row.code)
    else:
        _require_seen(change.obj)
    # An upsert of a plan that was called off makes it hold again.
    change.set("deleted_at", None)
    if isinstance(row.account, str) or row.account is None:
        change.set("account_id", resolve(accounts, "account", row.account))
    assign_columns(change, row, _COLUMNS)
    if isinstance(row.tasks, list):
        _require_tasks(row.tasks)
        change.set("tasks", [task.strip() for task in row.tasks])
    for name in ("event_type", "plan"):
        if not getattr(change.obj, name):
            raise DomainError("required", _("This field cannot be empty."), path=(name,))
    _require_seen(change.obj)


def cancel_contingency_plan(*, code: str) -> ContingencyPlan:
    """Calls a plan off; the warnings that it opened close with the next cycle. DomainError `not_found`; one that is called off stays so."""
    require("demand.delete_contingencyplan")
    with transaction.atomic():
        plan = ContingencyPlan.objects.select_for_update().filter(code=code).first()
        if plan is None:
            raise DomainError("not_found", _("There is no such code."), path=("code",), params={"value": code[:200]})
        _require_seen(plan)
        if plan.deleted_at is None:
            change = Change(0, plan, is_new=False)
            change.set("deleted_at", clock.now())
            write(ContingencyPlan, [change], noun=_NOUN)
    return plan


def _require_tasks(tasks: list[str]) -> None:
    if len(tasks) > _TASKS or not all(task.strip() and len(task) <= _LETTERS and "\x00" not in task for task in tasks):
        message = _("A plan has at most %(tasks)s tasks, each a text of 1 to %(letters)s characters.")
        raise DomainError("invalid_tasks", message, path=("tasks",), params={"tasks": _TASKS, "letters": _LETTERS})


def _require_seen(plan: ContingencyPlan) -> None:
    """A plan for one's own account; one for any account is for those who see all of them."""
    who = actor.current()
    user = User.objects.filter(pk=who.user_id).first() if who.user_id is not None else None
    seen = None if user is None else visible_account_ids(user)
    if seen is not None and plan.account_id not in seen:
        raise NotAllowedError(_("Name an account that you see: a plan for any account is for those who see all of them."))
