"""The conventions hold, and the checker that says so would notice if one did not."""

from __future__ import annotations

import json
import shutil
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from stockhub.graphql import conventions, sdl
from tests.conftest import absent
from tests.graphql import broken_schema


def test_the_schema_keeps_the_conventions() -> None:
    assert list(conventions.violations()) == []


def test_every_file_of_the_contract_is_committed_as_it_is() -> None:
    assert list(sdl.problems()) == []


def test_bounded_lists_are_fields_of_the_schema() -> None:
    fields = {f"{owner}.{name}" for owner, name, _ in conventions._fields()}
    assert set(conventions.BOUNDED_LISTS) <= fields


@pytest.mark.parametrize(
    "found",
    [
        "Thing.name has no description.",
        "Query.page(after:) has no description.",
        "Mutation.approveThing is not a noun followed by a verb",
        "Mutation.approveThing takes name; it takes exactly one `input`.",
        "Mutation.approveThing gives Boolean; it gives a payload",
        "Thing.price is a Float",
        "Query.things is a list of Thing; make it a connection",
        "Query.page gives more than 100 unless told otherwise.",
        "LifeStage is an enum although plugins can add to it",
        "LifeStage has no labels",
        "Thing is a Node without a business key on Query.",
        "Query.things declares no permission and is not public.",
        "Thing has no permission in TYPE_PERMISSIONS.",
    ],
)
def test_the_checker_notices(found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conventions, "schema", broken_schema.schema)
    assert [v for v in conventions.violations() if v.startswith(found)], list(conventions.violations())


def test_every_enum_value_has_a_name_in_both_languages() -> None:
    english, chinese = (json.loads((sdl.FOLDER / "labels" / f"{language}.json").read_text(encoding="utf-8")) for language in sdl.LANGUAGES)
    assert {enum: set(values) for enum, values in english.items()} == {enum: set(values) for enum, values in chinese.items()}
    assert all(name for values in english.values() for name in values.values())
    assert not [name for values in chinese.values() for name in values.values() if not any("\u4e00" <= c <= "\u9fff" for c in name)]
    assert chinese["AlertStatus"]["RESOLVED"] == "已解决"


def test_check_says_what_differs_and_what_would_break_clients(tmp_path: Path) -> None:
    folder = shutil.copytree(sdl.FOLDER, tmp_path / "schema", ignore=shutil.ignore_patterns("node_modules"))
    assert list(sdl.problems(folder)) == []
    released = folder / "released" / "0.10.0.graphql"
    released.write_text((folder / "schema.graphql").read_text().replace("type Service {", "type Service {\n  gone: Int\n"))
    (folder / "schema.graphql").write_text("type Query { a: Int }")
    said = list(sdl.problems(folder))
    assert [text.split(" ")[0] for text in said] == ["schema.graphql", "Breaks"]
    assert "Service.gone" in said[1]
    assert sdl.write(folder) == ["schema.graphql"]
    for path in (folder / "released").iterdir():
        path.unlink()
    assert [text.split(" ")[0] for text in sdl.problems(folder)] == ["released/"]


def test_the_command_fails_where_the_files_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdl, "problems", lambda: ["schema.graphql is not what the code says."])
    out = StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("schema", "--check", stderr=out)
    assert failure.value.returncode == 1
    assert "is not what the code says" in out.getvalue()


def test_without_node_the_command_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert "Node is absent" in str(sdl.generate_typescript(tmp_path))


@pytest.mark.services
def test_the_typescript_is_what_the_schema_says(tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        absent("Node")
    if not (sdl.FOLDER / "node_modules").is_dir():
        subprocess.run(["npm", "ci", "--silent"], cwd=sdl.FOLDER, check=True)
    committed = (sdl.FOLDER / "generated" / "types.ts").read_text(encoding="utf-8")
    folder = shutil.copytree(sdl.FOLDER, tmp_path / "schema", ignore=shutil.ignore_patterns("node_modules"))
    (folder / "node_modules").symlink_to(sdl.FOLDER / "node_modules")
    assert sdl.generate_typescript(folder) is None
    assert (folder / "generated" / "types.ts").read_text(encoding="utf-8") == committed
    subprocess.run(["npm", "run", "--silent", "check"], cwd=folder, check=True)


def test_the_lock_of_the_package_names_no_registry() -> None:
    lock = (Path(settings.BASE_DIR) / "frontend_schema" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert '"integrity"' in lock
