"""Whether the ledger adds up, and how it is corrected where it does not."""
