"""Backtests of a file, without a database: how well each installed forecaster, and their champion, would have done.

A file becomes series (`files`, `series`), each cutoff a panel and each forecaster's answer at it arrays (`answers`), the champion is chosen
before the cutoff (`champion`), and the figures follow the definitions of `figures`. Importing this package touches no table.
"""
