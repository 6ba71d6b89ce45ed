from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The door for terminals: every `manage.py` command that is not the demo's or the jobs' own."""

    name = "stockhub.console"
    label = "console"
