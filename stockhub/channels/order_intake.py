"""Looking at order records before they are taken: what is wrong with one, what identifies its lines, and who bought, as a hash."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from stockhub.channels.models import OrderKind
from stockhub.channels.order_states import RANK
from stockhub.core import clock
from stockhub.core.currencies import CURRENCIES
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord
from stockhub.values.errors import DomainError, LazyText

#: No line of a shop sells more; such a number is a slipped column.
QTY_MAX = 10_000_000
PRICE_MAX = Decimal(1_000_000_000)
#: Platforms' clocks and ours differ; what lies further ahead is a wrong date.
FUTURE_TOLERANCE = timedelta(hours=24)
#: Earlier ones are a zero that was taken for a date, and would make a series of days of two thousand years; no deadline is later.
EARLIEST, LATEST = datetime(1980, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
#: Of what one unit of a listing delivers several or many.
TOO_MANY: Final = _("With what the listing delivers these are more than %(most)d units of a SKU. Check the quantity and the listing.")
_KINDS = frozenset(OrderKind.values)
_FULFILLERS = frozenset(("merchant", "platform"))


#: The code of a record that made its batch fail: a bug, not a fault that somebody has described.
FAILED: Final = "failed"
#: Of a record that names a warehouse.
NO_WAREHOUSE: Final = _("There is no warehouse %(code)r. Create it, then try the record again.")
#: Of a code of the source.
NOT_LINKED: Final = _("No SKU is linked to this code. Link the listing, then try the record again.")
WRONG_CODE: Final = _("The SKU's code must have 1 to 120 characters.")
#: Of a record whose fields cannot be compared with anything.
WRONG_TYPE: Final = _("A field has the wrong type: %(type)s. Have the connector checked.")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a record was not taken. `message` says what to do; it repeats no personal data."""

    external_id: str
    code: str
    message: str
    #: The message as a template over `params`, where it can be told in another language later.
    template: LazyText | None = None
    params: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, external_id: str, error: RefusedError | DomainError) -> Refusal:
        """Of a failure, in the language that is active now and for every other."""
        template = None if isinstance(error.text, str) else error.text
        return cls(external_id, error.code, error.message, template, error.params)

    @property
    def text(self) -> str | LazyText:
        """The template, or the message where there is none."""
        return self.message if self.template is None else self.template


