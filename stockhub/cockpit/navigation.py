"""The admin's sidebar."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    return []


def stylesheet(request: HttpRequest) -> str:
    return static("cockpit/cockpit.css")
