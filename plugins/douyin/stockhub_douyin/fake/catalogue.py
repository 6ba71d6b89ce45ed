"""The shop's goods: those of the samples to begin with, any others on demand, found by id and by code."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import Any

from stockhub_douyin.fake.clock import FakeClock
from stockhub_douyin.fake.failures import ControlError, invalid, missing
from stockhub_douyin.fake.goods import BUCKETS, REGIONAL, SKU_TYPES, STEP, Product, ShipRule, Sku, Warehouse

_FIRST_PRODUCT = 3_521_000_000_000_000_000
_FIRST_SKU = 1_756_789_012_345_000


class Catalogue:
    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.products: dict[int, Product] = {}
        self.skus: dict[int, Sku] = {}
        self._by_code: dict[str, Sku] = {}
        self._by_out_id: dict[str, Product] = {}
        self._product_ids: list[int] = []
        self.warehouses: dict[str, Warehouse] = {}

    def fill_with_samples(self) -> None:
        self.add_warehouse("WH-SH-01", "上海仓", 6_853_386_941_874_864_001)
        self.add_warehouse("WH-GZ-02", "广州仓", 6_853_386_941_874_864_002)
        shirt = self.add_product("纯棉短袖T恤男夏季宽松百搭", out_id="SPU-001", product_id=_FIRST_PRODUCT + 1)
        shorts = self.add_product("冰丝休闲短裤男薄款", out_id="SPU-002", product_id=_FIRST_PRODUCT + 2)
        coat = self.add_product("羽绒服女冬季加厚", out_id="SPU-003", product_id=_FIRST_PRODUCT + 3)
        self._sample(shirt, 679, "TSHIRT-BLK-M", 5900, spec=("黑色", "M"), normal=64, activity=20)
        self._sample(shirt, 680, "TSHIRT-WHT-L", 5900, spec=("白色", "L"))
        white = self._sample(shirt, 681, "TSHIRT-WHT-XL", 5900, spec=("白色", "XL"), kind=REGIONAL)
        white.regional = {"WH-SH-01": 20, "WH-GZ-02": 5}
        white.held_regional = {"WH-SH-01": 0, "WH-GZ-02": 0}
        white.ship_rules = {"WH-SH-01": ShipRule(presale=False, days=2), "WH-GZ-02": ShipRule(presale=False, days=1)}
        grey = self._sample(shorts, 690, "SHORT-GRY-XL", 4900, spec=("灰色", "XL"), kind=REGIONAL)
        grey.regional = {"WH-SH-01": 12}
        self._sample(coat, 700, "DOWN-WHT-S", 39900, spec=("米白", "S"), kind=STEP, normal=12, step=300)
        self._sample(coat, 701, "DOWN-BLK-M", 39900, spec=("黑色", "M"), normal=40)

    def _sample(self, product: Product, number: int, code: str, price: int, **more: Any) -> Sku:  # noqa: ANN401 - fields of Sku
        return self._put(Sku(_FIRST_SKU + number, code, product, price, **more))

    def add_warehouse(self, code: str, name: str, warehouse_id: int = 0) -> Warehouse:
        number = warehouse_id or 6_853_386_941_874_865_000 + len(self.warehouses)
        self.warehouses[code] = Warehouse(number, code, name, self._clock.seconds())
        return self.warehouses[code]

    def add_product(self, name: str, *, out_id: str, product_id: int = 0, reduce_stock_type: int = 1) -> Product:
        now = self._clock.seconds()
        number = product_id or _FIRST_PRODUCT + 1_000_000 + len(self.products)
        product = Product(number, name, out_id, now, now, reduce_stock_type)
        if number in self.products or out_id in self._by_out_id:
            raise ControlError(f"There is a product {out_id} or {number} already.")
        self.products[number] = product
        insort(self._product_ids, number)
        self._by_out_id[out_id] = product
        return product

    def add_skus(self, product: Product, rows: list[dict[str, Any]]) -> list[Sku]:
        """`rows`: code, price in cents, and optionally kind, spec, stock by bucket, regional."""
        made = []
        for row in rows:
            kind = SKU_TYPES.get(str(row.get("kind", "normal")))
            if kind is None or "code" not in row:
                raise ControlError(f"A SKU needs a code, and a kind of {', '.join(SKU_TYPES)}: {row!r:.200}")
            sku = Sku(_FIRST_SKU + 1_000_000 + len(self.skus), str(row["code"]), product, int(row.get("price", 5_000)), kind)
            sku.spec = tuple(row["spec"]) if "spec" in row else sku.spec
            for bucket in BUCKETS:
                setattr(sku, bucket, int(row.get(bucket, 0)))
            sku.regional = {str(code): int(units) for code, units in dict(row.get("regional", {})).items()}
            made.append(self._put(sku))
        return made

    def _put(self, sku: Sku) -> Sku:
        if sku.code in self._by_code or sku.sku_id in self.skus:
            raise ControlError(f"There is a SKU {sku.code} already.")
        self.skus[sku.sku_id] = sku
        self._by_code[sku.code] = sku
        sku.product.skus.append(sku)
        return sku

    # Finding

    def sku_by_code(self, code: str) -> Sku:
        """ControlError where there is none: it is the fake that is asked so."""
        sku = self._by_code.get(code)
        if sku is None:
            raise ControlError(f"There is no SKU {code}.")
        return sku

    def sku_of(self, params: dict[str, Any]) -> Sku:
        """The one that a request names by `sku_id`, `code` or both with its product."""
        if not params.get("sku_id") and not params.get("code"):
            raise missing("sku_id")
        sku = self.skus.get(number_of(params, "sku_id")) if params.get("sku_id") else self._by_code.get(str(params["code"]))
        if sku is None:
            raise invalid("SKU不存在")
        if params.get("product_id") and number_of(params, "product_id") != sku.product.product_id:
            raise invalid("SKU不属于该商品")
        return sku

    def product_of(self, params: dict[str, Any]) -> Product:
        if params.get("product_id"):
            product = self.products.get(number_of(params, "product_id"))
        elif params.get("out_product_id"):
            product = self._by_out_id.get(str(params["out_product_id"]))
        else:
            raise missing("product_id")
        if product is None:
            raise invalid("商品不存在")
        return product

    def products_in_order(self, after: int = 0) -> list[Product]:
        return [self.products[number] for number in self._product_ids[bisect_left(self._product_ids, after + 1) :]]


def number_of(params: dict[str, Any], name: str, default: int | None = None) -> int:
    """A whole number, given as one or as text, as the platform takes both."""
    value = params.get(name, default)
    if value is None:
        raise missing(name)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise invalid(f"{name} 类型错误")
    try:
        return int(value)
    except ValueError:
        raise invalid(f"{name} 不是整数") from None


def range_of(params: dict[str, Any], first: str, last: str) -> tuple[int, int]:
    """From and until, in seconds; without limits where they are not given."""
    start, end = number_of(params, first, 0), number_of(params, last, 2**62)
    if start > end:
        raise invalid(f"{first} 大于 {last}")
    return start, end


def paging(params: dict[str, Any], *, first: int, most_pages: int | None, depth: int | None) -> tuple[int, int]:
    """Page, counted from `first`, and size, of at most 100."""
    page, size = number_of(params, "page", first), number_of(params, "size", 10)
    if page < first or (most_pages is not None and page > most_pages):
        raise invalid("page 超出范围")
    if not 1 <= size <= 100:
        raise invalid("size 超出范围, 最大100")
    if depth is not None and (page + 1 - first) * size > depth:
        raise invalid(f"page*size 不能超过{depth}")
    return page, size
