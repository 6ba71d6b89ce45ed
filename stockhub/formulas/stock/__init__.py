"""Positions, projections and what follows from them: cover, shortage, excess."""
