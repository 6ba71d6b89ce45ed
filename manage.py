#!/usr/bin/env python3
"""StockHub's command line: `python manage.py help` lists the commands."""

import os
import sys

#: They work on files and show no page: without the admin's they begin a second sooner, and `decide` is called once a week and SKU range.
WITHOUT_PAGES = ("backtest", "decide")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockhub.config.settings")
    if sys.argv[1:2] and sys.argv[1] in WITHOUT_PAGES:
        os.environ.setdefault("STOCKHUB_PAGES", "0")
    if sys.argv[1:2] == ["decide"]:
        from stockhub.pluginhost.head_start import start_as_last_time

        start_as_last_time()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
