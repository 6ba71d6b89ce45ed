"""Base models and the one table that every area shares: the ERP's own ids."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from stockhub.core import clock


class Timestamped(models.Model):
    """Rows that say when they were made and last written. Bulk writes set `updated_at` themselves."""

    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=clock.now, editable=False, db_index=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        self.updated_at = clock.now()
        super().save(*args, **kwargs)


class Editable(Timestamped):
    """Configuration that people and an ERP edit: `version` guards against lost updates, `deleted_at` leaves a tombstone."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class ExternalRef(models.Model):
    """The id that another system, an ERP above all, knows one of our objects by. Text: such ids pass 2**53."""

    entity = models.CharField(_("entity"), max_length=40, help_text=_("Area and noun, such as catalog.sku."))
    entity_id = models.BigIntegerField(_("entity id"))
    system = models.CharField(_("system"), max_length=40)
    value = models.CharField(_("id there"), max_length=200)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("external reference")
        verbose_name_plural = _("external references")
        constraints = [
            models.UniqueConstraint(fields=["entity", "system", "value"], name="core_externalref_value_once"),
            models.UniqueConstraint(fields=["entity", "entity_id", "system"], name="core_externalref_one_a_system"),
        ]

    def __str__(self) -> str:
        return f"{self.system}:{self.value}"
