"""Business days of a site: over time zones, in weeks and months, and without closures."""
