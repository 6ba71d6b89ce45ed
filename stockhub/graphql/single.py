"""One object by its business key."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from strawberry import Info
from strawberry_django.optimizer import optimize

from stockhub.graphql.pagination import rows_of


def by_key(info: Info, model: type[Model], **key: object) -> Any:  # noqa: ANN401 - the row, which stands for its GraphQL type
    """The row with this key among those that the user sees, deleted ones too: their tombstone says so. None where there is none."""
    return optimize(rows_of(model, info).filter(**key), info).first()
