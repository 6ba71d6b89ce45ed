"""Selling off: elasticity, ladders, price floors, bundles, hold or exit."""
