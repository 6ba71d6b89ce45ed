"""The door has no data: this is where its one permission lives."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Ide(models.Model):
    """No table. `graphql_api.use_ide` lets a user read the schema, see suggestions and open the explorer in production."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [("use_ide", "Can use the GraphQL explorer and introspection")]
        verbose_name = _("GraphQL explorer")
        verbose_name_plural = _("GraphQL explorer")

    def __str__(self) -> str:
        return "use_ide"
