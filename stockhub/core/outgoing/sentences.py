"""What the host says of calls to others, in English with `{places}`: workers write it down, and whoever reads it has it told (ADR 0050)."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

#: Connectors and notifiers quote these.
OF_THE_HOST: Final = (
    gettext_noop("{host} gave no answer: {kind}."),
    gettext_noop("{host} gave no whole answer within {seconds} s."),
    gettext_noop("{host} answered with more than {most} bytes."),
    gettext_noop("{host} gave an answer that cannot be unpacked."),
    gettext_noop("{host} gave half of a packed answer."),
    gettext_noop("{host} redirects more than {most} times."),
    gettext_noop(
        "{host} stands for an address that is not public. If it is meant, an administrator adds it to STOCKHUB_ALLOW_PRIVATE_URLS."
    ),
    gettext_noop("There is no host {host}."),
    gettext_noop("The platform answered {status}."),
    gettext_noop("The platform answered {status} with nothing."),
    gettext_noop("The platform answered {status} with no JSON, but {kind}."),
    gettext_noop("The platform answered with JSON that is no object."),
    gettext_noop("The address is no valid URL."),
    gettext_noop("The address must begin with https:// or http:// and name a host."),
    gettext_noop("The address must not hold a user name or a password."),
)
