"""The names of schemas, the base URI of references, and the draft that each schema declares."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, unquote_to_bytes, urldefrag, urljoin, urlsplit

from mqbind.load.document import dialects
from mqbind.load.document.dialects import (
    JOINS,
    SCHEMA_LISTS,
    SCHEMA_TABLES,
    SINGLE_SCHEMAS,
    Dialect,
)
from mqbind.load.document.nodes import ArrayNode, Document, Node, ObjectNode, ScalarNode

_T = TypeVar("_T")

_DATA = frozenset(("const", "default", "enum", "examples"))
"""Keywords whose values are no schemas, whatever they look like."""
_STATED = ("schema", "payload")
"""What a `schemaFormat` next to it is about, in AsyncAPI 3 and in AsyncAPI 2."""
_ANCHORS = ("$anchor", "$dynamicAnchor")
_TEXTS = ("$ref", "$schema", "$anchor", "type")
_LISTS = (*JOINS, "required", "type", "enum")
_TABLES = ("properties", "definitions", "$defs")


@dataclass(frozen=True, kw_only=True)
class Declared:
    """The draft that applies at a place. `custom` is a `$schema` that names no draft; `dialect` is
    then the newest one."""

    dialect: Dialect
    custom: ScalarNode | None = None


_DEFAULT = Declared(dialect=dialects.DRAFT_07)


@dataclass(frozen=True, kw_only=True)
class _Place:
    """A node, with what the surroundings say. `schema`: it is known to be a schema."""

    node: Node
    base: str
    dialect: Dialect
    schema: bool


@dataclass(kw_only=True)
class _File:
    """What a file says, by the pointer from which it holds."""

    bases: dict[str, str]
    declared: dict[str, Declared]


@dataclass
class SchemaIds:
    """Every schema that has a URI of its own, and every draft."""

    _by_uri: dict[str, Node] = field(default_factory=dict)
    _files: dict[str, _File] = field(default_factory=dict)
    _dynamic: dict[str, set[str]] = field(default_factory=dict)
    """The URIs of the dynamic anchors with the same name."""

    def add(self, root: Node, uri: str | None, dialect: Dialect) -> None:
        """Register the schemas of a file; `uri` is the URI by which it was requested, if any, and
        `dialect` the draft of those that declare none."""
        base = uri or file_uri(root.document)
        file = _File(bases={"": base}, declared={"": Declared(dialect=dialect)})
        self._files[root.document.name] = file
        self._by_uri.setdefault(base, root)
        is_schema = dialect != dialects.DRAFT_07
        pending = [_Place(node=root, base=base, dialect=dialect, schema=is_schema)]
        while pending:
            pending += reversed(list(self._visit(pending.pop(), file)))

    def base(self, node: Node) -> str:
        """The base URI of the references in `node`."""
        return _above(node.pointer, self._files[node.document.name].bases)

    def declared(self, node: Node) -> Declared:
        """The draft that applies to `node`, if it is a schema."""
        return _above(node.pointer, self._files[node.document.name].declared)

    def is_plain(self, document: Document) -> bool:
        """Whether all schemas of the file are draft-07."""
        file = self._files.get(document.name)
        return file is None or all(each == _DEFAULT for each in file.declared.values())

    def find(self, uri: str) -> Node | None:
        return self._by_uri.get(uri)

    def is_dynamic(self, uri: str) -> bool:
        """Whether it depends on the way to a reference what an anchor means to it."""
        others = self._dynamic.get(urldefrag(uri).fragment, ())
        return uri in others and len(others) > 1

    def _visit(self, place: _Place, file: _File) -> Iterator[_Place]:
        """Register a node; what is in it comes next."""
        node = place.node
        if isinstance(node, ArrayNode):
            for item in node.items:
                yield _Place(node=item, base=place.base, dialect=place.dialect, schema=place.schema)
        elif isinstance(node, ObjectNode):
            if place.schema or _looks_like_schema(node, place.dialect):
                yield from self._visit_schema(node, place, file)
            else:
                yield from _in_other(node, place, file)

    def _visit_schema(self, node: ObjectNode, place: _Place, file: _File) -> Iterator[_Place]:
        dialect = place.dialect
        named = node.get("$schema")
        if isinstance(named, ScalarNode) and isinstance(named.value, str):
            found = dialects.of_uri(named.value)
            dialect = found or dialects.DRAFT_2020_12
            custom = named if found is None else None
            file.declared[node.pointer] = Declared(dialect=dialect, custom=custom)
        base = self._name(node, place.base, dialect, file)
        for inner in _schemas_in(node, dialect):
            yield _Place(node=inner, base=base, dialect=dialect, schema=True)

    def _name(self, node: ObjectNode, base: str, dialect: Dialect, file: _File) -> str:
        """Register the names of a schema; the base URI in it."""
        name = _identifier(node, base, dialect)
        if name is not None:
            self._by_uri.setdefault(name, node)
            if "#" not in name:
                base = file.bases[node.pointer] = name
        for key in _ANCHORS:
            anchor = node.text(key) if key in dialect.keywords else None
            if anchor is not None:
                self._by_uri.setdefault(f"{base}#{anchor}", node)
                if key == "$dynamicAnchor":
                    self._dynamic.setdefault(anchor, set()).add(f"{base}#{anchor}")
        if node.flag("$recursiveAnchor") and node.pointer in file.bases:
            self._dynamic.setdefault("", set()).add(f"{base}#")
        return base


def file_uri(document: Document) -> str:
    """The location of a file, as a URI."""
    return f"file://{quote(os.fsencode(Path(document.path).absolute().as_posix()))}"


def local_path(uri: str) -> str | None:
    """The local path of a `file:` URI."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    return os.fsdecode(unquote_to_bytes(parts.path))


