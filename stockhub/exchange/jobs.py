"""The life of an import: counts and a sign of life as it runs, refused rows, and an end that an operator can read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from stockhub.core import actor, clock, kept_texts
from stockhub.exchange.models import REASONS_KEPT, ImportJob, ImportStatus, RowError
from stockhub.exchange.tables import Fault

#: So many refused rows are kept with their reasons; all of them are counted.
KEPT_ERRORS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Progress:
    """What a listener is told after each batch. `done` is a part of the file, 0 to 1, where the reader knows it."""

    rows_read: int
    rows_written: int
    rows_unchanged: int
    rows_refused: int
    done: float


Listener = Callable[[Progress], None]


def _deaf(_progress: Progress) -> None:
    """The listener of an import that nobody watches."""


@dataclass(slots=True)
class ImportRun:
    """A job that is running. Everything it writes is outside of the transactions of the rows, so that it tells the truth after a crash."""

    job: ImportJob
    listener: Listener = _deaf
    #: Numbers of the kind of import, for the report: what was new, excluded, matched.
    extra: dict[str, int] = field(default_factory=dict)
    _kept: int = 0

    @property
    def is_dry(self) -> bool:
        return self.job.dry_run

    def count(self, name: str, number: int) -> None:
        self.extra[name] = self.extra.get(name, 0) + number

    def refuse(self, faults: Sequence[Fault]) -> None:
        """Counts rows, by their lines, and keeps the reasons. The faults of a row must come in one call."""
        self.job.rows_refused += len({fault.line for fault in faults})
        kept = faults[: max(KEPT_ERRORS - self._kept, 0)]
        self._kept += len(kept)
        RowError.objects.bulk_create(
            [
                RowError(
                    job=self.job,
                    line=fault.line,
                    column=fault.column[:100],
                    code=fault.code[:60],
                    **_told(fault),
                    value=fault.value[:200].replace("\x00", "�"),
                )
                for fault in kept
            ],
            batch_size=1000,
        )

    def advance(self, *, read: int, written: int = 0, unchanged: int = 0, done: float = 0.0) -> None:
        job = self.job
        job.rows_read += read
        job.rows_written += written
        job.rows_unchanged += unchanged
        job.heartbeat_at = clock.now()
        job.save(update_fields=["rows_read", "rows_written", "rows_unchanged", "rows_refused", "heartbeat_at"])
        self.listener(Progress(job.rows_read, job.rows_written, job.rows_unchanged, job.rows_refused, done))

    def finish(self) -> None:
        self._end(ImportStatus.DONE_WITH_ERRORS if self.job.rows_refused else ImportStatus.DONE, "")

    def fail(self, message: str) -> None:
        self._end(ImportStatus.FAILED, message)

    def _end(self, status: ImportStatus, message: str) -> None:
        job = self.job
        dropped = job.rows_refused - self._kept
        if dropped > 0:
            message = f"{message} {REASONS_KEPT.format(number=self._kept)}".strip()
        job.status, job.message = status, message
        job.finished_at = job.heartbeat_at = clock.now()
        job.save()


def _told(fault: Fault) -> dict[str, Any]:
    """The reason in English, as whoever searches or reads it without a catalogue needs it, and as a template for every other language."""
    told = kept_texts.kept(fault.text, fault.params)
    return {"message": told.message, "template": told.template, "params": told.params}


def start_import(
    *,
    kind: str,
    path: Path,
    target: str = "",
    options: Mapping[str, Any] | None = None,
    dry_run: bool = False,
    file_name: str = "",
    listener: Listener = _deaf,
) -> ImportRun:
    """Begins a job. One of the same file that never ended was killed, or is about to find its rows done: it is marked as taken over."""
    digest = sha256_of(path)
    job = ImportJob.objects.create(
        kind=kind,
        target=target,
        file_name=(file_name or path.name)[:255],
        sha256=digest,
        options=dict(options or {}),
        dry_run=dry_run,
        actor=actor.current().label,
    )
    left = ImportJob.objects.filter(kind=kind, target=target, sha256=digest, status=ImportStatus.RUNNING, dry_run=dry_run, id__lt=job.pk)
    left.update(status=ImportStatus.FAILED, finished_at=clock.now(), message=f"Did not end; taken over by import {job.pk}.")
    return ImportRun(job, listener)


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
