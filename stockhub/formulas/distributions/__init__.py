"""Demand over a lead time as a distribution: quantiles, losses, the chance of a stock-out."""
