"""The contract as files: SDL, names of enum values, TypeScript. Committed, so that a change of the API is a change that is reviewed."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from graphql import build_schema, lexicographic_sort_schema, print_schema
from graphql.utilities import find_breaking_changes

from stockhub.graphql.labels import ENUM_LABELS
from stockhub.graphql.schema import schema

FOLDER = Path(settings.BASE_DIR) / "frontend_schema"
SDL = "schema.graphql"
LANGUAGES = ("en", "zh")


def sdl() -> str:
    """The schema, sorted: the order of the code is no part of the contract."""
    return print_schema(lexicographic_sort_schema(build_schema(schema.as_str()))) + "\n"


def labels(language: str) -> str:
    """The names of all enum values in one language as JSON: {enum: {VALUE: name}}."""
    named = {enum: {value: label.text(language) for value, label in values.items()} for enum, values in ENUM_LABELS.items()}
    return json.dumps(named, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def files() -> dict[str, str]:
    """Every file that is made without Node, by its path in the folder."""
    return {SDL: sdl(), **{f"labels/{language}.json": labels(language) for language in LANGUAGES}}


def write(folder: Path = FOLDER) -> list[str]:
    """Writes the files; gives the paths of those that changed."""
    changed = []
    for name, text in files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed


def release_of(folder: Path = FOLDER) -> Path | None:
    """The SDL of the last release: the highest version in `released/`."""
    releases = (folder / "released").glob("*.graphql")
    return max(releases, key=lambda path: [int(part) for part in path.stem.split(".")], default=None)


def problems(folder: Path = FOLDER) -> Iterator[str]:
    """What is wrong with the committed files: each with what to do."""
    for name, text in files().items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield f"{path.name} is not what the code says. Run `make schema`, look at the difference, and commit it."
    release = release_of(folder)
    if release is None:
        yield "released/ holds no schema to compare with. Copy schema.graphql there under the released version."
        return
    old = build_schema(release.read_text(encoding="utf-8"))
    for change in find_breaking_changes(old, build_schema(sdl())):
        yield f"Breaks clients of {release.stem}: {change.description} Deprecate it and keep it, or release a new major version."


def generate_typescript(folder: Path = FOLDER) -> str | None:
    """Runs graphql-codegen; a sentence for the operator where it could not run. CalledProcessError where it fails."""
    npm = shutil.which("npm")
    if npm is None:
        return "Node is absent, so the TypeScript was not made anew: install Node 20 or newer and run this again."
    if not (folder / "node_modules").is_dir():
        subprocess.run([npm, "ci", "--silent"], cwd=folder, check=True)  # noqa: S603 - fixed arguments
    subprocess.run([npm, "run", "--silent", "generate"], cwd=folder, check=True)  # noqa: S603 - fixed arguments
    return None
