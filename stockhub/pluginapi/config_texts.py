"""The Chinese of a configuration's fields. English is pydantic's own `title` and `description`; this stands beside it in the schema."""

from __future__ import annotations

from typing import Any, Final

TITLE: Final = "title_zh"
DESCRIPTION: Final = "description_zh"


def in_chinese(title: str, description: str = "") -> dict[str, Any]:
    """For `json_schema_extra` of a field: forms show both texts to whoever reads Chinese, and JSON Schemas carry them."""
    return {TITLE: title, DESCRIPTION: description} if description else {TITLE: title}
