"""The place of a schema, from which C names are made."""

from __future__ import annotations

from dataclasses import dataclass

from mqbind.load.document.dialects import SCHEMA_LISTS, SINGLE_SCHEMAS
from mqbind.load.document.nodes import Node, ObjectNode, segments

_NO_NAMES = frozenset({"payload", "schema", "items"})

_WRAPPED = "schema"
"""Where the schema is beside a `schemaFormat`."""
_TABLES = (["schemas"], ["definitions"], ["$defs"])
_PARTS = frozenset({"payload", "headers", *SINGLE_SCHEMAS})
_SETS_OF_PARTS = frozenset(
    {"properties", "patternProperties", "dependencies", "dependentSchemas", *SCHEMA_LISTS}
)


@dataclass(frozen=True, kw_only=True)
class TypeHint:
    """The words for naming a type; `member`: the schema is under `properties`, where
    `x-mqbind-name` names the member and not the type."""

    hint: str
    member: bool = False

    def name(self, node: ObjectNode) -> str | None:
        """The author's name for the type."""
        return None if self.member else node.text("x-mqbind-name")

    def inner(self, word: str, *, member: bool = False) -> TypeHint:
        return TypeHint(hint=f"{self.hint} {word}", member=member)


def referenced(node: Node) -> TypeHint:
    """The hint for the target of a reference: the last meaningful word of the path."""
    words = [word for word in segments(node.pointer) if word not in _NO_NAMES]
    return TypeHint(hint=words[-1] if words else _stem(node))


def is_reference(node: Node) -> bool:
    """Whether `node` only refers to a schema with a name of its own."""
    return isinstance(node, ObjectNode) and "$ref" in node


def is_named(node: Node) -> bool:
    """Whether a schema has a name of its own: it is in a table of schemas, or a whole file, and not
    a part of another schema or of a message."""
    words = segments(node.pointer)
    if words[-1:] == [_WRAPPED]:
        words.pop()
    if words[-2:-1] in _TABLES:
        return True
    return not (set(words[-1:]) & _PARTS or set(words[-2:-1]) & _SETS_OF_PARTS)


def last_word(node: Node) -> str:
    """The key of `node`, or the name of a file that consists of it."""
    return segments(node.pointer)[-1] if node.pointer else _stem(node)


def _stem(node: Node) -> str:
    return node.document.name.rpartition("/")[2].partition(".")[0]
