"""Forecasts and how good they are: metrics, rolling origins, simple models, champions."""