class RefusedError(Exception):
    """Carries a code and a message out of the checks."""

    def __init__(self, code: str, text: str | LazyText, /, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.text = text
        self.params = params

    @property
    def message(self) -> str:
        """What to do, in the language that is active now."""
        return self.text if isinstance(self.text, str) else str(self.text % self.params)

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class CheckedOrder:
    """A record without fault, the keys of its lines and the hash of its buyer."""

    record: OrderRecord
    keys: tuple[str, ...]
    buyer_hash: str


def is_storable(text: str) -> bool:
    """Whether both databases can hold the text: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and (text.isascii() or not any("\ud800" <= each <= "\udfff" for each in text))


def require_possible(*instants: datetime | None) -> None:
    """Refuses an instant without a zone, and one that no shop can have seen: what is stored must be readable in every zone."""
    for instant in instants:
        if instant is None:
            continue
        if instant.tzinfo is None:
            raise RefusedError("naive_time", _("Every time needs a time zone."))
        if not EARLIEST <= instant < LATEST:
            text = _("A time lies before %(first)d or after %(last)d. Check how the source writes times that it does not know.")
            code = "early_time" if instant < EARLIEST else "late_time"
            raise RefusedError(code, text, first=EARLIEST.year, last=LATEST.year)


def require_happened(instant: datetime, latest: datetime | None = None) -> None:
    """The same of something that has happened: it lies no further ahead than clocks differ. `latest` is that moment, where it is known."""
    if instant.tzinfo is not None and instant > (latest or clock.now() + FUTURE_TOLERANCE):
        raise RefusedError("future_time", _("The time lies in the future. Check the clock and the time zone of the source."))
    require_possible(instant)


def buyer_hash(account_id: int, buyer: str) -> str:
    """A keyed hash: tells that two orders have the same buyer, and nothing else. Empty for an unknown one."""
    if not buyer:
        return ""
    return hmac.digest(settings.SECRET_KEY.encode(), f"buyer:{account_id}:{buyer}".encode(), "sha256").hex()


def line_key(code: str, ordered_at: datetime, price: int | None, qty: int, ordinal: int) -> str:
    """The identity of a line that has none at its source. Exact duplicates are real: `ordinal` counts them from 0."""
    text = f"{code}\x1f{ordered_at.timestamp()}\x1f{price}\x1f{qty}\x1f{ordinal}"
    return "d:" + hashlib.blake2b(text.encode(), digest_size=10).hexdigest()


@lru_cache(maxsize=65_536)
def millionths(price: Decimal | None) -> int | None:
    """An amount as it is stored."""
    if price is None:
        return None
    return int((price * 1_000_000).to_integral_value(ROUND_HALF_UP))


def check_order(record: OrderRecord, account_id: int, *, hashed_buyer: str = "") -> CheckedOrder:
    """Raises `RefusedError` for the first fault; a record is taken as a whole or not at all."""
    try:
        _check_head(record)
        latest = clock.now() + FUTURE_TOLERANCE
        for line in record.lines:
            _check_line(line, latest)
        return CheckedOrder(record, _keys(record), hashed_buyer or buyer_hash(account_id, record.buyer))
    except (TypeError, AttributeError, ValueError, ArithmeticError, OverflowError) as error:
        raise RefusedError("malformed", WRONG_TYPE, type=type(error).__name__) from error


def _check_head(record: OrderRecord) -> None:
    if not record.external_id or len(record.external_id) > 120 or not is_storable(record.external_id):
        raise RefusedError("order_id", _("The order id must have 1 to 120 characters that can be stored."))
    if record.status not in RANK:
        raise RefusedError("status", _("The status must be created, paid, shipped, completed or cancelled."))
    if record.kind not in _KINDS:
        raise RefusedError("kind", _("The kind of the order is unknown."))
    if record.fulfilled_by not in _FULFILLERS:
        raise RefusedError("fulfilled_by", _("fulfilled_by must be merchant or platform."))
    if record.currency not in CURRENCIES:
        raise RefusedError("currency", _("The currency must be an ISO 4217 code such as CNY."))
    if not -(2**63) <= record.version < 2**63:
        raise RefusedError("version", _("The version does not fit into 64 bits."))
    _check_times(record)
    for text, limit in (
        (record.presale_kind, 20), (record.cancel_reason, 60), (record.province, 60), (record.live_room, 60), (record.live_author, 60),
    ):  # fmt: skip
        if text and (len(text) > limit or "\x00" in text):
            raise RefusedError("text_too_long", _("A text of the order has more than %(most)d characters or a NUL."), most=limit)
        if text and not is_storable(text):
            raise RefusedError("malformed", _("A text of the order holds half of a character. Have the connector checked."))


def _check_times(record: OrderRecord) -> None:
    require_happened(record.ordered_at)
    require_possible(record.paid_at, record.ship_by_at, record.shipped_at, record.cancelled_at)


def _check_line(line: OrderLineRecord, latest: datetime) -> None:
    code, qty, price = line.code, line.qty, line.unit_price
    if not code or len(code) > 120 or "\x00" in code:
        raise RefusedError("sku", WRONG_CODE)
    if type(qty) is not int or not 0 < qty <= QTY_MAX:
        raise RefusedError("quantity", _("The quantity must be a whole number from 1 to %(most)d."), most=QTY_MAX)
    if price is not None and not (price.is_finite() and 0 <= price <= PRICE_MAX):
        raise RefusedError("price", _("The price must be a number from 0 to a thousand million."))
    if line.status and line.status not in RANK:
        raise RefusedError("status", _("The status of a line must be created, paid, shipped, completed or cancelled."))
    if line.kind and line.kind not in _KINDS:
        raise RefusedError("kind", _("The kind of a line is unknown."))
    if line.ordered_at is not None:
        require_happened(line.ordered_at, latest)
    if len(line.line_id) > 120 or len(line.master_line) > 120 or len(line.promo) > 60 or len(line.code_kind) > 20:
        raise RefusedError("text_too_long", _("A line's id, master line, promotion or kind of code is too long."))
    if not is_storable(code + line.line_id + line.promo + line.master_line + line.code_kind):
        raise RefusedError("nul", _("A text of the line holds a NUL or another character that cannot be stored."))


def _keys(record: OrderRecord) -> tuple[str, ...]:
    """Line ids where the source has them, digests elsewhere."""
    seen: Counter[tuple[object, ...]] = Counter()
    keys: list[str] = []
    for line in record.lines:
        if line.line_id:
            keys.append(line.line_id)
            continue
        at, price = line.ordered_at or record.ordered_at, millionths(line.unit_price)
        same = (line.code, at, price, line.qty)
        keys.append(line_key(line.code, at, price, line.qty, seen[same]))
        seen[same] += 1
    if len(set(keys)) != len(keys):
        raise RefusedError("duplicate_line", _("Two lines of the order have the same id."))
    return tuple(keys)
