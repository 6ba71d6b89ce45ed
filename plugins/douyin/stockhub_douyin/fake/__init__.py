"""A stateful fake of Douyin's open platform, for tests and the demo: one shop, in memory, reached over HTTP.

It is written from the platform's side and imports nothing of the connector, so that both cannot share a mistake. Where nobody knows what
the platform does, it does the strictest plausible thing.

    with FakeDouyin() as fake:
        fake.url, fake.world.app_key, fake.control("orders", {"lines": [{"code": "TSHIRT-BLK-M", "qty": 2}]})
"""

from stockhub_douyin.fake.server import FakeDouyin
from stockhub_douyin.fake.settings import FakeSettings

__all__ = ["FakeDouyin", "FakeSettings"]
