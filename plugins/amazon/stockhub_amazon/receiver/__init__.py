"""A small program beside StockHub: takes Amazon's notifications from the seller's queue and posts them to the account's webhook."""
