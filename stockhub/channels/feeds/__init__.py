"""Feeds: how fresh each kind of data of an account is, and the engine that reads what is due."""

from stockhub.channels.feeds.freshness import record_success, stalest_at

__all__ = ["record_success", "stalest_at"]
