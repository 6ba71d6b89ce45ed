"""Actions of a plan in words, in the active language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _

from stockhub.agenda.actions import ActionKind
from stockhub.agenda.dependencies import Ties
from stockhub.agenda.plan import NextStep, Plan, PlannedAction
from stockhub.alerts.models import Alert
from stockhub.alerts.reason_texts import reason_text
from stockhub.alerts.selectors import kind_info
from stockhub.alerts.wording import money_text, subject_of
from stockhub.catalog.models import StockPool
from stockhub.values import Money


def pool_codes(plans: Iterable[PlannedAction]) -> dict[int, str]:
    """The codes of the pools that transfers go between. One query where there are any."""
    moves = [each.action for each in plans if each.action.from_pool_id]
    wanted = {pool for action in moves for pool in (action.pool_id, action.from_pool_id) if pool}
    return dict(StockPool.objects.filter(pk__in=wanted).values_list("pk", "code")) if wanted else {}


def pool_codes_of(plan: Plan) -> dict[int, str]:
    """The same for all actions of a plan."""
    following = [plan.following.planned] if plan.following else []
    return pool_codes([*plan.chosen, *plan.left_out, *plan.undecided, *following])


def action_text(planned: PlannedAction, pools: Mapping[int, str]) -> str:
    """What to do: `order 200 at sup`, `transfer 120 from east to cn`."""
    action = planned.action
    quantity = formats.number_format(action.quantity, use_l10n=True, force_grouping=True) if action.quantity else ""
    if action.kind is ActionKind.ORDER and quantity:
        if planned.cash.supplier:
            return _("order %(quantity)s at %(supplier)s") % {"quantity": quantity, "supplier": planned.cash.supplier}
        return _("order %(quantity)s") % {"quantity": quantity}
    if action.kind is ActionKind.TRANSFER and quantity:
        places = {name: pools.get(pool or 0, "—") for name, pool in (("source", action.from_pool_id), ("target", action.pool_id))}
        return _("transfer %(quantity)s from %(source)s to %(target)s") % {"quantity": quantity, **places}
    if action.kind is ActionKind.PURCHASE_PAUSE and quantity:
        return _("hold %(quantity)s ordered units") % {"quantity": quantity}
    return action.label


def cash_text(planned: PlannedAction) -> str:
    """The cash that it needs: an amount, none, or why nobody knows."""
    amount = planned.cash.amount
    if amount is None:
        return _("cost unknown: %(reason)s") % {"reason": reason_text(planned.cash.reason)}
    return money_text(_money(amount)) if amount else _("needs no cash")


def saving_text(planned: PlannedAction) -> str:
    """What it saves, and for each unit of cash."""
    saving = money_text(planned.saving)
    if planned.per_cash is None:
        return _("saves %(money)s") % {"money": saving}
    each = formats.number_format(round(planned.per_cash, 2), use_l10n=True, force_grouping=True)
    return _("saves %(money)s, %(each)s for each %(currency)s") % {"money": saving, "each": each, "currency": planned.saving.currency}


def waits_text(planned: PlannedAction) -> str:
    """Why it cannot be chosen yet."""
    return reason_text(planned.waits_for)


def answered_text(alert: Alert) -> str:
    """An alert that an action of another line answers: `Overstock, RED in cn-east`."""
    return _("%(what)s, %(subject)s") % {"what": kind_info(alert.kind).label, "subject": subject_of(alert)}


def next_text(step: NextStep, pools: Mapping[int, str]) -> str:
    """What more money would bring first."""
    return _("%(cash)s more would save %(saving)s more (%(each)s for each %(currency)s): %(action)s, %(subject)s") % {
        "cash": money_text(step.extra_cash),
        "saving": money_text(step.extra_saving),
        "each": formats.number_format(round(step.per_cash, 2), use_l10n=True, force_grouping=True),
        "currency": step.extra_cash.currency,
        "action": action_text(step.planned, pools),
        "subject": subject_of(step.planned.action.alert),
    }


def proof_text(plan: Plan) -> str:
    """How good the choice is: the best there is, or how far from it at most."""
    if plan.gap == 0:
        return _("No other choice of these actions saves more.")
    share = formats.number_format(round(plan.gap * 100, 2), use_l10n=True)
    return _("The best choice saves %(bound)s at most: up to %(share)s %% may be missing here.") % {
        "bound": money_text(plan.bound), "share": share,
    }  # fmt: skip


def elsewhere_text(plan: Plan) -> str:
    """What the plan was not made of; empty where it was made of everything."""
    if not plan.elsewhere.lines:
        return ""
    return _("%(count)s further lines, where least is saved (%(money)s at most together), are not in this plan.") % {
        "count": formats.number_format(plan.elsewhere.lines, use_l10n=True, force_grouping=True),
        "money": money_text(_money(plan.elsewhere.saving)),
    }


def tie_texts(ties: Ties) -> list[str]:
    """What a line of *Today* has to do with others, a text for each way."""
    if ties.action is None:
        return []
    told, action = [], ties.action.label
    if ties.also_answers:
        also = "; ".join(tie.answered for tie in ties.also_answers)
        told.append(_("%(action)s: it also answers %(what)s.") % {"action": action, "what": also})
    if ties.decide_first:
        others = "; ".join(tie.to_decide for tie in ties.decide_first)
        told.append(
            _("First decide: %(action)s here, or %(what)s. Only one of them counts in the sums.") % {"action": action, "what": others}
        )
    return told


def _money(amount: Decimal) -> Money:
    return Money(amount, settings.STOCKHUB_BASE_CURRENCY)
