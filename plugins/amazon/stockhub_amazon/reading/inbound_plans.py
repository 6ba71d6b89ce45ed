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
_MOST_PLANS: Final = 10
_MOST_KEPT: Final = 150


@dataclass(frozen=True, slots=True)
class Expected:
    shipped_on: date | None = None
    expected_on: date | None = None


def expectations(context: ConnectorContext) -> Mapping[str, Expected]:
    """By confirmation id: what is kept, and what newly changed plans say. Where Amazon does not answer, there are no new dates."""
    kept = _kept(context)
    try:
        found = _newly_told(str(kept.get("seen") or ""), context)
    except (ThrottledError, UnavailableError, RequestRefusedError) as error:
        context.log.warning("Inbound plans were not read, so that some shipments have no date yet: %s", error.message)
        found = kept
    else:
        shipments = {**kept.get("shipments", {}), **found["shipments"]}
        found = {"seen": found["seen"], "shipments": dict(list(shipments.items())[-_MOST_KEPT:])}
        context.memory.set(_MEMORY, found)
    return {confirmation: _expected(days) for confirmation, days in found.get("shipments", {}).items()}


def _kept(context: ConnectorContext) -> dict[str, Any]:
    kept = context.memory.get(_MEMORY)
    return kept if isinstance(kept, dict) and isinstance(kept.get("shipments", {}), dict) else {}


def _expected(days: list[str]) -> Expected:
    shipped, expected = days
    return Expected(date.fromisoformat(shipped) if shipped else None, date.fromisoformat(expected) if expected else None)


def _newly_told(seen: str, context: ConnectorContext) -> dict[str, Any]:
    """Plans that changed after the instant `seen`, the oldest of them first, so that the next reading goes on where this one ends."""
    changed = sorted(_changed_plans(seen, context), key=lambda plan: plan[0])[:_MOST_PLANS]
    shipments: dict[str, list[str]] = {}
    for _at, plan_id in changed:
        plan = call(context, "getInboundPlan", "GET", _PLANS + path_of("inboundPlans", plan_id))
        for shipment in _objects(plan, "shipments", context):
            answer = call(
                context, "getShipment", "GET", _PLANS + path_of("inboundPlans", plan_id, "shipments", str(shipment.get("shipmentId")))
            )
            try:
                confirmation = text_or_empty(answer, "shipmentConfirmationId")
                if confirmation:
                    shipments[confirmation] = _days(answer)
            except FieldError as error:
                context.log.warning("A shipment of an inbound plan cannot be read: %s", error.message)
    return {"seen": changed[-1][0] if changed else seen, "shipments": shipments}


def _changed_plans(seen: str, context: ConnectorContext) -> list[tuple[str, str]]:
    since = seen or (context.now() - _RECENT).isoformat()
    query: Query = {"pageSize": 30, "sortBy": "LAST_UPDATED_TIME", "sortOrder": "DESC"}
    answer = call(context, "listInboundPlans", "GET", f"{_PLANS}/inboundPlans", query=query)
    found = []
    for plan in required_objects(answer, "inboundPlans"):
        try:
            changed = instant(plan, "lastUpdatedAt").isoformat()
            if changed > since and text(plan, "status") != "VOIDED":
                found.append((changed, text(plan, "inboundPlanId")))
        except FieldError as error:
            context.log.warning("An inbound plan cannot be read: %s", error.message)
    return found


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
