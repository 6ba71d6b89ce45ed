"""Raises when it is imported."""

raise RuntimeError("the licence server is not there")
