"""Errors that formulas name: what a caller gave that has no answer."""

from stockhub.values import DomainError


class InvalidParameterError(DomainError, ValueError):
    """A parameter lies outside of what a formula is defined for, such as a probability of 1.5."""

    def __init__(self, name: str, value: object, allowed: str) -> None:
        super().__init__(
            "invalid_parameter",
            f"{name} is {value}: give {allowed}.",
            path=(name,),
            params={"name": name, "value": str(value), "allowed": allowed},
        )
