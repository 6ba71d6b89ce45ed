"""Stock from where it lies to where it is missing."""
