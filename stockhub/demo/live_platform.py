"""A made-up Douyin beside the demo, whose live room sells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stockhub.channels.inbox import apply_due
from stockhub.channels.webhooks.working import work_due
from stockhub.core import clock
from stockhub.demo import made_up
from stockhub.demo.places import CN_MAIN, DOUYIN

FAKE: Final = "stockhub_douyin.fake"
_CONNECTOR: Final = "douyin"
_APP_KEY: Final = "7000000000000000001"
_APP_SECRET: Final = "the-demo-keeps-no-secrets"  # noqa: S105 - of a made-up app on a made-up platform
_SHOP_ID: Final = "4463798"
#: The feed that the burst comes by.
_FEED: Final = "orders"
_ROOM: Final = {"room_id": 7_454_000_000_000_000_001, "author_name": "Demo live room"}


@dataclass(slots=True)
class LivePlatform:
    made_up: made_up.MadeUp
    #: Where its webhooks go; empty while nothing is pushed.
    pushes_to: str = ""

    @property
    def url(self) -> str:
        return self.made_up.url

    def sell(self, *, code: str, orders: int, seconds: float) -> None:
        """So many buyers in a live room, each for one, spread over the time."""
        self.made_up.tell("bursts", {"code": code, "orders": orders, "seconds": seconds, "live": _ROOM})

    def offer(self, *, code: str, name: str, cents: int, qty: int) -> None:
        """The SKU on the platform's shelf in the main warehouse, of which the platform has `qty`."""
        self.made_up.tell("warehouses", {"code": CN_MAIN})
        sku = {"code": code, "price": cents, "kind": "regional", "regional": {CN_MAIN: qty}}
        self.made_up.tell("products", {"name": name, "out_id": code, "skus": [sku]})

    def push_to(self, server: str) -> None:
        """Pushes what happens from now on, signed, to a server of StockHub."""
        self.pushes_to = f"{server}/webhooks/{_CONNECTOR}/{DOUYIN}/"
        self.made_up.tell("webhooks", {"url": self.pushes_to})

    def outlive(self) -> None:
        self.made_up.outlive()


def start() -> LivePlatform:
    """CommandError where it does not start."""
    # Another seed, other ids of orders: a second burst is not the first one again.
    seed = str(int(clock.now().timestamp()))
    options = ("--host", made_up.HOST, "--seed", seed, "--app-key", _APP_KEY, "--app-secret", _APP_SECRET, "--shop-id", _SHOP_ID)
    return LivePlatform(made_up.start(FAKE, *options))


def stop(platform: LivePlatform) -> None:
    made_up.stop(platform.made_up, DOUYIN)


def connect(platform: LivePlatform) -> str:
    """Connects the demo's account and reads what there is; says how the shop calls itself."""
    config = {
        "app_key": _APP_KEY, "app_secret": _APP_SECRET, "shop_id": _SHOP_ID, "base_url": platform.url,
        "warehouse_codes": {CN_MAIN: CN_MAIN},
        # The made-up platform bears more than the real one, and there is no past on it to read in small pieces.
        "reads_per_second": 500, "window_hours": 2_160,
    }  # fmt: skip
    name = made_up.connect(DOUYIN, config, {_FEED})
    read_orders()
    return name


def read_orders() -> None:
    made_up.read(DOUYIN, _FEED)


def work_on_pushes() -> None:
    """What the workers do with what was pushed: they fetch the orders that it names, and apply them."""
    work_due("demo", seconds=10)
    apply_due()
