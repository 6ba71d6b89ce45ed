"""Business days of a site, over time zones."""
