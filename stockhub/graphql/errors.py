"""Failures: expected ones are data in a payload; bugs and authorisation are top-level errors with a code and a correlation id."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from typing import Any

import strawberry
from django.utils.translation import gettext as _
from graphql import GraphQLError
from strawberry.scalars import JSON

from stockhub.core import actor
from stockhub.core.outages import is_outage
from stockhub.values import DomainError

logger = logging.getLogger("stockhub.graphql")

#: Codes of `DomainError` that speak of who asks, not of what is asked.
AUTHORISATION_CODES = frozenset({"not_allowed"})
_SUGGESTION = re.compile(r" Did you mean [^?]*\?")


class RefusedError(GraphQLError):
    """A request that is refused as a whole, with a code that clients can act on."""

    def __init__(self, code: str, message: str, **extensions: object) -> None:
        super().__init__(message, extensions={"code": code, **extensions})


def bad_input(message: str) -> RefusedError:
    """An argument of a query that makes no sense."""
    return RefusedError("BAD_USER_INPUT", message)


@strawberry.interface(description="An expected failure of a mutation, which the caller can act on.")
class UserError:
    code: str = strawberry.field(description="Stable and machine-readable, such as insufficient_stock.")
    message: str = strawberry.field(description="A sentence for a person, in the language of the request.")
    path: list[str] = strawberry.field(description="The input field at fault, outermost first; empty where it is none of them.")
    params: JSON = strawberry.field(description="The values that the message speaks of, by name.")


def _error_type(name: str, description: str) -> Callable[[type], type]:
    return strawberry.type(name=name, description=description)


@_error_type("InvalidInputError", "A field of the input cannot be taken as it is, or the rules of the business refuse it.")
class InvalidInputError(UserError):
    pass


@_error_type("NotFoundError", "The input names something that is not there, or that the user may not see.")
class NotFoundError(UserError):
    pass


@_error_type("ConflictError", "The object changed since it was read, or a key was used for something else: read again, then decide.")
class ConflictError(UserError):
    pass


#: Every concrete error, for the schema: none of them is the type of a field.
ERROR_TYPES = [InvalidInputError, NotFoundError, ConflictError]


def error_of(failure: DomainError, prefix: Sequence[str] = ()) -> UserError:
    """The failure as data. Authorisation is not data: it is raised again for the top level."""
    if failure.code in AUTHORISATION_CODES:
        raise RefusedError("FORBIDDEN", failure.message) from failure
    kind: type[UserError] = InvalidInputError
    if "not_found" in failure.code or failure.code.startswith("unknown_"):
        kind = NotFoundError
    elif any(word in failure.code for word in ("conflict", "version", "stale", "key_reused", "idempotency")):
        kind = ConflictError
    path = [*prefix, *(_camel(part) for part in failure.path)]
    return kind(code=failure.code, message=str(failure.message), path=path, params=_plain(failure.params))


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(word.title() for word in tail)


def _plain(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """Values of messages as JSON: whatever JSON does not know becomes text."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(v) for v in value]
    return value if value is None or isinstance(value, str | int | bool) else str(value)


# --- top level ------------------------------------------------------------------------------------------------------------------


def root_cause(error: GraphQLError) -> BaseException | None:
    """What a resolver raised, through the layers of GraphQLError around it; None where GraphQL itself objects."""
    cause: BaseException | None = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return None if isinstance(cause, GraphQLError) else cause


def code_of(error: GraphQLError) -> str:
    """The code of a top-level error."""
    if error.extensions and isinstance(code := error.extensions.get("code"), str):
        return code
    cause = root_cause(error)
    if isinstance(cause, DomainError):
        return "FORBIDDEN" if cause.code in AUTHORISATION_CODES else "BAD_USER_INPUT"
    if is_outage(cause):
        return "UNAVAILABLE"
    if cause is not None and not (error.path is None and error.nodes):
        return "INTERNAL"
    if error.path is not None:
        return "BAD_USER_INPUT"
    return "GRAPHQL_PARSE_FAILED" if error.message.startswith("Syntax Error") else "GRAPHQL_VALIDATION_FAILED"


def present(error: GraphQLError, *, with_suggestions: bool) -> dict[str, Any]:
    """The error as the client sees it: bugs masked, messages about the request kept."""
    code = code_of(error)
    message = (
        str(getattr(root_cause(error), "message", None) or error.message) if code not in ("INTERNAL", "UNAVAILABLE") else _masked(code)
    )
    if not with_suggestions:
        message = _SUGGESTION.sub("", message)
    shown: dict[str, Any] = {"message": message}
    if error.locations:
        shown["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    if error.path is not None:
        shown["path"] = error.path
    shown["extensions"] = {**(error.extensions or {}), **_named(root_cause(error)), "code": code, "correlationId": actor.correlation_id()}
    return shown


def _named(cause: BaseException | None) -> dict[str, Any]:
    """What exactly is wrong with an argument of a query, for machines: the same names as in mutations and exports."""
    if not isinstance(cause, DomainError) or cause.code in AUTHORISATION_CODES:
        return {}
    return {"reason": cause.code, "argument": [_camel(part) for part in cause.path]}


def _masked(code: str) -> str:
    if code == "UNAVAILABLE":
        return _("The database does not answer. Try again in a moment.")
    return _("Something went wrong here, not in the request. Give the correlation id to an operator.")


def log(errors: Sequence[GraphQLError]) -> None:
    """Bugs with their traceback for the operator; what clients get wrong only at DEBUG."""
    for error in errors:
        code, cause = code_of(error), root_cause(error)
        if code in ("INTERNAL", "UNAVAILABLE"):
            logger.error("GraphQL %s at %s: %s", code, error.path, error.message, exc_info=cause or error)
        else:
            logger.debug("GraphQL %s at %s: %s", code, error.path, error.message)
