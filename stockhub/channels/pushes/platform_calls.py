"""From rows to a connector's requests, and from what it tells to what became of each row. What it does not tell is unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from stockhub.channels.connecting.asking import asking
from stockhub.channels.models import Account
from stockhub.channels.pushes.models import Push, PushKind, PushRow
from stockhub.pluginapi.connectors import (
    ConnectorContext,
    DraftInboundPlans,
    InboundPlanLine,
    PricePush,
    PushPrices,
    PushResult,
    PushShipTimes,
    PushStatus,
    PushStock,
    ReadListings,
    ReadPrices,
    ReadRequest,
    ReadStock,
    RemovalLine,
    RequestRemovals,
    ShipTimePush,
    StockPush,
)
from stockhub.pluginapi.marketplace import MarketplaceConnector
from stockhub.pluginapi.records import ListingRecord, StockCountRecord
from stockhub.pluginhost.registry import registry
from stockhub.values.errors import DomainError

#: Pages that a question about a few codes may have.
_MOST_PAGES: Final = 50
_MOST_MESSAGE: Final = 500


def _stock(connector: Any, rows: Sequence[PushRow], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]:  # noqa: ANN401 - checked to be PushStock
    sent = [StockPush(row.code, row.after_qty or 0, row.before_qty, row.warehouse, row.code_kind) for row in rows]
    return list(connector.push_stock(sent, key, context, preview=preview))


def _prices(connector: Any, rows: Sequence[PushRow], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]:  # noqa: ANN401 - checked to be PushPrices
    sent = [PricePush(row.code, row.after_amount, row.currency, row.code_kind) for row in rows if row.after_amount is not None]
    return list(connector.push_prices(sent, key, context, preview=preview))


def _ship_times(connector: Any, rows: Sequence[PushRow], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]:  # noqa: ANN401 - checked to be PushShipTimes
    sent = [ShipTimePush(row.code, row.days or 0, row.presale_until, row.warehouse, row.code_kind) for row in rows]
    return list(connector.push_ship_times(sent, key, context, preview=preview))


def _inbound(connector: Any, rows: Sequence[PushRow], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]:  # noqa: ANN401 - checked to be DraftInboundPlans
    """One draft of all rows: they share what becomes of it."""
    sent = [InboundPlanLine(row.code, row.after_qty or 0, row.expires_on.isoformat() if row.expires_on else "") for row in rows]
    told = connector.draft_inbound_plan(sent, key, context, preview=preview)
    return [PushResult(index, told.status, told.code, told.message, told.reference) for index in range(len(rows))]


def _removals(connector: Any, rows: Sequence[PushRow], key: str, context: ConnectorContext, *, preview: bool) -> Sequence[PushResult]:  # noqa: ANN401 - checked to be RequestRemovals
    sent = [RemovalLine(row.code, row.after_qty or 0, row.unsellable_qty or 0, row.disposition) for row in rows]
    return list(connector.request_removal(sent, key, context, preview=preview))


@dataclass(frozen=True, slots=True)
class _Way:
    """How a kind of push reaches the platform. `most_rows` names the connector's own limit; empty where all rows are one request."""

    capability: type[Any]
    most_rows: str
    send: Callable[..., Sequence[PushResult]]


_WAYS: Final[Mapping[str, _Way]] = {
    PushKind.STOCK: _Way(PushStock, "most_stock_rows", _stock),
    PushKind.PRICE: _Way(PushPrices, "most_price_rows", _prices),
    PushKind.SHIP_TIME: _Way(PushShipTimes, "most_ship_time_rows", _ship_times),
    PushKind.INBOUND_PLAN: _Way(DraftInboundPlans, "", _inbound),
    PushKind.REMOVAL: _Way(RequestRemovals, "", _removals),
}


def connector_of(account: Account) -> MarketplaceConnector | None:
    return registry().marketplaces.get(account.marketplace)


