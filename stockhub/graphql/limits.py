"""How large a request may be. Measured before validation, in time linear in the document.

| what | limit |
|---|---|
| body | 2 MiB, one JSON object, no batches |
| tokens | 5,000 |
| open braces, brackets and parentheses | 64 |
| depth of fields | 15 |
| fields at the root | 30 |
| aliases | 30 |
| fields, fragments spelt out | 1,000 |
| the same field again in one selection | 20 |
| directives | 50 |
| operations in a document | 10 |

The limiters that come with Strawberry follow every spread of a fragment anew, so twenty-five fragments that each spread the next one twice
keep them busy for hours. Here a fragment is measured once and its measure is used again. Validation compares equal fields pair by pair,
which is why their number has a limit of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext, gettext_noop
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Source,
    parse,
)
from graphql.language import Lexer, TokenKind
from strawberry.extensions import SchemaExtension

from stockhub.graphql.errors import RefusedError

MAX_TOKENS = 5_000
MAX_NESTING = 64
MAX_DEPTH = 15
MAX_ROOT_FIELDS = 30
MAX_ALIASES = 30
MAX_FIELDS = 1_000
MAX_REPEATS = 20
MAX_DIRECTIVES = 50
MAX_OPERATIONS = 10
#: Reached only by fragments in fragments; keeps the numbers small.
_CEILING = 1_000_000

_OPENING = {TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L}
_CLOSING = {TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R}
_TEXT = {TokenKind.STRING, TokenKind.BLOCK_STRING}


def too_much(what: str, found: int | None, allowed: int) -> RefusedError:
    """`what` is what is counted, as it is marked for translation; `found` is None where it was not counted to the end."""
    named = {"found": found, "what": gettext(what), "allowed": allowed}
    if found is None:
        text = gettext("The request has more than the %(allowed)d %(what)s that are allowed. Split it or use fewer.")
    else:
        text = gettext("The request has %(found)d %(what)s; %(allowed)d are allowed. Split it or use fewer.")
    return RefusedError("LIMIT_EXCEEDED", text % named, limit=allowed)


def storable(text: str) -> bool:
    """Whether both databases can hold the text: no NUL, no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def scan(query: str) -> None:
    """Counts tokens and nesting without building anything."""
    lexer = Lexer(Source(query))
    tokens = nesting = directives = 0
    while (token := lexer.advance()).kind is not TokenKind.EOF:
        tokens += 1
        if tokens > MAX_TOKENS:
            raise too_much(gettext_noop("lexical tokens"), None, MAX_TOKENS)
        if token.kind in _OPENING:
            nesting += 1
            if nesting > MAX_NESTING:
                raise too_much(gettext_noop("levels of braces and brackets"), None, MAX_NESTING)
        elif token.kind in _CLOSING:
            nesting -= 1
        elif token.kind is TokenKind.AT:
            directives += 1
            if directives > MAX_DIRECTIVES:
                raise too_much(gettext_noop("directives"), None, MAX_DIRECTIVES)
        elif token.kind in _TEXT and not storable(token.value or ""):
            raise RefusedError("BAD_USER_INPUT", gettext("A string contains NUL or half of a surrogate pair, which cannot be stored."))


@dataclass(frozen=True, slots=True)
class Size:
    """A selection with its fragments spelt out: fields at its top, fields in all, aliases in all, levels."""

    top: int = 0
    fields: int = 0
    aliases: int = 0
    depth: int = 0

    def beside(self, other: Size) -> Size:
        return Size(
            min(self.top + other.top, _CEILING),
            min(self.fields + other.fields, _CEILING),
            min(self.aliases + other.aliases, _CEILING),
            max(self.depth, other.depth),
        )


