"""How good alerts are: precision, recall, F-beta, average precision, Brier score, log loss, lead and cost (science.md 10.3)."""
