"""Cheap forecasters for StockHub, over whole matrices of daily demand."""
