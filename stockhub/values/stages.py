"""The stages of a SKU's life, in their order."""

from typing import Final

#: A stage is named by its slug, and in arrays by its place here; a later stage has a higher one.
STAGES: Final = ("introduction", "growth", "maturity", "decline", "end_of_life", "liquidation")
