"""Objects in another shape: each value that is kept, moved or made up has the place of what was
written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mqbind.diagnostics import Location
from mqbind.load.document.nodes import ArrayNode, Entry, Node, ObjectNode, ScalarNode, Value
from mqbind.load.document.object_specs import ObjectSpec


def kept(node: ObjectNode, spec: ObjectSpec) -> dict[str, Entry]:
    """The fields that `spec` has as well, and extension keys."""
    return {
        key: entry
        for key, entry in node.entries.items()
        if key in spec.fields or key.startswith("x-")
    }


def with_entries(node: Node, entries: Mapping[str, Entry], pointer: str = "") -> ObjectNode:
    """An object with these entries, in the place of `node`, or of what is at `pointer` in it."""
    return ObjectNode(
        document=node.document,
        pointer=node.pointer + pointer,
        location=node.location,
        entries=entries,
    )


def with_list(
    key: str, items: Iterable[Node], owner: Node, pointer: str, location: Location
) -> ObjectNode:
    """An object with one list, which has the same place: at `pointer` in `owner`."""
    whole = replace(with_entries(owner, {}, pointer), location=location)
    return replace(whole, entries={key: array(Entry(location=location, value=whole), items)})


def scalar(at: Entry, value: Value) -> Entry:
    """The value, made from what is at `at`."""
    node = at.value
    made = ScalarNode(
        document=node.document, pointer=node.pointer, location=node.location, value=value
    )
    return Entry(location=at.location, value=made)


def key_scalar(at: Entry, key: str) -> Entry:
    """The key of `at` as a value."""
    node = at.value
    made = ScalarNode(document=node.document, pointer=node.pointer, location=at.location, value=key)
    return Entry(location=at.location, value=made)


def array(at: Entry, items: Iterable[Node]) -> Entry:
    """A list of nodes, made from what is at `at`."""
    node = at.value
    made = ArrayNode(
        document=node.document, pointer=node.pointer, location=node.location, items=tuple(items)
    )
    return Entry(location=at.location, value=made)
