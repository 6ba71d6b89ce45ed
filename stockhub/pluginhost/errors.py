"""What goes wrong with plugins, named by plugin and provider. Free of Django: the runner child speaks of the same errors."""

from __future__ import annotations

from stockhub.values import DomainError


class PluginError(Exception):
    """A provider gave no usable answer.

    `code` is stable: `raised`, `deadline_exceeded`, `out_of_memory`, `exited`, `not_started`, `protocol_broken`, `wrong_type`,
    `wrong_shape`, `not_finite`, `negative`, `not_ascending`, `level_out_of_range`, `hold_below_level`, `unknown_input`, `unknown_stage`,
    `too_large`.
    `message` is a sentence. `details` is the head of the plugin's traceback where there is one.
    """

    def __init__(self, plugin: str, provider: str, code: str, message: str, *, details: str = "") -> None:
        super().__init__(message)
        self.plugin = plugin
        self.provider = provider
        self.code = code
        self.message = message
        self.details = details

    def __str__(self) -> str:
        return f"{self.provider or 'plugin'} of {self.plugin}: {self.message}"


class InvalidAnswerError(Exception):
    """An answer that breaks the contract; the caller adds whose it was and makes a `PluginError` of it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class ProviderFailedError(DomainError):
    """The host has no answer of a provider, so the caller takes the next in the chain, or says that there is none.

    `code` is one of `PluginError.code`, or `unknown_provider`, `plugin_disabled`, `plugin_unavailable`, `circuit_open`,
    `invalid_parameters`. `params` names the plugin and the provider.
    """
