"""What the import commands share: arguments, progress, the report and the exit status."""

from __future__ import annotations

import argparse
import time
from abc import abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser, DjangoHelpFormatter
from django.utils.translation import gettext_lazy as _

from stockhub.channels.imports.options import ImportOptions
from stockhub.channels.models import Account
from stockhub.core.actor import Actor, acting_as
from stockhub.exchange.columns import INTRODUCTION, Layout, describe
from stockhub.exchange.jobs import ImportRun, Listener, Progress, start_import
from stockhub.exchange.mapping import load_mapping
from stockhub.exchange.models import STOPPED
from stockhub.exchange.tables import FileError
from stockhub.values.errors import DomainError

#: Refused rows that are printed; all that are kept stand in the import job.
_SHOWN = 20
#: Seconds between two plain lines of progress.
_EVERY = 5.0
_EXIT = """Exit status: 0 when the file was read, even if rows of it were refused: the report and the import job say which. 1 when the file
could not be read, or no row of it could be taken. 2 for wrong usage: an unknown account, missing columns, a mapping that does not fit."""


class _Plain(DjangoHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Keeps the table of columns as it is."""


class ImportCommand(BaseCommand):
    """A subclass names its layout and does the import."""

    layout: ClassVar[Layout]

    @abstractmethod
    def run_import(self, run: ImportRun, path: Path, options: ImportOptions, given: dict[str, Any]) -> None:
        """Reads the whole file."""

    def report(self, _run: ImportRun) -> Iterator[str]:
        """More lines for the end of the report."""
        yield from ()

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:  # noqa: ANN401 - Django's signature
        lines = [INTRODUCTION, "", "Columns:", *describe(self.layout)]
        lines += [f"One of these is needed: {', '.join(group)}." for group in self.layout.one_of]
        kwargs |= {"epilog": "\n".join([*lines, "", _EXIT]), "formatter_class": _Plain}
        self.help = self.layout.about
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, XLSX or parquet.")
        parser.add_argument("--mapping", type=Path, help="A JSON file that names the columns.")
        parser.add_argument("--time-zone", default="", help="Of times without one.")
        parser.add_argument("--encoding", default="", help="Of a CSV file, where it is not found out by itself.")
        parser.add_argument("--dry-run", action="store_true", help="Reads, checks and reports; the import job is all that is written.")

    def handle(self, *_args: object, **given: Any) -> None:  # noqa: ANN401 - Django's signature
        path: Path = given["file"]
        kind = self.layout.name.removeprefix("import_")
        with acting_as(Actor(f"import:{kind}")):
            try:
                options = self.options(given)
                run = self._start(kind, path, given)
            except DomainError as error:
                raise CommandError(error.message, returncode=1 if isinstance(error, FileError) else 2) from error
            with self._progress() as listener:
                run.listener = listener
                self._run(run, path, options, given)
        self._print(run, path)

    def options(self, given: dict[str, Any]) -> ImportOptions:
        return ImportOptions(
            mapping=load_mapping(given["mapping"]) if given["mapping"] else {}, time_zone=given["time_zone"], encoding=given["encoding"]
        )

    def target(self, _given: dict[str, Any]) -> str:
        """What the job is for, such as an account's code."""
        return ""

    def _start(self, kind: str, path: Path, given: dict[str, Any]) -> ImportRun:
        target = self.target(given)
        told = {name: str(given[name]) for name in ("mapping", "time_zone", "encoding", "create_skus", "default_status") if given.get(name)}
        try:
            return start_import(kind=kind, path=path, target=target, options=told, dry_run=given["dry_run"])
        except OSError as error:
            text = _("%(path)s cannot be read: %(strerror)s.")
            raise FileError("unreadable", text, params={"path": str(path), "strerror": error.strerror}) from error

    def _run(self, run: ImportRun, path: Path, options: ImportOptions, given: dict[str, Any]) -> None:
        try:
            self.run_import(run, path, options, given)
        except DomainError as error:
            run.fail(error.message)
            raise CommandError(error.message, returncode=1 if isinstance(error, FileError) else 2) from error
        except BaseException as error:
            run.fail(STOPPED.format(kind=type(error).__name__))
            raise
        run.finish()

    def _print(self, run: ImportRun, path: Path) -> None:
        job = run.job
        dry = "Dry run, nothing was written. " if job.dry_run else ""
        self.stdout.write(
            f"{dry}{path.name}: {job.rows_read} rows read, {job.rows_written} new or changed, {job.rows_unchanged} unchanged, "
            f"{job.rows_refused} refused."
        )
        for line in self.report(run):
            self.stdout.write(line)
        shown = list(job.row_errors.order_by("line", "id")[:_SHOWN])
        for error in shown:
            column = f", {error.column}" if error.column else ""
            value = f" ({error.value[:60]})" if error.value else ""
            self.stdout.write(f"  line {error.line}{column}: {error.text} [{error.code}]{value}")
        if (more := job.row_errors.count() - len(shown)) > 0:
            self.stdout.write(f"  and {more} more, in import job {job.pk}.")
        taken = job.rows_written + job.rows_unchanged + sum(run.extra.get(name, 0) for name in ("excluded", "cancellations"))
        if job.rows_refused and not taken:
            raise CommandError("No row could be taken.", returncode=1)

    def _progress(self) -> _Watch:
        return _Watch(self)


class _Watch:
    """A bar on a terminal, plain lines elsewhere."""

    def __init__(self, command: BaseCommand) -> None:
        self._command = command
        self._bar: Any = None
        self._task: Any = None
        self._last = time.monotonic()

    def __enter__(self) -> Listener:
        if self._command.stdout.isatty():
            from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TextColumn("{task.description}"), TimeElapsedColumn())
            self._bar.start()
            self._task = self._bar.add_task("", total=1.0)
        return self._told

    def __exit__(self, *_error: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _told(self, progress: Progress) -> None:
        text = f"{progress.rows_read} rows, {progress.rows_refused} refused"
        if self._bar is not None:
            self._bar.update(self._task, completed=progress.done, description=text)
        elif time.monotonic() - self._last >= _EVERY:
            self._last = time.monotonic()
            self._command.stdout.write(text)
            self._command.stdout.flush()


def account_by_code(code: str) -> Account:
    account = Account.objects.filter(code=code, deleted_at=None).first()
    if account is None:
        known = ", ".join(Account.objects.filter(deleted_at=None).order_by("code").values_list("code", flat=True)[:20]) or "none yet"
        raise DomainError("unknown_account", f"There is no account {code!r}. Known: {known}.", path=("account",))
    return account
