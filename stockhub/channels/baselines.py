"""What a new account came with, as it was summed up when its baseline was set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class BaselineKind:
    """How many alerts of one kind there were of each level, and what was at stake, in the base currency of then."""

    kind: str
    levels: Mapping[int, int]
    money: Decimal | None

    @property
    def count(self) -> int:
        return sum(self.levels.values())


@dataclass(frozen=True, slots=True)
class BaselineSummary:
    """All that was wrong in the account's pools (their ids), the gravest kinds first.

    `money`: of each SKU and pool the alert with the most at stake, added up; None where none was valued. So it is less than its kinds' sum.
    """

    kinds: tuple[BaselineKind, ...]
    money: Decimal | None
    currency: str
    pools: tuple[int, ...]

    @property
    def count(self) -> int:
        return sum(kind.count for kind in self.kinds)

    @property
    def levels(self) -> dict[int, int]:
        """How many there were of each level, the gravest first."""
        found: Counter[int] = Counter()
        for kind in self.kinds:
            found.update(kind.levels)
        return dict(sorted(found.items(), reverse=True))

    def may_be_seen_by(self, pools: Collection[int] | None) -> bool:
        """Whether somebody sees it who sees these pools; None sees all."""
        return pools is None or set(self.pools) <= set(pools)

    def to_json(self) -> dict[str, Any]:
        return {
            "kinds": [
                {"kind": each.kind, "levels": {str(level): n for level, n in each.levels.items()}, "money": _text(each.money)}
                for each in self.kinds
            ],
            "money": _text(self.money), "currency": self.currency, "pools": list(self.pools),
        }  # fmt: skip

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> BaselineSummary:
        """The summary that `to_json` wrote down."""
        kinds = tuple(
            BaselineKind(each["kind"], {int(level): n for level, n in each["levels"].items()}, _amount(each["money"]))
            for each in document["kinds"]
        )
        return cls(kinds, _amount(document["money"]), document["currency"], tuple(document["pools"]))


def inbox_of_baseline(account_code: str) -> str:
    """The path of the inbox with what the account came with and nobody has dealt with."""
    return f"{reverse('admin:alerts_alert_changelist')}?{urlencode({'account': account_code, 'is_baseline__exact': 1})}"


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
