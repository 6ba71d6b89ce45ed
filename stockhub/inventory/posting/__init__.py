"""The one way into the ledger: what is asked, what is decided, and how each database writes it."""
