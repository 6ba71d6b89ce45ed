"""How accounts reach their platforms."""
