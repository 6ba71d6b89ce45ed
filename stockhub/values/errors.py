"""The one exception type for failures that are expected and that a caller can act on."""

from collections.abc import Mapping


class DomainError(Exception):
    """An expected failure: a refused request, not a bug.

    `code` is stable and machine-readable (`insufficient_stock`); `message` says in a sentence what to do; `path` names the
    input field at fault, outermost first; `params` holds the values that the message speaks of.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        path: tuple[str, ...] = (),
        params: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.path = path
        self.params = dict(params or {})

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r}, {self.message!r}, path={self.path!r})"
