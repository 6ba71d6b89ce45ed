"""Why a message was not delivered, in the reader's language: workers and notifiers say it in English."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

from stockhub.core.kept_texts import recognised
from stockhub.core.outgoing.sentences import OF_THE_HOST

WORKER_DIED: Final = gettext_noop("Its worker died in each of eight attempts.")
NO_CHANNEL: Final = gettext_noop("There is no channel {channel} here: enable the plugin that brings it.")
_SENTENCES: Final = (
    *OF_THE_HOST,
    WORKER_DIED,
    NO_CHANNEL,
    gettext_noop("The configuration of the endpoint is not valid: {where}: {why}."),
    gettext_noop("It was refused."),
    gettext_noop("The receiver answered with status {status}."),
    gettext_noop("The receiver's answer is none of a robot: check the address."),
    gettext_noop("The robot refused it with code {code}: {text}"),
    gettext_noop("This service acts on the server's own machine, which a notification may not."),
    gettext_noop("apprise knows no such URL: its own list at https://appriseit.com says how they look."),
    gettext_noop("The service gave no whole answer in time."),
    gettext_noop("apprise could not deliver it: {why}"),
    gettext_noop("it gives no reason."),
)


def told(error: str) -> str:
    """The error in the active language; what a receiver said, and a stranger's notifier, as it is."""
    return recognised(error, _SENTENCES)
