"""`$ref`: from a reference to the node it names, in this file or another."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from urllib.parse import unquote, urljoin

from mqbind.diagnostics import Diagnostics, Location
from mqbind.load.document import dialects, suggestions
from mqbind.load.document.dialects import Dialect
from mqbind.load.document.files import Files
from mqbind.load.document.nodes import (
    ArrayNode,
    Document,
    Node,
    ObjectNode,
    ScalarNode,
    segments,
)
from mqbind.load.document.schema_ids import Declared, SchemaIds, local_path
from mqbind.rules import Rule

_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
_THROUGH_MAX = 32
_BESIDE = ("$ref", "$schema", "$comment", "definitions")
"""What says nothing about the value that a reference stands for."""


class References:
    """Follows references. Nodes are unique, so a target is known by its identity."""

    def __init__(self, library: Files, diagnostics: Diagnostics) -> None:
        self._library = library
        self._diagnostics = diagnostics
        self._roots: dict[str, Node] = {}
        self._identifiers = SchemaIds()
        self._targets: dict[Node, Node | None] = {}
        self._ends: dict[Node, Node | None] = {}
        self._underway: set[Node] = set()

    def enter(self, root: Node) -> None:
        """Make the first file known."""
        self._add(root, None, dialects.DRAFT_07)

    def _add(self, root: Node, uri: str | None, dialect: Dialect) -> Node:
        if root.document.name not in self._roots:
            self._roots[root.document.name] = root
            is_document = isinstance(root, ObjectNode) and "asyncapi" in root
            self._identifiers.add(root, uri, dialects.DRAFT_07 if is_document else dialect)
        return root

    def is_plain(self, document: Document) -> bool:
        """Whether all schemas of the file are draft-07."""
        return self._identifiers.is_plain(document)

    def declared(self, node: Node) -> Declared:
        """The draft that applies to `node`, if it is a schema."""
        return self._identifiers.declared(node)

    def is_reference(self, node: Node) -> bool:
        """Whether `node` stands for the target of its `$ref`."""
        if not isinstance(node, ObjectNode) or "$ref" not in node:
            return False
        return self.is_plain(node.document) or self.declared(node).dialect.is_reference(node)

    def is_dynamic(self, node: ObjectNode, key: str) -> bool:
        """Whether the target of the reference under `key` depends on how `node` is reached."""
        path, _, fragment = (node.text(key) or "").partition("#")
        base = self._identifiers.base(node)
        try:
            uri = urljoin(base, path) if path else base
        except ValueError:
            return False
        return self._identifiers.is_dynamic(f"{uri}#{fragment}")

    def known_place(self, uri: str, node: Node) -> Node | None:
        """What is at a URI without leaving the machine, if that is known."""
        found = self._identifiers.find(uri)
        if found is None and self._library.is_provided(uri):
            root = self._library.open_remote(uri, node.location)
            found = None if root is None else self._add(root, uri, dialects.DRAFT_07)
        return found

    def follow(self, node: Node) -> Node | None:
        """`node` itself, or the final target of its `$ref`; None after an error."""
        passed: dict[Node, None] = {}
        end: Node | None = node
        while isinstance(end, ObjectNode) and self.is_reference(end):
            if end in self._ends:
                end = self._ends[end]
                break
            passed[end] = None
            end = self._next(end, passed)
        self._ends.update(dict.fromkeys(passed, end))
        return end

    def followed(self) -> Mapping[Node, Node | None]:
        """What each reference that was followed refers to, or None after an error."""
        return self._targets

    def known(self, node: ObjectNode) -> Node | None:
        """The final target of the reference `node`, if it has been followed."""
        return self._ends.get(node)

    def chain(self, node: Node) -> list[Node]:
        """`node`, what it refers to, what that refers to, ...; empty after an error."""
        passed: dict[Node, None] = {node: None}
        while isinstance(node, ObjectNode) and self.is_reference(node):
            target = self._next(node, passed)
            if target is None:
                return []
            passed[target] = None
            node = target
        return list(passed)

    def _next(self, node: ObjectNode, passed: Collection[Node]) -> Node | None:
        """What `node` refers to, unless that has been visited already."""
        target = self._target(node)
        if target in passed:
            self._report_circle(node)
            return None
        return target

    def _target(self, node: ObjectNode) -> Node | None:
        if node in self._targets:
            return self._targets[node]
        if node in self._underway or len(self._underway) > _THROUGH_MAX:
            self._report_circle(node)
            return None
        self._underway.add(node)
        self._targets[node] = self._resolve_node(node)
        self._underway.remove(node)
        return self._targets[node]

    def _report_circle(self, node: ObjectNode) -> None:
        self._diagnostics.error(
            Rule.CIRCULAR_REFERENCE,
            node.key_location("$ref"),
            "circular reference",
            "make one of the references in the circle point to a definition",
        )

    def _resolve_node(self, node: ObjectNode) -> Node | None:
        reference = node.text("$ref")
        if reference is None:
            self._diagnostics.error(
                Rule.INVALID_REFERENCE,
                node.key_location("$ref"),
                "`$ref` must be a string",
                "write '#/...' or 'file.yaml#/...'",
            )
            return None
        self._warn_siblings(node)
        entry = node.entries["$ref"]
        return self._resolve(reference, node, entry.value.location)

    def _warn_siblings(self, node: ObjectNode) -> None:
        joins = not self.is_plain(node.document) and self.declared(node).dialect.joins_references
        beside = [key for key in node.entries if key not in _BESIDE]
        if beside and not joins:
            self._diagnostics.warning(
                Rule.REFERENCE_SIBLINGS,
                node.key_location(beside[0]),
                f"keywords next to `$ref` have no effect: {suggestions.listing(beside)}",
                "move it to the target of `$ref`, or wrap the reference: `allOf: [{$ref: ...}]`",
            )

    def _resolve(self, reference: str, node: Node, location: Location) -> Node | None:
        path, _, fragment = reference.partition("#")
        whole = self._resource(path, node, location)
        if whole is None:
            return None
        pointer = unquote(fragment)
        if pointer and not pointer.startswith("/"):
            return self._anchor(whole, pointer, location)
        if not path and _reach(whole, pointer) is None:
            whole = self._roots[node.document.name]
        return self._walk(whole, pointer, location)

    def _resource(self, path: str, node: Node, location: Location) -> Node | None:
        """The schema or file that a reference names before its `#`."""
        base = self._identifiers.base(node)
        try:
            uri = urljoin(base, path) if path else base
        except ValueError:
            self._report_remote(path, location)
            return None
        known = self._identifiers.find(uri)
        if known is not None:
            return known
        is_remote = bool(_REMOTE.match(path)) or path.startswith("//")
        local = local_path(uri) if is_remote else unquote(path)
        if local is None or self._library.is_provided(uri):
            root = self._library.open_remote(uri, location)
            if root is None and not self._library.is_mapped(uri):
                self._report_remote(uri, location)
            return None if root is None else self._add(root, uri, self.declared(node).dialect)
        root = self._library.open_beside(node.document, local, location)
        return None if root is None else self._add(root, None, self.declared(node).dialect)

    def _report_remote(self, uri: str, location: Location) -> None:
        self._diagnostics.error(
            Rule.REMOTE_REFERENCE,
            location,
            f"`{uri}` is not a file",
            "save a copy next to this file and refer to that, or say with `--map` where one is",
        )

    def _anchor(self, whole: Node, name: str, location: Location) -> Node | None:
        """The schema with this anchor."""
        found = self._identifiers.find(f"{self._identifiers.base(whole)}#{name}")
        if found is None:
            has_anchors = self.declared(whole).dialect.has_anchors
            wanted = f"`$anchor: {name}`" if has_anchors else f"`$id: '#{name}'`"
            self._diagnostics.error(
                Rule.UNRESOLVED_REFERENCE,
                location,
                f"`#{name}` does not resolve: no schema has {wanted}",
                f"write the path from the top of the file: `#/.../{name}`",
            )
        return found

    def _walk(self, root: Node, pointer: str, location: Location) -> Node | None:
        """Follow `pointer` in the file as it is written, or else through a reference on the way."""
        node, passed = root, ""
        for step in segments(pointer):
            whole = self.follow(node) if _step(node, step) is None else node
            if whole is None:
                return None
            inner = _step(whole, step)
            if inner is None:
                self._report_missing(whole, step, passed, pointer, location)
                return None
            node, passed = inner, f"{passed}/{step}"
        return node

    def _report_missing(
        self, node: Node, step: str, passed: str, pointer: str, location: Location
    ) -> None:
        known = list(node.entries) if isinstance(node, ObjectNode) else []
        self._diagnostics.error(
            Rule.UNRESOLVED_REFERENCE,
            location,
            f"`#{pointer}` does not resolve: there is no `{step}` in `#{passed or '/'}`",
            suggestions.remedy(step, known, f"`#{passed or '/'}` has {suggestions.listing(known)}"),
        )


def _reach(node: Node, pointer: str) -> Node | None:
    """The first step of `pointer`, or `node` itself for an empty one."""
    first = segments(pointer)[:1]
    return _step(node, first[0]) if first else node


def _step(node: Node, step: str) -> Node | None:
    match node:
        case ObjectNode():
            return node.get(step)
        case ArrayNode() if _INDEX.fullmatch(step) and int(step) < len(node.items):
            return node.items[int(step)]
        case ArrayNode() | ScalarNode():
            return None