def require_supported(account: Account, kind: str) -> None:
    """DomainError `invalid_kind`; `not_supported` where the account's connector cannot do that."""
    if kind not in _WAYS:
        raise DomainError("invalid_kind", _("A push is one of %(values)s."), path=("kind",), params={"values": ", ".join(PushKind.values)})
    if not isinstance(connector_of(account), _WAYS[kind].capability):
        raise DomainError(
            "not_supported", _("This account's connector cannot do that; see the plugin's README for what it can."), path=("kind",),
            params={"marketplace": account.marketplace, "kind": str(kind)},
        )  # fmt: skip


def divide(account: Account, kind: str, rows: Sequence[PushRow]) -> None:
    """Gives each row the number of the request that it goes out in; it stays the same for good, and so does the request's key."""
    most = getattr(connector_of(account), _WAYS[kind].most_rows, 0) if _WAYS[kind].most_rows else 0
    for row in rows:
        row.call = row.place // most if most > 0 else 0


def request_key(push: Push, call: int) -> str:
    """The same for every repetition of a request, until a person begins a new round."""
    return f"{push.key}-{call}" + (f"-r{push.round}" if push.round else "")


def send(account: Account, kind: str, rows: Sequence[PushRow], key: str, *, preview: bool) -> list[PushResult]:
    """One request; a result for each row, in their order. Any ConnectorError, and whatever a faulty connector raises."""
    way = _WAYS[kind]
    connector = connector_of(account)
    return _results(asking(account, lambda context: way.send(connector, rows, key, context, preview=preview)), rows)


def follow_removals(account: Account, rows: Sequence[PushRow], key: str) -> list[PushResult]:
    """What became of a removal's rows, all of them in their order: a result each."""
    connector: Any = connector_of(account)
    sent = [RemovalLine(row.code, row.after_qty or 0, row.unsellable_qty or 0, row.disposition) for row in rows]
    return _results(asking(account, lambda context: list(connector.follow_removal(sent, key, context))), rows)


def _results(told: Sequence[object], rows: Sequence[PushRow]) -> list[PushResult]:
    found: dict[int, PushResult] = {}
    for result in told:
        if isinstance(result, PushResult) and type(result.index) is int and 0 <= result.index < len(rows):
            found.setdefault(result.index, result)
    silent = "The connector told nothing of this row. Have it checked."
    return [_clean(found.get(index) or PushResult(index, PushStatus.UNKNOWN, "no_result", silent)) for index in range(len(rows))]


def _clean(result: PushResult) -> PushResult:
    status = result.status if isinstance(result.status, PushStatus) else PushStatus.UNKNOWN
    texts = (_text(result.code, 60), _text(result.message, _MOST_MESSAGE), _text(result.reference, 200))
    return PushResult(result.index, status, *texts)


def _text(value: object, most: int) -> str:
    return str(value or "").replace("\x00", "")[:most]


def can_read_back(account: Account, kind: str) -> bool:
    connector: Any = connector_of(account)
    if kind == PushKind.STOCK:
        return isinstance(connector, ReadStock)
    if kind == PushKind.REMOVAL:
        return isinstance(connector, RequestRemovals) and bool(connector.follows_removals)
    return kind == PushKind.PRICE and isinstance(connector, ReadPrices | ReadListings)


def read_stock(account: Account, codes: Sequence[str]) -> list[StockCountRecord]:
    """What the platform shows of a few codes now."""
    connector: Any = connector_of(account)

    def work(context: ConnectorContext) -> list[StockCountRecord]:
        pages = connector.read_stock(ReadRequest(codes=tuple(codes)), context)
        return [record for page in islice(pages, _MOST_PAGES) for record in page.records]

    return asking(account, work)


def read_prices(account: Account, codes: Sequence[str]) -> list[ListingRecord]:
    """What the platform asks for a few codes now."""
    connector: Any = connector_of(account)

    def work(context: ConnectorContext) -> list[ListingRecord]:
        read = connector.read_prices if isinstance(connector, ReadPrices) else connector.read_listings
        return [record for page in islice(read(ReadRequest(codes=tuple(codes)), context), _MOST_PAGES) for record in page.records]

    return asking(account, work)
