"""An inbound plan as a draft: items and where they come from. Packing, placement and transport are for a person, in Seller Central."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from stockhub.pluginapi.connectors import (
    ConnectorContext,
    ConnectorError,
    DraftInboundPlans,
    InboundPlanLine,
    PushResult,
    PushStatus,
    RequestRefusedError,
    UnavailableError,
    UnreadableAnswerError,
)
from stockhub_amazon.account import ShipFrom
from stockhub_amazon.calls import Query, account_of, call, path_of
from stockhub_amazon.fields import FieldError, objects, text, text_or_empty

_PLANS: Final = "/inbound/fba/2024-03-20"
_MOST_LINES: Final = 2_000
_MOST_UNITS: Final = 500_000
#: Of a push: what the plan that it led to is called.
_MEMORY: Final = "inbound_draft:"
_LONGEST_NAME: Final = 40
#: How many of the newest plans are looked through: a page is as much as Amazon gives.
_NEWEST: Final = 30


class AmazonInboundDrafts(DraftInboundPlans):
    def draft_inbound_plan(self, rows: Sequence[InboundPlanLine], key: str, context: ConnectorContext, *, preview: bool) -> PushResult:
        """Asked again with the same key, it looks at the plan that it has made. A plan without an answer is not made twice."""
        ship_from = account_of(context).ship_from
        problem = _problem(rows, ship_from)
        if problem or ship_from is None:
            return PushResult(0, PushStatus.REFUSED, "not_sendable", problem)
        if preview:
            return PushResult(0, PushStatus.ACCEPTED, message="The lines can be sent; Amazon itself has no dry run of a plan.")
        kept = context.memory.get(_MEMORY + key)
        if kept is not None:
            return _looked_at(kept, context) if "operation" in kept else _looked_for(kept, key, context)
        return _draft(rows, key, ship_from, context)


def _problem(rows: Sequence[InboundPlanLine], ship_from: ShipFrom | None) -> str:
    if ship_from is None:
        return "The account has no ship-from address: enter it, then draft the plan again."
    if not rows or len(rows) > _MOST_LINES:
        return f"A plan has 1 to {_MOST_LINES} lines, this one {len(rows)}."
    codes = [row.code for row in rows]
    if len(set(codes)) < len(codes):
        return "A SKU stands in the plan twice."
    bad = [row.code for row in rows if not 0 < row.qty <= _MOST_UNITS]
    return f"Quantities are from 1 to {_MOST_UNITS}; not so: {', '.join(bad[:5])}." if bad else ""


def _draft(rows: Sequence[InboundPlanLine], key: str, ship_from: ShipFrom, context: ConnectorContext) -> PushResult:
    config = account_of(context)
    # Kept before it is sent: where the answer is lost, nobody knows whether a plan is there, and a second one would be shipped to.
    context.memory.set(_MEMORY + key, {"sent": context.now().isoformat()})
    body = {
        "destinationMarketplaces": [config.home.marketplace_id],
        "items": [_item(row) for row in rows],
        "sourceAddress": _address(ship_from),
        "name": plan_name(key),
    }
    try:
        answer = call(context, "createInboundPlan", "POST", f"{_PLANS}/inboundPlans", body=body)
        plan = {"plan": text(answer, "inboundPlanId"), "operation": text(answer, "operationId")}
    except RequestRefusedError as error:
        context.memory.set(_MEMORY + key, None)
        return PushResult(0, PushStatus.REFUSED, error.code, error.message)
    except (UnavailableError, UnreadableAnswerError, FieldError) as error:
        return PushResult(
            0, PushStatus.UNKNOWN, "no_answer", f"{error.message} See in Seller Central whether the plan {plan_name(key)} is there."
        )
    except ConnectorError:
        context.memory.set(_MEMORY + key, None)
        raise
    context.memory.set(_MEMORY + key, plan)
    return _looked_at(plan, context)


def plan_name(key: str) -> str:
    """What a plan is called in Seller Central: of each key another name, by which one is found again whose answer was lost."""
    name = f"StockHub {key}"
    if len(name) <= _LONGEST_NAME:
        return name
    digest = hashlib.blake2b(key.encode(), digest_size=8).hexdigest()
    return f"{name[: _LONGEST_NAME - len(digest) - 1]} {digest}"


def _looked_for(kept: Mapping[str, Any], key: str, context: ConnectorContext) -> PushResult:
    """The plan whose answer was lost, among the newest by its name. That it is not there yet does not mean that it will not be."""
    name = plan_name(key)
    query: Query = {"pageSize": _NEWEST, "sortBy": "CREATION_TIME", "sortOrder": "DESC"}
    try:
        answer = call(context, "listInboundPlans", "GET", f"{_PLANS}/inboundPlans", query=query)
        found = [
            (text(plan, "inboundPlanId"), text(plan, "status")) for plan in objects(answer, "inboundPlans") if plan.get("name") == name
        ]
    except (ConnectorError, FieldError) as error:
        said = f"A plan was sent at {kept.get('sent')} and no answer came; it could not be looked for: {error.message}"
        return PushResult(0, PushStatus.UNKNOWN, "no_answer", said)
    if len(found) != 1:
        said = f"A plan was sent at {kept.get('sent')}, no answer came, and Amazon lists {len(found)} plans called {name}."
        return PushResult(0, PushStatus.UNKNOWN, "no_answer", f"{said} See in Seller Central whether it is there.")
    ((plan_id, status),) = found
    if status == "ACTIVE":
        return PushResult(0, PushStatus.APPLIED, message=f"Found by its name, {name}.", reference=plan_id)
    return PushResult(0, PushStatus.FAILED, "plan_failed", f"Amazon's plan {name} is {status}: see it in Seller Central.", plan_id)


def _looked_at(kept: Mapping[str, Any], context: ConnectorContext) -> PushResult:
    plan = str(kept["plan"])
    try:
        answer = call(context, "getInboundOperationStatus", "GET", _PLANS + path_of("operations", str(kept["operation"])))
        status = text(answer, "operationStatus")
        problems = "; ".join(_said(problem) for problem in objects(answer, "operationProblems"))[:500]
    except (ConnectorError, FieldError) as error:
        return PushResult(0, PushStatus.ACCEPTED, "not_looked_at", error.message, plan)
    if status == "FAILED":
        return PushResult(0, PushStatus.FAILED, "plan_failed", problems or "Amazon's plan failed without a reason: draft it again.", plan)
    if status == "SUCCESS":
        return PushResult(0, PushStatus.APPLIED, message=problems, reference=plan)
    return PushResult(0, PushStatus.ACCEPTED, message="Amazon is still making the plan.", reference=plan)


def _said(problem: Mapping[str, Any]) -> str:
    return f"{text_or_empty(problem, 'severity')} {text_or_empty(problem, 'code')}: {text_or_empty(problem, 'message')}".strip()


def _item(row: InboundPlanLine) -> dict[str, Any]:
    item: dict[str, Any] = {"msku": row.code, "quantity": row.qty, "labelOwner": "SELLER", "prepOwner": "SELLER"}
    return item | ({"expiration": row.expires_on} if row.expires_on else {})


def _address(ship_from: ShipFrom) -> dict[str, str]:
    address = {
        "name": ship_from.name, "addressLine1": ship_from.address_line, "city": ship_from.city, "countryCode": ship_from.country_code,
        "postalCode": ship_from.postal_code, "phoneNumber": ship_from.phone, "stateOrProvinceCode": ship_from.state,
    }  # fmt: skip
    return {name: value for name, value in address.items() if value}
