"""Columns about fees for rows that a test spells out."""

from __future__ import annotations

from typing import Final

#: A shop on no marketplace: nobody charges anything.
NO_FEES: Final = {
    "fees_known": 0.0, "selling_fee": 0.0, "is_platform_stock": 0.0, "storage_30": 0.0, "storage_90": 0.0, "storage_180": 0.0,
    "storage_365": 0.0, "aged_surcharge_180": 0.0, "compensation_rate": 0.0, "compensation_least": 0.0, "payout_freeze_days": 0.0,
    "low_fee_under_14": 0.0, "low_fee_14_to_21": 0.0, "low_fee_21_to_28": 0.0, "low_fee_least_sales": 0.0,
}  # fmt: skip
