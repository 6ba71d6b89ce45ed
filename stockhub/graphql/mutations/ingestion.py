"""Orders that a program sends, and what is done about records that came in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

import strawberry
from django.utils.translation import gettext_lazy as _
from strawberry import Info

from stockhub.channels import order_submission, quarantine_retries, reprocessing
from stockhub.channels.models import Account, OrderKind, OrderStatus, Quarantined
from stockhub.channels.order_submission import SubmissionStatus, Submitted, submit_orders
from stockhub.channels.quarantine_retries import Retried
from stockhub.graphql.errors import UserError, error_of
from stockhub.graphql.labels import graphql_enum
from stockhub.graphql.mutations.payloads import INPUT, attempt
from stockhub.graphql.mutations.visibility import named
from stockhub.graphql.nodes import primary_key
from stockhub.graphql.pagination import rows_of
from stockhub.graphql.permissions import root_field
from stockhub.graphql.scalars import BigInt, Quantity
from stockhub.graphql.types.ingestion import RecordKind
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord
from stockhub.values import DomainError

OrderStatusEnum = OrderStatus
graphql_enum(
    OrderStatusEnum,
    "How far an order is.",
    {
        "CREATED": ("Created", "已下单"),
        "PAID": ("Paid", "已付款"),
        "SHIPPED": ("Shipped", "已发货"),
        "COMPLETED": ("Completed", "已完成"),
        "CANCELLED": ("Cancelled", "已取消"),
    },
)
OrderKindEnum = OrderKind
graphql_enum(
    OrderKindEnum,
    "What an order is for. Only sales and business orders are demand.",
    {
        "SALE": ("Sale", "销售"),
        "GIFT": ("Gift", "赠品"),
        "SAMPLE": ("Sample", "样品"),
        "REPLACEMENT": ("Replacement", "补发"),
        "B2B": ("Business order", "企业订单"),
        "INTERNAL": ("Internal", "内部"),
        "EXCLUDED": ("Excluded", "不计入"),
    },
)
SubmissionStatusEnum = SubmissionStatus
graphql_enum(
    SubmissionStatusEnum,
    "What became of an order that was sent.",
    {
        "ACCEPTED": ("Durable; its effects follow at once", "已接收，即将处理"),
        "APPLIED": ("Applied", "已处理"),
        "REPEATED": ("Here before, word for word", "重复提交"),
        "REFUSED": ("Refused", "已拒绝"),
    },
)


@strawberry.input(description="One line of an order.")
class OrderLineSubmitInput:
    code: str = strawberry.field(description="The code of what was sold, as the shop knows it.")
    code_kind: str = strawberry.field(description="What the code is: sku, asin, msku, …", default="sku")
    qty: Quantity = strawberry.field(description="How many; positive.")
    unit_price: Decimal | None = strawberry.field(description="The price of one, in the order's currency.", default=None)
    line_id: str = strawberry.field(description="The line's own id; without one it is known by code, time, price and quantity.", default="")
    status: OrderStatusEnum | None = strawberry.field(description="How far the line is, where it differs from its order.", default=None)
    kind: OrderKindEnum | None = strawberry.field(description="What the line is for, where it differs from its order.", default=None)
    warehouse: str = strawberry.field(description="The code of the warehouse that ships it; empty for the pool's choice.", default="")
    promo: str = strawberry.field(description="Its promotion.", default="")
    master_line: str = strawberry.field(description="The line that a gift or a part of a set belongs to.", default="")
    ordered_at: dt.datetime | None = strawberry.field(description="When it was ordered, where that differs from its order.", default=None)

    def record(self) -> OrderLineRecord:
        return OrderLineRecord(
            code=self.code, qty=int(self.qty), unit_price=self.unit_price, line_id=self.line_id, code_kind=self.code_kind,
            status=self.status.value if self.status else "", kind=self.kind.value if self.kind else "", warehouse=self.warehouse,
            promo=self.promo, master_line=self.master_line, ordered_at=self.ordered_at,
        )  # fmt: skip


@strawberry.input(description="An order as its source tells it at one moment. What names the buyer is kept as a keyed hash only.")
class OrderSubmitInput:
    external_id: str = strawberry.field(description="The order's id at its source.")
    status: OrderStatusEnum = strawberry.field(description="How far it is.")
    ordered_at: dt.datetime = strawberry.field(description="When it was ordered.")
    currency: str = strawberry.field(description="ISO 4217, such as CNY or USD.")
    lines: list[OrderLineSubmitInput] = strawberry.field(
        description="Its lines; with none, nothing is said about them.", default_factory=list
    )
    version: BigInt = strawberry.field(
        description="Grows with every change at the source, such as its time in milliseconds: old news is known by it.", default=BigInt(0)
    )
    kind: OrderKindEnum = strawberry.field(description="What it is for.", default=OrderKind.SALE)
    presale_kind: str = strawberry.field(description="What sort of presale it is, such as full or deposit; empty for none.", default="")
    fulfilled_by: str = strawberry.field(description="merchant, or platform for what takes none of our stock.", default="merchant")
    paid_at: dt.datetime | None = strawberry.field(description="When it was paid.", default=None)
    ship_by_at: dt.datetime | None = strawberry.field(description="By when it must ship.", default=None)
    shipped_at: dt.datetime | None = strawberry.field(description="When it was shipped.", default=None)
    cancelled_at: dt.datetime | None = strawberry.field(description="When it was cancelled.", default=None)
    cancel_reason: str = strawberry.field(
        description="Why it was cancelled; after stock_out or late_shipment it remains demand.", default=""
    )
    buyer: str = strawberry.field(description="The source's id of the buyer, never a name or a number to call.", default="")
    province: str = strawberry.field(description="Where it goes.", default="")
    live_room: str = strawberry.field(description="The room of the live-stream that sold it.", default="")
    live_author: str = strawberry.field(description="Who sold it there.", default="")
    is_complete: bool = strawberry.field(description="Whether lines that are not named are gone from the order.", default=True)

    def record(self) -> OrderRecord:
        return OrderRecord(
            external_id=self.external_id, status=self.status.value, ordered_at=self.ordered_at, currency=self.currency,
            lines=tuple(line.record() for line in self.lines), version=int(self.version), kind=self.kind.value,
            presale_kind=self.presale_kind, fulfilled_by=self.fulfilled_by, paid_at=self.paid_at, ship_by_at=self.ship_by_at,
            shipped_at=self.shipped_at, cancelled_at=self.cancelled_at, cancel_reason=self.cancel_reason, buyer=self.buyer,
            province=self.province, live_room=self.live_room, live_author=self.live_author, is_complete=self.is_complete,
        )  # fmt: skip


@strawberry.input(description="Orders of one account.")
class OrdersSubmitInput:
    account: str = strawberry.field(description="The account's code.")
    orders: list[OrderSubmitInput] = strawberry.field(description="At most 1,000 orders; a bad one is refused alone.")
    wait: bool = strawberry.field(
        description="Whether to answer when their effects are there, and not as soon as they are durable.", default=False
    )
    idempotency_key: str = strawberry.field(
        description="Sent again with the same key, other orders are refused. The same orders have no second effect, with or without it.",
        default="",
    )


@strawberry.type(description="What became of one order.")
class OrderSubmitResult:
    told: strawberry.Private[Submitted]

    @strawberry.field(description="The order's place, from 0.")
    def index(self) -> int:
        return self.told.index

    @strawberry.field(description="What became of it.")
    def status(self) -> SubmissionStatusEnum:
        return self.told.status

    @strawberry.field(description="Whether it is kept: a refused one that is kept is in quarantine until its cause is mended.")
    def is_kept(self) -> bool:
        return self.told.is_kept

    @strawberry.field(description="Why it was refused; empty where it was not.")
    def errors(self) -> list[UserError]:
        return [] if self.told.error is None else [error_of(self.told.error, prefix=("input",))]


@strawberry.type(description="What became of the orders.")
class OrdersSubmitPayload:
    results: list[OrderSubmitResult] = strawberry.field(description="A result for each order, in their order.")
    errors: list[UserError] = strawberry.field(description="Failures of the whole; nothing was taken where there are any.")


@strawberry.input(description="Records in quarantine to try again: by their ids, or all open ones of an account.")
class QuarantineRetryInput:
    ids: list[strawberry.ID] = strawberry.field(description="Their ids, at most 1,000.", default_factory=list)
    account: str | None = strawberry.field(description="Or the code of an account.", default=None)
    record_kind: RecordKind | None = strawberry.field(description="Of the account, only those that tell of this.", default=None)
    cause: str = strawberry.field(description="Of the account, only those with this code, such as unknown_warehouse.", default="")


@strawberry.type(description="How many were taken, or why none was tried.")
class QuarantineRetryPayload:
    taken_count: int = strawberry.field(description="Records that were taken.")
    left_count: int = strawberry.field(description="Records that are still refused.")
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was tried where there are any.")


@strawberry.input(description="Records in quarantine that nobody needs.")
class QuarantineDismissInput:
    ids: list[strawberry.ID] = strawberry.field(description="Their ids, at most 1,000.")
    reason: str = strawberry.field(description="Why: what the next person reads.")


@strawberry.type(description="How many were dismissed, or why none was.")
class QuarantineDismissPayload:
    dismissed_count: int = strawberry.field(description="Records that were open and are settled now.")
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing was dismissed where there are any.")


@strawberry.input(description="Kept records of an account to apply again: those received within a time, those with these ids, or both.")
class RecordsReprocessInput:
    account: str = strawberry.field(description="The account's code.")
    since: dt.datetime | None = strawberry.field(description="Records received from this moment on.", default=None)
    until: dt.datetime | None = strawberry.field(description="Records received before this moment; now where it is not sent.", default=None)
    external_ids: list[str] = strawberry.field(description="Ids of orders, returns, …, at most 1,000; none for all.", default_factory=list)
    record_kinds: list[RecordKind] = strawberry.field(description="Only those that tell of these; none for all.", default_factory=list)
    reroute: bool = strawberry.field(
        description="Whether lines of which nothing has left look for their warehouse anew, under today's pools.", default=False
    )


@strawberry.type(description="How many records are due again, or why none is.")
class RecordsReprocessPayload:
    due_count: int = strawberry.field(description="Records that workers will apply again.")
    errors: list[UserError] = strawberry.field(description="Expected failures; nothing is due where there are any.")


def _keys(info: Info, ids: Sequence[strawberry.ID]) -> list[int]:
    """The keys of records that the user sees; DomainError `not_found` for one that he does not."""
    if not 1 <= len(ids) <= quarantine_retries.ROWS:
        raise DomainError("invalid_rows", _("Name 1 to %(most)s records."), path=("ids",), params={"most": quarantine_retries.ROWS})
    keys = [primary_key(each, "QuarantinedRecord") for each in ids]
    seen = set(rows_of(Quarantined, info).filter(pk__in=keys).values_list("pk", flat=True))
    for index, key in enumerate(keys):
        if key not in seen:
            raise DomainError("not_found", _("There is no such record, or you may not see it."), path=("ids", str(index)))
    return keys


def _retry(info: Info, given: QuarantineRetryInput) -> Retried:
    if bool(given.ids) == (given.account is not None):
        raise DomainError("required", _("Name the records' ids, or an account, and not both."), path=("ids",))
    if given.account is None:
        return quarantine_retries.retry_quarantined(_keys(info, given.ids))
    account = named(info, Account, "account", given.account)
    kind = given.record_kind.value if given.record_kind else ""
    return quarantine_retries.retry_matching(account=account, kind=kind, code=given.cause)


def _submit(info: Info, given: OrdersSubmitInput) -> list[Submitted]:
    if len(given.orders) > order_submission.ROWS:
        raise DomainError(
            "too_many_rows", _("Send at most %(most)s orders at a time."), path=("orders",), params={"most": order_submission.ROWS}
        )
    account = named(info, Account, "account", given.account)
    records = [order.record() for order in given.orders]
    return submit_orders(account=account, orders=records, wait=given.wait, idempotency_key=given.idempotency_key)


def _reprocess(info: Info, given: RecordsReprocessInput) -> int:
    return reprocessing.reprocess(
        account=named(info, Account, "account", given.account), since=given.since, until=given.until, external_ids=given.external_ids,
        kinds=[kind.value for kind in given.record_kinds], rerouting=given.reroute,
    )  # fmt: skip


@strawberry.type
class IngestionMutation:
    @root_field("channels.add_order", "Sends orders: they are durable when this answers. Sending them again has no second effect.")
    def orders_submit(self, info: Info, input: Annotated[OrdersSubmitInput, INPUT]) -> OrdersSubmitPayload:  # noqa: A002 - its name in the graph
        told, errors = attempt(lambda: _submit(info, input))
        return OrdersSubmitPayload(results=[OrderSubmitResult(told=each) for each in told or ()], errors=errors)

    @root_field("channels.change_quarantined", "Tries records in quarantine again.")
    def quarantine_retry(self, info: Info, input: Annotated[QuarantineRetryInput, INPUT]) -> QuarantineRetryPayload:  # noqa: A002 - its name in the graph
        told, errors = attempt(lambda: _retry(info, input))
        told = told or Retried()
        return QuarantineRetryPayload(taken_count=told.taken, left_count=told.left, errors=errors)

    @root_field("channels.change_quarantined", "Settles records in quarantine that nobody needs, with a reason.")
    def quarantine_dismiss(self, info: Info, input: Annotated[QuarantineDismissInput, INPUT]) -> QuarantineDismissPayload:  # noqa: A002 - its name in the graph
        told, errors = attempt(lambda: quarantine_retries.dismiss_quarantined(ids=_keys(info, input.ids), reason=input.reason))
        return QuarantineDismissPayload(dismissed_count=told or 0, errors=errors)

    @root_field("channels.change_receivedrecord", "Has kept records applied again. Where nothing has changed since, nothing changes.")
    def records_reprocess(self, info: Info, input: Annotated[RecordsReprocessInput, INPUT]) -> RecordsReprocessPayload:  # noqa: A002 - its name in the graph
        told, errors = attempt(lambda: _reprocess(info, input))
        return RecordsReprocessPayload(due_count=told or 0, errors=errors)
