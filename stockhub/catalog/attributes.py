"""How much may be kept as attributes of a product or a SKU: values on variant axes and notes of a seller, no documents."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from stockhub.core.unset import Unset
from stockhub.values.errors import DomainError

NAMES_MOST: Final = 100
NAME_LENGTH: Final = 100
#: Of all attributes of one object as JSON. A thousand rows of a bulk write are 16 MB at most.
BYTES_MOST: Final = 16 * 1024
#: As JSON writes it; an escaped backslash before it is a backslash.
_NUL: Final = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
#: Within lists and objects; deeper ones are no attribute, and exhaust whoever reads them.
_DEPTH_MOST: Final = 5


def require_attributes(value: Any) -> None:  # noqa: ANN401 - any JSON value that a client sends
    """Refuses what is no object, or too much. DomainError `invalid_value` or `too_many_attributes`, at `attributes`.

    What is left alone, and what is cleared, is nothing to refuse.
    """
    if value is None or isinstance(value, Unset):
        return
    if not isinstance(value, dict):
        raise _refused("invalid_value", _("Attributes are an object of names and values."))
    if len(value) > NAMES_MOST:
        raise _refused("too_many_attributes", _("There may be at most %(most)d attributes."), most=NAMES_MOST)
    if not all(isinstance(name, str) and 0 < len(name) <= NAME_LENGTH for name in value):
        raise _refused("invalid_value", _("The name of an attribute has 1 to %(most)d characters."), most=NAME_LENGTH)
    if _depth(value) > _DEPTH_MOST:
        raise _refused("invalid_value", _("Attributes may be nested at most %(most)d deep."), most=_DEPTH_MOST)
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        size = len(text.encode())
    except (TypeError, ValueError) as error:
        raise _refused("invalid_value", _("Attributes hold something that cannot be stored.")) from error
    if _NUL.search(text):
        raise _refused("invalid_value", _("Text cannot hold NUL characters."))
    if size > BYTES_MOST:
        raise _refused("too_many_attributes", _("All attributes together may have %(most)d KiB."), most=BYTES_MOST // 1024)


def _refused(code: str, text: Any, **params: object) -> DomainError:  # noqa: ANN401 - a lazy text
    return DomainError(code, text, path=("attributes",), params=params)


def _depth(value: object, reached: int = 0) -> int:
    """How deep lists and objects are nested; stops just past the limit."""
    if not isinstance(value, (dict, list)) or reached > _DEPTH_MOST:
        return reached
    parts = value.values() if isinstance(value, dict) else value
    return max((_depth(part, reached + 1) for part in parts), default=reached + 1)
