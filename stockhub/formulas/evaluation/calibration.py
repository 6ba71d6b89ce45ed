"""Probabilities that mean what they say: isotonic and Platt calibration (science.md 10.4)."""
