"""How urgent a shortage or an overstock is: alert levels, and what level 3 freezes (science.md 10.1, E5, H65-H67)."""
