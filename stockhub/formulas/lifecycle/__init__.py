"""Which stage a SKU is in, and why."""
