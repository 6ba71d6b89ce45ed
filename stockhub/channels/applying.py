"""Kept payloads into effects: what the inbox and the quarantine have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from stockhub.channels import quarantine as quarantining
from stockhub.channels.facts.ages import ingest_ages
from stockhub.channels.facts.fee_estimates import ingest_fee_estimates
from stockhub.channels.facts.inbound import ingest_inbound
from stockhub.channels.facts.settlements import ingest_settlements
from stockhub.channels.facts.signals import ingest_signals
from stockhub.channels.facts.traffic import ingest_traffic
from stockhub.channels.ingestion import CheckedOrders, apply_orders
from stockhub.channels.listings import ingest_listings
from stockhub.channels.models import Account
from stockhub.channels.order_batch import Anew
from stockhub.channels.order_intake import Refusal, RefusedError, check_order
from stockhub.channels.payloads import AnyRecord, restored
from stockhub.channels.returns import SimpleResult, ingest_returns
from stockhub.channels.scores import ingest_scores
from stockhub.channels.stock_counts import ingest_stock
from stockhub.pluginapi.records import OrderRecord


@dataclass(frozen=True, slots=True)
class Payload:
    """A kept record of one kind, by the id of its source."""

    external_id: str
    payload: dict[str, Any]


def apply_payloads(*, account: Account, kind: str, payloads: Sequence[Payload], source: str, anew: Anew = Anew.NO) -> dict[str, Refusal]:
    """Gives kept records of one kind, each id once, their effects, in the caller's transaction; returns what was refused, by id.

    Refused records are in quarantine then, and the others are out of it.
    """
    if kind == "order":
        return _apply_orders(account, payloads, source, anew)
    good: list[tuple[str, AnyRecord]] = []
    refused: dict[str, Refusal] = {}
    for each in payloads:
        try:
            good.append((each.external_id, restored(kind, each.payload)[0]))
        except RefusedError as error:
            refused[each.external_id] = Refusal.of(each.external_id, error)
    _keep_refused(account, kind, payloads, refused)
    if good:
        result = _INGEST[kind](account, [record for _id, record in good])
        refused |= {refusal.external_id: refusal for refusal in result.refusals}
    return refused


def _apply_orders(account: Account, payloads: Sequence[Payload], source: str, anew: Anew) -> dict[str, Refusal]:
    orders = CheckedOrders(account, [], [])
    refused: dict[str, Refusal] = {}
    for each in payloads:
        try:
            record, buyer = restored("order", each.payload)
            orders.good.append(check_order(cast("OrderRecord", record), account.pk, hashed_buyer=buyer))
        except RefusedError as error:
            refused[each.external_id] = Refusal.of(each.external_id, error)
    _keep_refused(account, "order", payloads, refused)
    if orders.good:
        result = apply_orders(account=account, orders=orders, source=source, anew=anew)
        refused |= {refusal.external_id: refusal for refusal in result.refusals}
    return refused


def _keep_refused(account: Account, kind: str, payloads: Sequence[Payload], refused: Mapping[str, Refusal]) -> None:
    faulty = [(each.payload, refused[each.external_id]) for each in payloads if each.external_id in refused]
    quarantining.keep_refused(account=account, kind=kind, refused=faulty)


def _ingest(service: Callable[..., SimpleResult], name: str) -> Callable[[Account, Sequence[AnyRecord]], SimpleResult]:
    """A service, with its records under the name that it has for them."""
    return lambda account, records: service(account=account, **{name: records})


_INGEST: Final[Mapping[str, Callable[[Account, Sequence[AnyRecord]], SimpleResult]]] = {
    "return": _ingest(ingest_returns, "returns"),
    "listing": _ingest(ingest_listings, "listings"),
    "stock": _ingest(ingest_stock, "counts"),
    "inbound": _ingest(ingest_inbound, "shipments"),
    "age": _ingest(ingest_ages, "ages"),
    "fee_estimate": _ingest(ingest_fee_estimates, "estimates"),
    "settlement": _ingest(ingest_settlements, "settlements"),
    "traffic": _ingest(ingest_traffic, "traffic"),
    "signal": _ingest(ingest_signals, "signals"),
    "score": _ingest(ingest_scores, "scores"),
}
