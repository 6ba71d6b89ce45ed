"""Squashed migrations: a new database and one that has had every step end alike, and nothing is done twice."""

from __future__ import annotations

import pytest
from django.db import connection, migrations, models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from stockhub.core.migrating import CreateModels

OURS = {"catalog", "channels", "inventory", "demand", "alerts"}


def test_a_new_database_is_told_what_the_steps_add_up_to() -> None:
    every, at_once = MigrationLoader(None, replace_migrations=False), MigrationLoader(None)
    # The graph of every step holds what stands for steps as well, as leaves: in a state of both it would come when it likes.
    steps = every.project_state([node for node in every.graph.leaf_nodes() if not every.disk_migrations[node].replaces])
    for one, other in ((steps, at_once.project_state()), (at_once.project_state(), steps)):
        found = MigrationAutodetector(one, other).changes(graph=at_once.graph)
        assert {app: [each.operations for each in changes] for app, changes in found.items()} == {}


def squashed() -> dict[tuple[str, str], list[tuple[str, str]]]:
    found = {key: list(each.replaces) for key, each in MigrationLoader(None).disk_migrations.items() if key[0] in OURS and each.replaces}
    assert {app for app, _name in found} == OURS
    return found


def still_to_do() -> list[tuple[str, str]]:
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    return [(each.app_label, each.name) for each, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())]


@pytest.mark.django_db
@pytest.mark.both_databases
def test_a_site_that_has_had_every_step_has_nothing_left_to_do() -> None:
    recorder = MigrationRecorder(connection)
    for app, name in squashed():
        recorder.record_unapplied(app, name)
    assert still_to_do() == []


@pytest.mark.django_db
@pytest.mark.both_databases
@pytest.mark.parametrize("app", sorted(OURS))
def test_a_site_in_the_middle_of_the_steps_goes_on_with_steps(app: str) -> None:
    recorder = MigrationRecorder(connection)
    for each in squashed():
        recorder.record_unapplied(*each)
    [steps] = [replaced for (label, _name), replaced in squashed().items() if label == app]
    # With whatever stands on it, in any area.
    lacking = set(MigrationLoader(None, replace_migrations=False).graph.backwards_plan(steps[-1])) - set(squashed())
    for each in lacking:
        recorder.record_unapplied(*each)
    assert set(still_to_do()) == lacking >= {steps[-1]}


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_tables_are_made_whole_at_once_and_taken_away_again() -> None:
    operation = CreateModels(
        [
            migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True)), ("code", models.SlugField())]),
            migrations.CreateModel(
                "Box",
                [("id", models.BigAutoField(primary_key=True)), ("shelf", models.ForeignKey("core.shelf", models.CASCADE))],
                options={"indexes": [models.Index(fields=["shelf", "id"], name="core_box_by_shelf")]},
            ),
        ]
    )
    before, after = ProjectState(), ProjectState()
    # A state that was rendered already learns of them all the same.
    assert len(after.apps.get_models()) == 0
    operation.state_forwards("core", after)
    assert sorted(model._meta.db_table for model in after.apps.get_models()) == ["core_box", "core_shelf"]
    with connection.schema_editor() as editor:
        operation.database_forwards("core", editor, before, after)
        # Before the migration ends.
        with connection.cursor() as cursor:
            made = connection.introspection.get_constraints(cursor, "core_box")
        assert editor.deferred_sql == []
    assert made["core_box_by_shelf"]["columns"] == ["shelf_id", "id"]
    assert [each["foreign_key"] for each in made.values() if each["foreign_key"]] == [("core_shelf", "id")]
    with connection.schema_editor() as editor:
        operation.database_backwards("core", editor, after, before)
    assert {"core_box", "core_shelf"} & set(connection.introspection.table_names()) == set()
