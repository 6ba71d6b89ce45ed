"""What became of alerts: stock-out events, and which alerts foresaw one (science.md 10.2)."""
