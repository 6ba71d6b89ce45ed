"""Douyin shops (抖店) for StockHub."""
