"""Change sets: what one bulk write changed, so that it can be undone as one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock
from stockhub.outbox.models import Event


class ChangeSet(models.Model):
    """The objects that one bulk write made or changed. What it changed stands in their events, with old and new values."""

    noun = models.CharField(_("objects"), max_length=40, help_text=_("Area and noun, such as catalog.sku."))
    actor = models.CharField(_("actor"), max_length=150)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="change_sets", verbose_name=_("made by")
    )
    correlation_id = models.CharField(_("correlation id"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False, db_index=True)
    undoes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="undone_by", verbose_name=_("undoes"))

    class Meta:
        verbose_name = _("change set")
        verbose_name_plural = _("change sets")
        permissions = [("undo_changeset", "Can undo change sets")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.noun}"


class ChangeSetRow(models.Model):
    """One object of a change set: the event says what happened to it, and `undone_by` that this was taken back."""

    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="rows", verbose_name=_("change set"))
    position = models.PositiveIntegerField(_("position"), help_text=_("From 0, in the order of the rows that were changed."))
    event = models.OneToOneField(Event, models.PROTECT, related_name="change_set_row", verbose_name=_("event"))
    undone_by = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("undone by"))

    class Meta:
        verbose_name = _("row of a change set")
        verbose_name_plural = _("rows of change sets")
        constraints = [models.UniqueConstraint(fields=["change_set", "position"], name="editing_changesetrow_position_once")]

    def __str__(self) -> str:
        return f"{self.change_set} [{self.position}]"
