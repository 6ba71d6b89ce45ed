"""Forecasts by simple, proven methods, how good they were, and which method to trust."""
