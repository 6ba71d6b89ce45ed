"""The six stages of the glossary. Every database has them; a plugin may add one."""

from __future__ import annotations

from typing import Any, Final

from django.apps import AppConfig

#: Slug, English, Chinese.
STAGES: Final = (
    ("introduction", "Introduction", "导入期"),
    ("growth", "Growth", "成长期"),
    ("maturity", "Maturity", "成熟期"),
    ("decline", "Decline", "衰退期"),
    ("end_of_life", "End of life", "生命末期"),
    ("liquidation", "Liquidation", "清仓期"),
)


def install_stages(sender: AppConfig, **_kwargs: Any) -> None:  # noqa: ANN401, ARG001 - a signal's
    """Adds the stages that are missing, after every migration: what an operator renamed stays."""
    from stockhub.catalog.models import Stage

    Stage.objects.bulk_create(
        (Stage(slug=slug, name_en=en, name_zh=zh, position=number) for number, (slug, en, zh) in enumerate(STAGES, 1)),
        ignore_conflicts=True,
    )
