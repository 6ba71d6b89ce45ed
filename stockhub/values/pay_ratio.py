"""折 (pay ratio): the part of a price that is paid. 7折 is 70 % paid, which English calls 30% off (E10)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from stockhub.values.money import Money

_ZHE = re.compile(r"(\d{1,2}(?:\.\d+)?)\s*折")
_OFF = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%\s*off", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class PayRatio:
    """A price's paid share, above 0 and at most 1. Stored and sent instead of a discount, which two languages count from opposite ends."""

    ratio: Decimal

    def __post_init__(self) -> None:
        if not isinstance(self.ratio, Decimal):
            raise TypeError(f"A pay ratio is a Decimal, not {type(self.ratio).__name__}.")
        if not (self.ratio.is_finite() and 0 < self.ratio <= 1):
            raise ValueError(f"A pay ratio lies above 0 and at most at 1, not {self.ratio}: 7折 is 0.7.")

    @classmethod
    def parse(cls, text: str) -> PayRatio:
        """Reads `7折`, `7.5折`, `75折`, `30% off`, `原价` or `full price`; ValueError for anything else."""
        text = text.strip()
        if text.lower() in ("原价", "full price"):
            return cls(Decimal(1))
        if zhe := _ZHE.fullmatch(text):
            tenths = Decimal(zhe[1])
            return cls(tenths / (100 if tenths > 10 else 10))
        if off := _OFF.fullmatch(text):
            return cls(1 - Decimal(off[1]) / 100)
        raise ValueError(f"{text!r} is neither 折 (7折) nor a discount (30% off).")

    def text(self, language: str) -> str:
        """`7折` for a Chinese language tag, `30% off` for any other."""
        chinese = language.lower().startswith("zh")
        if self.ratio == 1:
            return "原价" if chinese else "full price"
        return f"{_plain(self.ratio * 10)}折" if chinese else f"{_plain((1 - self.ratio) * 100)}% off"

    def of(self, price: Money) -> Money:
        """What is paid of a price, in whole minor units."""
        return (price * self.ratio).rounded()


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
