"""`manage.py schema`: writes the API's contract to `frontend_schema/`, or checks that what is committed there is true."""

from __future__ import annotations

import subprocess
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Writes frontend_schema/: the SDL, the names of enum values and, where there is Node, TypeScript."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Write nothing; exit 1 where the files differ or clients would break.")
        parser.add_argument("--no-typescript", action="store_true", help="Only what needs no Node.")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        from stockhub.graphql import conventions, sdl

        found = [*conventions.violations(), *(sdl.problems() if options["check"] else ())]
        if not options["check"]:
            for name in sdl.write():
                self.stdout.write(f"wrote {name}")
            if not options["no_typescript"]:
                self._typescript(sdl.generate_typescript)
        for problem in found:
            self.stderr.write(problem)
        if found:
            raise CommandError(f"{len(found)} problems with the schema.", returncode=1)

    def _typescript(self, generate: Any) -> None:  # noqa: ANN401 - a function
        try:
            said = generate()
        except (subprocess.CalledProcessError, OSError) as error:
            raise CommandError(f"The TypeScript could not be made: {error}", returncode=1) from error
        self.stdout.write(said or "wrote generated/types.ts")
