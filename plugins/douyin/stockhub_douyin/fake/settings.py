"""What of the fake can be set: who it is, and what nobody knows about the platform."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from stockhub_douyin.fake.failures import ControlError


@dataclass(slots=True)
class FakeSettings:
    """`rates`: calls a second and burst of a method, `*` for all others; none means no limit. `order_depth`: the largest page × size."""

    seed: int = 1
    app_key: str = "7123456789012345678"
    app_secret: str = "5f0c2b4e-7a1d-4c3b-9e8f-0123456789ab"  # noqa: S105 - made up, for everybody to see
    shop_id: int = 4463798
    shop_name: str = "StockHub测试店"
    #: Where a browser is sent back to after it authorised a service app.
    callback_url: str = ""
    #: Seconds by which a request's clock may differ; 0 does not look.
    timestamp_tolerance: int = 600
    requires_hmac: bool = True
    access_seconds: int = 7 * 86_400
    refresh_seconds: int = 14 * 86_400
    code_seconds: int = 600
    order_depth: int = 50_000
    unpaid_seconds: int = 1_800
    #: Whether an after-sale moves its order's own time of change: nobody knows that the platform always does.
    aftersales_move_orders: bool = True
    rates: dict[str, tuple[float, int]] = field(default_factory=dict)
    #: A buyer's data, which stands in each answer that has any, so that a test can look for where it went.
    buyer_name: str = "哨兵张三丰"
    buyer_phone: str = "13912345678"
    buyer_address: str = "幸福路88号3单元401"

    def change(self, values: dict[str, Any]) -> None:
        names = {f.name for f in fields(self)}
        unknown = sorted(set(values) - names)
        if unknown:
            raise ControlError(f"There is no setting {', '.join(unknown)}; there are {', '.join(sorted(names))}.")
        for name, value in values.items():
            if name == "rates":
                self.rates = {method: (float(rate), int(burst)) for method, (rate, burst) in dict(value).items()}
            else:
                setattr(self, name, type(getattr(self, name))(value))
