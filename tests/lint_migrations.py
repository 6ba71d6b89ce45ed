"""Part of `make lint`: migrations that would lock or break a running older release are refused."""

from __future__ import annotations

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockhub.config.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")


def main() -> int:
    """1 and the findings where a migration of ours is unsafe. The first of each app makes its tables, so nothing older uses them."""
    import django

    django.setup()
    from django.apps import apps
    from django_migration_linter import MigrationLinter

    linter = MigrationLinter(
        include_apps=[a.label for a in apps.get_app_configs() if a.name.startswith("stockhub.")],
        database="default",
        no_cache=True,
        quiet=["ok", "ignore", "warning"],
        ignore_name_contains="0001_initial",
    )
    linter.lint_all_migrations()
    return int(linter.has_errors)


if __name__ == "__main__":
    sys.exit(main())
