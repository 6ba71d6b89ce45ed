"""One line of a plugin's answer to "are you well?"."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """`message` says, where `ok` is false, what an operator can do."""

    name: str
    ok: bool
    message: str = ""
