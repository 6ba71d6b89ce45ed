"""What alerts of level 2 and 3 ask for, by what is wrong. Recorded when they get there, ticked off by people; nothing acts by itself.

What has not sold for three months opens its flow at once, from level 1 on (H87): the one that its rule proposes.

Freezing branches by side: outbound that can wait where stock runs short, purchasing where there is too much of it (E5) — to stop outbound
there would stop the cure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from stockhub.alerts.models import Alert, ResponseStep, Side
from stockhub.alerts.rules.no_sale import CLEAR, REVIVE, TRANSFER, NoSaleRule
from stockhub.core import actor, clock
from stockhub.outbox.services import emit_event
from stockhub.values import DomainError

#: From which level on, and the step, by side: what cures most kinds of a side.
STEPS: Final[dict[str, tuple[tuple[int, str], ...]]] = {
    Side.SHORTAGE: ((2, "plan-transfer"), (3, "freeze-outbound"), (3, "tell-management")),
    Side.EXCESS: ((2, "plan-promotion"), (3, "freeze-purchasing"), (3, "tell-management")),
    Side.DATA: ((2, "mend-data"), (3, "tell-management")),
}
#: Of kinds that another thing cures: no transfer lifts a shop's score or finds a second supplier, and data are mended where they break.
STEPS_OF_KIND: Final[dict[str, tuple[tuple[int, str], ...]]] = {
    "experience-score": ((2, "mend-service"), (3, "tell-management")),
    "single-source": ((2, "find-supplier"), (3, "tell-management")),
    "concentrated-supply": ((2, "find-supplier"), (3, "tell-management")),
    "late-inbound": ((2, "chase-supplier"), (2, "plan-transfer"), (3, "freeze-outbound"), (3, "tell-management")),
    "emergency-order": ((2, "order-fast"), (3, "freeze-outbound"), (3, "tell-management")),
    "oversold-listings": ((2, "push-stock"), (3, "tell-management")),
    "low-inventory-fee": ((2, "send-to-platform"), (3, "tell-management")),
    "write-down": ((2, "value-stock"), (3, "freeze-purchasing"), (3, "tell-management")),
    "authorization-lost": ((2, "authorise-again"), (3, "tell-management")),
    "authorization-ends": ((2, "authorise-again"), (3, "tell-management")),
    "stale-feed": ((2, "mend-feed"), (3, "tell-management")),
    "shifted-times": ((2, "check-times"), (3, "tell-management")),
    "webhooks-waiting": ((2, "mend-webhooks"), (3, "tell-management")),
    "webhooks-refused": ((2, "mend-webhooks"), (3, "tell-management")),
    "pushes-waiting": ((2, "decide-pushes"), (3, "tell-management")),
    "stock-differences": ((2, "count-stock"), (3, "tell-management")),
    "stock-dispute": ((2, "count-stock"), (3, "tell-management")),
    "open-variances": ((2, "find-units"), (3, "tell-management")),
    "late-supply": ((2, "chase-supplier"), (3, "tell-management")),
    "ledger-discrepancy": ((2, "prove-ledger"), (3, "tell-management")),
    "missing-partitions": ((2, "see-workers"), (3, "tell-management")),
    "stale-forecast": ((2, "see-workers"), (3, "tell-management")),
    "rule-not-evaluated": ((2, "mend-rule"), (3, "tell-management")),
    "stages-not-evaluated": ((2, "mend-rule"), (3, "tell-management")),
    "forecast-bias": ((2, "correct-forecast"), (3, "tell-management")),
}
#: By kind, of what its rule proposes: a transfer and a clearance are not the same work.
STEPS_OF_PROPOSAL: Final[dict[str, dict[float, tuple[tuple[int, str], ...]]]] = {
    NoSaleRule.slug: {
        proposed: ((1, step), (3, "freeze-purchasing"), (3, "tell-management"))
        for proposed, step in ((CLEAR, "clear-stock"), (TRANSFER, "move-stock"), (REVIVE, "revive-listing"))
    },
}
TEXTS: Final[dict[str, str]] = {
    "mend-data": gettext_noop("See what contradicts or is missing, and mend it where it comes from; what rests on it is held until then."),
    "authorise-again": gettext_noop("Have the account authorised again, on its page: until then nothing of it is read or pushed."),
    "mend-feed": gettext_noop("See why the feed brings nothing (error, authorisation, file), mend it, and read what is missing."),
    "check-times": gettext_noop("Check the account's time zone and the clock of whatever sends its orders, and have them read again."),
    "mend-webhooks": gettext_noop("See why webhooks fail (their reasons, the secret), mend it, then try them again or dismiss them."),
    "decide-pushes": gettext_noop("Look at each push: approve it, try it again or give it up."),
    "count-stock": gettext_noop("Count the stock, and book the count or settle the difference."),
    "find-units": gettext_noop("Look for the units in the warehouse and at the carrier, then accept each difference or mend the receipt."),
    "prove-ledger": gettext_noop("Run `manage.py reconcile`, see what does not hold, and have it repaired."),
    "see-workers": gettext_noop("See that beat and a worker run, and start the cycle that is missing."),
    "mend-rule": gettext_noop("Read the rule's error, mend its parameters or its plugin, and run the cycle again."),
    "correct-forecast": gettext_noop("See why the forecast leans, and correct it: mark days, plan events, or set another model."),
    "clear-stock": gettext_noop("Start its clearance: the price and its floor, where it is sold, and the day by which it must be gone."),
    "move-stock": gettext_noop(
        "Plan its transfer to a pool that sells it, and check that it is feasible: demand and space there, days, cost."
    ),
    "revive-listing": gettext_noop("Promote it on the account that does not sell it, or take its listing down there."),
    "mend-service": gettext_noop(
        "See which part of the score fell (goods, delivery, service) and mend its cause; ship first what is late."
    ),
    "find-supplier": gettext_noop("Find and try a second supplier, and place a part of the next order there."),
    "chase-supplier": gettext_noop("Ask the supplier or the carrier for a new day, and write it into the order."),
    "order-fast": gettext_noop("Place the fast order with the local supplier today, and check that it confirms the day."),
    "push-stock": gettext_noop("Push the stock of these listings, or count it: the platform offers more than there is."),
    "send-to-platform": gettext_noop(
        "Send units to the platform's warehouse before the fee is charged: from your own stock, or by a faster leg."
    ),
    "value-stock": gettext_noop("Check cost and price that it can still fetch, book the write-down, and decide how to sell the rest."),
    "plan-transfer": gettext_noop("Plan a transfer or a faster arrival, and check that it is feasible: spare stock there, days, cost."),
    "plan-promotion": gettext_noop("Plan a promotion, and check that it is feasible: price floor, days until it must work, stock."),
    "freeze-outbound": gettext_noop("Hold outbound that can wait: samples, transfers, orders of low priority."),
    "freeze-purchasing": gettext_noop("Hold purchase orders and shipments of this SKU that can still be held."),
    "tell-management": gettext_noop("Tell management today what is at stake and what is being done."),
}
#: The level that has to be acted on now.
GRAVE: Final = 3
_BATCH: Final = 2000


def steps_of(kind: str, side: str, proposal: object = None) -> tuple[tuple[int, str], ...]:
    """From which level on an alert of a kind asks for which step: those of what is proposed, its own, or those of its side."""
    of_proposal = STEPS_OF_PROPOSAL.get(kind, {}).get(proposal) if isinstance(proposal, int | float) else None
    return of_proposal or STEPS_OF_KIND.get(kind) or STEPS.get(side, ())


def record_steps_to_take(found: Iterable[tuple[int, int, str, str]]) -> None:
    """Records what alerts (id, level, side, kind) ask for. What is recorded already stays, done or not."""
    now, found = clock.now(), list(found)
    proposals = _proposals([pk for pk, _level, _side, kind in found if kind in STEPS_OF_PROPOSAL])
    rows = [
        ResponseStep(alert_id=pk, step=step, level=from_level, recorded_at=now)
        for pk, level, side, kind in found
        for from_level, step in steps_of(kind, side, proposals.get(pk))
        if level >= from_level
    ]
    if rows:
        ResponseStep.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)


def _proposals(alert_ids: list[int]) -> dict[int, Any]:
    """What the rules of these alerts propose, by alert. No query where there are none."""
    if not alert_ids:
        return {}
    return {pk: inputs.get("proposal") for pk, inputs in Alert.objects.filter(pk__any_of=alert_ids).values_list("pk", "inputs")}


def text_of(step: str) -> str:
    """The step in the active language; its slug where a later release recorded it."""
    return gettext(TEXTS[step]) if step in TEXTS else step


def complete_step(*, step_id: int, visible: QuerySet[Alert], note: str = "") -> ResponseStep:
    """Somebody has done it. Doing it again changes nothing. DomainError `not_found`, `note_too_long`."""
    if len(note.strip()) > 300:
        raise DomainError("note_too_long", _("A note has 300 characters at most."), path=("note",))
    with transaction.atomic():
        found = ResponseStep.objects.select_for_update(of=("self",)).filter(pk=step_id, alert__in=visible.values("pk")).first()
        if found is None:
            raise DomainError("not_found", _("There is no such step, or you may not see its alert."), path=("id",))
        if found.done_at is not None:
            return found
        found.done_at, found.done_by, found.note = clock.now(), actor.current().label, note.strip()
        found.save(update_fields=["done_at", "done_by", "note"])
        payload = {"step": found.step, "level": found.level}
        emit_event("alerts.step_completed.v1", entity="alerts.alert", entity_id=found.alert_id, payload=payload)
    return found
