"""When shipments are expected, from inbound plans of 2024-03-20: version 0 does not tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from stockhub.pluginapi.connectors import ConnectorContext, RequestRefusedError, ThrottledError, UnavailableError
from stockhub_amazon.calls import Query, call, path_of
from stockhub_amazon.fields import FieldError, instant, mapping, objects, required_objects, text, text_or_empty

_PLANS: Final = "/inbound/fba/2024-03-20"
_MEMORY: Final = "inbound_expected"
#: A plan that has not moved for so long has no shipment under way.
_RECENT: Final = timedelta(days=120)
#: A plan is two calls and more; dates that are kept from earlier readings fill in the others.
_MOST_PLANS: Final = 6
_MOST_PAGES: Final = 4
_MOST_KEPT: Final = 150


@dataclass(frozen=True, slots=True)
class Expected:
    shipped_on: date | None = None
    expected_on: date | None = None


def expectations(context: ConnectorContext) -> Mapping[str, Expected]:
    """By confirmation id: what is kept, and what newly changed plans say. Where Amazon does not answer, there are no new dates."""
    kept = _kept(context)
    told = _Told(str(kept.get("seen") or ""), dict(kept.get("shipments", {})))
    try:
        for changed, plan_id in sorted(_changed_plans(told.seen, context))[:_MOST_PLANS]:
            told.shipments |= _shipments_of(plan_id, context)
            told.seen = changed
    except (ThrottledError, UnavailableError, RequestRefusedError) as error:
        # The plans that are left come with the next reading: the oldest changes were read first.
        context.log.info("Not all inbound plans were read; some shipments have no date yet: %s", error.message)
    told.shipments = dict(list(told.shipments.items())[-_MOST_KEPT:])
    context.memory.set(_MEMORY, {"seen": told.seen, "shipments": told.shipments})
    return {confirmation: _expected(days) for confirmation, days in told.shipments.items()}


@dataclass(slots=True)
class _Told:
    seen: str
    shipments: dict[str, list[str]]


def _kept(context: ConnectorContext) -> dict[str, Any]:
    kept = context.memory.get(_MEMORY)
    return kept if isinstance(kept, dict) and isinstance(kept.get("shipments", {}), dict) else {}


def _expected(days: list[str]) -> Expected:
    shipped, expected = days
    return Expected(date.fromisoformat(shipped) if shipped else None, date.fromisoformat(expected) if expected else None)


def _shipments_of(plan_id: str, context: ConnectorContext) -> dict[str, list[str]]:
    plan = call(context, "getInboundPlan", "GET", _PLANS + path_of("inboundPlans", plan_id))
    found: dict[str, list[str]] = {}
    for shipment in _objects(plan, "shipments", context):
        answer = call(
            context, "getShipment", "GET", _PLANS + path_of("inboundPlans", plan_id, "shipments", str(shipment.get("shipmentId")))
        )
        try:
            confirmation = text_or_empty(answer, "shipmentConfirmationId")
            if confirmation:
                found[confirmation] = _days(answer)
        except FieldError as error:
            context.log.warning("A shipment of an inbound plan cannot be read: %s", error.message)
    return found


def _changed_plans(seen: str, context: ConnectorContext) -> list[tuple[str, str]]:
    """(instant of the change, plan), of those that changed after `seen`."""
    since = seen or (context.now() - _RECENT).isoformat()
    found: list[tuple[str, str]] = []
    token = ""
    for _page in range(_MOST_PAGES):
        query: Query = {"pageSize": 30, "sortBy": "LAST_UPDATED_TIME", "sortOrder": "DESC", "paginationToken": token or None}
        answer = call(context, "listInboundPlans", "GET", f"{_PLANS}/inboundPlans", query=query)
        plans = required_objects(answer, "inboundPlans")
        some = [each for each in (_changed(plan, context) for plan in plans) if each is not None]
        found += [each for each in some if each[0] > since]
        pagination = answer.get("pagination")
        token = str(pagination.get("nextToken") or "") if isinstance(pagination, dict) else ""
        if not token or any(each[0] <= since for each in some):
            break
    return found


def _changed(plan: Mapping[str, Any], context: ConnectorContext) -> tuple[str, str] | None:
    try:
        changed = instant(plan, "lastUpdatedAt").isoformat()
        return None if text(plan, "status") == "VOIDED" else (changed, text(plan, "inboundPlanId"))
    except FieldError as error:
        context.log.warning("An inbound plan cannot be read: %s", error.message)
        return None


def _days(shipment: Mapping[str, Any]) -> list[str]:
    """The end of the delivery window, else of nothing; when it is ready to ship, by the first day of that window."""
    window = mapping(shipment, "selectedDeliveryWindow")
    ready = mapping(mapping(shipment, "dates"), "readyToShipWindow")
    shipped = instant(ready, "start").date().isoformat() if ready.get("start") else ""
    return [shipped, instant(window, "endDate").date().isoformat() if window.get("endDate") else ""]


def _objects(plan: Mapping[str, Any], name: str, context: ConnectorContext) -> list[Mapping[str, Any]]:
    try:
        return objects(plan, name)
    except FieldError as error:
        context.log.warning("An inbound plan cannot be read: %s", error.message)
        return []
