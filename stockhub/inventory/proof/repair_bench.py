"""What all parts of a repair work with: postings that always succeed, events, and the disputes at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from stockhub.core import clock
from stockhub.inventory.disputes import Doubt, raise_disputes
from stockhub.inventory.models import Balance, Bucket, DisputeCause, MovementKind
from stockhub.inventory.posting.ledger import post
from stockhub.inventory.posting.postings import MAX_QTY, Posting, PostingStatus
from stockhub.inventory.proof.statements import WrongBalance
from stockhub.inventory.stock_events import emit_stock_changed
from stockhub.outbox.services import emit_event

#: A difference that needs more postings than this is no stock; it is left to a person.
_MOST_POSTINGS: Final = 100


class Keep(StrEnum):
    """Which side of a difference is believed."""

    MOVEMENTS = "movements"
    FIGURES = "balances"


@dataclass
class Bench:
    """One repair: what it believes, what it has done, and the stock that it touched."""

    keep: Keep
    reason: str
    key: str
    done: list[str] = field(default_factory=list)
    touched: dict[tuple[int, int], set[str]] = field(default_factory=dict)
    posted: int = 0
    buckets: frozenset[str] = field(default_factory=lambda: frozenset(Bucket.objects.values_list("slug", flat=True)))

    def knows(self, row: WrongBalance) -> bool:
        """Whether SKU, warehouse and bucket exist: a movement of nothing can have no balance."""
        return row.sku is not None and row.warehouse is not None and row.bucket in self.buckets

    def touch(self, sku_id: int, warehouse_id: int, *buckets: str | None) -> None:
        self.touched.setdefault((sku_id, warehouse_id), set()).update(bucket for bucket in buckets if bucket)

    @staticmethod
    def balance(sku_id: int, warehouse_id: int, bucket: str) -> int:
        held = Balance.objects.filter(sku_id=sku_id, warehouse_id=warehouse_id, bucket_id=bucket).values_list("qty", flat=True)
        return next(iter(held), 0)

    def move(self, sku_id: int, warehouse_id: int, source: str | None, target: str | None, qty: int, *, line: str = "") -> list[str]:
        """Posts a correction and returns its keys; units that the source lacks are brought in from outside first.

        With `line`, the id of an order line, the key says that the line got the units or gave them. Nothing where `qty` is no stock.
        """
        if not 0 < qty <= MAX_QTY * _MOST_POSTINGS:
            return []
        self.touch(sku_id, warehouse_id, source, target)
        return [self._post(sku_id, warehouse_id, source, target, part, line) for part in _parts(qty)]

    def _post(self, sku_id: int, warehouse_id: int, source: str | None, target: str | None, qty: int, line: str) -> str:
        self.posted += 1
        name = f"correct:{self.key}:{self.posted}"
        posting = Posting(
            sku_id=sku_id, warehouse_id=warehouse_id, from_bucket=source, to_bucket=target, qty=qty, kind=MovementKind.CORRECT,
            key=f"allocation:{line}:{name}" if line else name, occurred_at=clock.now(), reason=self.reason, reference=f"repair:{self.key}",
        )  # fmt: skip
        if post([posting])[0].status == PostingStatus.INSUFFICIENT and source is not None:
            self.move(sku_id, warehouse_id, None, source, qty - self.balance(sku_id, warehouse_id, source))
            post([posting])
        return posting.key

    def tell(self, kind: str, payload: dict[str, object]) -> None:
        emit_event(kind, entity="inventory.stock", entity_id=None, payload={**payload, "reason": self.reason, "repair": self.key})

    def finish(self) -> None:
        """Disputes what was touched: nobody knows what lies there until it is counted."""
        raise_disputes(
            [
                Doubt(
                    sku_id=sku_id, warehouse_id=warehouse_id, cause=DisputeCause.RECONCILE, note=self.reason,
                    buckets=tuple(sorted(_countable(buckets))),
                )
                for (sku_id, warehouse_id), buckets in self.touched.items()
            ]
        )  # fmt: skip
        emit_stock_changed(self.touched, details={"cause": str(MovementKind.CORRECT)})


def _countable(buckets: set[str]) -> set[str]:
    return buckets & set(Bucket.objects.filter(is_physical=True).values_list("slug", flat=True))


def _parts(qty: int) -> Iterator[int]:
    while qty > 0:
        yield min(qty, MAX_QTY)
        qty -= MAX_QTY
