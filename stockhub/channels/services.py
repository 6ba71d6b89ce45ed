"""The use cases of channels in one place; each lives in the file that is named after it."""

from stockhub.channels.accounts import AccountInput, PoolShare, account_config, connect_pools, upsert_account
from stockhub.channels.cancellations import ingest_cancellations
from stockhub.channels.inbox import Accepted, accept_records
from stockhub.channels.ingestion import IngestResult, ingest_orders
from stockhub.channels.listing_links import ComponentInput, link_by_code, link_listing
from stockhub.channels.listings import ingest_listings
from stockhub.channels.order_store import tell_months
from stockhub.channels.quarantine_retries import dismiss_quarantined, retry_matching, retry_quarantined
from stockhub.channels.returns import ingest_returns
from stockhub.channels.scores import record_experience_score
from stockhub.channels.stock_counts import ingest_stock

__all__ = [
    "Accepted",
    "AccountInput",
    "ComponentInput",
    "IngestResult",
    "PoolShare",
    "accept_records",
    "account_config",
    "connect_pools",
    "dismiss_quarantined",
    "ingest_cancellations",
    "ingest_listings",
    "ingest_orders",
    "ingest_returns",
    "ingest_stock",
    "link_by_code",
    "link_listing",
    "record_experience_score",
    "retry_matching",
    "retry_quarantined",
    "tell_months",
    "upsert_account",
]