def _above(pointer: str, found: Mapping[str, _T]) -> _T:
    """What holds from the nearest place above `pointer`."""
    while pointer not in found:
        pointer = pointer.rpartition("/")[0]
    return found[pointer]


def _looks_like_schema(node: ObjectNode, dialect: Dialect) -> bool:
    """Whether an object is surely a schema; then all that it contains is known."""
    return (
        any(node.text(key) is not None for key in (dialect.identifier, *_TEXTS))
        or any(isinstance(node.get(key), ArrayNode) for key in _LISTS)
        or any(isinstance(node.get(key), ObjectNode) for key in _TABLES)
    )


def _schemas_in(node: ObjectNode, dialect: Dialect) -> Iterator[Node]:
    """The schemas in a schema. Any other key is unknown, and its value is data."""
    for key, entry in node.entries.items():
        value = entry.value
        if key not in dialect.keywords and key not in ("definitions", "$defs"):
            continue
        if isinstance(value, ArrayNode) and key in SCHEMA_LISTS:
            yield from value.items
        elif isinstance(value, ObjectNode) and key in SCHEMA_TABLES:
            yield from (inner.value for inner in value.entries.values())
        elif isinstance(value, ObjectNode) and key in SINGLE_SCHEMAS:
            yield value


def _in_other(node: ObjectNode, place: _Place, file: _File) -> Iterator[_Place]:
    """What is in an object that may contain schemas."""
    named = node.text("schemaFormat")
    found = None if named is None else dialects.of_format(named)
    for key, entry in node.entries.items():
        if key in _DATA:
            continue
        dialect = place.dialect
        if key in _STATED and found is not None:
            dialect = found
            file.declared[entry.value.pointer] = Declared(dialect=found)
        yield _Place(node=entry.value, base=place.base, dialect=dialect, schema=False)


def _identifier(node: ObjectNode, base: str, dialect: Dialect) -> str | None:
    """The `$id` of a schema, if that is a URI. In older drafts, a `$ref` hides one next to it."""
    hidden = "$ref" in node and not dialect.joins_references
    identifier = None if hidden else node.text(dialect.identifier)
    if identifier is None:
        return None
    try:
        # A URN can have a fragment, although it has no path.
        whole = base + identifier if identifier.startswith("#") else urljoin(base, identifier)
        return urldefrag(whole).geturl()
    except ValueError:
        return None
