"""Files that came in: one job for each file, and every row that could not be taken."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from stockhub.core import clock, kept_texts

STOPPED: Final = gettext_noop("Stopped by {kind}. Run the same import again: it goes on where this one stopped.")
REASONS_KEPT: Final = gettext_noop("Of the refused rows, the first {number} reasons are kept.")
#: What a job says of its end; `{name}` stands for a value.
ENDINGS: Final = (STOPPED, REASONS_KEPT, gettext_noop("{ending} Of the refused rows, the first {number} reasons are kept."))


class ImportStatus(models.TextChoices):
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    DONE_WITH_ERRORS = "done_with_errors", _("Done, some rows refused")
    FAILED = "failed", _("Failed")


class ImportJob(models.Model):
    """An import of one file. Imports are idempotent, so a job that was killed is finished by running the same command again."""

    kind = models.CharField(_("kind"), max_length=40, help_text=_("sales, catalog, stock, …"))
    target = models.CharField(_("target"), max_length=100, blank=True, help_text=_("The account's code, where there is one."))
    file_name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    options = models.JSONField(_("options"), default=dict)
    dry_run = models.BooleanField(_("dry run"), default=False)
    status = models.CharField(_("status"), max_length=20, choices=ImportStatus, default=ImportStatus.RUNNING)
    actor = models.CharField(_("actor"), max_length=150)
    started_at = models.DateTimeField(_("started"), default=clock.now)
    heartbeat_at = models.DateTimeField(_("last sign of life"), default=clock.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    rows_read = models.PositiveIntegerField(_("rows read"), default=0)
    rows_written = models.PositiveIntegerField(_("rows new or changed"), default=0)
    rows_unchanged = models.PositiveIntegerField(_("rows unchanged"), default=0)
    rows_refused = models.PositiveIntegerField(_("rows refused"), default=0)
    message = models.TextField(_("message"), blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.kind}: {self.file_name}"

    @property
    def told_message(self) -> str:
        """How it ended, in the reader's language as far as these are our own sentences."""
        return kept_texts.recognised(self.message, ENDINGS)


class RowError(models.Model):
    """A row that was refused: where it stands, which column, why, and what to do. The row itself is kept without personal data."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="row_errors", verbose_name=_("import"))
    line = models.PositiveIntegerField(_("line"), help_text=_("Of the file, the header being line 1."))
    column = models.CharField(_("column"), max_length=100, blank=True)
    code = models.CharField(_("code"), max_length=60)
    message = models.TextField(_("reason"))
    # Null in rows of before, and so columns that can be added while an older release runs.
    template = models.TextField(  # noqa: DJ001
        _("reason, to be filled in"), null=True, blank=True, help_text=_("What is translated when it is read; params fill it in.")
    )
    params = models.JSONField(_("values of the reason"), null=True, blank=True)
    value = models.CharField(_("value"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("refused row")
        verbose_name_plural = _("refused rows")
        indexes = [models.Index(fields=["job", "line"], name="exchange_rowerror_line")]

    def __str__(self) -> str:
        return f"{self.line}: {self.text}"

    @property
    def text(self) -> str:
        """Why, in the reader's language; rows of before, and texts that nobody translated, as they were written down."""
        return kept_texts.told(self.message, self.template, self.params)
