"""A document as a tree of nodes, each with its location."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from mqbind.diagnostics import Location

Value: TypeAlias = str | int | Decimal | bool | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A file. `name` is its path relative to the first file's directory, `path` the path as the
    user writes it."""

    name: str
    path: str


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ScalarNode:
    """A string, number, boolean or null."""

    document: Document
    pointer: str
    location: Location
    value: Value


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ArrayNode:
    """A list."""

    document: Document
    pointer: str
    location: Location
    items: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Entry:
    """A member of an object; `location` is that of its key."""

    location: Location
    value: Node


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ObjectNode:
    """An object. The getters return None both for an absent value and for one of another kind,
    which has already been reported."""

    document: Document
    pointer: str
    location: Location
    entries: Mapping[str, Entry]

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def get(self, key: str) -> Node | None:
        entry = self.entries.get(key)
        return None if entry is None else entry.value

    def text(self, key: str) -> str | None:
        node = self.get(key)
        if isinstance(node, ScalarNode) and isinstance(node.value, str):
            return node.value
        return None

    def flag(self, key: str) -> bool:
        node = self.get(key)
        return isinstance(node, ScalarNode) and node.value is True

    def items(self, key: str) -> tuple[Node, ...]:
        node = self.get(key)
        return node.items if isinstance(node, ArrayNode) else ()

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(
            item.value
            for item in self.items(key)
            if isinstance(item, ScalarNode) and isinstance(item.value, str)
        )

    def words(self, key: str) -> tuple[str, ...]:
        """The string under `key`, or the strings of a list there."""
        text = self.text(key)
        return self.texts(key) if text is None else (text,)

    def members(self, key: str) -> Iterator[tuple[str, Entry]]:
        node = self.get(key)
        if isinstance(node, ObjectNode):
            yield from node.entries.items()

    def key_location(self, key: str) -> Location:
        """The location of `key`, or of the object itself if it has no such key."""
        entry = self.entries.get(key)
        return self.location if entry is None else entry.location


Node: TypeAlias = ScalarNode | ArrayNode | ObjectNode


def key_of(node: Node) -> str:
    """The one name of a place, the same on every machine."""
    return f"{node.document.name}#{node.pointer}"


def escape(segment: str) -> str:
    """`segment` as written in a JSON pointer."""
    return segment.replace("~", "~0").replace("/", "~1")


def unescape(segment: str) -> str:
    return segment.replace("~1", "/").replace("~0", "~")


def segments(pointer: str) -> list[str]:
    """The steps of a JSON pointer."""
    return [unescape(segment) for segment in pointer.split("/")[1:]]


def integral(value: Value) -> int | None:
    """The number as an integer, if it is one for JSON Schema: 1.0 is."""
    match value:
        case bool():
            return None
        case int():
            return value
        case Decimal():
            numerator, denominator = value.as_integer_ratio()
            return numerator if denominator == 1 else None
        case _:
            return None


def plain(node: Node) -> object:
    """Plain data. Numbers written with a point or an exponent become floats."""
    match node:
        case ScalarNode(value=Decimal() as number):
            return float(number)
        case ScalarNode():
            return node.value
        case ArrayNode():
            return [plain(item) for item in node.items]
        case ObjectNode():
            return {key: plain(entry.value) for key, entry in node.entries.items()}


def exact(node: Node) -> object:
    """Plain data with exact numbers: int and Decimal."""
    match node:
        case ScalarNode():
            return node.value
        case ArrayNode():
            return [exact(item) for item in node.items]
        case ObjectNode():
            return {key: exact(entry.value) for key, entry in node.entries.items()}


def json_text(node: Node) -> str:
    """Compact JSON, numbers as written."""
    match node:
        case ScalarNode(value=Decimal() as number):
            return str(number)
        case ScalarNode():
            return json.dumps(node.value, ensure_ascii=False)
        case ArrayNode():
            return f"[{','.join(json_text(item) for item in node.items)}]"
        case ObjectNode():
            members = (
                f"{json.dumps(key, ensure_ascii=False)}:{json_text(entry.value)}"
                for key, entry in node.entries.items()
            )
            return f"{{{','.join(members)}}}"


def values_in(root: Node) -> Iterator[Node]:
    """The value itself and all that it contains."""
    pending = [root]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, ArrayNode):
            pending += node.items
        elif isinstance(node, ObjectNode):
            pending += [entry.value for entry in node.entries.values()]


def text_length(node: Node) -> int:
    """The characters of a string; 0 for every other value."""
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        return len(node.value)
    return 0


def descend(node: Node, path: list[str | int]) -> Node:
    """The node at `path`, or the last existing one on the way."""
    for step in path:
        inner: Node | None = None
        if isinstance(node, ObjectNode):
            inner = node.get(str(step))
        elif isinstance(node, ArrayNode) and isinstance(step, int) and step < len(node.items):
            inner = node.items[step]
        if inner is None:
            return node
        node = inner
    return node
