"""Suppliers: their record, their risk, and who gets how much of an order."""