class Measure:
    """Sizes of the selections of one document, each fragment once."""

    def __init__(self, document: DocumentNode) -> None:
        self.fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self._known: dict[str, Size] = {}
        self._open: set[str] = set()

    def of(self, selection_set: SelectionSetNode | None) -> Size:
        size = Size()
        for selection in selection_set.selections if selection_set else ():
            if isinstance(selection, FieldNode):
                inner = self.of(selection.selection_set)
                size = size.beside(Size(1, 1 + inner.fields, bool(selection.alias) + inner.aliases, 1 + inner.depth))
            elif isinstance(selection, InlineFragmentNode):
                size = size.beside(self.of(selection.selection_set))
            elif isinstance(selection, FragmentSpreadNode):
                size = size.beside(self._of_fragment(selection.name.value))
        return size

    def _of_fragment(self, name: str) -> Size:
        if name in self._open:
            raise RefusedError("GRAPHQL_VALIDATION_FAILED", gettext("The fragment %(name)r spreads itself.") % {"name": name})
        if name not in self._known:
            self._open.add(name)
            fragment = self.fragments.get(name)
            self._known[name] = self.of(fragment.selection_set) if fragment else Size()
            self._open.discard(name)
        return self._known[name]

    def fields(self, selection_set: SelectionSetNode, *, spreading: bool) -> Iterator[FieldNode]:
        """The fields of one level. Follows spreads only where `of` has shown that they lead to few."""
        for selection in selection_set.selections:
            if isinstance(selection, FieldNode):
                yield selection
            elif isinstance(selection, InlineFragmentNode):
                yield from self.fields(selection.selection_set, spreading=spreading)
            elif spreading and isinstance(selection, FragmentSpreadNode) and (fragment := self.fragments.get(selection.name.value)):
                yield from self.fields(fragment.selection_set, spreading=True)

    def repeats(self, selection_set: SelectionSetNode, *, spreading: bool) -> int:
        """The largest number of times that one level asks for the same response key."""
        worst, waiting = 0, [selection_set]
        while waiting:
            nodes = list(self.fields(waiting.pop(), spreading=spreading))
            worst = max(worst, *Counter((n.alias or n.name).value for n in nodes).values(), 0)
            waiting += [n.selection_set for n in nodes if n.selection_set]
        return worst


def check(document: DocumentNode) -> None:
    """Refuses a document that is too large, however its size is hidden in fragments."""
    measure = Measure(document)
    definitions = [d for d in document.definitions if isinstance(d, OperationDefinitionNode | FragmentDefinitionNode)]
    operations = sum(isinstance(d, OperationDefinitionNode) for d in definitions)
    if operations > MAX_OPERATIONS:
        raise too_much(gettext_noop("operations"), operations, MAX_OPERATIONS)
    for definition in definitions:
        size = measure.of(definition.selection_set)
        for what, found, allowed in (
            (gettext_noop("fields at the root"), size.top if isinstance(definition, OperationDefinitionNode) else 0, MAX_ROOT_FIELDS),
            (gettext_noop("levels of fields"), size.depth, MAX_DEPTH),
            (gettext_noop("aliases"), size.aliases, MAX_ALIASES),
            (gettext_noop("fields"), size.fields, MAX_FIELDS),
        ):
            if found > allowed:
                raise too_much(what, found if found < _CEILING else None, allowed)
    for definition in definitions:
        found = measure.repeats(definition.selection_set, spreading=isinstance(definition, OperationDefinitionNode))
        if found > MAX_REPEATS:
            raise too_much(gettext_noop("repetitions of one field"), found, MAX_REPEATS)


@lru_cache(maxsize=256)
def parsed(query: str) -> DocumentNode:
    """The checked document of a query text."""
    scan(query)
    document = parse(query, no_location=False)
    check(document)
    return document


class Limits(SchemaExtension):
    """Parses within the limits, before Strawberry would parse without them."""

    def on_parse(self) -> Iterator[None]:
        context = self.execution_context
        context.graphql_document = document = parsed(context.query or "")
        named = context._provided_operation_name  # noqa: SLF001 - the public name takes the first operation where none is named
        if named is None and sum(isinstance(d, OperationDefinitionNode) for d in document.definitions) > 1:
            raise RefusedError("BAD_REQUEST", gettext("The document has several operations: name one of them in operationName."))
        yield
