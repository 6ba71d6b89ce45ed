"""The shop as a whole: its goods, orders, cases, tokens and pushes, behind one lock. What happens to it, happens here."""

from __future__ import annotations

from collections import Counter, deque
from random import Random
from threading import RLock
from typing import Any

from stockhub_douyin.fake.aftersales import REFUND_BEFORE_SHIPPING, SUCCESS, Case, CaseBook
from stockhub_douyin.fake.catalogue import Catalogue
from stockhub_douyin.fake.clock import FakeClock
from stockhub_douyin.fake.credentials import TokenDesk
from stockhub_douyin.fake.faults import Faults
from stockhub_douyin.fake.messages import case_message, order_message
from stockhub_douyin.fake.order_book import OrderBook
from stockhub_douyin.fake.orders import Line, LiveRoom, Order, Status
from stockhub_douyin.fake.pushing import Pusher
from stockhub_douyin.fake.settings import FakeSettings
from stockhub_douyin.fake.throttle import Throttle


class World:
    """Everything that has a state. Callers hold `lock` while they look or change."""

    def __init__(self, settings: FakeSettings) -> None:
        self.settings = settings
        self.lock = RLock()
        self.clock = FakeClock()
        self.random = Random(settings.seed)  # noqa: S311 - the same each time is what it is for
        self.catalogue = Catalogue(self.clock)
        self.catalogue.fill_with_samples()
        self.orders = OrderBook(self.catalogue, settings.seed)
        self.cases = CaseBook()
        self.tokens = TokenDesk(settings, self.clock, self.random)
        self.throttle = Throttle(settings, self.clock)
        self.faults = Faults()
        self.pusher = Pusher(settings, Random(settings.seed))  # noqa: S311 - as above
        self.idempotent_ids: set[str] = set()
        self.scores = {"shop_score": "98.5", "product_score": "4.9", "logistics_score": "4.8", "service_score": "4.9"}
        self.calls: Counter[str] = Counter()
        self.requests: deque[dict[str, Any]] = deque(maxlen=2_000)

    @property
    def app_key(self) -> str:
        return self.settings.app_key

    @property
    def app_secret(self) -> str:
        return self.settings.app_secret

    @property
    def shop_id(self) -> int:
        return self.settings.shop_id

    def log_id(self) -> str:
        return f"{self.clock.text()}{self.random.getrandbits(64):018d}"[:32]

    # Orders

    def create_order(
        self, rows: list[dict[str, Any]], *, live: LiveRoom | None = None, deposit: int = 0, oversell: bool = False, at: int | None = None
    ) -> Order:
        """`rows`: code, qty, and optionally price in cents, presale (1 full, 2 step), gift_of (index of the row that it is given with).

        ControlError where the goods are not there to be had.
        """
        now = at if at is not None else self.clock.seconds()
        order_id = self.orders.next_ids(len(rows))
        lines = [self._line(row, order_id, n, now) for n, row in enumerate(rows, 1)]
        order = Order(order_id, Status.UNPAID, now, now, lines, live, deposit=deposit, oversell=oversell)
        tag = order.create()
        self.orders.add(order)
        self._tell(order, tag, now)
        return order

    def _line(self, row: dict[str, Any], order_id: int, number: int, now: int) -> Line:
        sku = self.catalogue.sku_by_code(str(row["code"]))
        qty, price, presale = int(row.get("qty", 1)), int(row.get("price", sku.price)), int(row.get("presale", 0))
        gift_of = order_id + 1 + int(row["gift_of"]) if "gift_of" in row else 0
        return Line(order_id + number, sku, qty, price, Status.UNPAID, presale, gift_of, updated=now)

    def step(self, order: Order, verb: str, *, at: int | None = None, **details: Any) -> None:  # noqa: ANN401 - of the step
        """pay, release, ship, complete or cancel an order."""
        now, before = at if at is not None else self.clock.seconds(), order.updated
        tag: str = getattr(order, verb)(now, **details)
        self.orders.moved(order, before)
        self._tell(order, tag, now)

    def cancel_unpaid(self) -> int:
        """Closes what was not paid in time, as the platform does by itself. How many."""
        now = self.clock.seconds()
        _total, rows = self.orders.window(0, now, by_creation=False, ascending=True, offset=0, size=len(self.orders))
        late = [o for o in rows if o.status is Status.UNPAID and o.created + self.settings.unpaid_seconds <= now and self.orders.lives(o)]
        for order in late:
            self.step(order, "cancel", reason="超时未支付")
        return len(late)

    # After-sales

    def open_case(self, order: Order, line: Line, *, kind: int, qty: int) -> Case:
        now, before = self.clock.seconds(), order.updated
        case = self.cases.open(order, line, kind=kind, qty=qty, now=now)
        line.updated = now
        order.updated = now if self.settings.aftersales_move_orders else before
        self.orders.moved(order, before)
        self.pusher.add(case_message(case, "200", now, self.shop_id))
        return case

    def step_case(self, case: Case, verb: str, **details: Any) -> None:  # noqa: ANN401 - of the step
        """agree, send_back, succeed, refuse or close a case."""
        now, case_before, order_before = self.clock.seconds(), case.updated, case.order.updated
        moves = self.settings.aftersales_move_orders
        tag: str = getattr(case, verb)(now, **details)
        self.cases.moved(case, case_before)
        order_tag = None
        if case.status == SUCCESS and case.kind == REFUND_BEFORE_SHIPPING:
            order_tag = case.order.refund_before_shipping(case.line, now)
        case.order.updated = now if moves else order_before
        self.orders.moved(case.order, order_before)
        self.pusher.add(case_message(case, tag, now, self.shop_id))
        if order_tag:
            self._tell(case.order, order_tag, now)

    def _tell(self, order: Order, tag: str, now: int) -> None:
        self.pusher.add(order_message(order, tag, now, self.settings))
