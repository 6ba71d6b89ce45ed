"""Units that came in together: their receipts, order of leaving, age, cost and worth."""
