"""Reading what came in, what is in quarantine, and what presales are promised."""

from __future__ import annotations

from typing import Annotated

import strawberry
from django.utils.translation import gettext
from strawberry import Info

from stockhub.channels import models, received_models
from stockhub.graphql.errors import bad_input
from stockhub.graphql.named import named_skus, named_warehouses
from stockhub.graphql.pagination import DEFAULT_FIRST, After, Connection, First, Key, Offset, Paging, page, rows_of
from stockhub.graphql.permissions import root_field
from stockhub.graphql.queries.channels import OnAccount
from stockhub.graphql.queries.inventory import InWarehouse
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.single import by_key
from stockhub.graphql.types.ingestion import PresalePosition, QuarantinedRecord, ReceivedRecord, ReceivedStatus, RecordKind
from stockhub.inventory.presale import presale_positions

OfKind = Annotated[RecordKind | None, strawberry.argument(description="Only those that tell of this.")]
_LATEST_SEEN = (Key("last_seen_at", descending=True),)
_LATEST_RECEIVED = (Key("received_at", descending=True),)


@strawberry.type
class IngestionQuery:
    @root_field("channels.view_quarantined", "The record of this id that is or was in quarantine for this cause; null where there is none.")
    def quarantined_record(
        self,
        info: Info,
        account: Annotated[str, strawberry.argument(description="The account's code.")],
        record_kind: Annotated[RecordKind, strawberry.argument(description="What it tells of.")],
        external_id: Annotated[str, strawberry.argument(description="By what the source knows it.")],
        code: Annotated[str, strawberry.argument(description="The cause, such as unknown_warehouse.")],
    ) -> QuarantinedRecord | None:
        key = {"account__code": account, "kind": record_kind.value, "external_id": external_id, "code": code}
        return by_key(info, models.Quarantined, **key)

    @root_field("channels.view_quarantined", "Records in quarantine, the latest seen first.")
    def quarantined_records(
        self,
        info: Info,
        account: OnAccount = None,
        record_kind: OfKind = None,
        cause: Annotated[str | None, strawberry.argument(description="Only those with this code, such as unknown_warehouse.")] = None,
        open: Annotated[bool | None, strawberry.argument(description="Only open ones, or only settled ones.")] = None,  # noqa: A002
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[QuarantinedRecord]:
        rows = rows_of(models.Quarantined, info)
        rows = rows if account is None else rows.filter(account__code=account)
        rows = rows if record_kind is None else rows.filter(kind=record_kind.value)
        rows = rows if cause is None else rows.filter(code=cause)
        rows = rows if open is None else rows.filter(resolved_at__isnull=open)
        return page(info, Connection[QuarantinedRecord], rows, _LATEST_SEEN, Paging(first, after, offset))

    @root_field("channels.view_receivedrecord", "Records as they came in, the latest first.")
    def received_records(
        self,
        info: Info,
        account: OnAccount = None,
        record_kind: OfKind = None,
        external_id: Annotated[str | None, strawberry.argument(description="Only those of this order, return, … of the source.")] = None,
        status: Annotated[ReceivedStatus | None, strawberry.argument(description="Only those of which this has become.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        offset: Offset = None,
    ) -> Connection[ReceivedRecord]:
        rows = rows_of(received_models.ReceivedRecord, info)
        rows = rows if account is None else rows.filter(account__code=account)
        rows = rows if record_kind is None else rows.filter(kind=record_kind.value)
        rows = rows if external_id is None else rows.filter(external_id=external_id)
        rows = rows if status is None else rows.filter(status=status)
        return page(info, Connection[ReceivedRecord], rows, _LATEST_RECEIVED, Paging(first, after, offset))

    @root_field("inventory.view_balance", "What presales of SKUs are promised of what is on its way, in the warehouses that allow them.")
    def presale_positions(
        self,
        info: Info,
        skus: Annotated[list[str], strawberry.argument(description="The SKUs' codes, at most 1,000.")],
        warehouse: InWarehouse = None,
    ) -> list[PresalePosition]:
        if not skus:
            raise bad_input(gettext("Name the SKUs."))
        names, warehouses = named_skus(info, skus), named_warehouses(info, warehouse)
        return [
            PresalePosition(
                sku=names[told.sku_id],
                warehouse=warehouses[told.warehouse_id],
                incoming_qty=Quantity(told.incoming_qty),
                owed_qty=Quantity(told.owed_qty),
                promised_qty=Quantity(told.promised_qty),
                reserved_qty=Quantity(told.reserved_qty),
                available_to_promise_qty=Quantity(told.available_to_promise_qty),
                oversold_qty=Quantity(told.oversold_qty),
            )
            for told in presale_positions(sku_ids=list(names), warehouse_ids=list(warehouses))
        ]
