"""What platforms tell beside orders, returns, stock and listings: each kind of record becomes facts here."""
