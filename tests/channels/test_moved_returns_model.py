"""Returns, sales and links in any order, against a model of where the units are then."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from stockhub.channels.listing_links import Linked
from stockhub.channels.services import ingest_returns
from stockhub.core import clock
from stockhub.inventory.models import Lot
from stockhub.inventory.services import adjust
from tests.channels.shop import Shop
from tests.channels.test_moved_returns import BACK, link_to, proved, returned, stock_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@dataclass
class _Model:
    """Stock by SKU, and of each return what it has brought, and what of it had been sold when it was taken back."""

    stock: Counter[str] = field(default_factory=Counter)
    brought: dict[str, Counter[str]] = field(default_factory=dict)
    missing: dict[str, Counter[str]] = field(default_factory=dict)
    qty: dict[str, int] = field(default_factory=dict)
    link: dict[str, int] = field(default_factory=lambda: {"A": 1})

    def come_back(self, name: str, qty: int) -> None:
        self.qty[name], self.brought[name], self.missing[name] = qty, Counter(), Counter()
        self._settle([name])

    def sell(self, sku: str, qty: int) -> int:
        sold = min(self.stock[sku], qty)
        self.stock[sku] -= sold
        return sold

    def relink(self, link: dict[str, int]) -> int:
        """How many returns that had brought something moved."""
        had = {name for name, units in self.brought.items() if any(units.values())}
        self.link = link
        return len(had & self._settle(list(self.qty)))

    def _settle(self, names: list[str]) -> set[str]:
        wanted = {name: Counter({sku: self.qty[name] * each for sku, each in self.link.items()}) for name in names}
        gives = [(name, sku, qty) for name in names for sku, qty in (wanted[name] - self.brought[name]).items()]
        takes = [(name, sku, qty) for name in names for sku, qty in (self.brought[name] - wanted[name]).items()]
        for name, sku, qty in gives:
            forgiven = min(self.missing[name][sku], qty)
            self.missing[name][sku] -= forgiven
            self.stock[sku] += qty - forgiven
        for name, sku, qty in takes:
            self.missing[name][sku] += qty - self.sell(sku, qty)
        for name in names:
            self.brought[name] = wanted[name]
        return {name for name, _sku, _qty in (*gives, *takes)}


@pytest.mark.parametrize("seed", range(6))
def test_d2_in_whatever_order_it_happens_stock_is_what_the_last_link_and_the_sales_say(shop: Shop, seed: int) -> None:
    """Returns, sales and links at random, each told twice, against a model of it."""
    draw, model, at = random.Random(seed), _Model(), BACK  # noqa: S311 - the same every time
    links: list[dict[str, int]] = [{"A": 1}, {"B": 1}, {"C": 1}, {"A": 2}, {"A": 1, "B": 1}, {"B": 2, "C": 3}, {}]
    for step in range(24):
        at += timedelta(hours=1)
        what = draw.choice(("return", "sell", "link", "link"))
        if what == "return":
            qty = draw.randint(1, 5)
            model.come_back(f"R{step}", qty)
            record = returned(external_id=f"R{step}", qty=qty, returned_at=at)
            with clock.at(at):
                assert [ingest_returns(account=shop.account, returns=[record]).new for _ in range(2)] == [1, 0]
        elif what == "sell":
            sku = draw.choice("ABC")
            if sold := model.sell(sku, draw.randint(1, 6)):
                with clock.at(at):
                    adjust(
                        sku_id=shop.skus[sku].pk, warehouse_id=shop.warehouse.pk, bucket="available", delta_qty=-sold, reason="sold",
                        idempotency_key=f"{step}",
                    )  # fmt: skip
        else:
            link = draw.choice(links)
            is_new = list(link.items()) != list(model.link.items())
            told = [link_to(shop, link, at=at) for _ in range(2)]
            assert told == [Linked(moved_returns=model.relink(link) if is_new else 0), Linked()]
        assert dict(zip("ABC", stock_of(shop), strict=True)) == {sku: model.stock[sku] for sku in "ABC"}
        net = Lot.objects.exclude(received_qty=0).values_list("reference", "sku__code", "received_qty")
        assert {(name, sku): qty for name, sku, qty in net} == {
            (f"return:dy-main:{name}", sku): qty for name, units in model.brought.items() for sku, qty in units.items() if qty
        }
    assert proved()
    assert all(0 <= left <= received for received, left in Lot.objects.values_list("received_qty", "remaining_qty"))
