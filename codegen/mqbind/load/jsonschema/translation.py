"""Schemas of every draft in one vocabulary: draft-07 with the keywords of `ADDED`, which have the
meaning of 2020-12. Whatever reads schemas later knows no drafts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mqbind.load.document import dialects
from mqbind.load.document.dialects import (
    DIALECTS,
    SCHEMA_LISTS,
    SCHEMA_TABLES,
    SINGLE_SCHEMAS,
    Dialect,
)
from mqbind.load.document.nodes import ArrayNode, Entry, Node, ObjectNode, ScalarNode
from mqbind.load.document.references import References
from mqbind.load.document.rewriting import with_entries, with_list
from mqbind.load.jsonschema.vocabularies import Vocabularies

PLAIN_INTEGER = "plainInteger"
"""Integers have no fraction and no exponent: in draft-04, 1.0 is none."""
ADDED = frozenset(
    ("minContains", "maxContains", "unevaluatedItems", "unevaluatedProperties", PLAIN_INTEGER)
)
_EVERY = frozenset[str]().union(*(each.keywords for each in DIALECTS), ADDED)
_APPLIED_IN_PLACE = (
    "$ref", "$dynamicRef", "$recursiveRef", "allOf", "anyOf", "oneOf", "if", "dependencies",
)  # fmt: skip
REFERENCES = ("$ref", "$recursiveRef", "$dynamicRef")

Entries = dict[str, Entry]


class Translation:
    """Translates each schema once. A schema of a file that is all in draft-07 stays what it is."""

    def __init__(self, references: References, vocabularies: Vocabularies) -> None:
        self._references = references
        self._vocabularies = vocabularies
        self._found: dict[Node, Node] = {}
        self._written: dict[Node, ObjectNode] = {}
        self._dialects: dict[Node, Dialect] = {}
        self.dynamic: list[tuple[ObjectNode, str]] = []
        """Schemas with a `$recursiveRef` or `$dynamicRef`, read like a `$ref`."""

    def of(self, node: Node) -> Node:
        """The schema `node` in the one vocabulary."""
        if not isinstance(node, ObjectNode) or node in self._written:
            return node
        if node not in self._found:
            self._found[node] = self._of_file(node)
        return self._found[node]

    def written(self, node: ObjectNode) -> ObjectNode:
        """A translated schema as it is written in the file."""
        return self._written.get(node, node)

    def dialect(self, node: ObjectNode) -> Dialect:
        """The draft that a translated schema is written in."""
        return self._dialects.get(node, dialects.DRAFT_07)

    def adopt(self, node: ObjectNode) -> ObjectNode:
        """`node`, which was made of translated schemas."""
        self._written[node] = node
        return node

    def _of_file(self, node: ObjectNode) -> Node:
        if not self._references.is_plain(node.document):
            return self._translated(node, self._declared(node))
        if node.entries.keys().isdisjoint(ADDED):
            return node
        known = {key: entry for key, entry in node.entries.items() if key not in ADDED}
        return self._keep(node, replace(node, entries=known), dialects.DRAFT_07)

    def _declared(self, node: ObjectNode) -> Dialect:
        declared = self._references.declared(node)
        if declared.custom is None:
            return declared.dialect
        return self._vocabularies.of(declared.custom)

    def _keep(self, node: ObjectNode, its: ObjectNode, dialect: Dialect) -> ObjectNode:
        self._found[node] = its
        self._written[its] = node
        self._dialects[its] = dialect
        return its

    def _translated(self, node: ObjectNode, dialect: Dialect) -> Node:
        if dialect.is_reference(node):
            return self._keep(node, node, dialect)
        foreign = _EVERY - dialect.keywords
        entries = {
            key: self._entry(key, entry, dialect)
            for key, entry in node.entries.items()
            if key not in foreign
        }
        self.dynamic += [(node, key) for key in dialect.dynamic_references if key in node]
        for rewrite in _REWRITES[dialect.name]:
            rewrite(node, entries)
        return self._keep(node, replace(node, entries=entries), dialect)

    def _entry(self, key: str, entry: Entry, dialect: Dialect) -> Entry:
        value = entry.value
        match value:
            case ObjectNode() if key in SCHEMA_TABLES:
                inner = {
                    name: Entry(location=each.location, value=self._inner(each.value, dialect))
                    for name, each in value.entries.items()
                }
                return Entry(location=entry.location, value=replace(value, entries=inner))
            case ObjectNode() if key in SINGLE_SCHEMAS:
                return Entry(location=entry.location, value=self._inner(value, dialect))
            case ArrayNode() if key in SCHEMA_LISTS:
                items = tuple(self._inner(item, dialect) for item in value.items)
                return Entry(location=entry.location, value=replace(value, items=items))
            case _:
                return entry

    def _inner(self, node: Node, dialect: Dialect) -> Node:
        if not isinstance(node, ObjectNode) or node in self._written:
            return node
        if node not in self._found:
            own = self._declared(node) if "$schema" in node else dialect
            self._found[node] = self._translated(node, own)
        return self._found[node]


def _exclusive_bounds(_: ObjectNode, entries: Entries) -> None:
    """Draft-04: `exclusiveMinimum` is a flag that says how `minimum` is meant."""
    for exclusive, bound in (
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ):
        flag = entries.pop(exclusive, None)
        if flag is not None and bound in entries and _is(flag.value, True):
            entries[exclusive] = entries.pop(bound)


def _plain_integers(node: ObjectNode, entries: Entries) -> None:
    """Draft-04: an integer is written without a fraction."""
    words = node.words("type")
    if "integer" in words and "number" not in words:
        entries[PLAIN_INTEGER] = entries["type"]


def _tuples(_: ObjectNode, entries: Entries) -> None:
    """2020-12: `prefixItems` is the list, and `items` is about what comes after it."""
    if "prefixItems" not in entries:
        return
    first = entries.pop("prefixItems")
    rest = entries.pop("items", None)
    entries["items"] = first
    if rest is not None:
        entries["additionalItems"] = rest


def _dependencies(_: ObjectNode, entries: Entries) -> None:
    """`dependentRequired` and `dependentSchemas` are the halves of `dependencies`."""
    parts = [
        entries.pop(key)
        for key in ("dependencies", "dependentRequired", "dependentSchemas")
        if key in entries
    ]
    tables = [part.value for part in parts if isinstance(part.value, ObjectNode)]
    if not tables:
        return
    together: Entries = {}
    for table in tables:
        for name, entry in table.entries.items():
            together[name] = _both(together[name], entry) if name in together else entry
    joined = replace(tables[0], entries=together)
    entries["dependencies"] = Entry(location=parts[0].location, value=joined)


def _both(one: Entry, other: Entry) -> Entry:
    """A schema for two dependencies of the same member."""
    schemas = tuple(_as_schema(each.value) for each in (one, other))
    place = one.value
    both = with_list("allOf", schemas, place, "/allOf", place.location)
    return Entry(location=one.location, value=both)


def _as_schema(node: Node) -> Node:
    if not isinstance(node, ArrayNode):
        return node
    return with_entries(node, {"required": Entry(location=node.location, value=node)})


def _references(node: ObjectNode, entries: Entries) -> None:
    """A reference with others next to it is one of those that all hold."""
    found = {key: entries.pop(key) for key in REFERENCES if key in entries}
    if not found:
        return
    references = [
        replace(with_entries(node, {"$ref": entry}, f"/{key}"), location=entry.location)
        for key, entry in found.items()
    ]
    others = entries.get("allOf")
    items = others.value.items if others and isinstance(others.value, ArrayNode) else ()
    location = references[0].location
    whole = with_list("allOf", (*references, *items), node, "/allOf", location)
    entries["allOf"] = whole.entries["allOf"]


def _unevaluated(_: ObjectNode, entries: Entries) -> None:
    """Without schemas that apply to the same value, what is not evaluated is what is additional."""
    if any(key in entries for key in _APPLIED_IN_PLACE):
        return
    if "unevaluatedProperties" in entries:
        rest = entries.pop("unevaluatedProperties")
        entries.setdefault("additionalProperties", rest)
    items = entries.get("items")
    if "unevaluatedItems" not in entries or "contains" in entries:
        return
    rest = entries.pop("unevaluatedItems")
    if items is None:
        entries["items"] = rest
    elif isinstance(items.value, ArrayNode):
        entries.setdefault("additionalItems", rest)


def _is(node: Node, value: object) -> bool:
    return isinstance(node, ScalarNode) and node.value is value


_REWRITES: dict[str, tuple[Callable[[ObjectNode, Entries], None], ...]] = {
    "draft-04": (_exclusive_bounds, _plain_integers),
    "draft-06": (),
    "draft-07": (),
    "2019-09": (_dependencies, _unevaluated, _references),
    "2020-12": (_tuples, _dependencies, _unevaluated, _references),
}
"""What each draft says differently."""
