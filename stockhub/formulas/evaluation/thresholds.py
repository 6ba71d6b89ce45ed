"""At which probability to alert: by the ratio of costs, or by a scan of past alerts (science.md 10.4)."""
