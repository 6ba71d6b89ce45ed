"""How well stock works: ages, velocity, turnover, classes."""
