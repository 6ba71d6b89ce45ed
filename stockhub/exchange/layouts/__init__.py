"""The columns of every import, one file each."""

from stockhub.exchange.layouts.benchmarks import BENCHMARKS, MARKET
from stockhub.exchange.layouts.catalog import CATALOG
from stockhub.exchange.layouts.events import EVENTS
from stockhub.exchange.layouts.inbound import INBOUND
from stockhub.exchange.layouts.listings import LISTINGS
from stockhub.exchange.layouts.sales import SALES
from stockhub.exchange.layouts.stock import STOCK
from stockhub.exchange.layouts.suppliers import SUPPLIERS
from stockhub.exchange.layouts.traffic import TRAFFIC

ALL = (SALES, CATALOG, SUPPLIERS, STOCK, INBOUND, LISTINGS, EVENTS, TRAFFIC, BENCHMARKS, MARKET)

__all__ = ["ALL", "BENCHMARKS", "CATALOG", "EVENTS", "INBOUND", "LISTINGS", "MARKET", "SALES", "STOCK", "SUPPLIERS", "TRAFFIC"]
