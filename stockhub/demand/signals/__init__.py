"""Built-in sources of market signals, and how their findings become signals on forecasts."""
