"""Demand cleaning: from what was sold to what was asked for on an ordinary day (science.md 1)."""
