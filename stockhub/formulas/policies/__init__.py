"""How much and when to order: safety stock, order points, lot sizes."""
