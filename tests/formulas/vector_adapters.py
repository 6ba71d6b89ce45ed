"""Which formula answers which vector suite: the tables of `adapters/`, a module for each room of `stockhub.formulas`."""

from __future__ import annotations

import importlib
from pathlib import Path

from tests.formulas.vector_case import Adapter

ADAPTERS: dict[str, Adapter] = {}
for _room in sorted(Path(__file__).with_name("adapters").glob("*.py")):
    ADAPTERS |= importlib.import_module(f"tests.formulas.adapters.{_room.stem}").ADAPTERS
