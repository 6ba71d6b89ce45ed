"""Rules for shown stock, and pushes: previewed, made, approved, given up, tried again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

import strawberry
from django.utils.translation import gettext_lazy as _
from strawberry import UNSET, Info

from stockhub.catalog.models import Warehouse
from stockhub.channels.models import Account
from stockhub.channels.pushes import approving, inputs, levers, models, proposing, reverting, settings, stock_rules
from stockhub.graphql.errors import UserError
from stockhub.graphql.labels import graphql_enum
from stockhub.graphql.metrics import Explanation, Money, MoneyInput, money
from stockhub.graphql.mutations.payloads import INPUT, Written, attempt, to_service, write_one
from stockhub.graphql.mutations.visibility import ids_by_code, named
from stockhub.graphql.nodes import primary_key
from stockhub.graphql.pagination import rows_of
from stockhub.graphql.permissions import root_field
from stockhub.graphql.scalars import Quantity
from stockhub.graphql.types.pushes import (
    BelowMin,
    Push,
    PushHeldReason,
    PushKind,
    PushRowStatus,
    PushSettings,
    StockRule,
    explained,
)
from stockhub.values import DomainError

_VERSION = "The version that the decision was made on; without it, the last one holds."
_KEY = "Sent again with the same key, it has no second effect; with other values it is refused."


@strawberry.input(
    description="A rule by its scope: an account, one of its listings, or a category. A field that is not sent is left alone."
)
class StockRuleUpsertInput:
    account: str = strawberry.field(description="The account's code.")
    listing: str | None = strawberry.field(description="The listing's code, for a rule of its own.", default=None)
    listing_kind: str = strawberry.field(description="What the listing's code is.", default="sku")
    category: str | None = strawberry.field(description="The category's code, for a rule of its own.", default=None)
    warehouses: list[str] | None = strawberry.field(
        description="Codes of the warehouses whose stock counts; an empty list for those of the account's pools.", default=UNSET
    )
    buckets: list[str] | None = strawberry.field(description="Slugs of the buckets that count.", default=UNSET)
    percent: Decimal | None = strawberry.field(description="The part that is shown, from 0 to 1,000.", default=UNSET)
    plus_qty: int | None = strawberry.field(description="Units added; below 0 they are kept for others.", default=UNSET)
    min_qty: int | None = strawberry.field(description="The least that is shown.", default=UNSET)
    below_min: BelowMin | None = strawberry.field(description="What is shown below the least.", default=UNSET)
    max_qty: int | None = strawberry.field(description="The most that is shown; null for no bound.", default=UNSET)
    keeps_lag_buffer: bool | None = strawberry.field(
        description="Whether what may be sold within the measured lag of the account's orders is not offered.", default=UNSET
    )
    live_reserve_qty: int | None = strawberry.field(description="Units that a live session keeps.", default=UNSET)
    live_from_at: dt.datetime | None = strawberry.field(description="When the session begins.", default=UNSET)
    live_until_at: dt.datetime | None = strawberry.field(description="When its units are shown again.", default=UNSET)
    is_deleted: bool = strawberry.field(description="True takes the rule away.", default=False)
    expected_version: int | None = strawberry.field(description=_VERSION, default=None)


@strawberry.type(description="The rule that was written, or why it was not.")
class StockRuleUpsertPayload(Written):
    @strawberry.field(description="The rule as it is now; null where there are errors.")
    def stock_rule(self, info: Info) -> StockRule | None:
        return self.now(info, models.StockRule)


@strawberry.input(description="What an account allows. A field that is not sent is left alone; null for a limit takes it away.")
class PushSettingsUpsertInput:
    account: str = strawberry.field(description="The account's code.")
    is_stopped: bool | None = strawberry.field(description="The emergency stop.", default=UNSET)
    is_automatic: bool | None = strawberry.field(description="Whether stock follows the ledger by itself.", default=UNSET)
    debounce_seconds: int | None = strawberry.field(description="Seconds for which changes are gathered.", default=UNSET)
    needs_second_person: bool | None = strawberry.field(description="Whether another person than the maker approves.", default=UNSET)
    row_qty: int | None = strawberry.field(description="Largest change of a row in units.", default=UNSET)
    row_pct: Decimal | None = strawberry.field(description="Largest change of a row in per cent.", default=UNSET)
    push_qty: int | None = strawberry.field(description="Largest change of a push in units.", default=UNSET)
    push_pct: Decimal | None = strawberry.field(description="Largest change of a push in per cent.", default=UNSET)
    expires_after_hours: int | None = strawberry.field(description="Hours for which an approval holds.", default=UNSET)
    tolerance_qty: int | None = strawberry.field(description="Units of difference that are no news.", default=UNSET)
    tolerance_pct: Decimal | None = strawberry.field(description="Per cent of difference that are no news.", default=UNSET)
    alert_above: int | None = strawberry.field(description="More differences than this are an alert.", default=UNSET)
    expected_version: int | None = strawberry.field(description=_VERSION, default=None)


@strawberry.type(description="The settings that were written, or why they were not.")
class PushSettingsUpsertPayload(Written):
    @strawberry.field(description="The settings as they are now; null where there are errors.")
    def push_settings(self, info: Info) -> PushSettings | None:
        return self.now(info, models.PushSettings)


@strawberry.input(description="One listing of a push.")
class PushRowInput:
    code: str = strawberry.field(description="The listing's code.")
    code_kind: str = strawberry.field(description="What its code is.", default="sku")
    warehouse: str = strawberry.field(description="The platform's warehouse; empty for the shop's one number.", default="")
    qty: Quantity | None = strawberry.field(
        description="Stock: units that it shall show, or by its rule where it is not sent. Inbound plans and removals: units.", default=None
    )
    price: MoneyInput | None = strawberry.field(description="Prices: what it shall cost.", default=None)
    days: int | None = strawberry.field(description="Shipping times: days after payment, 0 the same day.", default=None)
    presale_until: dt.datetime | None = strawberry.field(description="Shipping times: as a presale until then.", default=None)
    expires_on: dt.date | None = strawberry.field(description="Inbound plans: the day on which the units expire.", default=None)
    unsellable_qty: Quantity | None = strawberry.field(description="Removals: unsellable units.", default=None)
    disposition: str = strawberry.field(description="Removals: return, disposal or liquidation.", default="")

    def to_service(self) -> inputs.PushRowInput:
        price = {"price": self.price.amount, "currency": self.price.currency} if self.price else {}
        qty = None if self.qty is None else int(self.qty)
        unsellable = None if self.unsellable_qty is None else int(self.unsellable_qty)
        return to_service(self, inputs.PushRowInput, qty=qty, unsellable_qty=unsellable, **({"price": None} | price))


@strawberry.input(description="What would be pushed.")
class PushPreviewInput:
    account: str = strawberry.field(description="The account's code.")
    kind: PushKind = strawberry.field(description="What is changed.")
    rows: list[PushRowInput] | None = strawberry.field(
        description="The listings, at most 1,000; for stock, all of the account where it is not sent.", default=None
    )


@strawberry.input(description="A push to be made. It waits for approval.")
class PushCreateInput(PushPreviewInput):
    reason: str = strawberry.field(description="Why, in words.", default="")
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.type(description="One listing of a preview.")
class PushPreviewRow:
    code: str = strawberry.field(description="The listing's code.")
    warehouse: str = strawberry.field(description="The platform's warehouse, or empty.")
    before_qty: Quantity | None = strawberry.field(description="Units that the platform shows; null where nobody knows.")
    after_qty: Quantity | None = strawberry.field(description="Units that it would show.")
    before_price: Money | None = strawberry.field(description="The price now.")
    after_price: Money | None = strawberry.field(description="The price that it would have.")
    status: PushRowStatus = strawberry.field(description="What the platform, or the connector for it, says.")
    error_code: str = strawberry.field(description="The platform's code where it would refuse, or empty.")
    message: str = strawberry.field(description="Why it would refuse, or empty.")
    explain: Explanation | None = strawberry.field(description="How the rule gives the number; null where a person told it.")


@strawberry.type(description="A listing that would not be pushed.")
class PushSkipped:
    code: str = strawberry.field(description="The listing's code.")
    reason: str = strawberry.field(description="UNCHANGED, NO_RULE, UNMAPPED, NO_STOCK_RECORDED or NO_WAREHOUSE.")


@strawberry.type(description="What would be pushed; nothing was changed anywhere.")
class PushPreviewPayload:
    rows: list[PushPreviewRow] = strawberry.field(description="What would change.")
    skipped: list[PushSkipped] = strawberry.field(description="What would not.")
    held_reasons: list[PushHeldReason] = strawberry.field(description="How it would go beyond the largest change.")
    errors: list[UserError] = strawberry.field(description="Expected failures.")


@strawberry.input(description="Which push to approve.")
class PushApproveInput:
    id: strawberry.ID = strawberry.field(description="The push's id.")
    confirm_large: bool = strawberry.field(description="This very push may go beyond the largest change.", default=False)
    confirm_removal: bool = strawberry.field(description="The second word that a removal needs.", default=False)
    expected_version: int | None = strawberry.field(description=_VERSION, default=None)
    idempotency_key: str = strawberry.field(description=_KEY, default="")


@strawberry.input(description="Which push to give up.")
class PushCancelInput:
    id: strawberry.ID = strawberry.field(description="The push's id.")
    reason: str = strawberry.field(description="Why, in words.", default="")
    expected_version: int | None = strawberry.field(description=_VERSION, default=None)


@strawberry.input(description="Which push to try again.")
class PushRetryInput:
    id: strawberry.ID = strawberry.field(description="The push's id.")
    not_done: bool = strawberry.field(
        description="You have looked on the platform: what is unknown was not done. Without it, it is read back first.", default=False
    )
    expected_version: int | None = strawberry.field(description=_VERSION, default=None)


PushLever = levers.Lever
graphql_enum(
    PushLever,
    "What slows a sale down that would run out of stock.",
    {
        "RAISE_PRICE": ("To the price at which the stock lasts", "提价至库存可撑到结束"),
        "SHIP_LATER": ("A longer shipping time", "延长承诺发货时间"),
        "PRESALE": ("Sold as a presale", "转为预售"),
        "DEMOTE": ("Shown further down, by a person in the platform's console", "降低推荐位置，由人工在平台后台操作"),
        "PAUSE": ("Nothing for sale until it is taken back", "暂停销售，直至撤回"),
    },
)


@strawberry.input(description="How a sale goes.")
class BurstInput:
    stock: Decimal = strawberry.field(description="Units for sale.")
    line: Decimal = strawberry.field(description="Units that are to stay.")
    rate: Decimal = strawberry.field(description="Units a minute.")
    minutes_left: Decimal = strawberry.field(description="Minutes until the end.")
    elasticity: Decimal = strawberry.field(description="Of demand to the price, below 0.")

    def to_service(self) -> levers.Burst:
        return levers.Burst(**{name: float(value) for name, value in vars(self).items()})


@strawberry.input(description="A lever to be pulled. It makes a push that waits for approval, and that `pushRevert` takes back.")
class PushLeverCreateInput:
    account: str = strawberry.field(description="The account's code.")
    lever: PushLever = strawberry.field(description="Which one.")
    code: str = strawberry.field(description="The listing's code.")
    code_kind: str = strawberry.field(description="What the code is.", default="sku")
    burst: BurstInput | None = strawberry.field(description="How the sale goes: for a price.", default=None)
    most_price: Decimal | None = strawberry.field(description="The highest price that was promised in public.", default=None)
    days: int | None = strawberry.field(description="Days to ship: for a shipping time or a presale.", default=None)
    presale_until: dt.datetime | None = strawberry.field(description="When the presale ends.", default=None)
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input(description="Which push to take back.")
class PushRevertInput:
    id: strawberry.ID = strawberry.field(description="The id of a push that was done, or of which some rows were.")
    days: int | None = strawberry.field(
        description="Days to ship from stock, where nobody knows what a shipping time was before our first push of it.", default=None
    )
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.type(description="The push as it is now, or why nothing was done.")
class PushPayload(Written):
    @strawberry.field(description="The push; null where there are errors.")
    def push(self, info: Info) -> Push | None:
        return self.now(info, models.Push)


def _rule(info: Info, given: StockRuleUpsertInput) -> models.StockRule:
    named(info, Account, "account", given.account)
    if given.warehouses:
        ids_by_code(info, Warehouse, given.warehouses, "warehouses")
    # What cannot be cleared is left alone where null is sent.
    fixed = ("warehouses", "buckets", "percent", "plus_qty", "min_qty", "below_min", "keeps_lag_buffer", "live_reserve_qty")
    kept = {name: UNSET for name in fixed if getattr(given, name) is None}
    return stock_rules.upsert_stock_rule(to_service(given, stock_rules.StockRuleInput, **kept))


def _settings(info: Info, given: PushSettingsUpsertInput) -> models.PushSettings:
    named(info, Account, "account", given.account)
    limits = ("row_qty", "row_pct", "push_qty", "push_pct", "expected_version", "account")
    kept = {name: UNSET for name in vars(given) if name not in limits and getattr(given, name) is None}
    return settings.upsert_push_settings(to_service(given, settings.PushSettingsInput, **kept))


def _wanted(info: Info, given: PushPreviewInput, **more: Any) -> inputs.PushInput:  # noqa: ANN401 - fields of the service's input
    named(info, Account, "account", given.account)
    rows = None if given.rows is None else [row.to_service() for row in given.rows]
    return inputs.PushInput(account=given.account, kind=given.kind.value, rows=rows, **more)


def _previewed(preview: proposing.Preview) -> list[PushPreviewRow]:
    return [
        PushPreviewRow(
            code=row.code, warehouse=row.warehouse,
            before_qty=None if row.before_qty is None else Quantity(row.before_qty),
            after_qty=None if row.after_qty is None else Quantity(row.after_qty),
            before_price=money(row.before_amount, row.currency), after_price=money(row.after_amount, row.currency),
            status=PushRowStatus(result.status.value), error_code=result.code, message=result.message, explain=explained(row.explanation),
        )
        for row, result in zip(preview.plan.rows, sorted(preview.results, key=lambda each: each.index), strict=True)
    ]  # fmt: skip


def _its(info: Info, global_id: strawberry.ID, work: Callable[[int], models.Push]) -> models.Push:
    """A push that the user does not see is not there for him."""
    pk = primary_key(global_id, "Push")
    if not rows_of(models.Push, info).filter(pk=pk).exists():
        raise DomainError("not_found", _("There is no such push, or you may not see it."), path=("id",))
    return work(pk)


@strawberry.type
class PushesMutation:
    @root_field("channels.change_stockrule", "Makes, changes or takes away the rule for what listings show.")
    def stock_rule_upsert(self, info: Info, input: Annotated[StockRuleUpsertInput, INPUT]) -> StockRuleUpsertPayload:  # noqa: A002 - its name in the graph
        return write_one(StockRuleUpsertPayload, lambda: _rule(info, input))

    @root_field("channels.change_pushsettings", "Sets what an account allows: the largest change, the stop, whether stock follows.")
    def push_settings_upsert(self, info: Info, input: Annotated[PushSettingsUpsertInput, INPUT]) -> PushSettingsUpsertPayload:  # noqa: A002 - its name in the graph
        return write_one(PushSettingsUpsertPayload, lambda: _settings(info, input))

    @root_field("channels.add_push", "What would be pushed, tried out on the platform without changing anything.")
    def push_preview(self, info: Info, input: Annotated[PushPreviewInput, INPUT]) -> PushPreviewPayload:  # noqa: A002 - its name in the graph
        preview, errors = attempt(lambda: proposing.preview_push(_wanted(info, input)))
        if preview is None:
            return PushPreviewPayload(rows=[], skipped=[], held_reasons=[], errors=errors)
        skipped = [PushSkipped(code=each.code, reason=each.reason) for each in preview.plan.skipped[:1_000]]
        held = [PushHeldReason(**each.to_json()) for each in preview.plan.beyond]
        return PushPreviewPayload(rows=_previewed(preview), skipped=skipped, held_reasons=held, errors=[])

    @root_field("channels.add_push", "Makes a push that waits for approval. The same decision on the same facts is the same push.")
    def push_create(self, info: Info, input: Annotated[PushCreateInput, INPUT]) -> PushPayload:  # noqa: A002 - its name in the graph
        key = input.idempotency_key
        return write_one(
            PushPayload, lambda: proposing.propose_push(_wanted(info, input, reason=input.reason, idempotency_key=key))
        )  # fmt: skip

    @root_field("channels.approve_push", "Lets a push be sent. Refused for a read-only account.")
    def push_approve(self, info: Info, input: Annotated[PushApproveInput, INPUT]) -> PushPayload:  # noqa: A002 - its name in the graph
        said = {name: getattr(input, name) for name in ("confirm_large", "confirm_removal", "expected_version", "idempotency_key")}
        return write_one(PushPayload, lambda: _its(info, input.id, lambda pk: approving.approve_push(push_id=pk, **said)))

    @root_field("channels.change_push", "Gives a push up that is not being sent.")
    def push_cancel(self, info: Info, input: Annotated[PushCancelInput, INPUT]) -> PushPayload:  # noqa: A002 - its name in the graph
        def cancel(pk: int) -> models.Push:
            return approving.cancel_push(push_id=pk, reason=input.reason, expected_version=input.expected_version)

        return write_one(PushPayload, lambda: _its(info, input.id, cancel))

    @root_field("channels.add_push", "Makes the push of a lever that slows a sale down. It waits for approval as any other.")
    def push_lever_create(self, info: Info, input: Annotated[PushLeverCreateInput, INPUT]) -> PushPayload:  # noqa: A002 - its name in the graph
        def create() -> models.Push:
            named(info, Account, "account", input.account)
            given = {name: value for name, value in vars(input).items() if name not in ("lever", "burst")}
            burst = input.burst.to_service() if input.burst else None
            return proposing.propose_push(levers.pull(levers.LeverInput(lever=str(input.lever.value), burst=burst, **given)).wanted)

        return write_one(PushPayload, create)

    @root_field("channels.add_push", "Makes a push that sets back what another one changed. It waits for approval as any other.")
    def push_revert(self, info: Info, input: Annotated[PushRevertInput, INPUT]) -> PushPayload:  # noqa: A002 - its name in the graph
        def revert(pk: int) -> models.Push:
            return reverting.revert_push(push_id=pk, days=input.days, idempotency_key=input.idempotency_key)

        return write_one(PushPayload, lambda: _its(info, input.id, revert))

    @root_field("channels.approve_push", "Tries a push again that failed, or whose outcome is unknown.")
    def push_retry(self, info: Info, input: Annotated[PushRetryInput, INPUT]) -> PushPayload:  # noqa: A002 - its name in the graph
        def retry(pk: int) -> models.Push:
            return approving.retry_push(push_id=pk, not_done=input.not_done, expected_version=input.expected_version)

        return write_one(PushPayload, lambda: _its(info, input.id, retry))
