"""From orders to a clean history: what was asked for, what was lost, what was a promotion, what kind of demand it is."""
