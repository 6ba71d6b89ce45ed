"""Runs of the cycles: what was due when, who works on which part, and what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock, kept_texts


class Leased(models.Model):
    """What workers take with a lease. Its times are the database's own, the one clock that all workers share and nobody freezes."""

    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_by = models.CharField(_("leased by"), max_length=100, blank=True)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    #: Counts up at every lease, so that a worker that lost its lease cannot write.
    fence = models.PositiveIntegerField(_("fence"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), db_default=Now())

    class Meta:
        abstract = True


class CycleStatus(models.TextChoices):
    DUE = "due", _("Due")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    PARTIAL = "partial", _("Done with errors")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Cycle(Leased):
    """One run of a named cycle for one slot. The slot is unique, so two beats or a redelivered task run it once.

    Its own lease covers the two steps that are nobody's chunk: planning while it is due, finishing when no chunk is left.
    """

    name = models.CharField(_("cycle"), max_length=40)
    slot_at = models.DateTimeField(_("slot"), help_text=_("The moment that the run is for."))
    status = models.CharField(_("status"), max_length=12, choices=CycleStatus, default=CycleStatus.DUE)
    as_of = models.DateTimeField(_("as of"), help_text=_("What the run takes for now."))
    sku_codes = models.JSONField(_("SKUs"), default=list, blank=True, help_text=_("Empty for all."))
    requested_by = models.CharField(_("requested by"), max_length=150)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    counts = models.JSONField(_("counts"), default=dict, help_text=_("What the run read and changed, by name."))
    seconds = models.JSONField(_("seconds by step"), default=dict)
    message = models.TextField(_("message"), blank=True, help_text=_("What an operator should know: no data, what failed."))
    #: The message as `core.kept_texts` keeps lines; null in rows of before, and so a column that an older release runs with.
    message_lines = models.JSONField(_("message, to be filled in"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")
        constraints = [models.UniqueConstraint(fields=["name", "slot_at"], name="cycles_cycle_slot_once")]
        indexes = [
            models.Index(fields=["name", "-slot_at"], name="cycles_cycle_latest"),
            models.Index(fields=["status"], name="cycles_cycle_open", condition=models.Q(status__in=["due", "running"])),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.slot_at:%Y-%m-%d %H:%M}"

    @property
    def told_message(self) -> str:
        """The message in the reader's language; rows of before as far as somebody translated them whole."""
        return kept_texts.told_lines(self.message, self.message_lines)


class ChunkStatus(models.TextChoices):
    DUE = "due", _("Due")
    LEASED = "leased", _("Being worked on")
    DONE = "done", _("Done")
    PARKED = "parked", _("Parked after three attempts")
    CANCELLED = "cancelled", _("Cancelled")


class Chunk(Leased):
    """A range of SKU ids of a cycle: the unit that a worker takes with a lease. A lease that runs out is taken up by another."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="chunks", verbose_name=_("cycle"))
    ordinal = models.PositiveIntegerField(_("number"))
    first_sku_id = models.BigIntegerField(_("first SKU id"))
    last_sku_id = models.BigIntegerField(_("last SKU id"))
    status = models.CharField(_("status"), max_length=12, choices=ChunkStatus, default=ChunkStatus.DUE)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    counts = models.JSONField(_("counts"), default=dict)
    seconds = models.JSONField(_("seconds by step"), default=dict)
    errors = models.JSONField(_("errors"), default=list, help_text=_("Parts of the chunk that failed while the rest went on."))
    error = models.TextField(_("last error"), blank=True)
    #: The same as `core.kept_texts` keeps lines; null in rows of before.
    error_lines = models.JSONField(_("last error, to be filled in"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("chunk")
        verbose_name_plural = _("chunks")
        constraints = [models.UniqueConstraint(fields=["cycle", "ordinal"], name="cycles_chunk_once")]
        indexes = [
            models.Index(fields=["status", "next_attempt_at"], name="cycles_chunk_due", condition=models.Q(status__in=["due", "leased"])),
            models.Index(fields=["cycle"], name="cycles_chunk_parked", condition=models.Q(status="parked")),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} #{self.ordinal}"

    @property
    def told_error(self) -> str:
        """The error that ended it, in the reader's language."""
        return kept_texts.told_lines(self.error, self.error_lines)

    @property
    def told_errors(self) -> list[str]:
        """What failed, the error that ended it last."""
        return [*self.errors, *([self.told_error] if self.error else [])]


class ProcessKind(models.TextChoices):
    WORKER = "worker", _("Worker")
    BEAT = "beat", _("Beat")
    DISPATCHER = "dispatcher", _("Dispatcher")


class ProcessHeartbeat(models.Model):
    """A resident process and when it was last seen at work, so that a missing one shows before its work is missed."""

    name = models.CharField(_("name"), max_length=150, unique=True, help_text=_("Kind or queue, at the host."))
    kind = models.CharField(_("kind"), max_length=20, choices=ProcessKind)
    host = models.CharField(_("host"), max_length=120)
    pid = models.PositiveIntegerField(_("process id"))
    started_at = models.DateTimeField(_("started"))
    seen_at = models.DateTimeField(_("last seen"))
    message = models.TextField(_("message"), blank=True, help_text=_("What hinders it, such as a broker out of reach."))
    #: A dispatcher's. What was recorded after it waits for an answer.
    seen_event_id = models.BigIntegerField(_("newest event seen"), null=True, editable=False)

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("processes")

    def __str__(self) -> str:
        return self.name
