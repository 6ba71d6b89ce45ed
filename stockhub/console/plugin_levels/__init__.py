"""How good a plugin is: bronze, silver or gold, by what its own project proves. docs/reference/plugin-levels.md is for its author."""

from stockhub.console.plugin_levels.findings import Finding, Level, reached
from stockhub.console.plugin_levels.judging import check

__all__ = ["Finding", "Level", "check", "reached"]
