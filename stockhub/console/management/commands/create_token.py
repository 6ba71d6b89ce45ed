"""`manage.py create_token USER`: an API token, shown once."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand

from stockhub.access.models import User
from stockhub.access.roles import ADMIN, ROLES
from stockhub.access.services import create_token
from stockhub.core.actor import Actor, acting_as
from stockhub.values.errors import DomainError


class Command(BaseCommand):
    help = "Makes an API token for a user and prints it, once: it is kept as a digest only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="user name")
        parser.add_argument("--name", default="command line", help="what the token is for")
        parser.add_argument(
            "--create", action="store_true", help="make the user if there is none: without a password, seeing all accounts and warehouses"
        )
        parser.add_argument("--role", choices=ROLES, help="the role to give the user")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        user = User.objects.filter(username=options["user"]).first()
        if user is None and not options["create"]:
            self.stderr.write(f"There is no user {options['user']!r}. Add --create to make him.")
            sys.exit(1)
        with acting_as(Actor("command:create_token")):
            user = user or self._made(options["user"])
            if options["role"]:
                self._give(user, options["role"])
            try:
                _token, plaintext = create_token(user=user, name=options["name"])
            except DomainError as error:
                self.stderr.write(error.message)
                sys.exit(1)
        self.stdout.write(plaintext)

    def _made(self, name: str) -> User:
        user = User(username=name, sees_all_accounts=True, sees_all_warehouses=True)
        user.set_unusable_password()
        user.save()
        return user

    def _give(self, user: User, role: str) -> None:
        user.groups.add(Group.objects.get(name=role))
        if role == ADMIN and not user.is_staff:
            user.is_staff = True
            user.save(update_fields=["is_staff"])
