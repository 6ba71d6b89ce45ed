"""A new plugin's project from a template: something that works and is bronze, to be changed into what its author wants."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import Final

from stockhub.pluginapi.manifest import SLUG_PATTERN

_LONGEST: Final = 40
#: Where each file of the template goes. The template's own names end in .txt, so that no tool takes them for code.
_PLACES: Final = {
    "pyproject.toml.txt": "pyproject.toml",
    "README.md.txt": "README.md",
    "init.py.txt": "{package}/__init__.py",
    "plugin.py.txt": "{package}/plugin.py",
    "forecaster.py.txt": "{package}/forecaster.py",
    "test_contract.py.txt": "tests/test_contract.py",
}


class NewProjectError(Exception):
    """The project cannot be made; the message says why."""


def new_project(name: str, into: Path) -> Path:
    """Makes the folder `into`/`name`. Nothing that exists is touched."""
    if not SLUG_PATTERN.fullmatch(name) or len(name) > _LONGEST:
        raise NewProjectError(f"{name!r} is no name: lower-case words joined by hyphens, at most {_LONGEST} characters.")
    folder = (into / name).resolve()
    if folder.exists():
        raise NewProjectError(f"{folder} exists already.")
    if not into.is_dir():
        raise NewProjectError(f"{into} is no folder.")
    package = f"stockhub_{name.replace('-', '_')}"
    words = {
        "NAME": name,
        "PACKAGE": package,
        "TITLE": name.replace("-", " ").capitalize(),
        "CLASS": re.sub(r"[^A-Za-z0-9]", "", name.title()),
    }
    template = files("stockhub.console.plugin_levels").joinpath("template")
    for source, place in _PLACES.items():
        path = folder / place.format(package=package)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_filled(template.joinpath(source).read_text("utf-8"), words), encoding="utf-8")
    return folder


def _filled(text: str, words: dict[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    return text
