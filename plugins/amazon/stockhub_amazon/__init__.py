"""Amazon seller accounts for StockHub."""
