"""Which forecaster forecasts what: nightly trials on the stored series, champions by kind of demand, and what came of past forecasts.

A run of the `backtest` cycle (`cycle`) is planned (`plan`), tries the forecasters on each chunk's series as they were known at some past
days (`trial`), adds what they were off by into sums (`sums`), and decides by them (`decision`). The forecast cycle asks who is in use
(`in_use`).
"""
