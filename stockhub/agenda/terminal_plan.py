"""The plan of *Today* as plain lines: what an amount of cash is best spent on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from stockhub.agenda.action_texts import (
    action_text,
    answered_text,
    cash_text,
    elsewhere_text,
    next_text,
    pool_codes_of,
    proof_text,
    saving_text,
    waits_text,
)
from stockhub.agenda.plan import Plan, PlannedAction
from stockhub.alerts.wording import money_text, subject_of


def plan_lines(plan: Plan, limit: int) -> Iterator[str]:
    """At most `limit` actions of each sort; one that is chosen says what it needs and saves."""
    pools = pool_codes_of(plan)
    if plan.budget is not None and plan.left is not None:
        yield _("With %(budget)s: %(saving)s can be saved for %(cash)s, %(left)s are left") % {
            "budget": money_text(plan.budget), "saving": money_text(plan.saving), "cash": money_text(plan.cash),
            "left": money_text(plan.left),
        }  # fmt: skip
    for rank, each in enumerate(plan.chosen[:limit], 1):
        also = "; ".join(answered_text(alert) for alert in each.also_answers)
        told = [_what(each, pools), cash_text(each), saving_text(each), *([_("also answers: %(what)s") % {"what": also}] if also else [])]
        yield f"{rank}  {' · '.join(told)}"
    yield proof_text(plan)
    if plan.following:
        yield next_text(plan.following, pools)
    yield from _others(_("No money for it, or a better one excludes it"), [
        f"{_what(each, pools)} · {cash_text(each)} · {saving_text(each)}" for each in plan.left_out[:limit]
    ])  # fmt: skip
    yield from _others(_("Not decided, and never taken for free"), [
        f"{_what(each, pools)} · {waits_text(each)} · {saving_text(each)}" for each in plan.undecided[:limit]
    ])  # fmt: skip
    if told_elsewhere := elsewhere_text(plan):
        yield told_elsewhere


def _others(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield _("%(title)s:") % {"title": title}
        yield from (f"-  {line}" for line in lines)


def _what(planned: PlannedAction, pools: dict[int, str]) -> str:
    return f"{subject_of(planned.action.alert)} · {action_text(planned, pools)}"
