"""The one exception type for failures that are expected and that a caller can act on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class LazyText(Protocol):
    """A text that is looked up in the reader's language when it is read, such as Django's `gettext_lazy` gives."""

    def __mod__(self, values: dict[str, object], /) -> object: ...


class DomainError(Exception):
    """An expected failure: a refused request, not a bug.

    `code` is stable and machine-readable (`insufficient_stock`), whatever the language; `message` says in a sentence what to
    do; `path` names the input field at fault, outermost first; `params` holds the values that the message speaks of.

    A text that is a `str` is the message as it is. A lazy one is a template whose placeholders (`%(name)s`) are names of
    `params`: it is translated and filled in whenever `message` is read, so the same error reads Chinese in a Chinese request
    and English in the log of a worker. Keep values out of the text, or it cannot be translated.
    """

    def __init__(
        self,
        code: str,
        message: str | LazyText,
        *,
        path: tuple[str, ...] = (),
        params: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.text = message
        self.path = path
        self.params = dict(params or {})

    @property
    def message(self) -> str:
        """What to do, in the language that is active now."""
        return self.text if isinstance(self.text, str) else str(self.text % self.params)

    @property
    def all(self) -> tuple[DomainError, ...]:
        """Every failure that this one tells of: itself."""
        return (self,)

    def at(self, *path: str) -> DomainError:
        """The same failure where the caller sees it: at another place of the input."""
        return DomainError(self.code, self.text, path=path, params=self.params)

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r}, {self.message!r}, path={self.path!r})"


class SeveralFieldsError(DomainError):
    """Several fields of one input are at fault. Whoever shows one failure shows the first; `all` has every one of them."""

    def __init__(self, failures: Sequence[DomainError]) -> None:
        first = failures[0]
        super().__init__(first.code, first.text, path=first.path, params=first.params)
        self._all = tuple(failures)

    @property
    def all(self) -> tuple[DomainError, ...]:
        return self._all
