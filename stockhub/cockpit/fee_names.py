"""What fees and the sizes that they go by are called on the page *Fees*."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import get_language

from stockhub.values import Label

_FEES: Final[Mapping[str, Label]] = {
    "aged_inventory_surcharge": Label("Aged inventory surcharge", "超龄库存附加费"),
    "closing": Label("Closing fee", "成交固定费"),
    "fuel_surcharge": Label("Fuel surcharge", "燃油附加费"),
    "fulfilment": Label("Fulfilment", "配送费"),
    "liquidation_processing": Label("Liquidation: processing", "批量清货处理费"),
    "liquidation_referral": Label("Liquidation: commission", "批量清货佣金"),
    "low_inventory_level": Label("Low-inventory-level fee", "低库存水平费"),
    "low_inventory_level_least_sales": Label("Low-inventory-level fee: from which sales on", "低库存水平费：起征销量"),
    "monthly_storage": Label("Monthly storage", "月度仓储费"),
    "oos_compensation": Label("Compensation for what is out of stock", "缺货赔付"),
    "payout_freeze": Label("Days that payouts are frozen", "货款冻结天数"),
    "referral": Label("Commission", "销售佣金"),
    "removal": Label("Removal", "移除费"),
    "storage_utilization_surcharge": Label("Storage utilization surcharge", "仓储利用率附加费"),
    "technical_service": Label("Technical service fee", "技术服务费"),
}
_TIERS: Final[Mapping[str, Label]] = {
    "any": Label("any", "不限"),
    "default": Label("any", "不限"),
    "fulfilment": Label("of fulfilment", "按配送费"),
    "large_standard": Label("large standard size", "大号标准尺寸"),
    "order": Label("an order", "每单"),
    "oversize": Label("oversize", "大件"),
    "shop": Label("the shop", "店铺"),
    "small_standard": Label("small standard size", "小号标准尺寸"),
    "standard": Label("standard size", "标准尺寸"),
}
_PER: Final[Mapping[str, Label]] = {
    "cuft/month": Label("cubic foot and month", "立方英尺/月"),
    "fee": Label("of the fee", "该费用"),
    "lb": Label("pound", "磅"),
    "price": Label("of the price", "售价"),
    "unit": Label("unit", "件"),
    "violation": Label("violation", "次违规"),
}


def fee_name(fee: str) -> str:
    """A fee in the active language; an unknown one by its slug."""
    return _text(_FEES, fee)


def tier_name(tier: str) -> str:
    """A size or a category of goods; a platform's own categories keep the platform's words."""
    return _text(_TIERS, tier)


def per_name(per: str) -> str:
    """What a rate is for each of."""
    return _text(_PER, per)


def _text(names: Mapping[str, Label], slug: str) -> str:
    return names[slug].text(get_language() or "en") if slug in names else slug.replace("_", " ")
